"""The reason of a decision in the reader's language, with its numbers written as the language writes them."""

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from tiffin.capabilities.policies.domain.decision import Decision, Outcome
from tiffin.capabilities.policies.domain.policy import Effective
from tiffin.engines.decisions.feel.calendar import Date, Time
from tiffin.engines.decisions.feel.durations import Days
from tiffin.engines.decisions.feel.values import Value
from tiffin.engines.decisions.feel.writing import text_of
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
    translate,
)

MAX_DECIMALS = 6
MINUTE_NANOS = 60 * 10**9

_PLACEHOLDER = re.compile(r"\{([A-Za-z_]\w*)\}")
"""Only names: a text of a policy never reaches into the values' insides."""

_GAP = Message("No row of the policy holds for this case.")
_CONFLICT = "Rows that contradict each other hold for this case: {rows}."


def reasons(decision: Decision, locale: str) -> tuple[str, ...]:
    """Give the reason of each row that decides; of a gap or conflict, what it is."""
    if decision.outcome is Outcome.GAP:
        return (translate(locale, _GAP),)
    if decision.outcome is Outcome.CONFLICT:
        return (translate(locale, _CONFLICT, rows=", ".join(decision.rows)),)
    return tuple(_reason(decision, row, locale) for row in decision.rows)


def reason(decision: Decision, locale: str) -> str:
    """Give the reason of a decision; where several rows decide, all of theirs."""
    return " ".join(dict.fromkeys(reasons(decision, locale)))


def reasons_by_locale(decision: Decision) -> Mapping[str, str]:
    """Give the reason of a decision in every language of the platform."""
    return {locale: reason(decision, locale) for locale in LOCALES}


def value_text(effective: Effective, name: str, values: Mapping[str, Value], locale: str) -> str:
    """Write the value of an input, output or parameter; amounts with the currency that the case tells."""
    value = values.get(name)
    money = effective.stated.money
    currency = values.get(money.get("currency", ""))
    if name == money.get("output") and isinstance(currency, str) and isinstance(value, Decimal | int):
        return format_money(float(value), currency, locale)
    return _written(value, locale)


def _reason(decision: Decision, row: str, locale: str) -> str:
    effective = decision.effective
    words = effective.reasons.get(row, {})
    text = words.get(language_of(locale)) or words.get("en") or row
    values = {**effective.table.parameters, **decision.outputs, **decision.given}

    def filled(found: re.Match[str]) -> str:
        if found[1] not in values:
            return found[0]
        written = value_text(effective, found[1], values, locale)
        return isolate(written) if direction(locale) == "rtl" else written

    return _PLACEHOLDER.sub(filled, text)


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
    return f"{value.hour:02}:{value.minute:02}" if isinstance(value, Time) else text_of(value)
