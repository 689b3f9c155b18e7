"""Notices as they were sent: what was filled in, and the text that it was filled into."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from tiffin.runtime.models import Base
from tiffin.runtime.tables import Instant


class NoticeText(Base):
    """The text of a version in one language, kept when it is first sent: what ships later changes nothing of it."""

    __tablename__ = "notice_texts"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    kind: Mapped[str] = mapped_column(String(40))
    since: Mapped[str] = mapped_column(String(10))
    audience: Mapped[str] = mapped_column(String(16))
    locale: Mapped[str] = mapped_column(String(16))
    text: Mapped[str] = mapped_column(Text)


class Notice(Base):
    """One notice to one party: its values as they were written, and the digest of the bytes that came of it.

    The same occasion is told once, however often sending is tried.
    """

    __tablename__ = "notices"
    __table_args__ = (
        UniqueConstraint("kind", "subject", "party_kind", "party_id", "occasion", name="uq_notices_occasion"),
        Index("ix_notices_party", "city_id", "party_kind", "party_id", "notice_id"),
    )

    notice_id: Mapped[int] = mapped_column(Integer, primary_key=True)
    kind: Mapped[str] = mapped_column(String(40))
    subject: Mapped[str] = mapped_column(String(255), index=True)
    occasion: Mapped[str] = mapped_column(String(64))
    order_id: Mapped[str] = mapped_column(String(128))
    city_id: Mapped[str] = mapped_column(String(128))
    party_kind: Mapped[str] = mapped_column(String(16))
    party_id: Mapped[str] = mapped_column(String(128))
    locale: Mapped[str] = mapped_column(String(16))
    version: Mapped[str] = mapped_column(ForeignKey("notice_texts.digest"))
    pieces: Mapped[dict[str, Any]] = mapped_column(JSON)
    digest: Mapped[str] = mapped_column(String(64))
    sent_at: Mapped[datetime] = mapped_column(Instant)
    sent_by: Mapped[str] = mapped_column(String(80))


class NoticeRead(Base):
    """When whom a notice was sent to opened it first."""

    __tablename__ = "notice_reads"

    notice_id: Mapped[int] = mapped_column(ForeignKey("notices.notice_id"), primary_key=True)
    read_at: Mapped[datetime] = mapped_column(Instant)
