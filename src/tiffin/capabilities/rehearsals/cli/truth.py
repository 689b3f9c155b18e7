"""``tiffin truth``: who took how many seconds of each order of a simulated day, brought into the facts."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Annotated, Any

import typer
from rich.console import RenderableType

from tiffin.capabilities.rehearsals.cli.telling import SIMULATED
from tiffin.capabilities.rehearsals.service.truth import load_scenario, work_out
from tiffin.kernel.time import read_day
from tiffin.runtime.edge import open_context
from tiffin.runtime.terminal import JsonOption, UserOption, WorkspaceOption, emit, progress, table_of


def truth(
    name: Annotated[
        str,
        typer.Argument(
            metavar="CITY/DATE|SCENARIO",
            help="A day of the loaded demo such as riyadh/2026-03-01, or a scenario, whose facts are loaded too.",
        ),
    ],
    *,
    chance: Annotated[
        bool, typer.Option("--chance", help="Split what is ordinary too, over each party's own chance; takes longer.")
    ] = False,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
    user: UserOption = None,
) -> None:
    """Work out who took how many seconds of each order of a simulated day, and write it into the facts.

    The day is replayed with every combination of its disruptions, by the same chance. A scenario is loaded with all its
    facts under a city of its own, such as doha-broken-clock.

    JSON: {"city_id", "first_day", "last_day", "orders", "seconds": {cause: seconds}, "rows": {table: rows},
    "is_simulated"}.
    """
    city_id, _, day = name.partition("/")
    with open_context(workspace, user=user) as context, progress(1.0, "Replaying") as advance:
        if day:
            report = work_out(context, city_id, read_day(day), with_chance=chance)
        else:
            report = load_scenario(context, name, with_chance=chance)
        advance(1.0)
    emit({**asdict(report), "is_simulated": True}, as_json=as_json, human=_told)


def _told(payload: Mapping[str, Any]) -> RenderableType:
    seconds: Mapping[str, int] = payload["seconds"]
    shown = [(cause, f"{taken / 60:,.1f}") for cause, taken in seconds.items()]
    head = f"{SIMULATED} {payload['city_id']}: minutes of {payload['orders']:,} orders by cause."
    return table_of(("cause", "minutes"), shown, title=head)
