"""The command ``tiffin marketplace``."""

from collections.abc import Iterator, Mapping
from typing import Annotated, Any

import typer

from tiffin.capabilities.balance.cli.days import day_of
from tiffin.capabilities.balance.domain.marketplace_state import Cell
from tiffin.capabilities.balance.service.state import marketplace_state
from tiffin.capabilities.balance.service.state_page import clock, state_payload, written
from tiffin.runtime.edge import open_context
from tiffin.runtime.terminal import AsOfOption, EngineOption, JsonOption, UserOption, WorkspaceOption, emit, moment

MOST_ROWS = 15


def marketplace(
    city: Annotated[str, typer.Argument(help="City, as the console names it.")],
    day: Annotated[str, typer.Argument(metavar="DATE", help="Such as 2026-02-20, or `last`.")],
    *,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
    user: UserOption = None,
    engine: EngineOption = None,
    as_of: AsOfOption = None,
) -> None:
    """Show the state of the marketplace on a day: its worst zones and slots, with orders and riders.

    JSON: {"city_id", "day", "slot_min", "is_running", "made_at", "slots": [{"slot", "starts_at", "city": {...},
    "zones": [{"zone_id", "wanted", "seen", "asked", "served", "still_open", "lost", "coverage", "late", "late_min",
    "kitchen_min", "on_shift", "busy", "idle", "elsewhere", "load"}]}]}.
    """
    with open_context(workspace, user=user, engine=engine, as_of=moment(as_of)) as context:
        state = marketplace_state(context, city, day_of(context, city, day))
    times = clock(state, "en")
    worst = [(times[cell.slot], cell) for cell in state.worst()[:MOST_ROWS]]

    def told(_: Mapping[str, Any]) -> str:
        return "\n".join(_told(state.city.name, worst))

    emit(state_payload(state), as_json=as_json, human=told)


def _told(name: str, worst: list[tuple[str, Cell]]) -> Iterator[str]:
    yield f"{name}: worst zones and slots" if worst else f"{name}: no order was lost and none came late."
    for time, cell in worst:
        wanted, served, lost, late, busy, on_shift, idle, elsewhere = (
            written(figure, cell.figure(figure), "en")
            for figure in ("wanted", "served", "lost", "late_min", "busy", "on_shift", "idle", "elsewhere")
        )
        yield (
            f"  {time} {cell.zone_id}: {wanted} wanted, {served} served, {lost} lost, {late} min late; "
            f"{busy} of {on_shift} riders busy, {idle} idle here, {elsewhere} idle elsewhere"
        )
