from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from typing import Any

import duckdb
import pyarrow as pa
import pytest

from tiffin.kernel.contract import Column, LogicalType, TableContract
from tiffin.kernel.facts.registry import TABLES
from tiffin.kernel.row_rules import key_rule, row_rules
from tiffin.kernel.rule_language import parse_rule
from tiffin.kernel.rule_sql import rule_sql

TYPES = {
    LogicalType.STRING: pa.string(),
    LogicalType.INTEGER: pa.int64(),
    LogicalType.NUMBER: pa.float64(),
    LogicalType.BOOLEAN: pa.bool_(),
    LogicalType.DATE: pa.date32(),
    LogicalType.TIMESTAMP: pa.timestamp("us", tz="UTC"),
}
PATTERNED = {
    "currency": "SAR",
    "country": "SA",
    "weekend": "5,6",
    "hijri_date": "1447-09-03",
    "h3_cell": "8853a1b5d5fffff",
    "digest": "a" * 64,
}
NOON = datetime(2026, 2, 20, 12, tzinfo=UTC)

tables = pytest.mark.parametrize("contract", TABLES.values(), ids=lambda contract: contract.name)
Row = Mapping[str, Any]


@pytest.fixture(scope="module")
def engine() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        connection.execute("SET TimeZone = 'UTC'")
        yield connection


def good_value(column: Column) -> Any:
    """Give a value that breaks none of the column's own rules."""
    match column.type:
        case LogicalType.STRING:
            return column.values[0] if column.values else PATTERNED.get(column.name, "x")
        case LogicalType.INTEGER | LogicalType.NUMBER:
            return column.maximum if column.maximum is not None and column.maximum < 1 else max(column.minimum or 0, 1)
        case LogicalType.BOOLEAN:
            return True
        case LogicalType.DATE:
            return date(2026, 2, 20)
        case LogicalType.TIMESTAMP:
            return NOON


def a_row(contract: TableContract, **changes: Any) -> Row:
    """Give the least row that the contract takes."""
    row: dict[str, Any] = {column.name: good_value(column) for column in contract.columns if column.required}
    if contract.name in {"surge_actions", "commands"}:
        row["expires_at"] = NOON.replace(hour=13)
    if contract.name in {"roster", "disruptions"}:
        row["ends_at"] = NOON.replace(hour=13)
    if contract.name == "orders":
        row["placed_at"] = NOON
    return row | changes


def broken_rules(engine: duckdb.DuckDBPyConnection, contract: TableContract, *rows: Row) -> list[list[str]]:
    """Name the rules that each row breaks, in order."""
    schema = pa.schema([(column.name, TYPES[column.type]) for column in contract.columns])
    load = pa.Table.from_pylist([dict(row) for row in rows], schema=schema)
    engine.register("load", load.append_column("_line", pa.array(range(len(rows)))))
    rules = (*row_rules(contract), key_rule(contract))
    selected = ", ".join(rule.sql for rule in rules)
    answers = engine.execute(f"SELECT {selected} FROM load ORDER BY _line").fetchall()  # noqa: S608 - the SQL is what is tested
    assert all(isinstance(answer, bool) for line in answers for answer in line)
    return [[rule.name for rule, good in zip(rules, line, strict=True) if not good] for line in answers]


@tables
def test_the_least_row_of_every_table_is_good(contract: TableContract, engine: duckdb.DuckDBPyConnection) -> None:
    assert broken_rules(engine, contract, a_row(contract)) == [[]]


@tables
def test_a_row_without_a_required_value_is_told_so_first(
    contract: TableContract, engine: duckdb.DuckDBPyConnection
) -> None:
    required = [column.name for column in contract.columns if column.required]

    answers = broken_rules(engine, contract, *(a_row(contract) | {name: None} for name in required))

    assert [answer[0] for answer in answers] == [f"required:{name}" for name in required]


@tables
def test_a_value_outside_its_column_s_bounds_is_told_so(
    contract: TableContract, engine: duckdb.DuckDBPyConnection
) -> None:
    wrong = [(column, kind, value) for column in contract.columns for kind, value in wrong_values(column)]

    answers = broken_rules(engine, contract, *(a_row(contract) | {column.name: value} for column, _, value in wrong))

    for (column, kind, value), answer in zip(wrong, answers, strict=True):
        assert f"{kind}:{column.name}" in answer, (column.name, value)


FAR_AWAY: Mapping[LogicalType, tuple[Any, ...]] = {
    LogicalType.NUMBER: (float("nan"), float("inf"), float("-inf")),
    LogicalType.TIMESTAMP: (datetime(1899, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)),
    LogicalType.DATE: (date(1899, 1, 1), date(2100, 1, 1)),
}


