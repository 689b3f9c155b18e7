"""Disputes: which incident they are about and who is in them; what was said lies in the events of their cases."""

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from tiffin.runtime.models import Base
from tiffin.runtime.tables import Instant


class DisputeRecord(Base):
    """One dispute about one incident; ``parties`` maps each kind of party in it to who that is."""

    __tablename__ = "disputes"
    __table_args__ = (Index("ix_disputes_incident", "incident_key"), Index("ix_disputes_order", "city_id", "order_id"))

    dispute_id: Mapped[int] = mapped_column(Integer, primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.case_id"), unique=True)
    incident_key: Mapped[str] = mapped_column(String(240))
    city_id: Mapped[str] = mapped_column(String(128))
    country: Mapped[str] = mapped_column(String(2))
    order_id: Mapped[str] = mapped_column(String(128))
    opened_by: Mapped[str] = mapped_column(String(16))
    parties: Mapped[dict[str, str]] = mapped_column(JSON)
    most_minor: Mapped[int] = mapped_column(Integer)
    currency: Mapped[str] = mapped_column(String(3))
    opened_at: Mapped[datetime] = mapped_column(Instant)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
    verdict_id: Mapped[str | None] = mapped_column(String(255))
