"""The command ``tiffin audit``: who did what."""

from collections.abc import Mapping
from typing import Annotated, Any

import typer
from rich.console import RenderableType

from tiffin.capabilities.access import service
from tiffin.runtime.edge import open_context
from tiffin.runtime.i18n import mark, translate
from tiffin.runtime.terminal import JsonOption, UserOption, WorkspaceOption, emit, table_of


def register(app: typer.Typer) -> None:
    """Add the command to the command line."""
    app.command("audit")(audit_trail)


def audit_trail(
    *,
    actor: Annotated[str | None, typer.Option(help="Only what this account did.")] = None,
    action: Annotated[str | None, typer.Option(help="Only acts of this kind, such as role_granted.")] = None,
    before: Annotated[int | None, typer.Option(help="Only entries older than this number: the next page.")] = None,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
    user: UserOption = None,
) -> None:
    """Show who did what, newest first. JSON: {"entries": [{"entry_id", "at", "actor", "action", "subject", ...}]}."""
    with open_context(workspace, user=user) as context:
        payload = {"entries": service.list_audit(context, actor=actor, action=action, before=before)}
        locale = context.locale
    emit(payload, as_json=as_json, human=lambda found: _audit_table(found, locale))


def _audit_table(payload: Mapping[str, Any], locale: str) -> RenderableType:
    heads = (mark("Number"), mark("When"), mark("Who"), mark("What"), mark("Subject"), mark("Outcome"))
    columns = [translate(locale, text) for text in heads]
    rows = (
        (e.entry_id, f"{e.at:%Y-%m-%d %H:%M:%S}", e.actor, e.action, e.subject, e.outcome) for e in payload["entries"]
    )
    return table_of(columns, rows)
