"""Strategies against misses, and the proposals that they come from, in the operational database."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Date, ForeignKey, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from tiffin.runtime.models import Base
from tiffin.runtime.tables import Instant


class ProposalRecord(Base):
    """What could be done about one miss, rehearsed; ``runner`` names the process that works on it and alone may write.

    ``fingerprint`` stands for all that the answer follows from, so that the same question is rehearsed once.
    """

    __tablename__ = "strategy_proposals"
    __table_args__ = (Index("ix_strategy_proposals_of", "city_id", "day", "episode"),)

    proposal_id: Mapped[int] = mapped_column(Integer, primary_key=True)
    fingerprint: Mapped[str] = mapped_column(String(64), unique=True)
    country: Mapped[str] = mapped_column(String(2))
    city_id: Mapped[str] = mapped_column(String(128))
    day: Mapped[date] = mapped_column(Date)
    episode: Mapped[int] = mapped_column(Integer)
    question: Mapped[dict[str, Any]] = mapped_column(JSON)
    state: Mapped[str] = mapped_column(String(16))
    runner: Mapped[str | None] = mapped_column(String(64))
    done: Mapped[int] = mapped_column(Integer)
    total: Mapped[int] = mapped_column(Integer)
    heard_at: Mapped[datetime] = mapped_column(Instant)
    asked_by: Mapped[str] = mapped_column(String(80))
    asked_at: Mapped[datetime] = mapped_column(Instant)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
    failure: Mapped[str | None] = mapped_column(Text)
    answer: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    receipt: Mapped[dict[str, Any] | None] = mapped_column(JSON)


class StrategyRecord(Base):
    """A strategy as it was agreed; its states and who did what lie in the events of its case.

    ``expected`` is what the rehearsal said of it, and ``finding`` the miss that it answers.
    """

    __tablename__ = "strategies"
    __table_args__ = (Index("ix_strategies_of", "city_id", "day"), Index("ix_strategies_state", "state"))

    strategy_id: Mapped[int] = mapped_column(Integer, primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.case_id"), unique=True)
    proposal_id: Mapped[int] = mapped_column(ForeignKey("strategy_proposals.proposal_id"))
    option: Mapped[str] = mapped_column(String(80))
    state: Mapped[str] = mapped_column(String(24))
    country: Mapped[str] = mapped_column(String(2))
    city_id: Mapped[str] = mapped_column(String(128))
    day: Mapped[date] = mapped_column(Date)
    episode: Mapped[int] = mapped_column(Integer)
    levers: Mapped[list[str]] = mapped_column(JSON)
    parameters: Mapped[dict[str, Any]] = mapped_column(JSON)
    finding: Mapped[dict[str, Any]] = mapped_column(JSON)
    expected: Mapped[dict[str, Any]] = mapped_column(JSON)
    owner: Mapped[str] = mapped_column(String(80))
    team: Mapped[str] = mapped_column(String(80))
    first_day: Mapped[date] = mapped_column(Date)
    last_day: Mapped[date] = mapped_column(Date)
    trial: Mapped[str | None] = mapped_column(String(80))
    outcome: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(Instant)
    created_by: Mapped[str] = mapped_column(String(80))
