"""Roll-ups as plain values: what they can tell, when they are chosen, and which are worth building."""

import random
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from tiffin.engines.metrics.compiling.compiler import compile_request
from tiffin.engines.metrics.compiling.fragments import Fragments
from tiffin.engines.metrics.footprint import CityFacts, Footprint
from tiffin.engines.metrics.model import Expression, Model
from tiffin.engines.metrics.request import EVERYTHING, Condition, MetricRequest, Operator, RowScope
from tiffin.engines.metrics.rollup_plan import Candidate, Demand, choose_rollups
from tiffin.engines.metrics.rollups import Merging, Offer, Rollup, Standing, as_plain, from_plain
from tiffin.kernel.time import Days


@pytest.fixture
def merging(model: Model) -> Merging:
    return Merging(model)


def rollup(merging: Merging, source: str = "orders", *more: str) -> Rollup:
    found = merging.rollup(source, more)
    assert found is not None
    return found


def numbers(model: Model, *metrics: str) -> list[int]:
    return [number for name in metrics for number in model.resolved[name].aggregates]


def test_a_rollup_is_split_by_city_and_business_date_and_keeps_the_names_of_columns(merging: Merging) -> None:
    found = rollup(merging, "orders", "zone_id")
    assert found.cell == ("city_id", "business_date")
    assert found.columns[:2] == found.cell
    assert "zone_id" in found.columns
    assert "currency" in found.columns
    assert found.name.startswith("rollup_orders_by_zone_id_")


def test_a_rollup_is_named_after_all_that_it_holds(merging: Merging, model: Model) -> None:
    fewer = Merging(replace(model, aggregates=model.aggregates[:1]))
    assert rollup(merging).name != rollup(fewer).name
    assert rollup(merging).name == rollup(Merging(model)).name


def test_nothing_is_rolled_up_by_what_is_no_column(merging: Merging) -> None:
    assert merging.rollup("orders", ["category"]) is None
    assert merging.rollup("orders", ["status_"]) is None
    assert merging.rollup("orders", ["nowhere"]) is None


def dimensions(model: Model, *names: str) -> list[Expression]:
    return [model.sources["orders"].dimensions[name] for name in names]


@pytest.mark.parametrize(
    ("name", "columns"),
    [
        ("country", {"city_id"}),
        ("category", {"city_id", "merchant_id"}),
        ("tier", {"city_id", "merchant_id"}),
        ("week", {"business_date"}),
    ],
)
def test_a_dimension_needs_its_columns_and_those_by_which_it_is_joined(
    merging: Merging, model: Model, name: str, columns: set[str]
) -> None:
    assert merging.needed("orders", *dimensions(model, name)) == columns


def test_what_must_see_every_row_has_no_states(merging: Merging, model: Model) -> None:
    split = {leaf.aggregation: merging.parts(leaf.number) for leaf in model.aggregates}
    assert {name for name, parts in split.items() if parts is None} == {
        name for name in split if name in ("count_distinct", "percentile")
    }
    assert all(len(parts) <= 2 for parts in split.values() if parts)


def test_the_smallest_rollup_that_tells_all_is_chosen(merging: Merging, model: Model) -> None:
    standing = (
        Standing(rollup(merging, "orders", "zone_id", "merchant_id"), 3, 900),
        Standing(rollup(merging, "orders", "zone_id"), 4, 300),
        Standing(rollup(merging), 5, 100),
        Standing(rollup(merging, "refunds"), 6, 10),
    )
    offer = Offer(merging, standing)
    wanted = numbers(model, "orders")

    def rows(*names: str) -> int | None:
        found = offer.choose("orders", dimensions(model, *names), wanted)
        return found.rows if found else None

    assert rows("city_id", "month") == 100
    assert rows("country", "weekday") == 100
    assert rows("zone_id", "week") == 300
    assert rows("zone_id", "category") == 900
    assert rows("local_hour") is None
    assert offer.missed == [("orders", frozenset({"local_hour"}))]
    zone = model.sources["refunds"].dimensions["zone_id"]
    assert offer.choose("refunds", [zone], numbers(model, "refunds")) is None


