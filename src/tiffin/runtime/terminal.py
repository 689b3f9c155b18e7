"""How commands speak: data on standard output, all else on standard error, and the options that every command takes."""

import sys
from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from threading import Timer
from typing import Annotated, Any

import typer
from rich.console import Console, RenderableType
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

from tiffin.runtime.as_of import AsOf, read_as_of
from tiffin.runtime.json_text import json_text

WorkspaceOption = Annotated[
    Path | None,
    typer.Option(
        "--workspace",
        help="Workspace folder; else TIFFIN_WORKSPACE, else ./workspace, else the one beside the launcher.",
    ),
]
JsonOption = Annotated[
    bool, typer.Option("--json", help="Print one JSON document on standard output, and nothing else there.")
]
UserOption = Annotated[str | None, typer.Option("--user", help="Act as this account; its grants then hold.")]
EngineOption = Annotated[
    str | None, typer.Option("--engine", help="Warehouse engine: duckdb or spark; else the workspace's own.")
]
AsOfOption = Annotated[
    str | None,
    typer.Option("--as-of", help="Read the tables as they were: a version number, an instant, or orders=3,cities=1."),
]

PROGRESS_AFTER_S = 2.0
"""Work that is done sooner shows no progress bar."""

PIPE_WIDTH = 200
"""Columns of a table that goes to a file or a pipe, where no terminal tells its width."""


def emit(payload: Mapping[str, Any], *, as_json: bool, human: Callable[[Mapping[str, Any]], RenderableType]) -> None:
    """Print what a command found.

    Parameters
    ----------
    payload : Mapping
        The stable, documented keys of the command; dataclasses, dates, decimals and paths inside are written for what
        they are.
    as_json : bool
        Whether the asker wants the payload itself.
    human : Callable
        Given the payload, makes what a person reads: a text, or anything that rich prints, such as a `table_of`.
    """
    if as_json:
        sys.stdout.write(json_text(payload) + "\n")
        return
    shown = human(payload)
    if isinstance(shown, str):
        sys.stdout.write(shown + "\n")
        return
    width = None if sys.stdout.isatty() else PIPE_WIDTH
    Console(file=sys.stdout, width=width, highlight=False).print(shown)


def say(text: str) -> None:
    """Tell the person something that is not the command's data; goes to standard error."""
    sys.stderr.write(text + "\n")


def looked_after(told: Mapping[str, Any]) -> Text:
    """Write what a command that runs every few minutes has done: its counts, and under ``refused`` why not more."""
    counts = ", ".join(f"{name}: {count}" for name, count in told.items() if name != "refused")
    return Text("\n".join([counts, *(f"{name}: {reason}" for name, reason in told["refused"].items())]))


def table_of(
    columns: Iterable[str],
    rows: Iterable[Iterable[object]],
    *,
    title: str | None = None,
    written_numbers: Container[int] = (),
) -> RenderableType:
    """Lay rows out for reading; numbers stand right, and so do those columns whose numbers are written already."""
    listed = [list(row) for row in rows]
    table = Table(box=None, title=title, title_justify="left", pad_edge=False, header_style="bold")
    for index, column in enumerate(columns):
        numeric = bool(listed) and all(isinstance(row[index], int | float | None) for row in listed)
        is_right = numeric or index in written_numbers
        table.add_column(column, justify="right" if is_right else "left", overflow="fold")
    for row in listed:
        # Text, not str: a cell such as "[bold]" is somebody's data and not markup.
        table.add_row(*(Text("" if cell is None else str(cell)) for cell in row))
    return table


@contextmanager
def progress(total: float | None, label: str) -> Iterator[Callable[[float], None]]:
    """Show how far long work is, on a terminal only, and only once it has taken two seconds.

    Parameters
    ----------
    total : float or None
        Amount of work; None when nobody knows.
    label : str
        What is being done.

    Yields
    ------
    Callable
        Called with the amount of work done since the last call.
    """
    if not sys.stderr.isatty():
        yield lambda _amount: None
        return
    columns = (TextColumn("{task.description}", markup=False), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    bar = Progress(*columns, console=Console(file=sys.stderr), transient=True)
    task = bar.add_task(label, total=total)
    timer = Timer(PROGRESS_AFTER_S, bar.start)
    timer.daemon = True
    timer.start()
    try:
        yield lambda amount: bar.advance(task, amount)
    finally:
        timer.cancel()
        timer.join()
        bar.stop()


def moment(text: str | None) -> AsOf:
    """Read the value of ``--as-of``: a table version, an instant, or the versions of tables.

    Raises
    ------
    WrongUse
        It is none of them.

    Examples
    --------
    >>> moment("3")
    3
    >>> moment("2026-02-20T10:00:00Z")
    datetime.datetime(2026, 2, 20, 10, 0, tzinfo=datetime.timezone.utc)
    """
    return read_as_of(text)
