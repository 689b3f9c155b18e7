"""Rows learn from appeals: one that loses too many is handed to people, until it is mended or restored."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from tiffin.capabilities.cases.domain.appeal_cases import ROW_DEMOTION
from tiffin.capabilities.cases.domain.case import CaseDetail, NewCase
from tiffin.capabilities.cases.service import act_as, act_for_platform, guided_case, open_case
from tiffin.capabilities.liability.domain.appeals import AppealOutcome
from tiffin.capabilities.liability.domain.row_standing import (
    RowStanding,
    RowState,
    SettledAppeal,
    rates_of,
    sequence_of,
)
from tiffin.capabilities.liability.models.appeals import AppealRecord, RowStandingRecord
from tiffin.capabilities.liability.service.appeal_telling import tell_people
from tiffin.capabilities.liability.service.row_limits import limit_of
from tiffin.capabilities.liability.service.row_owners import is_row_owner, owners_of, row_digest
from tiffin.kernel.errors import Forbidden, NotFound
from tiffin.kernel.messages import Message
from tiffin.runtime import audit
from tiffin.runtime.context import Context
from tiffin.runtime.i18n import mark

HEADLINE = mark("Of {appeals} appeals against verdicts of the row {row} of {policy}, {failed} did not stand")
SUBJECT = mark("The row {row} of {policy} no longer decides by itself")
_DRAWS = (AppealOutcome.UPHELD.value, AppealOutcome.VARIED.value, AppealOutcome.OVERTURNED.value)
"""Outcomes that tell of the row; that nobody replied tells nothing of it."""

ROW_OWNER = "row_owner"


def learn(context: Context, policy: str, row: str) -> RowStanding | None:
    """Look at a row again after one of its appeals was settled, and hand it to people where it is past its limit.

    Returns
    -------
    RowStanding or None
        None where the verdict was no row's.
    """
    if not policy or not row:
        return None
    take_up_mended(context)  # verdicts of a row that was written otherwise since tell nothing of how it is written now
    found = standing_of(context, policy, row)
    if not found.is_past_limit:
        return found
    if found.state is RowState.DEMOTED and found.case_id is not None:
        act_for_platform(context, found.case_id, "fails_further", {"failed": f"{found.failed} / {found.appeals}"})
        return found
    return _demote(context, found)


def standing_of(context: Context, policy: str, row: str) -> RowStanding:
    """Give a row with what the appeals against its verdicts say of it."""
    kept, settled = _record(context, policy, row), _settled(context, policy, row)
    limit = limit_of(context.workspace, policy, context.now.date())
    return RowStanding(
        policy=policy,
        row=row,
        state=RowState(kept.state) if kept else RowState.TRUSTED,
        appeals=len(settled),
        failed=sum(not one.has_stood for one in settled),
        open_appeals=_open_count(context, policy, row),
        limit=limit,
        sequence=sequence_of(settled, limit.confidence),
        rates=rates_of(settled),
        changed_at=kept.changed_at if kept else None,
        case_id=kept.case_id if kept else None,
    )


def row_standings(context: Context) -> tuple[RowStanding, ...]:
    """List every row against whose verdicts anybody appealed: demoted ones first, then those that lose most.

    Raises
    ------
    Forbidden
        The actor has no grant at all.
    """
    if not context.actor.grants:
        raise Forbidden(
            Message("How rows stand is read by whoever has any grant; {name} has none.", name=context.actor.name)
        )
    wanted = select(AppealRecord.policy, AppealRecord.row_name).where(AppealRecord.row_name != "").distinct()
    found = [standing_of(context, one.policy, one.row_name) for one in context.session.execute(wanted)]
    return tuple(sorted(found, key=lambda one: (one.state is not RowState.DEMOTED, -one.bounds.lower, one.policy)))


def take_up_mended(context: Context) -> tuple[tuple[str, str], ...]:
    """Let rows decide again that were written otherwise since they were demoted, and name them."""
    wanted = select(RowStandingRecord).where(RowStandingRecord.state == RowState.DEMOTED.value)
    found = []
    for record in context.session.scalars(wanted).all():
        if row_digest(context, record.policy, record.row_name) != record.row_digest:
            if record.case_id is not None:
                act_for_platform(context, record.case_id, "row_mended", {})
            _change(context, record, RowState.MENDED, by="platform")
            found.append((record.policy, record.row_name))
    return tuple(found)


def demotion_case(context: Context, case_id: int) -> tuple[RowStanding, CaseDetail]:
    """Give the row that a case is about, and the case with what the actor may do with it.

    Raises
    ------
    NotFound
        There is no such case, or the actor has no grant at all.
    """
    record = context.session.scalar(select(RowStandingRecord).where(RowStandingRecord.case_id == case_id))
    if record is None or not context.actor.grants:
        raise NotFound(Message("There is no row {number} that you may see.", number=case_id))
    roles = frozenset({ROW_OWNER} if is_row_owner(context, record.policy) else ())
    return standing_of(context, record.policy, record.row_name), guided_case(context, case_id, roles=roles)


def act_on_demotion(
    context: Context, case_id: int, action: str, values: Mapping[str, Any] | None = None, *, version: int | None = None
) -> RowStanding:
    """Restore a row, as the first or the second of two people who answer for it, or leave it to people.

    Raises
    ------
    NotFound
        There is no such case.
    Forbidden
        The actor does not answer for the policy, or a second person has to.
    Conflict
        It cannot be done now, or somebody else was first.
    WrongUse
        The reason is missing.
    """
    standing, _ = demotion_case(context, case_id)
    if not is_row_owner(context, standing.policy):
        raise Forbidden(
            Message(
                "{name} does not answer for {policy}: its owner, or a steward everywhere, restores a row.",
                name=context.actor.name,
                policy=standing.policy,
            )
        )
    moved = act_as(context, case_id, action, dict(values or {}), role=ROW_OWNER, version=version)
    record = _record(context, standing.policy, standing.row)
    if moved.state == RowState.RESTORED.value and record is not None:
        _change(context, record, RowState.RESTORED, by=context.actor.name)
    return standing_of(context, standing.policy, standing.row)


def _demote(context: Context, found: RowStanding) -> RowStanding:
    record = _record(context, found.policy, found.row)
    values = {"policy": found.policy, "row": found.row, "appeals": found.appeals, "failed": found.failed}
    number = 1 if record is None else record.row_standing_id
    case = open_case(
        context,
        NewCase(
            case_type=ROW_DEMOTION.name,
            key=f"{found.policy}|{found.row}|{number}|{context.now:%Y%m%dT%H%M%S}"[:255],
            headline=HEADLINE,
            values=values,
            subject=found.policy[:128],
        ),
    )
    digest = row_digest(context, found.policy, found.row)
    record = record or RowStandingRecord(policy=found.policy, row_name=found.row, counted_from=None)
    record.row_digest, record.case_id = digest, case.case_id
    record.state, record.changed_at, record.changed_by = RowState.DEMOTED.value, context.now, "platform"
    context.session.add(record)
    context.session.flush()
    details = {"policy": found.policy, "row": found.row, "appeals": found.appeals, "failed": found.failed}
    audit.record(context, action="row_demoted", subject=found.policy, details=details, actor="platform")
    people, address = owners_of(context, found.policy), f"/liability/rows/{case.case_id}"
    key = f"row-demotion|{case.case_id}"
    tell_people(context, people, key=key, texts=(SUBJECT, HEADLINE), values=values, address=address)
    return standing_of(context, found.policy, found.row)


def _change(context: Context, record: RowStandingRecord, state: RowState, *, by: str) -> None:
    """Let a row decide again; what was decided from now on counts."""
    record.state, record.changed_at, record.changed_by = state.value, context.now, by
    record.counted_from = context.now
    context.session.flush()
    details = {"policy": record.policy, "row": record.row_name, "state": state.value}
    audit.record(context, action="row_restored", subject=record.policy, details=details, actor=by)


def _record(context: Context, policy: str, row: str) -> RowStandingRecord | None:
    wanted = select(RowStandingRecord).where(RowStandingRecord.policy == policy, RowStandingRecord.row_name == row)
    return context.session.scalar(wanted)


def _settled(context: Context, policy: str, row: str) -> list[SettledAppeal]:
    """Give the settled appeals that count: since the row last began anew, in the order of their settling."""
    kept = _record(context, policy, row)
    wanted = select(AppealRecord).where(
        AppealRecord.policy == policy,
        AppealRecord.row_name == row,
        AppealRecord.settled_at.is_not(None),
        AppealRecord.outcome.in_(_DRAWS),
    )
    if kept is not None and kept.counted_from is not None:
        wanted = wanted.where(AppealRecord.lodged_at >= kept.counted_from)
    rows = context.session.scalars(wanted.order_by(AppealRecord.settled_at, AppealRecord.appeal_id)).all()
    return [SettledAppeal(row.settled_at, row.outcome == AppealOutcome.UPHELD.value) for row in rows if row.settled_at]


def _open_count(context: Context, policy: str, row: str) -> int:
    wanted = select(AppealRecord.appeal_id).where(
        AppealRecord.policy == policy, AppealRecord.row_name == row, AppealRecord.settled_at.is_(None)
    )
    return len(context.session.scalars(wanted).all())
