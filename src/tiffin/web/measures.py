"""Values of metrics as people read them: each with its unit, in the reader's language."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from math import isfinite
from typing import Protocol

from tiffin.kernel.money import MINOR_DIGITS
from tiffin.runtime.i18n import (
    NOTHING,
    format_decimal_unit,
    format_duration,
    format_money,
    format_number,
    format_percent,
)
from tiffin.web.charts.figure import Show

LONG_DISTANCE_M = 1000.0
SMALL = 100.0
"""Counts below this show a decimal when they have one: a mean of 4.5 orders is not 5."""


class Interval(Protocol):
    """An effect with the ends of its interval."""

    @property
    def effect(self) -> float | None:
        """The effect."""

    @property
    def low(self) -> float | None:
        """The lower end."""

    @property
    def high(self) -> float | None:
        """The upper end."""


@dataclass(frozen=True, slots=True)
class MetricWriter:
    """Writes the values of one metric.

    Parameters
    ----------
    currency : str or None
        None where there are several.
    """

    name: str
    label: str
    unit: str
    currency: str | None
    locale: str

    def value(self, value: float | None) -> str:
        """Write a value; what is no number is a dash."""
        return show_measure(_known(value), self.unit, self.locale, currency=self.currency)

    def change(self, value: float | None) -> str:
        """Write a change, with its sign."""
        return show_change(_known(value), self.unit, self.locale, currency=self.currency)

    def span(self, found: Interval) -> str:
        """Write an effect with its interval."""
        return f"{self.change(found.effect)} ({self.change(found.low)} … {self.change(found.high)})"


def typed_scale(unit: str, currency: str | None) -> float:
    """Give how much of a metric's own unit is one of what people type: percent of shares, whole money of minor."""
    if unit == "share":
        return 0.01
    return float(10 ** MINOR_DIGITS.get(currency or "", 2)) if unit == "money" else 1.0


def _known(value: float | None) -> float | None:
    return value if value is not None and isfinite(value) else None


def show_measure(value: float | None, unit: str, locale: str, *, currency: str | None = None) -> str:
    """Write a metric's value with its unit; an unknown unit is written as a plain number."""
    if value is None:
        return NOTHING
    if unit == "money":
        return format_money(value, currency, locale) if currency else format_number(value, locale)
    return _BY_UNIT.get(unit, _count)(float(value), locale)


def show_change(value: float | None, unit: str, locale: str, *, currency: str | None = None) -> str:
    """Write a change or a contribution: with its sign, and finer than the value itself, which it is a part of."""
    if value is None:
        return NOTHING
    finer = _FINER.get(unit)
    told = finer(float(value), locale) if finer else show_measure(value, unit, locale, currency=currency)
    return f"+{told}" if value > 0 else told


def shower(unit: str, locale: str, *, currency: str | None = None) -> Show:
    """Give the writer of one unit's values, for charts."""
    return partial(_shown, unit=unit, locale=locale, currency=currency)


def _shown(value: float | None, *, unit: str, locale: str, currency: str | None) -> str:
    return show_measure(value, unit, locale, currency=currency)


def _count(value: float, locale: str) -> str:
    return format_number(value, locale, decimals=0 if value.is_integer() or abs(value) >= SMALL else 1)


def _distance(value: float, locale: str) -> str:
    if abs(value) < LONG_DISTANCE_M:
        return format_decimal_unit(value, "length-meter", locale)
    return format_decimal_unit(value / LONG_DISTANCE_M, "length-kilometer", locale, decimals=1)


def _hours(value: float, locale: str) -> str:
    return format_decimal_unit(value, "duration-hour", locale, decimals=1 if abs(value) < SMALL else 0)


_BY_UNIT: dict[str, Callable[[float, str], str]] = {
    "share": format_percent,
    "minutes": lambda value, locale: format_duration(value, locale, decimals=1),
    "hours": _hours,
    "meters": _distance,
    "stars": lambda value, locale: format_number(value, locale, decimals=2),
    "ratio": lambda value, locale: format_number(value, locale, decimals=2),
}

_FINER: dict[str, Callable[[float, str], str]] = {
    "share": lambda value, locale: format_percent(value, locale, decimals=2),
    "minutes": lambda value, locale: format_duration(value, locale, decimals=2),
    "hours": lambda value, locale: format_decimal_unit(value, "duration-hour", locale, decimals=2),
}
