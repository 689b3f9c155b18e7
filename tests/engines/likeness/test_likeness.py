"""Copies are found under any name; tables of other rows, grain or unit are not taken for copies."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tiffin.engines.likeness.metrics import Copy, SameMetric, meanings, same_metrics
from tiffin.engines.likeness.sketches import KEPT, ValueKind, contained, sketch
from tiffin.engines.likeness.tables import Profile, alike_tables, paired
from tiffin.engines.metrics.comparing.fingerprint import Facts
from tiffin.engines.metrics.definitions import Direction, Level, Metric, Source, Tier, Unit, Version, Wording
from tiffin.engines.metrics.formulas import Aggregation, Formula, Kind, Measure, Ratio

NO_TEXT = Wording({"en": "-"})
DRAW = random.Random(3)  # noqa: S311 - no secret
ROWS = [
    {"id": f"o{n}", "shop": f"s{DRAW.randrange(40)}", "paid": DRAW.randrange(50_000), "minutes": DRAW.gauss(30, 8)}
    for n in range(3_000)
]
KINDS = {"id": ValueKind.TEXT, "shop": ValueKind.TEXT, "paid": ValueKind.NUMBER, "minutes": ValueKind.NUMBER}


def a_profile(name: str, rows: Sequence[Mapping[str, object]], names: Mapping[str, str] | None = None) -> Profile:
    """Profile rows; ``names`` gives the columns to keep and what they are called."""
    called = names or {column: column for column in rows[0]}
    columns = {new: sketch([row[old] for row in rows], KINDS[old]) for old, new in called.items()}
    return Profile(name, columns)


def a_metric(name: str, formula: Formula, unit: Unit = Unit.ORDERS) -> Metric:
    version = Version(1, date(2026, 1, 1), formula, Kind.SIMPLE)
    return Metric(name, NO_TEXT, NO_TEXT, unit, Direction.UP, Level.TEAM, "me", Tier.DRAFT, version)


def a_source(name: str, table: str) -> Source:
    return Source(name, table, ("city_id", "order_id"), "business_date", {})


FACTS = Facts({"orders": a_source("orders", "orders"), "old_orders": a_source("old_orders", "old_orders")}, {}, {})
COPIES = {
    "old_orders": Copy("orders", {"st": "status", "due": "promised_at", "done": "delivered_at", "tip": "tip_minor"})
}


def are_same(one: Formula, other: Formula, *, units: tuple[Unit, Unit] = (Unit.ORDERS, Unit.ORDERS)) -> bool:
    metrics = {"one": a_metric("one", one, units[0]), "other": a_metric("other", other, units[1])}
    return same_metrics(meanings(metrics, FACTS, COPIES)) == (SameMetric("one", "other"),)


def count(where: str, source: str = "orders") -> Measure:
    return Measure(source, Aggregation.COUNT, where=where)


def total(of: str, where: str | None = None, source: str = "orders") -> Measure:
    return Measure(source, Aggregation.SUM, (of,), where)


@settings(max_examples=30)
@given(st.integers(10, 3_000), st.integers(0, 2_000), st.integers(1, 2_000))
def test_the_share_of_values_found_again_is_told_within_the_error_of_a_sketch(
    whole: int, start: int, size: int
) -> None:
    one = sketch(range(start, start + size), ValueKind.NUMBER)
    other = sketch(range(whole), ValueKind.NUMBER)
    true = len(set(range(start, start + size)) & set(range(whole))) / size
    # Four standard errors of a share over what both sketches keep of the union.
    union = max(whole, start + size) / size
    assert contained(one, other) == pytest.approx(true, abs=4 * max(1.0, union) ** 0.5 * KEPT**-0.5)


def test_a_small_sketch_is_exact() -> None:
    one, other = sketch(range(50), ValueKind.NUMBER), sketch(range(40, 200), ValueKind.NUMBER)
    assert contained(one, other) == pytest.approx(0.2)
    assert other.distinct == 160


def test_numbers_are_the_same_as_whole_ones_and_as_doubles() -> None:
    assert sketch([1, 2], ValueKind.NUMBER) == sketch([1.0, 2.0], ValueKind.NUMBER)
    assert contained(sketch(["1"], ValueKind.TEXT), sketch([1], ValueKind.NUMBER)) == 0


def test_a_copy_is_found_under_other_names_with_its_columns() -> None:
    anew = {"minutes": "a", "shop": "b", "id": "c", "paid": "d"}
    found = paired(a_profile("orders", ROWS), a_profile("backup", ROWS, anew))
    assert found is not None
    assert found.is_whole
    assert {frozenset(pair) for pair in found.columns.items()} == {frozenset(pair) for pair in anew.items()}


def test_fewer_rows_and_columns_are_a_part() -> None:
    part = a_profile("some", ROWS[:400], {"id": "key", "paid": "sum", "minutes": "m"})
    (found,) = alike_tables([a_profile("orders", ROWS), part])
    assert (found.part, found.whole, found.is_whole) == ("some", "orders", False)


def test_other_rows_under_the_same_name_are_no_copy() -> None:
    others = [{**row, "id": f"x{row['id']}", "paid": row["paid"] + 70_000, "minutes": -row["minutes"]} for row in ROWS]
    assert paired(a_profile("orders", ROWS), a_profile("orders_2025", others)) is None


def test_quantities_in_another_unit_are_no_copy() -> None:
    def quantities(factor: float) -> list[dict[str, object]]:
        return [{"shop": row["shop"], "paid": row["paid"] * factor, "minutes": row["minutes"] * factor} for row in ROWS]

    assert paired(a_profile("a", quantities(1)), a_profile("b", quantities(60))) is None


def test_a_list_of_shops_is_no_part_of_their_orders() -> None:
    shops = {row["shop"]: row for row in ROWS}
    wide = [{**row, "paid": shops[row["shop"]]["paid"], "minutes": shops[row["shop"]]["minutes"]} for row in ROWS]
    names = {"shop": "shop", "paid": "rent", "minutes": "far"}
    assert paired(a_profile("shops", list(shops.values()), names), a_profile("orders", wide)) is None


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (count("status = 'delivered' and is_asap"), count("is_asap and status in ('delivered')")),
        (count("delivered_at > promised_at"), count("minutes_between(promised_at, delivered_at) > 0")),
        (total("tip_minor"), total("coalesce(tip_minor, 0)")),
        (count("status = 'delivered'"), count("st = 'delivered'", "old_orders")),
        (count("delivered_at > promised_at"), count("minutes_between(due, done) > 0", "old_orders")),
        (
            Ratio(total("tip_minor"), count("is_asap")),
            Ratio(total("coalesce(tip, 0)", source="old_orders"), count("is_asap")),
        ),
    ],
)
def test_the_same_number_in_other_words_is_a_duplicate(one: Formula, other: Formula) -> None:
    assert are_same(one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (count("status = 'delivered'"), count("status = 'delivered' and is_asap")),
        (count("delivered_at > promised_at"), count("minutes_between(promised_at, delivered_at) > 1")),
        (count("delivered_at > promised_at"), count("minutes_between(promised_at, delivered_at) >= 0")),
        (total("tip_minor"), total("coalesce(tip_minor, 1)")),
        (total("tip_minor"), total("tip_minor * 60")),
        (count("status = 'delivered'"), count("status = 'delivered'", "old_orders")),
    ],
)
def test_another_number_in_like_words_is_none(one: Formula, other: Formula) -> None:
    assert not are_same(one, other)


def test_the_same_formula_in_another_unit_is_no_duplicate() -> None:
    formula = count("is_asap")
    assert are_same(formula, replace(formula))
    assert not are_same(formula, formula, units=(Unit.ORDERS, Unit.SHARE))


def test_few_decimals_that_meet_by_chance_are_no_copy() -> None:
    busy = [{"id": f"slot{n}", "shop": f"s{n % 40}", "paid": n % 900, "minutes": n / 10} for n in range(3_000)]
    weather = [{"id": f"hour{n}", "shop": f"s{n}", "paid": n % 30, "minutes": 18 + (n % 150) / 10} for n in range(400)]
    names = {"shop": "place", "paid": "wind", "minutes": "warm"}
    assert paired(a_profile("slots", busy), a_profile("weather", weather, names)) is None
