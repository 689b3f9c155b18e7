"""Who can answer for an incident, and shares that add up."""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from fractions import Fraction

WHOLE = 10_000
"""All of the responsibility, in basis points."""


class Party(StrEnum):
    """Who can answer for an incident; circumstances are nobody, and what falls to them the platform bears."""

    CUSTOMER = "customer"
    MERCHANT = "merchant"
    RIDER = "rider"
    PLATFORM = "platform"
    CIRCUMSTANCES = "circumstances"


def split_whole(whole: int, weights: Sequence[int | Fraction]) -> tuple[int, ...]:
    """Split a whole number by weights, to the last unit, by largest remainder.

    Parameters
    ----------
    whole : int
        Minor units, points or basis points; may be negative.
    weights : sequence of int or Fraction
        None below zero, and not all zero.

    Raises
    ------
    ValueError
        There is no weight to split by.

    Notes
    -----
    Of equal remainders the earlier one comes first, so that the same split is always the same.

    Examples
    --------
    >>> split_whole(100, (1, 1, 1))
    (34, 33, 33)
    >>> split_whole(-5, (1, 1))
    (-3, -2)
    """
    total = sum(weights)
    if total <= 0 or min(weights) < 0:
        message = f"weights above zero were expected; found {list(weights)}"
        raise ValueError(message)
    sign = -1 if whole < 0 else 1
    exact = [Fraction(abs(whole) * weight) / total for weight in weights]
    floors = [int(one) for one in exact]
    left = abs(whole) - sum(floors)
    order = sorted(range(len(exact)), key=lambda number: (floors[number] - exact[number], number))
    for number in order[:left]:
        floors[number] += 1
    return tuple(sign * one for one in floors)


def top_party(shares: Mapping[Party, int]) -> Party:
    """Give who bears most; of equals the first in the order of `Party`."""
    return max(Party, key=lambda party: shares.get(party, 0))
