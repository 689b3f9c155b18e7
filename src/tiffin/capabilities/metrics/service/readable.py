"""Published values as people read them: with their units and currencies, dates and countries in their language."""

from datetime import date, datetime
from typing import Any

from tiffin.capabilities.metrics.domain.published import Published
from tiffin.runtime.i18n import format_country, format_date, format_instant, translate
from tiffin.web.measures import show_measure

COUNTRY = "country"


def cells_of(entry: Published, index: int, locale: str) -> tuple[str, ...]:
    """Write one row of a published number."""
    units, currency = entry.units, currency_of(entry, index)
    return tuple(
        show_measure(value, units[name], locale, currency=currency) if name in units else key_text(name, value, locale)
        for name, value in zip(entry.columns, entry.rows[index], strict=True)
    )


def currency_of(entry: Published, index: int) -> str | None:
    """Give the currency of a row's money."""
    return entry.currencies[index] if index < len(entry.currencies) else None


def key_text(dimension: str, value: Any, locale: str) -> str:
    """Write a value of a dimension."""
    if value is None:
        return translate(locale, "not known")
    if isinstance(value, datetime):
        return format_instant(value, locale)
    if isinstance(value, date):
        return format_date(value, locale)
    return format_country(value, locale) if dimension == COUNTRY else str(value)
