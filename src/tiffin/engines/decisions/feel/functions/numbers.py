"""Built-in functions of numbers."""

from decimal import (
    ROUND_CEILING,
    ROUND_DOWN,
    ROUND_FLOOR,
    ROUND_HALF_DOWN,
    ROUND_HALF_EVEN,
    ROUND_HALF_UP,
    ROUND_UP,
    Decimal,
    InvalidOperation,
    Overflow,
)

from tiffin.engines.decisions.feel.calling import builtin
from tiffin.engines.decisions.feel.durations import Days, Years
from tiffin.engines.decisions.feel.faults import FeelFault
from tiffin.engines.decisions.feel.numbers import CONTEXT, MAX_SCALE, MIN_SCALE, whole
from tiffin.engines.decisions.feel.run import Run

_ZERO = Decimal(0)


def rounded(number: Decimal, scale: Decimal, rounding: str) -> Decimal:
    """Round to so many digits after the point."""
    digits = whole(scale)
    if digits is None or not MIN_SCALE <= digits <= MAX_SCALE:
        raise FeelFault(f"A scale from {MIN_SCALE} to {MAX_SCALE} was expected; found {scale}.")
    exponent = number.as_tuple().exponent
    if isinstance(exponent, int) and exponent >= -digits:
        return number
    try:
        return number.quantize(Decimal(1).scaleb(-digits, CONTEXT), rounding, CONTEXT)
    except InvalidOperation:
        raise FeelFault(f"{number} cannot be rounded to {digits} digits.") from None


_SERIES_STEPS = 20
"""Steps of a root, logarithm or exponential: the time of about as many nodes."""


@builtin("decimal", "n: number", "scale: number")
def _decimal(_run: Run, number: Decimal, scale: Decimal) -> Decimal:
    return rounded(number, scale, ROUND_HALF_EVEN)


@builtin("floor", "n: number", "scale: number=")
def _floor(_run: Run, number: Decimal, scale: Decimal | None = None) -> Decimal:
    return rounded(number, scale if scale is not None else _ZERO, ROUND_FLOOR)


@builtin("ceiling", "n: number", "scale: number=")
def _ceiling(_run: Run, number: Decimal, scale: Decimal | None = None) -> Decimal:
    return rounded(number, scale if scale is not None else _ZERO, ROUND_CEILING)


@builtin("round up", "n: number", "scale: number")
def _round_up(_run: Run, number: Decimal, scale: Decimal) -> Decimal:
    return rounded(number, scale, ROUND_UP)


@builtin("round down", "n: number", "scale: number")
def _round_down(_run: Run, number: Decimal, scale: Decimal) -> Decimal:
    return rounded(number, scale, ROUND_DOWN)


@builtin("round half up", "n: number", "scale: number")
def _round_half_up(_run: Run, number: Decimal, scale: Decimal) -> Decimal:
    return rounded(number, scale, ROUND_HALF_UP)


@builtin("round half down", "n: number", "scale: number")
def _round_half_down(_run: Run, number: Decimal, scale: Decimal) -> Decimal:
    return rounded(number, scale, ROUND_HALF_DOWN)


@builtin("abs", "n: number|days|years")
def _abs(_run: Run, number: Decimal | Days | Years) -> Decimal | Days | Years:
    if isinstance(number, Days):
        return Days(abs(number.nanos))
    return Years(abs(number.months)) if isinstance(number, Years) else abs(number)


@builtin("modulo", "dividend: number", "divisor: number")
def _modulo(_run: Run, dividend: Decimal, divisor: Decimal) -> Decimal:
    """Give the remainder with the divisor's sign."""
    if divisor == 0:
        raise FeelFault("There is no remainder of a division by zero.")
    try:
        found = CONTEXT.remainder(dividend, divisor)
    except InvalidOperation:
        raise FeelFault(f"{dividend} is too large for a remainder by {divisor}.") from None
    return CONTEXT.add(found, divisor) if found and (found < 0) != (divisor < 0) else found


@builtin("sqrt", "number: number")
def _sqrt(run: Run, number: Decimal) -> Decimal:
    run.spend(_SERIES_STEPS)
    if number < 0:
        raise FeelFault("There is no square root of a negative number.")
    return CONTEXT.sqrt(number)


@builtin("log", "number: number")
def _log(run: Run, number: Decimal) -> Decimal:
    run.spend(_SERIES_STEPS)
    if number <= 0:
        raise FeelFault("There is a logarithm of positive numbers only.")
    return CONTEXT.ln(number)


@builtin("exp", "number: number")
def _exp(run: Run, number: Decimal) -> Decimal:
    run.spend(_SERIES_STEPS)
    try:
        return CONTEXT.exp(number)
    except Overflow:
        raise FeelFault(f"There is no number e to the power of {number}.") from None


@builtin("odd", "number: number")
def _odd(_run: Run, number: Decimal) -> bool:
    return _parity(number) == 1


@builtin("even", "number: number")
def _even(_run: Run, number: Decimal) -> bool:
    return _parity(number) == 0


def _parity(number: Decimal) -> int | None:
    found = whole(number)
    if found is None:
        raise FeelFault(f"{number} is too large to be odd or even.")
    return found % 2 if found == number else None
