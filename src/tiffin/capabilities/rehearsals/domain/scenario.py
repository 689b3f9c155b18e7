"""A scenario: a city as it is simulated, and what is planted in its days."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np

from tiffin.engines.simulation.disruptions import Disruption, Kind
from tiffin.engines.simulation.tables import SLOT_S, SLOTS, Floats
from tiffin.kernel.errors import InvalidDefinition
from tiffin.kernel.places import City

EVERYWHERE = "all"
MINUTES_A_DAY = 1440


class TruthCause(StrEnum):
    """The cause that a diagnosis should name first."""

    LONGER_TRAVEL = "longer_travel"
    FEWER_RIDERS = "fewer_riders"
    SLOWER_MERCHANTS = "slower_merchants"
    MORE_DEMAND = "more_demand"


CAUSE_OF: Mapping[Kind, TruthCause] = {
    Kind.RAIN: TruthCause.LONGER_TRAVEL,
    Kind.RIDER_SHORTAGE: TruthCause.FEWER_RIDERS,
    Kind.MERCHANT_OVERLOAD: TruthCause.SLOWER_MERCHANTS,
    Kind.DEMAND_SURGE: TruthCause.MORE_DEMAND,
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Planted:
    """A disruption of a scenario, in the city's own clock.

    Parameters
    ----------
    starts_min, ends_min : int
        Minutes since the business day began.
    zone_ids : tuple of str
        Empty when the whole city is struck.
    """

    day: date
    kind: Kind
    starts_min: int
    ends_min: int
    strength: float
    zone_ids: tuple[str, ...]
    story: str

    @property
    def factor(self) -> float:
        """Factor on what it changes: riding times, riders, preparation or orders."""
        return 1.0 - self.strength if self.kind is Kind.RIDER_SHORTAGE else 1.0 + self.strength


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
        """Give what is planted on a day, as the engine takes it."""
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
            if planted.day == day
        )


def undisturbed(scenario: Scenario) -> Scenario:
    """Give the same city with nothing planted."""
    return replace(scenario, planted=())


def planted_from(entry: Mapping[str, Any], *, zone_ids: Mapping[str, str], cutoff_min: int, where: str) -> Planted:
    """Read one planted disruption.

    Parameters
    ----------
    zone_ids : Mapping
        Identifier of each zone by the name that the file uses.

    Raises
    ------
    InvalidDefinition
        An unknown zone or kind, a time off the half hour, or an end before the start.
    """
    kinds = {kind.value: kind for kind in Kind}
    if entry["kind"] not in kinds:
        raise InvalidDefinition(f"{where}: a disruption is one of {', '.join(kinds)}; found {entry['kind']!r}.")
    names = () if entry["zones"] == EVERYWHERE else tuple(entry["zones"])
    unknown = [name for name in names if name not in zone_ids]
    if unknown:
        raise InvalidDefinition(f"{where}: the disruption strikes {unknown[0]!r}, which is no zone of this city.")
    starts, ends = (_since_cutoff(entry[key], cutoff_min, where) for key in ("starts", "ends"))
    if ends <= starts:
        raise InvalidDefinition(
            f"{where}: a disruption must end after it starts; found {entry['starts']}-{entry['ends']}."
        )
    return Planted(
        day=entry["day"],
        kind=kinds[entry["kind"]],
        starts_min=starts,
        ends_min=ends,
        strength=float(entry["strength"]),
        zone_ids=tuple(zone_ids[name] for name in names),
        story=str(entry["story"]),
    )


def _since_cutoff(clock: str, cutoff_min: int, where: str) -> int:
    hour, minute = (int(part) for part in clock.split(":"))
    since = (hour * 60 + minute - cutoff_min) % MINUTES_A_DAY
    if since * 60 % SLOT_S:
        raise InvalidDefinition(f"{where}: disruptions begin and end on the half hour; found {clock}.")
    return since


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
