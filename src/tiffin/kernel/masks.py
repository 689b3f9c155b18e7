"""Masks: what is told of a guarded value to whoever may know of it and may not know it."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Self

from tiffin.kernel.contract import Column, LogicalType
from tiffin.kernel.errors import InvalidData
from tiffin.kernel.messages import Message

DEGREES = "degrees"
"""Unit of columns that hold coordinates."""


class MaskKind(StrEnum):
    """How a value is masked; each value keeps its type.

    ``HASH`` is a keyed digest, the same wherever the value stands in one workspace: it may be counted and joined.
    ``LAST_FOUR`` leaves the last four characters of a text of eight or more. ``COARSE`` is the south-western corner of
    the cell of a grid in which a coordinate lies. ``MONTH`` is the first day of the month, or its first instant.
    """

    HASH = "hash"
    LAST_FOUR = "last_four"
    COARSE = "coarse"
    MONTH = "month"


class Shape(StrEnum):
    """What a value is, as far as masking must know; what is none of these cannot be masked and stays closed."""

    TEXT = "text"
    PLACE = "place"
    TIME = "time"


FITTING = {
    Shape.TEXT: (MaskKind.HASH, MaskKind.LAST_FOUR),
    Shape.PLACE: (MaskKind.COARSE,),
    Shape.TIME: (MaskKind.MONTH,),
}
"""Masks of each shape."""

_SHAPES = {LogicalType.STRING: Shape.TEXT, LogicalType.DATE: Shape.TIME, LogicalType.TIMESTAMP: Shape.TIME}


@dataclass(frozen=True, slots=True, order=True)
class Mask:
    """One mask.

    Parameters
    ----------
    cells : int
        Cells of the grid to a degree, for coordinates; nought for the others.

    Examples
    --------
    >>> Mask.parse("coarse:100").text
    'coarse:100'
    """

    kind: MaskKind
    cells: int = 0

    @property
    def text(self) -> str:
        """Write it as databases and receipts keep it."""
        return f"{self.kind.value}:{self.cells}" if self.cells else self.kind.value

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read what `text` writes.

        Raises
        ------
        InvalidData
            There is no such mask.
        """
        kind, _, cells = text.partition(":")
        if kind not in set(MaskKind) or (kind == MaskKind.COARSE) != (cells.isdecimal() and int(cells) > 0):
            raise InvalidData(
                Message(
                    "Expected a mask such as hash, last_four, month or coarse:100 (cells to a degree), found {text}.",
                    text=repr(text),
                )
            )
        return cls(MaskKind(kind), int(cells or 0))


def shape_of_column(column: Column) -> Shape | None:
    """Tell what the values of a column are; None for what cannot be masked, such as an amount."""
    if column.type is LogicalType.NUMBER:
        return Shape.PLACE if column.unit == DEGREES else None
    return _SHAPES.get(column.type)
