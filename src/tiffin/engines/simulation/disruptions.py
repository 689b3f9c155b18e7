"""Disruptions planted in a simulated day, and what each does to demand, riding, kitchens, riders and promises."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np

from tiffin.engines.simulation.parameters import Parameters
from tiffin.engines.simulation.tables import FACTORS, SLOT_S, SLOTS, Floats, Records, records

MINUTE_S = 60.0


class Kind(StrEnum):
    """What can go wrong on purpose.

    ``FRAUD_RING`` and ``BROKEN_FEED`` are planted into what is told of a day, when it is over: the day knows nothing of
    them, and here they do nothing.
    """

    RAIN = "rain"
    RIDER_SHORTAGE = "rider_shortage"
    MERCHANT_OVERLOAD = "merchant_overload"
    DEMAND_SURGE = "demand_surge"
    WRONG_PROMISE = "wrong_promise"
    FRAUD_RING = "fraud_ring"
    BROKEN_FEED = "broken_feed"

    @property
    def strikes_the_day(self) -> bool:
        """Tell whether the day itself runs otherwise, and not only what is told of it."""
        return self not in {Kind.FRAUD_RING, Kind.BROKEN_FEED}


class Trouble(StrEnum):
    """What else can go wrong on purpose in a day, to single orders or riders; files of scenarios do not know it.

    ``SLOW_ROADS`` slows riding and brings no orders. ``MISPLACED_RIDERS`` ride where few of them are wanted.
    ``LATE_CONFIRMATION`` keeps orders from the merchants, ``SLOW_KITCHENS`` are those of some merchants,
    ``SLOW_DOORS`` and ``SLOW_COUNTERS`` make riders wait at customers and merchants, ``ABSENT_CUSTOMERS`` cannot be
    reached, ``FAR_CUSTOMERS`` live farther away, ``REFUSALS`` are those of merchants, ``WITHDRAWALS`` those of
    customers soon after ordering.
    """

    SLOW_ROADS = "slow_roads"
    MISPLACED_RIDERS = "misplaced_riders"
    LATE_CONFIRMATION = "late_confirmation"
    SLOW_KITCHENS = "slow_kitchens"
    SLOW_DOORS = "slow_doors"
    SLOW_COUNTERS = "slow_counters"
    ABSENT_CUSTOMERS = "absent_customers"
    FAR_CUSTOMERS = "far_customers"
    REFUSALS = "refusals"
    WITHDRAWALS = "withdrawals"


@dataclass(frozen=True, slots=True)
class Disruption:
    """Something planted: where, when and how strong.

    Parameters
    ----------
    zones : tuple of int
        Numbers of the zones struck.
    start_s, end_s : int
        Seconds since the business day began, on slot borders.
    strength : float
        Rain: share by which riding slows. Rider shortage: share of riders who are missing. Merchant overload: share by
        which preparation slows. Demand surge: share of orders that come on top. Wrong promise: minutes by which the
        shown promise is too long, negative where it is too short. Slow roads: as rain. Misplaced riders, absent
        customers, refusals, withdrawals: share of those struck. Late confirmation, slow doors and counters: minutes.
        Slow kitchens: as merchant overload. Far customers: share by which ways are longer. With strength 0 a disruption
        does nothing at all.
    merchants : tuple of int
        Numbers of the merchants struck, where not all are.
    vehicle : int or None
        The number of `VEHICLES` whose riders are struck, where not all are.
    """

    kind: Kind | Trouble
    zones: tuple[int, ...]
    start_s: int
    end_s: int
    strength: float
    merchants: tuple[int, ...] = ()
    vehicle: int | None = None


def only(disruptions: Sequence[Disruption], kept: Collection[int]) -> tuple[Disruption, ...]:
    """Take all disruptions out but those with the numbers kept.

    Notes
    -----
    What is taken out stays in its place with strength 0: the chance that belongs to a disruption goes by its number, so
    the others keep theirs.
    """
    return tuple(one if number in kept else replace(one, strength=0.0) for number, one in enumerate(disruptions))


def footprint(disruption: Disruption, zones: int) -> Floats:
    """Mark zones and slots that a disruption strikes with 1, shape (n_zones, n_slots)."""
    mask = np.zeros((zones, SLOTS))
    mask[list(disruption.zones), disruption.start_s // SLOT_S : -(-disruption.end_s // SLOT_S)] = 1.0
    return mask


def factors_under(disruptions: Sequence[Disruption], usual_travel: Floats) -> Records:
    """Give riding and preparation factors of the day, and by how much the shown promise is off.

    The promise itself reckons with the usual factors.
    """
    travel, prep, promise_s = usual_travel.copy(), np.ones_like(usual_travel), np.zeros_like(usual_travel)
    for disruption in disruptions:
        struck = disruption.strength * footprint(disruption, len(travel))
        if disruption.kind in {Kind.RAIN, Trouble.SLOW_ROADS}:
            travel *= 1.0 + struck
        elif disruption.kind is Kind.MERCHANT_OVERLOAD:
            prep *= 1.0 + struck
        elif disruption.kind is Kind.WRONG_PROMISE:
            promise_s += MINUTE_S * struck
    return records(FACTORS, travel=travel, usual_travel=usual_travel, prep=prep, promise_s=promise_s)


def extra_demand(disruption: Disruption, intensity: Floats, parameters: Parameters) -> Floats:
    """Give the orders that a disruption brings on top, shape (n_zones, n_slots); rain makes people order in."""
    rain = parameters.rain_demand_share if disruption.strength > 0 else 0.0
    shares: dict[Kind | Trouble, float] = {Kind.DEMAND_SURGE: disruption.strength, Kind.RAIN: rain}
    share = shares.get(disruption.kind, 0.0)
    return intensity * footprint(disruption, len(intensity)) * share
