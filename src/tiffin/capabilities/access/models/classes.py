"""Classes of columns as detectors proposed and people confirmed them."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Mapped

from tiffin.runtime.models import Base
from tiffin.runtime.tables import COLUMN_CLASSES


class ColumnClass(Base):
    """One column of a table or of a file.

    ``proposed`` is the detectors' class and ``findings`` why; ``confirmed`` is a person's, empty until there is one.
    ``looser`` is a less guarded class that one person asks for and another has to agree to.
    """

    __table__ = COLUMN_CLASSES

    column_class_id: Mapped[int]
    holder: Mapped[str]
    is_file: Mapped[bool]
    column_name: Mapped[str]
    proposed: Mapped[str]
    findings: Mapped[list[dict[str, Any]]]
    filled: Mapped[int]
    detected_at: Mapped[datetime]
    detected_by: Mapped[str]
    confirmed: Mapped[str | None]
    confirmed_at: Mapped[datetime | None]
    confirmed_by: Mapped[str | None]
    reason: Mapped[str | None]
    looser: Mapped[str | None]
    looser_asked_at: Mapped[datetime | None]
    looser_asked_by: Mapped[str | None]
    looser_reason: Mapped[str | None]
