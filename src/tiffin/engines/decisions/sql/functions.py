"""Functions and members of FEEL as SQL."""

from collections.abc import Mapping, Sequence

from sqlglot import exp

from tiffin.engines.decisions.sql.cells import either
from tiffin.engines.decisions.sql.columns import BOOLEAN, ColumnType, NotPushed, Pushed, Shape, cast
from tiffin.engines.decisions.sql.literals import MICROS, integer
from tiffin.engines.decisions.sql.values import brought_to, common_type, is_number

_LENGTH = ColumnType(Shape.WHOLE, 9)
_TEXTS: Mapping[str, type[exp.Func]] = {
    "starts with": exp.StartsWith,
    "ends with": exp.EndsWith,
    "contains": exp.Contains,
}
_SECONDS_OF = {"days": (86_400, None), "hours": (3600, 24), "minutes": (60, 60), "seconds": (1, 60)}
_MONTHS_OF = {"years": (12, None), "months": (1, 12)}
_OF_DATE: Mapping[str, type[exp.Func]] = {"year": exp.Year, "month": exp.Month, "day": exp.Day}


def text_function(name: str, arguments: Sequence[Pushed]) -> Pushed | None:
    """Write a function of texts that engines know alike; None when it is none."""
    texts = [one.sql.copy() for one in arguments if one.type.shape is Shape.TEXT]
    if name == "string length" and len(texts) == len(arguments) == 1:
        return Pushed(cast(exp.Length(this=texts[0]), "bigint"), _LENGTH)
    if name in _TEXTS and len(texts) == len(arguments) == 2:  # noqa: PLR2004 - a text and what it holds
        return Pushed(_TEXTS[name](this=texts[0], expression=texts[1]), BOOLEAN)
    return None


def extreme(name: str, values: Sequence[Pushed]) -> Pushed:
    """Write the least or greatest of several numbers; null where any is.

    Raises
    ------
    NotPushed
        When a value is no whole number or decimal.
    """
    if not values or not all(is_number(one.type) for one in values):
        raise NotPushed(f"`{name}` is pushed for whole numbers and decimals alone.")
    kind = common_type((one.type for one in values), f"`{name}`") or values[0].type
    found = exp.func("LEAST" if name == "min" else "GREATEST", *(brought_to(one, kind) for one in values))
    missing = either([exp.Is(this=one.sql.copy(), expression=exp.null()) for one in values])
    return Pushed(exp.Case(default=found).when(missing, exp.null()), kind)


def member(value: Pushed, name: str) -> Pushed:
    """Write a part of a date or duration.

    Raises
    ------
    NotPushed
        When it is no part that engines know alike.
    """
    if value.type.shape is Shape.DATE and name in _OF_DATE:
        return Pushed(cast(_OF_DATE[name](this=value.sql.copy()), "bigint"), ColumnType(Shape.WHOLE, 4))
    if value.type.shape is Shape.SPAN and name in _SECONDS_OF:
        size, beyond = _SECONDS_OF[name]
        return _part(value, size * MICROS, beyond)
    if value.type.shape is Shape.MONTHS and name in _MONTHS_OF:
        return _part(value, *_MONTHS_OF[name])
    raise NotPushed(f"The {name} of a {value.type.shape} is left to the single decision.")


def _part(value: Pushed, size: int, beyond: int | None) -> Pushed:
    """Count whole parts of a duration, with its sign."""
    count: exp.Expr = exp.Paren(this=exp.IntDiv(this=exp.func("ABS", value.sql.copy()), expression=integer(size)))
    if beyond is not None:
        count = exp.Paren(this=exp.Mod(this=count, expression=integer(beyond)))
    negative = exp.LT(this=value.sql.copy(), expression=integer(0))
    case = exp.Case(default=count).when(negative, exp.Neg(this=count.copy()))
    return Pushed(cast(case, "bigint"), ColumnType(Shape.WHOLE, 18))
