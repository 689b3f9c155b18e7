"""What one request, command or job carries to the services."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from tiffin.runtime.actor import Actor
from tiffin.runtime.database import Unit
from tiffin.runtime.warehouse.engine import Warehouse
from tiffin.runtime.workspace import Workspace

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


@dataclass(frozen=True, slots=True)
class Context:
    """One unit of work: one transaction, one actor, one moment.

    Services never commit; the edge that made the context does.

    Parameters
    ----------
    now : datetime
        UTC; services take no other clock.
    market : str or None
        ISO 3166-1 alpha-2 code of the market the actor works in at the moment.
    locale : str
        Language of messages: ``en``, ``ar``, ``zh_Hans``, ``zh_Hant`` or ``pt_BR``.
    """

    workspace: Workspace
    unit: Unit
    warehouse: Warehouse
    actor: Actor
    now: datetime
    market: str | None = None
    locale: str = "en"

    @property
    def session(self) -> "Session":
        """The unit's rows as objects."""
        return self.unit.session
