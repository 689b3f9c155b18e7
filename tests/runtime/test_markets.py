from datetime import date
from pathlib import Path

import pytest

from tiffin.kernel.errors import InvalidDefinition, NotFound
from tiffin.kernel.money import MINOR_DIGITS
from tiffin.runtime.markets import MARKETS_FOLDER, Market, find_market, load_markets, read_market

FIRST_MARKETS = ("SA", "AE", "QA", "KW", "HK", "BR")

markets = pytest.mark.parametrize("market", load_markets().values(), ids=lambda market: market.country)


def test_the_first_six_markets_ship_whole() -> None:
    shipped = load_markets()

    for country in FIRST_MARKETS:
        market = shipped[country]
        assert market.demo_city is not None
        assert set(market.names) == set(market.demo_city.names) == {"en", "ar", "zh_Hans", "zh_Hant", "pt_BR"}
        assert market.demo_city.timezone in market.timezones
        assert market.usd_rate_on(date(2026, 2, 18)).units_per_usd > 0
        assert market.labour_rules


@markets
def test_money_has_the_digits_of_its_currency(market: Market) -> None:
    assert market.minor_digits == MINOR_DIGITS.get(market.currency, 2)


@markets
def test_everything_that_can_change_is_dated_and_sourced(market: Market) -> None:
    sourced = (
        *market.weekends,
        *market.usd_rates,
        *market.purchasing_power,
        *market.labour_rules,
        *market.school_terms,
    )

    assert all(fact.source for fact in sourced)


@markets
def test_no_labour_rule_is_relied_on_before_counsel_has_seen_it(market: Market) -> None:
    assert all(rule.verify for rule in market.labour_rules)


def test_pegged_currencies_stand_at_their_peg() -> None:
    rates = {
        country: find_market(country).usd_rate_on(date(2026, 1, 1)).units_per_usd for country in ("AE", "SA", "QA")
    }

    assert rates == {"AE": 3.6725, "SA": 3.75, "QA": 3.64}


def test_the_weekend_is_the_one_of_its_time() -> None:
    emirates = find_market("AE")

    assert emirates.weekend_on(date(2021, 12, 31)) == (5, 6)
    assert emirates.weekend_on(date(2022, 1, 1)) == (6, 7)
    assert emirates.weekend_on(date(1999, 1, 1)) == (5, 6)


def test_a_rate_is_the_latest_that_was_known_on_its_day() -> None:
    brazil = find_market("BR")

    assert brazil.usd_rate_on(date(2024, 12, 31)).units_per_usd == 5.3872
    assert brazil.usd_rate_on(date(2025, 1, 1)).units_per_usd == 5.5891


def test_a_rate_before_all_known_ones_is_not_invented() -> None:
    with pytest.raises(NotFound, match="usd_rates in markets/BR"):
        find_market("BR").usd_rate_on(date(2001, 1, 1))


def test_purchasing_power_that_no_source_gave_is_not_invented() -> None:
    assert find_market("SA").purchasing_power_in(2026).year == 2022
    with pytest.raises(NotFound, match="purchasing_power in markets/KW"):
        find_market("KW").purchasing_power_in(2026)


def test_school_terms_are_known_only_where_a_source_gave_them() -> None:
    emirates = find_market("AE")

    assert emirates.in_school_term(date(2026, 2, 2)) is True
    assert emirates.in_school_term(date(2025, 12, 20)) is False
    assert emirates.in_school_term(date(2030, 1, 1)) is None
    assert find_market("QA").in_school_term(date(2026, 2, 2)) is None


def test_a_country_is_named_in_the_reader_s_language() -> None:
    assert find_market("KW").name("ar") == "الكويت"
    assert find_market("KW").name("ur") == "Kuwait"


def test_a_city_takes_its_market_s_rules() -> None:
    city = find_market("BR").city("manaus", "Manaus", day=date(2026, 2, 1), timezone="America/Manaus")

    assert (city.country, city.timezone, city.weekend, city.currency) == ("BR", "America/Manaus", (6, 7), "BRL")
    assert find_market("BR").city("x", "X", day=date(2026, 2, 1)).timezone == "America/Sao_Paulo"


def test_an_unknown_market_is_refused_with_those_there_are() -> None:
    with pytest.raises(NotFound, match="AE, BH, BR"):
        find_market("XX")


def test_a_workspace_replaces_and_adds_markets(tmp_path: Path) -> None:
    text = (MARKETS_FOLDER / "KW.yaml").read_text(encoding="utf-8")
    (tmp_path / "KW.yaml").write_text(text.replace("cutoff_min: 240", "cutoff_min: 300"), encoding="utf-8")
    (tmp_path / "OM.yaml").write_text(text.replace("country: KW", "country: OM"), encoding="utf-8")

    overlaid = load_markets(tmp_path)

    assert overlaid["KW"].cutoff_min == 300
    assert set(overlaid) == {*load_markets(), "OM"}
    assert find_market("KW").cutoff_min == 240


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("cutoff_min: 240", "cutoff_min: 1440", "line 6: cutoff_min does not fit"),
        ("timezones: [Asia/Kuwait]", "timezones: [Asia/Kuwayt]", "line 5: timezones.0 does not fit"),
        ("units_per_usd: 0.302", "units_per_usd: -1", "usd_rates.0.units_per_usd"),
        ("minor_digits: 3", "minor_digit: 3", "minor_digits does not fit"),
        ("weekdays: [5, 6]", "weekdays: [5, 8]", "line 8: weekends.0.weekdays.1"),
        ("since: 2021-10-03", "since: last year", "labour_rules.1.since"),
        ("country: KW", "country: OM", "OM.yaml was expected"),
        ("languages: [ar, en]", "languages: [ar, xx]", "languages.1"),
    ],
)
def test_a_broken_market_is_refused_with_its_place(tmp_path: Path, old: str, new: str, problem: str) -> None:
    text = (MARKETS_FOLDER / "KW.yaml").read_text(encoding="utf-8")
    assert old in text
    path = tmp_path / "KW.yaml"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")

    with pytest.raises(InvalidDefinition) as refusal:
        read_market(path)

    assert str(path) in str(refusal.value)
    assert problem in str(refusal.value)


def test_a_file_that_is_no_market_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "KW.yaml"
    path.write_text("- a list", encoding="utf-8")

    with pytest.raises(InvalidDefinition, match="the file does not fit a market"):
        read_market(path)
