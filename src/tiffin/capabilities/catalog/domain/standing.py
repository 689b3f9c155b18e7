"""How an asset stands today: how far its facts reach, whether they are good, who uses it, what it costs."""

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class Freshness:
    """How far the facts of an asset reach.

    Parameters
    ----------
    loaded_at : datetime or None
        UTC; when rows last came, None where none ever did.
    latest_day : date or None
        Last business day with a row; None for facts that belong to no day.
    behind_days : int or None
        Days by which that is behind the last day that could be there: yesterday, or for simulated facts the last
        simulated one.
    """

    loaded_at: datetime | None
    latest_day: date | None
    behind_days: int | None


@dataclass(frozen=True, slots=True)
class Quality:
    """Whether facts and numbers keep what they promise.

    Parameters
    ----------
    measured, missed : int
        Targets of settled days, and those missed.
    fallen : tuple of str
        Countries in which a certificate has fallen.
    quarantined, rows : int
        Of a table: what was left out, and what is in.
    """

    measured: int = 0
    missed: int = 0
    fallen: tuple[str, ...] = ()
    quarantined: int = 0
    rows: int = 0

    @property
    def is_known(self) -> bool:
        """Tell whether anything was measured."""
        return bool(self.measured or self.rows or self.quarantined)

    @property
    def kept_share(self) -> float:
        """Share of targets kept, or of rows that were good."""
        if self.measured:
            return 1 - self.missed / self.measured
        whole = self.rows + self.quarantined
        return 1 - self.quarantined / whole if whole else 1.0


@dataclass(frozen=True, slots=True)
class Usage:
    """Who used an asset in the last weeks.

    Parameters
    ----------
    days : int
        How far back it was looked.
    uses, users : int
        How often, and by how many accounts.
    last_day : date or None
        When last.
    people : tuple of (str, int)
        Accounts with how often, the busiest first; empty for readers who may not know.
    daily : tuple of int
        Uses of each of the days, oldest first.
    """

    days: int
    uses: int = 0
    users: int = 0
    last_day: date | None = None
    people: tuple[tuple[str, int], ...] = ()
    daily: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Cost:
    """What an asset costs: room, the time of an answer, the time of a load.

    Parameters
    ----------
    bytes, rows : int or None
        On disk, at the newest version, of a table, a column of it or a roll-up.
    answer_ms : float or None
        Mean time of an answer in the last weeks; of what shows several metrics, of all of them together.
    load_s : float or None
        Mean time of the last loads of a feed.
    """

    bytes: int | None = None
    rows: int | None = None
    answer_ms: float | None = None
    load_s: float | None = None

    @property
    def is_known(self) -> bool:
        """Tell whether anything of it was measured."""
        return any(one is not None for one in (self.bytes, self.rows, self.answer_ms, self.load_s))


@dataclass(frozen=True, slots=True)
class Standing:
    """Everything that changes by itself about an asset."""

    freshness: Freshness | None = None
    quality: Quality = Quality()
    usage: Usage | None = None
    cost: Cost = Cost()
