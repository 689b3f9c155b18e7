"""Base, overlays and parameters as one table: what holds where, against the plain meaning of the files."""

import time
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from tiffin.capabilities.policies.domain.faults import PolicyFault
from tiffin.capabilities.policies.domain.policy import Effective
from tiffin.engines.decisions.dmn.tables import rows_that_hold
from tiffin.engines.decisions.feel.run import Run
from tiffin.engines.decisions.feel.temporal_reading import read_date_time
from tiffin.engines.decisions.feel.values import Scope

Building = Callable[..., dict[str, Any]]
Laying = Callable[..., Effective]

INPUT = {"name": "late", "label": {"en": "Late"}, "type": "number", "whole": True, "required": True}
OUTPUT = {"name": "amount", "label": {"en": "Amount"}, "type": "number"}
PLACES = (("KW", "kuwait-city"), ("SA", "riyadh"), ("SA", "jeddah"), ("BR", "sao-paulo"))


def held(found: Effective, market: str, city: str, **given: Any) -> list[tuple[str, Any]]:
    """Give the rows that decide a case, each with the first of its results."""
    values = [market, city, *(given.get(one.name) for one in found.table.domains[2:])]
    values = [Decimal(one) if type(one) is int else one for one in values]
    scope = Scope(found.table.parameters)
    rows = rows_that_hold(found.table.table, values, scope, Run())
    return [(row.annotations[0], int(Run().evaluate(row.results[0], scope))) for row in rows]


def test_an_overlay_goes_before_the_row_that_it_names_in_its_place_alone(
    a_policy: Building, an_overlay: Building, a_row: Building, lay: Laying
) -> None:
    over = an_overlay("KW", a_row("kw.rain", {"cause": '"rain"'}, {"amount": 900}, overrides=["much"]))

    found = lay(a_policy(), {"KW": over})

    assert held(found, "KW", "kuwait-city", late=20, cause="rain") == [("kw.rain", 900)]
    assert held(found, "KW", "kuwait-city", late=20, cause="kitchen") == [("much", 500)]
    assert held(found, "KW", "kuwait-city", late=3, cause="rain") == [("little", 0)]
    assert held(found, "SA", "riyadh", late=20, cause="rain") == [("much", 500)]


def test_a_city_goes_before_its_market_where_it_names_the_markets_row(
    a_policy: Building, an_overlay: Building, a_row: Building, lay: Laying
) -> None:
    market = an_overlay("SA", a_row("sa.much", {}, {"amount": 600}, overrides=["much"]))
    city = an_overlay("riyadh", a_row("riyadh.much", {}, {}, overrides=["sa.much"]))

    found = lay(a_policy(), {"SA": market, "riyadh": city})

    assert held(found, "SA", "riyadh", late=20) == [("riyadh.much", 600)]
    assert held(found, "SA", "jeddah", late=20) == [("sa.much", 600)]
    assert found.table.table.tiers == (0, 0, 1, 2)


def test_two_overlays_that_do_not_name_each_other_contradict_on_a_case_of_both(
    a_policy: Building, an_overlay: Building, a_row: Building, lay: Laying
) -> None:
    market = an_overlay("SA", a_row("sa.much", {}, {"amount": 600}, overrides=["much"]))
    city = an_overlay("riyadh", a_row("riyadh.much", {}, {"amount": 700}, overrides=["much"]))

    found = lay(a_policy(), {"riyadh": city, "SA": market})

    assert {row for row, _ in held(found, "SA", "riyadh", late=20)} == {"sa.much", "riyadh.much"}


def test_a_cell_of_an_overlay_holds_only_where_the_overridden_cell_does(
    a_policy: Building, an_overlay: Building, a_row: Building, lay: Laying
) -> None:
    over = an_overlay("KW", a_row("kw.some", {"late": "[10..30)"}, {"amount": 100}, overrides=["much"]))

    found = lay(a_policy(), {"KW": over})

    assert held(found, "KW", "kuwait-city", late=12) == [("little", 0)]
    assert held(found, "KW", "kuwait-city", late=15) == [("kw.some", 100)]
    assert held(found, "KW", "kuwait-city", late=30) == [("much", 500)]


