"""The exact account of the orders that nobody carried: demand, riders, idleness, minutes an order.

Riders' minutes are spent on orders or idle. So the orders served are ``(present - idle) / minutes an order``, and those
not served are ``wanted - cancelled - served``: an identity, whose change from usual splits without a remainder.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from tiffin.engines.attribution.accounting.relief import relieve
from tiffin.engines.attribution.shapley import FloatArray, add_up
from tiffin.kernel.errors import InvalidData, WrongUse

DEMAND, RIDERS, IDLE_ELSEWHERE, IDLE_HERE, CANCELLED = "demand", "riders", "idle_elsewhere", "idle_here", "cancelled"


@dataclass(frozen=True, slots=True, eq=False)
class Market:
    """What a city's marketplace had and did, by zone and slot; each array (n_zones, n_slots).

    Parameters
    ----------
    wanted, cancelled : array
        Orders wanted, and of these cancelled before anybody carried them.
    present_min, idle_min : array
        Rider minutes on shift, and without an order.
    stage_min : mapping of str to array
        Minutes that an order keeps a rider, by stage; together above nought.
    """

    wanted: FloatArray
    cancelled: FloatArray
    present_min: FloatArray
    idle_min: FloatArray
    stage_min: Mapping[str, FloatArray]


@dataclass(frozen=True, slots=True)
class Reach:
    """Which zones riders can help: minutes from one to another, (n_zones, n_zones), and how long a way is too long."""

    travel_min: FloatArray
    within_min: float


@dataclass(frozen=True, slots=True, eq=False)
class MarketSplit:
    """The change of orders missed from usual, and what each cause contributes.

    Parameters
    ----------
    change : (n_zones, n_slots), or what is left of these axes
    parts : mapping of str to array
        By cause; a stage goes by its own name. In each place and slot they add up to the change.
    """

    change: FloatArray
    parts: Mapping[str, FloatArray]

    def over(self, *axes: int) -> "MarketSplit":
        """Add up over zones, over slots, or over both; the parts still add up to the change."""
        return _told(self.change.sum(axis=axes), {name: part.sum(axis=axes) for name, part in self.parts.items()})


def together(splits: Sequence[MarketSplit]) -> MarketSplit:
    """Add cities up to a country, each of them over its zones already or of one shape."""
    names = splits[0].parts
    parts = {name: np.sum([split.parts[name] for split in splits], axis=0) for name in names}
    return _told(np.sum([split.change for split in splits], axis=0), parts)


def split_missed(usual: Market, actual: Market, reach: Reach) -> MarketSplit:
    """Split the change of a city's orders missed from usual over its causes; threads may do so for many cities at once.

    Riders who sat idle within reach of a zone count as idle elsewhere and no longer as missing from it.

    Raises
    ------
    WrongUse
        The stages differ, or shapes do not fit one another.
    InvalidData
        An order keeps a rider for no time.

    References
    ----------
    Served orders are a product of minutes spent and the inverse of minutes an order; both take half of what they do
    together (Shapley 1953, A value for n-person games, eq. 13, for two factors).
    """
    if list(usual.stage_min) != list(actual.stage_min):
        raise WrongUse(f"The same stages were expected; {[*usual.stage_min]} and {[*actual.stage_min]} were found.")
    before, after = _side(usual, reach), _side(actual, reach)
    pace = (1.0 / before.cycle_min + 1.0 / after.cycle_min) / 2
    slower = (before.busy_min + after.busy_min) / 2 / (before.cycle_min * after.cycle_min)
    elsewhere = after.helped - before.helped
    parts = {
        DEMAND: actual.wanted - usual.wanted,
        RIDERS: (usual.present_min - actual.present_min) * pace - elsewhere,
        IDLE_ELSEWHERE: elsewhere,
        IDLE_HERE: (actual.idle_min - usual.idle_min) * pace,
        CANCELLED: usual.cancelled - actual.cancelled,
        **{stage: slower * (actual.stage_min[stage] - usual.stage_min[stage]) for stage in usual.stage_min},
    }
    return _told(after.missed - before.missed, parts)


@dataclass(frozen=True, slots=True, eq=False)
class _Side:
    cycle_min: FloatArray
    busy_min: FloatArray
    missed: FloatArray
    helped: FloatArray


def _side(market: Market, reach: Reach) -> _Side:
    cycle = np.asarray(sum(market.stage_min.values()), dtype=float)
    if not (cycle > 0).all():
        raise InvalidData("An order keeps a rider for some minutes; nought or less was found. Leave such places out.")
    busy = market.present_min - market.idle_min
    missed = market.wanted - market.cancelled - busy / cycle
    short = np.maximum(missed, 0.0) * cycle
    idle = np.where(short > 0, 0.0, np.maximum(market.idle_min, 0.0))
    helped = relieve(idle, short, travel_min=reach.travel_min, within_min=reach.within_min).into / cycle
    return _Side(cycle, busy, missed, helped)


def _told(change: FloatArray, parts: Mapping[str, FloatArray]) -> MarketSplit:
    """Give the rounding, a few units in the last place, to the largest part of each place and slot."""
    whole = np.asarray(change)
    told = add_up(np.stack(list(parts.values()), axis=-1), total=whole)
    return MarketSplit(whole, {name: told[..., number] for number, name in enumerate(parts)})
