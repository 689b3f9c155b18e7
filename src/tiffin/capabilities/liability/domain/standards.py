"""Standards of conduct: when incidents of a rider make a breach, which step of coaching follows, when it is forgotten.

Nothing here suspends, fines or ends anything: all that follows from a breach is a `Step` of coaching.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from tiffin.capabilities.liability.domain.incident import IncidentType
from tiffin.capabilities.liability.domain.parties import WHOLE, Party
from tiffin.capabilities.liability.domain.verdict import Verdict

OWN_FROM = WHOLE // 2
"""Basis points from which an incident is the rider's own."""
REMEMBERED_DAYS = 365
"""What happened longer ago counts for nothing."""


class Step(StrEnum):
    """What follows from a breach, from the mildest on: all of them help, none of them punishes."""

    NOTE = "note"
    LESSON = "lesson"
    TALK = "talk"
    RIDE_ALONG = "ride_along"


BY_HIMSELF = frozenset({Step.NOTE, Step.LESSON})
"""Steps that a rider does by himself and says so."""


@dataclass(frozen=True, slots=True)
class Standard:
    """What is expected of riders in one respect.

    Parameters
    ----------
    country : str
        ISO 3166-1 alpha-2 code, or ``*`` where a country has none of its own.
    incidents : frozenset of IncidentType
        What detects that it was missed.
    count, within_days : int
        So many incidents within so many days, the first and the last included, make a breach.
    steps : tuple of Step
        What follows from the first breach, the second, and so on; further ones repeat the last.
    forgotten_after_days : int
        So many days without a breach undo one step.
    """

    name: str
    country: str
    incidents: frozenset[IncidentType]
    count: int
    within_days: int
    steps: tuple[Step, ...]
    forgotten_after_days: int


@dataclass(frozen=True, slots=True)
class OwnIncident:
    """An incident of which a rider bears at least half by the verdict that holds on it.

    Parameters
    ----------
    key, verdict_id : str
        Of the incident, and of its verdict.
    day : date
        Business day on which it happened.
    is_stayed : bool
        An appeal against the verdict is open, so that it counts for nothing.
    """

    key: str
    verdict_id: str
    order_id: str
    incident: IncidentType
    day: date
    is_stayed: bool = False


@dataclass(frozen=True, slots=True)
class Breach:
    """So many incidents in so short a time that a standard was missed; it fell on the day of the last."""

    incidents: tuple[OwnIncident, ...]

    @property
    def day(self) -> date:
        """Give the day on which it became a breach."""
        return self.incidents[-1].day

    @property
    def key(self) -> str:
        """Name it by the incident that completed it."""
        return self.incidents[-1].key


@dataclass(frozen=True, slots=True)
class Standing:
    """How a rider stands by one standard on a day.

    Parameters
    ----------
    level : int
        Steps that are not forgotten; 0 is a clean standing.
    breaches : tuple of Breach
        Those that the level is made of, the oldest first; empty at level 0.
    since : tuple of OwnIncident
        What counts and made no breach yet.
    until_next : int
        So many further incidents would make the next breach.
    forgotten_on : date or None
        Day on which one step is forgotten if no breach comes; None at level 0.
    """

    standard: Standard
    level: int
    breaches: tuple[Breach, ...]
    since: tuple[OwnIncident, ...]
    until_next: int
    forgotten_on: date | None

    @property
    def step(self) -> Step | None:
        """Give the step that he is at; None of a clean standing."""
        return self.standard.steps[self.level - 1] if self.level else None

    @property
    def next_step(self) -> Step:
        """Give the step that one more breach leads to."""
        return self.standard.steps[min(self.level, len(self.standard.steps) - 1)]


def is_own(verdict: Verdict) -> bool:
    """Tell whether the rider bears at least half of what a verdict decides."""
    return verdict.shares.get(Party.RIDER, 0) >= OWN_FROM


