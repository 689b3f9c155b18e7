"""Use cases of the balance: the day-book of a city and business day, as figures and as a page to send or print."""

import json
from collections.abc import Mapping
from datetime import date
from difflib import get_close_matches
from pathlib import Path
from typing import Any
from urllib.parse import quote

from tiffin.capabilities.balance.domain.daybook import CityFacts, Daybook, EpisodeStory, Shelf, by_month
from tiffin.capabilities.balance.queries import city as ask
from tiffin.capabilities.balance.service.composing import compose, diagnose
from tiffin.capabilities.balance.service.miss_cases import keep_and_watch
from tiffin.capabilities.balance.service.page import in_text, render_file, view
from tiffin.capabilities.scorecards.domain import CalendarDay
from tiffin.kernel.errors import Forbidden, NotFound
from tiffin.kernel.messages import Message
from tiffin.runtime.context import Context
from tiffin.runtime.json_text import json_text


def list_cities(context: Context) -> tuple[CityFacts, ...]:
    """List the cities that the actor may see, by country and name."""
    rows = context.warehouse.query(ask.cities(dialect=context.warehouse.dialect)).to_pylist()
    cities = (_city_of(row) for row in rows)
    return tuple(c for c in cities if context.actor.may_see_city(country=c.country, city_id=c.city_id))


def find_city(context: Context, city_id: str) -> CityFacts:
    """Find a city.

    Raises
    ------
    NotFound
        No facts name such a city.
    Forbidden
        The actor's grants do not cover it.
    """
    rows = context.warehouse.query(ask.city(city_id=city_id, dialect=context.warehouse.dialect)).to_pylist()
    if not rows:
        known = [c.city_id for c in list_cities(context)]
        near = get_close_matches(city_id, known, n=3) or known[:6]
        there_are = Message("Known cities: {cities}.", cities=", ".join(near))
        hint = there_are if near else Message("No facts are loaded yet: see `tiffin load`.")
        raise NotFound(Message("A city with facts was expected, '{city}' was found. {hint}", city=city_id, hint=hint))
    city = _city_of(rows[0])
    if not context.actor.may_see_city(country=city.country, city_id=city_id):
        raise Forbidden(
            Message(
                "{name} has no grant for {city} in {country}. An administrator can give one.",
                name=context.actor.name,
                city=city_id,
                country=city.country,
            )
        )
    return city


def days_of(context: Context, city_id: str) -> tuple[CalendarDay, ...]:
    """List a city's business days with facts, as its calendar sees them, in order."""
    query = ask.days_with_facts(city_id=city_id, dialect=context.warehouse.dialect)
    return tuple(_calendar_day(row) for row in context.warehouse.query(query).to_pylist())


def day_index(context: Context) -> Mapping[str, tuple[date, ...]]:
    """List, for each city that the actor may see, the business days that have facts."""
    seen = {city.city_id: set[date]() for city in list_cities(context)}
    for row in context.warehouse.query(ask.day_index(dialect=context.warehouse.dialect)).to_pylist():
        if row["city_id"] in seen:
            seen[row["city_id"]].add(row["business_date"])
    return {city_id: tuple(sorted(days)) for city_id, days in seen.items()}


def daybook(context: Context, city_id: str, day: date) -> Daybook:
    """Tell a city's business day: headline, misses with causes, cost, advice, and what the facts lack.

    Raises
    ------
    NotFound
        There is no such city, or it has no facts on that day.
    Forbidden
        The actor's grants do not cover the city.
    """
    return compose(context, *_asked(context, city_id, day))


def episodes_on(context: Context, city_id: str, day: date) -> tuple[EpisodeStory, ...]:
    """Tell where supply missed demand in a city on a day, and why: a day-book's diagnosis alone.

    Raises
    ------
    NotFound
        There is no such city, or it has no facts on that day.
    Forbidden
        The actor's grants do not cover the city.
    """
    return diagnose(context, *_asked(context, city_id, day)).stories


