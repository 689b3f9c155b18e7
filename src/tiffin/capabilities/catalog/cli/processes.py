"""``tiffin catalog processes``: how data is looked after, step by step."""

from typing import Annotated, Any

import typer

from tiffin.capabilities.catalog.domain.processes import Process
from tiffin.capabilities.catalog.service.processes import find_process, processes
from tiffin.runtime.edge import open_context
from tiffin.runtime.terminal import JsonOption, UserOption, WorkspaceOption, emit, table_of


def register(app: typer.Typer) -> None:
    """Add the command to the catalog's."""
    app.command("processes")(show)


def show(
    name: Annotated[str | None, typer.Argument(help="Process; all of them without one.")] = None,
    *,
    workspace: WorkspaceOption = None,
    user: UserOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show how data is looked after: who takes which step, where, and what must hold.

    JSON: {"roles": [{"role", "name", "does", "holds"}], "processes": [{"process", "title", "purpose", "steps"}]}.
    """
    with open_context(workspace, user=user) as context:
        found = processes(context)
        chosen = (find_process(context, name),) if name else found.processes
        locale = context.locale
        roles = [
            {"role": one.name, "name": one.label.text(locale), "does": one.does.text(locale), "holds": one.holds}
            for one in found.parts.values()
        ]
        payload = {"roles": roles, "processes": [_plain(one, locale) for one in chosen]}
    emit(payload, as_json=as_json, human=_table)


def _plain(process: Process, locale: str) -> dict[str, Any]:
    steps = [
        {
            "step": step.name,
            "by": step.by,
            "does": step.does.text(locale),
            "page": step.page,
            "command": step.command,
            "gate": step.gate.text(locale) if step.gate else "",
            "template": step.template,
        }
        for step in process.steps
    ]
    told = {"title": process.title.text(locale), "purpose": process.purpose.text(locale)}
    return {"process": process.name, **told, "steps": steps}


def _table(payload: Any) -> Any:
    rows = [
        (process["process"], step["by"], step["does"], step["command"] and f"tiffin {step['command']}")
        for process in payload["processes"]
        for step in process["steps"]
    ]
    return table_of(("process", "by", "step", "command"), rows)
