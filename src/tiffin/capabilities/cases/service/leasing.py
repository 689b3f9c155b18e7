"""Rows of the outbox and the due table are taken by one worker each, for a while; who dies leaves them to the next.

Taking is a short transaction of its own. Doing is another, in which the row is marked as done first: whoever's lease
was taken over meanwhile finds nothing to mark, and does nothing.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import uuid4

from sqlalchemy import ColumnElement, and_, bindparam, or_, select, update
from sqlalchemy.orm import aliased

from tiffin.capabilities.cases.models import CaseEffect, CaseTimer
from tiffin.capabilities.cases.service.effects import Effect
from tiffin.runtime.backoff import wait_after
from tiffin.runtime.context import Context

LEASE = timedelta(minutes=5)
FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=10), timedelta(hours=1)
MOST_ATTEMPTS = 8
"""After so many failures an effect is dead until somebody asks for it again."""

ERROR_LETTERS = 500
_EFFECTS: Any = CaseEffect.__table__
_TIMERS: Any = CaseTimer.__table__
_FREE = {"leased_by": None, "leased_until": None, "error": None}
# Made once: to make a statement takes longer than to run it. Rows are held in one order by all who mark some.
_HELD = (
    select(_EFFECTS.c.effect_id)
    .where(
        _EFFECTS.c.effect_id.in_(bindparam("numbers", expanding=True)),
        _EFFECTS.c.done_at.is_(None),
        _EFFECTS.c.leased_by == bindparam("mine"),
    )
    .order_by(_EFFECTS.c.effect_id)
    .with_for_update(of=_EFFECTS)
)
_MARKING_ALL = (
    update(_EFFECTS)
    .where(_EFFECTS.c.effect_id.in_(_HELD))
    .values(done_at=bindparam("done_now"), **_FREE)
    .returning(_EFFECTS.c.effect_id)
)


@dataclass(frozen=True, slots=True)
class Timer:
    """A clock of a case that has run out, as whoever took it sees it."""

    timer_id: int
    case_id: int
    clock: str
    attempts: int


def new_lease() -> str:
    """Draw a name under which rows are taken."""
    return uuid4().hex


def take_effects(context: Context, lease: str, names: Collection[str], limit: int) -> tuple[Effect, ...]:
    """Take effects that wait, the oldest first, and of a case only the first that is not done.

    Parameters
    ----------
    names : collection of str
        What somebody can bring about, as ``name`` or ``sort.name``; all else waits.
    """
    one, before = _EFFECTS.c, aliased(CaseEffect)
    handled = or_(one.name.in_(sorted(names)), (one.case_type + "." + one.name).in_(sorted(names)))
    earlier = select(before.effect_id).where(
        before.case_id == one.case_id,
        before.effect_id < one.effect_id,
        before.done_at.is_(None),
        before.dead_at.is_(None),
        or_(before.name.in_(sorted(names)), (before.case_type + "." + before.name).in_(sorted(names))),
    )
    waiting = and_(one.done_at.is_(None), one.dead_at.is_(None), handled, ~earlier.exists())
    rows = _taken(context, _EFFECTS, one.effect_id, waiting, lease, limit)
    return tuple(sorted((_effect(row) for row in rows), key=lambda effect: effect.effect_id))


def take_timers(context: Context, lease: str, limit: int) -> tuple[Timer, ...]:
    """Take clocks that have run out."""
    one = _TIMERS.c
    rows = _taken(context, _TIMERS, one.timer_id, one.fired_at.is_(None), lease, limit)
    return tuple(sorted((Timer(row.timer_id, row.case_id, row.clock, row.attempts) for row in rows), key=_number))


def mark_done(context: Context, effect: Effect, lease: str) -> bool:
    """Mark an effect as done, unless somebody else has taken it over."""
    mine = (_EFFECTS.c.effect_id == effect.effect_id) & _EFFECTS.c.done_at.is_(None) & (_EFFECTS.c.leased_by == lease)
    return _marked(context, _EFFECTS, mine, done_at=context.now)


def mark_all_done(context: Context, effects: Sequence[Effect], lease: str) -> tuple[Effect, ...]:
    """Mark effects as done, in the order of their numbers; gives those that nobody else has taken over."""
    numbers = sorted(one.effect_id for one in effects)
    asked = {"numbers": numbers, "mine": lease, "done_now": context.now}
    marked = set(context.session.scalars(_MARKING_ALL, asked))
    return tuple(one for one in effects if one.effect_id in marked)


def mark_fired(context: Context, timer: Timer, lease: str) -> bool:
    """Mark a timer as fired, unless somebody else has taken it over, or its case has moved."""
    mine = (_TIMERS.c.timer_id == timer.timer_id) & _TIMERS.c.fired_at.is_(None) & (_TIMERS.c.leased_by == lease)
    return _marked(context, _TIMERS, mine, fired_at=context.now)


def note_failure(context: Context, effect: Effect, lease: str, error: Exception) -> bool:
    """Let an effect that failed wait, longer each time; tells whether it is dead now."""
    tries = effect.attempts + 1
    is_dead = tries >= MOST_ATTEMPTS
    changes = _waiting(context, tries, error) | ({"dead_at": context.now} if is_dead else {})
    mine = (_EFFECTS.c.effect_id == effect.effect_id) & (_EFFECTS.c.leased_by == lease)
    context.session.execute(update(_EFFECTS).where(mine).values(**changes))
    return is_dead


def note_timer_failure(context: Context, timer: Timer, lease: str, error: Exception) -> None:
    """Let a timer that failed wait, longer each time, for as long as its clock is out."""
    mine = (_TIMERS.c.timer_id == timer.timer_id) & (_TIMERS.c.leased_by == lease)
    context.session.execute(update(_TIMERS).where(mine).values(**_waiting(context, timer.attempts, error)))


def _taken(
    context: Context, table: Any, key: "ColumnElement[int]", waiting: "ColumnElement[bool]", lease: str, limit: int
) -> Sequence[Any]:
    free = or_(table.c.leased_until.is_(None), table.c.leased_until <= context.now)
    ripe = select(key).where(waiting, table.c.due_at <= context.now, free).order_by(key).limit(limit)
    # Several take at once: each passes over what another is just taking. SQLite lets one write at a time anyway.
    numbers = ripe.with_for_update(skip_locked=True, of=table)
    taken = {"leased_by": lease, "leased_until": context.now + LEASE, "attempts": table.c.attempts + 1}
    return context.session.execute(update(table).where(key.in_(numbers)).values(taken).returning(table)).all()


def _marked(context: Context, table: Any, mine: "ColumnElement[bool]", **changes: object) -> bool:
    done: Any = context.session.execute(update(table).where(mine).values(**changes, **_FREE))
    return bool(done.rowcount)


def _waiting(context: Context, tries: int, error: Exception) -> dict[str, Any]:
    wait = wait_after(tries, first=FIRST_WAIT, longest=LONGEST_WAIT)
    told = f"{type(error).__name__}: {error}"[:ERROR_LETTERS]
    return {"due_at": context.now + wait, "leased_by": None, "leased_until": None, "error": told}


def _number(timer: Timer) -> int:
    return timer.timer_id


def _effect(row: Any) -> Effect:
    placed = row.effect_id, row.key, row.case_id, row.case_type, row.sequence
    return Effect(*placed, row.name, row.created_at, row.attempts - 1)
