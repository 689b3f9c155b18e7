"""Trials in the operational database: designs, who was given which arm, and what was read out when."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Date, Float, ForeignKey, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from tiffin.runtime.models import Base
from tiffin.runtime.tables import Instant


class TrialRecord(Base):
    """A trial as it was designed last; its states and who did what lie in the events of its case.

    ``places`` holds the clocks of its cities, so that arms are given without asking the warehouse.
    """

    __tablename__ = "trials"
    __table_args__ = (Index("ix_trials_state", "state", "first_day"),)

    trial_id: Mapped[int] = mapped_column(Integer, primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.case_id"), unique=True)
    name: Mapped[str] = mapped_column(String(80), unique=True)
    state: Mapped[str] = mapped_column(String(24))
    design: Mapped[dict[str, Any]] = mapped_column(JSON)
    places: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    version: Mapped[int] = mapped_column(Integer)
    first_day: Mapped[date] = mapped_column(Date)
    last_day: Mapped[date] = mapped_column(Date)
    starts_at: Mapped[datetime | None] = mapped_column(Instant)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
    created_at: Mapped[datetime] = mapped_column(Instant)
    created_by: Mapped[str] = mapped_column(String(80))


class TrialExposure(Base):
    """That a unit was given an arm, when for the first time; it keeps it whatever is changed later."""

    __tablename__ = "trial_exposures"

    trial_id: Mapped[int] = mapped_column(ForeignKey("trials.trial_id"), primary_key=True)
    unit: Mapped[str] = mapped_column(String(128), primary_key=True)
    arm: Mapped[str] = mapped_column(String(80))
    first_at: Mapped[datetime] = mapped_column(Instant)


class TrialReading(Base):
    """What was read out of a trial at a moment, of one metric."""

    __tablename__ = "trial_readings"
    __table_args__ = (Index("ix_trial_readings_of", "trial_id", "metric", "arm", "read_at"),)

    reading_id: Mapped[int] = mapped_column(Integer, primary_key=True)
    trial_id: Mapped[int] = mapped_column(ForeignKey("trials.trial_id"))
    metric: Mapped[str] = mapped_column(String(120))
    arm: Mapped[str] = mapped_column(String(80))
    read_at: Mapped[datetime] = mapped_column(Instant)
    through_day: Mapped[date] = mapped_column(Date)
    is_final: Mapped[bool]
    effect: Mapped[float | None] = mapped_column(Float)
    se: Mapped[float | None] = mapped_column(Float)
    low: Mapped[float | None] = mapped_column(Float)
    high: Mapped[float | None] = mapped_column(Float)
    p: Mapped[float | None] = mapped_column(Float)
    n: Mapped[int] = mapped_column(Integer)
    detail: Mapped[dict[str, Any]] = mapped_column(JSON)
