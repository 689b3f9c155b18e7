"""Items that wait for somebody with their events, and answers to the survey."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Date, ForeignKey, Index, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from tiffin.runtime.models import Base
from tiffin.runtime.tables import Instant


class AdoptionItem(Base):
    """A requirement, a retirement or feedback; the columns of its state are the fold of its events."""

    __tablename__ = "adoption_items"
    __table_args__ = (Index("ix_adoption_items_kind_state", "kind", "state"),)

    item_id: Mapped[int] = mapped_column(Integer, primary_key=True)
    kind: Mapped[str] = mapped_column(String(16))
    headline: Mapped[str] = mapped_column(Text)
    details: Mapped[dict[str, Any]] = mapped_column(JSON)
    author: Mapped[str] = mapped_column(String(80), index=True)
    subject: Mapped[str] = mapped_column(String(200), index=True)
    state: Mapped[str] = mapped_column(String(40))
    version: Mapped[int] = mapped_column(Integer)
    assignee: Mapped[str | None] = mapped_column(String(80))
    opened_at: Mapped[datetime] = mapped_column(Instant)
    due_at: Mapped[datetime | None] = mapped_column(Instant)
    closed_at: Mapped[datetime | None] = mapped_column(Instant)


class AdoptionEvent(Base):
    """Something that happened to an item; of two that would be its next event, one is."""

    __tablename__ = "adoption_events"
    __table_args__ = (UniqueConstraint("item_id", "sequence", name="uq_adoption_events_item_sequence"),)

    event_id: Mapped[int] = mapped_column(Integer, primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("adoption_items.item_id"))
    sequence: Mapped[int] = mapped_column(Integer)
    at: Mapped[datetime] = mapped_column(Instant)
    actor: Mapped[str] = mapped_column(String(80))
    action: Mapped[str] = mapped_column(String(40))
    is_platform: Mapped[bool] = mapped_column()
    details: Mapped[dict[str, Any]] = mapped_column(JSON)


class SurveyAnswer(Base):
    """One person's answers in one wave of the survey, under a pseudonym."""

    __tablename__ = "adoption_survey_answers"
    __table_args__ = (UniqueConstraint("wave", "pseudonym", name="uq_adoption_survey_answers_wave_pseudonym"),)

    answer_id: Mapped[int] = mapped_column(Integer, primary_key=True)
    wave: Mapped[str] = mapped_column(String(10))
    pseudonym: Mapped[str] = mapped_column(String(64))
    role: Mapped[str] = mapped_column(String(40))
    country: Mapped[str] = mapped_column(String(2))
    scores: Mapped[dict[str, int]] = mapped_column(JSON)
    remark: Mapped[str] = mapped_column(Text)
    locale: Mapped[str] = mapped_column(String(16))
    answered_on: Mapped[date] = mapped_column(Date)


class SurveyPause(Base):
    """Until when somebody, under a pseudonym, is not asked."""

    __tablename__ = "adoption_survey_pauses"

    pseudonym: Mapped[str] = mapped_column(String(64), primary_key=True)
    until: Mapped[date] = mapped_column(Date)
