"""Plain cells as FEEL writes them, with parameters in numbers."""

from tiffin.engines.decisions.dmn.plain import PlainCell, Relation, Within
from tiffin.engines.decisions.feel.calendar import Date, DateTime, Time
from tiffin.engines.decisions.feel.durations import Days, Years
from tiffin.engines.decisions.feel.values import Value
from tiffin.engines.decisions.feel.writing import literal_of


def cell_text(cell: PlainCell) -> str:
    """Write a cell as FEEL; reading it again gives the same cell.

    Examples
    --------
    >>> from decimal import Decimal
    >>> cell_text(PlainCell((Relation("<", Decimal(3)), Relation("=", "a")), negated=True))
    'not(< 3, "a")'
    >>> cell_text(PlainCell(()))
    '-'
    """
    if not cell.tests:
        return "-"
    tests = ", ".join(_test(one) for one in cell.tests)
    return f"not({tests})" if cell.negated else tests


def _test(test: Relation | Within) -> str:
    if isinstance(test, Within):
        low, high = "[" if test.low_included else "(", "]" if test.high_included else ")"
        return f"{low}{_literal(test.low)}..{_literal(test.high)}{high}"
    return _literal(test.value) if test.operator == "=" else f"{test.operator} {_literal(test.value)}"


def _literal(value: Value) -> str:
    return f'@"{value}"' if isinstance(value, Date | Time | DateTime | Days | Years) else literal_of(value)
