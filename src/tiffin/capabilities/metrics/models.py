"""What is kept about metric definitions beside their files: drafts on their way, and what was published when."""

from datetime import date, datetime

from sqlalchemy import JSON, ForeignKey, Index, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from tiffin.runtime.models import Base
from tiffin.runtime.tables import Instant


class MetricDraft(Base):
    """A definition on its way: its text, the published one that it began from, and everybody who wrote on it."""

    __tablename__ = "metric_drafts"
    __table_args__ = (Index("ix_metric_drafts_state", "state", "changed_at"),)

    draft_id: Mapped[int] = mapped_column(Integer, primary_key=True)
    metric: Mapped[str] = mapped_column(String(120), index=True)
    text: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(16))
    authors: Mapped[list[str]] = mapped_column(JSON)
    base_text: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(Instant)
    changed_at: Mapped[datetime] = mapped_column(Instant)


class MetricDraftEvent(Base):
    """One act upon a draft, with what was said about it."""

    __tablename__ = "metric_draft_events"

    event_id: Mapped[int] = mapped_column(Integer, primary_key=True)
    draft_id: Mapped[int] = mapped_column(ForeignKey("metric_drafts.draft_id"), index=True)
    at: Mapped[datetime] = mapped_column(Instant)
    actor: Mapped[str] = mapped_column(String(80))
    act: Mapped[str] = mapped_column(String(16))
    comment: Mapped[str] = mapped_column(Text)


class MetricPublication(Base):
    """One publication of a metric's definition, in order; ``formula_sha256`` locks what the version computes."""

    __tablename__ = "metric_publications"
    __table_args__ = (UniqueConstraint("metric", "number"),)

    publication_id: Mapped[int] = mapped_column(Integer, primary_key=True)
    metric: Mapped[str] = mapped_column(String(120))
    number: Mapped[int] = mapped_column(Integer)
    version: Mapped[int] = mapped_column(Integer)
    since: Mapped[date] = mapped_column()
    formula_sha256: Mapped[str] = mapped_column(String(64))
    text: Mapped[str] = mapped_column(Text)
    former_text: Mapped[str] = mapped_column(Text)
    draft_id: Mapped[int | None] = mapped_column(ForeignKey("metric_drafts.draft_id"))
    authors: Mapped[list[str]] = mapped_column(JSON)
    published_at: Mapped[datetime] = mapped_column(Instant)
    published_by: Mapped[str] = mapped_column(String(80))
    takes_back: Mapped[int | None] = mapped_column(ForeignKey("metric_publications.publication_id"))


class PublishedNumber(Base):
    """One entry of the ledger of published numbers; never changed, each chained to the one before by its hash.

    ``body`` is canonical JSON; ``entry_hash`` covers it by two digests under ``salt``, so that a text can be removed
    from it, and ``remainder`` then tells what is left (`tiffin.runtime.pieces`). ``published_by`` is a code of
    `actor_codes`.
    """

    __tablename__ = "published_numbers"

    position: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    reference: Mapped[str] = mapped_column(String(24), unique=True)
    title: Mapped[str] = mapped_column(String(200))
    published_at: Mapped[datetime] = mapped_column(Instant)
    published_by: Mapped[str] = mapped_column(String(80))
    body: Mapped[str] = mapped_column(Text)
    salt: Mapped[str | None] = mapped_column(String(32))
    pieces: Mapped[str] = mapped_column(String(64))
    remainder: Mapped[str | None] = mapped_column(Text)
    previous_hash: Mapped[str] = mapped_column(String(64))
    entry_hash: Mapped[str] = mapped_column(String(64), unique=True)


class KeptReceipt(Base):
    """A receipt with its definitions, kept so that the answer can be had again by its hash."""

    __tablename__ = "kept_receipts"

    rerun_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    receipt: Mapped[str] = mapped_column(Text)
    kept_at: Mapped[datetime] = mapped_column(Instant)
    kept_by: Mapped[str] = mapped_column(String(80))
