"""Windows, moves in time, conversions, snapshots and dated joins against plain Python over random rows."""

import random
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any

import duckdb
import pytest

from tiffin.engines.metrics.semantic.compiler import SemanticRequest, compile_semantic
from tiffin.engines.metrics.semantic.manifest import Manifest
from tiffin.engines.metrics.semantic.naming import all_grains, ref_of
from tiffin.engines.metrics.semantic.reading import read_manifest
from tiffin.engines.metrics.semantic.times import Between
from tiffin.kernel.errors import InvalidDefinition, NotFound, WrongUse

FIRST, DAYS = date(2024, 1, 20), 75
SPINE = [FIRST + timedelta(days=number) for number in range(-5, DAYS + 5)]
Rows = list[dict[str, Any]]
Ask = Callable[..., list[tuple[Any, ...]]]


def time_of(name: str) -> dict[str, Any]:
    return {"name": name, "type": "time", "type_params": {"time_granularity": "day"}}


def metric(name: str, kind: str, **params: Any) -> dict[str, Any]:
    return {"metric": {"name": name, "type": kind, "type_params": params}}


def model(name: str, entities: list[dict[str, str]], dimensions: list[Any], measures: list[Any]) -> dict[str, Any]:
    relation = {"schema_name": "$source_schema", "alias": name}
    body = {"name": name, "node_relation": relation, "defaults": {"agg_time_dimension": "placed"}, "entities": entities}
    return {"semantic_model": {**body, "dimensions": dimensions, "measures": measures}}


def measure(name: str, agg: str, expr: str, **more: Any) -> dict[str, Any]:
    return {"name": name, "agg": agg, "expr": expr, "create_metric": True, **more}


def ends(name: str, end: str) -> dict[str, Any]:
    return {
        "name": name,
        "type": "time",
        "type_params": {"time_granularity": "day", "validity_params": {f"is_{end}": True}},
    }


PLACE = {"name": "place", "type": "categorical"}
NEAR = {"percentile": 0.9, "use_approximate_percentile": True}
EDGE = {"name": "placed", "window_choice": "max", "window_groupings": ["rider"]}
BEFORE = {"name": "worth", "offset_window": "1 month", "alias": "before"}
IN_A = {"name": "worth", "filter": "{{ Dimension('order__place') }} = 'a'"}
BOUGHT = {"base_measure": "visits", "conversion_measure": "orders", "entity": "rider", "window": "4 days"}
BOUGHT |= {"calculation": "conversions"}
SPINE_TABLE = {
    "node_relation": {"schema_name": "s", "alias": "spine"},
    "primary_column": {"name": "d", "time_granularity": "day"},
}
DOCUMENTS = [
    model(
        "orders",
        [{"name": "order", "type": "primary", "expr": "id"}, {"name": "rider", "type": "foreign", "expr": "rider_id"}],
        [time_of("placed"), PLACE],
        [
            measure("orders", "count", "id"),
            measure("worth", "sum", "amount"),
            measure("riders", "count_distinct", "rider_id"),
            measure("mean_worth", "average", "amount"),
            measure("middle_worth", "median", "amount"),
            measure("exact_p90", "percentile", "amount", agg_params={"percentile": 0.9}),
            measure("near_p90", "percentile", "amount", agg_params=NEAR),
            measure("last_worth", "sum", "amount", non_additive_dimension=EDGE),
        ],
    ),
    model(
        "visits",
        [{"name": "visit", "type": "primary", "expr": "id"}, {"name": "rider", "type": "foreign", "expr": "rider_id"}],
        [time_of("placed")],
        [measure("visits", "count", "id")],
    ),
    model(
        "fleets",
        [{"name": "rider", "type": "natural", "expr": "rider_id"}],
        [ends("since", "start"), ends("until", "end"), {"name": "fleet", "type": "categorical"}],
        [],
    ),
    metric("worth_3_days", "cumulative", measure="worth", window="3 days"),
    metric("riders_3_days", "cumulative", measure="riders", window="3 days"),
    metric("mean_3_days", "cumulative", measure="mean_worth", window="3 days"),
    metric("middle_3_days", "cumulative", measure="middle_worth", window="3 days"),
    metric("worth_in_month", "cumulative", measure="worth", cumulative_type_params={"grain_to_date": "month"}),
    metric("worth_ever", "cumulative", measure="worth", cumulative_type_params={"period_agg": "last"}),
    metric("month_ago", "derived", expr="before", metrics=[BEFORE]),
    metric("growth", "derived", expr="worth - month_ago", metrics=["worth", "month_ago"]),
    metric("filled", "simple", measure={"name": "orders", "join_to_timespine": True, "fill_nulls_with": 0}),
    metric("share", "ratio", numerator=IN_A, denominator="worth"),
    metric("bought", "conversion", conversion_type_params=BOUGHT),
    {"project_configuration": {"time_spines": [SPINE_TABLE]}},
]


