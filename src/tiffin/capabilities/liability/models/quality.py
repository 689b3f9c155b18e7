"""Second looks at verdicts: which were drawn, what was judged blind, and cases whose answer is known."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Float, ForeignKey, Index, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from tiffin.runtime.models import Base
from tiffin.runtime.tables import Instant


class GoldCaseRecord(Base):
    """A case whose answer two people settled: facts as judges see them, who is liable, and why.

    ``verdict_id`` is what it was made of; ``agreed_by`` is another person than ``made_by``.
    """

    __tablename__ = "gold_cases"
    __table_args__ = (UniqueConstraint("verdict_id", name="uq_gold_cases_verdict"),)

    gold_id: Mapped[int] = mapped_column(Integer, primary_key=True)
    verdict_id: Mapped[str] = mapped_column(String(255))
    city_id: Mapped[str] = mapped_column(String(128))
    country: Mapped[str] = mapped_column(String(2))
    incident: Mapped[str] = mapped_column(String(32))
    facts: Mapped[dict[str, Any]] = mapped_column(JSON)
    liable: Mapped[str] = mapped_column(String(16))
    reason: Mapped[str] = mapped_column(Text)
    made_at: Mapped[datetime] = mapped_column(Instant)
    made_by: Mapped[str] = mapped_column(String(80))
    agreed_at: Mapped[datetime | None] = mapped_column(Instant)
    agreed_by: Mapped[str | None] = mapped_column(String(80))


class SecondLookRecord(Base):
    """One case to be judged again, drawn from the verdicts or from the gold cases; whoever judges cannot tell which.

    ``share`` is the share of such verdicts that the plan draws, ``plan`` the day from which it holds.
    """

    __tablename__ = "second_looks"
    __table_args__ = (
        UniqueConstraint("verdict_id", name="uq_second_looks_verdict"),
        Index("ix_second_looks_city", "city_id", "drawn_at"),
    )

    look_id: Mapped[int] = mapped_column(Integer, primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.case_id"), unique=True)
    verdict_id: Mapped[str | None] = mapped_column(String(255))
    gold_id: Mapped[int | None] = mapped_column(ForeignKey("gold_cases.gold_id"))
    city_id: Mapped[str] = mapped_column(String(128))
    country: Mapped[str] = mapped_column(String(2))
    incident: Mapped[str] = mapped_column(String(32))
    share: Mapped[float] = mapped_column(Float)
    plan: Mapped[str] = mapped_column(String(10))
    drawn_at: Mapped[datetime] = mapped_column(Instant)


class SecondJudgementRecord(Base):
    """What somebody judged who saw the facts and nothing else; ``number`` is 2, or 3 of who settles a disagreement."""

    __tablename__ = "second_judgements"
    __table_args__ = (UniqueConstraint("look_id", "judge", name="uq_second_judgements_judge"),)

    look_id: Mapped[int] = mapped_column(ForeignKey("second_looks.look_id"), primary_key=True)
    number: Mapped[int] = mapped_column(Integer, primary_key=True)
    judge: Mapped[str] = mapped_column(String(80))
    liable: Mapped[str] = mapped_column(String(16))
    confidence: Mapped[float] = mapped_column(Float)
    note: Mapped[str] = mapped_column(Text)
    judged_at: Mapped[datetime] = mapped_column(Instant)
