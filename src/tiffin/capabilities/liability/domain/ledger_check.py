"""What checking the ledger found."""

from dataclasses import dataclass, field
from enum import StrEnum


class FaultKind(StrEnum):
    """What is wrong at a place of the ledger."""

    EDITED = "edited"
    UNLINKED = "unlinked"
    MISPLACED = "misplaced"
    CUT_OFF = "cut_off"
    OTHER_END = "other_end"
    ANCHOR_LOST = "anchor_lost"
    UNCHAINED = "unchained"
    UNBALANCED = "unbalanced"
    DISORDERED = "disordered"
    REASON_GONE = "reason_gone"
    TERMS_CHANGED = "terms_changed"
    RENAMED = "renamed"


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong.

    Parameters
    ----------
    number : int or None
        Place in the city's chain; None where it is about the whole of it.
    told : str
        Of what: a verdict, an account, terms.
    """

    kind: FaultKind
    city_id: str
    number: int | None = None
    told: str = ""


@dataclass(frozen=True, slots=True)
class CityCheck:
    """How the ledger of a city was found.

    Parameters
    ----------
    digest : str
        Of its last event, to be noted elsewhere.
    """

    city_id: str
    events: int
    digest: str


@dataclass(frozen=True, slots=True)
class LedgerCheck:
    """What was found in the ledgers of all cities.

    Parameters
    ----------
    faults : tuple of Fault
        The first of them; empty where all is well.
    fault_count : int
        How many there are.
    removed : int
        Reasons and names that were removed on request, which is no fault.
    """

    cities: tuple[CityCheck, ...]
    faults: tuple[Fault, ...] = field(default=())
    fault_count: int = 0
    removed: int = 0

    @property
    def events(self) -> int:
        """How many events there are."""
        return sum(one.events for one in self.cities)

    @property
    def is_whole(self) -> bool:
        """Tell whether nothing was changed, removed, added or put elsewhere, and all of it adds up."""
        return not self.fault_count
