"""Exemptions declared at the event: what holds where and from when to when, and who said so."""

from datetime import datetime

from sqlalchemy import Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from tiffin.runtime.models import Base
from tiffin.runtime.tables import Instant


class ExemptionRecord(Base):
    """A circumstance that exempts within a place and a time.

    ``scope`` is the whole city, a zone, a merchant or one order, and ``scope_id`` which. ``ended_at`` is when somebody
    ended it before its time.
    """

    __tablename__ = "exemptions"
    __table_args__ = (Index("ix_exemptions_city", "city_id", "starts_at"),)

    exemption_id: Mapped[int] = mapped_column(Integer, primary_key=True)
    city_id: Mapped[str] = mapped_column(String(128))
    country: Mapped[str] = mapped_column(String(2))
    circumstance: Mapped[str] = mapped_column(String(32))
    scope: Mapped[str] = mapped_column(String(16))
    scope_id: Mapped[str] = mapped_column(String(128))
    starts_at: Mapped[datetime] = mapped_column(Instant)
    ends_at: Mapped[datetime] = mapped_column(Instant)
    reference: Mapped[str] = mapped_column(String(128))
    declared_by: Mapped[str] = mapped_column(String(80))
    declared_at: Mapped[datetime] = mapped_column(Instant)
    ended_by: Mapped[str | None] = mapped_column(String(80))
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
