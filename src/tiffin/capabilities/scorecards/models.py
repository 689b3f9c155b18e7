"""Alert rules made on the page, what each alert stands at and what happened to it, the outbox, saved questions."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Index, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from tiffin.runtime.models import Base
from tiffin.runtime.tables import Instant


class AlertRuleRecord(Base):
    """An alert rule that a person made on the page; those of files lie in the files."""

    __tablename__ = "alert_rules"

    name: Mapped[str] = mapped_column(String(80), primary_key=True)
    owner: Mapped[str] = mapped_column(String(80))
    rule: Mapped[dict[str, Any]] = mapped_column(JSON)
    changed_at: Mapped[datetime] = mapped_column(Instant)
    removed_at: Mapped[datetime | None] = mapped_column(Instant)


class AlertState(Base):
    """How an alert of a rule stands in a place: one row however often it is evaluated."""

    __tablename__ = "alert_states"

    rule: Mapped[str] = mapped_column(String(80), primary_key=True)
    place: Mapped[str] = mapped_column(String(80), primary_key=True)
    is_raised: Mapped[bool] = mapped_column()
    since: Mapped[datetime] = mapped_column(Instant)
    last_period: Mapped[str] = mapped_column(String(40))
    value: Mapped[float | None] = mapped_column()
    said_at: Mapped[datetime | None] = mapped_column(Instant)
    acknowledged_by: Mapped[str | None] = mapped_column(String(80))
    snoozed_until: Mapped[datetime | None] = mapped_column(Instant)


class AlertEvent(Base):
    """Something that happened to an alert: raised, held back in the quiet hours, said, acknowledged, recovered."""

    __tablename__ = "alert_events"
    __table_args__ = (Index("ix_alert_events_rule", "rule", "place"),)

    event_id: Mapped[int] = mapped_column(Integer, primary_key=True)
    at: Mapped[datetime] = mapped_column(Instant, index=True)
    rule: Mapped[str] = mapped_column(String(80))
    place: Mapped[str] = mapped_column(String(80))
    event: Mapped[str] = mapped_column(String(24))
    actor: Mapped[str] = mapped_column(String(80))
    details: Mapped[dict[str, Any]] = mapped_column(JSON)


class OutboxMessage(Base):
    """A message that is ready to be delivered; of two under the same key there is one."""

    __tablename__ = "outbox_messages"
    __table_args__ = (UniqueConstraint("dedup_key", name="uq_outbox_messages_key"),)

    message_id: Mapped[int] = mapped_column(Integer, primary_key=True)
    dedup_key: Mapped[str] = mapped_column(String(255))
    recipient: Mapped[str] = mapped_column(String(80), index=True)
    kind: Mapped[str] = mapped_column(String(24))
    subject: Mapped[str] = mapped_column(Text)
    file: Mapped[str] = mapped_column(String(255))
    made_at: Mapped[datetime] = mapped_column(Instant)


class SnapshotSchedule(Base):
    """A dashboard that goes to an account every day or week at a local time."""

    __tablename__ = "snapshot_schedules"

    schedule_id: Mapped[int] = mapped_column(Integer, primary_key=True)
    dashboard: Mapped[str] = mapped_column(String(80))
    recipient: Mapped[str] = mapped_column(String(80))
    address: Mapped[str] = mapped_column(String(500))
    weekday: Mapped[int | None] = mapped_column(Integer)
    local_time: Mapped[str] = mapped_column(String(5))
    timezone: Mapped[str] = mapped_column(String(64))
    made_by: Mapped[str] = mapped_column(String(80))
    made_at: Mapped[datetime] = mapped_column(Instant)
    sent_for: Mapped[str | None] = mapped_column(String(10))
    removed_at: Mapped[datetime | None] = mapped_column(Instant)


class SavedQuestion(Base):
    """A question that somebody built and saved: his own, or shared with a role."""

    __tablename__ = "saved_questions"
    __table_args__ = (UniqueConstraint("owner", "name", name="uq_saved_questions_owner_name"),)

    question_id: Mapped[int] = mapped_column(Integer, primary_key=True)
    owner: Mapped[str] = mapped_column(String(80))
    name: Mapped[str] = mapped_column(String(120))
    address: Mapped[str] = mapped_column(Text)
    role: Mapped[str | None] = mapped_column(String(40))
    saved_at: Mapped[datetime] = mapped_column(Instant)
