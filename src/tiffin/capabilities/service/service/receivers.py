"""Systems outside that are told what happens: registered, changed, switched off, and always by an administrator."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from tiffin.capabilities.service.domain.messages import Audience, Kind
from tiffin.capabilities.service.domain.signing import written_secret
from tiffin.capabilities.service.models.webhooks import Receiver
from tiffin.capabilities.service.service.secrets import secret_of
from tiffin.kernel.errors import Conflict, Forbidden, NotFound, WrongUse
from tiffin.kernel.messages import Message
from tiffin.runtime import audit
from tiffin.runtime.actor import EVERY, Role
from tiffin.runtime.context import Context
from tiffin.runtime.outgoing import check_address

BOTH_SIGN = timedelta(hours=24)
"""How long the former secret signs too after a change."""

NAME_MAX = 80


@dataclass(frozen=True, slots=True, kw_only=True)
class NewReceiver:
    """A system that shall be told what happens.

    Parameters
    ----------
    countries : sequence of str
        Whose orders; ``*`` for all.
    merchant_id : str or None
        For a merchant's system: of his orders alone.
    kinds : sequence of Kind
        What it wants to hear; empty for everything.
    """

    name: str
    url: str
    audience: Audience
    countries: Sequence[str]
    merchant_id: str | None = None
    kinds: Sequence[Kind] = ()


def add_receiver(context: Context, new: NewReceiver) -> tuple[Receiver, str]:
    """Register a receiver and give it with its secret, which is told this once.

    Raises
    ------
    Forbidden
        The actor is no administrator of everything.
    WrongUse
        The address, the name or the scope is none to which anything may be sent.
    Conflict
        The name is taken.
    """
    need_admin(context)
    check_address(new.url, may_be_private=may_be_private(context))
    _check(new)
    if context.session.scalar(select(Receiver).where(Receiver.name == new.name)) is not None:
        raise Conflict(Message("There is a receiver named {name} already. Choose another name.", name=new.name))
    made = Receiver(
        name=new.name,
        url=new.url,
        audience=new.audience.value,
        countries=sorted(new.countries),
        merchant_id=new.merchant_id or None,
        kinds=sorted(one.value for one in new.kinds),
        secret_number=1,
        former_until=None,
        created_at=context.now,
        created_by=context.actor.name,
        disabled_at=None,
        disabled_why="",
    )
    context.session.add(made)
    context.session.flush()
    details = {"audience": made.audience, "countries": made.countries, "kinds": made.kinds}
    audit.record(context, action="link_receiver_added", subject=made.name, details=details)
    return made, written_secret(secret_of(context, made))


def change_secret(context: Context, name: str) -> str:
    """Give a receiver a new secret; the former one signs too for a day.

    Raises
    ------
    Forbidden
        The actor is no administrator of everything.
    NotFound
        There is no such receiver.
    """
    found = receiver_named(context, name)
    found.secret_number += 1
    found.former_until = context.now + BOTH_SIGN
    audit.record(context, action="link_secret_changed", subject=name)
    return written_secret(secret_of(context, found))


def switch(context: Context, name: str, *, on: bool) -> Receiver:
    """Stop telling a receiver anything, or begin again.

    Raises
    ------
    Forbidden
        The actor is no administrator of everything.
    NotFound
        There is no such receiver.
    """
    found = receiver_named(context, name)
    found.disabled_at = None if on else context.now
    found.disabled_why = "" if on else "by hand"
    audit.record(context, action="link_receiver_switched", subject=name, details={"on": on})
    return found


def list_receivers(context: Context) -> Sequence[Receiver]:
    """List all receivers by name.

    Raises
    ------
    Forbidden
        The actor is no administrator of everything.
    """
    need_admin(context)
    return context.session.scalars(select(Receiver).order_by(Receiver.name)).all()


def receiver_named(context: Context, name: str) -> Receiver:
    """Find a receiver.

    Raises
    ------
    Forbidden
        The actor is no administrator of everything.
    NotFound
        There is none of that name.
    """
    need_admin(context)
    found = context.session.scalar(select(Receiver).where(Receiver.name == name))
    if found is None:
        raise NotFound(Message("There is no receiver named {name}. The page of links lists them.", name=name))
    return found


def wants(receiver: Receiver, *, kind: Kind, country: str, merchant_id: str | None, at: datetime) -> bool:
    """Tell whether a receiver is to hear of something: of what happened since it was registered, in its scope."""
    if receiver.disabled_at is not None or at < receiver.created_at:
        return False
    if receiver.kinds and kind.value not in receiver.kinds:
        return False
    if EVERY not in receiver.countries and country not in receiver.countries:
        return False
    return receiver.merchant_id is None or receiver.merchant_id == merchant_id


def need_admin(context: Context) -> None:
    """Refuse whoever is no administrator of everything: links carry what happens everywhere.

    Raises
    ------
    Forbidden
        He is none.
    """
    if not context.actor.has_role_everywhere(Role.ADMIN):
        raise Forbidden(
            Message("Links to systems outside are for administrators of the whole workspace; {name} is none.",
                    name=context.actor.name)
        )  # fmt: skip


def may_be_private(context: Context) -> bool:
    """Tell whether systems of the own network may be told things, as ``[links] private = true`` of tiffin.toml says."""
    return bool(context.workspace.config.get("links", {}).get("private", False))


def _check(new: NewReceiver) -> None:
    if not new.name.strip() or len(new.name) > NAME_MAX:
        raise WrongUse(Message("A name of 1 to {most} characters was expected.", most=NAME_MAX))
    if not new.countries:
        raise WrongUse(Message("Say of which countries it hears, or * for all."))
    if (new.audience is Audience.MERCHANT) is not bool(new.merchant_id):
        raise WrongUse(Message("A merchant's system needs the merchant of whose orders it hears; no other has one."))
