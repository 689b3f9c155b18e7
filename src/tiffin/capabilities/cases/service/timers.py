"""The due table: clocks of cases at whose end the platform does something, kept as the case moves."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import delete

from tiffin.capabilities.cases.models import CaseTimer
from tiffin.capabilities.cases.service.upserting import insert_into
from tiffin.engines.cases.declaration import CaseType, Clock
from tiffin.engines.cases.folding import Standing
from tiffin.runtime.context import Context

ESCALATED = "escalated"
"""Action of the platform that notes in a case's history that a clock ran out, and who was told."""

_TIMERS: Any = CaseTimer.__table__


def is_timed(case_type: CaseType, clock: Clock) -> bool:
    """Tell whether the platform does something by itself when a clock runs out."""
    return clock.on_expiry is not None or any(one.action == ESCALATED for one in case_type.transitions)


def start_timers(context: Context, made: Mapping[int, tuple[CaseType, Mapping[str, datetime]]]) -> None:
    """Note when the clocks of new cases run out."""
    rows = [row for number, (case_type, clocks) in made.items() for row in _rows(number, case_type, clocks)]
    if rows:
        context.session.execute(insert_into(context, _TIMERS), rows)


def keep_timers(
    context: Context,
    case_id: int,
    case_type: CaseType,
    stood: tuple[Standing, Standing],
    clocks: Mapping[str, datetime],
) -> None:
    """Note when the clocks of a case run out now that it has moved; one that has fired fires again if that changed.

    Parameters
    ----------
    stood : (Standing, Standing)
        Before and after.
    """
    before, moved = (_ticking(case_type, one) for one in stood)
    gone = before - moved
    if gone:
        context.session.execute(delete(_TIMERS).where(_TIMERS.c.case_id == case_id, _TIMERS.c.clock.in_(sorted(gone))))
    rows = _rows(case_id, case_type, clocks)
    if not rows:
        return
    adding = insert_into(context, _TIMERS)
    fresh = ("runs_out_at", "due_at", "attempts", "leased_by", "leased_until", "fired_at", "error")
    moving = adding.on_conflict_do_update(
        index_elements=["case_id", "clock"],
        set_={name: adding.excluded[name] for name in fresh},
        where=_TIMERS.c.runs_out_at != adding.excluded.runs_out_at,
    )
    context.session.execute(moving, rows)


def _ticking(case_type: CaseType, standing: Standing) -> set[str]:
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
