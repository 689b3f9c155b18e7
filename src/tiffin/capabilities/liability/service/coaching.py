"""Cases of coaching for those who answer for riders, and for the rider himself."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from tiffin.capabilities.cases.domain.case import CaseDetail, TrailEntry
from tiffin.capabilities.cases.domain.coaching_cases import COACHED, COACHES, COACHING
from tiffin.capabilities.cases.service import act_as, guided_case, guided_cases
from tiffin.capabilities.cases.service.records import roles_over
from tiffin.capabilities.liability.domain.standards import BY_HIMSELF, Step
from tiffin.capabilities.liability.models.verdicts import IncidentRecord
from tiffin.capabilities.liability.service.own import own_party
from tiffin.capabilities.liability.service.standard_reading import may_coach
from tiffin.kernel.errors import Conflict, NotFound
from tiffin.kernel.messages import Message
from tiffin.runtime import audit
from tiffin.runtime.context import Context

MOST = 2_000
"""Cases that a list looks through."""
BY_RIDER = "done_by_rider"
LONGEST = 4000
"""Letters of what somebody writes."""


@dataclass(frozen=True, slots=True)
class Coaching:
    """One case of coaching.

    Parameters
    ----------
    rider_id : str or None
        Pseudonym; None of somebody who was erased.
    level : int
        The first, second, ... breach that is not forgotten.
    incidents, verdicts : tuple of str
        Behind the breach, the oldest first.
    due_at : datetime or None
        UTC; None where no time runs.
    actions : tuple of str
        What the actor may do with it now.
    """

    case_id: int
    city_id: str
    country: str
    rider_id: str | None
    standard: str
    step: Step
    level: int
    state: str
    incidents: tuple[str, ...]
    verdicts: tuple[str, ...]
    opened_at: datetime
    due_at: datetime | None
    closed_at: datetime | None
    assignee: str | None
    version: int
    actions: tuple[str, ...]
    trail: tuple[TrailEntry, ...]


def list_coaching(
    context: Context, *, is_closed: bool = False, city_id: str | None = None, limit: int = 200
) -> tuple[Coaching, ...]:
    """List the cases of riders for whom the actor answers: what is due first first, closed ones newest first."""
    found = [
        one
        for one in guided_cases(context, COACHING.name, is_closed=is_closed, limit=MOST)
        if _may(context, one) and (city_id is None or one.summary.city_id == city_id)
    ][:limit]
    riders = _riders(context, found)
    return tuple(_coaching(one, riders) for one in found)


def show_coaching(context: Context, case_id: int) -> Coaching:
    """Give one case of a rider for whom the actor answers.

    Raises
    ------
    NotFound
        There is none.
    """
    found = guided_case(context, case_id)
    if found.summary.case_type != COACHING.name or not _may(context, found):
        raise _unknown(case_id)
    role = _role(context, found)
    case = guided_case(context, case_id, roles=frozenset({role}))
    return _coaching(case, _riders(context, [case]))


def act(context: Context, case_id: int, action: str, text: str = "", *, version: int | None = None) -> Coaching:
    """Take a case in hand, tell the rider, note something, or say that the step is done.

    Raises
    ------
    NotFound
        There is no such case of a rider for whom the actor answers.
    Conflict
        It cannot be done now, or somebody else was first.
    WrongUse
        What has to be said is missing.
    """
    before = show_coaching(context, case_id)
    fields = {field.name for one in COACHING.transitions if one.action == action for field in one.fields}
    said = {"text": text.strip()[:LONGEST]} if "text" in fields else {}
    act_as(context, case_id, action, said, role=_role(context, guided_case(context, case_id)), version=version)
    audit.record(context, action="case_acted", subject=str(case_id), details={"action": action, "was": before.state})
    return show_coaching(context, case_id)


def own_coaching(context: Context, subjects: Sequence[str]) -> tuple[Coaching, ...]:
    """List the rider's own open cases.

    Parameters
    ----------
    subjects : sequence of str
        Orders whose incidents completed his breaches.
    """
    party = own_party(context)
    cases = [
        one
        for subject in dict.fromkeys(subjects)
        for one in guided_cases(context, COACHING.name, subject=subject[:128])
        if one.summary.city_id == party.city_id
    ]
    riders = _riders(context, cases)
    found = [_coaching(one, riders) for one in cases]
    return tuple(one for one in found if one.rider_id == party.party_id)


def done_by_rider(context: Context, case_id: int) -> None:
    """Say as the rider that one has done what a step asks; a talk or a ride along needs somebody else's word.

    Raises
    ------
    NotFound
        There is no such case of his.
    Conflict
        It cannot be done now, or not by himself.
    """
    party, case = own_party(context), guided_case(context, case_id)
    found = _coaching(case, _riders(context, [case])) if case.summary.case_type == COACHING.name else None
    if found is None or party.kind != "rider" or (found.city_id, found.rider_id) != (party.city_id, party.party_id):
        raise _unknown(case_id)
    if found.step not in BY_HIMSELF:
        raise Conflict(Message("Somebody does this together with you, and says when it is done."))
    act_as(context, case_id, BY_RIDER, {}, role=next(iter(COACHED)))
    audit.record(context, action="case_acted", subject=str(case_id), details={"action": BY_RIDER})


def _may(context: Context, case: CaseDetail) -> bool:
    country, city_id = case.summary.country or "", case.summary.city_id or ""
    return may_coach(context, country=country, city_id=city_id)


def _role(context: Context, case: CaseDetail) -> str:
    """Give the role of somebody who answers for a rider; an administrator acts as an experience manager."""
    held = roles_over(context.actor, country=case.summary.country, city_id=case.summary.city_id)
    return next(iter(sorted(held & COACHES)), "experience_manager")


def _riders(context: Context, cases: Sequence[CaseDetail]) -> Mapping[str, str | None]:
    keys = sorted({case.values["incidents"][-1] for case in cases if "incidents" in case.values})
    wanted = select(IncidentRecord.incident_key, IncidentRecord.rider_id).where(IncidentRecord.incident_key.in_(keys))
    return {row.incident_key: row.rider_id for row in context.session.execute(wanted)}


def _coaching(case: CaseDetail, riders: Mapping[str, str | None]) -> Coaching:
    summary, values = case.summary, case.values
    return Coaching(
        case_id=summary.case_id,
        city_id=summary.city_id or "",
        country=summary.country or "",
        rider_id=riders.get(values["incidents"][-1]),
        standard=values["standard"],
        step=Step(values["step"]),
        level=values["level"],
        state=summary.state,
        incidents=tuple(values["incidents"]),
        verdicts=tuple(values["verdicts"]),
        opened_at=summary.opened_at,
        due_at=summary.due_at,
        closed_at=summary.closed_at,
        assignee=summary.assignee,
        version=summary.version,
        actions=tuple(one.action for one in case.actions),
        trail=case.trail,
    )


def _unknown(case_id: int) -> NotFound:
    return NotFound(Message("There is no coaching {number} that you may see.", number=case_id))
