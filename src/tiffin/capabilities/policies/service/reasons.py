"""The reason of a decision in the reader's language, with its numbers written as the language writes them."""

import re
from collections.abc import Mapping
from datetime import date
from decimal import Context, Decimal, localcontext
from functools import lru_cache

from tiffin.capabilities.policies.domain.decision import Decision, Outcome
from tiffin.capabilities.policies.domain.policy import MARKET, Effective
from tiffin.capabilities.policies.service.value_names import value_name
from tiffin.engines.decisions.dmn.tables import HitPolicy
from tiffin.engines.decisions.feel.calendar import Date, Time
from tiffin.engines.decisions.feel.durations import Days
from tiffin.engines.decisions.feel.run import Run
from tiffin.engines.decisions.feel.values import Scope, Value
from tiffin.engines.decisions.feel.writing import text_of
from tiffin.kernel.errors import TiffinError
from tiffin.kernel.messages import Message
from tiffin.runtime.i18n import (
    LOCALES,
    NOTHING,
    direction,
    format_date,
    format_duration,
    format_money,
    format_number,
    isolate,
    language_of,
    mark,
    translate,
)
from tiffin.runtime.markets import find_market

USUAL_DECIMALS = 6
"""Decimals of a number that has more."""
MAX_DIGITS = 40
"""Digits of a number that is written out; FEEL knows 34, and a longer one is told as FEEL writes it."""
MINOR = "_minor"
"""How every name of an amount in minor units ends."""
MINUTE_NANOS = 60 * 10**9

_PLACEHOLDER = re.compile(r"\{([A-Za-z_]\w*)\}")
"""Only names: a text of a policy never reaches into the values' insides."""

_LISTING = (HitPolicy.COLLECT, HitPolicy.RULE_ORDER, HitPolicy.OUTPUT_ORDER)
"""Hit policies by which the outputs of a decision are not those of each row that decides."""
_EXACT = Context(prec=2 * MAX_DIGITS)

_GAP = Message("No row of the policy holds for this case.")
_CONFLICT = mark("Rows that contradict each other hold for this case: {rows}.")


def reasons(decision: Decision, locale: str) -> tuple[str, ...]:
    """Give the reason of each row that decides; of a gap or conflict, what it is."""
    if decision.outcome is Outcome.GAP:
        return (translate(locale, _GAP),)
    if decision.outcome is Outcome.CONFLICT:
        return (translate(locale, _CONFLICT, rows=", ".join(decision.rows)),)
    return tuple(_reason(decision, number, locale) for number in decision.numbers)


def reason(decision: Decision, locale: str) -> str:
    """Give the reason of a decision; where several rows decide, all of theirs."""
    return " ".join(dict.fromkeys(reasons(decision, locale)))


def reason_in_words(decision: Decision, locale: str, texts: Mapping[str, str]) -> str:
    """Give the reason of a decision in a language that its policy does not state, as `reason` does.

    Parameters
    ----------
    texts : mapping of str to str
        Translations of the policy's English texts; one that is missing stays English.
    """
    if decision.outcome in (Outcome.GAP, Outcome.CONFLICT):
        return reason(decision, locale)
    return " ".join(dict.fromkeys(_reason(decision, number, locale, texts) for number in decision.numbers))


def reasons_by_locale(decision: Decision) -> Mapping[str, str]:
    """Give the reason of a decision in every language of the platform."""
    return {locale: reason(decision, locale) for locale in LOCALES}


def value_text(effective: Effective, name: str, values: Mapping[str, Value], locale: str) -> str:
    """Write the value of an input, output or parameter; an amount of minor units in the case's currency.

    Parameters
    ----------
    values : Mapping
        By name; the currency is the one that the policy's own column tells, else that of the ``market`` among them.
    """
    value = values.get(name)
    is_amount = name.endswith(MINOR) or name == effective.stated.money.get("output")
    if is_amount and isinstance(value, Decimal | int):
        told = values.get(effective.stated.money.get("currency", ""))
        currency = told if isinstance(told, str) else _currency_of(values.get(MARKET))
        if currency and _is_short(value):
            return format_money(round(value), currency, locale)
    return _written(value, locale)


def _reason(decision: Decision, number: int, locale: str, texts: Mapping[str, str] | None = None) -> str:
    effective = decision.effective
    origin = effective.origins[number]
    words = effective.reasons.get(origin.row, {})
    english = words.get("en") or origin.row
    text = words.get(language_of(locale)) or (texts or {}).get(english) or english
    parameters = {**effective.table.parameters, **origin.parameters}
    values = {**parameters, **_outputs(decision, number), **decision.given}

    def filled(found: re.Match[str]) -> str:
        if found[1] not in values:
            return found[0]
        written = value_text(effective, found[1], values, locale)
        return isolate(written) if direction(locale) == "rtl" else written

    return _PLACEHOLDER.sub(filled, text)


def _outputs(decision: Decision, number: int) -> Mapping[str, Value]:
    """Give what a row gives; where several are listed or added up, what it gives by itself."""
    table = decision.effective.table
    if table.table.hit_policy not in _LISTING:
        return decision.outputs
    run, scope = Run(), Scope(table.parameters)
    row = table.table.rows[number]
    return {column.name: run.evaluate(one, scope) for column, one in zip(table.table.outputs, row.results, strict=True)}


def _currency_of(market: object) -> str:
    try:
        return find_market(market).currency if isinstance(market, str) else ""
    except TiffinError:
        return ""


def _written(value: Value, locale: str) -> str:
    if value is None:
        return NOTHING
    if isinstance(value, bool):
        return translate(locale, "yes") if value else translate(locale, "no")
    if isinstance(value, Decimal | int):
        return _number(Decimal(value), locale)
    if isinstance(value, Date) and date.min.year <= value.year <= date.max.year:
        return format_date(date(value.year, value.month, value.day), locale)
    if isinstance(value, Days):
        return format_duration(value.nanos / MINUTE_NANOS, locale)
    return f"{value.hour:02}:{value.minute:02}" if isinstance(value, Time) else value_name(text_of(value), locale)


@lru_cache(maxsize=8192)  # each decided case says the same few numbers in every language
def _number(value: Decimal, locale: str) -> str:
    """Write a number in at most as many decimals as are usual, and in more where the last would be nought.

    So none is told as a rounder one: what is just below a bound of 15 is never told as 15.
    """
    if not _is_short(value):
        return text_of(value)
    with localcontext(_EXACT):
        for decimals in range(USUAL_DECIMALS, _decimals(value)):
            if _decimals(round(value, decimals)) == decimals:
                return format_number(value, locale, decimals=decimals)
        return format_number(value, locale, decimals=_decimals(value))


def _is_short(value: Decimal | int) -> bool:
    number = Decimal(value)
    return number.is_finite() and max(abs(number.adjusted()), _decimals(number)) < MAX_DIGITS


def _decimals(value: Decimal) -> int:
    """Count the decimals of a number without noughts at its end."""
    return max(0, -int(value.normalize(_EXACT).as_tuple().exponent))
