"""``tiffin rehearsals levers``: what a lever would have done on a day, beside the same day without it."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Annotated, Any

import typer
from rich.console import RenderableType

from tiffin.capabilities.rehearsals.cli.telling import SIMULATED
from tiffin.capabilities.rehearsals.domain.levers import QUANTITIES
from tiffin.capabilities.rehearsals.service.lever_forms import WrittenPull, pull_of
from tiffin.capabilities.rehearsals.service.lever_sources import lever_source
from tiffin.capabilities.rehearsals.service.levers import rehearse_levers
from tiffin.kernel.errors import WrongUse
from tiffin.kernel.time import read_day
from tiffin.runtime.edge import open_context
from tiffin.runtime.terminal import JsonOption, UserOption, WorkspaceOption, emit, progress, table_of

REPLICATIONS = 40
"""Where nobody says how many."""


def levers(  # noqa: PLR0913 - one parameter an option of the command
    name: Annotated[str, typer.Argument(metavar="CITY/DATE", help="A day with facts, such as riyadh/2026-02-24.")],
    *,
    lever: Annotated[str, typer.Option("--lever", help="What is done. A wrong name lists all.")],
    zones: Annotated[str, typer.Option("--zones", help="Where: identifiers or names with commas between, or all.")],
    start: Annotated[str, typer.Option("--from", help="From when, by the city's clock, such as 18:30.")],
    end: Annotated[str, typer.Option("--to", help="Until when.")],
    strength: Annotated[float, typer.Option("--strength", help="How far: a share, riders, metres, minutes or pay.")],
    from_zones: Annotated[
        str, typer.Option("--from-zones", help="Whose riders move, or whose merchants take the orders; or all.")
    ] = "",
    replications: Annotated[int, typer.Option(help="So many days, which differ by chance.")] = REPLICATIONS,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
    user: UserOption = None,
) -> None:
    """Rehearse a lever on a day: the day without it and with it, on the same random numbers.

    A day that no scenario simulates is made again from its facts; how near that comes to them is told, and a day that
    does not come near enough is refused.

    JSON: {"city_id", "day", "replications", "without": {count: {"mean", "low", "high"}}, "outcomes": [{"pulls",
    quantity: {"mean", "low", "high"}, "draws"}], "fit", "made_from", "is_simulated"}.
    """
    city_id, slash, stated = name.partition("/")
    if not slash:
        raise WrongUse(f"A city and a day were expected, such as riyadh/2026-02-24; found {name!r}.")
    day = read_day(stated)
    written = WrittenPull(
        lever=lever, zones=_listed(zones), from_zones=_listed(from_zones), start=start, end=end, strength=strength
    )
    with open_context(workspace, user=user) as context, progress(replications, "Rehearsing") as advance:
        pull = pull_of(written, lever_source(context, city_id, day))
        found = rehearse_levers(context, city_id, day, ((pull,),), replications=replications, progress=advance)
    emit({**asdict(found), "is_simulated": True}, as_json=as_json, human=_told)


def _listed(text: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in text.split(",") if name.strip())


def _told(payload: Mapping[str, Any]) -> RenderableType:
    (outcome,) = payload["outcomes"]
    rows = [(f"without it: {name.replace('_', ' ')}", _within(one)) for name, one in payload["without"].items()]
    rows += [(name.replace("_", " "), _within(outcome[name])) for name in QUANTITIES]
    title = f"{SIMULATED} {payload['replications']} replications, means with paired 95 % intervals."
    fit = payload["fit"]
    if fit is not None:
        late, lost = fit["late_share"], fit["lost_share"]
        title += (
            f" The day is a twin made from its facts: {late[0]:.1%} of its deliveries were late and {late[1]:.1%} of"
            f" the twin's, {lost[0]:.1%} and {lost[1]:.1%} of the orders were lost."
        )
    return table_of(("quantity", "estimate"), rows, title=title)


def _within(found: Mapping[str, float | None]) -> str:
    if found["low"] is None:
        return f"{found['mean']:,.1f}"
    return f"{found['mean']:,.1f} ({found['low']:,.1f} to {found['high']:,.1f})"
