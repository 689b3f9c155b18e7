"""FEEL's numbers: decimals of 34 digits (IEEE 754-2008 decimal128), rounded half to even."""

from decimal import ROUND_HALF_EVEN, Context, Decimal, DivisionByZero, InvalidOperation, Overflow

from tiffin.engines.decisions.feel.faults import FeelFault

DIGITS = 34
MIN_SCALE, MAX_SCALE = -6111, 6176

CONTEXT = Context(
    prec=DIGITS,
    rounding=ROUND_HALF_EVEN,
    Emin=-6143,
    Emax=6144,
    capitals=1,
    clamp=0,
    flags=[],
    traps=[DivisionByZero, InvalidOperation, Overflow],
)
"""Every computation of FEEL's numbers runs in this context; what overflows is no number."""

_PLAIN_EXPONENT = 40


def read_number(text: str) -> Decimal | None:
    """Read a number, rounded to 34 digits; None where it is too large for any."""
    try:
        return CONTEXT.create_decimal(text)
    except (InvalidOperation, Overflow):
        return None


def compute(operator: str, left: Decimal, right: Decimal) -> Decimal:
    """Join two numbers.

    Raises
    ------
    FeelFault
        Where there is no such number: a division by zero, an overflow, a root of a negative number.
    """
    if operator == "**" and right == 0:
        return Decimal(1)
    try:
        return _OPERATIONS[operator](left, right)
    except (DivisionByZero, InvalidOperation, Overflow):
        raise FeelFault(f"There is no number {left} {operator} {right}.") from None


def whole(number: Decimal) -> int | None:
    """Give a number as an integer, its fraction cut off; None where it is too large to count anything."""
    return int(number) if number.adjusted() < DIGITS else None


def number_text(number: Decimal) -> str:
    """Write a number without needless zeros and, unless very large or small, without an exponent."""
    if number == 0:
        return "0"
    shorter = number.normalize(CONTEXT)
    return format(shorter, "f") if abs(shorter.adjusted()) < _PLAIN_EXPONENT else str(shorter)


_OPERATIONS = {
    "+": CONTEXT.add,
    "-": CONTEXT.subtract,
    "*": CONTEXT.multiply,
    "/": CONTEXT.divide,
    "**": CONTEXT.power,
}