def test_a_row_that_rests_on_a_parameter_is_split_where_its_value_differs(a_policy: Building, lay: Laying) -> None:
    entry = {"name": "grace", "from": date(2026, 1, 1), "value": 15, "unit": "min", "source": "x"}
    entries = [entry, {**entry, "market": "SA", "value": 10}, {**entry, "city": "riyadh", "value": 5}]

    found = lay(a_policy(), parameters=entries)

    assert held(found, "KW", "kuwait-city", late=12) == [("little", 0)]
    assert held(found, "SA", "jeddah", late=12) == [("much", 500)]
    assert held(found, "SA", "jeddah", late=7) == [("little", 0)]
    assert held(found, "SA", "riyadh", late=7) == [("much", 500)]
    assert found.places == ("SA", "riyadh")


def test_a_parameter_has_the_value_of_the_day(a_policy: Building, lay: Laying) -> None:
    entry = {"name": "grace", "from": date(2026, 1, 1), "value": 15, "unit": "min", "source": "x"}
    entries = [entry, {**entry, "from": date(2026, 3, 1), "value": 30}]

    before, after = (lay(a_policy(), parameters=entries, on=day) for day in (date(2026, 2, 28), date(2026, 3, 1)))

    assert held(before, "KW", "kuwait-city", late=20) == [("much", 500)]
    assert held(after, "KW", "kuwait-city", late=20) == [("little", 0)]
    assert (before.since, after.since) == (date(2026, 1, 1), date(2026, 3, 1))
    assert before.digest != after.digest


def test_what_decides_alike_has_one_digest_and_what_does_not_has_another(
    a_policy: Building, an_overlay: Building, a_row: Building, lay: Laying
) -> None:
    unused = {"name": "spare", "from": date(2026, 1, 1), "value": 1, "unit": "min", "source": "x"}
    grace = {**unused, "name": "grace", "value": 15}
    over = {"KW": an_overlay("KW", a_row("kw", {}, {"amount": 1}, overrides=["much"]))}

    digests = [
        lay(a_policy(), parameters=[grace]).digest,
        lay(a_policy(), parameters=[grace, unused]).digest,
        lay(a_policy(), parameters=[{**grace, "value": 16}]).digest,
        lay(a_policy(), over, parameters=[grace]).digest,
    ]

    assert digests[0] == digests[1]
    assert len(set(digests)) == 3


def test_a_cell_may_compare_with_a_date_and_time(a_policy: Building, a_row: Building, lay: Laying) -> None:
    at = {"name": "at", "label": {"en": "At"}, "type": "date and time"}
    rows = [a_row("early", {"at": '< date and time("2026-03-01T12:00:00")'}, {"amount": 1})]

    found = lay(a_policy(inputs=[at], rows=rows))

    assert held(found, "KW", "", at=read_date_time("2026-03-01T11:59:59")) == [("early", 1)]
    assert held(found, "KW", "", at=read_date_time("2026-03-01T12:00:00")) == []


SPOKEN_OF = [
    pytest.param({"outputs": [{**OUTPUT, "default": "most"}]}, id="default"),
    pytest.param({"outputs": [{**OUTPUT, "values": "[0..most]"}]}, id="values of an output"),
    pytest.param({"inputs": [{**INPUT, "values": "[0..most]"}]}, id="values of an input"),
    pytest.param(
        {
            "law": [
                {"output": "amount", "market": "SA", "at_least": 0, "when": {"late": "> most"}, "reference": "Law 5"}
            ]
        },
        id="condition of a law",
    ),
]


@pytest.mark.parametrize("changes", SPOKEN_OF)
def test_a_parameter_that_only_a_default_values_or_a_law_names_is_part_of_what_is_in_force(
    a_policy: Building, a_row: Building, lay: Laying, changes: dict[str, Any]
) -> None:
    most = {"name": "most", "from": date(2026, 1, 1), "value": 900, "unit": "minor", "source": "x"}
    plain = a_policy(**changes, rows=[a_row("late", {"late": "> 30"}, {"amount": 500})])

    found, other = (lay(plain, parameters=[{**most, "value": value}]) for value in (900, 901))

    assert found.table.parameters == {"most": 900}
    assert found.digest != other.digest


@pytest.mark.parametrize("changes", SPOKEN_OF[:3])
def test_a_default_or_values_by_a_parameter_that_differs_between_places_are_refused(
    a_policy: Building, a_row: Building, lay: Laying, changes: dict[str, Any]
) -> None:
    most = {"name": "most", "from": date(2026, 1, 1), "value": 900, "unit": "minor", "source": "x"}
    plain = a_policy(**changes, rows=[a_row("late", {"late": "> 30"}, {"amount": "null"})])

    with pytest.raises(PolicyFault, match="most differs between places"):
        lay(plain, parameters=[most, {**most, "market": "KW", "value": 800}])


