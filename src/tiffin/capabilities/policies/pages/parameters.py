"""Dated parameters in the reader's language."""

from dataclasses import dataclass
from datetime import date

from tiffin.capabilities.policies.domain.policy import Parameter
from tiffin.capabilities.policies.pages.cells import Teller
from tiffin.capabilities.policies.pages.units import MINOR_UNITS, currency_of, money_told
from tiffin.capabilities.policies.pages.where import Where, place_name
from tiffin.runtime.i18n import translate


@dataclass(frozen=True, slots=True)
class ParameterTold:
    """An entry of a parameter in the reader's language; ``holds`` on the day or in the draft that is looked at."""

    place: str
    since: date
    value: str
    source: str
    law: str
    holds: bool


def told_parameter(one: Parameter, where: Where, locale: str, *, holds: bool) -> ParameterTold:
    """Tell an entry of a parameter, amounts of one market in its currency."""
    place = one.city or one.market
    currency = currency_of(one.market or where.countries.get(one.city, "")) if one.unit == MINOR_UNITS else ""
    return ParameterTold(
        place_name(place, locale, where.names) if place else translate(locale, "All markets"),
        one.since,
        money_told(one.value, currency=currency, locale=locale) if currency else Teller(locale).value(one.value),
        one.source,
        one.law,
        holds,
    )
