"""``tiffin rehearsals``: those that were kept, and running them."""

from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Group, RenderableType
from rich.text import Text

from tiffin.capabilities.rehearsals.cli.calibrating import calibration
from tiffin.capabilities.rehearsals.cli.instances import instance
from tiffin.capabilities.rehearsals.cli.levers import levers
from tiffin.capabilities.rehearsals.cli.running import run_kept
from tiffin.capabilities.rehearsals.cli.telling import SIMULATED, compared
from tiffin.capabilities.rehearsals.service import runs
from tiffin.capabilities.rehearsals.service.run_files import FORMS, as_payload, written
from tiffin.capabilities.rehearsals.service.run_views import RehearsalView, find_rehearsal, list_rehearsals
from tiffin.kernel.errors import WrongUse
from tiffin.runtime.edge import open_context
from tiffin.runtime.terminal import JsonOption, UserOption, WorkspaceOption, emit, progress, table_of

Number = Annotated[int, typer.Argument(metavar="REHEARSAL", help="Number of the rehearsal.")]


def register(app: typer.Typer) -> None:
    """Add the commands to the command line."""
    kept = typer.Typer(
        no_args_is_help=True, help="Simulated days under policies and rosters, kept with what they came to."
    )
    for name, command in (
        ("list", list_kept),
        ("show", show),
        ("run", run),
        ("cancel", cancel),
        ("delete", delete),
        ("export", export),
        ("calibration", calibration),
        ("instance", instance),
        ("levers", levers),
    ):
        kept.command(name)(command)
    app.add_typer(kept, name="rehearsals")


def list_kept(*, workspace: WorkspaceOption = None, as_json: JsonOption = False, user: UserOption = None) -> None:
    """List the rehearsals, newest first. JSON: {"rehearsals": [{"rehearsal", "plan", "standing", ...}]}."""
    with open_context(workspace, user=user) as context:
        found = list_rehearsals(context)
    payload = {"rehearsals": [as_payload(one) for one in found], "is_simulated": True}
    emit(payload, as_json=as_json, human=lambda _: _listed(found))


def show(
    number: Number, *, workspace: WorkspaceOption = None, as_json: JsonOption = False, user: UserOption = None
) -> None:
    """Show what a rehearsal came to. JSON: {"rehearsal", "plan", "standing", "figures", "receipt", ...}."""
    with open_context(workspace, user=user) as context:
        found = find_rehearsal(context, number)
    emit(as_payload(found), as_json=as_json, human=lambda _: _shown(found))


def run(
    number: Number, *, workspace: WorkspaceOption = None, as_json: JsonOption = False, user: UserOption = None
) -> None:
    """Run a rehearsal that waits, or that was cancelled, failed or interrupted. JSON: as of `show`."""
    with open_context(workspace, user=user) as context:
        wanted = find_rehearsal(context, number).plan.replications
    with progress(wanted, "Rehearsing") as advance:
        run_kept(workspace, number, user=user, told=advance)
    show(number, workspace=workspace, as_json=as_json, user=user)


def cancel(
    number: Number, *, workspace: WorkspaceOption = None, as_json: JsonOption = False, user: UserOption = None
) -> None:
    """Cancel a rehearsal that waits or runs. JSON: as of `show`."""
    with open_context(workspace, user=user) as context:
        runs.cancel(context, number)
        found = find_rehearsal(context, number)
    emit(as_payload(found), as_json=as_json, human=lambda _: _shown(found))


def delete(
    number: Number, *, workspace: WorkspaceOption = None, as_json: JsonOption = False, user: UserOption = None
) -> None:
    """Delete a rehearsal: it leaves the list and all metrics. JSON: {"deleted"}."""
    with open_context(workspace, user=user) as context:
        runs.delete(context, number)
    emit({"deleted": number, "is_simulated": True}, as_json=as_json, human=lambda _: f"Rehearsal {number} is deleted.")


def export(
    number: Number,
    *,
    out: Annotated[Path, typer.Option("--out", help="File to write; its ending says how: .csv or .json.")],
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
    user: UserOption = None,
) -> None:
    """Write each day of a rehearsal to a file: one row a policy and replication. JSON: {"file", "rows"}."""
    form = out.suffix.removeprefix(".").lower()
    if form not in FORMS:
        raise WrongUse(f"A file ending in {' or '.join('.' + one for one in FORMS)} was expected; found {out.name!r}.")
    with open_context(workspace, user=user) as context:
        rows, text = written(context, number, form)
    out.write_text(text, encoding="utf-8")
    payload = {"file": str(out), "rows": rows, "is_simulated": True}
    emit(payload, as_json=as_json, human=lambda _: f"{rows} simulated days are written to {out}.")


def _listed(found: tuple[RehearsalView, ...]) -> RenderableType:
    if not found:
        return "No rehearsal is kept yet. Make one: tiffin simulate riyadh/2026-02-24 --riders +10% --save"
    columns = ("rehearsal", "scenario", "policies", "roster", "replications", "standing", "asked by", "asked at")
    rows = (
        (
            one.rehearsal_id,
            one.plan.scenario,
            ", ".join(one.plan.policies),
            one.plan.roster.label,
            one.plan.replications,
            one.standing.value,
            one.asked_by,
            one.asked_at.isoformat(timespec="minutes"),
        )
        for one in found
    )
    return table_of(columns, rows, title=SIMULATED)


def _shown(found: RehearsalView) -> RenderableType:
    head = f"Rehearsal {found.rehearsal_id} of {found.plan.scenario} is {found.standing.value}: "
    head += f"{found.done} of {found.plan.replications} replications."
    parts: list[Any] = [Text(head)]
    if found.failure:
        parts.append(Text(found.failure))
    if found.figures:
        parts.append(compared(found.plan, found.figures))
    return Group(*parts)
