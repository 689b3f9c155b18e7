"""The kinds of incident that a city knows, how each is planted, and the cause that a diagnosis has to name first.

A kind is drawn for a city and a day: where, when and how strong differ from one to the next.
"""

from dataclasses import dataclass

import numpy as np

from tiffin.capabilities.balance.domain.cause import Cause
from tiffin.engines.simulation.city import City
from tiffin.engines.simulation.disruptions import Disruption, Kind, Trouble
from tiffin.engines.simulation.tables import MOTORCYCLE

HOUR_S = 3600
DAY_H = 24


@dataclass(frozen=True, slots=True)
class Place:
    """Where and when an incident may strike.

    Parameters
    ----------
    cutoff_h : float
        Local hour at which the business day begins.
    size : float
        The city's orders a day over those of the city for which numbers of merchants are meant.
    """

    city: City
    cutoff_h: float
    rng: np.random.Generator
    size: float

    @property
    def everywhere(self) -> tuple[int, ...]:
        """All zones."""
        return tuple(range(self.city.zones))

    def around(self, count: int) -> tuple[int, ...]:
        """Draw a zone, the busier the likelier, and give those nearest to it, itself among them."""
        middle = int(self.rng.choice(self.city.zones, p=self.city.weight))
        apart = np.hypot(self.city.x_m - self.city.x_m[middle], self.city.y_m - self.city.y_m[middle])
        return tuple(np.argsort(apart, kind="stable")[:count].tolist())

    def hours(self, first: float, last: float) -> tuple[int, int]:
        """Give seconds since the business day began for two local hours, the second perhaps after midnight."""
        begin = (first - self.cutoff_h) % DAY_H
        return int(begin * HOUR_S), int((begin + (last - first) % DAY_H) * HOUR_S)

    def between(self, low: float, high: float) -> float:
        """Draw a strength."""
        return float(self.rng.uniform(low, high))

    def largest(self, zones: tuple[int, ...], *, each: int) -> tuple[int, ...]:
        """Give the most popular merchants of each zone; a larger city has more, and more of them are struck."""
        popularity = np.diff(self.city.choice, prepend=0.0)
        chosen: list[int] = []
        for zone in zones:
            mine = np.flatnonzero(self.city.merchants.zone == zone)
            first = mine[0]
            popularity[first] = self.city.choice[first] - zone
            chosen += mine[np.argsort(-popularity[mine], kind="stable")][: max(round(each * self.size), 1)].tolist()
        return tuple(chosen)


EVERYWHERE = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Incident:
    """A kind of incident: the cause that has to be named first, and what is planted.

    Parameters
    ----------
    around : int or None
        How many neighbouring zones it strikes; all of them where None.
    hours : tuple of float
        Local hours from and to, the second perhaps after midnight.
    strength : tuple of float
        Least and most of it, as `Disruption` means it.
    largest : int
        How many merchants of each zone it strikes in a city of 1,600 orders a day, the most popular first; all where 0.
    vehicle : int or None
        Whose riders it strikes, where not all.
    also : tuple of Cause
        What it brings with it: rain makes people order in.
    """

    cause: Cause
    kind: Kind | Trouble
    around: int | None = EVERYWHERE
    hours: tuple[float, float]
    strength: tuple[float, float]
    largest: int = 0
    vehicle: int | None = None
    also: tuple[Cause, ...] = ()

    def plant(self, place: Place) -> Disruption:
        """Draw where it strikes a city, and how strongly."""
        zones = place.everywhere if self.around is EVERYWHERE else place.around(self.around)
        return Disruption(
            self.kind,
            zones,
            *place.hours(*self.hours),
            place.between(*self.strength),
            merchants=place.largest(zones, each=self.largest) if self.largest else (),
            vehicle=self.vehicle,
        )


RIDERS, ROAD, DEMAND = Cause.FEWER_RIDERS, Cause.LONGER_TRAVEL, Cause.MORE_DEMAND
FOOD, DOOR, CONFIRM = Cause.SLOWER_MERCHANTS, Cause.SLOWER_HANDOVER, Cause.SLOWER_CONFIRMATION
ELSEWHERE = (Cause.RIDERS_ELSEWHERE,)
"""Of riders who are missing some could have been replaced by others who were idle: both shares are the incident's."""

