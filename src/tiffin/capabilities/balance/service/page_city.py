"""The city's page: a day's misses with days like it, what was decided and tried, and what still waits for a person."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from tiffin.capabilities.balance import service
from tiffin.capabilities.balance.domain.cause import Cause
from tiffin.capabilities.balance.domain.daybook import Daybook
from tiffin.capabilities.balance.service import drawing, words
from tiffin.capabilities.balance.service import page_happenings as happenings
from tiffin.capabilities.balance.service.miss_cases import keep_and_watch
from tiffin.capabilities.balance.service.page import clock, in_text, view, zone_name
from tiffin.capabilities.balance.service.roll_outs.due import GateDue
from tiffin.capabilities.balance.service.similar import After, Likenesses, SimilarDay, similar_days
from tiffin.capabilities.balance.service.similar_keeping import kept_days_of, kept_episodes_of
from tiffin.capabilities.cases.domain.roles import READERS
from tiffin.capabilities.cases.service.records import roles_over
from tiffin.capabilities.cases.service.words import word
from tiffin.runtime.context import Context
from tiffin.runtime.i18n import (
    format_date,
    format_duration,
    format_instant,
    format_number,
    format_percent,
    isolate,
    mark,
    translate,
)
from tiffin.web.templating import render

MOST_AT_ONCE = 14
"""Days diagnosed in one go when somebody asks for earlier ones: about ten seconds."""

SECTIONS = (
    ("decisions", mark("Decisions"), mark("No policy, exemption or strategy is known to have been decided.")),
    ("running", mark("Experiments running"), mark("No experiment ran in this city on this day.")),
    ("gates", mark("Roll-outs and their gates"), mark("No roll-out is under way in this city.")),
    ("open", mark("Open cases that need a person"), mark("No case of this city is open.")),
)


def city_page(context: Context, city_id: str, day: date) -> dict[str, Any]:
    """Give all that the city's page shows of a day, each part as far as the reader may see it.

    Raises
    ------
    NotFound
        There is no such city, or it has no facts on that day.
    Forbidden
        The actor's grants do not cover the city.
    """
    return page_view(context, service.daybook(context, city_id, day))


def page_view(context: Context, book: Daybook) -> dict[str, Any]:
    """Give all that the page of a day-book shows."""
    days = service.days_of(context, book.city.city_id)
    found = similar_days(context, book, days, service.list_cities(context))
    shown = view(book, context.locale)
    cases = {row.number: row.case_id for row in kept_episodes_of(context, book.city.city_id, book.day)}
    for number, episode in enumerate(shown["episodes"]):
        episode["number"] = number
        episode["case_id"] = cases.get(number)
        episode["like"] = _likenesses(context, book, found.episodes[number])
    before = [one.day for one in days if one.day < book.day]
    after = [one.day for one in days if one.day > book.day]
    may_act = bool(roles_over(context.actor, country=book.city.country, city_id=book.city.city_id) & READERS)
    return shown | {
        "before": before[-1] if before else None,
        "after": after[0] if after else None,
        "last": days[-1].day,
        "sections": _sections(context, book),
        "looked_through": _looked_through(context, found.kept, found.earlier),
        "left": found.earlier - found.kept,
        "may_act": may_act,
    }


def city_file(context: Context, city_id: str, day: date) -> str:
    """Write the city's page as one self-contained file that prints on a sheet and travels by mail."""
    return render("balance/file.html", context.locale, **city_page(context, city_id, day))


def write_page(context: Context, book: Daybook, out: Path | None) -> tuple[Path, dict[str, Any]]:
    """Write a day's page, and give where it lies and all that the city's page shows of the day.

    The workspace's own file holds the day-book alone, since whoever opens it may not see what the writer sees;
    a file that the writer names is the city's page as he sees it.
    """
    if out is None:
        return service.write_book(context, book), page_view(context, book)
    keep_and_watch(context, book, service.days_of(context, book.city.city_id))
    shown = page_view(context, book)
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(render("balance/file.html", context.locale, **shown), encoding="utf-8")
    return out, shown


def look_through(context: Context, city_id: str) -> int:
    """Diagnose and keep days of a city that are not kept yet, the newest first, some at a time; count them.

    Raises
    ------
    NotFound, Forbidden
        As `city_page`.
    """
    service.find_city(context, city_id)
    days = service.days_of(context, city_id)
    kept = {one.day for one in kept_days_of(context, [city_id])}
    missing = [one.day for one in reversed(days) if one.day not in kept][:MOST_AT_ONCE]
    for day in missing:
        keep_and_watch(context, service.daybook(context, city_id, day), days)
    return len(missing)