def wrong_values(column: Column) -> Iterator[tuple[str, Any]]:
    """Give values that break one rule of the column."""
    yield from (("range", value) for value in FAR_AWAY.get(column.type, ()))
    if column.minimum is not None:
        yield "range", column.minimum - 1
    if column.maximum is not None:
        yield "range", column.maximum + 1
    if column.values:
        yield "values", "none of them"
    if column.max_length is not None:
        yield "length", "x" * (column.max_length + 1)
    if column.pattern is not None:
        yield "pattern", "?"


AFTER_PLACED = [
    "accepted_at",
    "ready_at",
    "assigned_at",
    "arrived_at_merchant_at",
    "picked_up_at",
    "delivered_at",
    "cancelled_at",
    "returned_at",
    "promised_at",
]
EARLIER = NOON.replace(hour=11)


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        *(
            ({column: EARLIER, "status": "cancelled" if column == "cancelled_at" else "returned"}, None)
            for column in AFTER_PLACED
        ),
        ({"picked_up_at": NOON, "arrived_at_merchant_at": NOON.replace(hour=13)}, "picked_up_after_at_merchant"),
        ({"picked_up_at": NOON.replace(hour=13), "arrived_at_customer_at": NOON}, "at_customer_after_picked_up"),
        (
            {"status": "delivered", "delivered_at": NOON, "picked_up_at": NOON.replace(hour=13)},
            "delivered_after_picked_up",
        ),
        (
            {"status": "delivered", "delivered_at": NOON, "arrived_at_merchant_at": NOON.replace(hour=13)},
            "delivered_after_at_merchant",
        ),
        ({"status": "delivered"}, "delivered_has_time"),
        ({"delivered_at": NOON}, "delivered_at_needs_status"),
        ({"status": "delivered", "delivered_at": NOON.replace(day=28), "is_asap": True}, "delivered_within_a_week"),
        ({"cancelled_by": "customer"}, "cancel_needs_status"),
        ({"basket_minor": 100}, "money_needs_currency"),
        ({"item_count": 1, "distinct_item_count": 2}, "distinct_within_items"),
        ({"placed_at": None}, "has_an_instant"),
    ],
)
def test_an_order_that_cannot_have_happened_is_found(
    changes: dict[str, Any], rule: str | None, engine: duckdb.DuckDBPyConnection
) -> None:
    orders = TABLES["orders"]
    expected = rule or next(own.name for own in orders.rules if own.expression == f"{next(iter(changes))} >= placed_at")

    (answer,) = broken_rules(engine, orders, a_row(orders, **changes))

    assert answer == [expected]


def test_a_delivered_order_with_every_stage_is_good(engine: duckdb.DuckDBPyConnection) -> None:
    orders = TABLES["orders"]
    stages = ("accepted_at", "ready_at", "assigned_at", "arrived_at_merchant_at", "picked_up_at", "delivered_at")

    row = a_row(orders, status="delivered", **{name: NOON.replace(minute=n) for n, name in enumerate(stages)})

    assert broken_rules(engine, orders, row) == [[]]


def test_a_key_that_stands_twice_in_a_load_is_found_on_both_rows(engine: duckdb.DuckDBPyConnection) -> None:
    orders = TABLES["orders"]

    answers = broken_rules(engine, orders, a_row(orders), a_row(orders), a_row(orders, order_id="y"))

    assert answers == [["unique:key"], ["unique:key"], []]


def test_a_rule_says_what_is_wrong_in_words() -> None:
    reasons = {rule.name: rule.reason for rule in row_rules(TABLES["orders"])}

    assert reasons["required:order_id"] == "order_id is required and is empty."
    assert reasons["range:distance_m"] == "distance_m must be between 0 and 1000000 m."
    assert reasons["range:riders_busy"] == "riders_busy must be at least 0 riders."
    assert reasons["range:pickup_x_m"] == "pickup_x_m must be a finite number."
    assert reasons["delivered_after_placed"] == "The order was delivered before it was placed."


def test_every_rule_has_its_own_name() -> None:
    for contract in TABLES.values():
        names = [rule.name for rule in row_rules(contract)]
        assert len(set(names)) == len(names), contract.name


@tables
def test_every_row_rule_can_be_written_for_spark(contract: TableContract) -> None:
    types = {column.name: column.type.value for column in contract.columns}

    for rule in contract.rules:
        assert '"' not in rule_sql(parse_rule(rule.expression, types), "spark")
