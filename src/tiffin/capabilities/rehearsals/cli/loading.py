"""``tiffin demo``: the demo marketplace, loaded."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import timedelta
from functools import partial
from typing import Annotated

import typer

from tiffin.capabilities.rehearsals import service
from tiffin.capabilities.rehearsals.cli.telling import SeedOption, told
from tiffin.capabilities.rehearsals.domain.demo import ALL_CITIES, DEMO_CITIES, DEMO_DAYS, DEMO_SEED, Marketplace
from tiffin.capabilities.rehearsals.service.on_spark import simulate_on_spark
from tiffin.kernel.errors import WrongUse
from tiffin.kernel.time import Days, asked_days, read_day
from tiffin.runtime.edge import open_context
from tiffin.runtime.terminal import JsonOption, UserOption, WorkspaceOption, emit, progress, say

LARGEST_SCALE = 100.0
HERE, SPARK = "here", "spark"


def demo(  # noqa: PLR0913 - one parameter an option of the command
    *,
    city: Annotated[list[str] | None, typer.Option("--city", help="Only this demo city; may be given again.")] = None,
    cities: Annotated[
        int | None, typer.Option("--cities", help="So many of the twelve demo cities, the six usual ones first.")
    ] = None,
    weeks: Annotated[int | None, typer.Option("--weeks", help="So many weeks from the demo's first day on.")] = None,
    days: Annotated[
        str | None, typer.Option("--days", metavar="FIRST:LAST", help="Business days, such as 2026-02-16:2026-04-12.")
    ] = None,
    scale: Annotated[float, typer.Option("--scale", help="Factor on every city's orders and merchants.")] = 1.0,
    processes: Annotated[
        int | None, typer.Option("--processes", min=1, help="Processes at once; one a core where there is much to do.")
    ] = None,
    engine: Annotated[
        str, typer.Option("--engine", help="Where days are simulated: on this machine, or as a Spark job (spark).")
    ] = HERE,
    seed: SeedOption = DEMO_SEED,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
    user: UserOption = None,
) -> None:
    """Load the demo marketplace: six simulated cities over two weeks, with disruptions planted.

    A larger one: --cities 12 --weeks 8.

    JSON: {"seed", "scale", "cities", "first_day", "last_day", "orders", "disruptions", "unchanged", "is_simulated"}.
    """
    if not 0 < scale <= LARGEST_SCALE:
        raise WrongUse(f"A scale above 0 and up to {LARGEST_SCALE:g} was expected, {scale:g} was found.")
    wanted, span = _cities(city, cities), _days(weeks, days)
    if engine not in (HERE, SPARK):
        raise WrongUse(f"One of {HERE} and {SPARK} was expected as --engine, {engine!r} was found.")
    with _told_of_interrupts(), open_context(workspace, user=user) as context, progress(1.0, "Simulating") as advance:
        report = service.load_marketplace(
            context,
            Marketplace(cities=wanted, days=span, seed=seed, scale=scale),
            processes=processes,
            simulator=partial(simulate_on_spark, context.workspace) if engine == SPARK else None,
            progress=advance,
        )
    emit({**asdict(report), "is_simulated": True}, as_json=as_json, human=told)


@contextmanager
def _told_of_interrupts() -> Iterator[None]:
    try:
        yield
    except KeyboardInterrupt:
        say("Interrupted: the demo is not complete. Run the same command again; it begins anew, with no row twice.")
        raise


def _cities(named: list[str] | None, count: int | None) -> tuple[str, ...]:
    if named and count is not None:
        raise WrongUse("Either --city, by name, or --cities, a number, was expected; both were found. Leave one out.")
    if count is None:
        return tuple(named or DEMO_CITIES)
    if not 1 <= count <= len(ALL_CITIES):
        raise WrongUse(f"Between 1 and {len(ALL_CITIES)} cities were expected, {count} was found.")
    return ALL_CITIES[:count]


def _days(weeks: int | None, stated: str | None) -> Days:
    if weeks is not None and stated is not None:
        raise WrongUse("Either --weeks or --days was expected, both were found. Leave one out.")
    if weeks is not None:
        if weeks < 1:
            raise WrongUse(f"At least one week was expected, {weeks} was found.")
        return Days(DEMO_DAYS.first, DEMO_DAYS.first + timedelta(weeks=weeks) - timedelta(days=1))
    if stated is None:
        return DEMO_DAYS
    first, colon, last = stated.partition(":")
    if not colon:
        raise WrongUse(f"Two days with a colon between were expected, such as 2026-02-16:2026-04-12; found {stated!r}.")
    return asked_days(read_day(first), read_day(last))