def page_in_text(context: Context, book: Daybook, shown: Mapping[str, Any]) -> str:
    """Tell the city's page in plain text, for a terminal and for the part of a mail that every program reads."""
    lines = [in_text(book, context.locale)]
    for section in shown["sections"]:
        lines += ["", section["title"], *(f"- {_line(one)}" for one in section["rows"])]
        lines += [] if section["rows"] else [f"  {section['empty']}"]
    return "\n".join(lines) + "\n"


def _line(row: Mapping[str, Any]) -> str:
    return " · ".join(part for part in (row["name"], row["state"], row["due"]) if part)


def _sections(context: Context, book: Daybook) -> list[dict[str, Any]]:
    city, day, locale = book.city, book.day, context.locale
    decided = (*happenings.decisions_on(context, city, day), *happenings.strategies_on(context, city, day))
    rows: Mapping[str, list[dict[str, Any]]] = {
        "decisions": [_row(context, one) for one in decided],
        "running": [_row(context, one) for one in happenings.trials_on(context, city, day)],
        "gates": [_gate(context, one) for one in happenings.gates_on(context, city, day)],
        "open": [_row(context, one) for one in happenings.open_cases_of(context, city)],
    }
    return [
        {"name": name, "title": translate(locale, title), "empty": translate(locale, empty), "rows": rows[name]}
        for name, title, empty in SECTIONS
    ]


def _row(context: Context, one: happenings.Happening) -> dict[str, Any]:
    due = format_instant(one.due_at, context.locale) if one.due_at is not None else ""
    return {
        "name": one.name,
        "state": one.state,
        "href": one.href,
        "by": one.by,
        "due": translate(context.locale, "due {moment}", moment=due) if due else "",
        "is_overdue": one.is_overdue,
    }


def _gate(context: Context, one: GateDue) -> dict[str, Any]:
    locale = context.locale
    name = translate(
        locale, "{name}, wave {wave}: {remedy}",
        name=isolate(one.name), wave=format_number(one.wave, locale), remedy=isolate(one.remedy),
    )  # fmt: skip
    due = format_date(one.due_day, locale) if one.due_day is not None else ""
    return {
        "name": name,
        "state": word(one.state, locale),
        "href": f"/roll-outs/{one.case_id}",
        "by": "",
        "due": translate(locale, "due {moment}", moment=due) if due else "",
        "is_overdue": one.is_due,
    }


def _looked_through(context: Context, kept: int, earlier: int) -> str:
    """Say among how many days likeness was looked for; silence would pass for "nothing like it ever was"."""
    locale = context.locale
    return translate(
        locale,
        "Looked for among {kept} of {earlier} earlier days of this city, and the kept days of other cities.",
        kept=format_number(kept, locale),
        earlier=format_number(earlier, locale),
    )


def _likenesses(context: Context, book: Daybook, found: Likenesses) -> dict[str, Any]:
    return {
        "here": [_similar(context, book, one) for one in found.here],
        "elsewhere": [_similar(context, book, one) for one in found.elsewhere],
    }


def _similar(context: Context, book: Daybook, one: SimilarDay) -> dict[str, Any]:
    locale, past = context.locale, one.similar.traits
    hours = translate(
        locale, "{from_hour}–{to_hour}, {zones}", from_hour=clock(past.from_hour, locale),  # noqa: RUF001 - a span of time takes an en dash
        to_hour=clock((past.to_hour + 1) % 24, locale), zones=_zones(context, book, one),
    )  # fmt: skip
    cause = words.CAUSES[Cause(past.first_cause)] if past.first_cause else words.CAUSES[Cause.UNEXPLAINED]
    return {
        "city": translate(locale, one.city.name),
        "day": past.day,
        "href": f"/daybooks/{past.city_id}/{past.day}",
        "hours": hours,
        "alike": format_percent(one.similar.alike, locale, decimals=0),
        "cause": translate(locale, cause),
        "missed": drawing.missed_in(book, locale)(past.miss_min),
        "done": [_row(context, each) for each in one.done],
        "after": _after(context, one.after),
    }


def _zones(context: Context, book: Daybook, one: SimilarDay) -> str:
    """Name a zone where its name is known here; of other cities only the count tells a reader something."""
    zones, locale = one.similar.traits.zones, context.locale
    if one.city.city_id == book.city.city_id and len(zones) == 1:
        return zone_name(book, zones[0], locale)
    return translate(locale, "zones: {count}", count=format_number(len(zones), locale))


def _after(context: Context, after: After) -> str:
    locale = context.locale
    if not after.days:
        return translate(locale, "No comparable day after it is kept.")
    days = format_number(len(after.days), locale)
    if not after.missed_on:
        return translate(locale, "Comparable days after it: {days}; the same did not come again.", days=days)
    return translate(
        locale,
        "Comparable days after it: {days}; the same came again on {again}, with {minutes} a day on average.",
        days=days,
        again=format_number(len(after.missed_on), locale),
        minutes=format_duration(after.mean_miss_min, locale),
    )
