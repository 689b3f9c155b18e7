"""From exact fractions to decimals that people read and add up themselves."""

from collections.abc import Sequence
from decimal import ROUND_HALF_EVEN, Context, Decimal
from fractions import Fraction
from functools import reduce

_DIGITS = 15
"""Significant digits that survive being written as a double and read again."""

_DECIMALS = 12
_EXACT = Context(prec=400, rounding=ROUND_HALF_EVEN)
"""Wide enough for the largest double in the finest step."""


def quantum_for(values: Sequence[float | None], *, is_money: bool = False) -> Decimal:
    """Choose the smallest step in which a number and its parts are told.

    Whole amounts of money are split in whole minor units; everything else in decimals that a double can carry.

    Examples
    --------
    >>> quantum_for([1250, 900], is_money=True), quantum_for([0.92, 0.95]), quantum_for([45381.0, 44151.0])
    (Decimal('1'), Decimal('1E-12'), Decimal('1E-9'))
    """
    known = [abs(value) for value in values if value is not None]
    if is_money and all(float(value).is_integer() for value in known):
        return Decimal(1)
    whole = len(str(int(max(known, default=0))))
    return Decimal(1).scaleb(-min(_DECIMALS, max(0, _DIGITS - 1 - whole)))


def rounded(value: Fraction, quantum: Decimal) -> Decimal:
    """Round to the nearest step, halves to the even one."""
    exact = _EXACT.divide(Decimal(value.numerator), Decimal(value.denominator))
    return exact.quantize(quantum, context=_EXACT)


def apportioned(parts: Sequence[Fraction], total: Decimal, quantum: Decimal) -> tuple[Decimal, ...]:
    """Round parts so that they add up to a rounded total to the last step.

    What rounding leaves over goes to the largest part, where it weighs least.
    """
    found = [rounded(part, quantum) for part in parts]
    if found:
        largest = max(range(len(found)), key=lambda index: abs(parts[index]))
        rest = reduce(_EXACT.subtract, found, total)
        found[largest] = _EXACT.add(found[largest], rest)
    return tuple(found)
