"""What was settled, how the targets of each day were met, and what was found wrong. Rows are only ever added."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from tiffin.runtime.models import Base
from tiffin.runtime.tables import Instant


class SettledDay(Base):
    """The value of a metric in a country on a day as it stood when the day was settled."""

    __tablename__ = "settled_days"

    metric: Mapped[str] = mapped_column(String(128), primary_key=True)
    country: Mapped[str] = mapped_column(String(2), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    definition: Mapped[int] = mapped_column(Integer)
    value: Mapped[float | None] = mapped_column()
    settled_at: Mapped[datetime] = mapped_column(Instant)
    tables: Mapped[dict[str, Any]] = mapped_column(JSON)


class TargetOutcome(Base):
    """Whether one target of a metric was kept in a country on a day; decided once."""

    __tablename__ = "target_outcomes"
    __table_args__ = (Index("ix_target_outcomes_day", "day"),)

    metric: Mapped[str] = mapped_column(String(128), primary_key=True)
    country: Mapped[str] = mapped_column(String(2), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    target: Mapped[str] = mapped_column(String(16), primary_key=True)
    outcome: Mapped[str] = mapped_column(String(16))
    measured: Mapped[float | None] = mapped_column()
    allowed: Mapped[float | None] = mapped_column()
    evidence: Mapped[str] = mapped_column(String(128))
    decided_at: Mapped[datetime] = mapped_column(Instant)


class QualityFinding(Base):
    """Something that a check found wrong with a day's facts."""

    __tablename__ = "quality_findings"

    finding: Mapped[str] = mapped_column("finding_key", String(255), primary_key=True)
    found_by: Mapped[str] = mapped_column(String(40))
    metric: Mapped[str] = mapped_column(String(128), index=True)
    country: Mapped[str] = mapped_column(String(2))
    city_id: Mapped[str | None] = mapped_column(String(80))
    day: Mapped[date] = mapped_column(index=True)
    score: Mapped[float] = mapped_column()
    details: Mapped[dict[str, Any]] = mapped_column(JSON)
    found_at: Mapped[datetime] = mapped_column(Instant)
    case_id: Mapped[int | None] = mapped_column(Integer)


class MetricStanding(Base):
    """How a metric kept its targets in a country of late; a certified metric whose budget is spent has fallen there."""

    __tablename__ = "metric_standings"

    metric: Mapped[str] = mapped_column(String(128), primary_key=True)
    country: Mapped[str] = mapped_column(String(2), primary_key=True)
    last_day: Mapped[date] = mapped_column()
    measured: Mapped[int] = mapped_column(Integer)
    missed: Mapped[int] = mapped_column(Integer)
    budget: Mapped[float] = mapped_column()
    is_fallen: Mapped[bool] = mapped_column()
    changed_at: Mapped[datetime] = mapped_column(Instant)
