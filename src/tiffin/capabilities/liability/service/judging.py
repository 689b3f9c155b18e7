"""Judging incidents: what is sure closes by itself, and the rest goes to a person with the question that matters."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, select, update

from tiffin.capabilities.cases.service import act_for_platform_on
from tiffin.capabilities.cases.service.effects_now import do_at_once
from tiffin.capabilities.liability.domain.attribution import Outcome
from tiffin.capabilities.liability.domain.incident import Incident
from tiffin.capabilities.liability.domain.incident_types import incidents_in
from tiffin.capabilities.liability.domain.parties import top_party
from tiffin.capabilities.liability.domain.routing import Route, route_of
from tiffin.capabilities.liability.domain.verdict import Verdict
from tiffin.capabilities.liability.models.verdicts import IncidentRecord
from tiffin.capabilities.liability.service.incidents_keeping import keep_incidents, known_keys
from tiffin.capabilities.liability.service.judging_cases import incident_by_case
from tiffin.capabilities.liability.service.judging_effects import POSTING
from tiffin.capabilities.liability.service.judging_facts import Files, files_of_days, files_of_order
from tiffin.capabilities.liability.service.judging_rulings import Ruling, facts_of, rule_on
from tiffin.capabilities.liability.service.verdicts import add_verdicts, incident_of, latest
from tiffin.capabilities.policies.service.value_names import VALUES
from tiffin.kernel.errors import Forbidden
from tiffin.kernel.messages import Message
from tiffin.kernel.time import Days
from tiffin.runtime import audit
from tiffin.runtime.actor import Role
from tiffin.runtime.context import Context
from tiffin.runtime.looking_once import looking_once

AT_ONCE = 200
"""Incidents that are judged before anybody is told how far it is."""

Progress = Callable[[float], None]
_TABLE: Any = IncidentRecord.__table__
# Made once: to make a statement takes longer than to run it.
_ASKING = update(_TABLE).where(_TABLE.c.incident_key == bindparam("asked_about"))


@dataclass(frozen=True, slots=True)
class JudgedDays:
    """What judging a city's days came to.

    Parameters
    ----------
    found : int
        Incidents that the facts tell of.
    known : int
        Those that had been reported before; they stay as they were judged.
    closed, asked : int
        Those that closed by themselves, and those that went to a person.
    """

    city_id: str
    first: str
    last: str
    found: int
    known: int
    closed: int
    asked: int
    seconds: float

    @property
    def automatic_share(self) -> float:
        """Share of the new incidents that no person has to look at; 1 where there were none."""
        return self.closed / (self.closed + self.asked) if self.closed + self.asked else 1.0


def judge(context: Context, case_id: int) -> Verdict | None:
    """Judge an incident that was reported, once; give the verdict, or None where a person is asked.

    Raises
    ------
    NotFound
        There is no such incident.
    """
    record = incident_by_case(context, case_id)
    held = latest(context, record.incident_key)
    if held is not None or record.is_waiting:
        return held
    incident = incident_of(record)
    known = files_of_order(context, incident).known(incident)
    ruling = rule_on(context, [(incident, facts_of(known))])[0]
    carry_out(context, [(ruling, case_id)])
    do_at_once(context, case_id, POSTING)
    return latest(context, record.incident_key)


def judge_day(context: Context, city_id: str, days: Days, progress: Progress | None = None) -> JudgedDays:
    """Find the incidents of a city's days in its facts, and judge those that nobody judged before.

    Parameters
    ----------
    progress : callable or None
        Told after each step which share of the whole it was.

    Raises
    ------
    Forbidden
        The actor may not let incidents of the city be judged.
    """
    started = time.perf_counter()
    files = files_of_days(context, city_id, days)
    found = incidents_of(files, city_id, context)
    _check_may_judge(context, city_id, found)
    known = known_keys(context, city_id, found)
    fresh = sorted((one for one in found if one.key not in known), key=lambda one: (one.happened_at, one.key))
    closed = asked = 0
    for start in range(0, len(fresh), AT_ONCE):
        part = fresh[start : start + AT_ONCE]
        rulings = judge_part(context, files, part)
        closed += sum(one.is_sure for one in rulings)
        asked += sum(not one.is_sure for one in rulings)
        if progress:
            progress(len(part) / len(fresh))
    details = {"city": city_id, "first": str(days.first), "last": str(days.last), "closed": closed, "asked": asked}
    audit.record(context, action="incidents_judged", subject=city_id, details=details)
    seconds = round(time.perf_counter() - started, 3)
    span = (days.first.isoformat(), days.last.isoformat())
    return JudgedDays(city_id, *span, len(found), len(known), closed, asked, seconds)


def is_begun(context: Context) -> bool:
    """Tell whether any incident was ever reported here."""
    return context.session.execute(select(IncidentRecord.incident_key).limit(1)).first() is not None


def incidents_of(files: Files, city_id: str, context: Context) -> list[Incident]:
    """List the incidents that the facts of a city's days tell of."""
    found = []
    for order_id, order in files.orders.items():
        attributed = files.attributions.get(order_id)
        is_late = attributed is not None and attributed.outcome is Outcome.LATE
        found += incidents_in(city_id, order, is_late=is_late, now=context.now)
    return found


