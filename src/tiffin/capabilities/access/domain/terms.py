"""On what terms something is granted: for what purpose, who answers for it, until when, and where it came from."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from tiffin.kernel.contract import Classification
from tiffin.kernel.errors import InvalidData
from tiffin.kernel.messages import Message
from tiffin.runtime.actor import Grant, Role

PURPOSE_MIN, PURPOSE_MAX = 3, 500
BY_HAND = "hand"
"""Source of a grant that an administrator gave by himself."""

_WORKS_WITH_EVERYTHING = (Role.STEWARD, Role.ADMIN)


@dataclass(frozen=True, slots=True)
class Terms:
    """What every grant must state beside what it opens.

    Parameters
    ----------
    purpose : str
        What for, in words.
    until : datetime or None
        When it ends; None lets the rules of the day choose.
    owner : str or None
        Account that answers for it; None is whoever grants.
    source : str
        Where it came from: ``hand``, ``request:7``, ``job:e12``, ``emergency:9``.
    """

    purpose: str
    until: datetime | None = None
    owner: str | None = None
    source: str = BY_HAND


@dataclass(frozen=True, slots=True)
class EmergencyRule:
    """What an emergency may open: for whom, for how many hours, which classes, and by when somebody looks at it."""

    roles: tuple[Role, ...]
    hours: float
    opens: tuple[Classification, ...]
    review_days: float


@dataclass(frozen=True, slots=True)
class TermRules:
    """The rules of a day about how long grants last and who must agree."""

    default_days: int
    maximum_days: Mapping[Role, int]
    maximum_days_of_classes: Mapping[Classification, int]
    second_approval: tuple[Classification, ...]
    emergency: EmergencyRule

    def longest(self, grant: Grant) -> timedelta:
        """Tell how long a grant may last at most: the least of what its role and its classes of columns may.

        Stewards and administrators work with everything, so that only their role counts.
        """
        bounds = [self.maximum_days[grant.role]]
        if grant.role not in _WORKS_WITH_EVERYTHING:
            bounds += [
                self.maximum_days_of_classes[name] for name in grant.opened if name in self.maximum_days_of_classes
            ]
        return timedelta(days=min(bounds))

    def usual(self, grant: Grant) -> timedelta:
        """Tell how long a grant lasts where nobody says."""
        return min(self.longest(grant), timedelta(days=self.default_days))

    def needs_two(self, grant: Grant) -> bool:
        """Tell whether two people must agree to a grant that somebody asks for."""
        return any(name in self.second_approval for name in grant.opened)


def cleaned_purpose(text: str) -> str:
    """Give a purpose in the form in which it is kept.

    Raises
    ------
    InvalidData
        It says nothing, or far too much.
    """
    cleaned = " ".join(text.split())
    if not PURPOSE_MIN <= len(cleaned) <= PURPOSE_MAX:
        raise InvalidData(
            Message(
                "A grant needs a purpose of {least} to {most} letters that says what it is for. Say it and try again.",
                least=PURPOSE_MIN,
                most=PURPOSE_MAX,
            )
        )
    return cleaned


def end_of(rules: TermRules, grant: Grant, until: datetime | None, *, now: datetime) -> datetime:
    """Settle when a grant ends: as asked, within the rules of the day, or as usual where nobody says.

    Raises
    ------
    InvalidData
        It would have ended already, or would last longer than the rules allow.
    """
    if until is None:
        return now + rules.usual(grant)
    if until <= now:
        raise InvalidData(f"A grant expires in the future; found {until}, and it is {now} now.")
    longest = rules.longest(grant)
    # A day's end may be meant: the last day counts whole.
    if until > now + longest + timedelta(days=1):
        raise InvalidData(
            Message(
                "This grant may last {days} days at most, until {last}; found {until}. Ask for less: it can be renewed "
                "later.",
                days=longest.days,
                last=f"{now + longest:%Y-%m-%d}",
                until=f"{until:%Y-%m-%d}",
            )
        )
    return until
