"""Appeals of verdicts, and how each row of a policy stands by what became of them."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from tiffin.runtime.models import Base
from tiffin.runtime.tables import Instant


class AppealRecord(Base):
    """One appeal of one party against one verdict; what was said and done lies in the events of its case.

    ``verdict_id`` is what was appealed, ``current_verdict_id`` what stands in its place now. ``outcome`` is how it was
    last decided, ``settled_at`` when it became final.
    """

    __tablename__ = "appeals"
    __table_args__ = (
        UniqueConstraint("verdict_id", "party_kind", "party_id", name="uq_appeals_verdict_party"),
        Index("ix_appeals_party", "city_id", "party_kind", "party_id"),
        Index("ix_appeals_row", "policy", "row_name"),
    )

    appeal_id: Mapped[int] = mapped_column(Integer, primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.case_id"), unique=True)
    verdict_id: Mapped[str] = mapped_column(String(255))
    current_verdict_id: Mapped[str] = mapped_column(String(255))
    party_kind: Mapped[str] = mapped_column(String(16))
    party_id: Mapped[str] = mapped_column(String(128))
    city_id: Mapped[str] = mapped_column(String(128))
    country: Mapped[str] = mapped_column(String(2))
    policy: Mapped[str] = mapped_column(String(128))
    policy_version: Mapped[str] = mapped_column(String(128))
    row_name: Mapped[str] = mapped_column(String(128))
    lodged_at: Mapped[datetime] = mapped_column(Instant)
    lodged_by: Mapped[str] = mapped_column(String(80))
    outcome: Mapped[str | None] = mapped_column(String(24))
    decided_by: Mapped[str | None] = mapped_column(String(80))
    decided_at: Mapped[datetime | None] = mapped_column(Instant)
    settled_at: Mapped[datetime | None] = mapped_column(Instant)


class RowStandingRecord(Base):
    """Whether a row of a policy may decide by itself, once its appeals said something about that.

    ``counted_from`` is since when its verdicts count: since ever, since a version mended the row, or since its owner
    restored it. ``row_digest`` names the row as it was written when it was demoted.
    """

    __tablename__ = "row_standings"
    __table_args__ = (UniqueConstraint("policy", "row_name", name="uq_row_standings_row"),)

    row_standing_id: Mapped[int] = mapped_column(Integer, primary_key=True)
    policy: Mapped[str] = mapped_column(String(128))
    row_name: Mapped[str] = mapped_column(String(128))
    state: Mapped[str] = mapped_column(String(16))
    row_digest: Mapped[str] = mapped_column(String(64))
    counted_from: Mapped[datetime | None] = mapped_column(Instant)
    changed_at: Mapped[datetime] = mapped_column(Instant)
    changed_by: Mapped[str] = mapped_column(String(80))
    case_id: Mapped[int | None] = mapped_column(ForeignKey("cases.case_id"))
