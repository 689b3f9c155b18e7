"""Receivers of messages, the messages, where each delivery stands, and what outside systems sent."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from tiffin.runtime.models import Base
from tiffin.runtime.tables import Instant


class Receiver(Base):
    """A system outside that is told what happens; its secret follows from a key of the workspace and ``secret_number``.

    While a secret is changed, the former one signs too until ``former_until``.
    """

    __tablename__ = "link_receivers"

    receiver_id: Mapped[int] = mapped_column(Integer, primary_key=True)
    name: Mapped[str] = mapped_column(String(80), unique=True)
    url: Mapped[str] = mapped_column(Text)
    audience: Mapped[str] = mapped_column(String(24))
    countries: Mapped[list[str]] = mapped_column(JSON)
    merchant_id: Mapped[str | None] = mapped_column(String(128))
    kinds: Mapped[list[str]] = mapped_column(JSON)
    secret_number: Mapped[int] = mapped_column(Integer)
    former_until: Mapped[datetime | None] = mapped_column(Instant)
    created_at: Mapped[datetime] = mapped_column(Instant)
    created_by: Mapped[str] = mapped_column(String(80))
    disabled_at: Mapped[datetime | None] = mapped_column(Instant)
    disabled_why: Mapped[str] = mapped_column(Text)


class OutboundMessage(Base):
    """Something that happened, as it is told; of one key there is one."""

    __tablename__ = "link_messages"

    message_id: Mapped[str] = mapped_column(String(40), primary_key=True)
    key: Mapped[str] = mapped_column(String(300), unique=True)
    kind: Mapped[str] = mapped_column(String(40))
    city_id: Mapped[str] = mapped_column(String(128))
    country: Mapped[str] = mapped_column(String(2))
    merchant_id: Mapped[str | None] = mapped_column(String(128))
    happened_at: Mapped[datetime] = mapped_column(Instant, index=True)
    data: Mapped[dict[str, Any]] = mapped_column(JSON)
    inner: Mapped[dict[str, Any]] = mapped_column(JSON)


class Delivery(Base):
    """A message on its way to one receiver. ``leased_until`` says until when whoever took it may be at it."""

    __tablename__ = "link_deliveries"
    __table_args__ = (
        UniqueConstraint("receiver_id", "message_id", name="uq_link_deliveries_receiver_message"),
        Index("ix_link_deliveries_due", "state", "next_at"),
    )

    delivery_id: Mapped[int] = mapped_column(Integer, primary_key=True)
    receiver_id: Mapped[int] = mapped_column(ForeignKey("link_receivers.receiver_id"))
    message_id: Mapped[str] = mapped_column(ForeignKey("link_messages.message_id"))
    state: Mapped[str] = mapped_column(String(16))
    attempts: Mapped[int] = mapped_column(Integer)
    next_at: Mapped[datetime | None] = mapped_column(Instant)
    leased_until: Mapped[datetime | None] = mapped_column(Instant)
    last_at: Mapped[datetime | None] = mapped_column(Instant)
    last_status: Mapped[int | None] = mapped_column(Integer)
    last_answer: Mapped[str] = mapped_column(Text)
    took_ms: Mapped[int | None] = mapped_column(Integer)


class Sender(Base):
    """A system outside that tells us things; it acts as an account, within that account's grants."""

    __tablename__ = "link_senders"

    sender_id: Mapped[int] = mapped_column(Integer, primary_key=True)
    name: Mapped[str] = mapped_column(String(80), unique=True)
    account: Mapped[str] = mapped_column(String(80))
    secret_number: Mapped[int] = mapped_column(Integer)
    created_at: Mapped[datetime] = mapped_column(Instant)
    created_by: Mapped[str] = mapped_column(String(80))
    disabled_at: Mapped[datetime | None] = mapped_column(Instant)


class InboundMessage(Base):
    """What a sender sent, under its own name for it: sent again, it gets the answer that it got."""

    __tablename__ = "link_inbound"
    __table_args__ = (UniqueConstraint("sender_id", "message_id", name="uq_link_inbound_sender_message"),)

    inbound_id: Mapped[int] = mapped_column(Integer, primary_key=True)
    sender_id: Mapped[int] = mapped_column(ForeignKey("link_senders.sender_id"))
    message_id: Mapped[str] = mapped_column(String(128))
    kind: Mapped[str] = mapped_column(String(40))
    body_sha256: Mapped[str] = mapped_column(String(64))
    received_at: Mapped[datetime] = mapped_column(Instant, index=True)
    answer: Mapped[dict[str, Any]] = mapped_column(JSON)
