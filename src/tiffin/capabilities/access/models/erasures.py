"""Requests that one person be erased, and the certificates of those that were."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from tiffin.runtime.models import Base
from tiffin.runtime.tables import Instant


class Erasure(Base):
    """One request that a person be erased.

    Who he is stands in two halves, neither of which says anything without the other; both are gone once he is erased.
    ``left_out`` tells which texts of the facts only seem to name him, as digests, and why an officer thinks so.
    ``steps`` tells what has been done, so that a run that died is taken up where it stopped.
    """

    __tablename__ = "access_erasures"

    erasure_id: Mapped[int] = mapped_column(Integer, primary_key=True)
    kind: Mapped[str] = mapped_column(String(40))
    half: Mapped[str] = mapped_column(Text)
    other_half: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(16), index=True)
    asked_by: Mapped[str] = mapped_column(String(80))
    asked_at: Mapped[datetime] = mapped_column(Instant)
    decided_by: Mapped[str | None] = mapped_column(String(80))
    decided_at: Mapped[datetime | None] = mapped_column(Instant)
    remark: Mapped[str] = mapped_column(Text)
    steps: Mapped[dict[str, Any]] = mapped_column(JSON)
    left_out: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    erased_at: Mapped[datetime | None] = mapped_column(Instant)
