"""Systems outside that tell us things: each acts as an account, within that account's grants."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select

from tiffin.capabilities.service.domain.signing import written_secret
from tiffin.capabilities.service.models.webhooks import InboundMessage, Sender
from tiffin.capabilities.service.service.receivers import NAME_MAX, need_admin
from tiffin.capabilities.service.service.secrets import secret_of
from tiffin.kernel.errors import Conflict, NotFound, WrongUse
from tiffin.kernel.messages import Message
from tiffin.runtime import audit
from tiffin.runtime.auth import active_account
from tiffin.runtime.context import Context


def add_sender(context: Context, name: str, account: str) -> str:
    """Let a system tell us things as an account; give its secret, which is told this once.

    Raises
    ------
    Forbidden
        The actor is no administrator of everything, or the account is disabled.
    NotFound
        There is no such account.
    WrongUse
        The name is none.
    Conflict
        It is taken.
    """
    need_admin(context)
    if not name.strip() or len(name) > NAME_MAX or "/" in name:
        raise WrongUse(Message("A name of 1 to {most} characters was expected.", most=NAME_MAX))
    active_account(context.unit, account)
    if context.session.scalar(select(Sender).where(Sender.name == name)) is not None:
        raise Conflict(Message("There is a sender named {name} already. Choose another name.", name=name))
    made = Sender(name=name, account=account, secret_number=1, created_at=context.now, created_by=context.actor.name)
    context.session.add(made)
    context.session.flush()
    audit.record(context, action="link_sender_added", subject=name, details={"account": account})
    return written_secret(secret_of(context, made))


def switch_sender(context: Context, name: str, *, on: bool) -> None:
    """Take nothing more from a sender, or begin again.

    Raises
    ------
    Forbidden
        The actor is no administrator of everything.
    NotFound
        There is no such sender.
    """
    need_admin(context)
    found = context.session.scalar(select(Sender).where(Sender.name == name))
    if found is None:
        raise NotFound(Message("There is no sender named {name}. The page of links lists them.", name=name))
    found.disabled_at = None if on else context.now
    audit.record(context, action="link_sender_switched", subject=name, details={"on": on})


def list_senders(context: Context) -> Sequence[Sender]:
    """List all senders by name.

    Raises
    ------
    Forbidden
        The actor is no administrator of everything.
    """
    need_admin(context)
    return context.session.scalars(select(Sender).order_by(Sender.name)).all()


def last_heard(context: Context) -> dict[int, datetime]:
    """Tell when each sender was heard last.

    Raises
    ------
    Forbidden
        The actor is no administrator of everything.
    """
    need_admin(context)
    found: dict[int, datetime] = {}
    for row in context.session.execute(select(InboundMessage.sender_id, InboundMessage.received_at)):
        found[row.sender_id] = max(row.received_at, found.get(row.sender_id, row.received_at))
    return found
