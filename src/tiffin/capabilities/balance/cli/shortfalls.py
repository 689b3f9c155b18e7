"""The command ``tiffin shortfalls``."""

from collections.abc import Iterator, Sequence
from typing import Annotated

import typer

from tiffin.capabilities.balance.domain.shortfall import LoadStep, Shortfalls
from tiffin.capabilities.balance.service.shortfalls import shortfalls as find
from tiffin.capabilities.balance.service.shortfalls_page import load_text, standing_told
from tiffin.kernel.errors import WrongUse
from tiffin.kernel.time import read_day
from tiffin.runtime.edge import open_context
from tiffin.runtime.i18n import format_duration, format_number, format_percent, translate
from tiffin.runtime.terminal import AsOfOption, EngineOption, JsonOption, UserOption, WorkspaceOption, emit, moment

LAST_HOUR = 23
DAYS_AND_HOURS = 2


def shortfalls(  # noqa: PLR0913 - one parameter an option of the command
    cities: Annotated[list[str], typer.Argument(metavar="CITY...", help="Cities, as the console names them.")],
    *,
    first: Annotated[str | None, typer.Option(help="First business day; else the first with facts.")] = None,
    last: Annotated[str | None, typer.Option(help="Last business day; else the last with facts.")] = None,
    hours: Annotated[str | None, typer.Option(help="Local hours, both included, such as 17-21; else all.")] = None,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
    user: UserOption = None,
    engine: EngineOption = None,
    as_of: AsOfOption = None,
) -> None:
    """Show where supply falls short of demand over many days: hours below the floor with causes, and what comes back.

    JSON: {"cities": [{"city", "first", "last", "coverage_floor", "hours", "short": [{"day", "zone", "hour", "wanted",
    "no_rider", "cancelled", "coverage_pct", "lacking", "causes"}], "standing": [{"zone", "hours", "wanted", "no_rider",
    "cancelled", "coverage", "lacking"}], "week": {"slots", "by_sums", "by_means", "busier_is_worse"}, "load"}],
    "load": [{"above", "up_to", "orders", "median_s"}]}.
    """
    asked = _hours(hours)
    begin, end = (None if day is None else read_day(day) for day in (first, last))
    with open_context(workspace, user=user, engine=engine, as_of=moment(as_of)) as context:
        found, load = find(context, cities, first=begin, last=end, hours=asked)
        locale = context.locale
    emit({"cities": found, "load": load}, as_json=as_json, human=lambda _: "\n".join(_told(found, load, locale)))


def _hours(text: str | None) -> tuple[int, int] | None:
    if text is None:
        return None
    parts = text.split("-")
    if len(parts) != DAYS_AND_HOURS or not all(part.isdigit() and int(part) <= LAST_HOUR for part in parts):
        raise WrongUse(f"--hours takes two hours of the clock such as 17-21; found {text!r}.")
    return int(parts[0]), int(parts[1])


def _told(found: Sequence[Shortfalls], load: Sequence[LoadStep], locale: str) -> Iterator[str]:
    """Say what was found, in the reader's language."""
    for city in found:
        week, floor = city.week, format_percent(city.coverage_floor, locale, decimals=0)
        yield translate(
            locale, "{city}, {first} to {last}: {short} of {hours} hours below {floor} served.",
            city=translate(locale, city.city.name), first=city.first, last=city.last,
            short=format_number(len(city.short), locale), hours=format_number(city.hours, locale), floor=floor,
        )  # fmt: skip
        yield "  " + translate(
            locale,
            "Of {slots} weekday hours {sums} are below it by people served over people asking, {means} by the mean of "
            "the weeks.",
            slots=format_number(week.slots, locale), sums=format_number(week.by_sums, locale),
            means=format_number(week.by_means, locale),
        )  # fmt: skip
        for row in (standing_told(one, locale) for one in city.standing):
            yield "  " + translate(
                locale,
                "{zone} {hours}: {coverage} of {wanted} served; nobody for {no_rider}, {cancelled} cancelled by "
                "riders: {lacking}",
                **row,
            )
    for step in load:
        said = translate(
            locale, "{orders} orders, half within {minutes}.", orders=format_number(step.orders, locale),
            minutes=format_duration(step.median_s / 60, locale, decimals=1),
        )  # fmt: skip
        yield f"{load_text(above=step.above, up_to=step.up_to, locale=locale)}: {said}"
