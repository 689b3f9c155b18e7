"""Masked values: the same as masking in plain Python and then adding up, and nothing else to be had by asking."""

import hashlib
import math
import random
from collections import defaultdict
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import duckdb
import pyarrow as pa
import pytest

from tiffin.engines.metrics.building import build_model
from tiffin.engines.metrics.compiling.compiler import compile_request
from tiffin.engines.metrics.compiling.fragments import Fragments
from tiffin.engines.metrics.compiling.spans import Span, Window
from tiffin.engines.metrics.definitions import (
    ColumnType,
    Definitions,
    Dimension,
    Direction,
    Level,
    Metric,
    Source,
    Table,
    Tier,
    Unit,
    Version,
    Wording,
)
from tiffin.engines.metrics.formulas import Aggregation, Cumulative, Formula, Kind, Measure, Nested
from tiffin.engines.metrics.protection.allowances import Allowance, Policy
from tiffin.engines.metrics.protection.guarding import Guard
from tiffin.engines.metrics.protection.masking import KEY, masked_model, masked_request
from tiffin.engines.metrics.protection.permissions import Permit, permit
from tiffin.engines.metrics.request import Condition, MetricRequest, Operator, Order
from tiffin.engines.metrics.rollups import Merging, Offer, Standing
from tiffin.engines.metrics.sensitivity import Sensitivity
from tiffin.kernel.contract import Classification
from tiffin.kernel.errors import Forbidden
from tiffin.kernel.masks import Mask, MaskKind, Shape
from tiffin.kernel.time import Days

T, N, D, F = ColumnType.TEXT, ColumnType.INTEGER, ColumnType.DATE, ColumnType.DOUBLE
INSTANT = ColumnType.INSTANT
PEOPLE = Classification.PERSONAL
COLUMNS = {
    "order_id": T,
    "city_id": T,
    "country": T,
    "zone_id": T,
    "rider_id": T,
    "phone": T,
    "latitude": F,
    "speed": F,
    "joined_on": D,
    "seen_at": INSTANT,
    "minutes": N,
    "business_date": D,
}
MASKABLE = ("rider_id", "phone", "latitude", "joined_on", "seen_at")
GUARDED = {"orders": dict.fromkeys((*MASKABLE, "speed"), PEOPLE)}
SPLITS = ("city_id", "country", "zone_id", *MASKABLE, "speed", "business_date")
FIRST = date(2026, 1, 5)
SECRET = "known to nobody"  # noqa: S105 - of a test
ARROW = {T: pa.string(), N: pa.int64(), D: pa.date32(), F: pa.float64(), INSTANT: pa.timestamp("us", "UTC")}
FORMULAS: dict[str, Formula] = {
    "orders": Measure("orders", Aggregation.COUNT, (), None),
    "minutes": Measure("orders", Aggregation.SUM, ("minutes",), None),
    "riders": Measure("orders", Aggregation.COUNT_DISTINCT, ("rider_id",), None),
    "each_rider": Nested("orders", ("rider_id",), Aggregation.MEAN),
    "trailing": Cumulative("orders", Window(length=Span(days=3))),
}
WAYS = {
    "hash": {Shape.TEXT: "hash", Shape.PLACE: "coarse:100", Shape.TIME: "month"},
    "last": {Shape.TEXT: "last_four", Shape.PLACE: "coarse:20", Shape.TIME: "month"},
}


def masking(way: str) -> tuple[tuple[Classification, Shape, Mask], ...]:
    return tuple((PEOPLE, shape, Mask.parse(text)) for shape, text in WAYS[way].items())


def model_of() -> Any:
    wording = Wording({"en": "x"})
    dimensions = tuple(Dimension(name, COLUMNS[name], wording) for name in SPLITS)
    source = Source("orders", "orders", ("order_id",), "business_date", {name: name for name in SPLITS})
    metrics = tuple(
        Metric(
            name,
            wording,
            wording,
            Unit.RATIO,
            Direction.UP,
            Level.OPERATIONS,
            "tests",
            Tier.DRAFT,
            Version(1, FIRST, formula, Kind.SIMPLE),
        )
        for name, formula in FORMULAS.items()
    )
    model, problems = build_model(
        Definitions(dimensions, (source,), metrics), {"orders": Table(COLUMNS, ("order_id",))}
    )
    assert problems == ()
    return model


