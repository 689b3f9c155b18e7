"""Cells of a decision table in words: ``[15..30)`` is read as "15 to under 30"."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from tiffin.capabilities.policies.service.value_names import value_name
from tiffin.engines.decisions.dmn.plain import PlainCell, Relation, Within
from tiffin.engines.decisions.feel.calendar import Date
from tiffin.engines.decisions.feel.values import Value
from tiffin.engines.decisions.feel.writing import text_of
from tiffin.runtime.i18n import NOTHING, format_date, format_number, isolate, mark, translate

RELATIONS = {
    "<": mark("under {value}"),
    "<=": mark("at most {value}"),
    ">": mark("over {value}"),
    ">=": mark("at least {value}"),
    "!=": mark("not {value}"),
}

RANGES = {
    (True, True): mark("{low} to {high}"),
    (True, False): mark("{low} to under {high}"),
    (False, True): mark("over {low}, up to {high}"),
    (False, False): mark("over {low}, under {high}"),
}
"""By whether the low end and the high end belong to the range."""


@dataclass(frozen=True, slots=True)
class Teller:
    """How the values of one column are told.

    Parameters
    ----------
    whole : bool
        Only whole numbers occur, so that an open end can be told by the number beside it.
    names : callable or None
        Gives a text value's name in the reader's language, such as a market's.
    """

    locale: str
    whole: bool = False
    names: Callable[[str], str] | None = None

    def value(self, value: Value) -> str:
        """Tell one value; null is what nobody knows."""
        if value is None:
            return translate(self.locale, "unknown")
        if isinstance(value, bool):
            return translate(self.locale, "yes") if value else translate(self.locale, "no")
        if isinstance(value, Decimal | int):
            return told_number(Decimal(value), self.locale)
        if isinstance(value, Date):
            return isolate(format_date(date(value.year, value.month, value.day), self.locale))
        if isinstance(value, str):
            return self.names(value) if self.names is not None else isolate(value_name(value, self.locale))
        return isolate(text_of(value))

    def cell(self, cell: PlainCell) -> str:
        """Tell a cell; empty for one that everything passes."""
        if not cell.tests:
            return ""
        either = translate(self.locale, " or ").join(self._one(test) for test in cell.tests)
        return translate(self.locale, "not {value}", value=either) if cell.negated else either

    def _one(self, test: Relation | Within) -> str:
        if isinstance(test, Within):
            return self._within(test)
        if test.operator == "=":
            return self.value(test.value)
        if test.operator == "!=" and test.value is None:
            return translate(self.locale, "known")
        return translate(self.locale, RELATIONS[test.operator], value=self.value(test.value))

    def _within(self, test: Within) -> str:
        low, high, ends = test.low, test.high, (test.low_included, test.high_included)
        if self.whole and isinstance(low, Decimal) and isinstance(high, Decimal) and low % 1 == 0 and high % 1 == 0:
            low, high, ends = low + (not ends[0]), high - (not ends[1]), (True, True)
            if low == high:
                return self.value(low)
        return translate(self.locale, RANGES[ends], low=self.value(low), high=self.value(high))


def told_number(value: Decimal, locale: str) -> str:
    """Write a number with as many decimals as it has; none is a dash."""
    if not value.is_finite():
        return NOTHING
    exponent = value.normalize().as_tuple().exponent
    return format_number(float(value), locale, decimals=max(0, -int(exponent)))
