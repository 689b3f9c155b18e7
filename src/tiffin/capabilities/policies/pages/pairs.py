"""Two versions of a table cell by cell."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

from tiffin.capabilities.policies.pages.tables import Cell, Column, RowTold, TableTold

Key = tuple[str, int]


@dataclass(frozen=True, slots=True)
class Pair:
    """A row as it was and as it is; None where a version has it not.

    Parameters
    ----------
    cells : tuple of (Cell or None, Cell or None)
        Of the columns of both versions, conditions first; None where a version has no such column.
    """

    was: RowTold | None
    now: RowTold | None
    cells: tuple[tuple[Cell | None, Cell | None], ...]

    @property
    def row(self) -> RowTold:
        """The row by which it is named."""
        if self.now is not None:
            return self.now
        if self.was is not None:
            return self.was
        raise ValueError("a pair without a row")

    @property
    def reason_differs(self) -> bool:
        """Tell whether the reason reads otherwise."""
        return self.was is not None and self.now is not None and self.was.reason != self.now.reason

    @property
    def differs(self) -> bool:
        """Tell whether anything of the row is another."""
        return self.was is None or self.now is None or self.reason_differs or any(was != now for was, now in self.cells)


@dataclass(frozen=True, slots=True)
class Side:
    """A column of either version, and where it stands in each; None where it does not."""

    column: Column
    was: int | None
    now: int | None


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two versions of a table: all columns of both, all rows of both in one order."""

    inputs: tuple[Side, ...]
    outputs: tuple[Side, ...]
    pairs: tuple[Pair, ...]

    @property
    def changed(self) -> tuple[Pair, ...]:
        """The rows of which anything is another."""
        return tuple(one for one in self.pairs if one.differs)


def compared(was: TableTold, now: TableTold) -> Comparison:
    """Put two versions of a table beside each other."""
    inputs, outputs = _sides(was.inputs, now.inputs), _sides(was.outputs, now.outputs)
    before, after = _keyed(was.rows), _keyed(now.rows)
    pairs = (_pair(inputs, outputs, before.get(key), after.get(key)) for key in _merged(list(before), list(after)))
    return Comparison(inputs, outputs, tuple(pairs))


def _sides(was: tuple[Column, ...], now: tuple[Column, ...]) -> tuple[Side, ...]:
    before = {one.name: number for number, one in enumerate(was)}
    after = {one.name: number for number, one in enumerate(now)}
    gone = (Side(one, before[one.name], None) for one in was if one.name not in after)
    return (*(Side(one, before.get(one.name), after[one.name]) for one in now), *gone)


def _keyed(rows: tuple[RowTold, ...]) -> dict[Key, RowTold]:
    seen: Counter[str] = Counter()
    found: dict[Key, RowTold] = {}
    for row in rows:
        found[row.row_id, seen[row.row_id]] = row
        seen[row.row_id] += 1
    return found


def _merged(before: list[Key], after: list[Key]) -> Iterator[Key]:
    """Give all rows of both in the order of the later one, those that are gone where they stood."""
    kept = set(after)
    for _, first, last, start, end in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        yield from (key for key in before[first:last] if key not in kept)
        yield from after[start:end]


def _pair(inputs: tuple[Side, ...], outputs: tuple[Side, ...], was: RowTold | None, now: RowTold | None) -> Pair:
    before, after = _cells(was), _cells(now)
    cells = [(_at(before[0], one.was), _at(after[0], one.now)) for one in inputs]
    cells += [(_at(before[1], one.was), _at(after[1], one.now)) for one in outputs]
    return Pair(was, now, tuple(cells))


def _cells(row: RowTold | None) -> tuple[tuple[Cell, ...], tuple[Cell, ...]]:
    return (row.when, row.then) if row is not None else ((), ())


def _at(cells: tuple[Cell, ...], number: int | None) -> Cell | None:
    return cells[number] if cells and number is not None else None