def test_no_rollup_of_countries_stands_where_a_rows_country_is_its_citys(merging: Merging) -> None:
    assert merging.rollup("orders") is not None
    assert merging.rollup_of_countries("orders") is None


def test_what_cannot_be_merged_is_no_demand_for_rollups(merging: Merging, model: Model) -> None:
    offer = Offer(merging, (Standing(rollup(merging), 1, 1),))
    distinct = [item.number for item in model.aggregates if merging.parts(item.number) is None]
    assert distinct
    assert offer.choose("orders", dimensions(model, "city_id"), distinct) is None
    assert not offer.missed


def test_a_rollup_without_a_state_of_a_newer_metric_is_not_chosen(merging: Merging, model: Model) -> None:
    found = rollup(merging)
    (wanted, *_) = numbers(model, "orders")
    lost = {state.column for state in merging.parts(wanted) or ()}
    older = replace(found, states=tuple(state for state in found.states if state.column not in lost))
    assert Offer(merging, (Standing(older, 1, 1),)).choose("orders", dimensions(model, "city_id"), [wanted]) is None


def test_a_definition_is_read_back_as_it_was_written(merging: Merging) -> None:
    found = rollup(merging, "orders", "zone_id")
    assert from_plain(as_plain(found)) == found


SPLITS = ((), ("zone_id",), ("local_hour", "merchant_id"))


def beside(asked: Any, merging: Merging) -> Offer:
    """Roll-ups as tables beside the facts."""
    standing = []
    for source in ("orders", "refunds"):
        for more in SPLITS:
            found = merging.rollup(source, [name for name in more if name in merging.columns(source)])
            assert found is not None
            states = [f"{state.sql} AS {state.column}" for state in found.states]
            columns = ", ".join(found.columns)
            select = f"SELECT {', '.join([columns, *states])} FROM {found.table} AS base GROUP BY {columns}"  # noqa: S608
            one = Standing(found, 1, 0)
            asked.connection.execute(f"CREATE OR REPLACE TABLE {one.table} AS {select}")
            rows = asked.run(f"SELECT count(*) FROM {one.table}")[0][0]  # noqa: S608 - own names
            standing.append(replace(one, rows=rows))
    return Offer(merging, tuple(standing))


def facts(dice: random.Random) -> dict[str, list[dict[str, Any]]]:
    def common() -> dict[str, Any]:
        return {
            "city_id": dice.choice("xyz"),
            "merchant_id": dice.choice(["m1", "m2", None]),
            "zone_id": dice.choice(["n", "s", None]),
            "business_date": dice.choice([None, *(date(2026, 1, 3 + day) for day in range(9))]),
        }

    placed = datetime(2026, 1, 5, tzinfo=UTC)
    return {
        "orders": [
            common()
            | {
                "status": dice.choice(["delivered", "cancelled", "placed"]),
                "currency": "SAR",
                "basket_minor": dice.choice([None, dice.randrange(10**6)]),
                "item_count": dice.choice([None, dice.randrange(9)]),
                "placed_at": placed,
                "delivered_at": dice.choice([None, placed + timedelta(seconds=dice.randrange(4000))]),
                "local_hour": dice.choice([None, 9, 20]),
            }
            for _ in range(200)
        ],
        "refunds": [common() | {"amount_minor": dice.randrange(900)} for _ in range(40)],
        "cities": [{"city_id": "x", "country": "SA"}, {"city_id": "y", "country": "KW"}],
        "merchants": [{"city_id": "x", "merchant_id": "m1", "category": "kitchen", "owner_id": "o"}],
        "owners": [{"owner_id": "o", "tier": "gold"}],
    }


DIMENSIONS = ("city_id", "country", "zone_id", "category", "tier", "local_hour", "business_date", "week", "weekday")
SCOPES = (EVERYTHING, RowScope(("SA",), ()), RowScope(("KW",), ("x",)))


