"""The due table: clocks of cases at whose end the platform does something, kept as the case moves."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete

from tiffin.capabilities.cases.models import CaseTimer
from tiffin.capabilities.cases.service.upserting import insert_into
from tiffin.engines.cases.declaration import CaseType, Clock
from tiffin.engines.cases.folding import Standing
from tiffin.runtime.context import Context

ESCALATED = "escalated"
"""Action of the platform that notes in a case's history that a clock ran out, and who was told."""

_TIMERS: Any = CaseTimer.__table__
_FRESH = ("runs_out_at", "due_at", "attempts", "leased_by", "leased_until", "fired_at", "error")
_STOPPING = delete(_TIMERS).where(_TIMERS.c.case_id == bindparam("of_case"), _TIMERS.c.clock == bindparam("of_clock"))
_KEEPING: dict[str, Any] = {}
"""By kind of database; made once, since to make a statement takes longer than to run it."""


@dataclass(frozen=True, slots=True)
class Ticking:
    """A case that has moved, with when its clocks run out from now on."""

    case_id: int
    case_type: CaseType
    before: Standing
    moved: Standing
    clocks: Mapping[str, datetime]


def is_timed(case_type: CaseType, clock: Clock) -> bool:
    """Tell whether the platform does something by itself when a clock runs out."""
    return clock.on_expiry is not None or any(one.action == ESCALATED for one in case_type.transitions)


def start_timers(context: Context, made: Mapping[int, tuple[CaseType, Mapping[str, datetime]]]) -> None:
    """Note when the clocks of new cases run out."""
    rows = [row for number, (case_type, clocks) in made.items() for row in _rows(number, case_type, clocks)]
    if rows:
        context.session.execute(insert_into(context, _TIMERS), rows)


def keep_timers(context: Context, ticking: Sequence[Ticking]) -> None:
    """Note when the clocks of cases that moved run out; one that has fired fires again if that changed."""
    gone = [{"of_case": one.case_id, "of_clock": name} for one in ticking for name in sorted(_stopped(one))]
    if gone:
        context.session.execute(_STOPPING, gone)
    rows = [row for one in ticking for row in _rows(one.case_id, one.case_type, one.clocks)]
    if rows:
        context.session.execute(_keeping(context), rows)


def _keeping(context: Context) -> Any:
    dialect = context.unit.engine.dialect.name
    if dialect not in _KEEPING:
        adding = insert_into(context, _TIMERS)
        _KEEPING[dialect] = adding.on_conflict_do_update(
            index_elements=["case_id", "clock"],
            set_={name: adding.excluded[name] for name in _FRESH},
            where=_TIMERS.c.runs_out_at != adding.excluded.runs_out_at,
        )
    return _KEEPING[dialect]


def _stopped(one: Ticking) -> set[str]:
    return _running(one.case_type, one.before) - _running(one.case_type, one.moved)


def _running(case_type: CaseType, standing: Standing) -> set[str]:
    return {
        clock.name
        for clock in case_type.clocks
        if clock.name in standing.entered_at and not standing.is_paused(clock.name) and is_timed(case_type, clock)
    }


def _rows(case_id: int, case_type: CaseType, clocks: Mapping[str, datetime]) -> list[dict[str, Any]]:
    empty = dict.fromkeys(("leased_by", "leased_until", "fired_at", "error"))
    return [
        {
            "case_id": case_id,
            "clock": clock.name,
            "runs_out_at": clocks[clock.name],
            "due_at": clocks[clock.name],
            "attempts": 0,
            **empty,
        }
        for clock in case_type.clocks
        if clock.name in clocks and is_timed(case_type, clock)
    ]
