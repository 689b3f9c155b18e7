# ruff: noqa: S608 - the SQL is what is tested
"""What definitions may say is computed alike by every engine, down to the type, on awkward values too."""

from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tiffin.engines.metrics.definitions import ColumnType, Grain
from tiffin.engines.metrics.formulas import Aggregation
from tiffin.engines.metrics.parsing import parse, write
from tiffin.engines.metrics.vocabulary import aggregate_sql, grain_sql
from tiffin.kernel.contract import TableContract
from tiffin.kernel.facts.registry import TABLES
from tiffin.runtime.warehouse.duckdb_engine import DuckdbWarehouse
from tiffin.runtime.warehouse.engine import Warehouse
from tiffin.runtime.warehouse.serving import local_url
from tiffin.runtime.warehouse.spark_engine import SparkWarehouse
from tiffin.runtime.warehouse.spark_sessions import Reach
from tiffin.runtime.warehouse.store import DeltaStore

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
EXPRESSIONS = (
    "basket_minor / distance_m",
    "tip_minor / 0",
    "coalesce(tip_minor, 0) + basket_minor * 2 - 1",
    "least(basket_minor, distance_m)",
    "greatest(tip_minor, 7)",
    "abs(basket_minor - distance_m)",
    "minutes_between(placed_at, delivered_at)",
    "minutes_between(placed_at, delivered_at) / 3",
    "case when is_asap then basket_minor else tip_minor end",
    "case when status = 'delivered' and basket_minor > 1000 then 1.5 end",
    "status in ('delivered', 'returned')",
    "basket_minor between 5 and 2000",
    "tip_minor is null",
)


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Iterable[dict[str, Any]]], tuple[Warehouse, Warehouse]]:
    def run(rows: Iterable[dict[str, Any]]) -> tuple[Warehouse, Warehouse]:
        store = DeltaStore(tmp_path_factory.mktemp("tables"))
        contract: TableContract = TABLES["orders"]
        schema = pa.schema([_field(contract, name) for name in COLUMNS])
        batches = pa.Table.from_pylist(list(rows), schema=schema).to_reader()
        store.upsert(contract, batches, now=NOW, source="test")
        reach = Reach(url=local_url(), tables=str(store.root), reading="delta")
        return DuckdbWarehouse(store, TABLES), SparkWarehouse(reach, store, TABLES)

    return run


COLUMNS = (
    "city_id", "order_id", "status", "is_asap", "placed_at", "delivered_at",
    "business_date", "basket_minor", "distance_m", "tip_minor",
)  # fmt: skip


def _field(contract: TableContract, name: str) -> pa.Field:
    from tiffin.runtime.warehouse.columns import ARROW  # noqa: PLC0415 - only here

    return pa.field(name, ARROW[contract.column(name).type])


def an_order(number: int, **changes: object) -> dict[str, Any]:
    placed = NOW + timedelta(minutes=7 * number, microseconds=number)
    return {
        "city_id": "riyadh",
        "order_id": f"order-{number}",
        "status": ("delivered", "cancelled", None)[number % 3],
        "is_asap": (True, False, None)[number % 3],
        "placed_at": placed,
        "delivered_at": None if number % 4 == 0 else placed + timedelta(seconds=1234 + number),
        "business_date": date(2025, 12, 27) + timedelta(days=number),
        "basket_minor": number * 331,
        "distance_m": (number % 5) * 100,
        "tip_minor": None if number % 2 else number,
        **changes,
    }


def agree(both: tuple[Warehouse, Warehouse], sql: Callable[[str], str]) -> list[dict[str, Any]]:
    """Ask both engines, and give the answer on which they agree to nine digits."""
    duckdb, spark = (warehouse.query_text(sql(warehouse.dialect)) for warehouse in both)
    assert duckdb.schema.types == spark.schema.types
    for left, right in zip(duckdb.to_pylist(), spark.to_pylist(), strict=True):
        for name, value in left.items():
            assert value == (pytest.approx(right[name], rel=1e-9) if isinstance(value, float) else right[name]), name
    return duckdb.to_pylist()


@pytest.fixture(scope="module")
def twelve(both: Callable[..., tuple[Warehouse, Warehouse]]) -> tuple[Warehouse, Warehouse]:
    return both(an_order(number) for number in range(12))


@pytest.mark.parametrize("text", EXPRESSIONS)
def test_every_expression_is_computed_alike(twelve: tuple[Warehouse, Warehouse], text: str) -> None:
    found = agree(twelve, lambda d: f"SELECT order_id, {write(parse(text), d).sql(d)} AS v FROM orders ORDER BY 1")

    assert len(found) == 12


@pytest.mark.parametrize("grain", list(Grain))
def test_every_grain_begins_on_the_same_day(twelve: tuple[Warehouse, Warehouse], grain: Grain) -> None:
    found = agree(
        twelve, lambda d: f"SELECT order_id, {grain_sql('business_date', grain, d)} AS v FROM orders ORDER BY 1"
    )

    if grain is Grain.WEEK:
        assert {row["v"].isoweekday() for row in found} == {1}


@pytest.mark.parametrize("aggregation", list(Aggregation))
@pytest.mark.parametrize("where", [None, "is_asap", "basket_minor > 1000000"])
def test_every_aggregate_is_computed_alike(
    twelve: tuple[Warehouse, Warehouse], aggregation: Aggregation, where: str | None
) -> None:
    def sql(dialect: str) -> str:
        body = aggregate_sql(
            aggregation,
            of=("distance_m",),
            where=where,
            quantile=0.9 if aggregation is Aggregation.PERCENTILE else None,
            result=ColumnType.INTEGER,
            dialect=dialect,
        )
        return f"SELECT {body} AS v, count(*) AS n FROM orders"

    assert agree(twelve, sql)[0]["n"] == 12


@pytest.mark.parametrize("quantile", [0.0, 0.1, 0.5, 0.95, 1.0])
def test_percentiles_interpolate_alike(twelve: tuple[Warehouse, Warehouse], quantile: float) -> None:
    def sql(dialect: str) -> str:
        minutes = write(parse("minutes_between(placed_at, delivered_at)"), dialect).sql(dialect)
        body = aggregate_sql(
            Aggregation.PERCENTILE,
            of=(minutes,),
            where=None,
            quantile=quantile,
            result=ColumnType.DOUBLE,
            dialect=dialect,
        )
        return f"SELECT {body} AS v FROM orders"

    agree(twelve, sql)


whole_numbers = st.none() | st.integers(-(10**12), 10**12)
instants = st.datetimes(datetime(1971, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - zone beside


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    values=st.lists(
        st.fixed_dictionaries(
            {
                "basket_minor": whole_numbers,
                "distance_m": whole_numbers,
                "tip_minor": whole_numbers,
                "placed_at": instants,
                "delivered_at": st.none() | instants,
                "business_date": st.dates(date(1971, 1, 1), date(2100, 1, 1)),
            }
        ),
        min_size=1,
        max_size=20,
    )
)
def test_any_rows_give_the_same_answers(
    both: Callable[..., tuple[Warehouse, Warehouse]], values: list[dict[str, Any]]
) -> None:
    warehouses = both(an_order(number, **row) for number, row in enumerate(values))

    def sql(dialect: str) -> str:
        columns = [f"{write(parse(text), dialect).sql(dialect)} AS v{n}" for n, text in enumerate(EXPRESSIONS)]
        days = [f"{grain_sql('business_date', grain, dialect)} AS g{n}" for n, grain in enumerate(Grain)]
        return f"SELECT order_id, {', '.join(columns + days)} FROM orders ORDER BY order_id"

    agree(warehouses, sql)
