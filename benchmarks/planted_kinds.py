"""The kinds of incident that a city knows, how each is planted, and the cause that a diagnosis has to name first.

A kind is drawn for a city and a day: where, when and how strong differ from one to the next.
"""

from collections.abc import Callable
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
    """

    city: City
    cutoff_h: float
    rng: np.random.Generator

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
        """Give the most popular merchants of each zone."""
        popularity = np.diff(self.city.choice, prepend=0.0)
        chosen: list[int] = []
        for zone in zones:
            mine = np.flatnonzero(self.city.merchants.zone == zone)
            first = mine[0]
            popularity[first] = self.city.choice[first] - zone
            chosen += mine[np.argsort(-popularity[mine], kind="stable")][:each].tolist()
        return tuple(chosen)


Planting = Callable[[Place], Disruption]


@dataclass(frozen=True, slots=True)
class Incident:
    """A kind of incident.

    Parameters
    ----------
    cause : Cause
        What has to be named first.
    also : tuple of Cause
        What it brings with it: rain makes people order in.
    """

    cause: Cause
    plant: Planting
    also: tuple[Cause, ...] = ()


def _rain(p: Place) -> Disruption:
    return Disruption(Kind.RAIN, p.everywhere, *p.hours(19, 23), p.between(0.35, 0.6))


def _sandstorm(p: Place) -> Disruption:
    return Disruption(Trouble.SLOW_ROADS, p.everywhere, *p.hours(13, 20), p.between(0.4, 0.7))


def _road_closed(p: Place) -> Disruption:
    return Disruption(Trouble.SLOW_ROADS, p.around(3), *p.hours(18, 23), p.between(0.6, 1.0))


def _bridge_closed(p: Place) -> Disruption:
    return Disruption(Trouble.SLOW_ROADS, p.around(1), *p.hours(17, 23), p.between(0.9, 1.4))


def _traffic_jam(p: Place) -> Disruption:
    return Disruption(Trouble.SLOW_ROADS, p.everywhere, *p.hours(17, 20), p.between(0.4, 0.7))


def _riders_missing_in_city(p: Place) -> Disruption:
    return Disruption(Kind.RIDER_SHORTAGE, p.everywhere, *p.hours(18, 23), p.between(0.4, 0.55))


def _riders_missing_in_zones(p: Place) -> Disruption:
    return Disruption(Kind.RIDER_SHORTAGE, p.around(4), *p.hours(18, 23), p.between(0.65, 0.85))


def _fleet_missing(p: Place) -> Disruption:
    return Disruption(Kind.RIDER_SHORTAGE, p.everywhere, *p.hours(17, 23), p.between(0.5, 0.7), vehicle=MOTORCYCLE)


def _riders_missing_in_evening(p: Place) -> Disruption:
    return Disruption(Kind.RIDER_SHORTAGE, p.around(8), *p.hours(19.5, 22.5), p.between(0.65, 0.85))


def _late_start(p: Place) -> Disruption:
    return Disruption(Kind.RIDER_SHORTAGE, p.everywhere, *p.hours(11, 14), p.between(0.5, 0.7))


def _early_end(p: Place) -> Disruption:
    return Disruption(Kind.RIDER_SHORTAGE, p.everywhere, *p.hours(21.5, 1), p.between(0.5, 0.7))


def _riders_in_wrong_zone(p: Place) -> Disruption:
    return Disruption(Trouble.MISPLACED_RIDERS, p.around(3), *p.hours(18, 23), p.between(0.75, 0.9))


def _platform_outage(p: Place) -> Disruption:
    return Disruption(Trouble.LATE_CONFIRMATION, p.everywhere, *p.hours(19, 21), p.between(10, 20))


def _tablet_fault(p: Place) -> Disruption:
    return Disruption(Trouble.LATE_CONFIRMATION, p.around(3), *p.hours(18, 22), p.between(12, 20))


def _slow_passing_on(p: Place) -> Disruption:
    return Disruption(Trouble.LATE_CONFIRMATION, p.everywhere, *p.hours(12, 18), p.between(6, 10))


def _food_hall_overloaded(p: Place) -> Disruption:
    zones = p.around(1)
    hours = p.hours(18, 23)
    return Disruption(Trouble.SLOW_KITCHENS, zones, *hours, p.between(2.0, 3.0), merchants=p.largest(zones, each=4))


def _chain_overloaded(p: Place) -> Disruption:
    chain = p.largest(p.everywhere, each=1)
    return Disruption(Trouble.SLOW_KITCHENS, p.everywhere, *p.hours(18, 23), p.between(1.2, 2.0), merchants=chain)


def _kitchens_of_zones_overloaded(p: Place) -> Disruption:
    return Disruption(Kind.MERCHANT_OVERLOAD, p.around(4), *p.hours(18, 22), p.between(0.8, 1.2))


def _kitchens_slow(p: Place) -> Disruption:
    return Disruption(Kind.MERCHANT_OVERLOAD, p.everywhere, *p.hours(18, 23), p.between(0.5, 0.8))


def _merchants_closing(p: Place) -> Disruption:
    zones = p.around(4)
    hours = p.hours(18, 23)
    return Disruption(Trouble.REFUSALS, zones, *hours, p.between(0.85, 1.0), merchants=p.largest(zones, each=2))


def _merchants_refusing(p: Place) -> Disruption:
    return Disruption(Trouble.REFUSALS, p.everywhere, *p.hours(18, 23), p.between(0.2, 0.35))


def _surge_in_city(p: Place) -> Disruption:
    return Disruption(Kind.DEMAND_SURGE, p.everywhere, *p.hours(19, 22), p.between(0.6, 0.9))


def _surge_in_zones(p: Place) -> Disruption:
    return Disruption(Kind.DEMAND_SURGE, p.around(5), *p.hours(18, 22), p.between(0.9, 1.3))


def _match_in_stadium(p: Place) -> Disruption:
    return Disruption(Kind.DEMAND_SURGE, p.around(2), *p.hours(20, 23), p.between(3.0, 4.0))


def _campaign(p: Place) -> Disruption:
    return Disruption(Kind.DEMAND_SURGE, p.everywhere, *p.hours(12, 22), p.between(0.4, 0.6))


def _after_iftar(p: Place) -> Disruption:
    return Disruption(Kind.DEMAND_SURGE, p.everywhere, *p.hours(18.5, 20), p.between(1.0, 1.5))


def _far_customers(p: Place) -> Disruption:
    return Disruption(Trouble.FAR_CUSTOMERS, p.around(6), *p.hours(17, 23), p.between(0.7, 1.1))


def _slow_towers(p: Place) -> Disruption:
    return Disruption(Trouble.SLOW_DOORS, p.around(4), *p.hours(18, 23), p.between(7, 12))


def _slow_mall_counters(p: Place) -> Disruption:
    return Disruption(Trouble.SLOW_COUNTERS, p.around(4), *p.hours(18, 23), p.between(7, 12))


def _customers_unreachable(p: Place) -> Disruption:
    return Disruption(Trouble.ABSENT_CUSTOMERS, p.everywhere, *p.hours(18, 23), p.between(0.35, 0.5))


def _payment_fault(p: Place) -> Disruption:
    return Disruption(Trouble.WITHDRAWALS, p.everywhere, *p.hours(19, 22), p.between(0.25, 0.4))


def _customers_withdrawing(p: Place) -> Disruption:
    return Disruption(Trouble.WITHDRAWALS, p.around(5), *p.hours(18, 23), p.between(0.3, 0.5))


def _short_promise(p: Place) -> Disruption:
    return Disruption(Kind.WRONG_PROMISE, p.everywhere, *p.hours(18, 23), -p.between(10, 15))


RIDERS, ROAD, DEMAND = Cause.FEWER_RIDERS, Cause.LONGER_TRAVEL, Cause.MORE_DEMAND
FOOD, DOOR, CONFIRM = Cause.SLOWER_MERCHANTS, Cause.SLOWER_HANDOVER, Cause.SLOWER_CONFIRMATION
ELSEWHERE = (Cause.RIDERS_ELSEWHERE,)
"""Of riders who are missing some could have been replaced by others who were idle: both shares are the incident's."""

