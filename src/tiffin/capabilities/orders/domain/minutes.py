"""Minutes a case: how long people work on one until they decide, with idle time taken out."""

from collections.abc import Iterable
from dataclasses import dataclass
from statistics import median

LEAST_CASES = 5
"""Of fewer decided cases no median is told: it would be about single cases, and of one person's worst day."""

SLACK_S = 5
"""Clocks of browsers and servers differ by so much without anybody saying more than was."""


@dataclass(frozen=True, slots=True)
class Handled:
    """One decided case, and how long one person worked on it until then."""

    person: str
    case_type: str
    handling_s: int


@dataclass(frozen=True, slots=True)
class MinutesRow:
    """How long a group of cases took.

    Parameters
    ----------
    median_min : float or None
        None where the group is too small to be told.
    person : str or None
        None for everybody.
    """

    person: str | None
    case_type: str
    cases: int
    median_min: float | None


def credited_s(claimed_s: int, since_heard_s: float) -> int:
    """Tell how many of the seconds that a browser claims can be: no more than went by since it was last heard of.

    Examples
    --------
    >>> credited_s(12, 15.0), credited_s(600, 15.0), credited_s(-3, 15.0)
    (12, 20, 0)
    """
    return max(0, min(claimed_s, int(since_heard_s) + SLACK_S))


def minutes_rows(handled: Iterable[Handled]) -> tuple[MinutesRow, ...]:
    """Give the medians by sort of case, for everybody first and then by person; small groups are counted only."""
    groups: dict[tuple[str, str], list[int]] = {}
    for one in handled:
        groups.setdefault((one.case_type, ""), []).append(one.handling_s)
        groups.setdefault((one.case_type, one.person), []).append(one.handling_s)
    return tuple(_row(person or None, case_type, groups[case_type, person]) for case_type, person in sorted(groups))


def _row(person: str | None, case_type: str, seconds: list[int]) -> MinutesRow:
    told = median(seconds) / 60 if len(seconds) >= LEAST_CASES else None
    return MinutesRow(person, case_type, len(seconds), told)
