"""The way from a number as it was published to the same number as it is now, cause by cause, adding up exactly.

One thing after the other is taken as it is now, in the order of `ORDER`, and the number is computed again each time: a
cause's amount is what the number moved by at its turn. So the amounts add up by themselves; they are exact fractions,
since a binary floating-point number is one. Another order could give a cause another amount where causes meet in the
same rows; the order is fixed so that every bridge is read alike.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import Any

Number = int | float | None


class Cause(StrEnum):
    """Why a published number is another one now."""

    DATA = "data"
    DEFINITION = "definition"
    HIERARCHY = "hierarchy"
    CURRENCY = "currency"
    UNEXPLAINED = "unexplained"


ORDER = (Cause.DATA, Cause.DEFINITION, Cause.HIERARCHY, Cause.CURRENCY)
"""Restated facts first, then the definition, then which city belongs where, then exchange rates."""


@dataclass(frozen=True, slots=True)
class Step:
    """One cause: the number once everything up to it is as now, and what it moved by."""

    cause: Cause
    value: Number
    amount: Fraction


@dataclass(frozen=True, slots=True)
class Bridge:
    """One number's way; ``published`` and the steps' amounts add up to ``now`` exactly.

    Parameters
    ----------
    group : tuple
        Values of the request's dimensions.
    published, now : int, float or None
        None where there was or is no value; it counts as nought.
    """

    group: tuple[Any, ...]
    metric: str
    published: Number
    now: Number
    steps: tuple[Step, ...]

    @property
    def change(self) -> Fraction:
        """How far the number has moved."""
        return exact(self.now) - exact(self.published)


Values = Mapping[tuple[tuple[Any, ...], str], Number]
"""Values by group and metric."""


def exact(value: Number) -> Fraction:
    """Give a value as a fraction; no value is nought."""
    return Fraction(0) if value is None else Fraction(value)


def bridges(published: Values, reproduced: Values, steps: Sequence[tuple[Cause, Values]]) -> tuple[Bridge, ...]:
    """Lay bridges for every group and metric that was published or is there now.

    Parameters
    ----------
    reproduced : mapping
        The published numbers computed again on what they stood on; where they differ, that is a cause of its own.
    steps : sequence
        All values after each cause, in order.
    """
    keys = dict.fromkeys(key for values in (published, *(values for _, values in steps)) for key in values)
    return tuple(_bridge(key, published, reproduced, steps) for key in keys)


def decimal_text(value: Fraction) -> str:
    """Write a fraction exactly: as a decimal number where it has an end, else as a quotient.

    Examples
    --------
    >>> decimal_text(Fraction(-5, 4)), decimal_text(Fraction(1, 3))
    ('-1.25', '1/3')
    """
    twos = fives = 0
    rest = value.denominator
    while rest % 2 == 0:
        rest, twos = rest // 2, twos + 1
    while rest % 5 == 0:
        rest, fives = rest // 5, fives + 1
    if rest != 1:
        return f"{value.numerator}/{value.denominator}"
    digits = max(twos, fives)
    if digits == 0:
        return str(value.numerator)
    whole = str(abs(value.numerator) * 10**digits // value.denominator).rjust(digits + 1, "0")
    return f"{'-' if value < 0 else ''}{whole[:-digits]}.{whole[-digits:]}"


def apportioned(parts: Sequence[Fraction], total: Fraction, unit: Fraction) -> tuple[Fraction, ...]:
    """Round parts to a unit so that they still add up to the rounded total; the largest remainders are rounded up.

    Examples
    --------
    >>> [str(part) for part in apportioned([Fraction(1, 3)] * 3, Fraction(1), Fraction(1, 10))]
    ['2/5', '3/10', '3/10']
    """
    floors = [part // unit for part in parts]
    left = round(total / unit) - sum(floors)
    order = sorted(range(len(parts)), key=lambda index: floors[index] - parts[index] / unit)
    for turn in range(left if parts else 0):
        floors[order[turn % len(parts)]] += 1
    return tuple(floor * unit for floor in floors)


def _bridge(
    key: tuple[tuple[Any, ...], str], published: Values, reproduced: Values, steps: Sequence[tuple[Cause, Values]]
) -> Bridge:
    value = reproduced.get(key)
    laid = []
    if value != published.get(key):
        laid.append(Step(Cause.UNEXPLAINED, value, exact(value) - exact(published.get(key))))
    for cause, values in steps:
        after = values.get(key)
        laid.append(Step(cause, after, exact(after) - exact(value)))
        value = after
    return Bridge(key[0], key[1], published.get(key), value, tuple(laid))
