"""An overdue incident is escalated to the owner's team and the stewards of the place, once for each deadline."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from tiffin.capabilities.cases import service as cases
from tiffin.capabilities.cases.domain.case import CaseDetail
from tiffin.capabilities.cases.domain.data_incidents import BROKEN_DATA, DATA_INCIDENT
from tiffin.capabilities.cases.service.escalating import note_escalation, overdue_cases
from tiffin.capabilities.cases.service.records import roles_over
from tiffin.capabilities.cases.service.timers import ESCALATED
from tiffin.capabilities.quality.models import DataIncident
from tiffin.runtime.auth import effective_actor
from tiffin.runtime.context import Context
from tiffin.runtime.models import Account
from tiffin.runtime.teams import members_of


@dataclass(frozen=True, slots=True)
class Escalation:
    """One deadline of an incident that passed, and the accounts to which that was escalated."""

    case: CaseDetail
    sequence: int
    clock: str
    due: datetime
    to: tuple[str, ...]


def escalate_overdue(context: Context) -> tuple[int, ...]:
    """Escalate every incident that is overdue; a deadline once, and a later one again.

    Returns
    -------
    tuple of int
        The incidents that were escalated now.
    """
    found = overdue_cases(context)
    for case, clock, due in found:
        note_escalation(context, case, clock, due, _responsible(context, case))
    return tuple(dict.fromkeys(case.summary.case_id for case, _, _ in found))


def escalations(context: Context) -> Iterator[Escalation]:
    """Give what was escalated of the incidents that are still open."""
    for case_type in (BROKEN_DATA.name, DATA_INCIDENT.name):
        for case in cases.guided_cases(context, case_type):
            for event in case.trail:
                if event.action == ESCALATED:
                    clock, due = (
                        event.values["clock"]["message"],
                        datetime.fromisoformat(event.values["due"]["instant"]),
                    )
                    yield Escalation(case, event.sequence, clock, due, tuple(event.values["to"].split(", ")))


def _responsible(context: Context, case: CaseDetail) -> tuple[str, ...]:
    """Name who answers: of the owner's team those who see the place, and the place's stewards and administrators."""
    one = case.summary
    row = context.session.get(DataIncident, one.case_id)
    team = set(members_of(context, row.owner)) if row else set()
    accounts = context.session.scalars(select(Account).where(Account.disabled_at.is_(None)).order_by(Account.name))
    actors = [effective_actor(context.session, account, now=context.now) for account in accounts.all()]
    held = {actor.name: roles_over(actor, country=one.country, city_id=one.city_id) for actor in actors}
    return tuple(name for name, roles in held.items() if "steward" in roles or (roles and name in team))
