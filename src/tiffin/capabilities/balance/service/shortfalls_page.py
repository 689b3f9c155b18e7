"""Where supply falls short over weeks as a page: hours below the floor by zone and hour, and what comes back."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from tiffin.capabilities.balance import service
from tiffin.capabilities.balance.domain.shortfall import Lacking, Shortfalls, ShortHour, Standing
from tiffin.capabilities.balance.queries import city as ask_city
from tiffin.capabilities.balance.service import words
from tiffin.capabilities.balance.service.page import clock
from tiffin.capabilities.balance.service.shortfalls import shortfalls
from tiffin.runtime.context import Context
from tiffin.runtime.i18n import format_number, format_percent, mark, translate
from tiffin.web.charts.figure import Caption
from tiffin.web.charts.heatmap import Grid, heatmap

WEEKS = 4
MOST_ROWS = 60
"""Hours listed on the page, the last first; the file has them all."""

MOST_ZONES = 24
LACKING: Mapping[Lacking, str] = {
    Lacking.SUPPLY: mark("Riders were missing"),
    Lacking.CANCELLATION: mark("Riders cancelled"),
}
COLUMNS = ("city_id", "day", "zone_id", "zone", "hour", "wanted", "no_rider", "cancelled", "coverage_pct", "lacking")


def shortfalls_page(context: Context, city_id: str, first: date | None, last: date | None) -> dict[str, Any]:
    """Give all that the page of a city's shortfalls shows; the last weeks with facts where no days are asked.

    Raises
    ------
    NotFound
        There is no such city, or it has no facts on these days.
    Forbidden
        The actor's grants do not cover the city.
    """
    found = _found(context, city_id, first, last)
    names, locale = _names(context, city_id), context.locale
    return {
        "found": found,
        "simulated": found.city.is_simulated,
        "floor": format_percent(found.coverage_floor, locale, decimals=0),
        "heat": _heat(found, names, locale),
        "standing": [standing_told(one, locale, names) for one in found.standing],
        "rows": [_row(one, names, locale) for one in reversed(found.short[-MOST_ROWS:])],
        "load": [{"said": load_text(above=s.above, up_to=s.up_to, locale=locale), "step": s} for s in found.load],
    }


def shortfall_rows(context: Context, city_id: str, first: date | None, last: date | None) -> list[list[object]]:
    """Give every hour below the floor as a row of `COLUMNS`.

    Raises
    ------
    NotFound, Forbidden
        As `shortfalls_page`.
    """
    found, names = _found(context, city_id, first, last), _names(context, city_id)
    return [
        [
            city_id, one.day, one.zone, names.get(one.zone, one.zone), one.hour, one.wanted, one.no_rider,
            one.cancelled, one.coverage_pct, one.lacking.value,
        ]
        for one in found.short
    ]  # fmt: skip


def load_text(*, above: float | None, up_to: float | None, locale: str) -> str:
    """Say between which open orders a rider a step lies."""
    low, high = (None if one is None else format_number(one, locale, decimals=1) for one in (above, up_to))
    if low is None:
        return translate(locale, "up to {high} open orders a rider", high=high)
    if high is None:
        return translate(locale, "above {low} open orders a rider", low=low)
    return translate(locale, "above {low}, up to {high} open orders a rider", low=low, high=high)


def standing_told(one: Standing, locale: str, names: Mapping[str, str] | None = None) -> dict[str, str]:
    """Tell hours of the clock that come back short; zones by their identifiers where no names are given."""
    return {
        "zone": _name(one.zone, names or {}, locale),
        "hours": _span(one.hours[0], one.hours[-1], locale),
        "coverage": format_percent(one.coverage, locale, decimals=0),
        "wanted": format_number(one.wanted, locale),
        "no_rider": format_number(one.no_rider, locale),
        "cancelled": format_number(one.cancelled, locale),
        "lacking": translate(locale, LACKING[one.lacking]),
    }


def _found(context: Context, city_id: str, first: date | None, last: date | None) -> Shortfalls:
    if first is None:
        service.find_city(context, city_id)
        known = [one.day for one in service.days_of(context, city_id) if last is None or one.day <= last]
        first = known[-1] - timedelta(weeks=WEEKS) + timedelta(days=1) if known else None
    (found,), _ = shortfalls(context, [city_id], first=first, last=last, hours=None)
    return found


def _names(context: Context, city_id: str) -> Mapping[str, str]:
    rows = context.warehouse.query(ask_city.zones(city_id=city_id, dialect=context.warehouse.dialect)).to_pylist()
    return {row["zone_id"]: row["name"] or row["zone_id"] for row in rows}


def _name(zone: str, names: Mapping[str, str], locale: str) -> str:
    return translate(locale, names.get(zone, zone)) if zone else translate(locale, "whole city")


def _heat(found: Shortfalls, names: Mapping[str, str], locale: str) -> Any:
    """Draw how many days each hour of each zone was below the floor; the worst zones first."""
    counted: dict[str, dict[int, int]] = defaultdict(lambda: defaultdict(int))
    for one in found.short:
        counted[one.zone][one.hour] += 1
    if not counted:
        return None
    zones = sorted(counted, key=lambda zone: (-sum(counted[zone].values()), zone))[:MOST_ZONES]
    hours = sorted({hour for zone in zones for hour in counted[zone]}, key=lambda hour: (hour - 5) % 24)
    grid = Grid(
        tuple(_name(zone, names, locale) for zone in zones),
        tuple(format_number(hour, locale) for hour in hours),
        tuple(tuple(float(counted[zone].get(hour, 0)) for hour in hours) for zone in zones),
    )
    caption = Caption(
        translate(locale, "Days below the floor by zone and hour"),
        translate(locale, "Zones that fell short most often come first; hours are local."),
    )
    return heatmap(grid, caption=caption, locale=locale)


def _row(one: ShortHour, names: Mapping[str, str], locale: str) -> dict[str, Any]:
    first = one.causes[0] if one.causes else None
    return {
        "day": one.day,
        "zone": _name(one.zone, names, locale),
        "hours": _span(one.hour, one.hour, locale),
        "coverage": format_percent(one.coverage_pct / 100, locale, decimals=0),
        "wanted": format_number(one.wanted, locale),
        "no_rider": format_number(one.no_rider, locale),
        "cancelled": format_number(one.cancelled, locale),
        "cause": translate(locale, words.CAUSES[first.cause]) if first else translate(locale, LACKING[one.lacking]),
    }


def _span(first: int, last: int, locale: str) -> str:
    return f"{clock(first, locale)}\N{EN DASH}{clock((last + 1) % 24, locale)}"
