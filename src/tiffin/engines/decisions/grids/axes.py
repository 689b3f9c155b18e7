"""An input cut into parts that no cell tells apart, each a bit of a mask."""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from tiffin.engines.decisions.dmn.plain import NotPlain, PlainCell, Relation, Within
from tiffin.engines.decisions.feel.types import Kind
from tiffin.engines.decisions.feel.values import KIND_OF, Value, described
from tiffin.engines.decisions.grids.measures import LINES, Line, Number, measure, value_at
from tiffin.engines.decisions.policy import Domain


@dataclass(frozen=True, slots=True)
class Nothing:
    """Null."""

    def sample(self) -> Value:
        """Give a value of the part."""
        return None


@dataclass(frozen=True, slots=True)
class Point:
    """One value."""

    value: Value

    def sample(self) -> Value:
        """Give a value of the part."""
        return self.value


@dataclass(frozen=True, slots=True)
class Between:
    """All values strictly between two others; None stands for an open end, ``inner`` is one of them."""

    low: Value
    high: Value
    inner: Value

    def sample(self) -> Value:
        """Give a value of the part."""
        return self.inner


@dataclass(frozen=True, slots=True)
class Other:
    """Every value that is not named; ``example`` is one of them."""

    example: Value

    def sample(self) -> Value:
        """Give a value of the part."""
        return self.example


Atom = Nothing | Point | Between | Other


@dataclass(frozen=True, slots=True)
class Axis:
    """The parts of an input; the first is null.

    Parameters
    ----------
    domain : Domain
        What is known of the input.
    atoms : tuple of Atom
        Its parts; those of an ordered input rise from the second one on.
    inside : int
        A bit for each part that may occur.
    """

    domain: Domain
    atoms: tuple[Atom, ...]
    inside: int

    @property
    def everything(self) -> int:
        """A bit for every part."""
        return (1 << len(self.atoms)) - 1

    def parts(self, mask: int) -> tuple[Atom, ...]:
        """Give the parts of a mask."""
        return tuple(atom for number, atom in enumerate(self.atoms) if mask >> number & 1)


class Cut:
    """An axis together with what is needed to place tests on it.

    Parameters
    ----------
    domain : Domain
        What is known of the input; its kind may be told by the values alone.
    cells : Iterable
        All cells that will be placed.
    allowed : Sequence
        Cells that say which values may occur: those that pass any of them.

    Raises
    ------
    NotPlain
        Where cells compare with values of different kinds, or texts by their order.
    """

    def __init__(self, domain: Domain, cells: Iterable[PlainCell], allowed: Sequence[PlainCell]) -> None:
        values = _values((*cells, *allowed))
        self.domain = replace(domain, kind=_kind(domain, values))
        self._ends: list[Number] = []
        self._kept: list[int] = []
        self._points: dict[Value, int] = {}
        self._placed: dict[PlainCell, int] = {}
        line = LINES.get(self.domain.kind)
        atoms = self._named(values) if line is None else self._ordered(line, values)
        self.axis = Axis(self.domain, (Nothing(), *atoms), 0)
        inside = _NULL
        for cell in allowed:
            inside |= self.mask(cell)
        self.axis = replace(self.axis, inside=inside & ~_NULL if domain.required else inside)

    def mask(self, cell: PlainCell) -> int:
        """Give a bit for each part that passes a cell."""
        if cell not in self._placed:
            self._placed[cell] = self._mask(cell)
        return self._placed[cell]

    def _mask(self, cell: PlainCell) -> int:
        everything = self.axis.everything
        if not cell.tests:
            return everything
        passed = 0
        for test in cell.tests:
            passed |= self._within(test) if isinstance(test, Within) else self._related(test)
        if not cell.negated:
            return passed
        return everything & ~passed & ~(_NULL if cell.is_ordered else 0)

    def _related(self, test: Relation) -> int:
        if not test.is_ordered:
            equal = _NULL if test.value is None else self._equal(test.value)
            return equal if test.operator == "=" else self.axis.everything & ~equal
        end = bisect_left(self._ends, self._place(test.value))
        last = 2 * len(self._ends) + 1
        reach = {"<": (0, 2 * end + 1), "<=": (0, 2 * end + 2), ">": (2 * end + 2, last), ">=": (2 * end + 1, last)}
        return self._span(*reach[test.operator])

    def _within(self, test: Within) -> int:
        low = self._related(Relation(">=" if test.low_included else ">", test.low))
        return low & self._related(Relation("<=" if test.high_included else "<", test.high))

    def _equal(self, value: Value) -> int:
        if self.domain.kind in LINES:
            end = bisect_left(self._ends, self._place(value))
            return self._span(2 * end + 1, 2 * end + 2)
        return 1 << self._points[value]

    def _place(self, value: Value) -> Number:
        if self.domain.kind not in LINES:
            raise NotPlain(f"The order of a {described(value)} is left to the interpreter.")
        return measure(value)

    def _span(self, first: int, beyond: int) -> int:
        """Give the bits of those parts that are kept, of a run of all parts of a line."""
        low, high = self._kept[first], self._kept[beyond]
        return ((1 << high - low) - 1) << low + 1

    def _named(self, values: Sequence[Value]) -> list[Atom]:
        kind = self.domain.kind
        if kind is Kind.BOOLEAN:
            self._points = {True: 1, False: 2}
            return [Point(value=True), Point(value=False)]
        named = sorted(set(values), key=str)
        self._points = {value: number for number, value in enumerate(named, 1)}
        return [*(Point(one) for one in named), Other(_unnamed(set(named)))]

    def _ordered(self, line: Line, values: Sequence[Value]) -> list[Atom]:
        """Cut a line at each value: the run below the first, that value, the run above it, and so on."""
        kind, whole = self.domain.kind, line.whole or self.domain.whole
        line = replace(line, whole=whole)
        self._ends = sorted({measure(value) for value in values})
        ends = [None, *self._ends, None]
        atoms: list[Atom] = []
        self._kept = [0]
        for number, low in enumerate(ends[:-1]):
            if low is not None:
                if not whole or low == int(low):
                    atoms.append(Point(value_at(kind, low)))
                self._kept.append(len(atoms))
            high = ends[number + 1]
            inner = line.between(low, high)
            if inner is not None:
                below, above = (None if one is None else value_at(kind, one) for one in (low, high))
                atoms.append(Between(below, above, value_at(kind, inner)))
            self._kept.append(len(atoms))
        return atoms


_NULL = 1
"""The bit of null."""


def _values(cells: Iterable[PlainCell]) -> list[Value]:
    found: list[Value] = []
    for cell in cells:
        for test in cell.tests:
            found += (test.low, test.high) if isinstance(test, Within) else (test.value,)
    return [one for one in found if one is not None]


def _kind(domain: Domain, values: Iterable[Value]) -> Kind:
    kinds = {KIND_OF[type(one)] for one in values}
    if domain.kind is not Kind.ANY:
        kinds.add(domain.kind)
    if len(kinds) > 1:
        named = ", ".join(sorted(kinds))
        raise NotPlain(f"The input {domain.name} is compared with values of several types ({named}).")
    return kinds.pop() if kinds else Kind.ANY


def _unnamed(named: set[Value]) -> str:
    example = "other"
    while example in named:
        example += "*"
    return example
