"""What is kept of each diagnosed day: the day itself, and its episodes, for whoever looks for days like another."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Date, Float, ForeignKey, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from tiffin.runtime.models import Base
from tiffin.runtime.tables import Instant


class KeptDay(Base):
    """A day that was diagnosed, with or without an episode; ``tables`` are the versions of the facts that it read."""

    __tablename__ = "diagnosed_days"

    city_id: Mapped[str] = mapped_column(String(128), primary_key=True)
    day: Mapped[date] = mapped_column(Date, primary_key=True)
    country: Mapped[str] = mapped_column(String(2))
    is_weekend: Mapped[bool]
    is_ramadan: Mapped[bool]
    holiday: Mapped[str | None] = mapped_column(String(80))
    wanted: Mapped[float] = mapped_column(Float)
    zones: Mapped[int] = mapped_column(Integer)
    tables: Mapped[dict[str, Any]] = mapped_column(JSON)
    kept_at: Mapped[datetime] = mapped_column(Instant)


class KeptEpisode(Base):
    """An episode of a kept day, as the diagnosis told it last; ``case_id`` is the case that it was answered in."""

    __tablename__ = "diagnosed_episodes"

    city_id: Mapped[str] = mapped_column(String(128), primary_key=True)
    day: Mapped[date] = mapped_column(Date, primary_key=True)
    number: Mapped[int] = mapped_column(Integer, primary_key=True)
    from_hour: Mapped[int] = mapped_column(Integer)
    to_hour: Mapped[int] = mapped_column(Integer)
    zone_ids: Mapped[list[str]] = mapped_column(JSON)
    causes: Mapped[dict[str, float]] = mapped_column(JSON)
    first_cause: Mapped[str | None] = mapped_column(String(40))
    miss_min: Mapped[float] = mapped_column(Float)
    late_orders: Mapped[int | None] = mapped_column(Integer)
    lost_orders: Mapped[float | None] = mapped_column(Float)
    rain_mm: Mapped[float | None] = mapped_column(Float)
    case_id: Mapped[int | None] = mapped_column(ForeignKey("cases.case_id"))
