"""Texts removed from the log of cases on request: a mark stands in their place, and the chain stays as it was."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import or_, select, update

from tiffin.capabilities.cases.models import CaseEvent
from tiffin.capabilities.cases.service.projecting import rebuild
from tiffin.engines.cases.chain import said_in, whole_of
from tiffin.kernel.errors import Conflict
from tiffin.kernel.messages import Message
from tiffin.runtime.context import Context
from tiffin.runtime.pieces import pieces_of, read_remainder, reduced, remaining_root, sealed_root, with_pieces

_EVENTS: Any = CaseEvent.__table__
_COLUMNS = ("event_id", "case_id", "details", "opening", "salt", "pieces", "remainder")


def remove_from_cases(
    context: Context, holds: Callable[[Any], Any], names: Callable[[Any], bool], mark: str
) -> list[list[int]]:
    """Put a mark in the place of each text that names somebody, and write anew what the queues hold of these cases.

    Parameters
    ----------
    holds : callable
        Gives the condition that a column holds one of the words.
    names : callable
        Whether a text names the person.

    Returns
    -------
    list
        For each event its number and those of the pieces that are gone, for the audit trail.

    Raises
    ------
    Conflict
        An event is not as it was written, so that nothing may be changed on it.
    """
    wanted = select(*(_EVENTS.c[name] for name in _COLUMNS)).where(
        or_(holds(_EVENTS.c.details), holds(_EVENTS.c.opening))
    )
    done: list[list[int]] = []
    for row in context.session.execute(wanted.order_by(_EVENTS.c.event_id)).all():
        pieces = list(pieces_of(said_in(row.details, row.opening)))
        gone = [number for number, (_, value) in enumerate(pieces) if names(value)]
        if gone:
            _remove(context, row, pieces, gone, mark)
            done.append([row.event_id, *gone])
    return done


def project_anew(context: Context, events: list[list[int]], actors: list[str]) -> None:
    """Write anew what the queues hold of the cases of some events, and of all in which somebody acted."""
    numbers = [event for event, *_ in events]
    touched = select(_EVENTS.c.case_id).where(or_(_EVENTS.c.event_id.in_(numbers), _EVENTS.c.actor.in_(actors)))
    cases = set(context.session.scalars(touched.distinct()))
    if cases:
        rebuild(context, cases)


def _remove(context: Context, row: Any, pieces: list[Any], gone: list[int], mark: str) -> None:
    former = read_remainder(row.remainder) if row.remainder else None
    root = remaining_root(former, pieces) if former else sealed_root(row.salt, pieces)
    if root != row.pieces:
        raise Conflict(
            Message(
                "An event of case {number} is not as it was written, so that nothing may be removed from it. Look at "
                "it with `tiffin cases check` and restore the database from a backup first.",
                number=row.case_id,
            )
        )
    said = said_in(row.details, row.opening)
    kept = reduced(row.salt, former, whole_of(row.salt or "", said), pieces, gone)
    left = with_pieces(said, {pieces[number][0]: mark for number in gone})
    changes = {"details": left["values"], "opening": left.get("opening"), "salt": None, "remainder": kept.text}
    context.session.execute(update(_EVENTS).where(_EVENTS.c.event_id == row.event_id).values(**changes))