@pytest.fixture(scope="module")
def manifest() -> Manifest:
    return read_manifest(DOCUMENTS, "s")


@pytest.fixture(scope="module")
def orders() -> Rows:
    chance = random.Random(4)  # noqa: S311 - rows of a test
    made = []
    for number in range(160):
        day = FIRST + timedelta(days=chance.choice([chance.randrange(DAYS), chance.randrange(40, 45)]))
        made.append({"id": number, "rider_id": chance.choice("uvwxyz"), "day": day})
        made[-1] |= {"place": chance.choice(["a", "b", None]), "amount": chance.randrange(100)}
    return made


@pytest.fixture(scope="module")
def visits() -> Rows:
    chance = random.Random(5)  # noqa: S311 - rows of a test
    pairs = sorted({(chance.randrange(DAYS), chance.choice("uvwxyz")) for _ in range(60)})
    return [{"id": n, "rider_id": who, "day": FIRST + timedelta(days=day)} for n, (day, who) in enumerate(pairs)]


FLEETS = [
    {"rider_id": rider, "fleet": fleet, "since": since, "until": until}
    for rider in "uvwxy"
    for fleet, since, until in (("red", FIRST, date(2024, 2, 15)), ("blue", date(2024, 2, 15), None))
]


@pytest.fixture(scope="module")
def ask(manifest: Manifest, orders: Rows, visits: Rows) -> Iterator[Ask]:
    """Ask metrics by names over the random rows."""
    with duckdb.connect() as connection:
        connection.execute("CREATE SCHEMA s; CREATE TABLE s.spine (d TIMESTAMP)")
        connection.execute("CREATE TABLE s.orders (id INT, rider_id TEXT, placed DATE, place TEXT, amount INT)")
        connection.execute("CREATE TABLE s.visits (id INT, rider_id TEXT, placed DATE)")
        connection.execute("CREATE TABLE s.fleets (rider_id TEXT, fleet TEXT, since DATE, until DATE)")
        connection.executemany("INSERT INTO s.spine VALUES (?)", [[day] for day in SPINE])
        for table, rows in (("orders", orders), ("visits", visits), ("fleets", FLEETS)):
            marks = ", ".join("?" * len(rows[0]))
            connection.executemany(f"INSERT INTO s.{table} VALUES ({marks})", [list(row.values()) for row in rows])  # noqa: S608 - names of this file

        def asked(metrics: str, by: str = "", **more: Any) -> list[tuple[Any, ...]]:
            refs = tuple(ref_of(name, all_grains(())) for name in by.split())
            sql = compile_semantic(SemanticRequest(tuple(metrics.split()), refs, **more), manifest)
            rows = connection.execute(sql).fetchall()
            return [tuple(value.date() if hasattr(value, "date") else value for value in row) for row in rows]

        yield asked


def total(rows: Rows) -> int | None:
    return sum(row["amount"] for row in rows) if rows else None


def within(orders: Rows, first: date, last: date) -> Rows:
    return [row for row in orders if first <= row["day"] <= last]


