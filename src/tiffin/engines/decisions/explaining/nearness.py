"""Which part of an input a value lies in, and which value of another part lies nearest to it."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from math import ceil, floor

from tiffin.engines.decisions.feel.comparing import same
from tiffin.engines.decisions.feel.types import Kind
from tiffin.engines.decisions.feel.values import Value
from tiffin.engines.decisions.grids.axes import Atom, Axis, Between, Nothing, Other, Point
from tiffin.engines.decisions.grids.measures import LINES, Number, measure, value_at

SECOND_NANOS = 10**9
TO_NULL, TO_OTHER_NAME = 2.0, 1.0
"""Distances where there is no line: a fact that goes away, and another name; a line's own span counts one."""


@dataclass(frozen=True, slots=True)
class Step:
    """A change of one input.

    Parameters
    ----------
    input : int
        Its number, from 0.
    part : int
        The part of its axis that the new value lies in.
    value : Value
        The value of that part nearest to the one that the case has.
    distance : float
        How far that is, in spans between the least and the greatest value that cells name.
    rises : bool or None
        Whether the new value is greater; None where there is no line, or no value before or after.
    """

    input: int
    part: int
    value: Value
    distance: float
    rises: bool | None = None


def steps(axis: Axis, number: int, value: Value) -> tuple[int, tuple[Step, ...]]:
    """Give the part that a value lies in, and a step to each other part that may occur.

    Raises
    ------
    NotPlain
        For a time with an offset.
    """
    here = part_of(axis, value)
    others = (part for part in range(len(axis.atoms)) if part != here and axis.inside >> part & 1)
    span = _span(axis)
    found = []
    for part in others:
        nearest = _nearest(axis, axis.atoms[part], value)
        is_line = axis.domain.kind in LINES and value is not None and nearest is not None
        rises = measure(nearest) > measure(value) if is_line else None
        found.append(Step(number, part, nearest, _distance(axis, value, nearest, span), rises))
    return here, tuple(found)


def part_of(axis: Axis, value: Value) -> int:
    """Give the number of the part that a value lies in."""
    return next(number for number, atom in enumerate(axis.atoms) if _holds(axis, atom, value))


def edges(axis: Axis, atom: Between) -> tuple[Value, Value]:
    """Give the values just inside a part, at its low and its high end; where it is unbounded, one in it."""
    kind, quantum = axis.domain.kind, quantum_of(axis)
    low, high = (None if one is None else measure(one) for one in (atom.low, atom.high))
    if axis.domain.whole:
        low, high = (None if low is None else floor(low)), (None if high is None else ceil(high))
    first = atom.inner if low is None or not _fits(low + quantum, low, high) else value_at(kind, low + quantum)
    last = atom.inner if high is None or not _fits(high - quantum, low, high) else value_at(kind, high - quantum)
    return first, last


def quantum_of(axis: Axis) -> Number:
    """Give the step from one value of a line to the next that counts: a tenth of the finest that cells write."""
    kind = axis.domain.kind
    if kind is Kind.DAYS:
        return SECOND_NANOS
    if kind is not Kind.NUMBER or axis.domain.whole:
        return 1
    exponents = (int(Decimal(one).normalize().as_tuple().exponent) for one in _ends(axis))
    return Decimal(1).scaleb(min((0, *exponents)) - 1)


def _ends(axis: Axis) -> Iterator[Number]:
    for atom in axis.atoms:
        if isinstance(atom, Point):
            yield measure(atom.value)
        elif isinstance(atom, Between):
            yield from (measure(one) for one in (atom.low, atom.high) if one is not None)


def _holds(axis: Axis, atom: Atom, value: Value) -> bool:
    if value is None or isinstance(atom, Nothing):
        return value is None and isinstance(atom, Nothing)
    if isinstance(atom, Between):
        place = measure(value)
        above = atom.low is None or measure(atom.low) < place
        return above and (atom.high is None or place < measure(atom.high))
    if isinstance(atom, Other):
        return not any(isinstance(one, Point) and same(one.value, value) for one in axis.atoms)
    return same(atom.value, value)


def _nearest(axis: Axis, atom: Atom, value: Value) -> Value:
    if not isinstance(atom, Between) or value is None:
        return atom.sample()
    low, high = edges(axis, atom)
    return low if atom.low is not None and measure(value) <= measure(atom.low) else high


def _distance(axis: Axis, value: Value, other: Value, span: Number) -> float:
    if other is None:
        return TO_NULL
    if value is None or axis.domain.kind not in LINES:
        return TO_OTHER_NAME
    return float(abs(Decimal(measure(other)) - Decimal(measure(value))) / Decimal(span))


def _span(axis: Axis) -> Number:
    ends = list(_ends(axis)) if axis.domain.kind in LINES else []
    return (max(ends) - min(ends) if ends else 0) or 1


def _fits(place: Number, low: Number | None, high: Number | None) -> bool:
    return (low is None or low < place) and (high is None or place < high)
