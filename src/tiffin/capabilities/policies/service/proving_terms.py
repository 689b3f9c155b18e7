"""How the columns and values of a policy are called in what a proof says."""

from collections.abc import Iterable, Mapping, Sequence

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


def placed(case: Mapping[str, Value], versions: Sequence[Effective], markets: Iterable[str]) -> dict[str, Value]:
    """Put a case of no named place into a market that no version names, and into no city.

    Parameters
    ----------
    markets : iterable of str
        Countries that there are.
    """
    if is_country(case.get(MARKET)) and not _is_unnamed(case.get(CITY)):
        return dict(case)
    named = {place for one in versions for place in (*one.places, *(law.market for law in one.laws))}
    market = next((one for one in sorted(markets) if one not in named), None)
    return {
        **case,
        MARKET: case.get(MARKET) if is_country(case.get(MARKET)) else market,
        CITY: None if _is_unnamed(case.get(CITY)) else case.get(CITY),
    }


def tryable(case: Mapping[str, Value]) -> Mapping[str, Value]:
    """Leave out a market or city that a case does not have."""
    return {name: value for name, value in case.items() if value is not None or name not in (MARKET, CITY)}


def _is_unnamed(city: Value) -> bool:
    return isinstance(city, str) and city.rstrip("*") == "other"


def is_country(value: Value) -> bool:
    """Tell whether a value is a country by its code."""
    return isinstance(value, str) and len(value) == COUNTRY_LETTERS and value.isupper()


def _in(words: Words, locale: str) -> str:
    return words.get(language_of(locale)) or words.get("en", "")
