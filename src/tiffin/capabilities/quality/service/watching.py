"""Anomalies in the facts of a workspace: the checks of the engine over its own metrics, calendars and orders."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa

from tiffin.capabilities.quality import queries
from tiffin.capabilities.quality.domain import Parameters
from tiffin.capabilities.quality.service.days import Place, countries_of, last_day, places, promised
from tiffin.capabilities.quality.service.parameters import read_parameters
from tiffin.capabilities.quality.service.values import values_by_day
from tiffin.engines.anomalies.checks import (
    CheckSettings,
    Contents,
    Finding,
    Profile,
    Watched,
    out_of_shape,
    repeated_contents,
    unexpected,
)
from tiffin.engines.anomalies.festivals import DayMarks, weights_of
from tiffin.engines.anomalies.forecast import Nature, Series
from tiffin.engines.metrics.definitions import Metric, Unit
from tiffin.kernel.errors import NotFound
from tiffin.kernel.places import City
from tiffin.kernel.time import Days
from tiffin.runtime.calendar import city_days
from tiffin.runtime.context import Context
from tiffin.runtime.markets import Market, find_market

ORDERS = "orders"
KEEP_CARNIVAL = frozenset({"BR"})
"""Countries where carnival empties or fills the streets without being a public holiday."""

COUNTED = frozenset(
    {
        Unit.ORDERS,
        Unit.RIDERS,
        Unit.MERCHANTS,
        Unit.CUSTOMERS,
        Unit.PEOPLE,
        Unit.SLOTS,
        Unit.CONTACTS,
        Unit.REFUNDS,
        Unit.RATINGS,
        Unit.ITEMS,
    }
)
CONTENT = ("merchant_id", "customer_id", "placed_at", "basket_minor", "distance_m")
"""Columns that make an order what it is, its key left aside."""

_HALF_HOURS = 48
_RAMADAN = 9
_ISLAMIC, _WEEKEND, _FESTIVE = 3, 1, 2
_CAMPAIGNS = "SELECT city_id, starts_at, ends_at FROM campaigns"


@dataclass(frozen=True, slots=True)
class Calendar:
    """The days of one country, with what is special about them."""

    days: tuple[date, ...]
    marks: tuple[DayMarks, ...]

    @property
    def sorts(self) -> tuple[int, ...]:
        """Tell which days are alike in shape."""
        return tuple(_sort_of(one) for one in self.marks)


def anomalies(context: Context, *, day: date | None, settings: CheckSettings | None = None) -> tuple[Finding, ...]:
    """Look for what is out of the ordinary in the last days, or on one day, with all days before to learn from."""
    parameters = read_parameters(context.workspace, context.now.date())
    listed, stated = places(context), settings or CheckSettings()
    last = day or last_day(context)
    if last is None or not listed:
        return ()
    span = Days(last - timedelta(days=parameters.history_days - 1), last)
    looked_at = Days(last if day else last - timedelta(days=parameters.looked_at_days - 1), last)
    by_country = countries_of(listed)
    calendars = {country: calendar_of(context, country, cities, span) for country, cities in by_country.items()}
    found = [
        *unexpected(_watched(context, calendars, span), stated),
        *out_of_shape(_profiles(context, listed, calendars, span), stated),
        *repeated_contents(_contents(context, listed, looked_at, parameters), stated),
    ]
    return tuple(one for one in found if one.day in looked_at)


def nature_of(metric: Metric) -> Nature:
    """Tell on which scale a metric's effects add."""
    if metric.unit in COUNTED:
        return Nature.COUNT
    return Nature.SHARE if metric.unit is Unit.SHARE else Nature.AMOUNT


def _watched(context: Context, calendars: Mapping[str, Calendar], span: Days) -> list[Watched]:
    certified = {metric.name: metric for metric in promised(context)}
    values = values_by_day(context, sorted(certified), span)
    weights = {country: weights_of(calendar.marks) for country, calendar in calendars.items()}
    held = sorted({(name, country) for name, country, _ in values if country in calendars})
    found = []
    for name, country in held:
        days = calendars[country].days
        numbers = np.array([values.get((name, country, day), np.nan) for day in days])
        # A share leaves the bounds of a logit where a definition counts something else than rows.
        nature = nature_of(certified[name])
        if nature is Nature.SHARE and np.nanmax(numbers) > 1:
            nature = Nature.AMOUNT
        found.append(Watched(name, country, None, Series(nature, days, numbers, weights[country])))
    return found


