"""Changes of mask rules as people asked for and decided them."""

from datetime import datetime

from sqlalchemy.orm import Mapped

from tiffin.runtime.models import Base
from tiffin.runtime.tables import MASK_CHANGES


class MaskChange(Base):
    """One change of how values of a class and a shape are told to a role; an empty mask leaves them closed."""

    __table__ = MASK_CHANGES

    mask_change_id: Mapped[int]
    role: Mapped[str]
    class_name: Mapped[str]
    shape: Mapped[str]
    mask: Mapped[str | None]
    former: Mapped[str | None]
    reason: Mapped[str]
    asked_at: Mapped[datetime]
    asked_by: Mapped[str]
    state: Mapped[str]
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[str | None]
