"""What was decided about an incident."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from tiffin.capabilities.liability.domain.incident import Incident
from tiffin.capabilities.liability.domain.parties import Party


class DecidedBy(StrEnum):
    """Who decided: a policy by itself, or a person."""

    POLICY = "policy"
    PERSON = "person"


@dataclass(frozen=True, slots=True)
class Verdict:
    """A decision on an incident; a later one supersedes it and never changes it.

    Parameters
    ----------
    verdict_id : str
        ``<incident key>|<number>``, from 1.
    shares : mapping of Party to int
        Basis points that add up to `WHOLE`.
    points : mapping of Party to int
        Points that a party gets.
    recovery_minor : mapping of Party to int
        Money that a party pays, minor units; never above zero for riders unless a country's dated option says so.
    compensation_minor : int
        Money that the customer gets, minor units.
    policy, policy_version, row : str
        What decided: the policy, the digest of its version, the name of its row; of a person's decision, what it was
        decided by.
    reason : mapping of str to str
        The statement of reasons by locale, filled.
    confidence : float
        Calibrated chance that the outcome is right, 0 to 1; 1 of a person.
    exemption : str
        Circumstance that exempted everybody before anybody was asked; empty without.
    facts : mapping
        What it was decided on, as plain JSON values, so that it can be decided again.
    """

    verdict_id: str
    incident: Incident
    shares: Mapping[Party, int]
    policy: str
    policy_version: str
    row: str
    reason: Mapping[str, str]
    confidence: float
    decided_by: DecidedBy
    decided_at: datetime
    decider: str | None = None
    points: Mapping[Party, int] = field(default_factory=dict)
    recovery_minor: Mapping[Party, int] = field(default_factory=dict)
    compensation_minor: int = 0
    currency: str = ""
    exemption: str = ""
    supersedes: str | None = None
    case_id: int | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)