def _profiles(
    context: Context, listed: Sequence[Place], calendars: Mapping[str, Calendar], span: Days
) -> Iterable[Profile]:
    rows = context.warehouse.query(queries.half_hours(ORDERS, span.first, span.last))
    by_id = {one.city_id: one for one in listed}
    counts: dict[str, np.ndarray[tuple[int, int], np.dtype[np.float64]]] = {}
    for city_id, day, hour, minute, value in zip(*(column.to_pylist() for column in rows.columns), strict=True):
        place = by_id.get(city_id)
        if place is None or day is None or hour is None or minute is None:
            continue
        row = counts.setdefault(city_id, np.zeros((len(span), _HALF_HOURS)))
        row[(day - span.first).days, _half_hour(place, day, hour, int(minute))] += value
    for city_id, found in counts.items():
        place = by_id[city_id]
        calendar = calendars[place.country]
        yield Profile(ORDERS, place.country, city_id, calendar.days, found, calendar.sorts)


def _half_hour(place: Place, day: date, hour: int, minute: int) -> int:
    """Give the number of a local half hour in the order of the business day; slots say their minute in UTC."""
    noon = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
    offset = noon.astimezone(ZoneInfo(place.timezone)).utcoffset() or timedelta()
    local = (minute + int(offset.total_seconds() // 60)) % 60
    return (hour * 2 + int(local >= 30) - place.cutoff_min // 30) % _HALF_HOURS  # noqa: PLR2004 - half an hour


def _contents(context: Context, listed: Sequence[Place], looked_at: Days, parameters: Parameters) -> Iterable[Contents]:
    first = looked_at.first - timedelta(days=parameters.window_days)
    rows: pa.Table = context.warehouse.query(queries.contents(ORDERS, CONTENT, first, looked_at.last))
    by_id = {one.city_id: one for one in listed}
    found: dict[str, list[tuple[date, float, float]]] = {}
    for city_id, day, seen, distinct in zip(*(column.to_pylist() for column in rows.columns), strict=True):
        if city_id in by_id and day is not None:
            found.setdefault(city_id, []).append((day, float(seen), float(distinct)))
    for city_id, counted in found.items():
        days, seen_rows, own = zip(*sorted(counted), strict=True)
        yield Contents(ORDERS, by_id[city_id].country, city_id, days, np.array(seen_rows), np.array(own))


def calendar_of(context: Context, country: str, cities: Sequence[Place], span: Days) -> Calendar:
    """Tell what is special about the days of a country."""
    try:
        market: Market | None = find_market(country, context.workspace.overlay("markets"))
    except NotFound:
        market = None
    weekend = market.weekend_on(span.last) if market else (6, 7)
    city = City(country, country, country, cities[0].timezone, cities[0].cutoff_min, weekend, "XXX")
    table = city_days(city, span).to_pydict()
    campaigns = _campaign_days(context, {one.city_id for one in cities})
    days = tuple(table["business_date"])
    keeps = market is not None and market.observes_ramadan
    marks = tuple(
        DayMarks(
            day,
            is_weekend=bool(table["is_weekend"][row]),
            holiday=table["holiday"][row],
            hijri=_month_day(table["hijri_date"][row]) if keeps else None,
            carnival=country in KEEP_CARNIVAL,
            known=("campaign",) if day in campaigns else (),
        )
        for row, day in enumerate(days)
    )
    return Calendar(days, marks)


def _campaign_days(context: Context, cities: set[str]) -> frozenset[date]:
    days: set[date] = set()
    for row in context.warehouse.query_text(_CAMPAIGNS).to_pylist():
        if row["city_id"] in cities and row["starts_at"] and row["ends_at"]:
            length = (row["ends_at"].date() - row["starts_at"].date()).days
            days |= {row["starts_at"].date() + timedelta(days=number) for number in range(length + 1)}
    return frozenset(days)


def _month_day(hijri: str | None) -> tuple[int, int] | None:
    return (int(hijri[5:7]), int(hijri[8:10])) if hijri else None


def _sort_of(one: DayMarks) -> int:
    if one.hijri is not None and one.hijri[0] == _RAMADAN:
        return _ISLAMIC
    if one.holiday:
        return _FESTIVE
    return _WEEKEND if one.is_weekend else 0
