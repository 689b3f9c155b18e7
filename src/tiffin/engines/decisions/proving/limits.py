"""Sets of an input's parts as few pieces that people can read, and cases from them."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

from tiffin.engines.decisions.feel.values import Value
from tiffin.engines.decisions.grids.axes import Atom, Axis, Between, Nothing, Other, Point
from tiffin.engines.decisions.grids.measures import LINES
from tiffin.engines.decisions.proving.spaces import Box, members


@dataclass(frozen=True, slots=True)
class Stretch:
    """All values from one to another; None stands for an open end."""

    low: Value
    low_included: bool
    high: Value
    high_included: bool


Piece = Nothing | Point | Stretch | Other


@dataclass(frozen=True, slots=True)
class Limit:
    """What an input is.

    Parameters
    ----------
    input : int
        The number of the input, from 0.
    pieces : tuple of Piece
        It is one of these.
    excluded : bool
        It is none of these instead.
    """

    input: int
    pieces: tuple[Piece, ...]
    excluded: bool = False


def limits_of(axes: Sequence[Axis], box: Box) -> tuple[Limit, ...]:
    """Say in which inputs a box is less than all cases that may occur, and what these inputs are in it."""
    return tuple(
        _limit(number, axis, parts)
        for number, (axis, parts) in enumerate(zip(axes, box, strict=True))
        if parts != axis.inside
    )


def case_in(axes: Sequence[Axis], box: Box) -> tuple[Value, ...]:
    """Give a case of a box: values that are named where there are any, null only where nothing else is."""
    return tuple(_plainest(axis, parts).sample() for axis, parts in zip(axes, box, strict=True))


def ordered_parts(axis: Axis) -> int:
    """Give the parts of an axis that have an order, as a mask."""
    return sum(1 << number for number, atom in enumerate(axis.atoms) if isinstance(atom, Point | Between))


_PLAINNESS = {Point: 0, Between: 1, Other: 2, Nothing: 3}


def _plainest(axis: Axis, parts: int) -> Atom:
    """Choose among the first parts: of neighbours on a line every second is a point, and named values come first."""
    first = islice(members(parts & ~1 or parts), 2)
    return min((axis.atoms[number] for number in first), key=lambda one: _PLAINNESS[type(one)])


def _limit(number: int, axis: Axis, parts: int) -> Limit:
    told, left = _pieces(axis, parts), _pieces(axis, axis.inside & ~parts)
    unnamed = [any(isinstance(one, Other) for one in pieces) for pieces in (told, left)]
    shorter = left == (Nothing(),) or len(left) < len(told)
    excluded = unnamed[0] or (shorter and not unnamed[1])
    return Limit(number, left if excluded else told, excluded)


def _pieces(axis: Axis, parts: int) -> tuple[Piece, ...]:
    if axis.domain.kind not in LINES:
        return tuple(one for one in axis.parts(parts) if not isinstance(one, Between))
    found: list[Piece] = [Nothing()] if parts & 1 else []
    ordered = parts & ~1
    ends = list(members(ordered ^ (ordered << 1)))
    runs = zip(ends[::2], ends[1::2], strict=True)
    return (*found, *(_joined(axis.atoms[start], axis.atoms[stop - 1]) for start, stop in runs))


def _joined(first: Atom, last: Atom) -> Piece:
    if isinstance(first, Point) and first is last:
        return first
    low, low_included = (first.value, True) if isinstance(first, Point) else (_low(first), False)
    high, high_included = (last.value, True) if isinstance(last, Point) else (_high(last), False)
    return Stretch(low, low_included, high, high_included)


def _low(atom: Atom) -> Value:
    return atom.low if isinstance(atom, Between) else None


def _high(atom: Atom) -> Value:
    return atom.high if isinstance(atom, Between) else None
