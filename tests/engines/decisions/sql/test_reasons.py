"""Reasons rendered by SQL write values as the pages do, in every language and on both engines."""

from decimal import Decimal
from typing import Any

import pytest

from tiffin.engines.decisions.sql.columns import INSTANT, WHOLE, NotPushed, decimal_type
from tiffin.engines.decisions.sql.deciding import push
from tiffin.engines.decisions.sql.number_styles import NumberStyle, style_of
from tiffin.engines.decisions.sql.reasons import Wording, select_reasons
from tiffin.runtime.i18n import LOCALES, NOTHING, format_money, format_number

NUMBERS = (0, 1, -1, 999, 1000, -1000, 12_345, 123_456, -1_234_567, 12_345_678_901, None)
DECIMALS = ("0", "0.5", "-0.05", "1.20", "1234.56", "-999.99", "1000000.00", "3.1", "12.00", "0.01", None)


def written(number: Any, locale: str) -> str:
    """Write a number with the decimals that it has, as reasons of single decisions do."""
    if number is None:
        return NOTHING
    exponent = int(Decimal(number).normalize().as_tuple().exponent)
    return format_number(float(number), locale, decimals=max(0, -exponent))


def plain_style(locale: str) -> NumberStyle:
    return style_of(lambda one: written(one, locale))


def money_style(locale: str, currency: str, shift: int) -> NumberStyle:
    return style_of(lambda one: format_money(float(one), currency, locale), shift=shift)


@pytest.mark.parametrize("locale", LOCALES)
def test_values_in_reasons_are_written_as_the_language_writes_them(
    locale: str, engine: Any, told: Any, a_policy: Any
) -> None:
    dialect, _ = engine
    facts = {"n": WHOLE, "m": decimal_type(12, 2), "s": WHOLE, "k": WHOLE}
    cases: list[dict[str, Any]] = [
        {"n": one, "m": two if two is None else Decimal(two), "s": one, "k": one}
        for one, two in zip(NUMBERS, DECIMALS, strict=True)
    ]
    styles = {"s": money_style(locale, "SAR", 2), "k": money_style(locale, "KWD", 3)}
    wording = Wording(plain_style(locale), styles, NOTHING, "yes", "no", ("\u2068", "\u2069"))
    policy = push(a_policy([["-"]], inputs=["n"]), facts, dialect)

    found = told(select_reasons(policy, "cases", {"row.0": "{n} of {m}: {s}, it's {k}"}, wording, "case"), cases, facts)

    for case, text in zip(cases, found, strict=True):
        money = [NOTHING if case["s"] is None else format_money(case["s"], one, locale) for one in ("SAR", "KWD")]
        parts = [written(case["n"], locale), written(case["m"], locale), *money]
        first, second, third, fourth = (f"\u2068{one}\u2069" for one in parts)
        assert text == f"{first} of {second}: {third}, it's {fourth}"


def test_each_case_is_told_the_reason_of_its_own_row(engine: Any, told: Any, a_policy: Any) -> None:
    dialect, _ = engine
    wording = Wording(plain_style("en"), {}, NOTHING, "yes", "no")
    policy = push(a_policy([["< 3"], ["3"], ["[4..9)"]], inputs=["n"]), {"n": WHOLE}, dialect)
    templates = {"row.0": "little: {n}", "row.1": "three, {unknown}", "row.2": "{n}, much"}

    found = told(
        select_reasons(policy, "cases", templates, wording, "case"), [{"n": n} for n in (1, 3, 5, 10)], {"n": WHOLE}
    )

    assert found == ["little: 1", "three, {unknown}", "5, much", None]


def test_a_value_that_sql_cannot_write_is_refused(a_policy: Any) -> None:
    policy = push(a_policy([["-"]], inputs=["i"]), {"i": INSTANT}, "duckdb")

    with pytest.raises(NotPushed, match="the single decision alone writes"):
        select_reasons(policy, "cases", {"row.0": "{i}"}, Wording(plain_style("en"), {}, "", "", ""))


def test_a_language_of_other_groups_is_refused() -> None:
    with pytest.raises(NotPushed, match="left to the single decision"):
        style_of(lambda one: format(int(one), "_d").replace("_", " ", 1))
