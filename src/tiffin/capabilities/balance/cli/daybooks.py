"""The command ``tiffin daybook``."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from tiffin.capabilities.balance import service
from tiffin.capabilities.balance.cli.days import day_of
from tiffin.capabilities.balance.service.page_city import page_in_text, write_page
from tiffin.capabilities.balance.service.page_email import send_city_page
from tiffin.capabilities.scorecards.service.outbox import Posted
from tiffin.kernel.errors import WrongUse
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


def daybook(  # noqa: PLR0913 - one parameter an option of the command
    city: Annotated[str | None, typer.Argument(help="City, as the console names it.")] = None,
    day: Annotated[str | None, typer.Argument(metavar="DATE", help="Such as 2026-02-20, or `last`.")] = None,
    *,
    everything: Annotated[
        bool, typer.Option("--all", help="Every day of the city; without a city, of every city.")
    ] = False,
    locale: Annotated[str, typer.Option(help=f"Language of the page: {', '.join(LOCALES)}.")] = "en",
    email: Annotated[
        bool, typer.Option("--email", help="Put the city's page into the outbox for yourself instead.")
    ] = False,
    out: Annotated[Path | None, typer.Option(help="Write the page here instead of into the workspace.")] = None,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
    user: UserOption = None,
    engine: EngineOption = None,
    as_of: AsOfOption = None,
) -> None:
    """Write what happened in a city on a day and why, what was decided and tried, and what waits for a person.

    JSON: the day-book itself and {"sections": {"decisions", "running", "gates", "open"}, "path"}; each section
    lists {"name", "state", "href", "by", "due", "is_overdue"}, as far as the user may see it. With --all
    {"daybooks": [{"city_id", "day", "path", "episodes"}]}; with --email {"message", "recipient", "subject", "file",
    "is_new"}.
    """
    _check_use(city, day, everything=everything, locale=locale, out=out)
    if email and (everything or out):
        raise WrongUse("--email sends one city's day: leave out --all and --out.")
    with open_context(workspace, user=user, engine=engine, as_of=moment(as_of), locale=locale) as context:
        if everything:
            emit({"daybooks": _write_all(context, city)}, as_json=as_json, human=_told_all)
            return
        asked = day_of(context, str(city), str(day))
        if email:
            emit(
                _sent(send_city_page(context, str(city), asked)), as_json=as_json, human=lambda told: str(told["file"])
            )
            return
        book = service.daybook(context, str(city), asked)
        path, shown = write_page(context, book, out)
        text = page_in_text(context, book, shown)
    sections = {part["name"]: part["rows"] for part in shown["sections"]}
    emit(
        service.payload(book) | {"sections": sections, "path": str(path)},
        as_json=as_json,
        human=lambda _: f"{text}\n{path}",
    )


def _sent(posted: Posted) -> Mapping[str, Any]:
    return {
        "message": posted.message_id,
        "recipient": posted.recipient,
        "subject": posted.subject,
        "file": str(posted.file),
        "is_new": posted.is_new,
    }


def _check_use(city: str | None, day: str | None, *, everything: bool, locale: str, out: Path | None) -> None:
    if locale not in LOCALES:
        raise WrongUse(f"--locale takes one of {', '.join(LOCALES)}; found {locale!r}.")
    if everything and (day or out):
        raise WrongUse("--all writes every day into the workspace: leave out the date and --out.")
    if not everything and not (city and day):
        raise WrongUse("A city and a date were expected: `tiffin daybook CITY DATE`, or --all.")


def _write_all(context: Context, city: str | None) -> list[Mapping[str, Any]]:
    if city:
        service.find_city(context, city)
    index = service.day_index(context)
    wanted = [(c, d) for c, days in index.items() if city in {None, c} for d in days]
    written: list[Mapping[str, Any]] = []
    with progress(len(wanted), "day-books") as advance:
        for city_id, day in wanted:
            book = service.daybook(context, city_id, day)
            path = service.write_book(context, book)
            written.append({"city_id": city_id, "day": day, "path": str(path), "episodes": len(book.episodes)})
            advance(1)
    return written


def _told_all(payload: Mapping[str, Any]) -> str:
    books: Sequence[Mapping[str, Any]] = payload["daybooks"]
    return "\n".join(str(book["path"]) for book in books) or "No city has a day with facts."
