"""Shapley values of many games at once, in whole numbers: exact up to seven players, by sampled orders above."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import combinations
from math import factorial

import numpy as np
from numpy.typing import NDArray

from tiffin.engines.simulation.streams import Stream

Whole = NDArray[np.int64]
Players = frozenset[int]
Value = Callable[[Players], Whole]
"""Value of a coalition in every game, whole numbers of any one shape."""

MOST_EXACT = 7
"""Players up to which every subset is valued; 128 worlds."""
SAMPLED_ORDERS = 64
"""Orders of joining that are sampled above, each with its reverse."""


@dataclass(frozen=True, slots=True)
class Split:
    """What each player adds, as fractions with one denominator.

    Parameters
    ----------
    numerators : (n_players, ...), whole numbers; over the denominator they add up to the value of all less that of none
    is_exact : whether every subset was valued, or orders of joining were sampled
    worlds : number of coalitions valued
    """

    numerators: Whole
    denominator: int
    is_exact: bool
    worlds: int

    @property
    def fractions(self) -> NDArray[np.float64]:
        """What each player adds, shape (n_players, ...)."""
        return self.numerators / self.denominator

    @property
    def whole(self) -> Whole:
        """What each player adds, in whole numbers that add up to the same; see `rounded`."""
        return rounded(self.numerators, self.denominator)


def split(value: Value, players: int, stream: Stream) -> Split:
    """Split the value of all players, less that of none, over the players.

    Parameters
    ----------
    stream : Stream
        Orders of joining are drawn from it when there are too many players for every subset.

    References
    ----------
    Shapley (1953), A value for n-person games, eq. 13; Castro, Gómez, Tejada (2009) for the sampled orders.
    """
    known: dict[Players, Whole] = {}

    def valued(coalition: Players) -> Whole:
        if coalition not in known:
            known[coalition] = value(coalition)
        return known[coalition]

    if players <= MOST_EXACT:
        numerators, denominator = _exact(valued, players), factorial(players)
    else:
        numerators, denominator = _sampled(valued, players, stream), 2 * SAMPLED_ORDERS
    return Split(numerators, denominator, players <= MOST_EXACT, len(known))


def rounded(numerators: Whole, denominator: int) -> Whole:
    """Round fractions of one denominator to whole numbers with the same sum, by largest remainder.

    Parameters
    ----------
    numerators : (n_parts, ...)
        Their sum over the first axis is a multiple of the denominator.

    Notes
    -----
    What is whole already stays, so a part of nothing stays nothing; of equal remainders the earlier part comes first.
    """
    floor, remainder = np.divmod(numerators, denominator)
    left = remainder.sum(axis=0) // denominator
    rank = np.argsort(np.argsort(-remainder, axis=0, kind="stable"), axis=0, kind="stable")
    return np.asarray(floor + (rank < left), dtype=np.int64)


def _exact(value: Value, players: int) -> Whole:
    parts = [np.zeros_like(value(frozenset())) for _ in range(players)]
    for player in range(players):
        for coalition in _without(player, players):
            size = len(coalition)
            weight = factorial(size) * factorial(players - size - 1)
            parts[player] += weight * (value(coalition | {player}) - value(coalition))
    return np.array(parts, dtype=np.int64).reshape(players, *value(frozenset()).shape)


def _without(player: int, players: int) -> Iterator[Players]:
    others = [other for other in range(players) if other != player]
    for size in range(players):
        yield from (frozenset(chosen) for chosen in combinations(others, size))


def _sampled(value: Value, players: int, stream: Stream) -> Whole:
    parts = np.zeros((players, *value(frozenset()).shape), dtype=np.int64)
    for number in range(SAMPLED_ORDERS):
        joining = np.argsort(stream.child("order", number).uniform(np.arange(players, dtype=np.int64)))
        for order in (joining, joining[::-1]):
            there: Players = frozenset()
            for player in order.tolist():
                parts[player] += value(there | {player}) - value(there)
                there |= {player}
    return parts
