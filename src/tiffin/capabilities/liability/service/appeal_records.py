"""Appeals in the database: found, and only by those who may see them."""

from collections.abc import Sequence

from sqlalchemy import select

from tiffin.capabilities.cases.domain.case import CaseDetail
from tiffin.capabilities.cases.service import guided_case
from tiffin.capabilities.cases.service.records import roles_over
from tiffin.capabilities.liability.domain.appeals import Appeal, AppealOutcome
from tiffin.capabilities.liability.domain.parties import Party
from tiffin.capabilities.liability.models.appeals import AppealRecord
from tiffin.kernel.errors import NotFound
from tiffin.kernel.messages import Message
from tiffin.runtime.actor import Role
from tiffin.runtime.context import Context

APPELLANT, REVIEWER = "appellant", "reviewer"
_OWED = ("acknowledgement", "reply", "second_reply")
"""Clocks of what the platform owes the party."""


def record_of(context: Context, case_id: int) -> AppealRecord:
    """Find an appeal by its case, whoever asks.

    Raises
    ------
    NotFound
        There is none.
    """
    found = context.session.scalar(select(AppealRecord).where(AppealRecord.case_id == case_id))
    if found is None:
        raise no_appeal(case_id)
    return found


def seen_record(context: Context, case_id: int) -> AppealRecord:
    """Find an appeal that the actor may see: his own, or one of a place that a grant of his opens as a whole.

    Raises
    ------
    NotFound
        There is none, or he may not see it.
    """
    found = record_of(context, case_id)
    may_see = context.actor.may_see_city(country=found.country, city_id=found.city_id)
    if not may_see and not is_own(context, found):
        raise no_appeal(case_id)
    return found


def roles_of(context: Context, record: AppealRecord) -> frozenset[str]:
    """Give what the actor is to an appeal: the party, or support on its behalf; a reviewer of the place; or nothing."""
    held = roles_over(context.actor, country=record.country, city_id=record.city_id)
    found = {REVIEWER} if Role.REVIEWER in held else set()
    if is_own(context, record) or Role.SUPPORT in held:
        found.add(APPELLANT)
    return frozenset(found)


def is_own(context: Context, record: AppealRecord) -> bool:
    """Tell whether the actor is the party that appeals."""
    party = context.actor.party
    return party is not None and (party.kind, party.city_id, party.party_id) == (
        record.party_kind,
        record.city_id,
        record.party_id,
    )


def case_of(context: Context, record: AppealRecord) -> CaseDetail:
    """Give the case of an appeal with what the actor may do with it."""
    return guided_case(context, record.case_id, roles=roles_of(context, record))


def open_records(context: Context, verdict_id: str) -> Sequence[AppealRecord]:
    """Give the appeals that are open against what a verdict says."""
    wanted = select(AppealRecord).where(
        AppealRecord.current_verdict_id == verdict_id, AppealRecord.settled_at.is_(None)
    )
    return context.session.scalars(wanted.order_by(AppealRecord.appeal_id)).all()


def appeal_from(record: AppealRecord, case: CaseDetail) -> Appeal:
    """Give an appeal as others read it."""
    owed = [at for name, at in case.clocks.items() if name in _OWED]
    return Appeal(
        case_id=record.case_id,
        verdict_id=record.verdict_id,
        current_verdict_id=record.current_verdict_id,
        party=Party(record.party_kind),
        party_id=record.party_id,
        city_id=record.city_id,
        country=record.country,
        policy=record.policy,
        row=record.row_name,
        state=case.summary.state,
        lodged_at=record.lodged_at,
        lodged_by=record.lodged_by,
        reply_due_at=min(owed, default=None),
        outcome=AppealOutcome(record.outcome) if record.outcome else None,
        decided_by=record.decided_by,
        decided_at=record.decided_at,
        settled_at=record.settled_at,
        assignee=case.summary.assignee,
    )


def no_appeal(case_id: int) -> NotFound:
    """Say that there is no such appeal for the reader."""
    return NotFound(Message("There is no appeal {number} that you may see.", number=case_id))
