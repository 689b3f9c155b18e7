"""A small marketplace: three sources, joins, and metrics of every kind, with a DuckDB to ask."""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from typing import Any

import duckdb
import pyarrow as pa
import pytest

from tiffin.engines.metrics.building import build_model
from tiffin.engines.metrics.compiling.compiler import compile_request
from tiffin.engines.metrics.compiling.fragments import Fragments
from tiffin.engines.metrics.definitions import (
    Cardinality,
    ColumnType,
    Definitions,
    Dimension,
    Direction,
    Grain,
    Join,
    Level,
    Metric,
    Source,
    Table,
    Tables,
    Tier,
    Unit,
    Version,
    Wording,
)
from tiffin.engines.metrics.formulas import Aggregation, Derived, Formula, Kind, Measure, Ratio
from tiffin.engines.metrics.model import Model
from tiffin.engines.metrics.request import EVERYTHING, MetricRequest

T, N, D, B = ColumnType.TEXT, ColumnType.INTEGER, ColumnType.DATE, ColumnType.INSTANT

TABLES: Tables = {
    "orders": Table(
        {
            "city_id": T,
            "order_id": T,
            "merchant_id": T,
            "zone_id": T,
            "status": T,
            "currency": T,
            "basket_minor": N,
            "item_count": N,
            "placed_at": B,
            "delivered_at": B,
            "business_date": D,
            "local_hour": N,
        },
        ("city_id", "order_id"),
    ),
    "refunds": Table(
        {
            "city_id": T,
            "refund_id": T,
            "order_id": T,
            "zone_id": T,
            "merchant_id": T,
            "amount_minor": N,
            "business_date": D,
        },
        ("city_id", "refund_id"),
    ),
    "merchants": Table({"city_id": T, "merchant_id": T, "category": T, "owner_id": T}, ("city_id", "merchant_id")),
    "owners": Table({"owner_id": T, "tier": T}, ("owner_id",)),
    "cities": Table({"city_id": T, "country": T}, ("city_id",)),
}

_ARROW = {
    T: pa.string(),
    N: pa.int64(),
    D: pa.date32(),
    B: pa.timestamp("us", "UTC"),
    ColumnType.BOOLEAN: pa.bool_(),
    ColumnType.DOUBLE: pa.float64(),
}

DAY = date(2026, 1, 5)


def wording(text: str) -> Wording:
    return Wording({"en": text})


def dimension(name: str, kind: ColumnType, **changes: Any) -> Dimension:
    return Dimension(name, kind, wording(name), **changes)


def a_metric(name: str, formula: Formula, **changes: Any) -> Metric:
    kinds = {Measure: Kind.SIMPLE, Ratio: Kind.RATIO, Derived: Kind.DERIVED}
    settled: dict[str, Any] = {
        "name": name,
        "label": wording(name),
        "meaning": wording(name),
        "unit": Unit.RATIO,
        "direction": Direction.UP,
        "level": Level.OPERATIONS,
        "owner": "test",
        "tier": Tier.CERTIFIED,
        "version": Version(1, date(2026, 1, 1), formula, kinds[type(formula)]),
    }
    return Metric(**(settled | changes))


def count(source: str = "orders", where: str | None = None, *of: str) -> Measure:
    return Measure(source, Aggregation.COUNT, of, where)


DIMENSIONS = (
    dimension("city_id", T),
    dimension("country", T),
    dimension("zone_id", T),
    dimension("category", T),
    dimension("tier", T),
    dimension("status", T),
    dimension("currency", T),
    dimension("local_hour", N),
    dimension("placed_at", B),
    dimension("business_date", D),
    dimension("week", D, grain_of="business_date", grain=Grain.WEEK),
    dimension("month", D, grain_of="business_date", grain=Grain.MONTH),
    dimension("weekday", N, grain_of="business_date", grain=Grain.WEEKDAY),
)

CITIES = Join("cities", "cities", (("city_id", "city_id"),), Cardinality.MANY_TO_ONE)
MERCHANTS = Join(
    "merchants", "merchants", (("city_id", "city_id"), ("merchant_id", "merchant_id")), Cardinality.MANY_TO_ONE
)
OWNERS = Join("owners", "owners", (("merchants.owner_id", "owner_id"),), Cardinality.MANY_TO_ONE)

ORDERS = Source(
    "orders",
    "orders",
    ("city_id", "order_id"),
    "business_date",
    {
        "city_id": "city_id",
        "country": "cities.country",
        "zone_id": "zone_id",
        "category": "merchants.category",
        "tier": "owners.tier",
        "status": "status",
        "currency": "currency",
        "local_hour": "local_hour",
        "placed_at": "placed_at",
        "business_date": "business_date",
    },
    (CITIES, MERCHANTS, OWNERS),
)
REFUNDS = Source(
    "refunds",
    "refunds",
    ("city_id", "refund_id"),
    "business_date",
    {
        "city_id": "city_id",
        "country": "cities.country",
        "zone_id": "zone_id",
        "category": "merchants.category",
        "business_date": "business_date",
    },
    (CITIES, MERCHANTS),
)