INCIDENTS = {
    "rain": Incident(ROAD, _rain, also=(DEMAND,)),
    "sandstorm": Incident(ROAD, _sandstorm),
    "road_closed": Incident(ROAD, _road_closed),
    "bridge_closed": Incident(ROAD, _bridge_closed),
    "traffic_jam": Incident(ROAD, _traffic_jam),
    "riders_missing_in_city": Incident(RIDERS, _riders_missing_in_city, also=ELSEWHERE),
    "riders_missing_in_zones": Incident(RIDERS, _riders_missing_in_zones, also=ELSEWHERE),
    "fleet_missing": Incident(RIDERS, _fleet_missing, also=ELSEWHERE),
    "riders_missing_in_evening": Incident(RIDERS, _riders_missing_in_evening, also=ELSEWHERE),
    "late_start": Incident(RIDERS, _late_start, also=ELSEWHERE),
    "early_end": Incident(RIDERS, _early_end, also=ELSEWHERE),
    "riders_in_wrong_zone": Incident(Cause.RIDERS_ELSEWHERE, _riders_in_wrong_zone, also=(RIDERS,)),
    "platform_outage": Incident(CONFIRM, _platform_outage),
    "tablet_fault": Incident(CONFIRM, _tablet_fault),
    "slow_passing_on": Incident(CONFIRM, _slow_passing_on),
    "food_hall_overloaded": Incident(FOOD, _food_hall_overloaded),
    "chain_overloaded": Incident(FOOD, _chain_overloaded),
    "kitchens_of_zones_overloaded": Incident(FOOD, _kitchens_of_zones_overloaded),
    "kitchens_slow": Incident(FOOD, _kitchens_slow),
    "merchants_closing": Incident(Cause.MORE_REFUSALS, _merchants_closing),
    "merchants_refusing": Incident(Cause.MORE_REFUSALS, _merchants_refusing),
    "surge_in_city": Incident(DEMAND, _surge_in_city),
    "surge_in_zones": Incident(DEMAND, _surge_in_zones),
    "match_in_stadium": Incident(DEMAND, _match_in_stadium),
    "campaign": Incident(DEMAND, _campaign),
    "after_iftar": Incident(DEMAND, _after_iftar),
    "far_customers": Incident(ROAD, _far_customers),
    "slow_towers": Incident(DOOR, _slow_towers),
    "slow_mall_counters": Incident(DOOR, _slow_mall_counters),
    "customers_unreachable": Incident(DOOR, _customers_unreachable),
    "payment_fault": Incident(Cause.MORE_WITHDRAWALS, _payment_fault),
    "customers_withdrawing": Incident(Cause.MORE_WITHDRAWALS, _customers_withdrawing),
    "short_promise": Incident(Cause.SHORTER_PROMISE, _short_promise),
}
"""The written map from kind to cause."""
