"""The commands ``tiffin access classify`` and what follows from it: columns proposed, confirmed, guarded less."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import RenderableType

from tiffin.capabilities.access.domain.classification import ColumnView, Holder
from tiffin.capabilities.access.service import classification as service
from tiffin.capabilities.access.service.kinds import CLASS_NAMES, KINDS
from tiffin.kernel.contract import Classification
from tiffin.runtime.edge import open_context
from tiffin.runtime.i18n import format_percent, mark, translate
from tiffin.runtime.terminal import JsonOption, UserOption, WorkspaceOption, emit, table_of

HolderArgument = Annotated[str, typer.Argument(help="Table of the workspace, or a file's name as it was looked at.")]
FileOption = Annotated[bool, typer.Option("--file", help="It is a file, not a table.")]


def register(app: typer.Typer) -> None:
    """Add the commands to ``tiffin access``, which asking for access makes."""
    for group in app.registered_groups:
        if group.name == "access" and group.typer_instance is not None:
            group.typer_instance.command("classify")(classify)
            group.typer_instance.command("confirm")(confirm)
            group.typer_instance.command("loosen")(loosen)


def classify(
    what: Annotated[str, typer.Argument(help="A table of the workspace, or the path of a file.")],
    *,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
    user: UserOption = None,
) -> None:
    """Propose what columns hold and how far they may travel. JSON: {"columns": [{"name", "proposed", "found"...}]}."""
    path = Path(what)
    with open_context(workspace, user=user) as context:
        found = service.classify_file(context, path) if path.is_file() else service.classify_table(context, what)
        locale = context.locale
    emit(_payload(found), as_json=as_json, human=lambda told: _table(told["columns"], locale))


def confirm(  # noqa: PLR0913 - one parameter an option of the command
    what: HolderArgument,
    column: Annotated[str | None, typer.Argument(help="One column; all that wait where it is left out.")] = None,
    chosen: Annotated[Classification | None, typer.Option("--as", help="Another class than the proposed.")] = None,
    *,
    reason: Annotated[str, typer.Option(help="Why it is another than the proposed.")] = "",
    is_file: FileOption = False,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
    user: UserOption = None,
) -> None:
    """Confirm the class of a column, or all proposals of a table. JSON: {"columns": [...]}."""
    holder = Holder(what, is_file=is_file)
    with open_context(workspace, user=user) as context:
        if column is None:
            service.confirm_all(context, holder)
        else:
            known = next((one for one in service.columns_of(context, holder) if one.name == column), None)
            proposed = known.proposed if known else Classification.PERSONAL
            service.confirm(context, holder, column, chosen or proposed, reason=reason)
        found = service.columns_of(context, holder)
        locale = context.locale
    emit(_payload(found), as_json=as_json, human=lambda told: _table(told["columns"], locale))


def loosen(
    what: HolderArgument,
    column: Annotated[str, typer.Argument(help="Column for which somebody asks a looser class.")],
    *,
    no: Annotated[bool, typer.Option("--no", help="Leave it as guarded as it is.")] = False,
    is_file: FileOption = False,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
    user: UserOption = None,
) -> None:
    """Agree, as the second person, that a column is guarded less; or not. JSON: {"columns": [...]}."""
    holder = Holder(what, is_file=is_file)
    with open_context(workspace, user=user) as context:
        decide = service.decline if no else service.agree
        found = (decide(context, holder, column),)
        locale = context.locale
    emit(_payload(found), as_json=as_json, human=lambda told: _table(told["columns"], locale))


def _payload(columns: tuple[ColumnView, ...]) -> dict[str, Any]:
    return {"columns": [_plain(one) for one in columns]}


def _plain(one: ColumnView) -> Mapping[str, Any]:
    return {
        "holder": one.holder.name,
        "is_file": one.holder.is_file,
        "name": one.name,
        "proposed": one.proposed,
        "confirmed": one.confirmed,
        "confirmed_by": one.confirmed_by,
        "in_force": one.in_force,
        "looser": one.looser,
        "filled": one.filled,
        "looks": one.looks,
        "found": one.found,
    }


def _table(columns: list[Mapping[str, Any]], locale: str) -> RenderableType:
    heads = (mark("Column"), mark("What it holds"), mark("Proposed"), mark("Confirmed"), mark("In force"))
    names = [translate(locale, text) for text in heads]
    return table_of(
        names,
        [
            [
                one["name"],
                ", ".join(_kind(found, locale) for found in one["found"]),
                *(_class(one[said], locale) for said in ("proposed", "confirmed", "in_force")),
            ]
            for one in columns
        ],
    )


def _kind(found: Any, locale: str) -> str:
    return f"{translate(locale, KINDS[found.kind])} ({format_percent(found.confidence, locale)})"


def _class(found: Classification | None, locale: str) -> str:
    return translate(locale, CLASS_NAMES[found]) if found else ""
