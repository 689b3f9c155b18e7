"""Which person is asked about a case that a table leaves open, and what he can answer."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from tiffin.capabilities.liability.domain.incident import IncidentType
from tiffin.capabilities.liability.domain.judging import Judged
from tiffin.capabilities.liability.domain.parties import WHOLE, Party


class Skill(StrEnum):
    """What a person should know to decide."""

    TIME = "time"
    GOODS = "goods"
    CONDUCT = "conduct"
    SAFETY = "safety"
    FRAUD = "fraud"
    CASH = "cash"


SKILLS: Mapping[IncidentType, Skill] = {
    IncidentType.LATE: Skill.TIME,
    IncidentType.NOT_DELIVERED: Skill.TIME,
    IncidentType.WRONG_ITEM: Skill.GOODS,
    IncidentType.MISSING_ITEM: Skill.GOODS,
    IncidentType.DAMAGED: Skill.GOODS,
    IncidentType.SPILLED: Skill.GOODS,
    IncidentType.COLD: Skill.GOODS,
    IncidentType.RUDE: Skill.CONDUCT,
    IncidentType.UNSAFE: Skill.SAFETY,
    IncidentType.FRAUD_SUSPECTED: Skill.FRAUD,
    IncidentType.CUSTOMER_UNREACHABLE: Skill.TIME,
    IncidentType.WRONG_ADDRESS: Skill.TIME,
    IncidentType.MERCHANT_CLOSED: Skill.GOODS,
    IncidentType.OUT_OF_STOCK: Skill.GOODS,
    IncidentType.CASH_DISPUTE: Skill.CASH,
}

SAFETY_FIRST, MONEY_NEXT, USUAL = 1, 2, 3
"""Priorities: what may hurt somebody, what somebody waits for money for, and the rest."""

PROPOSAL = "proposal"
"""The option that a table proposes."""


@dataclass(frozen=True, slots=True)
class Route:
    """Where a case goes that a table leaves open.

    Parameters
    ----------
    priority : int
        1 comes first.
    """

    question: str
    priority: int
    skill: Skill


def route_of(incident: IncidentType, found: Judged) -> Route:
    """Tell who is asked, and how soon."""
    skill = SKILLS[incident]
    urgent = SAFETY_FIRST if skill is Skill.SAFETY else MONEY_NEXT if found.compensation_minor else USUAL
    return Route(found.question, urgent, skill)


class ReasonCode(StrEnum):
    """Why a person decides otherwise than the table proposes."""

    EVIDENCE = "evidence_says_otherwise"
    FACTS = "facts_were_wrong"
    RULE = "rule_does_not_fit"
    ADMITTED = "party_admitted"
    GOODWILL = "goodwill"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Decision:
    """What a person decides.

    Parameters
    ----------
    option : str
        Name of an `Option`.
    reason_code : str
        A `ReasonCode`; empty where he follows the proposal.
    note : str
        In his own words, for the statement of reasons.
    seconds : int
        For how long he worked on the case.
    """

    option: str
    reason_code: str = ""
    note: str = ""
    seconds: int = 0


@dataclass(frozen=True, slots=True)
class Option:
    """Something that a person can decide, with what it would cost whom."""

    name: str
    judged: Judged


def options_of(
    proposed: Judged, *, known: frozenset[Party], points: Mapping[Party, int], owed_minor: int
) -> list[Option]:
    """List what a person can decide: what is proposed, then the whole for each party, then nobody.

    Parameters
    ----------
    known : frozenset of Party
        Parties whom the incident names.
    points : mapping of Party to int
        What a party gets who answers for the whole; a person gives no more than the tables do.
    owed_minor : int
        What the customer gets unless he answers himself, minor units.
    """
    found = [Option(PROPOSAL, proposed)]
    for party in Party:
        if party in known or party in (Party.PLATFORM, Party.CIRCUMSTANCES):
            got = {party: points[party]} if points.get(party) else {}
            owed = 0 if party is Party.CUSTOMER else owed_minor
            found.append(Option(party.value, Judged({party: WHOLE}, got, {}, owed, restoration="good_orders")))
    if {Party.MERCHANT, Party.RIDER} <= known:
        half = {Party.MERCHANT: WHOLE // 2, Party.RIDER: WHOLE // 2}
        both = {party: points[party] for party in half if points.get(party)}
        found.append(Option("merchant_and_rider", Judged(half, both, {}, owed_minor, restoration="good_orders")))
    return found
