"""A drawn day under levers, and what they took: people, hours and customers, counted beside the same day without."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from tiffin.engines.simulation.city import City
from tiffin.engines.simulation.city_day import DrawnDay, SimulatedDay, drawn_vehicles, present
from tiffin.engines.simulation.day import Levers, blank_levered
from tiffin.engines.simulation.disruptions import MINUTE_S
from tiffin.engines.simulation.ledger import minutes_by_slot
from tiffin.engines.simulation.levers import HOUR_S, SHARES, Lever, LeverParameters, Pull
from tiffin.engines.simulation.levers_orders import Steered, visits_under
from tiffin.engines.simulation.levers_riders import Pulls, extra_shifts, moved_hours, transfers_under
from tiffin.engines.simulation.parameters import Parameters
from tiffin.engines.simulation.roster import draw_sessions
from tiffin.engines.simulation.streams import Stream
from tiffin.engines.simulation.tables import NEVER, SLOT_S, SLOTS, Floats, Records
from tiffin.kernel.errors import WrongUse


@dataclass(frozen=True, slots=True)
class Pulled:
    """A day that has levers pulled in it.

    Parameters
    ----------
    first_extra : int
        Number of the first shift that a lever brought.
    promise_min : (n_zones, n_slots), minutes by which promises are longer
    """

    drawn: DrawnDay
    pulls: tuple[Pull, ...]
    steered: Steered
    first_extra: int
    promise_min: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What levers took in one day; see `LeverOutcome` of rehearsals for each."""

    extra_rider_hours: float
    moved_rider_hours: float
    incentive_rider_hours: float
    turned_away: float
    steered: float
    promise_order_min: float
    incentive_orders: float


def require_pulls(pulls: Sequence[Pull], zones: int) -> None:
    """Refuse what cannot be pulled in a city of so many zones.

    Raises
    ------
    WrongUse
        A zone is none of the city's, the hours are none or not on slot borders, or the strength is out of its range.
    """
    for pull in pulls:
        known = all(0 <= zone < zones for zone in (*pull.zones, *pull.from_zones))
        if not pull.zones or not known:
            raise WrongUse(f"Zones from 0 to {zones - 1} were expected, one at least; found {pull.zones}.")
        bordered = pull.start_s % SLOT_S == 0 and pull.end_s % SLOT_S == 0
        if not (0 <= pull.start_s < pull.end_s <= SLOTS * SLOT_S and bordered):
            raise WrongUse(
                f"Hours of the business day on half hours were expected; found {pull.start_s}-{pull.end_s} s."
            )
        if not 0.0 <= pull.strength <= (1.0 if pull.lever in SHARES else np.inf):
            raise WrongUse(f"The strength {pull.strength} is out of the range of {pull.lever.value}.")
        if pull.lever is Lever.MOVE_RIDERS and not pull.from_zones:
            raise WrongUse("To move riders, the zones that they come from were expected; found none.")


def pull_levers(
    drawn: DrawnDay,
    pulls: Sequence[Pull],
    city: City,
    parameters: tuple[Parameters, LeverParameters],
    stream: Stream,
    *,
    vehicles: Sequence[float],
) -> Pulled:
    """Pull levers in a drawn day; all else keeps its chance, and levers of no strength leave it as it is, to the byte.

    Parameters
    ----------
    vehicles : sequence of float
        Share of the riders who come on top on each of `VEHICLES`.

    Raises
    ------
    WrongUse
        Something cannot be pulled.
    """
    require_pulls(pulls, city.zones)
    own = _with_chance([pull for pull in pulls if pull.strength], stream)
    steered = visits_under(own, drawn.visits, city, parameters[1])
    more = _with_riders(drawn, own, city, parameters, stream, vehicles)
    factors, levered, promise_min = _within_the_day(drawn, own)
    transfers = transfers_under(own, more.sessions, city)
    levers = Levers(levered, transfers)
    day = replace(more, visits=steered.visits, factors=factors, levers=levers)
    return Pulled(day, tuple(pull for pull, _ in own), steered, len(drawn.shifts), promise_min)


