"""Incidents of orders and the verdicts on them. Verdicts are only ever added: a later one supersedes an earlier one."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Float, ForeignKey, Index, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from tiffin.runtime.models import Base
from tiffin.runtime.tables import Instant


class IncidentRecord(Base):
    """One incident, with its case and, while it waits for a person, what he is asked."""

    __tablename__ = "incidents"
    __table_args__ = (
        Index("ix_incidents_queue", "is_waiting", "city_id", "priority", "happened_at", "case_id"),
        Index("ix_incidents_order", "city_id", "order_id"),
    )

    incident_key: Mapped[str] = mapped_column(String(240), primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.case_id"), unique=True)
    city_id: Mapped[str] = mapped_column(String(128))
    country: Mapped[str] = mapped_column(String(2))
    order_id: Mapped[str] = mapped_column(String(128))
    incident: Mapped[str] = mapped_column(String(32))
    happened_at: Mapped[datetime] = mapped_column(Instant)
    business_date: Mapped[date] = mapped_column()
    reported_at: Mapped[datetime] = mapped_column(Instant)
    reported_by: Mapped[str] = mapped_column(String(16))
    rider_id: Mapped[str | None] = mapped_column(String(128))
    merchant_id: Mapped[str | None] = mapped_column(String(128))
    customer_id: Mapped[str | None] = mapped_column(String(128))
    said: Mapped[dict[str, Any]] = mapped_column(JSON)
    is_waiting: Mapped[bool] = mapped_column()
    question: Mapped[str] = mapped_column(String(64))
    priority: Mapped[int] = mapped_column(Integer)
    skill: Mapped[str] = mapped_column(String(32))
    language: Mapped[str] = mapped_column(String(8))
    proposal: Mapped[dict[str, Any]] = mapped_column(JSON)
    handling_s: Mapped[int] = mapped_column(Integer)


class VerdictRecord(Base):
    """One verdict as it was given; of two that would be an incident's next, one is."""

    __tablename__ = "verdicts"
    __table_args__ = (
        UniqueConstraint("incident_key", "number", name="uq_verdicts_incident_number"),
        Index("ix_verdicts_order", "city_id", "order_id"),
        Index("ix_verdicts_rider", "city_id", "rider_id", "happened_at"),
        Index("ix_verdicts_merchant", "city_id", "merchant_id", "happened_at"),
        Index("ix_verdicts_decided", "city_id", "decided_at"),
    )

    verdict_id: Mapped[str] = mapped_column(String(255), primary_key=True)
    incident_key: Mapped[str] = mapped_column(ForeignKey("incidents.incident_key"))
    number: Mapped[int] = mapped_column(Integer)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.case_id"))
    city_id: Mapped[str] = mapped_column(String(128))
    country: Mapped[str] = mapped_column(String(2))
    order_id: Mapped[str] = mapped_column(String(128))
    incident: Mapped[str] = mapped_column(String(32))
    happened_at: Mapped[datetime] = mapped_column(Instant)
    rider_id: Mapped[str | None] = mapped_column(String(128))
    merchant_id: Mapped[str | None] = mapped_column(String(128))
    liable: Mapped[str] = mapped_column(String(16))
    shares: Mapped[dict[str, int]] = mapped_column(JSON)
    points: Mapped[dict[str, int]] = mapped_column(JSON)
    recovery_minor: Mapped[dict[str, int]] = mapped_column(JSON)
    compensation_minor: Mapped[int] = mapped_column(Integer)
    currency: Mapped[str] = mapped_column(String(3))
    policy: Mapped[str] = mapped_column(String(120))
    policy_version: Mapped[str] = mapped_column(String(64))
    row: Mapped[str] = mapped_column(String(128))
    reason: Mapped[dict[str, str]] = mapped_column(JSON)
    confidence: Mapped[float] = mapped_column(Float)
    exemption: Mapped[str] = mapped_column(String(32))
    facts: Mapped[dict[str, Any]] = mapped_column(JSON)
    decided_by: Mapped[str] = mapped_column(String(8))
    decider: Mapped[str | None] = mapped_column(String(80))
    decided_at: Mapped[datetime] = mapped_column(Instant)
    supersedes: Mapped[str | None] = mapped_column(String(255))
