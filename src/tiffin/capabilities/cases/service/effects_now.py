"""Effects that cannot wait for a worker: brought about in the transaction of their event, and marked as done there."""

from typing import Any

from sqlalchemy import bindparam, or_, update

from tiffin.capabilities.cases.models import CaseEffect
from tiffin.capabilities.cases.service.effects import Effect, Handlers
from tiffin.runtime.context import Context

_EFFECTS: Any = CaseEffect.__table__
_E = _EFFECTS.c
# Made once: to make a statement takes longer than to run it.
_MARKING = (
    update(_EFFECTS)
    .where(
        _E.case_id == bindparam("of_case"),
        _E.sequence > bindparam("after_event"),
        _E.done_at.is_(None),
        _E.leased_by.is_(None),
        or_(
            _E.name.in_(bindparam("names", expanding=True)),
            (_E.case_type + "." + _E.name).in_(bindparam("names", expanding=True)),
        ),
    )
    .values(done_at=bindparam("done_now"), attempts=_E.attempts + 1)
    .returning(_EFFECTS)
)


def do_at_once(context: Context, case_id: int, handlers: Handlers, *, after: int = 0) -> None:
    """Bring about what follows from a case's events and waits, oldest first; effects without a handler wait on.

    Parameters
    ----------
    after : int
        Number of an event: only what follows from later ones is done.
    """
    asked = {"of_case": case_id, "after_event": after, "names": sorted(handlers), "done_now": context.now}
    for row in sorted(context.session.execute(_MARKING, asked).all(), key=_number):
        (handlers.get(f"{row.case_type}.{row.name}") or handlers[row.name])(context, _effect(row))


def _number(row: Any) -> int:
    return int(row.effect_id)


def _effect(row: Any) -> Effect:
    return Effect(
        effect_id=row.effect_id,
        key=row.key,
        case_id=row.case_id,
        case_type=row.case_type,
        sequence=row.sequence,
        name=row.name,
        created_at=row.created_at,
        attempts=row.attempts - 1,
    )
