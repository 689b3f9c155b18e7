"""Versions of contracts: who was told, what was answered, and what still stands in the way of a breaking one."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Answer(StrEnum):
    """What a consumer says to a version."""

    AGREED = "agreed"
    OBJECTED = "objected"


class Silence(StrEnum):
    """What it means that a consumer says nothing until the notice is over."""

    ESCALATE = "escalate"
    AGREE = "agree"


@dataclass(frozen=True, slots=True)
class Notice:
    """How much time consumers are given, and what their silence means then."""

    days: int
    silence: Silence


@dataclass(frozen=True, slots=True)
class Consumer:
    """Somebody of whom something stands on what a version changes.

    Parameters
    ----------
    name : str
        An account, or a team as definitions name it.
    assets : tuple of str
        What of his is touched, such as ``metric:late_share``.
    may_answer : bool
        Whether the reader may answer for him.
    """

    name: str
    assets: tuple[str, ...]
    told_at: datetime
    answer: Answer | None
    reason: str
    answered_by: str
    answered_at: datetime | None
    escalated_at: datetime | None
    may_answer: bool = False


@dataclass(frozen=True, slots=True)
class Told:
    """One change as it was found when a version was registered."""

    kind: str
    path: str
    severity: str
    side: str
    before: str
    after: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """One registered version of a table's contract."""

    table: str
    version: str
    state: str
    severity: str
    against: str
    changes: tuple[Told, ...]
    registered_by: str
    registered_at: datetime
    announced_by: str | None
    announced_at: datetime | None
    notice_ends_at: datetime | None
    in_force_by: str | None
    in_force_at: datetime | None
    consumers: tuple[Consumer, ...] = ()

    @property
    def is_breaking(self) -> bool:
        """Tell whether somebody is broken by it."""
        return self.severity == "breaking"


def in_the_way(
    consumers: Iterable[Consumer], notice_ends_at: datetime, *, now: datetime, silence: Silence
) -> list[str]:
    """Name the consumers without whose word a breaking version does not take effect yet."""
    is_over = now >= notice_ends_at
    return [
        one.name
        for one in consumers
        if one.answer is Answer.OBJECTED or (one.answer is None and not (is_over and silence is Silence.AGREE))
    ]
