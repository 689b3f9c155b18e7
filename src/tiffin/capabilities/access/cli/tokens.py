"""The command ``tiffin tokens …``: tokens with which programs act as a person."""

from typing import Annotated

import typer

from tiffin.capabilities.access.service import tokens as service_tokens
from tiffin.runtime.edge import open_context
from tiffin.runtime.i18n import mark, translate
from tiffin.runtime.terminal import JsonOption, UserOption, WorkspaceOption, emit, table_of


def register(app: typer.Typer) -> None:
    """Add the command to the command line."""
    tokens = typer.Typer(no_args_is_help=True, help="Tokens with which programs act as you, within your grants.")
    tokens.command("add")(add_token)
    tokens.command("list")(list_tokens)
    tokens.command("revoke")(revoke_token)
    app.add_typer(tokens, name="tokens")


def add_token(
    name: Annotated[str, typer.Argument(help="What the token is for.")],
    *,
    days: Annotated[int, typer.Option(help="How long it lives, 365 at most.")] = 90,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
    user: UserOption = None,
) -> None:
    """Make an access token; it is printed this once. JSON: {"token", "made": {...}}."""
    with open_context(workspace, user=user) as context:
        token, made = service_tokens.make_token(context, name, days=days)
    emit({"token": token, "made": made}, as_json=as_json, human=lambda found: str(found["token"]))


def list_tokens(*, workspace: WorkspaceOption = None, as_json: JsonOption = False, user: UserOption = None) -> None:
    """List your access tokens, or as an administrator everybody's. JSON: {"tokens": [{"token_id", "name", ...}]}."""
    with open_context(workspace, user=user) as context:
        payload = {"tokens": service_tokens.list_tokens(context)}
        locale = context.locale
    columns = [translate(locale, text) for text in (mark("Number"), mark("Account"), mark("Name"), mark("Until"))]
    emit(
        payload,
        as_json=as_json,
        human=lambda found: table_of(
            [*columns, ""],
            [[item.token_id, item.account, item.name, item.expires_at.date(), item.state] for item in found["tokens"]],
        ),
    )


def revoke_token(
    token_id: Annotated[int, typer.Argument(help="Number of the token, as `tiffin tokens list` shows it.")],
    *,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
    user: UserOption = None,
) -> None:
    """Make an access token worthless at once. JSON: {"token": {...}}."""
    with open_context(workspace, user=user) as context:
        payload = {"token": service_tokens.revoke_token(context, token_id)}
    emit(payload, as_json=as_json, human=lambda done: f"{done['token'].token_id}: {done['token'].state}")
