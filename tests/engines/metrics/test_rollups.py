"""Roll-ups as plain values: what they can tell, when they are chosen, and which are worth building."""

from dataclasses import replace
from typing import Any

import pytest

from tiffin.engines.metrics.fragments import Fragments
from tiffin.engines.metrics.model import Model
from tiffin.engines.metrics.rollup_plan import Candidate, Demand, choose_rollups
from tiffin.engines.metrics.rollups import Merging, Offer, Rollup, Standing, as_plain, from_plain


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


def test_a_joined_dimension_needs_the_columns_by_which_it_is_joined(merging: Merging) -> None:
    assert merging.needed("orders", "country") == {"city_id"}
    assert merging.needed("orders", "category") == {"city_id", "merchant_id"}
    assert merging.needed("orders", "tier") == {"city_id", "merchant_id"}
    assert merging.needed("orders", "week") == {"business_date"}


def test_what_must_see_every_row_has_no_states(merging: Merging, model: Model) -> None:
    split = {aggregate.aggregation: merging.parts(aggregate.number) for aggregate in model.aggregates}
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

    def rows(*dimensions: str) -> int | None:
        found = offer.choose("orders", dimensions, wanted)
        return found.rows if found else None

    assert rows("city_id", "month") == 100
    assert rows("country", "weekday") == 100
    assert rows("zone_id", "week") == 300
    assert rows("zone_id", "category") == 900
    assert rows("local_hour") is None
    assert offer.missed == [("orders", frozenset({"local_hour"}))]
    assert offer.choose("refunds", ["zone_id"], numbers(model, "refunds")) is None


def test_what_cannot_be_merged_is_no_demand_for_rollups(merging: Merging, model: Model) -> None:
    offer = Offer(merging, (Standing(rollup(merging), 1, 1),))
    distinct = [item.number for item in model.aggregates if merging.parts(item.number) is None]
    assert distinct
    assert offer.choose("orders", ["city_id"], distinct) is None
    assert not offer.missed


def test_a_rollup_without_a_state_of_a_newer_metric_is_not_chosen(merging: Merging, model: Model) -> None:
    found = rollup(merging)
    (wanted, *_) = numbers(model, "orders")
    lost = {state.column for state in merging.parts(wanted) or ()}
    older = replace(found, states=tuple(state for state in found.states if state.column not in lost))
    assert Offer(merging, (Standing(older, 1, 1),)).choose("orders", ["city_id"], [wanted]) is None


def test_a_definition_is_read_back_as_it_was_written(merging: Merging) -> None:
    found = rollup(merging, "orders", "zone_id")
    assert from_plain(as_plain(found)) == found


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
