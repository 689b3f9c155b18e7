"""What is wrong with a policy's files, with the place: file and line, row, cell, and characters of the cell."""

from collections.abc import Iterable
from dataclasses import dataclass

from tiffin.engines.decisions.feel.faults import NOWHERE, Span
from tiffin.engines.metrics.vocabulary import near
from tiffin.kernel.errors import InvalidDefinition, Place
from tiffin.kernel.messages import Message

NO_PLACE = Place("")


@dataclass(frozen=True, slots=True)
class Spot:
    """A place in a policy's file.

    Parameters
    ----------
    row : str
        Id of the row; empty outside of rows.
    column : str
        The input or output whose cell it is; empty outside of cells.
    span : Span
        Characters of the cell's text.
    """

    place: Place = NO_PLACE
    row: str = ""
    column: str = ""
    span: Span = NOWHERE


class PolicyFault(InvalidDefinition):
    """A file of a policy cannot be what it should; the message is whole, ``spot`` tells programs where.

    Parameters
    ----------
    reason : str
        What was expected and what was found.
    """

    def __init__(self, reason: str, spot: Spot) -> None:
        self.reason, self.spot = reason, spot
        super().__init__(_located(reason, spot))


def unknown(name: str, known: Iterable[str]) -> str:
    """Say that nothing has a name, and which are near."""
    listed = tuple(known)
    return Message(
        "`{name}` means nothing here; known are {known}.{near}",
        name=name,
        known=", ".join(listed) or "-",
        near=near(name, listed),
    )


def _located(reason: str, spot: Spot) -> str:
    if spot.row and spot.column:
        return Message(
            "{place}: row {row}, cell {column}: {reason}",
            place=str(spot.place),
            row=spot.row,
            column=spot.column,
            reason=reason,
        )
    if spot.row:
        return Message("{place}: row {row}: {reason}", place=str(spot.place), row=spot.row, reason=reason)
    return Message("{where}: {reason}", where=str(spot.place), reason=reason)
