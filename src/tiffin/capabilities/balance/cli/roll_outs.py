"""The command ``tiffin roll-outs …``."""

from collections.abc import Callable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import RenderableType
from rich.text import Text

from tiffin.capabilities.balance.service.roll_outs.looking_after import look_after
from tiffin.capabilities.balance.service.roll_outs.moving import act
from tiffin.capabilities.balance.service.roll_outs.planning import WAVE_SHARES, draft, suggest
from tiffin.capabilities.balance.service.roll_outs.records import find_roll_out, list_roll_outs
from tiffin.capabilities.balance.service.roll_outs.register import register as registered
from tiffin.capabilities.balance.service.roll_outs.telling import plain_entry, plain_roll_out, plain_suggestion
from tiffin.runtime.definitions import read_yaml, without_lines
from tiffin.runtime.edge import open_context
from tiffin.runtime.terminal import JsonOption, UserOption, WorkspaceOption, emit, looked_after, table_of

Said = Annotated[
    list[str] | None, typer.Option("--say", help="name=value that the action has to say; may stand again.")
]
LISTED = ("case", "name", "remedy", "state", "wave", "due_day")
ENTERED = ("remedy", "kind", "city_id", "metric", "effect", "low", "high", "result", "judgement", "last_day")


def register(app: typer.Typer) -> None:
    """Add the command to the command line."""
    roll_outs = typer.Typer(no_args_is_help=True, help="Roll-outs: planned, let go on by gates, taken back.")
    for name, command in _COMMANDS.items():
        roll_outs.command(name)(command)
    app.add_typer(roll_outs, name="roll-outs")


def show(
    *,
    state: Annotated[str | None, typer.Option(help="Only in this state.")] = None,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
    user: UserOption = None,
) -> None:
    """List roll-outs, the newest first. JSON: {"roll_outs": [{"case", "name", "state", "wave", "cities", ...}]}."""
    with open_context(workspace, user=user) as context:
        found = [plain_roll_out(one) for one in list_roll_outs(context, state)]
    emit({"roll_outs": found}, as_json=as_json, human=lambda told: _rows(told["roll_outs"], LISTED))


def show_one(
    name: str, *, workspace: WorkspaceOption = None, as_json: JsonOption = False, user: UserOption = None
) -> None:
    """Show a roll-out by its name or the number of its case. JSON: as one of `list`."""
    with open_context(workspace, user=user) as context:
        found = plain_roll_out(find_roll_out(context, name))
    emit(dict(found), as_json=as_json, human=_one)


def plan(  # noqa: PLR0913 - one argument an option
    what: Annotated[str, typer.Argument(help="A trial to suggest a plan from, or a YAML or JSON file of a plan.")],
    *,
    cost: Annotated[float, typer.Option(help="Of the remedy for an order, in the unit of the metric.")] = 0.0,
    share: Annotated[list[float] | None, typer.Option(help="Of the orders by the end of each wave; again.")] = None,
    city: Annotated[list[str] | None, typer.Option(help="A candidate; may stand again.")] = None,
    write: Annotated[bool, typer.Option("--write", help="Write the suggested plan down.")] = False,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
    user: UserOption = None,
) -> None:
    """Suggest a roll-out from a trial, or write one down from a file.

    JSON: {"plan", "refused", "evidence"}; of what was written down as one of `list`.
    """
    with open_context(workspace, user=user) as context:
        if Path(what).is_file():
            found = plain_roll_out(draft(context, without_lines(read_yaml(Path(what)))))
        else:
            suggested = suggest(context, what, cost=cost, wave_shares=tuple(share or WAVE_SHARES), cities=city or ())
            found = plain_roll_out(draft(context, suggested.plan.plain())) if write else plain_suggestion(suggested)
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
    """Move a roll-out on, such as submit_roll_out, approve_roll_out, start_wave, take_back, change_city.

    JSON: as one of `list`.
    """
    values = dict(one.partition("=")[::2] for one in say or ())
    with open_context(workspace, user=user) as context:
        found = plain_roll_out(act(context, name, action, values))
    emit(dict(found), as_json=as_json, human=_one)


def tick(*, workspace: WorkspaceOption = None, as_json: JsonOption = False, user: UserOption = None) -> None:
    """Let gates look and follow their word; run it every few minutes.

    JSON: {"looked", "gone_on", "gone_back", "overdue", "refused": {name: reason}}.
    """
    with open_context(workspace, user=user) as context:
        done = asdict(look_after(context))
    emit(done, as_json=as_json, human=looked_after)


def show_register(
    *,
    remedy: Annotated[str, typer.Option(help="Only this remedy.")] = "",
    city: Annotated[str, typer.Option(help="Only this city.")] = "",
    result: Annotated[str, typer.Option(help="Only better, worse, unclear or unknown.")] = "",
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
    user: UserOption = None,
) -> None:
    """Tell what was tried and rolled out where. JSON: {"entries": [{"remedy", "kind", "city_id", "effect", ...}]}."""
    with open_context(workspace, user=user) as context:
        found = [plain_entry(one) for one in registered(context, remedy=remedy, city_id=city, result=result)]
    emit({"entries": found}, as_json=as_json, human=lambda told: _rows(told["entries"], ENTERED))


def _one(told: Mapping[str, Any]) -> RenderableType:
    return _rows([{"": name, " ": value} for name, value in told.items()], ("", " "))


def _rows(rows: list[Any], names: tuple[str, ...]) -> RenderableType:
    if not rows:
        return Text("None.")
    return table_of(list(names), [[_figure(row.get(name)) for name in names] for row in rows])


def _figure(value: Any) -> str:
    return f"{value:.6g}" if isinstance(value, float) else "\N{EN DASH}" if value is None else str(value)


_COMMANDS: Mapping[str, Callable[..., None]] = {
    "list": show,
    "show": show_one,
    "plan": plan,
    "act": move,
    "tick": tick,
    "register": show_register,
}
