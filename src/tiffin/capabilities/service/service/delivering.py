"""Messages are sent: any number of workers, each delivery in one hand at a time, again after failures, then dead.

A receiver may get a message twice, when a worker died between sending and noting it; it has the same ``webhook-id``
then, by which the receiver takes it once.
"""

import json
import random
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import or_, select, update

from tiffin.capabilities.service.domain.messages import Audience, Happening, Kind, message_body
from tiffin.capabilities.service.domain.retrying import GONE, State, wait_after
from tiffin.capabilities.service.domain.signing import signed_headers
from tiffin.capabilities.service.models.webhooks import Delivery, OutboundMessage, Receiver
from tiffin.capabilities.service.service.receivers import may_be_private
from tiffin.capabilities.service.service.secrets import signing_secrets
from tiffin.runtime.context import Context
from tiffin.runtime.outgoing import Answer, post

Opening = Callable[[], AbstractContextManager[Context]]

TIMEOUT_S = 15.0
LEASE = timedelta(minutes=2)
AT_ONCE = 20
AGENT = "Tiffin-Links/1"

_TABLE: Any = Delivery.__table__


@dataclass(frozen=True, slots=True)
class Sent:
    """How many messages were taken, wait for another try, and are given up."""

    delivered: int = 0
    waiting: int = 0
    dead: int = 0

    def __add__(self, other: "Sent") -> "Sent":
        """Count both together."""
        return Sent(self.delivered + other.delivered, self.waiting + other.waiting, self.dead + other.dead)


@dataclass(frozen=True, slots=True)
class _Parcel:
    delivery_id: int
    url: str
    body: bytes
    headers: dict[str, str]
    may_be_private: bool


def deliver(opening: Opening) -> Sent:
    """Send what is due; nothing of the database is held while a receiver thinks."""
    total = Sent()
    while True:
        with opening() as context:
            parcels = _taken(context)
        if not parcels:
            return total
        for parcel in parcels:
            answer = post(
                parcel.url, parcel.body, parcel.headers, timeout_s=TIMEOUT_S, may_be_private=parcel.may_be_private
            )
            with opening() as context:
                total += _noted(context, parcel.delivery_id, answer)


def _taken(context: Context) -> list[_Parcel]:
    """Take deliveries that are due; nobody else takes them while the lease lasts."""
    now = context.now
    free = or_(_TABLE.c.leased_until.is_(None), _TABLE.c.leased_until <= now)
    off = select(Receiver.receiver_id).where(Receiver.disabled_at.is_not(None))
    due = (
        select(_TABLE.c.delivery_id)
        .where(_TABLE.c.state == State.WAITING.value, _TABLE.c.next_at <= now, free, _TABLE.c.receiver_id.not_in(off))
        .order_by(_TABLE.c.next_at, _TABLE.c.delivery_id)
        .limit(AT_ONCE)
        .with_for_update(skip_locked=True)
    )
    taking = update(_TABLE).where(_TABLE.c.delivery_id.in_(due.scalar_subquery())).values(leased_until=now + LEASE)
    taken = sorted(row[0] for row in context.session.execute(taking.returning(_TABLE.c.delivery_id)))
    wanted = (
        select(Delivery, OutboundMessage, Receiver)
        .join(OutboundMessage, OutboundMessage.message_id == Delivery.message_id)
        .join(Receiver, Receiver.receiver_id == Delivery.receiver_id)
        .where(Delivery.delivery_id.in_(taken))
        .order_by(Delivery.delivery_id)
    )
    return [_parcel(context, row[0], row[1], row[2]) for row in context.session.execute(wanted)]


def _parcel(context: Context, delivery: Delivery, message: OutboundMessage, receiver: Receiver) -> _Parcel:
    happening = Happening(
        Kind(message.kind),
        message.key,
        message.happened_at,
        message.city_id,
        message.country,
        message.merchant_id,
        message.data,
        message.inner,
    )
    told = message_body(happening, Audience(receiver.audience))
    body = json.dumps(told, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()
    secrets = signing_secrets(context, receiver, now=context.now)
    headers = signed_headers(secrets, message.message_id, int(context.now.timestamp()), body)
    return _Parcel(
        delivery.delivery_id,
        receiver.url,
        body,
        {"User-Agent": AGENT, **headers},
        may_be_private(context),
    )


def _noted(context: Context, delivery_id: int, answer: Answer) -> Sent:
    found = context.session.get_one(Delivery, delivery_id)
    found.attempts += 1
    found.leased_until = None
    found.last_at, found.last_status = context.now, answer.status
    found.last_answer, found.took_ms = answer.text, answer.took_ms
    if answer.is_taken:
        found.state, found.next_at = State.DELIVERED.value, None
        return Sent(delivered=1)
    wait = None if answer.status == GONE else wait_after(found.attempts, random.random())  # noqa: S311 - spreads waits
    if answer.status == GONE:
        receiver = context.session.get_one(Receiver, found.receiver_id)
        receiver.disabled_at, receiver.disabled_why = context.now, "it answered 410 Gone"
    if wait is None:
        found.state, found.next_at = State.DEAD.value, None
        return Sent(dead=1)
    found.next_at = context.now + wait
    return Sent(waiting=1)
