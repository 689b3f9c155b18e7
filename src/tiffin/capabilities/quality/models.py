"""What was settled, how the targets of each day were met, and what was found wrong. Rows are only ever added."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, Integer, String, Text
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


class QualityResult(Base):
    """What a check of a table found once, in one place on one day or in the whole table."""

    __tablename__ = "quality_results"
    __table_args__ = (
        Index("ix_quality_results_check", "table_name", "check_name", "day"),
        Index("ix_quality_results_checked", "checked_at"),
    )

    result_id: Mapped[int] = mapped_column(Integer, primary_key=True)
    check_name: Mapped[str] = mapped_column(String(160))
    table_name: Mapped[str] = mapped_column(String(80))
    kind: Mapped[str] = mapped_column(String(16))
    status: Mapped[str] = mapped_column(String(16))
    country: Mapped[str] = mapped_column(String(2))
    city_id: Mapped[str] = mapped_column(String(128))
    day: Mapped[date | None] = mapped_column()
    until: Mapped[date | None] = mapped_column()
    value: Mapped[float | None] = mapped_column()
    threshold: Mapped[float | None] = mapped_column()
    rows_checked: Mapped[int] = mapped_column(BigInteger)
    rows_broken: Mapped[int] = mapped_column(BigInteger)
    sample: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    table_version: Mapped[int | None] = mapped_column(Integer)
    checked_at: Mapped[datetime] = mapped_column(Instant)


class CheckedTable(Base):
    """Which version of a table was checked last, and by which checks; ``stamp`` tells both."""

    __tablename__ = "checked_tables"

    table_name: Mapped[str] = mapped_column(String(80), primary_key=True)
    stamp: Mapped[str] = mapped_column(String(64))
    checked_at: Mapped[datetime] = mapped_column(Instant)


class DataIncident(Base):
    """What a case about broken data stands on: which checks fail where, since when, and whether they still do."""

    __tablename__ = "data_incidents"

    case_id: Mapped[int] = mapped_column(ForeignKey("cases.case_id"), primary_key=True)
    table_name: Mapped[str] = mapped_column(String(80), index=True)
    country: Mapped[str] = mapped_column(String(2))
    owner: Mapped[str] = mapped_column(String(80))
    failures: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    metrics: Mapped[list[str]] = mapped_column(JSON)
    passes_since: Mapped[datetime | None] = mapped_column(Instant)
    is_open: Mapped[bool] = mapped_column()


class PostMortem(Base):
    """What people learned of an incident: how it came about, and who does what until when so that it stays away."""

    __tablename__ = "post_mortems"

    case_id: Mapped[int] = mapped_column(ForeignKey("cases.case_id"), primary_key=True)
    cause: Mapped[str] = mapped_column(Text)
    done: Mapped[str] = mapped_column(Text)
    prevention: Mapped[str] = mapped_column(Text)
    prevention_owner: Mapped[str] = mapped_column(String(120))
    prevention_due: Mapped[date] = mapped_column()
    written_by: Mapped[str] = mapped_column(String(80))
    written_at: Mapped[datetime] = mapped_column(Instant)
