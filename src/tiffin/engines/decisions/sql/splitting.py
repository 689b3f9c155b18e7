"""A table's cells as a tree of tests: each asks of one input only what the rows that are left need to know.

The rows that hold are told at its leaves, so that a contradiction costs nothing to see.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from math import log2

from tiffin.engines.decisions.dmn.plain import PlainCell, Relation
from tiffin.engines.decisions.feel.types import Kind
from tiffin.engines.decisions.grids.axes import Atom, Axis, Between, Nothing, Other, Point
from tiffin.engines.decisions.grids.grid import Grid
from tiffin.engines.decisions.grids.measures import LINES
from tiffin.engines.decisions.sql.precedence import Precedence

NULL = 1
"""The bit of null on every axis."""
_MANY = 12
"""Texts of which more are rather halved by their order than asked for one by one."""
_RARE, _POINT = 0.02, 0.1
"""How often null, and one value of an ordered input, are guessed to come, beside a part of values."""


@dataclass(frozen=True, slots=True)
class Branch:
    """What holds where an input passes a test."""

    axis: int
    test: PlainCell
    then: "Tree"


@dataclass(frozen=True, slots=True)
class Tree:
    """Branches in their order, of which the first counts; ``code`` is what holds where none does."""

    branches: tuple[Branch, ...]
    code: int


class TooWide(Exception):
    """The tree would be much larger than the table."""


def tree_of(grid: Grid, precedence: Precedence) -> Tree:
    """Split a grid, whose values are all allowed ones, until every part of it has its row.

    Raises
    ------
    TooWide
        When the tree grows far beyond the table.
    """
    state = tuple(axis.inside | NULL for axis in grid.axes)
    return _Splitting(grid, precedence).tree(state, precedence.order)


@dataclass(frozen=True, slots=True)
class _Split:
    axis: int
    mask: int
    test: PlainCell
    opposite: "_Split | None" = None
    """The test of what is left beside null."""
    shared: int = 0
    """Parts of which some values pass the test and others do not."""


class _Splitting:
    def __init__(self, grid: Grid, precedence: Precedence) -> None:
        self.grid, self.precedence = grid, precedence
        self.budget = 20 * len(grid.cells) + 200
        self.weights = [[_weight(axis, atom) for atom in axis.atoms] for axis in grid.axes]

    def tree(self, state: tuple[int, ...], live: Sequence[int]) -> Tree:
        branches: list[Branch] = []
        split: _Split | None = None
        while True:
            live, covering = self._left(state, live)
            code = self.precedence.code(live, covering)
            if code is not None:
                break
            self.budget -= 1
            if self.budget < 0:
                raise TooWide
            split = split if split and self._leaves_null(split, state, live) else self._best(state, live)
            part = state[split.axis]
            inside = self.tree(_with(state, split.axis, part & (split.mask | split.shared)), live)
            branches.append(Branch(split.axis, split.test, inside))
            state = _with(state, split.axis, part & ~split.mask)
            split = split.opposite
        while branches and branches[-1].then == Tree((), code):
            branches.pop()
        return Tree(tuple(branches), code)

    def _left(self, state: tuple[int, ...], live: Sequence[int]) -> tuple[list[int], set[int]]:
        """Give the rows that may still hold and count, and those of them that hold everywhere here."""
        kept: list[int] = []
        covering: set[int] = set()
        for number in live:
            parts = [cell & part for cell, part in zip(self.grid.cells[number], state, strict=True)]
            if not all(parts) or self.precedence.is_settled(number, covering):
                continue
            kept.append(number)
            if all(part == whole for part, whole in zip(parts, state, strict=True)):
                covering.add(number)
        return kept, covering

    def _best(self, state: tuple[int, ...], live: Sequence[int]) -> _Split:
        """Give the test that tells most, for what it costs, about which row it will be."""
        chances = [self._chance(number, state) for number in live]
        best, found = float("-inf"), None
        for number, axis in enumerate(self.grid.axes):
            groups = self._groups(number, state[number], live, chances)
            worth = self._share_asking(number, state[number], live) ** 2
            for split in _splits(number, axis, state[number], list(groups)):
                gain = self._gain(number, state[number], split.mask, groups) * worth
                if gain > best:
                    best, found = gain, split
        if found is None:
            raise TooWide
        return found

    def _leaves_null(self, split: _Split, state: tuple[int, ...], live: Sequence[int]) -> bool:
        """Tell whether a test leaves null alone, of which every row knows already that it does not pass it."""
        part = state[split.axis]
        left = part & ~split.mask
        return bool(part & split.mask) and left == NULL and not any(self.grid.cells[n][split.axis] & NULL for n in live)

    def _share_asking(self, axis: int, part: int, live: Sequence[int]) -> float:
        """Tell which share of rows asks of an axis; the others would have to stand on both sides of a split."""
        return sum(self.grid.cells[number][axis] & part != part for number in live) / len(live)

    def _chance(self, row: int, state: tuple[int, ...]) -> float:
        """Guess how often a row holds here, as if inputs had nothing to do with each other."""
        chance = 1.0
        for number, (cell, part) in enumerate(zip(self.grid.cells[row], state, strict=True)):
            if cell & part != part:
                chance *= self._mass(number, cell & part) / self._mass(number, part)
        return chance

    def _groups(self, axis: int, part: int, live: Sequence[int], chances: Sequence[float]) -> "_Groups":
        """Gather rows by what they ask of an axis."""
        groups: _Groups = {}
        for number, chance in zip(live, chances, strict=True):
            passed = self.grid.cells[number][axis] & part
            together, spread = groups.get(passed, (0.0, 0.0))
            groups[passed] = (together + chance, spread + chance * log2(chance))
        return groups

    def _gain(self, axis: int, part: int, mask: int, groups: "_Groups") -> float:
        """Tell how much a split tells about the row, in bits."""
        share = self._mass(axis, part & mask) / self._mass(axis, part)
        inside = self._entropy(axis, part, part & mask, groups)
        beyond = self._entropy(axis, part, part & ~mask, groups)
        return self._entropy(axis, part, part, groups) - share * inside - (1 - share) * beyond

    def _entropy(self, axis: int, part: int, rest: int, groups: "_Groups") -> float:
        entropy, gap = 0.0, 1.0
        whole = self._mass(axis, rest) / self._mass(axis, part)
        for passed, (together, spread) in groups.items():
            if passed & rest:
                factor = self._mass(axis, passed & rest) / self._mass(axis, passed) / whole
                entropy -= factor * (spread + log2(factor) * together)
                gap -= factor * together
        return entropy - (gap * log2(gap) if gap > _NONE else 0.0)

    def _mass(self, axis: int, mask: int) -> float:
        return sum(weight for number, weight in enumerate(self.weights[axis]) if mask >> number & 1)


_Groups = dict[int, tuple[float, float]]
"""By the parts of an axis that pass a row: the chances of those rows together, and the sum of chance times its log."""

_NONE = 1e-9


def _weight(axis: Axis, atom: Atom) -> float:
    if isinstance(atom, Nothing):
        return _RARE
    return _POINT if axis.domain.kind in LINES and isinstance(atom, Point) else 1.0


def _splits(number: int, axis: Axis, part: int, cells: Sequence[int]) -> Iterator[_Split]:
    """Give the tests that tell the parts of an axis apart that some row tells apart."""
    if all(cell & part == part or not cell & part for cell in cells):
        return
    if axis.domain.kind in LINES:
        yield from _of_line(number, axis, part, cells)
    else:
        yield from _of_names(number, axis, part, cells)
    if part & NULL and part != NULL:
        yield _Split(number, NULL, PlainCell((Relation("=", None),)))


def _of_line(number: int, axis: Axis, part: int, cells: Sequence[int]) -> Iterator[_Split]:
    everything = axis.everything & ~NULL
    for place in range(2, len(axis.atoms)):
        if not any((cell >> place & 1) != (cell >> place - 1 & 1) for cell in cells):
            continue
        above = everything >> place << place
        below = everything & ~above
        if part & above and part & below:
            upper = _Split(number, above, PlainCell((_from(axis.atoms[place]),)))
            lower = _Split(number, below, PlainCell((_until(axis.atoms[place - 1]),)))
            yield replace(upper, opposite=lower)
            yield replace(lower, opposite=upper)


def _of_names(number: int, axis: Axis, part: int, cells: Sequence[int]) -> Iterator[_Split]:
    named = {place: atom for place, atom in enumerate(axis.atoms) if isinstance(atom, Point) and part >> place & 1}
    for place, atom in named.items():
        if part != 1 << place:
            opposite = _boolean(number, value=not atom.value) if axis.domain.kind is Kind.BOOLEAN else None
            yield _Split(number, 1 << place, PlainCell((Relation("=", atom.value),)), opposite)
    if axis.domain.kind is Kind.STRING and len(named) > _MANY:
        yield _halved(number, axis, part, list(named))
    for cell in set(cells):
        places = [place for place in named if cell >> place & 1]
        mask = sum(1 << place for place in places)
        if len(places) > 1 and mask != part and mask == cell & part:
            yield _Split(number, mask, PlainCell(tuple(Relation("=", named[place].value) for place in places)))


def _halved(number: int, axis: Axis, part: int, named: Sequence[int]) -> _Split:
    """Halve many texts by their order; what no cell names lies on both sides."""
    middle = named[len(named) // 2 - 1]
    mask = sum(1 << place for place in named if place <= middle)
    others = sum(1 << place for place, atom in enumerate(axis.atoms) if isinstance(atom, Other))
    return _Split(number, mask, PlainCell((Relation("<=", axis.atoms[middle].sample()),)), shared=part & others)


def _boolean(number: int, *, value: bool) -> _Split:
    return _Split(number, 2 if value else 4, PlainCell((Relation("=", value),)))


def _with(state: tuple[int, ...], axis: int, part: int) -> tuple[int, ...]:
    return (*state[:axis], part, *state[axis + 1 :])


def _from(atom: Atom) -> Relation:
    """Write the test of everything from a part on."""
    if isinstance(atom, Point):
        return Relation(">=", atom.value)
    assert isinstance(atom, Between)  # noqa: S101 - a line has no other parts
    return Relation(">", atom.low)


def _until(atom: Atom) -> Relation:
    """Write the test of everything up to a part."""
    if isinstance(atom, Point):
        return Relation("<=", atom.value)
    assert isinstance(atom, Between)  # noqa: S101 - a line has no other parts
    return Relation("<", atom.high)
