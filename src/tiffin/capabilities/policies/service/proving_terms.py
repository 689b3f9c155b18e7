"""How the columns and values of a policy are called in what a proof says."""

from collections.abc import Mapping, Sequence

from tiffin.capabilities.policies.domain.conditions import Terms
from tiffin.capabilities.policies.domain.policy import CITY, MARKET, Effective, Input, Output, Words
from tiffin.capabilities.policies.service.reasons import value_text
from tiffin.engines.decisions.feel.values import Value
from tiffin.engines.decisions.policy import Domain
from tiffin.kernel.messages import Message
from tiffin.runtime.i18n import format_country, language_of, translate

COUNTRY_LETTERS = 2
_MARKET, _CITY = Message("Market"), Message("City")


def terms_of(effective: Effective, locale: str, market: Value, domains: Sequence[Domain] | None = None) -> Terms:
    """Give the terms of a policy in a language.

    Parameters
    ----------
    market : Value
        The market of the case that is told, in whose currency its amounts are.
    domains : Sequence of Domain
        The inputs in the order of cases; the policy's own unless given.
    """

    def value(name: str, found: Value) -> str:
        if found is None:
            return translate(locale, "unknown")
        if name == MARKET and is_country(found):
            return format_country(str(found), locale)
        return value_text(effective, name, {MARKET: market, name: found}, locale)

    inputs = tuple(effective.table.domains if domains is None else domains)
    outputs = tuple(one.name for one in effective.table.table.outputs)
    return Terms(labels_of(effective, locale), inputs, outputs, value)


def labels_of(effective: Effective, locale: str) -> Mapping[str, str]:
    """Give the label of each column in a language."""
    places = {MARKET: translate(locale, _MARKET), CITY: translate(locale, _CITY)}
    columns: tuple[Input | Output, ...] = (*effective.stated.inputs, *effective.stated.outputs)
    return places | {one.name: _in(one.label, locale) or one.name for one in columns}


def tryable(case: Mapping[str, Value]) -> Mapping[str, Value]:
    """Leave out a market or city that stands for any that nobody names."""
    unnamed = {MARKET} if not is_country(case.get(MARKET)) else set()
    city = case.get(CITY)
    if city is None or str(city).rstrip("*") == "other":
        unnamed.add(CITY)
    return {name: value for name, value in case.items() if name not in unnamed}


def is_country(value: Value) -> bool:
    """Tell whether a value is a country by its code."""
    return isinstance(value, str) and len(value) == COUNTRY_LETTERS and value.isupper()


def _in(words: Words, locale: str) -> str:
    return words.get(language_of(locale)) or words.get("en", "")