METRICS = (
    a_metric("orders", count()),
    a_metric("delivered", count(where="status = 'delivered'")),
    a_metric("cancelled", count(where="status = 'cancelled'")),
    a_metric("completion", Ratio("delivered", count(where="status <> 'placed'"))),
    a_metric("items", Measure("orders", Aggregation.SUM, ("item_count",))),
    a_metric("items_delivered", Measure("orders", Aggregation.SUM, ("item_count",), "status = 'delivered'")),
    a_metric("most_items", Measure("orders", Aggregation.MAXIMUM, ("item_count",))),
    a_metric("basket", Measure("orders", Aggregation.SUM, ("basket_minor",)), unit=Unit.MONEY),
    a_metric("minutes", Measure("orders", Aggregation.MEAN, ("minutes_between(placed_at, delivered_at)",))),
    a_metric(
        "minutes_p90",
        Measure("orders", Aggregation.PERCENTILE, ("minutes_between(placed_at, delivered_at)",), None, 0.9),
    ),
    a_metric("merchants", Measure("orders", Aggregation.COUNT_DISTINCT, ("city_id", "merchant_id"))),
    a_metric("merchant_names", Measure("orders", Aggregation.COUNT_DISTINCT, ("merchant_id",))),
    a_metric("refunds", count("refunds")),
    a_metric("refund_share", Ratio("refunds", "orders")),
    a_metric("refund_value", Measure("refunds", Aggregation.SUM, ("amount_minor",)), unit=Unit.MONEY),
    a_metric("refunds_per_100", Ratio("refunds", "orders", 100)),
    a_metric("failed", Derived("cancelled + refunds")),
    a_metric("failed_share", Derived("(cancelled + refunds) / orders")),
    a_metric("per_remainder", Derived("orders / (0.3 * orders - 0.1 * orders - 0.2 * items)")),
)

DEFINITIONS = Definitions(DIMENSIONS, (ORDERS, REFUNDS), METRICS)


@pytest.fixture(scope="session")
def tables() -> Tables:
    return TABLES


@pytest.fixture(scope="session")
def definitions() -> Definitions:
    return DEFINITIONS


@pytest.fixture(scope="session")
def make_metric() -> Callable[..., Metric]:
    return a_metric


@pytest.fixture(scope="session")
def model() -> Model:
    found, problems = build_model(DEFINITIONS, TABLES)
    assert not problems
    return found


@pytest.fixture(scope="session")
def fragments(model: Model) -> Fragments:
    return Fragments(model, "duckdb")


Facts = Mapping[str, list[dict[str, Any]]]


def complete(facts: Facts) -> dict[str, list[dict[str, Any]]]:
    """Give rows the columns that a test does not care about."""
    whole: dict[str, list[dict[str, Any]]] = {name: [] for name in TABLES}
    for name, rows in facts.items():
        for index, row in enumerate(rows):
            defaults = {"city_id": "x", "business_date": DAY, "order_id": f"o{index}", "refund_id": f"r{index}"}
            known = TABLES[name].columns
            whole[name].append({column: row.get(column, defaults.get(column)) for column in known})
    return whole


class Asking:
    """Facts in a DuckDB, and the answers of the compiler over them."""

    def __init__(self, fragments: Fragments, facts: Facts) -> None:
        self.rows = complete(facts)
        self.fragments = fragments
        self.connection = duckdb.connect()
        self.connection.execute("SET TimeZone = 'UTC'")
        for name, rows in self.rows.items():
            schema = pa.schema([(column, _ARROW[kind]) for column, kind in TABLES[name].columns.items()])
            self.connection.register(name, pa.Table.from_pylist(rows, schema=schema))

    def ask(
        self, *metrics: str, scope: Any = EVERYTHING, footprint: Any = None, **request: Any
    ) -> list[tuple[Any, ...]]:
        compiled = compile_request(MetricRequest(metrics, **request), self.fragments, scope=scope, footprint=footprint)
        return self.run(compiled.sql)

    def run(self, sql: str) -> list[tuple[Any, ...]]:
        return self.connection.execute(sql).fetchall()


@pytest.fixture
def asking(fragments: Fragments) -> Callable[..., Asking]:
    return lambda **facts: Asking(fragments, facts)


@pytest.fixture
def at() -> Callable[[int, int], datetime]:
    return lambda hour, minute=0: datetime(2026, 1, 5, hour, minute, tzinfo=UTC)
