"""Texts removed from the audit trail on request: a mark stands in their place, and the chain stays as it was.

Who removed what on which request is itself an entry of the trail. With the first texts that are removed after the trail
was carried over go the digests without a salt that it holds from before: by those a name could be found by trying.
"""

import json
from collections.abc import Callable, Collection, Iterator
from typing import Any

from sqlalchemy import or_, select, update

from tiffin.kernel.errors import Conflict
from tiffin.kernel.messages import Message
from tiffin.runtime.actor_codes import ACTOR_CODES
from tiffin.runtime.audit_chain import draw_names_mark, entry_pieces, whole_of
from tiffin.runtime.audit_former import CARRIED_OVER
from tiffin.runtime.audit_marks import REMOVAL
from tiffin.runtime.database import Unit
from tiffin.runtime.pieces import Place, Remainder, read_remainder, reduced, remaining_root, sealed_root, with_pieces
from tiffin.runtime.tables import AUDIT_ENTRIES

AT_ONCE = 500
"""Entries whose removed texts one entry of the trail tells."""

UNSALTED = {CARRIED_OVER: ("digest", "ledger_digest"), "number_published": ("entry_hash",)}
"""By act the details that hold digests from before the trail was carried over."""

DIGEST_LETTERS = 64

_ACTOR = ACTOR_CODES.c
_ENTRY = AUDIT_ENTRIES.c
_TEXTS = ("subject", "details", "salt", "pieces", "remainder", "action", "entry_id")

Names = Callable[[Any], bool]


def remove_texts(unit: Unit, numbers: Collection[int], names: Names, mark: str) -> list[list[int]]:
    """Put a mark in the place of each text of some entries that names somebody.

    Returns
    -------
    list
        For each entry its number and those of the pieces that are gone: to be told on the trail.

    Raises
    ------
    Conflict
        An entry is not as it was written, so that nothing may be changed on it.
    """
    done = []
    for row in _rows(unit, numbers):
        pieces = entry_pieces(row.subject, row.details)
        gone = [number for number, (_, value) in enumerate(pieces) if names(value)]
        if gone and row.action != REMOVAL:
            done.append([row.entry_id, *_removed(unit, row, pieces, gone, mark)])
    return done


def remove_unsalted(unit: Unit, mark: str) -> list[list[int]]:
    """Remove the digests without a salt that entries hold from before the trail was carried over.

    Raises
    ------
    Conflict
        An entry is not as it was written.
    """
    carried = unit.execute(select(_ENTRY.entry_id).where(_ENTRY.action == CARRIED_OVER)).scalars().all()
    if not carried:
        return []
    old = unit.execute(select(_ENTRY.entry_id).where(_ENTRY.action.in_(UNSALTED), _ENTRY.entry_id <= max(carried)))
    done = []
    for row in _rows(unit, old.scalars().all()):
        pieces = entry_pieces(row.subject, row.details)
        meant = {("details", name) for name in UNSALTED[row.action]}
        gone = [n for n, (place, value) in enumerate(pieces) if place in meant and len(str(value)) == DIGEST_LETTERS]
        if gone:
            done.append([row.entry_id, *_removed(unit, row, pieces, gone, mark)])
    return done


def forget_actors(unit: Unit, names: Names, mark: str) -> list[str]:
    """Put a mark in the place of the names of those who acted, and forget the salts; gives their codes."""
    known = unit.execute(select(_ACTOR.code, _ACTOR.name)).all()
    codes = [row.code for row in known if names(row.name)]
    for number, code in enumerate(codes, 1):
        fresh = {"name": mark if number == 1 else f"{mark}-{number}", "salt": None}
        unit.execute(update(ACTOR_CODES).where(_ACTOR.code == code).values(fresh))
    if codes:
        unit.lastly(draw_names_mark, None)
    return codes


def told_in_parts(texts: list[list[int]]) -> Iterator[list[list[int]]]:
    """Split what was removed into what one entry of the trail tells."""
    return (texts[begin : begin + AT_ONCE] for begin in range(0, len(texts), AT_ONCE))


def _rows(unit: Unit, numbers: Collection[int]) -> Iterator[Any]:
    asked = sorted(numbers)
    for begin in range(0, len(asked), AT_ONCE):
        some = asked[begin : begin + AT_ONCE]
        found = select(*(_ENTRY[name] for name in _TEXTS)).where(_ENTRY.entry_id.in_(some)).order_by(_ENTRY.entry_id)
        yield from unit.execute(found).all()


def _removed(unit: Unit, row: Any, pieces: list[tuple[Place, Any]], gone: list[int], mark: str) -> list[int]:
    former = read_remainder(row.remainder) if row.remainder else None
    root = remaining_root(former, pieces) if former else sealed_root(row.salt, pieces)
    if root != row.pieces:
        raise Conflict(
            Message(
                "Entry {number} of the audit trail is not as it was written, so that nothing may be removed from it. "
                "Verify the trail and restore the database from a backup first.",
                number=row.entry_id,
            )
        )
    whole = whole_of((row.salt or "").encode(), row.subject.encode(), json.dumps(row.details).encode()).decode()
    kept: Remainder = reduced(row.salt, former, whole, pieces, gone)
    left = with_pieces({"subject": row.subject, "details": row.details}, {pieces[n][0]: mark for n in gone})
    values = {**left, "salt": None, "remainder": kept.text}
    unit.execute(update(AUDIT_ENTRIES).where(_ENTRY.entry_id == row.entry_id).values(values))
    return gone


def mentions(column_holds: Callable[[Any], Any]) -> Any:
    """Give the question for the numbers of entries whose texts may name somebody.

    Parameters
    ----------
    column_holds : callable
        Gives the condition that a column holds one of the words.
    """
    return select(_ENTRY.entry_id).where(or_(column_holds(_ENTRY.subject), column_holds(_ENTRY.details)))
