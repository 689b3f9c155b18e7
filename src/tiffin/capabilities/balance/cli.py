"""Commands of the balance: ``tiffin daybook`` and ``tiffin diagnose``."""

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer

from tiffin.capabilities.balance import service
from tiffin.kernel.errors import WrongUse
from tiffin.kernel.time import read_day
from tiffin.runtime.context import Context
from tiffin.runtime.edge import open_context
from tiffin.runtime.i18n import LOCALES
from tiffin.runtime.terminal import (
    AsOfOption,
    EngineOption,
    JsonOption,
    UserOption,
    WorkspaceOption,
    emit,
    moment,
    progress,
)

CityArgument = Annotated[str, typer.Argument(help="City, as `tiffin facts` and the console name it.")]
DateArgument = Annotated[str, typer.Argument(metavar="DATE", help="Business day, such as 2026-02-20, or `last`.")]


def register(app: typer.Typer) -> None:
    """Add the commands to the command line."""
    app.command("daybook")(daybook)
    app.command("diagnose")(diagnose)


def daybook(  # noqa: PLR0913 - one parameter an option of the command
    city: Annotated[str | None, typer.Argument(help="City, as the console names it.")] = None,
    day: Annotated[str | None, typer.Argument(metavar="DATE", help="Such as 2026-02-20, or `last`.")] = None,
    *,
    everything: Annotated[
        bool, typer.Option("--all", help="Every day of the city; without a city, of every city.")
    ] = False,
    locale: Annotated[str, typer.Option(help=f"Language of the page: {', '.join(LOCALES)}.")] = "en",
    out: Annotated[Path | None, typer.Option(help="Write the page here instead of into the workspace.")] = None,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
    user: UserOption = None,
    engine: EngineOption = None,
    as_of: AsOfOption = None,
) -> None:
    """Write what happened in a city on a day, where supply missed demand and why, what it cost, what to do.

    JSON: the day-book itself; with --all {"daybooks": [{"city_id", "day", "path", "episodes"}]}.
    """
    _check_use(city, day, everything=everything, locale=locale, out=out)
    with open_context(workspace, user=user, engine=engine, as_of=moment(as_of), locale=locale) as context:
        if everything:
            emit({"daybooks": _write_all(context, city)}, as_json=as_json, human=_told_all)
            return
        book = service.daybook(context, str(city), _day_of(context, str(city), str(day)))
        path = service.write_book(context, book, out)
    emit(
        service.payload(book) | {"path": str(path)},
        as_json=as_json,
        human=lambda _: f"{service.told(book, locale)}\n\n{path}",
    )


def diagnose(
    city: CityArgument,
    day: DateArgument,
    *,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
    user: UserOption = None,
    engine: EngineOption = None,
    as_of: AsOfOption = None,
) -> None:
    """Show the causes of a city's misses on a day, with the share that each explains.

    JSON: {"city_id", "day", "episodes": [{"where", "miss_min", "causes": [{"cause", "share", "weighed_min"}], ...}]}.
    """
    with open_context(workspace, user=user, engine=engine, as_of=moment(as_of)) as context:
        book = service.daybook(context, city, _day_of(context, city, day))
        locale = context.locale
    found = service.payload(book)
    payload = {"city_id": city, "day": book.day, "episodes": found["episodes"], "lacks": found["lacks"]}
    emit(payload, as_json=as_json, human=lambda _: service.told(book, locale))


def _check_use(city: str | None, day: str | None, *, everything: bool, locale: str, out: Path | None) -> None:
    if locale not in LOCALES:
        raise WrongUse(f"--locale takes one of {', '.join(LOCALES)}; found {locale!r}.")
    if everything and (day or out):
        raise WrongUse("--all writes every day into the workspace: leave out the date and --out.")
    if not everything and not (city and day):
        raise WrongUse("A city and a date were expected: `tiffin daybook CITY DATE`, or --all.")


def _day_of(context: Context, city: str, text: str) -> date:
    if text == "last":
        service.find_city(context, city)
        days = service.days_of(context, city)
        if days:
            return days[-1].day
    return read_day(text)


def _write_all(context: Context, city: str | None) -> list[Mapping[str, Any]]:
    if city:
        service.find_city(context, city)
    index = service.day_index(context)
    wanted = [(c, d) for c, days in index.items() if city in {None, c} for d in days]
    written: list[Mapping[str, Any]] = []
    with progress(len(wanted), "day-books") as advance:
        for city_id, day in wanted:
            book = service.daybook(context, city_id, day)
            path = service.write_book(context, book, None)
            written.append({"city_id": city_id, "day": day, "path": str(path), "episodes": len(book.episodes)})
            advance(1)
    return written


def _told_all(payload: Mapping[str, Any]) -> str:
    books: Sequence[Mapping[str, Any]] = payload["daybooks"]
    return "\n".join(str(book["path"]) for book in books) or "No city has a day with facts."
