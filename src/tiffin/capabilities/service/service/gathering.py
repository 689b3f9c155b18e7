"""What happened becomes messages: once each, and at once a delivery for every receiver that wants it."""

import secrets
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.dialects import postgresql, sqlite

from tiffin.capabilities.liability.service.following import Happened, Step, steps_since
from tiffin.capabilities.service.domain.messages import Kind
from tiffin.capabilities.service.domain.retrying import State
from tiffin.capabilities.service.models.webhooks import Delivery, OutboundMessage, Receiver
from tiffin.capabilities.service.service.receivers import wants
from tiffin.runtime.context import Context
from tiffin.runtime.models import Setting

FOLLOWED_UNTIL = "links_followed_until"
"""Setting that says until when happenings are messages."""

OVERLAP = timedelta(minutes=10)
"""What happened so long before is looked at again: a transaction may end after a later one."""

_KINDS = {
    Happened.REPORTED: Kind.INCIDENT_REPORTED,
    Happened.JUDGED: Kind.VERDICT_GIVEN,
    Happened.APPEALED: Kind.APPEAL_LODGED,
    Happened.REPLIED: Kind.APPEAL_DECIDED,
}
_MESSAGES: Any = OutboundMessage.__table__
_DELIVERIES: Any = Delivery.__table__


def gather(context: Context) -> int:
    """Make messages of what happened since the last time, and give how many there are for receivers.

    Without a receiver nothing is kept: who registers hears of what happens from then on.
    """
    receivers = context.session.scalars(select(Receiver).where(Receiver.disabled_at.is_(None))).all()
    since = _followed_until(context) - OVERLAP
    _follow_until(context)
    if not receivers:
        return 0
    count = 0
    for step in steps_since(context, since):
        kind = _KINDS[step.what]
        told = [
            one
            for one in receivers
            if wants(one, kind=kind, country=step.country, merchant_id=step.merchant_id, at=step.at)
        ]
        if told:
            count += _told(context, kind, step, told)
    return count


def queue(context: Context, message_id: str, receiver: Receiver) -> None:
    """Let a message be sent to a receiver as soon as anybody comes to it."""
    context.session.execute(insert(_DELIVERIES), [_delivery(context, receiver, message_id)])


def new_message_id() -> str:
    """Give a name that no message has."""
    return f"msg_{secrets.token_hex(16)}"


def _told(context: Context, kind: Kind, step: Step, receivers: list[Receiver]) -> int:
    message_id = new_message_id()
    row = {
        "message_id": message_id,
        "key": f"{kind.value}|{step.key}",
        "kind": kind.value,
        "city_id": step.city_id,
        "country": step.country,
        "merchant_id": step.merchant_id,
        "happened_at": step.at,
        "data": dict(step.data),
        "inner": dict(step.people),
    }
    dialect = postgresql if context.unit.engine.dialect.name == "postgresql" else sqlite
    adding = dialect.insert(_MESSAGES).values(**row).on_conflict_do_nothing().returning(_MESSAGES.c.message_id)
    if context.session.execute(adding).first() is None:  # it is a message already
        return 0
    context.session.execute(insert(_DELIVERIES), [_delivery(context, one, message_id) for one in receivers])
    return len(receivers)


def _delivery(context: Context, receiver: Receiver, message_id: str) -> dict[str, Any]:
    return {
        "receiver_id": receiver.receiver_id,
        "message_id": message_id,
        "state": State.WAITING.value,
        "attempts": 0,
        "next_at": context.now,
        "last_answer": "",
    }


def _followed_until(context: Context) -> datetime:
    known = context.session.get(Setting, FOLLOWED_UNTIL)
    return datetime.fromisoformat(str(known.value)) if known else datetime(1970, 1, 2, tzinfo=UTC)


def _follow_until(context: Context) -> None:
    value = context.now.isoformat()
    context.session.merge(Setting(name=FOLLOWED_UNTIL, value=value, changed_at=context.now, changed_by="platform"))
