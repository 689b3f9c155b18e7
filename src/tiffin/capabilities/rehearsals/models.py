"""Rehearsals that people asked for: what, how far they have come, and what they came to."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from tiffin.runtime.models import Base
from tiffin.runtime.tables import Instant


class Rehearsal(Base):
    """A rehearsal; ``runner`` names the process that works on it, which alone may write how far it is."""

    __tablename__ = "rehearsals"

    rehearsal_id: Mapped[int] = mapped_column(Integer, primary_key=True)
    scenario: Mapped[str] = mapped_column(String(160))
    country: Mapped[str] = mapped_column(String(2))
    city_id: Mapped[str] = mapped_column(String(128), index=True)
    day: Mapped[date] = mapped_column()
    plan: Mapped[dict[str, Any]] = mapped_column(JSON)
    asked_by: Mapped[str] = mapped_column(String(80))
    asked_at: Mapped[datetime] = mapped_column(Instant)
    state: Mapped[str] = mapped_column(String(16), index=True)
    runner: Mapped[str | None] = mapped_column(String(64))
    done: Mapped[int] = mapped_column(Integer)
    heard_at: Mapped[datetime] = mapped_column(Instant)
    begun_at: Mapped[datetime | None] = mapped_column(Instant)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
    failure: Mapped[str | None] = mapped_column(Text)
    figures: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    receipt: Mapped[dict[str, Any] | None] = mapped_column(JSON)