def carry_out(context: Context, rulings: Sequence[tuple[Ruling, int]]) -> None:
    """Close the cases that are sure with a verdict each, and send the others to people with their question."""
    sure = [(one, case_id) for one, case_id in rulings if one.is_sure]
    verdicts = [one.verdict(f"{one.incident.key}|1", at=context.now, case_id=case_id) for one, case_id in sure]
    add_verdicts(context, verdicts)
    closing = [
        (case_id, "close", {"verdict": verdict.verdict_id, "policy": verdict.policy, "row": verdict.row})
        for verdict, (_, case_id) in zip(verdicts, sure, strict=True)
    ]
    asked = [(one, case_id, _route(one)) for one, case_id in rulings if not one.is_sure]
    if asked:
        context.session.execute(_ASKING, [_waiting(one, route) for one, _, route in asked])
    asking = [(case_id, "ask", {"question": {"message": VALUES[route.question]}}) for _, case_id, route in asked]
    act_for_platform_on(context, [*closing, *asking])


def judge_part(context: Context, files: Files, part: Sequence[Incident]) -> list[Ruling]:
    """Judge some incidents in the order in which they happened; what one answers for counts in the next batch."""
    with looking_once():
        numbers = keep_incidents(context, part)
        rulings = rule_on(context, [(one, facts_of(files.known(one))) for one in part])
        carry_out(context, [(one, numbers[one.incident.key]) for one in rulings])
    for one in rulings:
        if one.is_sure:
            files.history.add_answer(one.incident, top_party(one.found.shares))
    return rulings


def _route(ruling: Ruling) -> Route:
    return route_of(ruling.incident.incident, ruling.found)


def _waiting(ruling: Ruling, route: Route) -> dict[str, Any]:
    proposal = {
        "policy": ruling.policy,
        "version": ruling.version,
        "row": ruling.row,
        "reason": dict(ruling.reason),
        "facts": dict(ruling.facts),
        "shares": {party.value: share for party, share in ruling.found.shares.items()},
        "points": {party.value: points for party, points in ruling.found.points.items()},
        "recovery_minor": {party.value: amount for party, amount in ruling.found.recovery_minor.items()},
        "compensation_minor": ruling.found.compensation_minor,
        "confidence": ruling.found.confidence,
        "exemption": ruling.exemption,
    }
    asked = {"is_waiting": True, "question": route.question, "priority": route.priority, "proposal": proposal}
    return {"asked_about": ruling.incident.key, **asked}


def _check_may_judge(context: Context, city_id: str, found: Sequence[Incident]) -> None:
    roles = (Role.STEWARD, Role.ADJUDICATOR, Role.EXPERIENCE_MANAGER, Role.ADMIN)
    country = found[0].country if found else ""
    grants = [one for one in context.actor.grants if one.role in roles and not one.is_narrow]
    if not any(one.covers(country=country, city_id=city_id) for one in grants):
        raise Forbidden(
            Message(
                "Incidents of {city} are judged by its adjudicators, experience managers and stewards; {name} is none.",
                city=city_id,
                name=context.actor.name,
            )
        )
