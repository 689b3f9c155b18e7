"""Looks at order files: when somebody opened one, how long he worked on it, and whether he decided."""

from datetime import datetime

from sqlalchemy import Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from tiffin.runtime.models import Base
from tiffin.runtime.tables import Instant


class Look(Base):
    """One look of one person at one order's file.

    ``active_s`` are seconds in which the page was visible and he did something; ``is_measured`` says that a script told
    them, and without one they are not known. ``handling_s`` is set when he decides: all that he worked on the case.
    """

    __tablename__ = "order_file_looks"
    __table_args__ = (
        Index("ix_order_file_looks_person", "looked_by", "opened_at"),
        Index("ix_order_file_looks_case", "case_id", "looked_by"),
        Index("ix_order_file_looks_decided", "decided_at"),
    )

    look_id: Mapped[int] = mapped_column(Integer, primary_key=True)
    looked_by: Mapped[str] = mapped_column(String(80))
    city_id: Mapped[str] = mapped_column(String(128))
    country: Mapped[str] = mapped_column(String(2))
    order_id: Mapped[str] = mapped_column(String(128))
    case_id: Mapped[int | None] = mapped_column(Integer)
    case_type: Mapped[str | None] = mapped_column(String(64))
    opened_at: Mapped[datetime] = mapped_column(Instant)
    heard_at: Mapped[datetime] = mapped_column(Instant)
    active_s: Mapped[int] = mapped_column(Integer)
    is_measured: Mapped[bool] = mapped_column()
    decided_at: Mapped[datetime | None] = mapped_column(Instant)
    decision: Mapped[str | None] = mapped_column(String(64))
    handling_s: Mapped[int | None] = mapped_column(Integer)
