"""Folding very many events as they are written: balances, and whether each can follow on those before it."""

from collections import defaultdict
from collections.abc import Iterable

from tiffin.engines.ledger.chain import LINE_PARTS, LINE_SEPARATOR
from tiffin.engines.ledger.events import Kind

Line = tuple[str, str, int]
"""Account, unit and amount."""

_POSTED, _STAYED, _LIFTED = Kind.POSTED.value, Kind.STAYED.value, Kind.STAY_LIFTED.value
_REVERSED, _RESTORED = Kind.REVERSED.value, Kind.RESTORED.value
_LIVE, _SUSPENDED, _OVER = range(3)

_AFTER = {
    (_LIVE, _STAYED): _SUSPENDED,
    (_SUSPENDED, _LIFTED): _LIVE,
    (_LIVE, _RESTORED): _LIVE,
    (_LIVE, _REVERSED): _OVER,
    (_SUSPENDED, _REVERSED): _OVER,
}
"""Where a posting stands after an event, by where it stood."""


def read_line(text: str) -> Line | None:
    """Read an entry as it is chained; None where it is none.

    Examples
    --------
    >>> read_line("1|rider:x|points|2|")
    ('rider:x', 'points', 2)
    """
    parts = text.split(LINE_SEPARATOR)
    if len(parts) != LINE_PARTS:
        return None
    try:
        return parts[1], parts[2], int(parts[3])
    except ValueError:
        return None


class Tally:
    """The fold of a ledger that is read from its first event on.

    Attributes
    ----------
    balances : dict
        What stands on each account in each unit.
    """

    def __init__(self) -> None:
        self.balances: dict[tuple[str, str], int] = defaultdict(int)
        self._versions: dict[str, int] = defaultdict(int)
        self._postings: dict[str, tuple[int, list[Line]]] = {}

    def take(self, subject: str, sequence: int, kind: str, posting: str, lines: Iterable[Line]) -> bool:
        """Take in one more event; tells whether it can follow on those before it."""
        is_next = self._versions[subject] + 1 == sequence
        self._versions[subject] = sequence
        known = self._postings.get(posting)
        if known is None:
            state, held = _LIVE if kind == _POSTED else None, list[Line]()
        else:
            state, held = _AFTER.get((known[0], kind)), known[1]
        for line in lines:
            held.append(line)
            self.balances[line[0], line[1]] += line[2]
        if state is None:
            return False
        self._postings[posting] = (state, held)
        return is_next and (state != _OVER or not _net(held))

    @property
    def totals(self) -> dict[str, int]:
        """The sum over all accounts by unit: nought in each, or something was lost."""
        sums: dict[str, int] = defaultdict(int)
        for (_, unit), amount in self.balances.items():
            sums[unit] += amount
        return dict(sums)


def is_balanced(lines: Iterable[Line]) -> bool:
    """Tell whether entries add up to nought in every unit."""
    sums: dict[str, int] = {}
    for _, unit, amount in lines:
        sums[unit] = sums.get(unit, 0) + amount
    return not any(sums.values())


def _net(lines: Iterable[Line]) -> bool:
    """Tell whether anything is left on any account."""
    sums: dict[tuple[str, str], int] = {}
    for account, unit, amount in lines:
        sums[account, unit] = sums.get((account, unit), 0) + amount
    return any(sums.values())
