"""Cases and their events. Events are only ever added; a case's own columns are their fold, kept for queues."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, Integer, String, Text, UniqueConstraint, select
from sqlalchemy.orm import Mapped, column_property, mapped_column

from tiffin.runtime.actor_codes import ACTOR_CODES
from tiffin.runtime.models import Base
from tiffin.runtime.tables import Instant


class CaseRecord(Base):
    """One case; of two openings under the same key there is one.

    All of it follows from its events and can be written anew from them.
    """

    __tablename__ = "cases"
    __table_args__ = (
        UniqueConstraint("case_type", "dedup_key", name="uq_cases_type_key"),
        Index("ix_cases_queue", "closed_at", "due_at"),
    )

    case_id: Mapped[int] = mapped_column(Integer, primary_key=True)
    case_type: Mapped[str] = mapped_column(String(64))
    dedup_key: Mapped[str] = mapped_column(String(255))
    headline: Mapped[str] = mapped_column(Text)
    details: Mapped[dict[str, Any]] = mapped_column(JSON)
    subject: Mapped[str] = mapped_column(String(128), index=True)
    severity: Mapped[str] = mapped_column(String(16))
    country: Mapped[str | None] = mapped_column(String(2), index=True)
    city_id: Mapped[str | None] = mapped_column(String(80))
    state: Mapped[str] = mapped_column(String(40))
    version: Mapped[int] = mapped_column(Integer)
    assignee: Mapped[str | None] = mapped_column(String(80), index=True)
    opened_at: Mapped[datetime] = mapped_column(Instant)
    due_at: Mapped[datetime | None] = mapped_column(Instant)
    closed_at: Mapped[datetime | None] = mapped_column(Instant)
    timezone: Mapped[str | None] = mapped_column(String(64))
    skill: Mapped[str | None] = mapped_column(String(64))
    language: Mapped[str | None] = mapped_column(String(16))


class CaseEvent(Base):
    """Something that happened to a case; of two that would be its next event, one is.

    ``digest`` covers all of the event with its predecessor's digest (`tiffin.engines.cases.chain`). The actor is
    chained as a code, whose name stands in ``actor_codes``; what was said is chained under ``salt``, so that a text can
    be removed from it, and ``remainder`` then tells what is left. ``opening`` is what the first event says of the case.
    """

    __tablename__ = "case_events"
    __table_args__ = (UniqueConstraint("case_id", "sequence", name="uq_case_events_case_sequence"),)

    event_id: Mapped[int] = mapped_column(Integer, primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.case_id"))
    sequence: Mapped[int] = mapped_column(Integer)
    at: Mapped[datetime] = mapped_column(Instant)
    actor_code: Mapped[str] = mapped_column("actor", String(80))
    action: Mapped[str] = mapped_column(String(40))
    is_platform: Mapped[bool] = mapped_column()
    details: Mapped[dict[str, Any]] = mapped_column(JSON)
    opening: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    salt: Mapped[str | None] = mapped_column(String(32))
    pieces: Mapped[str] = mapped_column(String(64))
    remainder: Mapped[str | None] = mapped_column(Text)
    previous_digest: Mapped[str] = mapped_column(String(64))
    digest: Mapped[str] = mapped_column(String(64))


CaseEvent.actor = column_property(
    select(ACTOR_CODES.c.name).where(ACTOR_CODES.c.code == CaseEvent.actor_code).scalar_subquery()
)


class CaseEffect(Base):
    """Something that follows from an event outside the case, to be done once; written in the event's transaction.

    ``leased_until`` says until when whoever took it may be at it; ``attempts`` counts how often it was taken. What
    failed too often is dead (``dead_at``) until somebody asks for it again.
    """

    __tablename__ = "case_effects"
    __table_args__ = (Index("ix_case_effects_waiting", "done_at", "dead_at", "due_at"),)

    effect_id: Mapped[int] = mapped_column(Integer, primary_key=True)
    key: Mapped[str] = mapped_column(String(120), unique=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.case_id"), index=True)
    sequence: Mapped[int] = mapped_column(Integer)
    case_type: Mapped[str] = mapped_column(String(64))
    name: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime] = mapped_column(Instant)
    due_at: Mapped[datetime] = mapped_column(Instant)
    attempts: Mapped[int] = mapped_column(Integer)
    leased_by: Mapped[str | None] = mapped_column(String(64))
    leased_until: Mapped[datetime | None] = mapped_column(Instant)
    done_at: Mapped[datetime | None] = mapped_column(Instant)
    dead_at: Mapped[datetime | None] = mapped_column(Instant)
    error: Mapped[str | None] = mapped_column(Text)


class CaseTimer(Base):
    """A clock of a case at whose end the platform does something; it is done with once it has fired."""

    __tablename__ = "case_timers"
    __table_args__ = (
        UniqueConstraint("case_id", "clock", name="uq_case_timers_case_clock"),
        Index("ix_case_timers_waiting", "fired_at", "due_at"),
    )

    timer_id: Mapped[int] = mapped_column(Integer, primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.case_id"))
    clock: Mapped[str] = mapped_column(String(64))
    runs_out_at: Mapped[datetime] = mapped_column(Instant)
    due_at: Mapped[datetime] = mapped_column(Instant)
    attempts: Mapped[int] = mapped_column(Integer)
    leased_by: Mapped[str | None] = mapped_column(String(64))
    leased_until: Mapped[datetime | None] = mapped_column(Instant)
    fired_at: Mapped[datetime | None] = mapped_column(Instant)
    error: Mapped[str | None] = mapped_column(Text)


class CaseWorker(Base):
    """What somebody who works on cases can do, and how many he has in hand at most; empty lists mean everything."""

    __tablename__ = "case_workers"

    name: Mapped[str] = mapped_column(String(80), primary_key=True)
    skills: Mapped[list[str]] = mapped_column(JSON)
    languages: Mapped[list[str]] = mapped_column(JSON)
    countries: Mapped[list[str]] = mapped_column(JSON)
    most: Mapped[int] = mapped_column(Integer)
    is_on_duty: Mapped[bool] = mapped_column()
    changed_at: Mapped[datetime] = mapped_column(Instant)
    changed_by: Mapped[str] = mapped_column(String(80))


class CaseEvidence(Base):
    """A file or a text that belongs to a case, by its digest; of a redacted one readers see what stands in its place.

    The file lies in the workspace under ``digest``, sealed under a key of ``person`` where one is named. ``gone_at``
    says when it was deleted, at the end of the time for which it is kept.
    """

    __tablename__ = "case_evidence"

    evidence_id: Mapped[int] = mapped_column(Integer, primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.case_id"), index=True)
    digest: Mapped[str] = mapped_column(String(64), index=True)
    media_type: Mapped[str] = mapped_column(String(64))
    size: Mapped[int] = mapped_column(Integer)
    title: Mapped[str] = mapped_column(String(200))
    person: Mapped[str | None] = mapped_column(String(128))
    added_at: Mapped[datetime] = mapped_column(Instant)
    added_by: Mapped[str] = mapped_column(String(80))
    keep_until: Mapped[datetime] = mapped_column(Instant, index=True)
    redacted_by: Mapped[int | None] = mapped_column(ForeignKey("case_evidence.evidence_id"))
    gone_at: Mapped[datetime | None] = mapped_column(Instant)
