"""A scenario: a city as it is simulated, and what is planted in its days."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

import numpy as np

from tiffin.engines.simulation.disruptions import Disruption, Kind
from tiffin.engines.simulation.tables import SLOT_S, SLOTS, Floats
from tiffin.engines.simulation.truth.parties import Party
from tiffin.kernel.errors import InvalidDefinition
from tiffin.kernel.places import City

MINUTES_A_DAY = 1440


class TruthCause(StrEnum):
    """The cause that a diagnosis should name first."""

    LONGER_TRAVEL = "longer_travel"
    FEWER_RIDERS = "fewer_riders"
    SLOWER_MERCHANTS = "slower_merchants"
    MORE_DEMAND = "more_demand"
    WRONG_PROMISE = "wrong_promise"
    FALSE_CLAIMS = "false_claims"
    BROKEN_FEED = "broken_feed"


CAUSE_OF: Mapping[Kind, TruthCause] = {
    Kind.RAIN: TruthCause.LONGER_TRAVEL,
    Kind.RIDER_SHORTAGE: TruthCause.FEWER_RIDERS,
    Kind.MERCHANT_OVERLOAD: TruthCause.SLOWER_MERCHANTS,
    Kind.DEMAND_SURGE: TruthCause.MORE_DEMAND,
    Kind.WRONG_PROMISE: TruthCause.WRONG_PROMISE,
    Kind.FRAUD_RING: TruthCause.FALSE_CLAIMS,
    Kind.BROKEN_FEED: TruthCause.BROKEN_FEED,
}
"""The written map from what is planted to what a diagnosis should find."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ZonePlace:
    """A zone of a simulated city.

    Parameters
    ----------
    latitude, longitude : float
        Centre of its cell.
    cell : str
        H3 cell.
    polygon : str
        GeoJSON of the cell.
    weight : float
        Share of the city's orders, relative.
    district : int
        Zones of different districts do not deliver to each other.
    """

    zone_id: str
    name: str
    latitude: float
    longitude: float
    cell: str
    polygon: str
    weight: float
    district: int


class Fault(StrEnum):
    """How a feed breaks: rows come late, twice, with their clock shifted, or not at all."""

    LATE = "late"
    DOUBLED = "doubled"
    SHIFTED = "shifted"
    LOST = "lost"


@dataclass(frozen=True, slots=True)
class FraudRing:
    """Customers who claim refunds for goods that they received, and who of the others is with them.

    Parameters
    ----------
    customers, riders, merchants : int
        How many of each belong to the ring.
    """

    customers: int
    riders: int
    merchants: int


@dataclass(frozen=True, slots=True)
class BrokenFeed:
    """A table whose rows are told wrongly, though the day itself is unharmed.

    Parameters
    ----------
    minutes : int
        Late: how long after the window the rows come. Shifted: by how much their clock is off. Else 0.
    """

    table: str
    fault: Fault
    minutes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Planted:
    """A disruption of a scenario, in the city's own clock.

    Parameters
    ----------
    starts_min, ends_min : int
        Minutes since the business day began.
    strength : float
        As `Disruption` has it; of a fraud ring the share of its orders that are claimed, of a broken feed the share of
        the rows struck.
    zone_ids : tuple of str
        Empty when the whole city is struck.
    party : Party
        To whom its seconds count.
    detail : FraudRing, BrokenFeed or None
        What is planted when the day is over.
    """

    day: date
    kind: Kind
    starts_min: int
    ends_min: int
    strength: float
    zone_ids: tuple[str, ...]
    story: str
    party: Party
    detail: FraudRing | BrokenFeed | None = None

    @property
    def factor(self) -> float:
        """Factor on what it changes: riding times, riders, preparation or orders.

        Where no factor would say it, the strength itself: minutes of a wrong promise, shares of claims and rows.
        """
        if self.kind is Kind.WRONG_PROMISE or not self.kind.strikes_the_day:
            return self.strength
        return 1.0 - self.strength if self.kind is Kind.RIDER_SHORTAGE else 1.0 + self.strength


