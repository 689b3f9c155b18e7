"""How a language writes numbers, learnt from how it writes a few, and the same in SQL."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from functools import reduce
from unicodedata import decimal

from sqlglot import exp

from tiffin.engines.decisions.sql.columns import NotPushed, Pushed, Shape, cast
from tiffin.engines.decisions.sql.literals import integer

Write = Callable[[Decimal], str]
_PROBE = Decimal(12_345_678)
_CHECKED = tuple(
    Decimal(one) for one in (0, 1, -1, 12, 999, 1000, -1000, 54_321, 999_999, -1_000_000, 9_007_199_254_740_991)
)
_GROUP = 3
_MOST_DECIMALS = 6
"""Decimals that people are shown; a column of more would be rounded."""
EXACT = 2**53
"""The single decision writes numbers as doubles, which tell whole numbers apart up to here."""


@dataclass(frozen=True, slots=True)
class NumberStyle:
    """How a language writes numbers.

    Parameters
    ----------
    positive, negative : tuple of str
        What stands before and after the digits, the sign included.
    group, point : str
        What stands between groups of three digits, and before decimals.
    zero : str
        The digit nought.
    shift : int
        Digits of the number that are written as decimals always, as with amounts in minor units; without, those
        decimals are written that the number has.
    """

    positive: tuple[str, str]
    negative: tuple[str, str]
    group: str
    point: str
    zero: str
    shift: int = 0

    def text(self, number: Decimal) -> str:
        """Write a whole number of at most `EXACT`, or of minor units."""
        digits = f"{abs(int(number)):0{self.shift + 1}d}"
        whole, rest = digits[: len(digits) - self.shift], digits[len(digits) - self.shift :]
        start = len(whole) % _GROUP
        groups = [whole[:start], *(whole[at : at + _GROUP] for at in range(start, len(whole), _GROUP))]
        written = self.group.join(one for one in groups if one) + (self.point + rest if self.shift else "")
        before, after = self.negative if number < 0 else self.positive
        return before + written.translate({ord("0") + n: chr(ord(self.zero) + n) for n in range(10)}) + after


def style_of(write: Write, *, shift: int = 0) -> NumberStyle:
    """Learn how numbers are written.

    Parameters
    ----------
    write : Callable
        Writes a number; given one of minor units where ``shift`` is the number of their digits.

    Raises
    ------
    NotPushed
        When numbers are written in another way than in groups of three.
    """
    probe = _PROBE * 10**shift
    before, inner, after = _cut(write(probe))
    signed = _cut(write(-probe))
    separators = [one for one in inner if not one.isdecimal()]
    point = inner[len(inner) - shift - 1] if shift else _point(write)
    zero = chr(ord(inner[0]) - decimal(inner[0]))
    style = NumberStyle(
        (before, after), (signed[0], signed[2]), separators[0] if separators else "", point, zero, shift
    )
    wrong = [one for one in _CHECKED if style.text(one) != write(one)]
    if wrong:
        raise NotPushed(f"The number {wrong[0]} is written as {write(wrong[0])}, which is left to the single decision.")
    return style


def written_number(value: Pushed, style: NumberStyle, nothing: exp.Expr) -> exp.Expr:
    """Write a number as a text, as the language does; null where it is beyond `EXACT`.

    Parameters
    ----------
    nothing : Expr
        What stands for null.

    Raises
    ------
    NotPushed
        When the number is no whole number or decimal of few digits.
    """
    scale = value.type.scale
    if value.type.shape not in (Shape.WHOLE, Shape.DECIMAL) or scale > _MOST_DECIMALS or (scale and style.shift):
        raise NotPushed(f"A {value.type.shape} of {scale} decimals is written by the single decision alone.")
    if scale and value.type.digits + scale > _EXACT_DIGITS:
        raise NotPushed(f"A decimal of more than {_EXACT_DIGITS} digits is written by the single decision alone.")
    size = exp.func("ABS", value.sql.copy())
    plain = cast(exp.func("FLOOR", size) if scale else size, "bigint")
    text = _grouped(_divided(plain, 10**style.shift), style)
    if style.shift:
        text = joined([text, exp.Literal.string(style.point), _padded(_rest(plain, 10**style.shift), style.shift)])
    elif scale:
        text = joined([text, _decimals(size, scale, style)])
    if style.zero != "0":
        digits = "".join(chr(ord(style.zero) + n) for n in range(10))
        text = exp.func("TRANSLATE", text, exp.Literal.string("0123456789"), exp.Literal.string(digits))
    return _around(value, text, style, nothing)


def joined(parts: list[exp.Expr]) -> exp.Expr:
    """Join texts."""
    present = [one for one in parts if one != exp.Literal.string("")]
    return reduce(lambda one, other: exp.DPipe(this=one, expression=other, safe=True), present or parts[:1])


_EXACT_DIGITS = 15


def _around(value: Pushed, text: exp.Expr, style: NumberStyle, nothing: exp.Expr) -> exp.Expr:
    """Put the sign about a number, after what most numbers are: small and positive, or not there."""
    here = value.sql
    case = exp.Case()
    if value.type.shape is Shape.WHOLE and not style.shift and style.zero == "0" and style.positive == ("", ""):
        small = exp.Between(this=here.copy(), low=integer(0), high=integer(_THOUSAND - 1))
        case = case.when(small, cast(here.copy(), "text"))
    case = case.when(exp.Is(this=here.copy(), expression=exp.null()), nothing)
    signs = zip(style.negative, style.positive, strict=True)
    negative = exp.LT(this=here.copy(), expression=integer(0))
    before, after = (
        exp.Case(default=exp.Literal.string(plus)).when(negative.copy(), exp.Literal.string(minus))
        if minus != plus
        else exp.Literal.string(plus)
        for minus, plus in signs
    )
    near = exp.Between(this=here.copy(), low=integer(-EXACT), high=integer(EXACT))
    return case.when(near, joined([before, text, after]))


def _grouped(whole: exp.Expr, style: NumberStyle) -> exp.Expr:
    """Put signs between groups of three digits: one is there that the number reaches, and full that it passes."""
    sign = exp.Literal.string(style.group)
    parts: list[exp.Expr] = []
    for group in range(_GROUPS, -1, -1):
        least = _THOUSAND**group
        own = _divided(whole, least)
        full = _padded(_rest(own, _THOUSAND), _GROUP)
        first: exp.Expr = cast(own, "text")
        if group:
            full, first = joined([full, sign.copy()]), joined([first, sign.copy()])
        case = exp.Case(default=exp.Literal.string("") if group else first)
        if group < _GROUPS:
            reached = exp.GTE(this=whole.copy(), expression=integer(least * _THOUSAND))
            case = case.when(reached, full)
        if group:
            case = case.when(exp.GTE(this=whole.copy(), expression=integer(least)), first)
        parts.append(case)
    return joined(parts)


_THOUSAND = 1000
_GROUPS = 5
"""Groups behind the first one in the greatest number that is written."""


def _padded(number: exp.Expr, digits: int) -> exp.Expr:
    return exp.func("LPAD", cast(number, "text"), integer(digits), exp.Literal.string("0"))


def _rest(number: exp.Expr, by: int) -> exp.Expr:
    return exp.Mod(this=exp.Paren(this=number.copy()), expression=integer(by))


def _decimals(size: exp.Expr, scale: int, style: NumberStyle) -> exp.Expr:
    """Write the decimals that a number has, the noughts at its end left out."""
    kind = exp.DataType.build(f"DECIMAL({_EXACT_DIGITS + scale}, {scale})")
    rest = exp.Sub(this=size.copy(), expression=exp.func("FLOOR", size.copy()))
    ones = cast(exp.Literal.string("1"), exp.DataType.build(f"DECIMAL({scale + 1}, {scale})"))
    text = cast(cast(exp.Add(this=exp.Paren(this=rest), expression=ones), kind), "text")
    digits = exp.Trim(
        this=exp.Substring(this=text, start=integer(3), length=integer(scale)),
        position="TRAILING",
        expression=exp.Literal.string("0"),
    )
    none = exp.EQ(this=digits, expression=exp.Literal.string(""))
    return exp.Case(default=joined([exp.Literal.string(style.point), digits.copy()])).when(none, exp.Literal.string(""))


def _divided(whole: exp.Expr, by: int) -> exp.Expr:
    if by == 1:
        return whole.copy()
    return exp.IntDiv(this=exp.Paren(this=whole.copy()), expression=integer(by))


def _cut(text: str) -> tuple[str, str, str]:
    places = [place for place, sign in enumerate(text) if sign.isdecimal()]
    return text[: places[0]], text[places[0] : places[-1] + 1], text[places[-1] + 1 :]


def _point(write: Write) -> str:
    _, inner, _ = _cut(write(Decimal("1.5")))
    return inner[1:2]
