"""How a row of a policy stands by what became of the appeals against its verdicts.

Every appeal that is settled is one draw: the row's verdict stood, or it did not. The rate is known between two bounds
that hold at all times at once, so that looking after every appeal costs nothing of their confidence.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from itertools import accumulate
from math import lgamma, log
from typing import NamedTuple

_STEPS = 60


class RowState(StrEnum):
    """Whether a row may decide by itself."""

    TRUSTED = "trusted"
    """It closes incidents by itself."""
    DEMOTED = "demoted"
    """Too much of what was appealed did not stand: people decide what it would decide."""
    MENDED = "mended"
    """It was demoted, and has been written otherwise since."""
    RESTORED = "restored"
    """It was demoted, and its owner and a second person let it decide again."""


class Bounds(NamedTuple):
    """Between which shares a rate lies."""

    lower: float
    upper: float


@dataclass(frozen=True, slots=True)
class RowLimit:
    """How often a row's verdicts may fail on appeal.

    Parameters
    ----------
    limit : float
        Share of the settled appeals, above 0 and below 1.
    confidence : float
        Chance that the bounds hold at all times at once.
    """

    policy: str
    limit: float
    confidence: float


@dataclass(frozen=True, slots=True)
class SettledAppeal:
    """One appeal against a row's verdict that is final.

    Parameters
    ----------
    has_stood : bool
        The verdict was upheld; one that was varied or overturned has not stood.
    """

    settled_at: datetime
    has_stood: bool


@dataclass(frozen=True, slots=True)
class RowStanding:
    """A row with what its appeals say of it.

    Parameters
    ----------
    appeals : int
        Settled ones that count.
    failed : int
        Those of them in which the verdict did not stand.
    open_appeals : int
        Those that are not settled yet.
    sequence : tuple of Bounds
        Between what the rate was known to lie after each settled appeal.
    rates : tuple of float
        What the rate was after each of them.
    """

    policy: str
    row: str
    state: RowState
    appeals: int
    failed: int
    open_appeals: int
    limit: RowLimit
    sequence: tuple[Bounds, ...]
    rates: tuple[float, ...] = ()
    changed_at: datetime | None = None
    case_id: int | None = None

    @property
    def rate(self) -> float | None:
        """Share of the settled appeals in which the verdict did not stand; None before the first."""
        return self.failed / self.appeals if self.appeals else None

    @property
    def bounds(self) -> Bounds:
        """Between what the rate lies now."""
        return self.sequence[-1] if self.sequence else Bounds(0.0, 1.0)

    @property
    def is_past_limit(self) -> bool:
        """Tell whether the rate is above the limit, with confidence."""
        return self.bounds.lower > self.limit.limit


def sequence_of(appeals: Iterable[SettledAppeal], confidence: float) -> tuple[Bounds, ...]:
    """Give the bounds after each settled appeal, oldest first."""
    found, failed = [], 0
    for number, one in enumerate(sorted(appeals, key=lambda one: one.settled_at), 1):
        failed += not one.has_stood
        found.append(bounds_of(failed, number, confidence))
    return tuple(found)


def rates_of(appeals: Iterable[SettledAppeal]) -> tuple[float, ...]:
    """Give the share that did not stand after each settled appeal, oldest first."""
    ordered = sorted(appeals, key=lambda one: one.settled_at)
    failed = accumulate(not one.has_stood for one in ordered)
    return tuple(count / number for number, count in enumerate(failed, 1))


def first_past(sequence: Sequence[Bounds], limit: float) -> int | None:
    """Tell after how many appeals the lower bound first passed a limit; None where it never did."""
    return next((number for number, one in enumerate(sequence, 1) if one.lower > limit), None)


def bounds_of(failed: int, appeals: int, confidence: float) -> Bounds:
    """Give the bounds of a rate that hold after any number of appeals at once.

    Notes
    -----
    All rates p that the mixture does not refute: ``B(1 + failed, 1 + stood) / (p^failed (1 - p)^stood)`` is below
    ``1 / (1 - confidence)``. That ratio is a martingale where p is true, and ever passes the threshold with a chance of
    at most ``1 - confidence`` (Ville's inequality).

    References
    ----------
    Robbins (1970), "Statistical methods related to the law of the iterated logarithm"; Howard, Ramdas, McAuliffe and
    Sekhon (2021), "Time-uniform, nonparametric, nonasymptotic confidence sequences", the beta-binomial mixture.

    Examples
    --------
    >>> bounds_of(0, 0, 0.95)
    Bounds(lower=0.0, upper=1.0)
    >>> one = bounds_of(12, 20, 0.95)
    >>> round(one.lower, 2), round(one.upper, 2)
    (0.28, 0.87)
    """
    stood, slack = appeals - failed, -log(1 - confidence)
    evidence = lgamma(1 + failed) + lgamma(1 + stood) - lgamma(2 + appeals)

    def is_refuted(rate: float) -> bool:
        return evidence - _power(failed, rate) - _power(stood, 1 - rate) >= slack

    peak = failed / appeals if appeals else 0.5
    lower = 0.0 if failed == 0 else _edge(peak, 0.0, is_refuted)
    upper = 1.0 if stood == 0 else _edge(peak, 1.0, is_refuted)
    return Bounds(lower, upper)


def _power(times: int, share: float) -> float:
    return times * log(share) if times and share > 0 else (float("-inf") if times else 0.0)


def _edge(inside: float, outside: float, is_refuted: Callable[[float], bool]) -> float:
    for _ in range(_STEPS):
        middle = (inside + outside) / 2
        inside, outside = (inside, middle) if is_refuted(middle) else (middle, outside)
    return outside
