"""The command ``tiffin links …``: systems outside that are told what happens, and that tell us."""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import RenderableType
from rich.text import Text

from tiffin.capabilities.service.domain.messages import Audience, Kind
from tiffin.capabilities.service.domain.retrying import State
from tiffin.capabilities.service.service import replaying
from tiffin.capabilities.service.service.delivering import deliver
from tiffin.capabilities.service.service.gathering import gather
from tiffin.capabilities.service.service.receivers import (
    NewReceiver,
    add_receiver,
    change_secret,
    list_receivers,
    switch,
)
from tiffin.capabilities.service.service.senders import add_sender, list_senders, switch_sender
from tiffin.runtime.context import Context
from tiffin.runtime.edge import open_context
from tiffin.runtime.terminal import JsonOption, UserOption, WorkspaceOption, emit, table_of


def register(app: typer.Typer) -> None:
    """Add the command to the command line."""
    links = typer.Typer(no_args_is_help=True, help="Links to systems outside: webhooks out, messages in.")
    for name, command in _COMMANDS.items():
        links.command(name)(command)
    app.add_typer(links, name="links")


def show(*, workspace: WorkspaceOption = None, as_json: JsonOption = False, user: UserOption = None) -> None:
    """List receivers and senders. JSON: {"receivers": [{"name", "url", "audience", "countries", "kinds", "on"}],
    "senders": [{"name", "account", "on"}]}.
    """  # noqa: D205 - the second line goes on
    with open_context(workspace, user=user) as context:
        receivers = [
            {"name": one.name, "url": one.url, "audience": one.audience, "countries": one.countries,
             "kinds": one.kinds, "on": one.disabled_at is None}
            for one in list_receivers(context)
        ]  # fmt: skip
        senders = [
            {"name": one.name, "account": one.account, "on": one.disabled_at is None} for one in list_senders(context)
        ]
    emit({"receivers": receivers, "senders": senders}, as_json=as_json, human=_shown)


def add(  # noqa: PLR0913 - one argument an option
    name: str,
    url: str,
    *,
    audience: Annotated[Audience, typer.Option(help="Whose system it is.")] = Audience.CUSTOMER_SERVICE,
    country: Annotated[list[str] | None, typer.Option(help="Whose orders; may stand again. All without.")] = None,
    merchant: Annotated[str | None, typer.Option(help="Of a merchant's system: of his orders alone.")] = None,
    kind: Annotated[list[Kind] | None, typer.Option(help="What it hears; may stand again. All without.")] = None,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
    user: UserOption = None,
) -> None:
    """Register a receiver; its secret is told this once. JSON: {"name", "secret"}."""
    new = NewReceiver(
        name=name, url=url, audience=audience, countries=country or ["*"], merchant_id=merchant, kinds=kind or ()
    )
    with open_context(workspace, user=user) as context:
        _, secret = add_receiver(context, new)
    emit({"name": name, "secret": secret}, as_json=as_json, human=_secret)


def rotate(
    name: str, *, workspace: WorkspaceOption = None, as_json: JsonOption = False, user: UserOption = None
) -> None:
    """Give a receiver a new secret; the former signs too for a day. JSON: {"name", "secret"}."""
    with open_context(workspace, user=user) as context:
        secret = change_secret(context, name)
    emit({"name": name, "secret": secret}, as_json=as_json, human=_secret)


def turn(
    name: str,
    *,
    on: Annotated[bool, typer.Option("--on/--off", help="Tell it again, or no longer.")],
    sender: Annotated[bool, typer.Option("--sender", help="It is a sender.")] = False,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
    user: UserOption = None,
) -> None:
    """Switch a receiver or sender on or off. JSON: {"name", "on"}."""
    with open_context(workspace, user=user) as context:
        if sender:
            switch_sender(context, name, on=on)
        else:
            switch(context, name, on=on)
    emit({"name": name, "on": on}, as_json=as_json, human=lambda told: Text(f"{told['name']}: {told['on']}"))


def let_in(
    name: str,
    account: str,
    *,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
    user: UserOption = None,
) -> None:
    """Let a system tell us things as an account; its secret is told this once. JSON: {"name", "secret"}."""
    with open_context(workspace, user=user) as context:
        secret = add_sender(context, name, account)
    emit({"name": name, "secret": secret}, as_json=as_json, human=_secret)


def send(*, workspace: WorkspaceOption = None, as_json: JsonOption = False, user: UserOption = None) -> None:
    """Gather what happened and send what is due; run it every minute. JSON: {"new", "delivered", "waiting", "dead"}."""
    with open_context(workspace, user=user) as context:
        new = gather(context)
    sent = deliver(_opening(workspace, user))
    told = {"new": new, "delivered": sent.delivered, "waiting": sent.waiting, "dead": sent.dead}
    emit(told, as_json=as_json, human=lambda one: Text(", ".join(f"{name}: {count}" for name, count in one.items())))


def deliveries(
    *,
    receiver: Annotated[str | None, typer.Option(help="Only of this receiver.")] = None,
    state: Annotated[State | None, typer.Option(help="Only in this state.")] = None,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
    user: UserOption = None,
) -> None:
    """List deliveries, the newest first. JSON: {"deliveries": [{"delivery_id", "receiver", "kind", "state", ...}]}."""
    with open_context(workspace, user=user) as context:
        found = replaying.list_deliveries(context, receiver=receiver, state=state)
    rows = [
        {"delivery_id": one.delivery_id, "receiver": one.receiver, "message_id": one.message_id, "kind": one.kind,
         "state": one.state, "attempts": one.attempts, "last_status": one.last_status, "last_answer": one.last_answer}
        for one in found
    ]  # fmt: skip
    emit({"deliveries": rows}, as_json=as_json, human=_listed)


def replay(
    receiver: str,
    *,
    since: Annotated[datetime, typer.Option(help="From this moment on, UTC.")],
    dead: Annotated[bool, typer.Option("--dead", help="Only what was given up.")] = False,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
    user: UserOption = None,
) -> None:
    """Send again what a receiver was sent since a moment. JSON: {"receiver", "count"}."""
    with open_context(workspace, user=user) as context:
        count = replaying.send_all_again(context, receiver, since=since.replace(tzinfo=UTC), only_dead=dead)
    emit({"receiver": receiver, "count": count}, as_json=as_json, human=lambda told: Text(str(told["count"])))


def _opening(workspace: Path | None, user: str | None) -> Callable[[], AbstractContextManager[Context]]:
    return lambda: open_context(workspace, user=user)


def _secret(told: Mapping[str, Any]) -> RenderableType:
    return Text(f"{told['name']}: {told['secret']}\nIt is not told again.")


def _shown(told: Mapping[str, Any]) -> RenderableType:
    return _rows(told["receivers"] + told["senders"])


def _listed(told: Mapping[str, Any]) -> RenderableType:
    return _rows(told["deliveries"])


def _rows(rows: list[dict[str, Any]]) -> RenderableType:
    if not rows:
        return Text("None.")
    names = list(dict.fromkeys(name for row in rows for name in row))
    return table_of(names, [[str(row.get(name, "")) for name in names] for row in rows])


_COMMANDS: Mapping[str, Callable[..., None]] = {
    "list": show,
    "add": add,
    "rotate": rotate,
    "switch": turn,
    "let-in": let_in,
    "send": send,
    "deliveries": deliveries,
    "replay": replay,
}
