"""Double entries: amounts on accounts that add up to nought in every unit."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

POINTS = "points"
"""The unit that is no currency."""

HOUSE = "platform:"
"""How the accounts of the platform itself begin; all others belong to somebody."""

SUSPENSE = f"{HOUSE}suspense"
"""Where lies what is stayed: it counts against nobody and is not given up."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A change of one account.

    Parameters
    ----------
    account : str
        Whose: ``platform:…``, or the code of a party.
    unit : str
        ``points``, or the ISO 4217 code of a currency.
    amount : int
        Points or minor units; above nought against the owner, below it in his favour.
    """

    account: str
    unit: str
    amount: int


def is_house(account: str) -> bool:
    """Tell whether an account is the platform's own."""
    return account.startswith(HOUSE)


def net_of(entries: Iterable[Entry]) -> dict[tuple[str, str], int]:
    """Add entries up by account and unit; what adds up to nought is left out."""
    sums: dict[tuple[str, str], int] = {}
    for one in entries:
        place = (one.account, one.unit)
        sums[place] = sums.get(place, 0) + one.amount
    return {place: amount for place, amount in sums.items() if amount}


def entries_of(net: Mapping[tuple[str, str], int]) -> tuple[Entry, ...]:
    """Write amounts by account and unit as entries, in a fixed order."""
    return tuple(Entry(account, unit, amount) for (account, unit), amount in sorted(net.items()) if amount)


def opposite_of(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    """Give what takes entries back.

    Examples
    --------
    >>> opposite_of([Entry("r", "points", 2), Entry("platform:points_issued", "points", -2)])[0].amount
    2
    """
    return entries_of({place: -amount for place, amount in net_of(entries).items()})


def imbalance_of(entries: Iterable[Entry]) -> Mapping[str, int]:
    """Give what entries do not add up to nought by, for each unit in which they do not.

    Examples
    --------
    >>> imbalance_of([Entry("a", "SAR", 100), Entry("b", "SAR", -99)])
    {'SAR': 1}
    """
    sums: dict[str, int] = {}
    for one in entries:
        sums[one.unit] = sums.get(one.unit, 0) + one.amount
    return {unit: amount for unit, amount in sums.items() if amount}
