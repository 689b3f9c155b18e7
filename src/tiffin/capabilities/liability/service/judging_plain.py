"""Incidents and verdicts as plain values that JSON can write."""

from collections.abc import Mapping
from typing import Any

from tiffin.capabilities.liability.domain.incident import Incident
from tiffin.capabilities.liability.domain.parties import Party
from tiffin.capabilities.liability.domain.routing import Option
from tiffin.capabilities.liability.domain.verdict import Verdict
from tiffin.capabilities.liability.service.routing import IncidentFile, Waiting


def verdict_as_plain(one: Verdict) -> dict[str, Any]:
    """Give a verdict, without the people whom it concerns and without the facts that it rests on."""
    return {
        "verdict_id": one.verdict_id,
        "case_id": one.case_id,
        "city_id": one.incident.city_id,
        "country": one.incident.country,
        "order_id": one.incident.order_id,
        "type": one.incident.incident.value,
        "happened_at": one.incident.happened_at.isoformat(),
        "shares": _plain(one.shares),
        "points": _plain(one.points),
        "recovery_minor": _plain(one.recovery_minor),
        "compensation_minor": one.compensation_minor,
        "currency": one.currency,
        "policy": one.policy,
        "policy_version": one.policy_version,
        "row": one.row,
        "reason": dict(one.reason),
        "confidence": one.confidence,
        "exemption": one.exemption or None,
        "decided_by": one.decided_by.value,
        "decided_at": one.decided_at.isoformat(),
        "supersedes": one.supersedes,
    }


def waiting_as_plain(one: Waiting) -> dict[str, Any]:
    """Give an incident of a list."""
    return {
        "case_id": one.case_id,
        **_incident(one.incident),
        "question": one.question,
        "priority": one.priority,
        "skill": one.skill,
        "language": one.language,
    }


def incident_as_plain(found: IncidentFile) -> dict[str, Any]:
    """Give an incident with its question, what can be decided, and the verdict that holds."""
    return {
        "incident": {"case_id": found.case.summary.case_id, "key": found.incident.key, **_incident(found.incident)},
        "state": found.case.summary.state,
        "version": found.case.summary.version,
        "question": found.question if found.is_waiting else "",
        "reason": dict(found.reason),
        "policy": found.policy,
        "row": found.row,
        "options": [_option(one) for one in found.options],
        "verdict": verdict_as_plain(found.verdict) if found.verdict else None,
    }


def _incident(one: Incident) -> dict[str, Any]:
    return {
        "city_id": one.city_id,
        "country": one.country,
        "order_id": one.order_id,
        "type": one.incident.value,
        "happened_at": one.happened_at.isoformat(),
        "reported_by": one.reported_by,
    }


def _option(one: Option) -> dict[str, Any]:
    return {
        "option": one.name,
        "shares": _plain(one.judged.shares),
        "points": _plain(one.judged.points),
        "recovery_minor": _plain(one.judged.recovery_minor),
        "compensation_minor": one.judged.compensation_minor,
    }


def _plain(by_party: Mapping[Party, int]) -> dict[str, int]:
    return {party.value: by_party[party] for party in Party if by_party.get(party)}
