"""Balances are the fold of events, and nothing else."""

from collections import defaultdict
from collections.abc import Iterable

from tiffin.engines.ledger.events import Event


class Balances:
    """What stands on each account in each unit after the events that were taken in."""

    __slots__ = ("_sums",)

    def __init__(self) -> None:
        self._sums: dict[tuple[str, str], int] = defaultdict(int)

    def take(self, event: Event) -> None:
        """Take in one more event."""
        sums = self._sums
        for one in event.entries:
            sums[one.account, one.unit] += one.amount

    def of(self, account: str, unit: str) -> int:
        """Give what stands on an account in a unit."""
        return self._sums.get((account, unit), 0)

    @property
    def all(self) -> dict[tuple[str, str], int]:
        """What stands anywhere, without accounts on which nothing does."""
        return {place: amount for place, amount in self._sums.items() if amount}

    @property
    def totals(self) -> dict[str, int]:
        """The sum over all accounts by unit: nought in each, or something was lost."""
        sums: dict[str, int] = defaultdict(int)
        for (_, unit), amount in self._sums.items():
            sums[unit] += amount
        return dict(sums)


def balances_of(events: Iterable[Event]) -> Balances:
    """Fold events of any subjects, in any order."""
    found = Balances()
    for event in events:
        found.take(event)
    return found
