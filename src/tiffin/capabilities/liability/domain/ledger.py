"""What the ledger tells of a party: what is booked, what of it counts, and what is told on a statement."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from tiffin.capabilities.liability.domain.parties import Party
from tiffin.kernel.time import Days


@dataclass(frozen=True, slots=True)
class Moved:
    """What an order to the ledger led to.

    Parameters
    ----------
    verdict_id : str
        The posting that it was about.
    is_new : bool
        False where the ledger stood so already: the same was said before, by this process or another.
    """

    verdict_id: str
    is_new: bool


@dataclass(frozen=True, slots=True)
class UnitBalance:
    """What stands against a party in points or in one currency; below nought it is in the party's favour.

    Parameters
    ----------
    unit : str
        ``points``, or the ISO 4217 code of a currency, of which amounts are minor units.
    booked : int
        The fold of the ledger's events, without what is stayed.
    counted : int
        What of it counts at the moment of reading: not expired, and under the caps.
    expired, capped : int
        What of it counts no longer, and what is above a cap; ``booked = counted + expired + capped``.
    stayed : int
        What an open appeal keeps from counting; it is not in ``booked``.
    """

    unit: str
    booked: int
    counted: int
    expired: int
    capped: int
    stayed: int


@dataclass(frozen=True, slots=True)
class Balance:
    """How a party stands at a moment, by unit; nothing where nothing was ever booked."""

    party: Party
    party_id: str
    city_id: str
    as_of: datetime
    units: tuple[UnitBalance, ...]

    def of(self, unit: str) -> UnitBalance:
        """Give how it stands in one unit."""
        return next((one for one in self.units if one.unit == unit), UnitBalance(unit, 0, 0, 0, 0, 0))


class LineKind(StrEnum):
    """What a line of a statement tells."""

    POSTED = "posted"
    STAYED = "stayed"
    STAY_LIFTED = "stay_lifted"
    REVERSED = "reversed"
    RESTORED = "restored"
    EXPIRED = "expired"
    CAPPED = "capped"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a statement: what, why, when, and how the party stands after it.

    Parameters
    ----------
    incident : str
        Sort of what went wrong, such as ``late``.
    amount : int
        Change of what counts against the party.
    running : int
        What counts against it after the line.
    reason : str
        Why, in words: of a posting the verdict's statement of reasons, else what was said of the correction.
    expires_at : datetime or None
        When a posting stops counting.
    """

    at: datetime
    local_day: date
    kind: LineKind
    verdict_id: str
    order_id: str
    incident: str
    unit: str
    amount: int
    running: int
    reason: str = ""
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Statement:
    """What happened between a party and the platform over some local days, unit by unit.

    Parameters
    ----------
    days : Days
        Local days of the city.
    opening : tuple of (str, int)
        What counted against the party before, by unit.
    next_expiries : tuple of (datetime, str, int)
        What stops counting from now on: when, unit and amount.
    """

    party: Party
    party_id: str
    city_id: str
    days: Days
    as_of: datetime
    opening: tuple[tuple[str, int], ...]
    lines: tuple[Line, ...]
    balance: Balance
    next_expiries: tuple[tuple[datetime, str, int], ...] = ()
