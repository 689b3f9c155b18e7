"""Which cells of an answer are withheld because they, or what remains of a total without them, tell of too few.

A group of fewer rows than the least size is withheld. A group without rows is told: that nobody was there singles out
nobody. Then further groups are withheld until nothing can be told by subtraction, as if the answer showed, for each of
its dimensions, the totals over that dimension, and the total of everything (Willenborg and de Waal 2001, chapter 4).
A total of fewer rows than the least size is no more shown than a group of so few.

- of the groups under one total, none or at least two are withheld, and together they have the least size;
- no withheld group follows from all the totals taken together, and neither do the small groups under one total.

Where no choice of groups achieves that, nothing is told at all.
"""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from heapq import heapify, heappop, heappush
from typing import Any

import numpy as np

Key = tuple[Hashable, ...]

SEED = 20260101
"""The same answer withholds the same cells each time."""

_NOUGHT = 1e-6


def withheld(keys: Sequence[Key], sizes: Sequence[int | None], least: int) -> frozenset[int]:
    """Choose the groups of an answer that are withheld.

    Parameters
    ----------
    keys : sequence of tuple
        Values of the answer's dimensions, one tuple a group; no two are equal.
    sizes : sequence of int or None
        Rows in each group.
    least : int
        Groups of fewer rows are withheld.

    Returns
    -------
    frozenset of int
        Positions of the groups.
    """
    filled = {index: size for index, size in enumerate(sizes) if size}
    small = {index for index, size in filled.items() if size < least}
    if not small:
        return frozenset()
    return _Protection(keys, filled, least).around(small)


def series_of(keys: Sequence[Key], period: int) -> tuple[tuple[int, ...], ...]:
    """Put the groups of an answer into series: the periods of all that is alike but for the period, in their order."""
    series: dict[Key, list[int]] = defaultdict(list)
    for index, key in enumerate(keys):
        series[*key[:period], *key[period + 1 :]].append(index)
    return tuple(tuple(sorted(places, key=lambda index: _place(keys[index][period]))) for places in series.values())


def moves_by_few(own: Sequence[int | None], window: Sequence[int | None], least: int) -> bool:
    """Tell whether neighbouring windows of a series, or a window and its period, differ by few rows.

    Parameters
    ----------
    own, window : sequence of int or None
        Rows in each period of the series, and in the window that ends with it.
    """
    inside, over = [size or 0 for size in own], [size or 0 for size in window]
    leaving = (before + entering - after for before, after, entering in zip(over, over[1:], inside[1:], strict=False))
    rest = (whole - part for whole, part in zip(over, inside, strict=True))
    return any(0 < abs(size) < least for size in (*leaving, *rest))


def _place(value: Any) -> tuple[bool, Any]:
    return (value is None, value)


class _Protection:
    """Groups of an answer with the totals above them."""

    def __init__(self, keys: Sequence[Key], sizes: Mapping[int, int], least: int) -> None:
        self._sizes = sizes
        self._least = least
        lines = self._lines(keys)
        everything = tuple(sorted(sizes, key=self._by_size))
        self._lines_of: dict[int, list[tuple[int, ...]]] = defaultdict(list)
        totals = dict.fromkeys([*lines, *([everything] if len(everything) > 1 else [])])
        self._totals = [total for total in totals if self._size(total) >= least]
        for total in self._totals:
            for index in total:
                self._lines_of[index].append(total)

    def around(self, small: set[int]) -> frozenset[int]:
        """Widen the small groups by those that must be withheld with them."""
        found = set(small)
        while True:
            self._balance(found)
            # What is under one total only is balanced already.
            exposed = self._exposed(found, small) if len(self._totals) > 1 else set()
            if not exposed:
                return frozenset(found)
            more = {index for place in exposed for index in self._next_to(place, found)}
            if not more:
                return frozenset(self._sizes)
            found |= more

    def _lines(self, keys: Sequence[Key]) -> list[tuple[int, ...]]:
        lines: dict[tuple[int, Key], list[int]] = defaultdict(list)
        for index in self._sizes:
            key = keys[index]
            for number in range(len(key)):
                lines[number, (*key[:number], *key[number + 1 :])].append(index)
        # A total of one group is that group.
        return [tuple(sorted(line, key=self._by_size)) for line in lines.values() if len(line) > 1]

    def _balance(self, found: set[int]) -> None:
        """Withhold the next smallest groups under each total until what is withheld there is enough."""
        # The least total first: what is withheld for it counts for the greater ones too.
        pending = [(len(total), total) for total in {total for index in found for total in self._lines_of[index]}]
        heapify(pending)
        while pending:
            _, total = heappop(pending)
            inside = [index for index in total if index in found]
            size = self._size(inside)
            for index in total:
                if not inside or (len(inside) > 1 and size >= self._least):
                    break
                if index not in found:
                    found.add(index)
                    inside.append(index)
                    size += self._sizes[index]
                    for other in self._lines_of[index]:
                        heappush(pending, (len(other), other))

    def _exposed(self, found: set[int], small: set[int]) -> set[int]:
        """Give withheld groups that follow from the totals.

        A sum of unknowns is fixed by some equations exactly where it is nought on every solution of the equations with
        zeros on the right. One random solution decides it: others are met with probability nought.
        """
        # Only answers with several totals in which something is withheld need it.
        from scipy.sparse import csr_array  # noqa: PLC0415 - for the reason above
        from scipy.sparse.linalg import lsmr  # noqa: PLC0415 - for the reason above

        places = {index: number for number, index in enumerate(sorted(found))}
        totals = [[places[index] for index in total if index in found] for total in self._totals]
        totals = [total for total in totals if total]
        rows = np.repeat(np.arange(len(totals)), [len(total) for total in totals])
        columns = np.concatenate([np.array(total) for total in totals]) if totals else np.array([], dtype=int)
        equations = csr_array((np.ones(len(columns)), (rows, columns)), shape=(max(1, len(totals)), len(places)))
        start = np.random.default_rng(SEED).standard_normal(len(places))
        solution = start - lsmr(equations, equations @ start, atol=1e-12, btol=1e-12, maxiter=20 * len(places) + 100)[0]
        fixed = {index for index, number in places.items() if abs(solution[number]) < _NOUGHT}
        for total in self._totals:
            few = [index for index in total if index in small]
            if 0 < self._size(few) < self._least and abs(sum(solution[places[index]] for index in few)) < _NOUGHT:
                fixed.update(few)
        return fixed

    def _next_to(self, place: int, found: set[int]) -> Iterable[int]:
        for total in self._lines_of[place]:
            yield from [index for index in total if index not in found][:1]

    def _size(self, indices: Iterable[int]) -> int:
        return sum(self._sizes[index] for index in indices)

    def _by_size(self, index: int) -> tuple[int, int]:
        return self._sizes[index], index
