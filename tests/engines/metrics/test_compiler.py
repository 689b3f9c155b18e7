"""What the compiler promises of every answer."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from tiffin.engines.metrics.building import build_model
from tiffin.engines.metrics.compiling.compiler import compile_request
from tiffin.engines.metrics.compiling.fragments import Fragments
from tiffin.engines.metrics.compiling.spans import Window
from tiffin.engines.metrics.definitions import Cardinality, Join, Version
from tiffin.engines.metrics.footprint import CityFacts, Footprint
from tiffin.engines.metrics.formulas import (
    Aggregation,
    Calculation,
    Conversion,
    Cumulative,
    Event,
    Kind,
    Nested,
    Ratio,
)
from tiffin.engines.metrics.request import Condition, MetricRequest, Operator, Order, RowLimit, RowScope
from tiffin.kernel.errors import Forbidden, NotFound, WrongUse
from tiffin.kernel.time import Days


def test_rows_of_one_source_never_multiply_those_of_another(asking: Any) -> None:
    world = asking(
        orders=[{"zone_id": "n"}] * 3,
        refunds=[{"zone_id": "n", "amount_minor": 5}] * 2,
    )
    assert world.ask("orders", "refunds", "refund_value", by=("zone_id",)) == [("n", 3, 2, 5 * 2)]


def test_groups_of_either_source_appear_and_empty_dimension_values_meet(asking: Any) -> None:
    world = asking(
        orders=[{"zone_id": "n"}, {"zone_id": None}],
        refunds=[{"zone_id": None}, {"zone_id": "s"}],
    )
    assert world.ask("orders", "refunds", by=("zone_id",)) == [("n", 1, 0), ("s", 0, 1), (None, 1, 1)]


def test_metrics_of_one_source_share_one_scan(fragments: Any) -> None:
    sql = compile_request(MetricRequest(("orders", "delivered", "completion", "minutes")), fragments).sql
    assert sql.count('FROM "orders"') == 1


def test_an_aggregate_that_several_metrics_mean_is_computed_once(fragments: Any) -> None:
    sql = compile_request(MetricRequest(("delivered", "completion"), by=("zone_id",)), fragments).sql
    assert sql.count("'delivered'") == 1


def test_a_group_without_matching_rows_counts_nought_when_the_source_has_rows_there(asking: Any) -> None:
    world = asking(orders=[{"zone_id": "n", "status": "delivered"}, {"zone_id": "s", "status": "cancelled"}])
    assert world.ask("cancelled", by=("zone_id",)) == [("n", 0), ("s", 1)]


def test_dimensions_come_by_joins_over_several_tables(asking: Any) -> None:
    world = asking(
        orders=[{"merchant_id": "m1"}, {"merchant_id": "m2"}, {"merchant_id": "gone"}],
        merchants=[
            {"merchant_id": "m1", "category": "kitchen", "owner_id": "w"},
            {"merchant_id": "m2", "category": "grocery", "owner_id": "w"},
        ],
        owners=[{"owner_id": "w", "tier": "gold"}],
    )
    assert world.ask("orders", by=("tier",)) == [("gold", 2), (None, 1)]
    assert world.ask("orders", by=("category", "tier"))[0] == ("grocery", "gold", 1)


def test_a_row_meets_only_those_that_have_all_of_its_key(asking: Any) -> None:
    merchants = [{"city_id": city, "merchant_id": "m", "category": f"category of {city}"} for city in "xy"]
    world = asking(orders=[{"city_id": "x", "merchant_id": "m"}], merchants=merchants)
    assert world.ask("orders", by=("category",)) == [("category of x", 1)]


def test_a_join_is_made_only_when_it_is_needed(fragments: Any) -> None:
    assert "JOIN" not in compile_request(MetricRequest(("orders",), by=("zone_id",)), fragments).sql


@pytest.mark.parametrize(
    ("grain", "expected"),
    [
        ("week", [(date(2025, 12, 29), 1), (date(2026, 1, 5), 2)]),
        ("month", [(date(2026, 1, 1), 3)]),
        ("weekday", [(1, 1), (7, 2)]),
    ],
)
def test_weeks_begin_on_monday_and_months_on_their_first_day(asking: Any, grain: Any, expected: Any) -> None:
    days = [date(2026, 1, 4), date(2026, 1, 5), date(2026, 1, 11)]
    world = asking(orders=[{"business_date": day} for day in days])
    assert world.ask("orders", by=(grain,)) == expected


def test_days_are_inclusive_and_hold_in_every_source(asking: Any) -> None:
    days = [{"business_date": date(2026, 1, day)} for day in (1, 2, 3, 4)]
    world = asking(orders=days, refunds=days)
    request = {"days": Days(date(2026, 1, 2), date(2026, 1, 3))}
    assert world.ask("orders", "refunds", **request) == [(2, 2)]
    assert world.ask("orders", days=Days(date(2026, 1, 2), date(2026, 1, 2))) == [(1,)]


def test_filters_are_taken_at_the_base_tables(fragments: Any) -> None:
    where = (Condition("zone_id", Operator.EQ, ("n",)),)
    sql = compile_request(MetricRequest(("orders", "refunds"), where=where), fragments).sql
    assert sql.count("base.zone_id = 'n'") == 2


@pytest.mark.parametrize(
    ("operator", "values", "expected"),
    [
        (Operator.EQ, (12,), 1),
        (Operator.NE, (12,), 2),
        (Operator.LT, (13,), 1),
        (Operator.LE, (13,), 2),
        (Operator.GT, (13,), 1),
        (Operator.GE, (13,), 2),
        (Operator.IN, (12, 14), 2),
        (Operator.NOT_IN, (12, 14), 1),
        (Operator.BETWEEN, (12, 13), 2),
        (Operator.IS_NULL, (), 1),
        (Operator.IS_NOT_NULL, (), 3),
    ],
)
def test_every_operator_selects_its_rows(asking: Any, operator: Any, values: Any, expected: Any) -> None:
    world = asking(orders=[{"local_hour": hour} for hour in (12, 13, 14, None)])
    assert world.ask("orders", where=(Condition("local_hour", operator, values),)) == [(expected,)]


@pytest.mark.parametrize("text", ["o'clock", "a\\'; drop table orders; --", '"', "é\n\t", "%_", "${x}", "?"])
def test_values_are_quoted_whatever_they_hold(asking: Any, text: Any) -> None:
    world = asking(orders=[{"zone_id": text}, {"zone_id": "n"}])
    assert world.ask("orders", where=(Condition("zone_id", Operator.IN, (text,)),), by=("zone_id",)) == [(text, 1)]


@pytest.mark.parametrize("value", [1, True, date(2026, 1, 1), 1.5])
def test_a_value_of_another_type_is_refused(asking: Any, value: Any) -> None:
    with pytest.raises(WrongUse, match="type text"):
        asking().ask("orders", where=(Condition("zone_id", Operator.EQ, (value,)),))


def test_instants_are_compared_in_utc(asking: Any, at: Any) -> None:
    world = asking(orders=[{"placed_at": at(10)}, {"placed_at": at(11)}])
    assert world.ask("orders", where=(Condition("placed_at", Operator.GE, (at(11),)),)) == [(1,)]


def test_a_percentile_interpolates_between_neighbours(asking: Any, at: Any) -> None:
    rows = [{"placed_at": at(10), "delivered_at": at(10, minute)} for minute in (10, 20)]
    assert asking(orders=rows).ask("minutes_p90") == [(19.0,)]


def test_distinct_pairs_leave_out_rows_without_a_part(asking: Any) -> None:
    rows = [{"city_id": city, "merchant_id": m} for city, m in (("x", "m"), ("y", "m"), ("x", "m"), ("x", None))]
    assert asking(orders=rows).ask("merchants") == [(2,)]


def test_a_distinct_count_takes_in_each_value_once_and_empty_ones_never(asking: Any) -> None:
    rows = [{"merchant_id": merchant} for merchant in ("m", "m", "n", None)]
    assert asking(orders=rows).ask("merchant_names", "orders") == [(2, 4)]


def test_a_sum_over_no_row_that_meets_its_filter_is_nought_and_over_unknown_values_unknown(asking: Any) -> None:
    rows = [{"zone_id": "n", "status": "cancelled", "item_count": 3}, {"zone_id": "s", "status": "delivered"}]
    assert asking(orders=rows).ask("items_delivered", by=("zone_id",)) == [("n", 0), ("s", None)]
    assert asking(orders=rows[:1]).ask("items_delivered") == [(0,)]


def test_derived_metrics_combine_sources_and_keep_precedence(asking: Any) -> None:
    world = asking(orders=[{"status": "cancelled"}, {}, {}, {}], refunds=[{}])
    assert world.ask("failed", "failed_share", "refunds_per_100") == [(2, 0.5, 25.0)]


def test_sums_of_whole_numbers_stay_whole_numbers(asking: Any) -> None:
    rows = [{"basket_minor": 2**53 + 1}, {"basket_minor": 2}]
    assert asking(orders=rows).ask("basket") == [(2**53 + 3,)]


def test_rows_come_in_the_order_of_their_dimensions_or_as_asked(asking: Any) -> None:
    rows = [{"zone_id": zone} for zone in ("b", "a", "b", "c", "c", "c")]
    world = asking(orders=rows)
    assert world.ask("orders", by=("zone_id",)) == [("a", 1), ("b", 2), ("c", 3)]
    assert world.ask("orders", by=("zone_id",), order_by=(Order("orders", is_descending=True),), limit=2) == [
        ("c", 3),
        ("b", 2),
    ]


def test_the_row_filter_holds_in_every_scan(asking: Any) -> None:
    world = asking(
        orders=[{"city_id": "x"}, {"city_id": "y"}, {"city_id": "z"}],
        refunds=[{"city_id": "x"}, {"city_id": "y"}],
        cities=[
            {"city_id": "x", "country": "SA"},
            {"city_id": "y", "country": "AE"},
            {"city_id": "z", "country": "BR"},
        ],
    )
    assert world.ask("orders", "refunds", scope=RowScope(("SA",), ())) == [(1, 1)]
    assert world.ask("orders", "refund_share", scope=RowScope(("SA",), ("z",))) == [(2, 0.5)]
    assert world.ask("orders", scope=RowScope(None, ("y", "z"))) == [(2,)]


def test_the_limits_of_one_grant_hold_together(asking: Any) -> None:
    rows = [{"city_id": city, "zone_id": zone, "status": status} for city in "xy" for zone in "ns" for status in "ab"]
    limit = RowLimit(None, ("x",), (("zone_id", ("n",)), ("status", ("a",))))
    found = asking(orders=rows).ask("orders", by=("city_id", "zone_id", "status"), scope=RowScope((), (), (limit,)))
    assert found == [("x", "n", "a", 1)]


def test_who_may_see_nothing_is_refused(asking: Any) -> None:
    with pytest.raises(Forbidden):
        asking().ask("orders", scope=RowScope((), ()))


def test_a_filter_cannot_widen_what_the_asker_may_see(asking: Any) -> None:
    world = asking(orders=[{"city_id": "x"}, {"city_id": "y"}])
    where = (Condition("city_id", Operator.IN, ("x", "y")),)
    assert world.ask("orders", where=where, scope=RowScope(None, ("y",)), by=("city_id",)) == [("y", 1)]


def footprint(held: dict[str, set[str]], **currencies: str) -> Footprint:
    cities = {city: CityFacts(f"country of {city}", money) for city, money in currencies.items()}
    return Footprint(cities, {source: frozenset(known) for source, known in held.items()})


def test_a_city_without_refund_facts_has_no_refund_share_instead_of_none(asking: Any) -> None:
    world = asking(orders=[{"city_id": "x"}, {"city_id": "x"}, {"city_id": "y"}], refunds=[{"city_id": "x"}])
    where_known = footprint({"orders": {"x", "y"}, "refunds": {"x"}}, x="SAR", y="SAR")
    asked = {"by": ("city_id",), "footprint": where_known}
    assert world.ask("refund_share", "refunds", **asked) == [("x", 0.5, 1), ("y", None, None)]


def test_a_ratio_over_sources_counts_only_cities_that_have_both(asking: Any) -> None:
    world = asking(orders=[{"city_id": "x"}, {"city_id": "x"}, {"city_id": "y"}], refunds=[{"city_id": "x"}])
    where_known = footprint({"orders": {"x", "y"}, "refunds": {"x"}}, x="SAR", y="SAR")
    assert world.ask("refund_share", "orders", footprint=where_known) == [(0.5, 3)]


def test_a_source_that_is_recorded_nowhere_gives_no_value(asking: Any) -> None:
    world = asking(orders=[{"city_id": "x"}])
    nowhere = footprint({"orders": {"x"}, "refunds": set()}, x="SAR")
    assert world.ask("refunds", "refund_share", "orders", footprint=nowhere) == [(None, None, 1)]
    assert world.ask("refunds", "orders", by=("city_id",), footprint=nowhere) == [("x", None, 1)]


def test_a_count_of_values_of_what_is_recorded_nowhere_is_unknown(
    make_metric: Any, definitions: Any, tables: Any, asking: Any
) -> None:
    formula = Nested("refund_share", ("zone_id",), Aggregation.COUNT)
    more = make_metric(
        "zones_told", Ratio("orders", "orders"), version=Version(1, date(2026, 1, 1), formula, Kind.NESTED)
    )
    model, _ = build_model(replace(definitions, metrics=(*definitions.metrics, more)), tables)
    world = asking(orders=[{"city_id": "x"}])
    for by, row in (((), (None, 1)), (("city_id",), ("x", None, 1))):
        nowhere = footprint({"orders": {"x"}, "refunds": set()}, x="SAR")
        request = MetricRequest(("zones_told", "orders"), by)
        assert world.run(compile_request(request, Fragments(model, "duckdb"), footprint=nowhere).sql) == [row]


def test_a_country_of_cities_without_refund_facts_has_no_refunds_instead_of_none(asking: Any) -> None:
    cities = [{"city_id": city, "country": f"country of {city}"} for city in "xy"]
    world = asking(orders=[{"city_id": "x"}, {"city_id": "y"}], refunds=[{"city_id": "x"}], cities=cities)
    where_known = footprint({"orders": {"x", "y"}, "refunds": {"x"}}, x="SAR", y="SAR")
    found = world.ask("refunds", "failed", "orders", by=("country",), footprint=where_known)
    assert found == [("country of x", 1, 1, 1), ("country of y", None, None, 1)]


def test_asking_of_no_known_city_counts_nought_whatever_is_recorded_elsewhere(asking: Any) -> None:
    partly = footprint({"orders": {"x", "y"}, "refunds": {"x"}}, x="SAR", y="SAR")
    elsewhere = (Condition("city_id", Operator.EQ, ("z",)),)
    assert asking().ask("refunds", "orders", footprint=partly, where=elsewhere) == [(0, 0)]


def test_conditions_of_every_sort_say_which_cities_a_request_can_touch() -> None:
    known = footprint({}, x="SAR", y="KWD", z="EUR")

    def touched(operator: Operator, *values: str, dimension: str = "city_id") -> str:
        return "".join(sorted(known.cities_in((Condition(dimension, operator, values),), RowScope())))

    assert touched(Operator.EQ, "x") == touched(Operator.LT, "y") == "x"
    assert touched(Operator.NE, "x") == touched(Operator.NOT_IN, "x") == touched(Operator.GT, "x") == "yz"
    assert touched(Operator.LE, "y") == touched(Operator.BETWEEN, "a", "y") == touched(Operator.IN, "x", "y") == "xy"
    assert touched(Operator.GE, "KWD", dimension="currency") == "xy"
    assert touched(Operator.IS_NULL) == touched(Operator.IS_NOT_NULL) == "xyz"


def test_the_answer_says_where_a_metric_is_recorded(fragments: Any) -> None:
    partly = footprint({"orders": {"x", "y"}, "refunds": {"x"}}, x="SAR", y="SAR")
    compiled = compile_request(MetricRequest(("refund_share", "orders")), fragments, footprint=partly)
    assert compiled.recorded_in == {"refund_share": ("x",)}


def test_money_of_several_currencies_is_never_added_up(asking: Any) -> None:
    world = asking(orders=[{"city_id": "x", "basket_minor": 1}, {"city_id": "y", "basket_minor": 1}])
    mixed = footprint({}, x="SAR", y="KWD")
    with pytest.raises(WrongUse, match="KWD, SAR"):
        world.ask("basket", footprint=mixed)
    only_x = (Condition("city_id", Operator.EQ, ("x",)),)
    assert world.ask("basket", footprint=mixed, where=only_x) == [(1,)]
    assert world.ask("basket", footprint=mixed, scope=RowScope(None, ("y",))) == [(1,)]
    assert len(world.ask("basket", footprint=mixed, by=("city_id",))) == 2
    assert len(world.ask("basket", footprint=mixed, by=("country",))) == 1
    assert world.ask("orders", footprint=mixed) == [(2,)]


def test_money_by_country_is_refused_where_a_country_has_two_currencies(asking: Any) -> None:
    cities = {"x": CityFacts("ZZ", "SAR"), "y": CityFacts("ZZ", "KWD")}
    with pytest.raises(WrongUse, match="several currencies"):
        asking().ask("basket", by=("country",), footprint=Footprint(cities, {}))


@pytest.mark.parametrize(
    ("request_", "error", "text"),
    [
        (MetricRequest(()), WrongUse, "at least one metric"),
        (MetricRequest(("orderz",)), NotFound, "Did you mean orders"),
        (MetricRequest(("orders",), by=("zone",)), NotFound, "Did you mean zone_id"),
        (MetricRequest(("refunds",), by=("local_hour",)), WrongUse, "cannot be split or filtered by local_hour"),
        (MetricRequest(("refunds",), where=(Condition("status", Operator.EQ, ("x",)),)), WrongUse, "share"),
        (MetricRequest(("orders", "orders")), WrongUse, "once"),
        (MetricRequest(("orders",), limit=-1), WrongUse, "limit"),
        (MetricRequest(("orders",), order_by=(Order("zone_id"),)), WrongUse, "no column zone_id"),
    ],
)
def test_a_senseless_request_is_refused_with_what_would_do(
    fragments: Any, request_: Any, error: Any, text: str
) -> None:
    with pytest.raises(error, match=text):
        compile_request(request_, fragments)


def test_a_condition_that_is_known_of_no_row_counts_nought(asking: Any) -> None:
    assert asking(orders=[{"status": None}]).ask("delivered", "orders") == [(0, 1)]
    assert asking().ask("delivered") == [(0,)]


def test_a_window_within_periods_of_periods_is_refused(make_metric: Any, definitions: Any, tables: Any) -> None:
    dated = Version(1, date(2026, 1, 1), Cumulative("orders", Window()), Kind.CUMULATIVE)
    nested = Version(1, date(2026, 1, 1), Nested("so_far", ("week",), Aggregation.MEAN), Kind.NESTED)
    more = [
        make_metric("so_far", Ratio("orders", "orders"), version=dated),
        make_metric("weekly", Ratio("orders", "orders"), version=nested),
    ]
    model, problems = build_model(replace(definitions, metrics=(*definitions.metrics, *more)), tables)
    assert not problems
    days = Days(date(2026, 1, 5), date(2026, 1, 11))
    assert compile_request(MetricRequest(("weekly",), ("week",), days=days), Fragments(model, "duckdb")).sql
    with pytest.raises(WrongUse, match="split it by one"):
        compile_request(MetricRequest(("weekly",), ("month",), days=days), Fragments(model, "duckdb"))


def test_a_group_stands_for_base_rows_of_cities_in_which_nothing_that_follows_is_recorded(
    make_metric: Any, definitions: Any, tables: Any, asking: Any, at: Any
) -> None:
    placed = Event("orders", "placed_at", ("city_id",))
    formula = Conversion(placed, Event("refunds", "orders_.placed_at", ("city_id",)), 60, Calculation.COUNT)
    join = Join("orders_", "orders", (("city_id", "city_id"), ("order_id", "order_id")), Cardinality.MANY_TO_ONE)
    sources = tuple(
        replace(source, joins=(*source.joins, join)) if source.name == "refunds" else source
        for source in definitions.sources
    )
    dated = Version(1, date(2026, 1, 1), formula, Kind.CONVERSION)
    metrics = (*definitions.metrics, make_metric("refunded", Ratio("orders", "orders"), version=dated))
    model, problems = build_model(replace(definitions, sources=sources, metrics=metrics), tables)
    assert not problems
    orders = [
        {"city_id": "x", "order_id": "a", "zone_id": "n", "placed_at": at(9)},
        {"city_id": "y", "order_id": "b", "zone_id": "s", "placed_at": at(9)},
    ]
    world = asking(orders=orders, refunds=[{"city_id": "x", "order_id": "a"}])
    known = footprint({"orders": {"x", "y"}, "refunds": {"x"}}, x="SAR", y="SAR")
    request = MetricRequest(("refunded",), ("zone_id",))
    found = world.run(compile_request(request, Fragments(model, "duckdb"), footprint=known).sql)
    assert found == [("n", 1), ("s", 0)]


def test_a_limit_to_neighbors_opens_no_row_between_them(asking: Any) -> None:
    rows = [{"city_id": city, "status": "placed"} for city in ("w", "x", "y", "z", None)]
    known = footprint({}, w="SAR", x="SAR", z="SAR")  # the city between them is not known yet
    assert asking(orders=rows).ask("orders", footprint=known, scope=RowScope(None, ("x", "z"))) == [(2,)]
