"""What a suite has to show of every condition: the values at both sides of each of its boundaries."""

from collections.abc import Iterator
from typing import NamedTuple

from tiffin.engines.decisions.explaining.nearness import edges
from tiffin.engines.decisions.feel.values import Value
from tiffin.engines.decisions.grids.axes import Axis, Between
from tiffin.engines.decisions.grids.measures import LINES

MAX_UNTESTED = 12
"""Parts of an input that are tried in a row which does not test it."""


class Target(NamedTuple):
    """A value that a row has to be shown with.

    Parameters
    ----------
    part : int
        The part of the axis that it lies in.
    inside : bool
        Whether the row's condition holds there.
    """

    part: int
    value: Value
    inside: bool


def targets(axis: Axis, mask: int) -> tuple[Target, ...]:
    """Give the values of an input with which a row has to be shown.

    Parameters
    ----------
    mask : int
        A bit for every part that passes the row's cell.
    """
    parts = [number for number in range(len(axis.atoms)) if axis.inside >> number & 1]
    if all(mask >> number & 1 for number in parts):
        step = -(-len(parts) // MAX_UNTESTED)
        return tuple(Target(number, axis.atoms[number].sample(), inside=True) for number in parts[::step])
    if axis.domain.kind not in LINES:
        return everywhere(axis, mask)
    return tuple(_at_boundaries(axis, mask))


def everywhere(axis: Axis, mask: int) -> tuple[Target, ...]:
    """Give a value of each part of an input that may occur."""
    parts = (number for number in range(len(axis.atoms)) if axis.inside >> number & 1)
    return tuple(Target(number, axis.atoms[number].sample(), bool(mask >> number & 1)) for number in parts)


def _at_boundaries(axis: Axis, mask: int) -> Iterator[Target]:
    """Give null, the values on both sides of every boundary of a line, and those that other cells name."""
    for number, atom in enumerate(axis.atoms):
        if not axis.inside >> number & 1:
            continue
        inside = bool(mask >> number & 1)
        before, after = (_differs(axis, mask, number, other) for other in (number - 1, number + 1))
        if isinstance(atom, Between):
            ends = zip(edges(axis, atom), (before, after), strict=True)
            yield from (Target(number, value, inside) for value, is_end in ends if is_end)
        elif before or after or not number or not inside:
            yield Target(number, atom.sample(), inside)


def _differs(axis: Axis, mask: int, number: int, other: int) -> bool:
    """Tell whether a part next to one may occur and passes where that one does not, or the other way round."""
    return other > 0 and axis.inside >> other & 1 == 1 and (mask >> other ^ mask >> number) & 1 == 1