INCIDENTS = {
    "rain": Incident(cause=ROAD, kind=Kind.RAIN, hours=(19, 23), strength=(0.35, 0.6), also=(DEMAND,)),
    "sandstorm": Incident(cause=ROAD, kind=Trouble.SLOW_ROADS, hours=(13, 20), strength=(0.4, 0.7)),
    "road_closed": Incident(cause=ROAD, kind=Trouble.SLOW_ROADS, around=3, hours=(18, 23), strength=(0.6, 1.0)),
    "bridge_closed": Incident(cause=ROAD, kind=Trouble.SLOW_ROADS, around=1, hours=(17, 23), strength=(0.9, 1.4)),
    "traffic_jam": Incident(cause=ROAD, kind=Trouble.SLOW_ROADS, hours=(17, 20), strength=(0.4, 0.7)),
    "riders_missing_in_city": Incident(
        cause=RIDERS, kind=Kind.RIDER_SHORTAGE, hours=(18, 23), strength=(0.4, 0.55), also=ELSEWHERE
    ),
    "riders_missing_in_zones": Incident(
        cause=RIDERS, kind=Kind.RIDER_SHORTAGE, around=4, hours=(18, 23), strength=(0.65, 0.85), also=ELSEWHERE
    ),
    "fleet_missing": Incident(
        cause=RIDERS, kind=Kind.RIDER_SHORTAGE, hours=(17, 23), strength=(0.5, 0.7), vehicle=MOTORCYCLE, also=ELSEWHERE
    ),
    "riders_missing_in_evening": Incident(
        cause=RIDERS, kind=Kind.RIDER_SHORTAGE, around=8, hours=(19.5, 22.5), strength=(0.65, 0.85), also=ELSEWHERE
    ),
    "late_start": Incident(cause=RIDERS, kind=Kind.RIDER_SHORTAGE, hours=(11, 14), strength=(0.5, 0.7), also=ELSEWHERE),
    "early_end": Incident(cause=RIDERS, kind=Kind.RIDER_SHORTAGE, hours=(21.5, 1), strength=(0.5, 0.7), also=ELSEWHERE),
    "riders_in_wrong_zone": Incident(
        cause=Cause.RIDERS_ELSEWHERE,
        kind=Trouble.MISPLACED_RIDERS,
        around=3,
        hours=(18, 23),
        strength=(0.75, 0.9),
        also=(RIDERS,),
    ),
    "platform_outage": Incident(cause=CONFIRM, kind=Trouble.LATE_CONFIRMATION, hours=(19, 21), strength=(10, 20)),
    "tablet_fault": Incident(
        cause=CONFIRM, kind=Trouble.LATE_CONFIRMATION, around=3, hours=(18, 22), strength=(12, 20)
    ),
    "slow_passing_on": Incident(cause=CONFIRM, kind=Trouble.LATE_CONFIRMATION, hours=(12, 18), strength=(6, 10)),
    "food_hall_overloaded": Incident(
        cause=FOOD, kind=Trouble.SLOW_KITCHENS, around=1, hours=(18, 23), strength=(2.0, 3.0), largest=4
    ),
    "chain_overloaded": Incident(
        cause=FOOD, kind=Trouble.SLOW_KITCHENS, hours=(18, 23), strength=(1.2, 2.0), largest=1
    ),
    "kitchens_of_zones_overloaded": Incident(
        cause=FOOD, kind=Kind.MERCHANT_OVERLOAD, around=4, hours=(18, 22), strength=(0.8, 1.2)
    ),
    "kitchens_slow": Incident(cause=FOOD, kind=Kind.MERCHANT_OVERLOAD, hours=(18, 23), strength=(0.5, 0.8)),
    "merchants_closing": Incident(
        cause=Cause.MORE_REFUSALS, kind=Trouble.REFUSALS, around=4, hours=(18, 23), strength=(0.85, 1.0), largest=2
    ),
    "merchants_refusing": Incident(
        cause=Cause.MORE_REFUSALS, kind=Trouble.REFUSALS, hours=(18, 23), strength=(0.2, 0.35)
    ),
    "surge_in_city": Incident(cause=DEMAND, kind=Kind.DEMAND_SURGE, hours=(19, 22), strength=(0.6, 0.9)),
    "surge_in_zones": Incident(cause=DEMAND, kind=Kind.DEMAND_SURGE, around=5, hours=(18, 22), strength=(0.9, 1.3)),
    "match_in_stadium": Incident(cause=DEMAND, kind=Kind.DEMAND_SURGE, around=2, hours=(20, 23), strength=(3.0, 4.0)),
    "campaign": Incident(cause=DEMAND, kind=Kind.DEMAND_SURGE, hours=(12, 22), strength=(0.4, 0.6)),
    "after_iftar": Incident(cause=DEMAND, kind=Kind.DEMAND_SURGE, hours=(18.5, 20), strength=(1.0, 1.5)),
    "far_customers": Incident(cause=ROAD, kind=Trouble.FAR_CUSTOMERS, around=6, hours=(17, 23), strength=(0.7, 1.1)),
    "slow_towers": Incident(cause=DOOR, kind=Trouble.SLOW_DOORS, around=4, hours=(18, 23), strength=(7, 12)),
    "slow_mall_counters": Incident(cause=DOOR, kind=Trouble.SLOW_COUNTERS, around=4, hours=(18, 23), strength=(7, 12)),
    "customers_unreachable": Incident(cause=DOOR, kind=Trouble.ABSENT_CUSTOMERS, hours=(18, 23), strength=(0.35, 0.5)),
    "payment_fault": Incident(
        cause=Cause.MORE_WITHDRAWALS, kind=Trouble.WITHDRAWALS, hours=(19, 22), strength=(0.25, 0.4)
    ),
    "customers_withdrawing": Incident(
        cause=Cause.MORE_WITHDRAWALS, kind=Trouble.WITHDRAWALS, around=5, hours=(18, 23), strength=(0.3, 0.5)
    ),
    "short_promise": Incident(
        cause=Cause.SHORTER_PROMISE, kind=Kind.WRONG_PROMISE, hours=(18, 23), strength=(-15, -10)
    ),
}
"""The written map from kind to cause, and what is planted."""