def standing_on(standard: Standard, incidents: Iterable[OwnIncident], day: date) -> Standing:
    """Tell how a rider stands by a standard on a day.

    Notes
    -----
    Breaches share no incident. Of all ways to read breaches from the incidents the one is taken that gives the highest
    level on the day: so that one incident less, which leaves fewer ways, never makes a standing worse. Reading them
    from the first incident on would not be so: without the first, a breach can come later and be forgotten later.
    """
    levels = Levels(standard, incidents)
    level, last = levels.level_on(day), levels.last_on(day)
    chain = levels.chain_to(last) if level and last is not None else ()
    begins = day - timedelta(days=standard.within_days - 1)
    taken = {one.key for breach in chain for one in breach.incidents}
    since = tuple(one for one in levels.counted if begins <= one.day <= day and one.key not in taken)
    until = _until_next(standard, levels.counted, day, level)
    return Standing(standard, level, chain, since, until, levels.forgotten_on(day) if level else None)


def _until_next(standard: Standard, counted: Sequence[OwnIncident], day: date, level: int) -> int:
    """Give the fewest further incidents on a day that lead one step on; at the last step, those of a whole breach."""
    known = [one for one in counted if one.day <= day]
    kind = next(iter(standard.incidents))
    for more in range(1, standard.count):
        further = [OwnIncident(f"~{number}", "", "", kind, day) for number in range(more)]
        if Levels(standard, [*known, *further]).level_on(day) > level:
            return more
    return standard.count


class Levels:
    """The levels that a rider reaches by one standard, for asking about many days.

    Parameters
    ----------
    incidents : iterable of OwnIncident
        Others than the standard's, and stayed ones, are left out.
    """

    def __init__(self, standard: Standard, incidents: Iterable[OwnIncident]) -> None:
        wanted = (one for one in incidents if one.incident in standard.incidents and not one.is_stayed)
        self.standard = standard
        self.counted: Sequence[OwnIncident] = sorted(wanted, key=lambda one: (one.day, one.key))
        self._reached: dict[int, int] = {}
        self._before: dict[int, int | None] = {}
        for last in range(standard.count - 1, len(self.counted)):
            if self._day(last) - self._day(last - standard.count + 1) < timedelta(days=standard.within_days):
                self._add(last)

    def level_on(self, day: date) -> int:
        """Give the level on a day, by what had happened until then."""
        return max((self._left(last, day) for last in self._reached if self._day(last) <= day), default=0)

    def last_on(self, day: date) -> int | None:
        """Give the incident that completed the breach behind a day's level; of equals what is forgotten last."""
        known = [last for last in self._reached if self._day(last) <= day]
        if not known:
            return None
        level = self.level_on(day)
        return max(known, key=lambda last: (self._left(last, day), self._drops(last, level), last))

    def forgotten_on(self, day: date) -> date:
        """Give the day on which a day's level falls by one if no breach comes."""
        level = self.level_on(day)
        known = [last for last in self._reached if self._day(last) <= day and self._left(last, day) >= level]
        return max(self._drops(last, level) for last in known)

    def chain_to(self, last: int) -> tuple[Breach, ...]:
        """Give the breaches that led to a level, the oldest first."""
        found: list[Breach] = []
        at: int | None = last
        while at is not None:
            found.append(Breach(tuple(self.counted[at - self.standard.count + 1 : at + 1])))
            at = self._before[at]
        return tuple(reversed(found))

    def _add(self, last: int) -> None:
        before = [one for one in self._reached if one <= last - self.standard.count]
        best = max(before, key=lambda one: (self._left(one, self._day(last)), one), default=None)
        left = 0 if best is None else self._left(best, self._day(last))
        self._reached[last] = min(len(self.standard.steps), left + 1)
        self._before[last] = best if left else None

    def _left(self, last: int, day: date) -> int:
        """Give what is left on a day of the level that a breach reached."""
        quiet = (day - self._day(last)).days // self.standard.forgotten_after_days
        return max(0, self._reached[last] - quiet)

    def _drops(self, last: int, level: int) -> date:
        """Give the day from which what a breach reached lies below a level."""
        spans = max(0, self._reached[last] - level + 1)
        return self._day(last) + timedelta(days=spans * self.standard.forgotten_after_days)

    def _day(self, number: int) -> date:
        return self.counted[number].day
