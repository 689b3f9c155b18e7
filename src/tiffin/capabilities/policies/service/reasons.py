"""The reason of a decision in the reader's language, with its numbers written as the language writes them."""

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from tiffin.capabilities.policies.domain.decision import Decision, Outcome
from tiffin.capabilities.policies.domain.policy import MARKET, Effective
from tiffin.capabilities.policies.service.value_names import value_name
from tiffin.engines.decisions.feel.calendar import Date, Time
from tiffin.engines.decisions.feel.durations import Days
from tiffin.engines.decisions.feel.values import Value
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

MAX_DECIMALS = 6
MINOR = "_minor"
"""How every name of an amount in minor units ends."""
MINUTE_NANOS = 60 * 10**9

_PLACEHOLDER = re.compile(r"\{([A-Za-z_]\w*)\}")
"""Only names: a text of a policy never reaches into the values' insides."""

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
        if currency:
            return format_money(float(value), currency, locale)
    return _written(value, locale)


def _reason(decision: Decision, number: int, locale: str) -> str:
    effective = decision.effective
    origin = effective.origins[number]
    words = effective.reasons.get(origin.row, {})
    text = words.get(language_of(locale)) or words.get("en") or origin.row
    parameters = {**effective.table.parameters, **origin.parameters}
    values = {**parameters, **decision.outputs, **decision.given}

    def filled(found: re.Match[str]) -> str:
        if found[1] not in values:
            return found[0]
        written = value_text(effective, found[1], values, locale)
        return isolate(written) if direction(locale) == "rtl" else written

    return _PLACEHOLDER.sub(filled, text)


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
        exponent = int(Decimal(value).normalize().as_tuple().exponent)
        return format_number(float(value), locale, decimals=min(MAX_DECIMALS, max(0, -exponent)))
    if isinstance(value, Date) and date.min.year <= value.year <= date.max.year:
        return format_date(date(value.year, value.month, value.day), locale)
    if isinstance(value, Days):
        return format_duration(value.nanos / MINUTE_NANOS, locale)
    return f"{value.hour:02}:{value.minute:02}" if isinstance(value, Time) else value_name(text_of(value), locale)
