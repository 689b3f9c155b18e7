"""Which of the rows that hold count, and what they come to: a row, a gap or a contradiction."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

GAP = 0
"""No row holds."""
OUTSIDE = -1
"""A value is not among those that its input may have."""
CONTRADICTION = -2
"""Rows hold that may not hold together."""


@dataclass(frozen=True, slots=True)
class Precedence:
    """How rows go before one another.

    Parameters
    ----------
    order : tuple of int
        All rows, from 0; those that go before others first.
    tiers : tuple of int
        The tier of each row.
    results : tuple of int or None
        For each row a number that is the same where its results are: rows of one tier that hold have to have the same.
        None where the first that holds counts.
    """

    order: tuple[int, ...]
    tiers: tuple[int, ...]
    results: tuple[int, ...] | None = None

    def is_settled(self, row: int, holding: Collection[int]) -> bool:
        """Tell whether a row does not matter any more where others, that go before it, hold."""
        if self.results is None:
            return bool(holding)
        if any(self.tiers[one] > self.tiers[row] for one in holding):
            return True
        found = {self.results[one] for one in holding}
        return len(found) > 1 or self.results[row] in found

    def code(self, live: Sequence[int], holding: Collection[int]) -> int | None:
        """Give the number of the row, from 1, or why there is none; None where that cannot be told yet.

        Parameters
        ----------
        live : Sequence
            The rows that may hold and matter, in their order.
        holding : Collection
            Those of them that do hold.
        """
        if not live:
            return GAP
        if self.results is not None and self._contradict(live, holding):
            return CONTRADICTION
        return live[0] + 1 if live[0] in holding and len(live) == 1 else None

    def _contradict(self, live: Sequence[int], holding: Collection[int]) -> bool:
        highest = self.tiers[live[0]]
        return len({self.results[one] for one in holding if self.tiers[one] == highest}) > 1 if self.results else False
