"""Roll-outs in the operational database: plans, the state of each city, what gates said, and what was tried where."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Date, Float, ForeignKey, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from tiffin.runtime.models import Base
from tiffin.runtime.tables import Instant


class RollOutRecord(Base):
    """A roll-out as it was laid out last; its states and who did what lie in the events of its case.

    ``wave`` is the number of the wave that runs or ran last, -1 before the first. ``places`` holds its cities with
    their clocks.
    """

    __tablename__ = "roll_outs"
    __table_args__ = (Index("ix_roll_outs_state", "state"),)

    roll_out_id: Mapped[int] = mapped_column(Integer, primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.case_id"), unique=True)
    name: Mapped[str] = mapped_column(String(80), unique=True)
    remedy: Mapped[str] = mapped_column(String(120))
    state: Mapped[str] = mapped_column(String(24))
    plan: Mapped[dict[str, Any]] = mapped_column(JSON)
    places: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    version: Mapped[int] = mapped_column(Integer)
    wave: Mapped[int] = mapped_column(Integer)
    wave_first_day: Mapped[date | None] = mapped_column(Date)
    due_day: Mapped[date | None] = mapped_column(Date)
    created_at: Mapped[datetime] = mapped_column(Instant)
    created_by: Mapped[str] = mapped_column(String(80))


class RollOutCity(Base):
    """Whether the remedy is on in a city.

    ``spells`` are the spans of whole business days on which it was. ``zones`` are those among which some are held out,
    as they were when it went on first: what is drawn must not change with the map.
    """

    __tablename__ = "roll_out_cities"

    roll_out_id: Mapped[int] = mapped_column(ForeignKey("roll_outs.roll_out_id"), primary_key=True)
    city_id: Mapped[str] = mapped_column(String(128), primary_key=True)
    wave: Mapped[int] = mapped_column(Integer)
    state: Mapped[str] = mapped_column(String(24))
    version: Mapped[int] = mapped_column(Integer)
    changed_at: Mapped[datetime] = mapped_column(Instant)
    spells: Mapped[list[list[str | None]]] = mapped_column(JSON)
    zones: Mapped[list[str]] = mapped_column(JSON)


class RollOutGate(Base):
    """What the gate of a wave said at one look, with every interval that it looked at."""

    __tablename__ = "roll_out_gates"
    __table_args__ = (Index("ix_roll_out_gates_of", "roll_out_id", "wave", "through_day", unique=True),)

    gate_id: Mapped[int] = mapped_column(Integer, primary_key=True)
    roll_out_id: Mapped[int] = mapped_column(ForeignKey("roll_outs.roll_out_id"))
    wave: Mapped[int] = mapped_column(Integer)
    through_day: Mapped[date] = mapped_column(Date)
    read_at: Mapped[datetime] = mapped_column(Instant)
    days: Mapped[int] = mapped_column(Integer)
    verdict: Mapped[str] = mapped_column(String(16))
    because: Mapped[list[str]] = mapped_column(JSON)
    readings: Mapped[list[dict[str, Any]]] = mapped_column(JSON)


class RemedyEffect(Base):
    """What one arm of a trial did in one city, kept when it was first asked for after the trial's end."""

    __tablename__ = "remedy_effects"
    __table_args__ = (Index("ix_remedy_effects_of", "remedy", "metric"),)

    trial_case: Mapped[int] = mapped_column(ForeignKey("cases.case_id"), primary_key=True)
    arm: Mapped[str] = mapped_column(String(80), primary_key=True)
    city_id: Mapped[str] = mapped_column(String(128), primary_key=True)
    remedy: Mapped[str] = mapped_column(String(120))
    trial: Mapped[str] = mapped_column(String(80))
    country: Mapped[str] = mapped_column(String(2))
    city: Mapped[str] = mapped_column(String(128))
    metric: Mapped[str] = mapped_column(String(120))
    first_day: Mapped[date] = mapped_column(Date)
    last_day: Mapped[date] = mapped_column(Date)
    effect: Mapped[float | None] = mapped_column(Float)
    se: Mapped[float | None] = mapped_column(Float)
    low: Mapped[float | None] = mapped_column(Float)
    high: Mapped[float | None] = mapped_column(Float)
    units: Mapped[int] = mapped_column(Integer)
    size: Mapped[float] = mapped_column(Float)
    detail: Mapped[dict[str, Any]] = mapped_column(JSON)
    read_at: Mapped[datetime] = mapped_column(Instant)
