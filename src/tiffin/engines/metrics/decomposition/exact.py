"""Splitting a change over its parts in exact fractions, so that nothing is left over.

Every rule is symmetric: the order of the parts, and which of both sides is called the earlier one, change nothing but
the sign. What several parts do together is shared among them evenly; there is no remainder for "interaction".
"""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations
from math import factorial, prod

from tiffin.kernel.errors import InvalidData, WrongUse

MOST_FACTORS = 8
"""A product of n factors needs 2^(n-1) terms a factor; beyond eight it is neither cheap nor readable."""


def slopes_of_product(base: Sequence[Fraction], actual: Sequence[Fraction]) -> tuple[Fraction, ...]:
    """Tell by how much a product changes for each unit that a factor changes, on the way from one side to the other.

    The contribution of a factor is its slope times its change; all contributions add up to the change of the product.
    Noughts and negative factors are allowed.

    Raises
    ------
    WrongUse
        There are more than eight factors.

    References
    ----------
    Das Gupta (1993), Standardization and Decomposition of Rates: A User's Manual, eqs. 2.1-2.54; equal to the Shapley
    values of Shorrocks (2013), J. Economic Inequality 11, eq. 6, and to Sun (1998), Energy Economics 20.

    Examples
    --------
    >>> slopes_of_product([Fraction(2), Fraction(10)], [Fraction(3), Fraction(20)])
    (Fraction(15, 1), Fraction(5, 2))
    """
    if len(base) > MOST_FACTORS:
        raise WrongUse(f"A product of at most {MOST_FACTORS} factors can be split; {len(base)} were found. Join some.")
    return tuple(_slope(index, base, actual) for index in range(len(base)))


def _slope(index: int, base: Sequence[Fraction], actual: Sequence[Fraction]) -> Fraction:
    others = [other for other in range(len(base)) if other != index]
    found = Fraction(0)
    for size in range(len(others) + 1):
        weight = Fraction(factorial(size) * factorial(len(others) - size), factorial(len(base)))
        for moved in combinations(others, size):
            found += weight * prod((actual[o] if o in moved else base[o] for o in others), start=Fraction(1))
    return found


@dataclass(frozen=True, slots=True)
class Weighted:
    """A group's rate and the weight that it has in the whole's rate."""

    rate: Fraction
    weight: Fraction


@dataclass(frozen=True, slots=True)
class RateAndMix:
    """What a group contributes to the change of the whole's rate.

    Parameters
    ----------
    rate : Fraction
        From the group's own rate having changed.
    mix : Fraction
        From the group's share of the weight having changed, against the whole's mean rate.
    """

    rate: Fraction
    mix: Fraction


def rate_and_mix(
    base: Mapping[Hashable, Weighted], actual: Mapping[Hashable, Weighted]
) -> Mapping[Hashable, RateAndMix]:
    """Split the change of a weighted mean of rates over its groups; all effects together add up to it.

    A group that one side lacks has no rate there: its rate on the other side stands for it, so that its coming or
    going is mix alone.

    Raises
    ------
    InvalidData
        The weights of a side add up to nothing: it has no rate to explain.

    References
    ----------
    Kitagawa (1955), Components of a difference between two rates, JASA 50, eq. 5; Das Gupta (1993), eqs. 5.2-5.4;
    by group as in Chevan & Sutherland (2009), Revisiting Das Gupta, Demography 46, with the whole's mean rate taken
    from the mix so that a group's growth counts only as far as its rate differs.
    """
    before, after = (sum((group.weight for group in side.values()), Fraction(0)) for side in (base, actual))
    if not before or not after:
        raise InvalidData(
            "A rate can be split over groups where the weights of both sides add up to something; "
            f"{float(before):g} and {float(after):g} were found. Choose days on which something happened."
        )
    middle = (_mean(base, before) + _mean(actual, after)) / 2
    return {
        name: _effects(base.get(name), actual.get(name), before, after, middle)
        for name in dict.fromkeys((*base, *actual))
    }


def _mean(side: Mapping[Hashable, Weighted], total: Fraction) -> Fraction:
    return sum((group.rate * group.weight for group in side.values()), Fraction(0)) / total


def _effects(
    base: Weighted | None, actual: Weighted | None, before: Fraction, after: Fraction, middle: Fraction
) -> RateAndMix:
    w0 = base.weight / before if base else Fraction(0)
    w1 = actual.weight / after if actual else Fraction(0)
    r0 = base.rate if base and base.weight else actual.rate if actual and actual.weight else Fraction(0)
    r1 = actual.rate if actual and actual.weight else r0
    return RateAndMix(rate=(w0 + w1) / 2 * (r1 - r0), mix=((r0 + r1) / 2 - middle) * (w1 - w0))