def month_before(day: date) -> date:
    year, month = (day.year, day.month - 1) if day.month > 1 else (day.year - 1, 12)
    following = date(year + month // 12, month % 12 + 1, 1)
    return date(year, month, min(day.day, (following - timedelta(days=1)).day))


def test_trailing_windows_count_the_days_that_they_say(ask: Ask, orders: Rows) -> None:
    expected = {}
    for day in SPINE:
        rows = within(orders, day - timedelta(days=2), day)
        if rows:
            expected[day] = (total(rows), len({row["rider_id"] for row in rows}), total(rows) / len(rows))
    assert {row[0]: row[1:] for row in ask("worth_3_days riders_3_days mean_3_days", "metric_time")} == expected


def test_the_median_of_a_window_is_that_of_its_rows(ask: Ask, orders: Rows) -> None:
    for day, found in ask("middle_3_days", "metric_time"):
        amounts = sorted(row["amount"] for row in within(orders, day - timedelta(days=2), day))
        assert found == (amounts[(len(amounts) - 1) // 2] + amounts[len(amounts) // 2]) / 2


def test_limits_cut_the_answer_and_not_the_window(ask: Ask, orders: Rows) -> None:
    day = date(2024, 3, 2)
    for found in (
        ask("worth_in_month", "metric_time", between=Between(day, day)),
        ask("worth_in_month", "metric_time", where=("{{ TimeDimension('metric_time', 'day') }} = '2024-03-02'",)),
    ):
        assert found == [(day, total(within(orders, day.replace(day=1), day)))]


def test_a_coarser_period_takes_the_last_of_its_windows(ask: Ask, orders: Rows) -> None:
    found = dict(ask("worth_ever", "metric_time__month"))
    assert found[date(2024, 2, 1)] == total(within(orders, FIRST, date(2024, 2, 29)))
    assert ask("worth_ever") == [(total(orders),)]


def test_a_month_ago_is_the_month_end_where_the_day_is_missing(ask: Ask, orders: Rows) -> None:
    expected = {}
    for day in SPINE:
        rows = within(orders, month_before(day), month_before(day))
        if rows:
            expected[day] = total(rows)
    assert dict(ask("month_ago", "metric_time")) == expected
    for day, growth in ask("growth", "metric_time"):
        both = [total(within(orders, day, day)), expected.get(day)]
        assert growth == (None if None in both else both[0] - both[1])


def test_a_move_in_time_keeps_filters_on_rows_and_moves_those_on_time(ask: Ask, orders: Rows) -> None:
    where = ("{{ Dimension('order__place') }} = 'a' AND {{ TimeDimension('metric_time') }} >= '2024-03-01'",)
    chosen = [row for row in orders if row["place"] == "a"]
    expected = {day: total(within(chosen, month_before(day), month_before(day))) for day in SPINE if day.month >= 3}
    found = dict(ask("month_ago", "metric_time", where=where))
    assert found == {day: value for day, value in expected.items() if value is not None}


def test_every_day_of_the_spine_is_shown_and_empty_ones_are_filled(ask: Ask, orders: Rows) -> None:
    found = dict(ask("filled", "metric_time"))
    assert found == {day: len(within(orders, day, day)) for day in SPINE}


def test_a_filter_on_a_shown_place_holds_for_empty_days_too(ask: Ask, orders: Rows) -> None:
    where = ("{{ Dimension('order__place') }} = 'a'",)
    chosen = [row for row in orders if row["place"] == "a"]
    expected = {(row["day"], "a"): len(within(chosen, row["day"], row["day"])) for row in chosen}
    assert {row[:2]: row[2] for row in ask("filled", "metric_time order__place", where=where)} == expected


def test_days_of_the_week_begin_with_monday(ask: Ask, orders: Rows) -> None:
    where = ("{{ Dimension('order__placed').date_part('dow') }} = 1",)
    where += ("{{ Dimension('order__placed').grain('month') }} > '2024-01-01'",)
    mondays = [row for row in orders if row["day"].isoweekday() == 1 and row["day"].month > 1]
    assert ask("orders", where=where) == [(len(mondays),)]
    assert ask("orders", "", where=("{{ TimeDimension('order__placed', 'year') }} = '2024-01-01'",)) == [(len(orders),)]


def test_approximate_percentiles_are_near_and_only_by_choice(ask: Ask, orders: Rows) -> None:
    amounts = sorted(row["amount"] for row in orders)
    [(exact, near)] = ask("exact_p90 near_p90")
    place = 0.9 * (len(amounts) - 1)
    low, high = amounts[int(place)], amounts[int(place) + 1]
    assert exact == pytest.approx(low + (place - int(place)) * (high - low))
    assert near == pytest.approx(exact, abs=3)


def test_ratios_filter_their_parts_apart(ask: Ask, orders: Rows) -> None:
    chosen = [row for row in orders if row["place"] == "a"]
    assert ask("share") == [(pytest.approx(total(chosen) / total(orders)),)]


def test_each_order_is_credited_to_the_latest_visit_within_the_window(ask: Ask, orders: Rows, visits: Rows) -> None:
    expected: dict[date, int] = {}
    for order in orders:
        before = [
            visit["day"]
            for visit in visits
            if visit["rider_id"] == order["rider_id"] and 0 <= (order["day"] - visit["day"]).days < 4
        ]
        if before:
            expected[max(before)] = expected.get(max(before), 0) + 1
    found = {day: value for day, value in ask("bought", "metric_time") if value}
    assert found == expected


def test_a_snapshot_counts_the_last_day_of_each_rider(ask: Ask, orders: Rows) -> None:
    last = {rider: max(row["day"] for row in orders if row["rider_id"] == rider) for rider in "uvwxyz"}
    rows = [row for row in orders if row["day"] == last[row["rider_id"]]]
    expected = {who: total([row for row in rows if row["rider_id"] == who]) for who in "uvwxyz"}
    assert dict(ask("last_worth", "rider")) == expected


def test_dated_rows_are_met_within_their_validity(ask: Ask, orders: Rows) -> None:
    expected: dict[str | None, int] = {}
    for row in orders:
        fleet = None if row["rider_id"] == "z" else "red" if row["day"] < date(2024, 2, 15) else "blue"
        expected[fleet] = expected.get(fleet, 0) + 1
    assert dict(ask("orders", "rider__fleet")) == expected


def test_rows_are_filtered_by_another_metric_of_their_rider(ask: Ask, orders: Rows, visits: Rows) -> None:
    counts = {rider: sum(visit["rider_id"] == rider for visit in visits) for rider in "uvwxyz"}
    floor = sorted(counts.values())[2]
    where = (f"{{{{ Metric('visits', group_by=['rider']) }}}} > {floor}",)
    assert ask("orders", where=where) == [(sum(counts[row["rider_id"]] > floor for row in orders),)]


def test_values_are_listed_without_metrics(ask: Ask, orders: Rows) -> None:
    assert {row[0] for row in ask("", "order__place")} == {row["place"] for row in orders}
    assert ask("", "metric_time__month", is_range=True) == [(date(2024, 1, 1), date(2024, 4, 1))]


@pytest.mark.parametrize("metrics", ["worth_3_days", "month_ago"])
def test_a_window_without_its_time_is_refused(ask: Ask, metrics: str) -> None:
    with pytest.raises(WrongUse, match="request"):
        ask(metrics)


@pytest.mark.parametrize(
    "where",
    [
        "{{ TimeDimension('metric_time', 'x'') OR 1') }} = 1",
        "{{ TimeDimension('metric_time', 'fortnight') }} = '2024-01-01'",
        "{{ __import__('os') }}",
        "{{ Dimension(moon) }} = 1",
        "{{ Metric('visits') }} > 1",
        "{{ Dimension('order__place').lower }} = 'a'",
        "{{ Dimension('order__place').grain('month') }} = '2024-01-01'",
        "amount > 1",
        "(SELECT 1) = 1",
        "order__place = ",
    ],
)
def test_a_filter_names_only_what_is_declared(ask: Ask, where: str) -> None:
    with pytest.raises(WrongUse):
        ask("orders", "metric_time", where=(where,))


def test_a_part_that_no_date_has_and_a_name_said_twice_are_refused(ask: Ask) -> None:
    with pytest.raises(WrongUse, match="fortnight"):
        ask("orders", where=("{{ Dimension('order__placed').date_part('fortnight') }} = 1",))
    with pytest.raises(WrongUse, match="once"):
        ask("orders orders")


def test_unknown_names_are_refused_by_name(ask: Ask) -> None:
    with pytest.raises(NotFound, match="walks"):
        ask("walks")
    with pytest.raises(WrongUse, match="order__moon"):
        ask("orders", "order__moon")
    with pytest.raises(WrongUse, match="order__moon"):
        ask("", "order__moon")
    with pytest.raises(WrongUse, match="sort"):
        ask("orders", "order__place", order_by=(("moon", False),))


def test_a_manifest_that_lacks_a_part_is_refused() -> None:
    with pytest.raises(InvalidDefinition, match="node_relation"):
        read_manifest([{"semantic_model": {"name": "orders"}}], "s")
    broken = model("orders", [], [{**time_of("placed"), "type_params": {"time_granularity": "fortnight"}}], [])
    with pytest.raises(InvalidDefinition, match="fortnight"):
        read_manifest([broken], "s")
