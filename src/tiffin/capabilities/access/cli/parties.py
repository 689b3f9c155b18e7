"""The command ``tiffin access parties …``: accounts of riders, merchants and customers."""

from typing import Annotated

import typer

from tiffin.capabilities.access import service
from tiffin.runtime.actor import Party
from tiffin.runtime.edge import open_context
from tiffin.runtime.i18n import mark, translate
from tiffin.runtime.settings import LOCAL_CONSOLE
from tiffin.runtime.terminal import JsonOption, UserOption, WorkspaceOption, emit, table_of


def parties_group() -> typer.Typer:
    """Make the group of these commands."""
    group = typer.Typer(no_args_is_help=True, help="Accounts of riders, merchants and customers.")
    group.command("add")(add)
    group.command("list")(list_parties)
    return group


def add(  # noqa: PLR0913 - one parameter an option of the command
    *,
    kind: Annotated[str, typer.Option(help="rider, merchant or customer.")],
    city: Annotated[str, typer.Option(help="City of the party.")],
    party_id: Annotated[str, typer.Option("--id", help="Whose account it is, as facts or source name him.")],
    locale: Annotated[str, typer.Option(help="Language: en, ar, zh_Hans, zh_Hant, pt_BR, ur, hi, bn or ne.")] = "en",
    address: Annotated[str, typer.Option(help="Address of the console.")] = LOCAL_CONSOLE,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
    user: UserOption = None,
) -> None:
    """Make an account that sees its own affairs alone, and a link that signs in once. JSON: {"account", "link"}."""
    with open_context(workspace, user=user) as context:
        account = service.add_party(context, Party(kind, city, party_id), locale=locale)
        link = f"{address}/sign-in/{service.make_sign_in_link(context, account.name)}"
    emit(
        {"account": account, "link": link},
        as_json=as_json,
        human=lambda made: f"{made['account'].name}\n{made['link']}",
    )


def list_parties(*, workspace: WorkspaceOption = None, as_json: JsonOption = False, user: UserOption = None) -> None:
    """List these accounts. JSON: {"accounts": [{"name", "kind", "city_id", "party_id", "locale", ...}]}."""
    with open_context(workspace, user=user) as context:
        payload = {"accounts": service.list_parties(context)}
        heads = [translate(context.locale, text) for text in (mark("Account"), mark("City"), mark("Language"))]
    emit(
        payload,
        as_json=as_json,
        human=lambda found: table_of(heads, ((one.name, one.city_id, one.locale) for one in found["accounts"])),
    )
