"""What follows from an event outside its case: a row of the outbox each, written in the transaction of the event."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import insert

from tiffin.capabilities.cases.models import CaseEffect, CaseRecord
from tiffin.engines.cases.folding import Event
from tiffin.runtime.context import Context

_EFFECTS: Any = CaseEffect.__table__
_ADDING = insert(_EFFECTS)


@dataclass(frozen=True, slots=True)
class Effect:
    """Something that follows from an event, as whoever brings it about sees it.

    Parameters
    ----------
    key : str
        Names it for ever: whoever works elsewhere than in this database does it once under this key.
    sequence : int
        The event of the case from which it follows.
    attempts : int
        How often it was tried before.
    """

    effect_id: int
    key: str
    case_id: int
    case_type: str
    sequence: int
    name: str
    created_at: datetime
    attempts: int = 0


Handler = Callable[[Context, Effect], None]
"""Brings an effect about. What it writes to the operational database stands or falls with the mark that it is done."""

Handlers = Mapping[str, Handler]
"""Handlers by name of the effect, or by ``sort of case.name`` where sorts differ."""

Together = Callable[[Context, Sequence[Effect]], None]
"""Brings many effects about at once, each of another case."""

_INSIDE: set[Handler] = set()
_TOGETHER: dict[Handler, Together] = {}


def inside(handler: Handler) -> Handler:
    """Say that a handler writes to the operational database alone, so that several effects may share one unit of work.

    Whatever reaches out of the database must not: a unit that is undone would let it reach out again for all of them.
    """
    _INSIDE.add(handler)
    return handler


def together(many: Together) -> Callable[[Handler], Handler]:
    """Say of a handler that writes to the operational database alone what brings many effects about at once.

    Each of them is of another case. Where one fails none is kept, and each is tried by itself.
    """

    def said(handler: Handler) -> Handler:
        _TOGETHER[handler] = many
        return inside(handler)

    return said


def many_at_once(handler: Handler) -> Together | None:
    """Give what brings many effects of a handler about at once; None where each is brought about by itself."""
    return _TOGETHER.get(handler)


def is_inside(handler: Handler) -> bool:
    """Tell whether a handler writes to the operational database alone."""
    return handler in _INSIDE


def write_effects(context: Context, following: Sequence[tuple[CaseRecord, Event, Sequence[str]]]) -> None:
    """Write down what follows from events, to be done as soon as anybody comes to it.

    Parameters
    ----------
    following : sequence of (CaseRecord, Event, sequence of str)
        The case of each event, and the names of what follows from it.
    """
    rows = [_row(context, record, event, name) for record, event, names in following for name in names]
    if rows:
        context.session.execute(_ADDING, rows)


def _row(context: Context, record: CaseRecord, event: Event, name: str) -> dict[str, Any]:
    return {
        "key": f"{record.case_id}.{event.sequence}.{name}",
        "case_id": record.case_id,
        "sequence": event.sequence,
        "case_type": record.case_type,
        "name": name,
        "created_at": context.now,
        "due_at": context.now,
        "attempts": 0,
    }
