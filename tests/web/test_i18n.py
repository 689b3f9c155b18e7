from datetime import UTC, date, datetime

import pytest

from tiffin.kernel.errors import InvalidDefinition
from tiffin.kernel.messages import Message
from tiffin.runtime.actor import Role
from tiffin.runtime.i18n import (
    LOCALES,
    NOTHING,
    direction,
    format_date,
    format_duration,
    format_instant,
    format_money,
    format_number,
    format_percent,
    isolate,
    language_of,
    language_tag,
    ngettext,
    preferred_locale,
    translate,
)
from tiffin.web.roles import role_told


def test_an_unknown_message_is_shown_in_english() -> None:
    assert translate("ar", "No such message was ever written") == "No such message was ever written"


def test_a_message_is_shown_in_the_language_of_the_locale() -> None:
    assert translate("ar", "Home") == "الرئيسية"
    assert translate("ar_SA", "Home") == "الرئيسية"
    assert translate("en", "Home") == "Home"


def test_values_are_isolated_beside_right_to_left_script() -> None:
    assert translate("ar", "Code {code}", code=404).count("\u2068404\u2069") == 1
    assert translate("en", "Code {code}", code=404) == "Code 404"


@pytest.mark.parametrize(("count", "index"), [(0, 0), (1, 1), (2, 2), (3, 3), (11, 4), (100, 5)])
def test_arabic_has_six_plural_forms(count: int, index: int) -> None:
    forms = {ngettext("ar", "{count} metric", "{count} metrics", n) for n in (0, 1, 2, 3, 11, 100)}

    assert len(forms) == 6
    assert ngettext("ar", "{count} metric", "{count} metrics", count) in forms
    assert index < 6


def test_a_plural_without_translation_follows_english() -> None:
    assert ngettext("en", "{count} thing", "{count} things", 1) == "1 thing"
    assert ngettext("ar", "{count} thing", "{count} things", 5).endswith("things")


def test_digits_follow_the_region() -> None:
    assert format_number(1234.5, "ar_SA", decimals=1) == "\u0661\u066c\u0662\u0663\u0664\u066b\u0665"
    assert format_number(1234.5, "ar_AE", decimals=1) == "1,234.5"
    assert format_number(1234.5, "pt_BR", decimals=1) == "1.234,5"


def test_a_latin_currency_sign_keeps_its_place_beside_arabic() -> None:
    assert isolate("HK$") in format_money(123456, "HKD", "ar")
    assert isolate("R$") in format_money(123456, "BRL", "ar")
    assert "\u2068" not in format_money(123456, "HKD", "en")


def test_money_has_the_decimals_of_its_currency() -> None:
    assert format_money(123456, "KWD", "en") == "KWD\u00a0123.456"
    assert format_money(123456, "SAR", "en") == "SAR\u00a01,234.56"


def test_no_value_is_a_dash() -> None:
    assert {
        format_number(None, "en"),
        format_percent(float("nan"), "en"),
        format_money(None, "SAR", "en"),
        format_date(None, "en"),
        format_instant(None, "en"),
        format_duration(None, "en"),
    } == {NOTHING}


def test_a_small_negative_number_is_no_negative_zero() -> None:
    assert format_number(-0.04, "en", decimals=1) == "0.0"
    assert format_percent(-0.00001, "en") == "0.0%"


def test_long_durations_are_read_in_hours() -> None:
    assert format_duration(32.4, "en") == "32 min"
    assert format_duration(32.44, "en", decimals=1) == "32.4 min"
    assert format_duration(135, "en") == "2 hr 15 min"
    assert format_duration(120, "en") == "2 hr"


def test_an_instant_names_its_zone() -> None:
    instant = datetime(2026, 2, 20, 20, 5, tzinfo=UTC)

    assert format_instant(instant, "en") == "Feb 20, 2026 20:05 UTC"
    assert format_instant(instant, "en", timezone="Asia/Riyadh") == "Feb 20, 2026 23:05 +03"


def test_a_date_is_written_as_the_language_does() -> None:
    assert format_date(date(2026, 2, 20), "zh_Hans") == "2026年2月20日"
    assert "فبراير" in format_date(date(2026, 2, 20), "ar")


@pytest.mark.parametrize(
    ("header", "locale"),
    [
        ("ar-SA,ar;q=0.9,en;q=0.5", "ar"),
        ("zh-HK", "zh_Hant"),
        ("zh-CN,en", "zh_Hans"),
        ("pt-PT", "pt_BR"),
        ("de-DE,de", "en"),
        ("", "en"),
    ],
)
def test_the_browsers_language_is_honoured(header: str, locale: str) -> None:
    assert preferred_locale(header) == locale


def test_only_arabic_runs_right_to_left() -> None:
    assert [direction(locale) for locale in LOCALES] == ["ltr", "rtl", "ltr", "ltr", "ltr"]


def test_a_locale_that_is_none_is_refused() -> None:
    with pytest.raises(InvalidDefinition, match="xx_nonsense_locale"):
        direction("xx_nonsense_locale")


def test_language_names_follow_their_standards() -> None:
    assert language_tag("zh_Hans") == "zh-Hans"
    assert language_of("ar_SA") == "ar"
    assert language_of("de") == "en"
    assert isolate("x") == "\u2068x\u2069"


def test_a_message_within_a_message_runs_as_the_script_does() -> None:
    inner = Message("{input}: {value}; the row asks for: {asked}", input="A", value="1", asked="2")

    told = translate("ar", Message("{before} becomes {after}", before=inner, after="x"))

    assert told.startswith("\u2067\u2068A\u2069: ")
    assert isolate("x") in told


@pytest.mark.parametrize("locale", LOCALES)
def test_every_role_has_a_name_and_what_is_no_role_keeps_its_own(locale: str) -> None:
    names = [role_told(role.value, locale=locale) for role in Role]

    assert len(set(names)) == len(Role)
    assert not [name for name in names if "_" in name]
    assert role_told("nora", locale=locale) == "nora"