REFUSED = [
    pytest.param({"late": "< other"}, {"amount": 1}, "other is no parameter", id="unknown parameter"),
    pytest.param({"cause": "rain"}, {"amount": 1}, "stands in quotes", id="text without quotes"),
    pytest.param({"late": "> late"}, {"amount": 1}, "late is no parameter", id="another input"),
    pytest.param({"late": "? * 2 > 3"}, {"amount": 1}, "values, ranges and parameters alone", id="arithmetic"),
    pytest.param({"late": 'contains(?, "x")'}, {"amount": 1}, "values, ranges and parameters alone", id="function"),
    pytest.param({"late": '"ten"'}, {"amount": 1}, "type number was expected", id="other type"),
    pytest.param({"cause": '> "rain"'}, {"amount": 1}, "have no order", id="order of texts"),
    pytest.param({}, {"amount": '"ten"'}, "type number was expected", id="result of another type"),
    pytest.param({}, {"amount": "-1"}, "not among the values of the output", id="result that may not be"),
    pytest.param({}, {"amount": "grace * late"}, "late is no parameter", id="result of an input"),
]


@pytest.mark.parametrize(("when", "then", "said"), REFUSED)
def test_a_cell_that_not_every_back_end_can_decide_is_refused_with_its_place(
    a_policy: Building, a_row: Building, lay: Laying, when: dict[str, Any], then: dict[str, Any], said: Any
) -> None:
    with pytest.raises(PolicyFault, match="row odd, cell") as caught:
        lay(a_policy(rows=[a_row("odd", when, then)]))

    assert said in str(caught.value)


def test_an_overlay_that_fits_nothing_is_refused(
    a_policy: Building, an_overlay: Building, a_row: Building, lay: Laying
) -> None:
    gone = an_overlay("KW", a_row("kw", {}, {"amount": 1}, overrides=["mush"]))
    apart = an_overlay("KW", a_row("kw", {"late": "< 10"}, {"amount": 1}, overrides=["much"]))
    double = an_overlay("KW", a_row("little", {}, {"amount": 1}, overrides=["much"]))

    with pytest.raises(PolicyFault, match=r"`mush` means nothing here.*much"):
        lay(a_policy(), {"KW": gone})
    with pytest.raises(PolicyFault, match="no case is both in this row and in much"):
        lay(a_policy(), {"KW": apart})
    with pytest.raises(PolicyFault, match="little stands twice"):
        lay(a_policy(), {"KW": double})
    with pytest.raises(PolicyFault, match="only a unique table"):
        lay(a_policy(hit_policy="first"), {"KW": an_overlay("KW", a_row("kw", {}, {}, overrides=["much"]))})


def test_a_market_does_not_override_a_citys_row(
    a_policy: Building, an_overlay: Building, a_row: Building, lay: Laying
) -> None:
    city = an_overlay("riyadh", a_row("riyadh", {}, {}, overrides=["much"]))
    market = an_overlay("SA", a_row("sa", {}, {}, overrides=["riyadh"]))

    with pytest.raises(PolicyFault, match="`riyadh` means nothing here"):
        lay(a_policy(), {"SA": market, "riyadh": city})


def test_a_parameter_of_one_market_alone_serves_its_overlay_and_no_other_row(
    a_policy: Building, an_overlay: Building, a_row: Building, lay: Laying
) -> None:
    entry = {"name": "grace", "from": date(2026, 1, 1), "value": 15, "unit": "min", "source": "x"}
    entries = [entry, {**entry, "name": "own", "market": "KW", "value": 40}]
    over = an_overlay("KW", a_row("kw", {"late": ">= own"}, {"amount": 1}, overrides=["much"]))

    found = lay(a_policy(), {"KW": over}, parameters=entries)

    assert held(found, "KW", "kuwait-city", late=40) == [("kw", 1)]
    with pytest.raises(PolicyFault, match="the parameter own lacks a value"):
        lay(a_policy(rows=[a_row("all", {"late": ">= own"}, {"amount": 1})]), parameters=entries)


