"""Texts removed from published numbers on request: titles, notes, names in definitions. No hash changes."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import select

from tiffin.capabilities.metrics.domain.codec import canonical
from tiffin.capabilities.metrics.domain.published import read_body, whole_of
from tiffin.capabilities.metrics.models import PublishedNumber
from tiffin.capabilities.metrics.service.ledger_checking import is_openable
from tiffin.kernel.errors import Conflict
from tiffin.kernel.messages import Message
from tiffin.runtime.context import Context
from tiffin.runtime.pieces import pieces_of, read_remainder, reduced, with_pieces


def remove_from_ledger(context: Context, names: Callable[[Any], bool], mark: str) -> list[list[Any]]:
    """Put a mark in the place of each text that names somebody.

    Returns
    -------
    list
        For each entry its reference and the numbers of the texts that are gone, for the audit trail.

    Raises
    ------
    Conflict
        An entry is not as it was written, so that nothing may be changed on it.
    """
    done: list[list[Any]] = []
    for row in context.session.scalars(select(PublishedNumber).order_by(PublishedNumber.position)):
        pieces = list(pieces_of(read_body(row.body)))
        gone = [number for number, (_, value) in enumerate(pieces) if names(value)]
        if not gone:
            continue
        if not is_openable(row):
            raise Conflict(
                Message(
                    "{reference} is not as it was written, so that nothing may be removed from it. Verify the ledger "
                    "and restore it from a backup first.",
                    reference=row.reference,
                )
            )
        former = read_remainder(row.remainder) if row.remainder else None
        kept = reduced(row.salt, former, whole_of(row.salt or "", row.body), pieces, gone)
        row.body = canonical(with_pieces(read_body(row.body), {pieces[number][0]: mark for number in gone}))
        row.title, row.salt, row.remainder = read_body(row.body)["title"], None, kept.text
        done.append([row.reference, *gone])
    context.session.flush()
    return done
