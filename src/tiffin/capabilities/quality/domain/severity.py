"""How bad an incident is: what is known of it, and the rules that make a severity of that."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from tiffin.capabilities.cases.domain.severity import SEVERITIES, Severity
from tiffin.engines.cases.folding import Rating

BOUNDS = ("certified", "metrics", "share", "people", "open_days")
"""What a rule may ask at least so much of."""


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of an incident.

    Parameters
    ----------
    certified, metrics : int
        Numbers that stand on what is broken.
    share : float
        Largest share of rows that breaks a check anywhere, 0..1.
    people : int
        Accounts that used one of those numbers of late.
    open_days : int
        Whole days since it was opened.
    is_certain : bool
        Something is wrong; otherwise it is only out of the ordinary.
    """

    certified: int
    metrics: int
    share: float
    people: int
    open_days: int
    is_certain: bool

    def at_least(self, bound: str) -> float:
        """Give what a rule's bound is held against."""
        measures: Mapping[str, float] = {
            "certified": self.certified,
            "metrics": self.metrics,
            "share": self.share,
            "people": self.people,
            "open_days": self.open_days,
        }
        return measures[bound]


@dataclass(frozen=True, slots=True)
class SeverityRule:
    """One row of the table: the severity where all its bounds are reached, and why, by language."""

    severity: Severity
    bounds: Mapping[str, float]
    is_certain: bool
    why: Mapping[str, str] = field(hash=False)

    def holds(self, known: Known) -> bool:
        """Tell whether everything that it asks is reached."""
        return (known.is_certain or not self.is_certain) and all(
            known.at_least(name) >= bound for name, bound in self.bounds.items()
        )


@dataclass(frozen=True, slots=True)
class SeverityTable:
    """The rules that hold from a day on; the first that holds decides, and the last always does."""

    since: date
    used_days: int
    rules: tuple[SeverityRule, ...]

    def rule_for(self, known: Known) -> SeverityRule:
        """Give the rule that decides."""
        return next(one for one in self.rules if one.holds(known))


def follows(found: Severity, now: str, ratings: Sequence[Rating]) -> bool:
    """Tell whether an incident's severity shall become what the rules find.

    What a person said stands until the rules find it worse than both that and what they had found before: somebody who
    knows better is not contradicted by the same facts again.

    Parameters
    ----------
    now : str
        Its severity.
    ratings : sequence of Rating
        How it became so, oldest first.
    """
    if found == now:
        return False
    if not ratings or ratings[-1].is_platform:
        return True
    before = [one.severity for one in ratings if one.is_platform]
    known = min(SEVERITIES.index(one) for one in (now, *before[-1:]))
    return SEVERITIES.index(found) < known