def _with_chance(pulls: Sequence[Pull], stream: Stream) -> Pulls:
    """Give each lever a chance of its own, by its kind: the second of a kind has another than the first."""
    seen: Counter[Lever] = Counter()
    chances = []
    for pull in pulls:
        chances.append((pull, stream.child(pull.lever.value, seen[pull.lever])))
        seen[pull.lever] += 1
    return tuple(chances)


def _with_riders(
    drawn: DrawnDay,
    own: Pulls,
    city: City,
    parameters: tuple[Parameters, LeverParameters],
    stream: Stream,
    shares: Sequence[float],
) -> DrawnDay:
    extra = extra_shifts(own, drawn.shifts, parameters[1])
    if not extra:
        return drawn
    ridden = drawn_vehicles(len(extra), shares, stream.child("vehicle"))
    come = draw_sessions(extra, city, parameters[0], vehicles=ridden, stream=stream.child("sessions"))
    come.shift += len(drawn.shifts)
    return replace(
        drawn,
        shifts=drawn.shifts + extra,
        vehicles=np.concatenate([drawn.vehicles, ridden]),
        sessions=np.concatenate([drawn.sessions, present(come)]).view(np.recarray),
    )


def _within_the_day(drawn: DrawnDay, own: Pulls) -> tuple[Records, Records, Floats]:
    factors, levered = drawn.factors.copy(), blank_levered(drawn.factors.shape)
    promise_min = np.zeros(drawn.factors.shape)
    for pull, _ in own:
        at = np.ix_(list(pull.zones), range(SLOTS)[pull.slots])
        if pull.lever is Lever.PROMISE:
            promise_min[at] += pull.strength
        elif pull.lever is Lever.INCENTIVE:
            levered.bonus[at] += pull.strength
        elif pull.lever is Lever.MERCHANT_PACING:
            levered.pacing[at] = np.maximum(levered.pacing[at], pull.strength)
    factors.promise_s += MINUTE_S * promise_min
    return factors, levered, promise_min


def taken_by(pulled: Pulled, day: SimulatedDay, without: SimulatedDay, city: City) -> Taken:
    """Count what the levers of a day took, where `without` is the same day without them."""
    orders, track = day.orders, day.happened.track
    zone, slot = city.merchants.zone[orders.merchant], _slot(orders.placed_s)
    ordered = without.orders.counter
    paced = day.visits.counter[
        (day.visits.promised_s == NEVER) & ~np.isin(day.visits.counter, pulled.steered.turned_away)
    ]
    come = day.sessions[day.sessions.shift >= pulled.first_extra]
    bonus = pulled.drawn.levers.levered.bonus > 0.0
    carried = track.session != NEVER
    return Taken(
        extra_rider_hours=float((come.off_s - come.on_s).sum()) / HOUR_S,
        moved_rider_hours=sum(
            moved_hours(pull, pulled.drawn.levers.transfers, day.sessions)
            for pull in pulled.pulls
            if pull.lever is Lever.MOVE_RIDERS
        ),
        incentive_rider_hours=_hours(day, bonus),
        turned_away=float(np.isin(ordered, np.concatenate([pulled.steered.turned_away, paced])).sum()),
        steered=float(np.isin(orders.counter, pulled.steered.steered).sum()),
        promise_order_min=float(pulled.promise_min[zone, slot].sum()),
        incentive_orders=float(bonus[zone, _slot(track.assigned_s)][carried].sum()),
    )


def _slot(at_s: NDArray[np.int64]) -> NDArray[np.int64]:
    return np.clip(at_s // SLOT_S, 0, SLOTS - 1)


def _hours(day: SimulatedDay, where: NDArray[np.bool_]) -> float:
    if not where.any():
        return 0.0
    online = minutes_by_slot(day.sessions.on_s, day.happened.ended_s, day.sessions.zone, groups=len(where), slots=SLOTS)
    return float(online[where].sum()) / 60.0