def disruption_ids(city_id: str, planted: Sequence[Planted]) -> tuple[str, ...]:
    """Name disruptions by city, day and kind; the second of a kind on one day has a number behind."""
    seen: Counter[str] = Counter()
    names = []
    for one in planted:
        name = f"{city_id}-{one.day:%Y%m%d}-{one.kind.value}"
        seen[name] += 1
        names.append(name if seen[name] == 1 else f"{name}-{seen[name]}")
    return tuple(names)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """A city as it is simulated: its zones, its size, its rhythm, its prices, and what is planted."""

    city: City
    latitude: float
    longitude: float
    zones: tuple[ZonePlace, ...]
    planted: tuple[Planted, ...]
    orders_per_day: float
    merchants: int
    week: str
    traffic: str
    ramadan_factor: float
    weekend_factor: float
    holiday_factor: float
    vehicles: Mapping[str, float]
    categories: Mapping[str, float]
    median_basket_minor: int
    delivery_fee_minor: int
    price_step_minor: int
    temperature_mean_c: float
    temperature_swing_c: float

    def disruptions_on(self, day: date) -> tuple[tuple[Planted, Disruption], ...]:
        """Give what strikes a day, as the engine takes it."""
        number = {zone.zone_id: index for index, zone in enumerate(self.zones)}
        every = tuple(range(len(self.zones)))
        return tuple(
            (
                planted,
                Disruption(
                    kind=planted.kind,
                    zones=tuple(number[zone_id] for zone_id in planted.zone_ids) or every,
                    start_s=planted.starts_min * 60,
                    end_s=planted.ends_min * 60,
                    strength=planted.strength,
                ),
            )
            for planted in self.planted
            if planted.day == day and planted.kind.strikes_the_day
        )


def undisturbed(scenario: Scenario) -> Scenario:
    """Give the same city with nothing planted."""
    return replace(scenario, planted=())


@dataclass(frozen=True, slots=True)
class Profiles:
    """Shapes of a day by local hour: orders an hour, factors on riding times; and shares of merchants by category."""

    demand: Mapping[str, tuple[float, ...]]
    traffic: Mapping[str, tuple[float, ...]]
    categories: Mapping[str, Mapping[str, float]]


@dataclass(frozen=True, slots=True)
class CalendarDay:
    """What the calendar says of a business day of a city."""

    day: date
    is_weekend: bool
    is_ramadan: bool
    is_holiday: bool


def demand_shape(profiles: Profiles, scenario: Scenario, day: CalendarDay) -> Floats:
    """Give the share of a day's orders in each half hour since the business day began; adds up to one."""
    weekend = f"{scenario.week}_weekend" if day.is_weekend or day.is_holiday else f"{scenario.week}_ordinary"
    ramadan = f"{scenario.week}_ramadan"
    name = ramadan if day.is_ramadan and ramadan in profiles.demand else weekend
    shape = by_slot(_found(profiles.demand, name), cutoff_min=scenario.city.cutoff_min)
    return np.asarray(shape / shape.sum(), dtype=np.float64)


def traffic_shape(profiles: Profiles, scenario: Scenario, day: CalendarDay) -> Floats:
    """Give the factor on riding times in each half hour since the business day began."""
    ramadan = f"{scenario.traffic}_ramadan"
    name = ramadan if day.is_ramadan and ramadan in profiles.traffic else f"{scenario.traffic}_ordinary"
    return by_slot(_found(profiles.traffic, name), cutoff_min=scenario.city.cutoff_min)


def expected_orders(scenario: Scenario, day: CalendarDay) -> float:
    """Tell how many orders the city expects of a day."""
    factor = scenario.weekend_factor if day.is_weekend else 1.0
    factor *= scenario.holiday_factor if day.is_holiday else 1.0
    return scenario.orders_per_day * factor * (scenario.ramadan_factor if day.is_ramadan else 1.0)


def by_slot(hourly: tuple[float, ...], *, cutoff_min: int) -> Floats:
    """Draw the line between the hours' values and read it in the middle of each half hour since the cut-off.

    An hour with value zero stays closed: no half hour of it is open.
    """
    middles = (cutoff_min + SLOT_S / 60 * (np.arange(SLOTS) + 0.5)) % MINUTES_A_DAY / 60
    values = np.interp(middles - 0.5, np.arange(-1, 25), [hourly[-1], *hourly, hourly[0]])
    closed = np.array(hourly)[middles.astype(int)] == 0
    return np.where(closed, 0.0, values)


def day_start(city: City, day: date) -> np.datetime64:
    """Give the instant at which a business day of a city begins, in UTC."""
    midnight = datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(city.timezone))
    begin = (midnight + timedelta(minutes=city.cutoff_min)).astimezone(UTC)
    return np.datetime64(begin.replace(tzinfo=None), "us")


def _found(shapes: Mapping[str, tuple[float, ...]], name: str) -> tuple[float, ...]:
    if name not in shapes:
        raise InvalidDefinition(f"profiles.yaml has no shape {name!r}; it has {', '.join(sorted(shapes))}.")
    return shapes[name]
