"""The office hours of a case's place: its zone, weekend, public holidays, and other hours in Ramadan."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

from tiffin.engines.cases.office import OfficeHours
from tiffin.kernel.errors import InvalidDefinition, NotFound
from tiffin.kernel.messages import Message
from tiffin.kernel.time import Days
from tiffin.runtime.calendar import city_days
from tiffin.runtime.dated import Entry, entries_of, in_force
from tiffin.runtime.day_parts import is_ramadan
from tiffin.runtime.markets import Market, find_market
from tiffin.runtime.workspace import Workspace

SHIPPED = Path(__file__).resolve().parents[1] / "office_hours.yaml"
DEFAULT = "*"
AHEAD_YEARS = 2
_PARTS = ("source", "opens", "closes")
_Span = tuple[time, time]


@dataclass(frozen=True, slots=True)
class Day:
    """When an office is open on a day of work, and on one in Ramadan."""

    country: str
    usual: _Span
    ramadan: _Span


def office_hours(workspace: Workspace, country: str | None, day: date, timezone: str | None = None) -> OfficeHours:
    """Give the office hours of a country from a day on, for two years; those of UTC where it is not known.

    Parameters
    ----------
    timezone : str or None
        The place's own, where the country has several.

    Raises
    ------
    InvalidDefinition
        ``parameters/office_hours.yaml`` of the workspace is not what it should be.
    """
    own = workspace.overlay("parameters") / "office_hours.yaml"
    held = in_force(entries_of(SHIPPED, own, "office_hours", _PARTS, _day), day, lambda one: one.country)
    times = held.get(country or DEFAULT) or held[DEFAULT]
    try:
        market = find_market(country or "", workspace.overlay("markets"))
    except NotFound:
        return OfficeHours(timezone or "UTC", opens=times.usual[0], closes=times.usual[1])
    return _hours(_Place(market.country, market, timezone), times, day.year)


@dataclass(frozen=True, slots=True)
class _Place:
    """A market under its country's code: whoever edits its file gets another market, and other hours."""

    country: str
    market: Market
    timezone: str | None

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Place) and self.market is other.market and self.timezone == other.timezone

    def __hash__(self) -> int:
        return hash((self.country, self.timezone))


@lru_cache(maxsize=128)
def _hours(place: _Place, times: Day, year: int) -> OfficeHours:
    days = Days(date(year, 1, 1), date(year + AHEAD_YEARS, 12, 31))
    city = place.market.city("", "", day=days.first, timezone=place.timezone)
    calendar = city_days(city, days, place.market)
    names = ("business_date", "holiday", "is_weekend")
    rows = zip(*(calendar.column(name).to_pylist() for name in names), strict=True)
    fasting: Mapping[date, _Span] = {}
    if times.ramadan != times.usual:
        fasting = {day: times.ramadan for n in range(len(days)) if is_ramadan(day := days.first + timedelta(n))}
    return OfficeHours(
        city.timezone,
        opens=times.usual[0],
        closes=times.usual[1],
        weekend=place.market.weekend_on(days.last),
        closed_on=frozenset(day for day, holiday, is_weekend in rows if holiday or is_weekend),
        other_hours=fasting,
    )


def _day(entry: Entry) -> Day:
    usual, ramadan = entry.stated, entry.stated.get("ramadan", entry.stated)
    if not isinstance(ramadan, Mapping):
        raise _no_span(entry)
    return Day(str(entry.stated.get("country", DEFAULT)), _span(entry, usual), _span(entry, ramadan))


def _span(entry: Entry, raw: Mapping[str, Any]) -> _Span:
    try:
        opens, closes = (time.fromisoformat(raw[name]) for name in ("opens", "closes"))
    except (KeyError, TypeError, ValueError):
        raise _no_span(entry) from None
    if opens >= closes:
        raise _no_span(entry)
    return opens, closes


def _no_span(entry: Entry) -> InvalidDefinition:
    return InvalidDefinition(
        Message(
            '{place}: an office `opens` and `closes` later on the same day, such as "09:00" and "17:00", and may do so '
            "at other times in `ramadan`; found {found}.",
            place=entry.place,
            found=repr(entry.stated),
        )
    )
