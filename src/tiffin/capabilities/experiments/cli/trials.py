"""Commands on trials: proposed from a file, moved on, and the arms of units."""

from collections.abc import Callable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import RenderableType
from rich.text import Text

from tiffin.capabilities.experiments.service.assigning import assign
from tiffin.capabilities.experiments.service.looking_after import look_after
from tiffin.capabilities.experiments.service.telling import plain_assigned, plain_state
from tiffin.capabilities.experiments.service.trials import act, find_trial, list_trials, propose
from tiffin.runtime.definitions import read_yaml, without_lines
from tiffin.runtime.edge import open_context
from tiffin.runtime.terminal import JsonOption, UserOption, WorkspaceOption, emit, looked_after, table_of

Said = Annotated[
    list[str] | None, typer.Option("--say", help="name=value that the action has to say; may stand again.")
]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    for name, command in _COMMANDS.items():
        app.command(name)(command)


def show(
    *,
    state: Annotated[str | None, typer.Option(help="Only in this state.")] = None,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
    user: UserOption = None,
) -> None:
    """List trials, the newest first. JSON: {"trials": [{"name", "state", "design", "unit", "metric", ...}]}."""
    with open_context(workspace, user=user) as context:
        found = [plain_state(one) for one in list_trials(context, state)]
    emit({"trials": found}, as_json=as_json, human=_listed)


def show_one(
    name: str, *, workspace: WorkspaceOption = None, as_json: JsonOption = False, user: UserOption = None
) -> None:
    """Show a trial by its name or the number of its case. JSON: as one of `list`."""
    with open_context(workspace, user=user) as context:
        found = plain_state(find_trial(context, name))
    emit(dict(found), as_json=as_json, human=_one)


def put(
    file: Annotated[Path, typer.Argument(help="YAML or JSON: name, question, design, unit, arms, cities, ...")],
    *,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
    user: UserOption = None,
) -> None:
    """Propose a trial that a file describes. JSON: as one of `list`."""
    plain = without_lines(read_yaml(file))
    with open_context(workspace, user=user) as context:
        found = plain_state(propose(context, plain))
    emit(dict(found), as_json=as_json, human=_one)


def move(
    name: str,
    action: str,
    *,
    say: Said = None,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
    user: UserOption = None,
) -> None:
    """Move a trial on, such as submit_trial, approve_trial, start_trial, stop_trial. JSON: as one of `list`."""
    values = dict(one.partition("=")[::2] for one in say or ())
    with open_context(workspace, user=user) as context:
        found = plain_state(act(context, name, action, values))
    emit(dict(found), as_json=as_json, human=_one)


def tick(*, workspace: WorkspaceOption = None, as_json: JsonOption = False, user: UserOption = None) -> None:
    """Begin, read out, stop and end trials whose time has come; run it every few minutes.

    JSON: {"begun", "read", "stopped", "ended", "refused": {name: reason}}.
    """
    with open_context(workspace, user=user) as context:
        done = asdict(look_after(context))
    emit(done, as_json=as_json, human=looked_after)


def give(
    name: str,
    units: list[str],
    *,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
    user: UserOption = None,
) -> None:
    """Give units of a running trial their arms. JSON: {"units": [{"unit", "arm", "until", "is_washed_out"}]}."""
    with open_context(workspace, user=user) as context:
        found = [plain_assigned(one) for one in assign(context, name, units)]
    emit({"units": found}, as_json=as_json, human=lambda told: _rows(told["units"]))


def _listed(told: Mapping[str, Any]) -> RenderableType:
    names = ("name", "state", "design", "unit", "metric", "first", "last")
    return _rows([{name: one[name] for name in names} for one in told["trials"]])


def _one(told: Mapping[str, Any]) -> RenderableType:
    return _rows([{"": name, " ": value} for name, value in told.items()])


def _rows(rows: list[Any]) -> RenderableType:
    if not rows:
        return Text("None.")
    return table_of(list(rows[0]), [[str(value) for value in row.values()] for row in rows])


_COMMANDS: Mapping[str, Callable[..., None]] = {
    "list": show,
    "show": show_one,
    "propose": put,
    "act": move,
    "tick": tick,
    "assign": give,
}
