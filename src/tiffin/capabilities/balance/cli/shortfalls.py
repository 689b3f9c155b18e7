"""The command ``tiffin shortfalls``."""

from collections.abc import Iterator, Mapping
from typing import Annotated, Any

import typer

from tiffin.capabilities.balance.service.shortfalls import shortfalls as find
from tiffin.kernel.errors import WrongUse
from tiffin.kernel.time import read_day
from tiffin.runtime.edge import open_context
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
    emit({"cities": found, "load": load}, as_json=as_json, human=lambda payload: "\n".join(_told(payload)))


def _hours(text: str | None) -> tuple[int, int] | None:
    if text is None:
        return None
    parts = text.split("-")
    if len(parts) != DAYS_AND_HOURS or not all(part.isdigit() and int(part) <= LAST_HOUR for part in parts):
        raise WrongUse(f"--hours takes two hours of the clock such as 17-21; found {text!r}.")
    return int(parts[0]), int(parts[1])


def _told(payload: Mapping[str, Any]) -> Iterator[str]:
    for city in payload["cities"]:
        week = city.week
        yield f"{city.city.name}, {city.first} to {city.last}: {len(city.short)} of {city.hours} hours below"
        yield f"  {city.coverage_floor:.0%} served. Of {week.slots} weekday hours {week.by_sums} are below it by people"
        yield f"  served over people asking, {week.by_means} by the mean of the weeks."
        for one in city.standing:
            yield (
                f"  {one.zone} {one.hours[0]:02}-{one.hours[-1]:02} h: {one.coverage:.0%} of {one.wanted:.0f} served; "
                f"nobody for {one.no_rider:.0f}, {one.cancelled:.0f} cancelled by riders: {one.lacking}"
            )
    for step in payload["load"]:
        above = "" if step.above is None else f"above {step.above:g} "
        up_to = "" if step.up_to is None else f"up to {step.up_to:g} "
        yield f"{above}{up_to}open orders a rider: {step.orders} orders, half within {step.median_s:.0f} s"
