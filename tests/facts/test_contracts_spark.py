"""Row rules mean the same on both engines: every rule of every contract over random rows."""

import random
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import duckdb
import pyarrow as pa
import pytest

from tiffin.kernel.contract import Column, LogicalType, TableContract
from tiffin.kernel.facts.registry import TABLES
from tiffin.kernel.rule_language import parse_rule
from tiffin.kernel.rule_sql import rule_sql
from tiffin.runtime.warehouse.columns import arrow_schema

pytest.importorskip("pysail", reason="needs the extra `spark`: pip install 'tiffin[spark]'")
pytest.importorskip("pyspark.sql.connect", reason="needs the extra `spark`: pip install 'tiffin[spark]'")

ROWS = 200
NOON = datetime(2026, 2, 20, 12, tzinfo=UTC)
RULED = [contract for contract in TABLES.values() if contract.rules]


@pytest.fixture(scope="module")
def spark() -> Iterator[Any]:
    from pysail.spark import SparkConnectServer  # noqa: PLC0415 - only where the extra is installed
    from pyspark.sql import SparkSession  # noqa: PLC0415 - the same

    server = SparkConnectServer("127.0.0.1", 0)
    server.start(background=True)
    address, port = server.listening_address
    session = SparkSession.builder.remote(f"sc://{address}:{port}").create()
    session.conf.set("spark.sql.session.timeZone", "UTC")
    yield session
    session.stop()
    server.stop()


def a_value(column: Column, chance: random.Random) -> Any:
    if chance.random() < 0.3:
        return None
    choices: Mapping[LogicalType, Sequence[Any]] = {
        LogicalType.STRING: column.values or ("x", "person"),
        LogicalType.INTEGER: range(-3, 4),
        LogicalType.NUMBER: (-1.5, 0.0, 0.5, 1.0, 2.5),
        LogicalType.BOOLEAN: (True, False),
        LogicalType.DATE: [(NOON + timedelta(days=days)).date() for days in range(-2, 3)],
        LogicalType.TIMESTAMP: [NOON + timedelta(hours=hours) for hours in (-200, -1, 0, 0.0001, 1, 200)],
    }
    return chance.choice(choices[column.type])


def random_rows(contract: TableContract) -> pa.Table:
    chance = random.Random(contract.name)  # noqa: S311 - no secret
    rows = [{column.name: a_value(column, chance) for column in contract.columns} for _ in range(ROWS)]
    return pa.Table.from_pylist(rows, schema=arrow_schema(contract))


@pytest.mark.parametrize("contract", RULED, ids=lambda contract: contract.name)
def test_every_row_rule_gives_both_engines_the_same_answer(contract: TableContract, spark: Any) -> None:
    rows = random_rows(contract)
    types = {column.name: column.type.value for column in contract.columns}
    rules = [parse_rule(rule.expression, types) for rule in contract.rules]

    with duckdb.connect() as connection:
        connection.register("load", rows)
        selected = ", ".join(f"coalesce({rule_sql(rule)}, true)" for rule in rules)
        embedded = connection.execute(f"SELECT {selected} FROM load").fetchall()  # noqa: S608 - the SQL is what is tested
    spark.createDataFrame(rows).createOrReplaceTempView("load")
    selected = ", ".join(f"coalesce({rule_sql(rule, 'spark')}, true)" for rule in rules)
    distributed = [tuple(row) for row in spark.sql(f"SELECT {selected} FROM load").collect()]  # noqa: S608 - the same

    assert embedded == distributed
    assert {answer for row in embedded for answer in row} == {True, False}
