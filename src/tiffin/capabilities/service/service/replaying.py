"""Messages that are sent again because somebody asks: dead ones, single ones, or all of a time."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select, update

from tiffin.capabilities.service.domain.messages import Kind
from tiffin.capabilities.service.domain.retrying import State
from tiffin.capabilities.service.models.webhooks import Delivery, OutboundMessage, Receiver
from tiffin.capabilities.service.service.gathering import new_message_id, queue
from tiffin.capabilities.service.service.receivers import need_admin, receiver_named
from tiffin.kernel.errors import NotFound
from tiffin.kernel.messages import Message
from tiffin.runtime import audit
from tiffin.runtime.context import Context

_TABLE: Any = Delivery.__table__


@dataclass(frozen=True, slots=True)
class DeliveryView:
    """A delivery as people read it."""

    delivery_id: int
    receiver: str
    message_id: str
    kind: str
    happened_at: datetime
    state: str
    attempts: int
    next_at: datetime | None
    last_at: datetime | None
    last_status: int | None
    last_answer: str
    took_ms: int | None


def list_deliveries(
    context: Context, *, receiver: str | None = None, state: State | None = None, limit: int = 100, offset: int = 0
) -> tuple[DeliveryView, ...]:
    """List deliveries, the newest first.

    Raises
    ------
    Forbidden
        The actor is no administrator of everything.
    """
    need_admin(context)
    chosen = _chosen(receiver, state).order_by(Delivery.delivery_id.desc()).limit(limit).offset(offset)
    return tuple(_view(row[0], row[1], row[2]) for row in context.session.execute(chosen))


def count_deliveries(context: Context, *, receiver: str | None = None, state: State | None = None) -> int:
    """Count deliveries.

    Raises
    ------
    Forbidden
        The actor is no administrator of everything.
    """
    need_admin(context)
    found = _chosen(receiver, state).with_only_columns(Delivery.delivery_id).subquery()
    return context.session.scalar(select(func.count()).select_from(found)) or 0


def send_again(context: Context, delivery_id: int) -> None:
    """Let a delivery be tried again from the beginning, dead or delivered.

    Raises
    ------
    Forbidden
        The actor is no administrator of everything.
    NotFound
        There is no such delivery.
    """
    need_admin(context)
    if not _reset(context, _TABLE.c.delivery_id == delivery_id):
        raise NotFound(Message("There is no delivery {number}.", number=delivery_id))
    audit.record(context, action="link_sent_again", subject=str(delivery_id))


def send_all_again(context: Context, name: str, *, since: datetime, only_dead: bool) -> int:
    """Let all that a receiver was sent, or should have been, since a moment be sent again; give how many.

    Raises
    ------
    Forbidden
        The actor is no administrator of everything.
    NotFound
        There is no such receiver.
    """
    receiver = receiver_named(context, name)
    recent = select(OutboundMessage.message_id).where(OutboundMessage.happened_at >= since)
    parts = [_TABLE.c.receiver_id == receiver.receiver_id, _TABLE.c.message_id.in_(recent)]
    if only_dead:
        parts.append(_TABLE.c.state == State.DEAD.value)
    count = _reset(context, *parts)
    details = {"since": since.isoformat(), "only_dead": only_dead, "count": count}
    audit.record(context, action="link_sent_again", subject=name, details=details)
    return count


def send_test(context: Context, name: str) -> str:
    """Queue a message for a receiver that says nothing but that it arrives; give its name.

    Raises
    ------
    Forbidden
        The actor is no administrator of everything.
    NotFound
        There is no such receiver.
    """
    receiver = receiver_named(context, name)
    message_id = new_message_id()
    context.session.add(
        OutboundMessage(
            message_id=message_id,
            key=f"{Kind.TEST.value}|{message_id}",
            kind=Kind.TEST.value,
            city_id="",
            country="",
            merchant_id=None,
            happened_at=context.now,
            data={"said": "This message tests the link."},
            inner={},
        )
    )
    context.session.flush()
    queue(context, message_id, receiver)
    audit.record(context, action="link_tested", subject=name)
    return message_id


def health_of(context: Context) -> dict[int, dict[str, int]]:
    """Count each receiver's deliveries by state.

    Raises
    ------
    Forbidden
        The actor is no administrator of everything.
    """
    need_admin(context)
    counted = select(_TABLE.c.receiver_id, _TABLE.c.state, func.count()).group_by(_TABLE.c.receiver_id, _TABLE.c.state)
    found: dict[int, dict[str, int]] = {}
    for receiver_id, state, count in context.session.execute(counted):
        found.setdefault(receiver_id, {})[state] = count
    return found


def _reset(context: Context, *parts: Any) -> int:
    fresh = {"state": State.WAITING.value, "attempts": 0, "next_at": context.now, "leased_until": None}
    done: Any = context.session.execute(update(_TABLE).where(*parts).values(**fresh))
    return int(done.rowcount)


def _chosen(receiver: str | None, state: State | None) -> Any:
    chosen = (
        select(Delivery, OutboundMessage, Receiver.name)
        .join(OutboundMessage, OutboundMessage.message_id == Delivery.message_id)
        .join(Receiver, Receiver.receiver_id == Delivery.receiver_id)
    )
    if receiver:
        chosen = chosen.where(Receiver.name == receiver)
    return chosen.where(Delivery.state == state.value) if state else chosen


def _view(delivery: Delivery, message: OutboundMessage, receiver: str) -> DeliveryView:
    return DeliveryView(
        delivery.delivery_id,
        receiver,
        message.message_id,
        message.kind,
        message.happened_at,
        delivery.state,
        delivery.attempts,
        delivery.next_at,
        delivery.last_at,
        delivery.last_status,
        delivery.last_answer,
        delivery.took_ms,
    )
