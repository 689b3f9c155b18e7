"""Cases whose clock ran out before anybody did what it waited for, and the note in their history of who was told."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select

from tiffin.capabilities.cases.domain.case import CaseDetail
from tiffin.capabilities.cases.domain.registry import CASE_TYPES
from tiffin.capabilities.cases.models import CaseRecord
from tiffin.capabilities.cases.service import act_for_platform, detail_of
from tiffin.capabilities.cases.service.timers import ESCALATED
from tiffin.capabilities.cases.service.words import CLOCKS
from tiffin.runtime.context import Context

_TYPES = tuple(sorted(name for name, one in CASE_TYPES.items() if any(t.action == ESCALATED for t in one.transitions)))


def overdue_cases(context: Context) -> tuple[tuple[CaseDetail, str, datetime], ...]:
    """List what is overdue and was not escalated since: each case with its clock, and when that ran out."""
    wanted = select(CaseRecord).where(
        CaseRecord.case_type.in_(_TYPES), CaseRecord.closed_at.is_(None), CaseRecord.due_at <= context.now
    )
    found = [detail_of(context, row) for row in context.session.scalars(wanted.order_by(CaseRecord.case_id))]
    return tuple(
        (case, clock, due)
        for case in found
        for clock, due in case.clocks.items()
        if due <= context.now and _stamp(clock, due) not in {_said(one.values) for one in case.trail}
    )


def times_escalated(case: CaseDetail, clock: str, due: datetime) -> int:
    """Count how often a deadline of a case was escalated."""
    return sum(_said(one.values) == _stamp(clock, due) for one in case.trail if one.action == ESCALATED)


def note_escalation(context: Context, case: CaseDetail, clock: str, due: datetime, told: Iterable[str]) -> None:
    """Write into a case's history that a clock of it ran out, and who was told."""
    values = {
        "clock": {"message": CLOCKS[clock]} if clock in CLOCKS else clock,
        "due": {"instant": due.isoformat()},
        "to": ", ".join(told),
        "of": {"hidden": _stamp(clock, due)},
    }
    act_for_platform(context, case.summary.case_id, ESCALATED, values)


def _stamp(clock: str, due: datetime) -> str:
    return f"{clock}|{due.isoformat()}"


def _said(values: object) -> str:
    of = values.get("of") if isinstance(values, dict) else None
    return str(of.get("hidden")) if isinstance(of, dict) else ""
