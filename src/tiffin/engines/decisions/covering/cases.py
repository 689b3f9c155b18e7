"""Cases in which every condition of every row is seen to matter, alone and at its boundaries.

For each row: cases that it decides, with every value just inside its conditions; for each of its conditions, cases in
which all others hold and that one does not, just outside; and for each two rows that may hold together, a case that
shows which goes first. A case serves all that it shows, so that there are far fewer of them than combinations.

References
----------
Chilenski and Miller, Applicability of modified condition/decision coverage to software testing, 1994.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import islice
from typing import NamedTuple

from tiffin.engines.decisions.covering.searching import Search
from tiffin.engines.decisions.covering.targets import Target, everywhere, targets
from tiffin.engines.decisions.explaining.settling import ReadyPolicy, bits
from tiffin.engines.decisions.feel.values import Value
from tiffin.engines.decisions.feel.writing import literal_of

MAX_PAIRS = 20_000
"""Pairs of rows for which a case is looked for in which both hold."""


class Case(NamedTuple):
    """A case, and what it was made for: a row, and the input of which it shows a boundary, if any."""

    values: tuple[Value, ...]
    row: int
    input: int | None


def covering_cases(ready: ReadyPolicy) -> tuple[Case, ...]:
    """Give the cases of a policy's suite; none where some input may have no value at all.

    Raises
    ------
    NotPlain
        When a cell holds more than plain tests of plain values.
    """
    if not all(axis.inside for axis in ready.grid.axes):
        return ()
    cover = _Cover(ready)
    for row in range(len(cover.targets)):
        cover.show_inside(row)
    for row in range(len(cover.targets)):
        cover.show_outside(row)
    for first, second in islice(cover.meeting(), MAX_PAIRS):
        cover.show_order(first, second)
    return tuple(cover.cases.values())


class _Cover:
    """Collects cases, and what they show already."""

    def __init__(self, ready: ReadyPolicy) -> None:
        self.search = Search(ready)
        self.axes, self.cells = ready.grid.axes, ready.grid.cells
        self.cases: dict[str, Case] = {}
        self.shown: set[tuple[int, int, str]] = set()
        self.ordered: set[tuple[int, int]] = set()
        columns = [self._column(number) for number in range(len(self.axes))]
        self.targets = [[columns[number][mask] for number, mask in enumerate(row)] for row in self.cells]

    def show_inside(self, row: int) -> None:
        """Let a row decide, until every value just inside each of its conditions was there."""
        for number, choices in enumerate(self.targets[row]):
            for one in choices:
                if one.inside and not self._is_shown(row, number, one):
                    self._add(row, None, {number: one}, self._matters(row))
        if not any(self._is_shown(row, 0, one) for one in self.targets[row][0]):
            self._show_masked(row)

    def show_outside(self, row: int) -> None:
        """Let each condition of a row fail alone."""
        for number, choices in enumerate(self.targets[row]):
            for one in choices:
                if not one.inside and not self._is_shown(row, number, one):
                    self._add(row, number, {number: one}, self._matters(row))

    def _show_masked(self, row: int) -> None:
        """Let a row hold that never makes a difference, and be shown everywhere that an edit may let it make one."""
        self._add(row, None, {}, lambda holding: bool(holding >> row & 1))
        cells = zip(self.axes, self.cells[row], strict=True)
        self.targets[row] = [everywhere(axis, cell) for axis, cell in cells]

    def _column(self, number: int) -> dict[int, tuple[Target, ...]]:
        return {mask: targets(self.axes[number], mask) for mask in {row[number] for row in self.cells}}

    def meeting(self) -> Iterator[tuple[int, int]]:
        """Give the pairs of rows that may hold in one case."""
        for first in range(len(self.cells)):
            yield from ((first, second) for second in bits(self.search.meeting(first) & ~(1 << first)))

    def show_order(self, first: int, second: int) -> None:
        """Let two rows hold where the first decides, and the second would if it did not hold."""
        if (first, second) not in self.ordered:
            self._add(first, None, {}, lambda holding: self._goes_before(first, second, holding), second)

    def _is_shown(self, row: int, number: int, target: Target) -> bool:
        return (row, number, literal_of(target.value)) in self.shown

    def _matters(self, row: int) -> Callable[[int], bool]:
        return lambda holding: self.search.matters(row, holding)

    def _goes_before(self, first: int, second: int, holding: int) -> bool:
        both = 1 << first | 1 << second
        is_met = holding & both == both and self.search.matters(first, holding)
        return is_met and self.search.matters(second, holding & ~(1 << first))

    def _add(
        self,
        row: int,
        number: int | None,
        fixed: Mapping[int, Target],
        wanted: Callable[[int], bool],
        beside: int | None = None,
    ) -> None:
        """Add a case in which some inputs have values of their own and the row's other conditions hold."""
        pending = [self._pending(row, column) for column in range(len(self.axes))]
        masks = [cell & axis.inside for cell, axis in zip(self.cells[row], self.axes, strict=True)]
        if beside is not None:
            masks = [one & other for one, other in zip(masks, self.cells[beside], strict=True)]
        for column, one in fixed.items():
            masks[column] = 1 << one.part
        preferred = [sum({1 << one.part for one in choices}) for choices in pending]
        parts = self.search.find(masks, preferred, wanted)
        if parts is not None:
            values = tuple(
                fixed[column].value if column in fixed else self._value(column, part, pending[column])
                for column, part in enumerate(parts)
            )
            self.cases.setdefault(literal_of(list(values)), Case(values, row, number))
            self._note(parts, values)

    def _pending(self, row: int, column: int) -> list[Target]:
        return [one for one in self.targets[row][column] if one.inside and not self._is_shown(row, column, one)]

    def _value(self, column: int, part: int, pending: Sequence[Target]) -> Value:
        here = next((one.value for one in pending if one.part == part), None)
        return self.axes[column].atoms[part].sample() if here is None else here

    def _note(self, parts: Sequence[int], values: Sequence[Value]) -> None:
        """Remember all that a case shows: of rows that hold, and of rows that one condition alone fails."""
        told = [literal_of(one) for one in values]
        passing = [self.search.passing[column][part] for column, part in enumerate(parts)]
        holding, failing_once = _failing(passing, (1 << self.search.rows) - 1)
        for row in bits(holding):
            if self.search.matters(row, holding):
                self.shown.update((row, column, one) for column, one in enumerate(told))
                others = (one for one in bits(holding & ~(1 << row)) if self._goes_before(row, one, holding))
                self.ordered.update((row, one) for one in others)
        for column, rows in enumerate(failing_once):
            matter = (row for row in bits(rows) if self.search.matters(row, holding))
            self.shown.update((row, column, told[column]) for row in matter)


def _failing(passing: Sequence[int], everything: int) -> tuple[int, list[int]]:
    """Give the rows that pass every input, and for each input those that it alone fails."""
    holding, failing_once = everything, 0
    for one in passing:
        failing_once = failing_once & one | holding & ~one
        holding &= one
    return holding, [failing_once & ~one for one in passing]
