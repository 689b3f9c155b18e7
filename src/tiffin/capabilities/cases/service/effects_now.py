"""Effects that cannot wait for a worker: brought about in the transaction of their event, and marked as done there."""

from typing import Any

from sqlalchemy import select, update

from tiffin.capabilities.cases.models import CaseEffect
from tiffin.capabilities.cases.service.effects import Effect, Handlers
from tiffin.runtime.context import Context


def do_at_once(context: Context, case_id: int, handlers: Handlers, *, after: int = 0) -> None:
    """Bring about what follows from a case's events and waits, oldest first; effects without a handler wait on.

    Parameters
    ----------
    after : int
        Number of an event: only what follows from later ones is done.
    """
    table: Any = CaseEffect.__table__
    wanted = select(table).where(
        table.c.case_id == case_id, table.c.sequence > after, table.c.done_at.is_(None), table.c.leased_by.is_(None)
    )
    for row in context.session.execute(wanted.order_by(table.c.effect_id)).all():
        handler = handlers.get(f"{row.case_type}.{row.name}") or handlers.get(row.name)
        if handler is None:
            continue
        marked = update(table).where(table.c.effect_id == row.effect_id, table.c.done_at.is_(None))
        done: Any = context.session.execute(marked.values(done_at=context.now, attempts=row.attempts + 1))
        if done.rowcount == 1:
            handler(context, _effect(row))


def _effect(row: Any) -> Effect:
    return Effect(
        effect_id=row.effect_id,
        key=row.key,
        case_id=row.case_id,
        case_type=row.case_type,
        sequence=row.sequence,
        name=row.name,
        created_at=row.created_at,
        attempts=row.attempts,
    )
