"""What is kept about loads beside the facts themselves."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, Float, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from tiffin.runtime.models import Base
from tiffin.runtime.tables import Instant


class FactLoad(Base):
    """One load of files through a feed with its counts; ``report`` holds them per table."""

    __tablename__ = "fact_loads"
    __table_args__ = (Index("ix_fact_loads_feed_at", "feed", "loaded_at"),)

    load_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    feed: Mapped[str] = mapped_column(String(128))
    fact_table: Mapped[str] = mapped_column(String(64))
    loaded_at: Mapped[datetime] = mapped_column(Instant, index=True)
    loaded_by: Mapped[str] = mapped_column(String(80))
    rows_read: Mapped[int] = mapped_column(BigInteger)
    rows_loaded: Mapped[int] = mapped_column(BigInteger)
    rows_collapsed: Mapped[int] = mapped_column(BigInteger)
    rows_quarantined: Mapped[int] = mapped_column(BigInteger)
    is_unchanged: Mapped[bool] = mapped_column()
    version: Mapped[int | None] = mapped_column(Integer)
    feed_digest: Mapped[str] = mapped_column(String(64))
    seconds: Mapped[float] = mapped_column(Float)
    report: Mapped[dict[str, Any]] = mapped_column(JSON)


class FactReceipt(Base):
    """A batch of facts taken over HTTP under a client's own key, so that sending it again changes nothing."""

    __tablename__ = "fact_receipts"

    idempotency_key: Mapped[str] = mapped_column(String(128), primary_key=True)
    actor: Mapped[str] = mapped_column(String(80), primary_key=True)
    fact_table: Mapped[str] = mapped_column(String(64))
    body_sha256: Mapped[str] = mapped_column(String(64))
    received_at: Mapped[datetime] = mapped_column(Instant)
    receipt: Mapped[dict[str, Any]] = mapped_column(JSON)
    note: Mapped[str | None] = mapped_column(Text)
