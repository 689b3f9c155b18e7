"""What levers do to single customers before the day begins: turned away, sent to another merchant, or put off."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tiffin.engines.simulation.city import UNREACHABLE_M, City
from tiffin.engines.simulation.levers import Lever, LeverParameters, Pull
from tiffin.engines.simulation.streams import Stream
from tiffin.engines.simulation.tables import Floats, Records

Chosen = NDArray[np.intp]
TURNED_AWAY = 2.0
"""A wish that no promise fulfils."""
ELSEWHERE_M = UNREACHABLE_M / 2
"""Farther than this is another district, which riders cannot reach."""


@dataclass(frozen=True, slots=True)
class Steered:
    """Customers of a day under levers.

    Parameters
    ----------
    visits : records of ORDERS, in order of placing
    turned_away, steered : (n,)
        Identities of the customers who are not served, and of those who order elsewhere or later.
    """

    visits: Records
    turned_away: NDArray[np.int64]
    steered: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class _Ask:
    """One lever, and whom it strikes."""

    pull: Pull
    struck: Chosen
    city: City
    parameters: LeverParameters
    stream: Stream


def visits_under(
    pulls: tuple[tuple[Pull, Stream], ...], visits: Records, city: City, parameters: LeverParameters
) -> Steered:
    """Change the customers whom levers strike, one lever after the other; each is drawn by his own chance."""
    changed = visits.copy()
    for pull, stream in pulls:
        effect = EFFECTS.get(pull.lever)
        if effect is None or not pull.strength:
            continue
        struck = np.isin(city.merchants.zone[changed.merchant], pull.zones)
        struck &= (changed.placed_s >= pull.start_s) & (changed.placed_s < pull.end_s)
        effect(changed, _Ask(pull, np.flatnonzero(struck), city, parameters, stream))
    away = (changed.wish == TURNED_AWAY) & (visits.wish != TURNED_AWAY)
    moved = (changed.merchant != visits.merchant) | (changed.placed_s != visits.placed_s)
    told = visits.counter[away], visits.counter[moved & ~away]
    in_turn = changed[np.lexsort((changed.counter, changed.placed_s))] if moved.any() else changed
    return Steered(in_turn, *told)


def _throttle(visits: Records, ask: _Ask) -> None:
    visits.wish[_drawn(visits, ask)] = TURNED_AWAY


def _steer(visits: Records, ask: _Ask) -> None:
    drawn = _drawn(visits, ask)
    if not ask.pull.from_zones:
        visits.placed_s[drawn] += int(ask.parameters.later_s)
        return
    takers = np.isin(ask.city.merchants.zone, ask.pull.from_zones)
    most_m = _away_m(visits, drawn, ask.city) + ask.parameters.farther_m
    _send(visits, drawn, np.where(takers[None, :], most_m[:, None], -1.0), ask)


def _shrink(visits: Records, ask: _Ask) -> None:
    far = ask.struck[_away_m(visits, ask.struck, ask.city) > ask.pull.strength]
    nearer = ask.stream.uniform(visits.counter[far]) < ask.parameters.nearer_share
    visits.wish[far[~nearer]] = TURNED_AWAY
    served = _send(visits, far[nearer], np.full((1, len(ask.city.merchants)), ask.pull.strength), ask)
    visits.wish[far[nearer][~served]] = TURNED_AWAY


def _drawn(visits: Records, ask: _Ask) -> Chosen:
    return ask.struck[ask.stream.uniform(visits.counter[ask.struck]) < ask.pull.strength]


def _away_m(visits: Records, which: Chosen, city: City) -> Floats:
    """Measure the straight way from the merchant to each customer."""
    shop = city.merchants[visits.merchant[which]]
    return np.asarray(np.hypot(visits.drop_x[which] - shop.x, visits.drop_y[which] - shop.y), dtype=np.float64)


def _send(visits: Records, which: Chosen, reach_m: Floats, ask: _Ask) -> NDArray[np.bool_]:
    """Let customers order from merchants who reach them, by popularity; tell whom any reaches.

    Parameters
    ----------
    reach_m : (n_customers or 1, n_merchants), how far each delivers to whom; below 0 takes no order

    Notes
    -----
    A merchant is the likelier the more popular he is and the nearer, as customers order in the first place.
    """
    merchants = ask.city.merchants
    away_m = np.hypot(
        visits.drop_x[which][:, None] - merchants.x[None, :], visits.drop_y[which][:, None] - merchants.y[None, :]
    )
    pull = np.where(away_m <= reach_m, popularity(ask.city)[None, :] * np.exp(-away_m / NEARNESS_M), 0.0)
    total = np.cumsum(pull, axis=1)
    served = total[:, -1] > 0.0 if len(merchants) else np.zeros(len(which), dtype=bool)
    at = ask.stream.child("merchant").uniform(visits.counter[which]) * total[:, -1]
    found = np.minimum((total < at[:, None]).sum(axis=1), len(merchants) - 1)
    goes, to = which[served], found[served]
    visits.prep_s[goes] *= merchants.expected_prep_s[to] / merchants.expected_prep_s[visits.merchant[goes]]
    visits.merchant[goes] = to
    return np.asarray(served, dtype=bool)


NEARNESS_M = 1500.0
"""A merchant so much farther away is chosen about a third as often: as far as customers of the demo's cities order."""


def popularity(city: City) -> Floats:
    """Give the share of the city's orders that each merchant has, shape (n_merchants,)."""
    share = np.diff(city.choice, prepend=0.0)
    # The first of a zone begins at the zone's number, where the last one of the zone before it ended.
    return np.asarray(share * city.weight[city.merchants.zone], dtype=np.float64)


EFFECTS: Mapping[Lever, Callable[[Records, _Ask], None]] = {
    Lever.THROTTLE: _throttle,
    Lever.DEMAND_STEERING: _steer,
    Lever.RADIUS: _shrink,
}
