"""The sorts of cases there are, and what is shown of one."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from tiffin.engines.cases.declaration import CaseType, Clock, Field, State, Transition
from tiffin.engines.cases.folding import Rating

STEWARDS = frozenset({"steward"})
HANDLERS = frozenset({"steward", "analyst"})
READERS = frozenset({"steward", "analyst", "city_manager"})


class Severity(StrEnum):
    """How much it matters; the queue shows the worst first."""

    CRITICAL = "critical"
    MAJOR = "major"
    MINOR = "minor"


SEVERITIES = tuple(one.value for one in Severity)
"""How bad a case can be, the worst first."""

_RATE = (Field("severity", choices=SEVERITIES), Field("reason"))

_OPEN = ("open", "investigating", "repaired")

CAUSES = ("late_feed", "doubled_load", "wrong_currency", "edited_source", "wrong_time_zone", "missing_rows", "other")
"""What was wrong with the data, as whoever repaired it says."""

DATA_INCIDENT = CaseType(
    name="data_incident",
    first="open",
    states=(
        State("open"),
        State("investigating"),
        State("repaired"),
        State("resolved", is_closed=True),
        State("dismissed", is_closed=True),
    ),
    transitions=(
        Transition("take", _OPEN, "investigating", HANDLERS, assigns=True),
        Transition("note", (*_OPEN, "resolved", "dismissed"), None, READERS, (Field("text"),)),
        Transition("repair", ("investigating",), "repaired", HANDLERS, (Field("cause", choices=CAUSES), Field("done"))),
        Transition("confirm", ("repaired",), "resolved", HANDLERS, four_eyes_with="repair"),
        Transition("dismiss", ("open", "investigating"), "dismissed", STEWARDS, (Field("reason"),)),
        Transition("reopen", ("resolved", "dismissed", "repaired"), "investigating", HANDLERS, (Field("reason"),)),
        Transition("rate", _OPEN, None, HANDLERS, _RATE, rates=True),
        Transition("seen_again", (*_OPEN, "resolved", "dismissed"), None, frozenset()),
        Transition("escalated", _OPEN, None, frozenset()),
    ),
    clocks=(Clock("answer", ("open",), hours=4), Clock("repair", ("open", "investigating"), hours=16)),
)
"""Something wrong with data: found by a check, repaired by one person, confirmed by another."""

_BROKEN = ("open", "investigating", "repaired", "confirmed")

BROKEN_DATA = CaseType(
    name="broken_data",
    first="open",
    states=(
        State("open"),
        State("investigating"),
        State("repaired"),
        State("confirmed"),
        State("resolved", is_closed=True),
        State("dismissed", is_closed=True),
    ),
    transitions=(
        Transition("take", _BROKEN[:3], "investigating", HANDLERS, assigns=True),
        Transition("note", (*_BROKEN, "resolved", "dismissed"), None, READERS, (Field("text"),)),
        Transition("repair", ("investigating",), "repaired", HANDLERS, (Field("cause", choices=CAUSES), Field("done"))),
        Transition("confirm", ("repaired",), "confirmed", HANDLERS, four_eyes_with="repair"),
        Transition("dismiss", ("open", "investigating"), "dismissed", STEWARDS, (Field("reason"),)),
        Transition("rate", _BROKEN, None, HANDLERS, _RATE, rates=True),
        Transition("rated_anew", _BROKEN, None, frozenset(), rates=True),
        Transition("escalated", _BROKEN, None, frozenset()),
        Transition("seen_again", _BROKEN, None, frozenset()),
        Transition("passes_again", _BROKEN, None, frozenset()),
        Transition("fails_again", ("repaired", "confirmed"), "investigating", frozenset()),
        Transition("close", ("confirmed",), "resolved", frozenset()),
    ),
    clocks=(Clock("answer", ("open",), hours=4), Clock("repair", ("open", "investigating"), hours=16)),
)
"""A check of a table fails; it closes by itself once the check passes again and a second person has confirmed it."""

APPROVER = frozenset({"approver"})
"""Whom access finds entitled to decide; no grant carries this role by itself."""

REQUESTER = frozenset({"requester"})

ACCESS_REQUEST = CaseType(
    name="access_request",
    first="asked",
    states=(
        State("asked"),
        State("half_agreed"),
        State("granted", is_closed=True),
        State("refused", is_closed=True),
        State("withdrawn", is_closed=True),
    ),
    transitions=(
        Transition("agree", ("asked",), "half_agreed", APPROVER, (Field("given"), Field("note", is_required=False))),
        Transition(
            "agree_too",
            ("half_agreed",),
            "granted",
            APPROVER,
            (Field("given"), Field("note", is_required=False)),
            four_eyes_with="agree",
        ),
        Transition("grant", ("asked",), "granted", APPROVER, (Field("given"), Field("note", is_required=False))),
        Transition("refuse", ("asked", "half_agreed"), "refused", APPROVER, (Field("reason"),)),
        Transition("withdraw", ("asked", "half_agreed"), "withdrawn", REQUESTER),
    ),
    clocks=(Clock("decision", ("asked", "half_agreed"), hours=16),),
)
"""Somebody asks to see more; access decides, with a second person where it tells of people."""

EMERGENCY_ACCESS = CaseType(
    name="emergency_access",
    first="opened_at_once",
    states=(State("opened_at_once"), State("looked_at", is_closed=True)),
    transitions=(
        Transition(
            "look_at",
            ("opened_at_once",),
            "looked_at",
            APPROVER,
            (Field("finding", choices=("justified", "not_justified")), Field("reason")),
        ),
    ),
    clocks=(Clock("look", ("opened_at_once",), hours=24),),
)
"""Somebody opened a scope at once in an emergency; another person looks at it afterwards."""

CONTRACT_SILENCE = CaseType(
    name="contract_silence",
    first="open",
    states=(State("open"), State("resolved", is_closed=True), State("withdrawn", is_closed=True)),
    transitions=(
        Transition("settle", ("open",), "resolved", frozenset()),
        Transition("lapse", ("open",), "withdrawn", frozenset()),
        Transition("seen_again", ("open",), None, frozenset()),
    ),
    clocks=(Clock("decision", ("open",), hours=16),),
)
"""Somebody stayed silent about a breaking version of a contract; a steward answers for him, which closes it."""

POLICY_PROPOSAL = CaseType(
    name="policy_proposal",
    first="proposed",
    states=(
        State("proposed"),
        State("published", is_closed=True),
        State("sent_back", is_closed=True),
        State("withdrawn", is_closed=True),
    ),
    transitions=(
        Transition("publish", ("proposed",), "published", APPROVER),
        Transition("send_back", ("proposed",), "sent_back", APPROVER, (Field("reason"),)),
        Transition("withdraw", ("proposed",), "withdrawn", APPROVER),
    ),
    clocks=(Clock("decision", ("proposed",), hours=16),),
)
"""Somebody proposes a change of a policy; a second person publishes it or sends it back."""

POLICY_SHADOW = CaseType(
    name="policy_shadow",
    first="running",
    states=(State("running"), State("ended", is_closed=True)),
    transitions=(
        Transition("ran", ("running",), None, frozenset()),
        Transition("end", ("running",), "ended", HANDLERS, (Field("reason"),)),
    ),
)
"""A draft of a policy decides new cases beside the version in force, without effect, until somebody ends it."""

POLICY_DISAGREEMENT = CaseType(
    name="policy_disagreement",
    first="open",
    states=(State("open"), State("judged", is_closed=True)),
    transitions=(
        Transition(
            "judge",
            ("open",),
            "judged",
            HANDLERS,
            (Field("right", choices=("in_force", "draft", "neither")), Field("reason")),
        ),
    ),
    clocks=(Clock("judgment", ("open",), hours=40),),
)
"""A draft in shadow and the version in force decide one case otherwise; a person says which of them is right."""

_ALL = (
    DATA_INCIDENT,
    BROKEN_DATA,
    ACCESS_REQUEST,
    EMERGENCY_ACCESS,
    CONTRACT_SILENCE,
    POLICY_PROPOSAL,
    POLICY_SHADOW,
    POLICY_DISAGREEMENT,
)

CASE_TYPES: Mapping[str, CaseType] = {one.name: one for one in _ALL}
"""Every sort of case, by name."""

GUIDED: Mapping[str, str] = {
    BROKEN_DATA.name: "/quality/incidents/{case_id}",
    ACCESS_REQUEST.name: "/access/requests/{case_id}",
    EMERGENCY_ACCESS.name: "/access/emergencies/{case_id}",
    CONTRACT_SILENCE.name: "/catalog/contracts/silence/{case_id}",
    POLICY_PROPOSAL.name: "/policies/proposals/{case_id}",
}
"""Sorts of cases whose own capability decides who sees them and what can be done, with the page that shows one."""


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
    """

    case_type: str
    key: str
    headline: str
    values: Mapping[str, Any] = field(default_factory=dict)
    country: str | None = None
    city_id: str | None = None
    subject: str = ""
    severity: Severity = Severity.MAJOR


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
    """

    summary: CaseSummary
    text: str
    values: Mapping[str, Any]
    trail: tuple[TrailEntry, ...]
    actions: tuple[Transition, ...]
    clocks: Mapping[str, datetime]
    ratings: tuple[Rating, ...] = ()

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