class World:
    """Random rows in DuckDB, and the platform's way to answers over them."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, dice: random.Random) -> None:
        self.model, self.connection, self.dice = model_of(), connection, dice
        self.sensitivity = Sensitivity(self.model, GUARDED, frozenset({("orders", "latitude")}))
        self.rows = [self._row(index) for index in range(dice.choice([30, 150]))]
        schema = pa.schema([(name, ARROW[kind]) for name, kind in COLUMNS.items()])
        facts_ = pa.Table.from_pylist(self.rows, schema=schema)  # noqa: F841 - DuckDB finds it by its name
        connection.execute("SET TimeZone = 'UTC'; CREATE OR REPLACE TABLE orders AS SELECT * FROM facts_")
        self.merging = Merging(self.model)
        self.rollups = tuple(self._rolled_up(more) for more in ((), ("rider_id",), ("phone", "latitude")))

    def _row(self, index: int) -> dict[str, Any]:
        dice, rider = self.dice, self.dice.randrange(6)
        city, country = dice.choice([("riyadh", "SA"), ("jeddah", "SA"), ("doha", "QA")])
        return {
            "order_id": f"o{index}",
            "city_id": city,
            "country": country,
            "zone_id": dice.choice(["n", "s", None]),
            "rider_id": dice.choice([f"r{rider}", None]),
            "phone": dice.choice([f"+96650000{rider}12{rider % 2}", f"0{rider}", "٠٥٥١٢٣٤٥٦٧", None]),
            "latitude": dice.choice([24.7136, 24.7199, -0.004, 24.7, None]),
            "speed": 3.5,
            "joined_on": date(2025, 1 + rider, 1 + dice.randrange(28)),
            "seen_at": datetime(2026, 1 + rider % 2, 1, tzinfo=UTC) + timedelta(seconds=dice.randrange(2_000_000)),
            "minutes": dice.randrange(90),
            "business_date": FIRST + timedelta(days=dice.randrange(5)),
        }

    def _rolled_up(self, more: tuple[str, ...]) -> Standing:
        rollup = self.merging.rollup("orders", more)
        assert rollup is not None
        standing = Standing(rollup, 1, len(more))
        kept = ", ".join([*rollup.columns, *(f"{state.sql} AS {state.column}" for state in rollup.states)])
        grouped = ", ".join(rollup.columns)
        self.connection.execute(
            f"CREATE OR REPLACE TABLE {standing.table} AS SELECT {kept} FROM orders AS base GROUP BY {grouped}"  # noqa: S608 - our names
        )
        return standing

    def answer(self, request: MetricRequest, policy: Policy, *, is_rolled_up: bool = False) -> tuple[Permit, Any]:
        found = permit(request, policy, self.sensitivity)
        assert found.masked == {}
        model = masked_model(self.model, found.masks)
        asked = masked_request(request, found.masks)
        guard = Guard(model)
        sized = guard.with_sizes(asked) if found.minimum_size > 1 else asked
        fragments = guard.fragments("duckdb") if found.minimum_size > 1 else Fragments(model, "duckdb")
        offer = Offer(Merging(fragments.model), self.rollups) if is_rolled_up else None
        compiled = compile_request(sized, fragments, scope=found.scope, rollups=offer)
        assert SECRET not in compiled.sql
        table = self.connection.sql(compiled.sql.replace(KEY, SECRET)).to_arrow_table()
        assert table.column_names[: len(request.by)] == [*request.by]
        width = len(request.by) + len(request.metrics)
        rows = [tuple(row) for row in zip(*(column.to_pylist() for column in table.columns[:width]), strict=True)]
        if found.minimum_size > 1:
            sizes = {name: table.column(at).fill_null(0).to_numpy() for name, at in guard.sizes_in(asked).items()}
            rows = list(guard.guarded(asked, rows, sizes, found.minimum_size).rows)
        return found, rows


def masked(value: Any, mask: Mask) -> Any:
    """Mask a value in plain Python."""
    if value is None:
        return None
    if mask.kind is MaskKind.HASH:
        return hashlib.sha256((SECRET + value).encode()).hexdigest()[:16]
    if mask.kind is MaskKind.LAST_FOUR:
        return f"…{value[-4:]}" if len(value) >= 8 else "…"
    if mask.kind is MaskKind.COARSE:
        return math.floor(value * mask.cells) / mask.cells
    month = value.replace(day=1)
    return month if not isinstance(value, datetime) else month.replace(hour=0, minute=0, second=0, microsecond=0)


def veiled(rows: list[dict[str, Any]], masks: Any) -> list[dict[str, Any]]:
    return [row | {name: masked(row[name], mask) for name, mask in masks.items()} for row in rows]


def meets(row: dict[str, Any], condition: Condition) -> bool:
    value, told = row[condition.dimension], condition.values
    if condition.operator is Operator.IS_NULL:
        return value is None
    if value is None:
        return False
    tests = {Operator.EQ: value == told[0], Operator.NE: value != told[0], Operator.LE: value <= told[0]}
    return tests.get(condition.operator, value in told)


def added_up(
    rows: list[dict[str, Any]], raw: list[dict[str, Any]], request: MetricRequest
) -> dict[Any, tuple[Any, ...]]:
    """Add up rows by what is told of them; what is inside a metric is of the values themselves."""
    groups: dict[Any, list[dict[str, Any]]] = defaultdict(list)
    for row, own in zip(rows, raw, strict=True):
        if all(meets(row, one) for one in request.where):
            groups[tuple(row[name] for name in request.by)].append(own)

    def value(metric: str, inside: list[dict[str, Any]]) -> Any:
        riders = [row["rider_id"] for row in inside if row["rider_id"] is not None]
        told = {
            "orders": len(inside),
            "minutes": sum(row["minutes"] for row in inside),
            "riders": len({*riders}),
            "each_rider": len(riders) / len({*riders}) if riders else None,
        }
        return told[metric]

    return {key: tuple(value(name, inside) for name in request.metrics) for key, inside in groups.items()}


@pytest.fixture
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with closing(duckdb.connect()) as made:
        yield made


def a_policy(dice: random.Random) -> Policy:
    way, least = dice.choice([*WAYS]), dice.choice([1, 1, 4])
    opened = frozenset({Classification.PUBLIC, Classification.INTERNAL})
    where = dice.choice([{"countries": ("SA",), "cities": ()}, {"cities": ("doha", "riyadh"), "countries": ()}, {}])
    within = dice.choice([(), (("rider_id", ("r1", "r2", "r3")),), (("zone_id", ("n",)),)])
    return (Allowance(**where, within=within, opens=opened, minimum_size=least, masks=masking(way)),)


def a_request(dice: random.Random, rows: list[dict[str, Any]], masks: Any) -> MetricRequest:
    by = tuple(dice.sample([*MASKABLE, "city_id", "zone_id"], dice.choice([0, 1, 2])))
    where = []
    for name in dice.sample(MASKABLE, dice.choice([0, 1, 1])):
        value = dice.choice(rows)[name]
        told = dice.choice([value, masked(value, masks[name])])  # a value itself must choose nothing by itself
        operators = [Operator.EQ, Operator.NE, Operator.LE]
        where.append(
            Condition(name, dice.choice(operators), (told,)) if told is not None else Condition(name, Operator.IS_NULL)
        )
    metrics = tuple(dice.sample(["orders", "minutes", "riders", "each_rider"], dice.choice([1, 2])))
    return MetricRequest(metrics, by, tuple(where))


def prove(connection: duckdb.DuckDBPyConnection, seed: int, requests: int) -> int:
    dice, told = random.Random(seed), 0  # noqa: S311 - not a secret
    world = World(connection, dice)
    for _ in range(requests):
        policy = a_policy(dice)
        masks = {name: mask_for(name, policy[0]) for name in MASKABLE}
        request = a_request(dice, world.rows, masks)
        used = {
            name: masks[name] for name in MASKABLE if name in {*request.by, *(one.dimension for one in request.where)}
        }
        seen = [row for row in world.rows if opens(policy[0], row)]
        expected = added_up(veiled(seen, used), seen, request)
        for is_rolled_up in (False, True):
            found, rows = world.answer(request, policy, is_rolled_up=is_rolled_up)
            assert found.masks == used
            answered = {row[: len(request.by)]: row[len(request.by) :] for row in rows}
            if not request.by:
                expected.setdefault((), answered[()])
            assert answered.keys() == expected.keys(), request
            for key, values in answered.items():
                if found.minimum_size == 1:
                    assert values == pytest.approx(expected[key]), request
                else:
                    assert all(
                        one is None or one == pytest.approx(other)
                        for one, other in zip(values, expected[key], strict=True)
                    )
            told += len(rows)
    return told


def mask_for(name: str, allowance: Allowance) -> Mask:
    shapes = {"latitude": Shape.PLACE, "joined_on": Shape.TIME, "seen_at": Shape.TIME}
    return next(mask for _, shape, mask in allowance.masks if shape is shapes.get(name, Shape.TEXT))


def opens(allowance: Allowance, row: dict[str, Any]) -> bool:
    is_there = allowance.is_everywhere or row["country"] in allowance.countries or row["city_id"] in allowance.cities
    return is_there and all(row[name] in values for name, values in allowance.within)


@pytest.mark.parametrize("seed", range(3))
def test_answers_by_masked_values_are_those_of_masking_first_and_adding_up_after(
    connection: duckdb.DuckDBPyConnection, seed: int
) -> None:
    assert prove(connection, seed, 25) > 50


@pytest.mark.full
@pytest.mark.parametrize("seed", range(100, 140))
def test_thousands_of_answers_by_masked_values_are_those_of_plain_python(
    connection: duckdb.DuckDBPyConnection, seed: int
) -> None:
    assert prove(connection, seed, 100) > 200


@pytest.fixture
def world(connection: duckdb.DuckDBPyConnection) -> World:
    return World(connection, random.Random(7))  # noqa: S311 - not a secret


OPEN = frozenset({Classification.PUBLIC, Classification.INTERNAL})
MASKED = (Allowance(countries=("SA",), cities=(), opens=OPEN, masks=masking("hash")),)


@pytest.mark.parametrize("operator", [Operator.EQ, Operator.IN])
def test_the_value_itself_chooses_nothing_where_it_is_masked(world: World, operator: Operator) -> None:
    for rider in ("r0", "r1", "r5"):
        _, rows = world.answer(MetricRequest(("orders",), where=(Condition("rider_id", operator, (rider,)),)), MASKED)
        assert rows == [(0,)]


def test_a_grant_for_some_riders_does_not_open_others_by_a_condition_on_their_codes(world: World) -> None:
    mine = (replace(MASKED[0], countries=None, cities=None, within=(("rider_id", ("r1",)),)),)
    code = masked("r1", Mask(MaskKind.HASH))
    by_code = Condition("rider_id", Operator.EQ, (code,))

    assert permit(MetricRequest(("orders",), where=(by_code,)), mine, world.sensitivity).scope.narrower
    as_value = Condition("rider_id", Operator.EQ, ("r1",))
    assert permit(MetricRequest(("orders",), where=(as_value,)), mine, world.sensitivity).scope.narrower


def test_order_and_limit_go_by_what_is_told(world: World) -> None:
    falling = MetricRequest(("orders",), ("rider_id",), order_by=(Order("rider_id", is_descending=True),), limit=3)
    _, first = world.answer(falling, MASKED)
    _, every = world.answer(MetricRequest(("orders",), ("rider_id",)), MASKED)

    codes = sorted((row[0] for row in every if row[0] is not None), reverse=True)
    assert [row[0] for row in first] == codes[:3]


def test_a_number_that_is_no_coordinate_stays_closed(world: World) -> None:
    with pytest.raises(Forbidden, match="speed is masked"):
        world.answer(MetricRequest(("orders",), ("speed",)), MASKED)


def test_all_of_an_answer_is_told_in_one_way(world: World) -> None:
    plainly = Allowance(cities=("riyadh",), countries=(), opens=OPEN | {PEOPLE})
    both = (*MASKED, plainly)
    split = MetricRequest(("orders",), ("rider_id",))
    there = replace(split, where=(Condition("city_id", Operator.EQ, ("riyadh",)),))

    assert [*world.answer(split, both)[0].masks] == ["rider_id"]
    assert {row[0] for row in world.answer(split, both)[1]} == {row[0] for row in world.answer(split, MASKED)[1]}
    assert world.answer(there, both)[0].masks == {}
    assert {row[0] for row in world.answer(there, both)[1]} <= {None, *(f"r{rider}" for rider in range(6))}


def test_windows_over_masked_groups_add_up_to_windows_over_all(world: World) -> None:
    days = Days(FIRST, FIRST + timedelta(days=4))
    whole = world.answer(MetricRequest(("trailing",), ("business_date",), days=days), MASKED)[1]
    split = world.answer(MetricRequest(("trailing",), ("business_date", "phone"), days=days), MASKED)[1]

    totals: dict[Any, int] = defaultdict(int)
    for day, _, value in split:
        totals[day] += value or 0
    assert totals == dict(whole)
    assert len({phone for _, phone, _ in split}) > 2
