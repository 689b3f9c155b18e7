"""The log of a case in the database: its events read, and one more sealed, chained and added."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, insert, select

from tiffin.capabilities.cases.models import CaseEvent
from tiffin.engines.cases.chain import FIRST_DIGEST, Link, case_name, digest_of, said_in, whole_of
from tiffin.engines.cases.folding import Event
from tiffin.runtime.actor_codes import ACTOR_CODES, code_of
from tiffin.runtime.context import Context
from tiffin.runtime.pieces import SALT_BYTES, pieces_of, sealed_root

_EVENTS: Any = CaseEvent.__table__
_E, _A = _EVENTS.c, ACTOR_CODES.c
# Made once: to make a statement takes longer than to run it.
_MINE = select(_A.code).where(_A.name == bindparam("me")).scalar_subquery().label("mine")
_READING = (
    select(_E.sequence, _E.at, _A.name, _E.action, _E.details, _E.is_platform, _E.digest, _MINE)
    .join(ACTOR_CODES, _A.code == _E.actor)
    .where(_E.case_id == bindparam("case"))
    .order_by(_E.sequence)
)
_READING_MANY = (
    select(_E.case_id, _E.sequence, _E.at, _A.name, _E.action, _E.details, _E.is_platform, _E.digest, _MINE)
    .join(ACTOR_CODES, _A.code == _E.actor)
    .where(_E.case_id.in_(bindparam("cases", expanding=True)))
    .order_by(_E.case_id, _E.sequence)
)
_ADDING = insert(_EVENTS)


@dataclass(frozen=True, slots=True)
class Log:
    """The events of a case, where their chain ends, and the code of whoever asked, if he has one."""

    events: tuple[Event, ...]
    digest: str
    code: str | None


def log_of(context: Context, case_id: int, actor: str) -> Log:
    """Read the events of a case, oldest first, for somebody who may add one."""
    rows = context.session.execute(_READING, {"case": case_id, "me": actor}).all()
    events = tuple(_event(row) for row in rows)
    return Log(events, rows[-1].digest if rows else FIRST_DIGEST, _mine(rows))


def logs_of(context: Context, case_ids: Sequence[int], actor: str) -> Mapping[int, Log]:
    """Read the events of some cases, as `log_of` reads those of one."""
    rows = context.session.execute(_READING_MANY, {"cases": list(case_ids), "me": actor}).all()
    found: dict[int, list[Any]] = {one: [] for one in case_ids}
    for row in rows:
        found[row.case_id].append(row)
    return {
        case_id: Log(tuple(_event(row) for row in own), own[-1].digest if own else FIRST_DIGEST, _mine(own))
        for case_id, own in found.items()
    }


def events_of(context: Context, case_id: int) -> tuple[Event, ...]:
    """Give the events of a case, oldest first."""
    return log_of(context, case_id, "").events


def sealed_row(
    case_type: str,
    case_id: int,
    event: Event,
    *,
    code: str,
    previous: str,
    opening: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Give the row of an event, chained to the one before it.

    Parameters
    ----------
    code : str
        Of whoever acted.
    opening : mapping or None
        What the first event says of the case.
    """
    values, salt = dict(event.values), os.urandom(SALT_BYTES).hex()
    said = said_in(values, opening)
    whole, pieces = whole_of(salt, said), sealed_root(salt, list(pieces_of(said)))
    placed = case_name(case_type, case_id), event.sequence, event.at, code, event.action, event.is_platform
    return {
        "case_id": case_id,
        "sequence": event.sequence,
        "at": event.at,
        "actor": code,
        "action": event.action,
        "is_platform": event.is_platform,
        "details": values,
        "opening": None if opening is None else dict(opening),
        "salt": salt,
        "pieces": pieces,
        "remainder": None,
        "previous_digest": previous,
        "digest": digest_of(Link(*placed, whole, pieces, previous, "")),
    }


def add_rows(context: Context, rows: Sequence[Mapping[str, Any]]) -> None:
    """Add events to the log."""
    context.session.execute(_ADDING, list(rows))


def code_for(context: Context, name: str, known: str | None = None) -> str:
    """Give the code under which somebody's acts are chained."""
    if known is not None:
        context.unit.codes[name] = known
    return known or code_of(context.unit, name)


def _mine(rows: Sequence[Any]) -> str | None:
    return rows[-1].mine if rows else None


def _event(row: Any) -> Event:
    return Event(row.sequence, row.at, row.name, row.action, row.details, row.is_platform)