def test_answers_from_rollups_are_those_from_the_facts(
    asking: Callable[..., Any], merging: Merging, model: Model, fragments: Fragments
) -> None:
    dice = random.Random(20260105)  # noqa: S311 - not a secret
    asked = asking(**facts(dice))
    offer = beside(asked, merging)
    used = 0
    for _ in range(300):
        metrics = tuple(dice.sample(sorted(model.metrics), dice.choice((1, 2, 4))))
        shared = frozenset.intersection(*(model.resolved[name].dimensions for name in metrics))
        by = tuple(dice.sample([name for name in DIMENSIONS if name in shared], dice.choice((0, 1, 2))))
        where = tuple(
            item
            for item in (
                Condition("zone_id", Operator.IN, ("n", "q")),
                Condition("city_id", Operator.NE, ("y",)),
                Condition("business_date", Operator.GE, (date(2026, 1, 6),)),
            )
            if item.dimension in shared and dice.random() < 0.3
        )
        days = Days(date(2026, 1, 4), date(2026, 1, 4 + dice.randrange(6))) if dice.random() < 0.5 else None
        request = MetricRequest(metrics, by, where, days)
        how = {"scope": dice.choice(SCOPES), "footprint": dice.choice((None, FOOTPRINT))}
        rolled = compile_request(request, fragments, rollups=offer, **how)
        plain = compile_request(request, fragments, **how)
        assert rolled.tables == plain.tables
        assert rolled.columns == plain.columns
        used += bool(rolled.rollups)
        for one, other in zip(asked.run(rolled.sql), asked.run(plain.sql), strict=True):
            for left, right in zip(one, other, strict=True):
                assert left == (pytest.approx(right) if isinstance(right, float) else right), request
    assert used > 100


FOOTPRINT = Footprint(
    {"x": CityFacts("SA", "SAR"), "y": CityFacts("KW", "SAR"), "z": CityFacts(None, "SAR")},
    {"orders": frozenset("xyz"), "refunds": frozenset("xy")},
)


def test_rows_of_a_rollup_that_do_not_count_are_left_out(merging: Merging, fragments: Fragments, model: Model) -> None:
    (number, *_) = numbers(model, "orders")
    assert "CASE WHEN base.city_id = 'x' THEN" in merging.merged_sql(number, fragments, where="base.city_id = 'x'")


def candidate(source: str, columns: str, rows: int, values: int, **changes: Any) -> Candidate:
    return replace(Candidate(source, tuple(columns), frozenset(columns), rows, values), **changes)


def demand(source: str, columns: str, cost_ms: float) -> Demand:
    return Demand(source, frozenset(columns), cost_ms)


FACTS = {"orders": 1000, "refunds": 100}


def test_the_plan_takes_first_what_spares_most_for_its_room() -> None:
    small, large, other = (
        candidate("orders", "a", 10, 100),
        candidate("orders", "ab", 100, 1000),
        candidate("refunds", "a", 10, 100),
    )
    demands = [demand("orders", "a", 90), demand("orders", "ab", 500), demand("refunds", "a", 1)]
    assert choose_rollups([other, large, small], demands, facts=FACTS, values=10_000) == (small, large, other)
    assert choose_rollups([other, large, small], demands, facts=FACTS, values=1_050) == (small, other)


def test_the_plan_leaves_out_what_nobody_asks_and_what_hardly_shrinks() -> None:
    asked, unasked, as_large = (
        candidate("orders", "a", 10, 100),
        candidate("orders", "b", 10, 100),
        candidate("orders", "c", 501, 5010),
    )
    demands = [demand("orders", "a", 1), demand("orders", "c", 1e6)]
    assert choose_rollups([asked, unasked, as_large], demands, facts=FACTS, values=10**9) == (asked,)


def test_a_rollup_that_spares_nothing_beside_a_smaller_one_is_left_out() -> None:
    small, same = candidate("orders", "ab", 10, 100), candidate("orders", "abc", 10, 120)
    assert choose_rollups([small, same], [demand("orders", "a", 9)], facts=FACTS, values=10**9) == (small,)
