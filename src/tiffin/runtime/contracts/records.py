"""Versions of contracts that a workspace registered, and what each consumer answered to those that break them."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from tiffin.runtime.models import Base
from tiffin.runtime.tables import Instant


class ContractVersion(Base):
    """One version of the contract of a table, from its registration until another takes its place."""

    __tablename__ = "contract_versions"

    table: Mapped[str] = mapped_column("table_name", String(128), primary_key=True)
    version: Mapped[str] = mapped_column(String(32), primary_key=True)
    state: Mapped[str] = mapped_column(String(16))
    document: Mapped[str] = mapped_column(Text)
    against: Mapped[str] = mapped_column(String(32))
    severity: Mapped[str] = mapped_column(String(16))
    changes: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    registered_by: Mapped[str] = mapped_column(String(80))
    registered_at: Mapped[datetime] = mapped_column(Instant)
    announced_by: Mapped[str | None] = mapped_column(String(80))
    announced_at: Mapped[datetime | None] = mapped_column(Instant)
    notice_ends_at: Mapped[datetime | None] = mapped_column(Instant)
    in_force_by: Mapped[str | None] = mapped_column(String(80))
    in_force_at: Mapped[datetime | None] = mapped_column(Instant)


class ContractConsumer(Base):
    """Somebody who was told of a version because something of his stands on what it changes, and what he answered."""

    __tablename__ = "contract_consumers"

    table: Mapped[str] = mapped_column("table_name", String(128), primary_key=True)
    version: Mapped[str] = mapped_column(String(32), primary_key=True)
    consumer: Mapped[str] = mapped_column(String(80), primary_key=True)
    assets: Mapped[list[str]] = mapped_column(JSON)
    told_at: Mapped[datetime] = mapped_column(Instant)
    answer: Mapped[str | None] = mapped_column(String(16))
    reason: Mapped[str | None] = mapped_column(Text)
    answered_by: Mapped[str | None] = mapped_column(String(80))
    answered_at: Mapped[datetime | None] = mapped_column(Instant)
    escalated_at: Mapped[datetime | None] = mapped_column(Instant)
