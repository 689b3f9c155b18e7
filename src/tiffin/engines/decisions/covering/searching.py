"""Looking for a case in which a row makes a difference."""

from collections.abc import Callable, Sequence

from tiffin.engines.decisions.explaining.changes import passing_rows
from tiffin.engines.decisions.explaining.settling import ReadyPolicy, Settled, bits
from tiffin.engines.decisions.feel.writing import literal_of

Masks = Sequence[int]
"""For each input, a bit for every part that it may lie in."""

MAX_VISITED = 20_000
"""Partial cases that are looked at for one case."""


class Search:
    """Finds cases of one policy by masks of the rows that pass each part of each input."""

    def __init__(self, ready: ReadyPolicy) -> None:
        self.ready = ready
        self.grid = ready.grid
        self.rows = len(self.grid.cells)
        self.passing = [passing_rows(self.grid, number) for number in range(len(self.grid.axes))]
        self.samples = tuple(axis.parts(axis.inside)[0].sample() for axis in self.grid.axes)
        self._unions: dict[tuple[int, int], int] = {}
        self._outcomes: dict[int, tuple[tuple[int, ...], str]] = {}

    def find(self, masks: Masks, preferred: Masks, wanted: Callable[[int], bool]) -> tuple[int, ...] | None:
        """Give the parts of a case for which the rows that hold are as wanted; None where there is none.

        Parameters
        ----------
        masks : sequence of int
            The parts that each input may lie in.
        preferred : sequence of int
            Those that are tried first.
        wanted : callable
            Given a bit for every row that holds.
        """
        order = sorted(range(len(masks)), key=lambda number: masks[number].bit_count())
        chosen = [0] * len(masks)
        failed: set[tuple[int, int]] = set()

        def goes(depth: int, alive: int) -> bool:
            if depth == len(order):
                return wanted(alive)
            if (depth, alive) in failed or len(failed) > MAX_VISITED:
                return False
            number = order[depth]
            for part, left in self._options(number, masks[number], preferred[number], alive):
                chosen[number] = part
                if goes(depth + 1, left):
                    return True
            failed.add((depth, alive))
            return False

        return tuple(chosen) if goes(0, (1 << self.rows) - 1) else None

    def meeting(self, row: int) -> int:
        """Give a bit for every row that may hold in a case in which one does, itself among them."""
        found = (1 << self.rows) - 1
        for number, mask in enumerate(self.grid.cells[row]):
            found &= self._passing_any(number, mask & self.grid.axes[number].inside)
        return found

    def matters(self, row: int, holding: int) -> bool:
        """Tell whether it makes a difference that a row holds, beside others."""
        return self.outcome(holding | 1 << row) != self.outcome(holding & ~(1 << row))

    def outcome(self, holding: int) -> tuple[tuple[int, ...], str]:
        """Give the rows that decide where some hold, and what they decide."""
        found = self._outcomes.get(holding)
        if found is None:
            settled = self.ready.settle_rows(self.samples, self.ready.highest(bits(holding)))
            found = self._outcomes[holding] = settled.rows, _told(settled)
        return found

    def _passing_any(self, number: int, mask: int) -> int:
        """Give a bit for every row that passes some of the parts of an input."""
        found = self._unions.get((number, mask))
        if found is None:
            found = 0
            for part in bits(mask):
                found |= self.passing[number][part]
            self._unions[number, mask] = found
        return found

    def _options(self, number: int, mask: int, preferred: int, alive: int) -> list[tuple[int, int]]:
        """Give the parts that an input may lie in with the rows left; one of those that leave the same ones."""
        found: dict[int, tuple[bool, int]] = {}
        for part in bits(mask):
            left = alive & self.passing[number][part]
            option = (not preferred >> part & 1, part)
            found[left] = min(found.get(left, option), option)
        ranked = sorted((*option, left.bit_count(), left) for left, option in found.items())
        ranked.sort(key=lambda one: (one[0], one[2]))
        return [(one[1], one[3]) for one in ranked]


def _told(settled: Settled) -> str:
    return "conflict" if settled.conflict else literal_of(settled.value)
