"""Units of columns and parameters in words, and money in the currency of its market."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import partial

from tiffin.capabilities.policies.domain.policy import Output, Statement
from tiffin.capabilities.policies.pages.cells import Teller
from tiffin.engines.decisions.feel.values import Value
from tiffin.kernel.errors import TiffinError
from tiffin.runtime.i18n import format_money, isolate, mark, translate
from tiffin.runtime.markets import find_market

MINOR_UNITS = "currency minor units"
"""The unit of amounts, which are minor units of the currency of their market."""

UNITS: Mapping[str, str] = {
    MINOR_UNITS: mark("minor units of the currency"),
    "min": mark("min"),
    "share": mark("share"),
    "percent": mark("percent"),
    "points": mark("points"),
    "days": mark("days"),
    "hours": mark("hours"),
    "orders": mark("orders"),
    "m": mark("m"),
    "incidents": mark("incidents"),
    "refunds": mark("refunds"),
}


def told_unit(unit: str, locale: str) -> str:
    """Name a unit in the reader's language; one that is not known stays as it is."""
    return translate(locale, UNITS[unit]) if unit in UNITS else unit


def currency_of(market: str) -> str:
    """Give the currency of a market; empty for none or one that is not known."""
    try:
        return find_market(market).currency if market else ""
    except TiffinError:
        return ""


def money_teller(output: Output, stated: Statement, market: str, locale: str) -> Callable[[Value], str]:
    """Give what tells an output's values: an amount in its market's currency where there is one market."""
    currency = currency_of(market)
    if currency and stated.money.get("output") == output.name:
        return partial(money_told, currency=currency, locale=locale)
    return Teller(locale).value


def money_told(value: Value, *, currency: str, locale: str) -> str:
    """Write an amount of minor units with its currency; anything else as it is told elsewhere."""
    is_amount = isinstance(value, Decimal | int) and not isinstance(value, bool)
    return isolate(format_money(float(value), currency, locale)) if is_amount else Teller(locale).value(value)