def _asked(context: Context, city_id: str, day: date) -> tuple[CityFacts, CalendarDay, tuple[CalendarDay, ...]]:
    city = find_city(context, city_id)
    days = days_of(context, city_id)
    today = next((d for d in days if d.day == day), None)
    if today is None:
        raise NotFound(_no_facts(city_id, day, days))
    context.unit.reading.add(("report:daybook",), first=day, last=day, places=(city_id,))
    return city, today, days


def _no_facts(city_id: str, day: date, days: tuple[CalendarDay, ...]) -> Message:
    if not days:
        return Message("Facts of {city} on {day} were expected, and it has none at all.", city=city_id, day=day)
    return Message(
        "Facts of {city} on {day} were expected, and there are none. Its facts reach from {first} to {last}.",
        city=city_id,
        day=day,
        first=days[0].day,
        last=days[-1].day,
    )


def write_daybook(context: Context, city_id: str, day: date) -> Path:
    """Write the day-book of a city and day as a self-contained page in the context's locale, and as JSON beside it."""
    return write_book(context, daybook(context, city_id, day))


def write_book(context: Context, book: Daybook) -> Path:
    """Write a day-book's page into the workspace's folder of day-books with its JSON beside it.

    What it found is kept for whoever looks for days like it, and a large miss that nothing answers becomes a case.
    """
    keep_and_watch(context, book, days_of(context, book.city.city_id))
    page = render_file(book, context.locale)
    folder = context.workspace.daybooks / quote(book.city.city_id, safe="")
    folder.mkdir(parents=True, exist_ok=True)
    suffix = "" if context.locale == "en" else f".{context.locale}"
    path = folder / f"{book.day.isoformat()}{suffix}.html"
    path.write_text(page, encoding="utf-8")
    (folder / f"{book.day.isoformat()}.json").write_text(json_text(payload(book)), encoding="utf-8")
    return path


def told(book: Daybook, locale: str) -> str:
    """Tell a day-book in plain text, for a terminal."""
    return in_text(book, locale)


def page_of(context: Context, city_id: str, day: date) -> dict[str, Any]:
    """Give all that the console's page of a day-book shows, with the days before and after it."""
    book = daybook(context, city_id, day)
    days = [d.day for d in days_of(context, city_id)]
    at = days.index(day)
    return view(book, context.locale) | {
        "before": days[at - 1] if at else None,
        "after": days[at + 1] if at + 1 < len(days) else None,
    }


def shelf(context: Context) -> tuple[Shelf, ...]:
    """Lay out every city's day-books by month, newest month first."""
    index = day_index(context)
    return tuple(Shelf(city, by_month(index[city.city_id])) for city in list_cities(context))


def payload(book: Daybook) -> dict[str, object]:
    """Give a day-book as plain values for JSON; keys are the names of its fields."""
    plain: dict[str, object] = json.loads(json_text({"daybook": book}))["daybook"]
    return plain


def _city_of(row: Mapping[str, object]) -> CityFacts:
    return CityFacts(
        city_id=str(row["city_id"]),
        name=str(row["name"]),
        country=str(row["country"]),
        timezone=str(row["timezone"]),
        timezone_known=bool(row["timezone_known"]),
        cutoff_min=int(str(row["cutoff_min"])),
        currency=str(row["currency"]),
        is_simulated=bool(row["is_simulated"]),
    )


def _calendar_day(row: Mapping[str, object]) -> CalendarDay:
    day = row["business_date"]
    assert isinstance(day, date)  # noqa: S101 - the contract's type
    weekend = row["is_weekend"]
    return CalendarDay(
        day=day,
        is_weekend=bool(weekend) if weekend is not None else day.isoweekday() >= 6,  # noqa: PLR2004 - Saturday
        is_ramadan=bool(row["is_ramadan"]),
        holiday=str(row["holiday"]) if row["holiday"] is not None else None,
    )
