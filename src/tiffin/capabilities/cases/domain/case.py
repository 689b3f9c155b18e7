"""What is shown of a case, and how one is opened and chosen."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from tiffin.capabilities.cases.domain.severity import SEVERITIES, Severity
from tiffin.engines.cases.declaration import Transition
from tiffin.engines.cases.folding import Rating


@dataclass(frozen=True, slots=True)
class NewCase:
    """Something that shall wait for a person.

    Parameters
    ----------
    key : str
        Names what happened, such as ``doubled|orders|SA|2026-02-20``: a second opening under it adds to the first.
    headline : str
        Message of the catalogues with places for ``values``.
    values : mapping
        Plain JSON values; one that is a mapping holds a text by language.
    country, city_id : str or None
        Whose it is: those who may see the city, or the whole country, may see the case. Without both, only those who
        may see everything.
    subject : str
        What it is about: a metric, a table.
    timezone : str or None
        IANA name of the place's zone, where its country has several; its deadlines are counted there.
    skill : str or None
        What whoever takes it must be skilled in; None is the sort of case.
    language : str or None
        Language that whoever takes it must know.
    """

    case_type: str
    key: str
    headline: str
    values: Mapping[str, Any] = field(default_factory=dict)
    country: str | None = None
    city_id: str | None = None
    subject: str = ""
    severity: Severity = Severity.MAJOR
    timezone: str | None = None
    skill: str | None = None
    language: str | None = None

    @property
    def opening(self) -> Mapping[str, Any]:
        """Give what the first event says of the case besides its values; columns of a case come from here."""
        return {
            "key": self.key,
            "headline": self.headline,
            "subject": self.subject,
            "severity": self.severity.value,
            "country": self.country,
            "city_id": self.city_id,
            "timezone": self.timezone,
            "skill": self.skill or self.case_type,
            "language": self.language,
        }


@dataclass(frozen=True, slots=True)
class CaseSummary:
    """One case in a queue.

    Parameters
    ----------
    headline : str
        In the reader's language.
    due_at : datetime or None
        When the first clock that runs now runs out, UTC; None where none runs.
    """

    case_id: int
    case_type: str
    headline: str
    state: str
    severity: str
    country: str | None
    city_id: str | None
    subject: str
    assignee: str | None
    opened_at: datetime
    due_at: datetime | None
    closed_at: datetime | None
    version: int
    is_overdue: bool


@dataclass(frozen=True, slots=True)
class TrailEntry:
    """One event of a case as people read it."""

    sequence: int
    at: datetime
    actor: str
    action: str
    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class CaseDetail:
    """One case with its trail and what the reader may do with it now.

    Parameters
    ----------
    text : str
        Its headline before it is put into a language and filled with ``values``.
    clocks : mapping of str to datetime
        When each clock that runs now runs out, UTC.
    ratings : tuple of Rating
        How bad it was from when on; empty where it is as it was opened.
    paused : mapping of str to datetime
        By clock whose time stands still now, since when.
    """

    summary: CaseSummary
    text: str
    values: Mapping[str, Any]
    trail: tuple[TrailEntry, ...]
    actions: tuple[Transition, ...]
    clocks: Mapping[str, datetime]
    ratings: tuple[Rating, ...] = ()
    paused: Mapping[str, datetime] = field(default_factory=dict)

    @property
    def worst(self) -> str:
        """Give how bad it ever was."""
        levels = [one.severity for one in self.ratings if one.severity in SEVERITIES]
        return min((*levels, self.summary.severity), key=SEVERITIES.index)


@dataclass(frozen=True, slots=True)
class CaseFilter:
    """Which cases somebody wants to see; None leaves a part open."""

    is_closed: bool | None = False
    case_type: str | None = None
    state: str | None = None
    country: str | None = None
    city_id: str | None = None
    assignee: str | None = None
    subject: str | None = None
    is_overdue: bool = False
