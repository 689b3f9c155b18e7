"""Campaigns in which grants are confirmed anew, and the people of the personnel file."""

from datetime import date, datetime

from sqlalchemy import JSON, Date, ForeignKey, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from tiffin.runtime.models import Base
from tiffin.runtime.tables import Instant


class Campaign(Base):
    """One round in which a reviewer answers for every grant of a scope until a day."""

    __tablename__ = "access_campaigns"

    campaign_id: Mapped[int] = mapped_column(Integer, primary_key=True)
    name: Mapped[str] = mapped_column(String(120))
    countries: Mapped[list[str]] = mapped_column(JSON)
    cities: Mapped[list[str]] = mapped_column(JSON)
    reviewer: Mapped[str] = mapped_column(String(80), index=True)
    due_at: Mapped[datetime] = mapped_column(Instant)
    made_at: Mapped[datetime] = mapped_column(Instant)
    made_by: Mapped[str] = mapped_column(String(80))


class Review(Base):
    """One grant of a campaign and what was decided about it.

    While nothing is decided the grant itself ends when the campaign is due; ``would_end_at`` is the end that it had
    before and gets back when it is kept.
    """

    __tablename__ = "access_reviews"
    __table_args__ = (UniqueConstraint("campaign_id", "grant_id", name="uq_access_reviews_campaign_grant"),)

    review_id: Mapped[int] = mapped_column(Integer, primary_key=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("access_campaigns.campaign_id"))
    grant_id: Mapped[int] = mapped_column(ForeignKey("grants.grant_id"), index=True)
    would_end_at: Mapped[datetime] = mapped_column(Instant)
    decision: Mapped[str | None] = mapped_column(String(16))
    decided_at: Mapped[datetime | None] = mapped_column(Instant)
    decided_by: Mapped[str | None] = mapped_column(String(80))
    reason: Mapped[str | None] = mapped_column(Text)


class Employee(Base):
    """A person of the personnel file as it was last applied; his account's attributes are kept here."""

    __tablename__ = "access_employees"

    employee_id: Mapped[str] = mapped_column(String(80), primary_key=True)
    account: Mapped[str] = mapped_column(String(80), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    job: Mapped[str] = mapped_column(String(80))
    country: Mapped[str] = mapped_column(String(2))
    city: Mapped[str] = mapped_column(String(80))
    team: Mapped[str] = mapped_column(String(80))
    manager: Mapped[str] = mapped_column(String(80))
    employment: Mapped[str] = mapped_column(String(40))
    starts_on: Mapped[date] = mapped_column(Date)
    ends_on: Mapped[date | None] = mapped_column(Date)
    applied_at: Mapped[datetime] = mapped_column(Instant)