def test_cities_whose_market_is_told_make_one_row_each(a_policy: Building, lay: Laying) -> None:
    entry = {"name": "grace", "from": date(2026, 1, 1), "value": 15, "unit": "min", "source": "x"}
    fee = {**entry, "name": "fee", "value": 500}
    markets = [{**fee, "market": market, "value": 100 + number} for number, market in enumerate(("BR", "KW", "SA"))]
    cities = [{**entry, "market": "SA", "city": f"city-{number}", "value": number} for number in range(50)]
    rows = [
        {"id": "little", "when": {"late": "< grace"}, "then": {"amount": 0}, "reason": {"en": "x"}},
        {"id": "much", "when": {"late": ">= grace"}, "then": {"amount": "fee"}, "reason": {"en": "x"}},
    ]

    found = lay(a_policy(rows=rows), parameters=[entry, fee, *markets, *cities])

    assert len(found.table.table.rows) == (50 + 1) + (50 + 4)
    assert held(found, "SA", "city-7", late=7) == [("much", 102)]
    assert held(found, "SA", "jeddah", late=7) == [("little", 0)]


def test_places_without_bounds_are_refused_at_once(a_policy: Building, lay: Laying) -> None:
    entry = {"name": "grace", "from": date(2026, 1, 1), "value": 15, "unit": "min", "source": "x"}
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    markets = [{**entry, "market": f"{one}{other}"} for one in letters[:6] for other in letters]
    cities = [{**entry, "city": f"city-{number}", "value": number} for number in range(200)]

    began = time.process_time()
    with pytest.raises(PolicyFault, match="more than 20000 rows"):
        lay(a_policy(), parameters=[entry, *markets, *cities])

    assert time.process_time() - began < 3


def test_a_law_binds_with_the_number_of_its_market(
    a_policy: Building, an_overlay: Building, a_row: Building, lay: Laying
) -> None:
    entry = {"name": "grace", "from": date(2026, 1, 1), "value": 15, "unit": "min", "source": "x"}
    floor = {**entry, "name": "floor", "value": 100}
    law = {"output": "amount", "at_least": "floor", "when": {"late": ">= 30"}, "reference": "Law 5"}
    over = an_overlay("KW", a_row("kw", {}, {"amount": 900}, overrides=["much"]), law=[law])
    entries = [entry, floor, {**floor, "market": "KW", "value": 300}]

    found = lay(a_policy(law=[{**law, "market": "BR"}]), {"KW": over}, parameters=entries)

    assert [(one.market, one.at_least, one.at_most) for one in found.laws] == [("BR", 100, None), ("KW", 300, None)]
    values = ["KW", "kuwait-city", Decimal(30), None]
    scope = Scope(found.table.parameters)
    passed = [
        not tests.tests or Run().evaluate(tests, scope.with_values({"?": value})) is True
        for tests, value in zip(found.laws[1].tests, values, strict=True)
    ]
    assert passed == [True] * 4


@pytest.mark.parametrize(
    ("law", "said"),
    [
        ({"output": "sum", "at_least": 1}, "`sum` means nothing here"),
        ({"output": "amount", "at_least": 1, "when": {"lat": "> 3"}}, "`lat` means nothing here"),
        ({"output": "amount", "at_least": "flor"}, "flor is no parameter"),
    ],
)
def test_a_law_of_an_overlay_that_fits_no_column_is_refused(
    a_policy: Building, an_overlay: Building, lay: Laying, law: dict[str, Any], said: str
) -> None:
    over = an_overlay("KW", law=[{**law, "reference": "Law 5"}])

    with pytest.raises(PolicyFault, match=said):
        lay(a_policy(), {"KW": over})


def test_a_parameter_and_a_column_never_share_a_name(a_policy: Building, lay: Laying) -> None:
    entry = {"name": "grace", "from": date(2026, 1, 1), "value": 15, "unit": "min", "source": "x"}

    with pytest.raises(PolicyFault, match="amount stands twice"):
        lay(a_policy(), parameters=[entry, {**entry, "name": "amount"}])


def test_a_reason_that_speaks_of_nothing_known_is_refused(a_policy: Building, a_row: Building, lay: Laying) -> None:
    rows = [{**a_row("all", {}, {"amount": 1}), "reason": {"en": "{lateness} minutes"}}]

    with pytest.raises(PolicyFault, match="speaks of lateness"):
        lay(a_policy(rows=rows))


@pytest.mark.parametrize(("hit_policy", "rows"), [("first", ["much"]), ("collect", ["much", "all"])])
def test_rows_of_other_hit_policies_are_laid_in_their_order(
    a_policy: Building, a_row: Building, lay: Laying, hit_policy: str, rows: list[str]
) -> None:
    stated = [a_row("much", {"late": ">= grace"}, {"amount": 2}), a_row("all", {}, {"amount": 1})]

    found = lay(a_policy(rows=stated, hit_policy=hit_policy))

    assert [row for row, _ in held(found, "KW", "kuwait-city", late=20)][: len(rows)] == rows
    assert found.table.table.tiers == ()
