"""Cases as columns of an engine, decided there by one statement, and values of its answer as FEEL's."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

import duckdb
import pyarrow as pa
from sqlglot import exp

from tiffin.engines.decisions.feel.calendar import Time
from tiffin.engines.decisions.feel.durations import Days, Years
from tiffin.engines.decisions.feel.from_python import feel_value
from tiffin.engines.decisions.sql.columns import ColumnType, Dialect, Shape
from tiffin.engines.decisions.sql.deciding import PolicySql

Case = Mapping[str, Any]
_ARROW: Mapping[Shape, pa.DataType] = {
    Shape.DOUBLE: pa.float64(),
    Shape.TEXT: pa.string(),
    Shape.BOOLEAN: pa.bool_(),
    Shape.DATE: pa.date32(),
    Shape.INSTANT: pa.timestamp("us", tz="UTC"),
}


def arrow_cases(cases: Sequence[Case], facts: Mapping[str, ColumnType]) -> pa.Table:
    """Lay cases into columns."""
    arrays = {
        name: pa.array([_encoded(case[name]) for case in cases], arrow_type(kind)) for name, kind in facts.items()
    }
    return pa.table({"case": pa.array(range(len(cases)), pa.int64()), **arrays})


def arrow_type(kind: ColumnType) -> pa.DataType:
    """Give the type of a column in Arrow."""
    if kind.shape is Shape.DECIMAL:
        return pa.decimal128(kind.digits + kind.scale, kind.scale)
    return _ARROW.get(kind.shape, pa.int64())


class Engine(Protocol):
    """What runs a statement over the table ``cases``."""

    dialect: Dialect

    def ask(self, statement: exp.Select, cases: pa.Table) -> pa.Table:
        """Run a statement."""


class Duckdb:
    """DuckDB within the process."""

    dialect: Dialect = "duckdb"

    def ask(self, statement: exp.Select, cases: pa.Table) -> pa.Table:
        """Run a statement."""
        with duckdb.connect() as connection:
            connection.register("cases", cases)
            return connection.sql(statement.sql("duckdb")).to_arrow_table()


class Spark:
    """Whatever speaks Spark Connect."""

    dialect: Dialect = "spark"

    def __init__(self, session: Any) -> None:
        self.session = session

    def ask(self, statement: exp.Select, cases: pa.Table) -> pa.Table:
        """Run a statement."""
        self.session.createDataFrame(cases).createOrReplaceTempView("cases")
        return self.session.sql(statement.sql("spark")).toArrow()


def decided_by(engine: Engine, policy: PolicySql, cases: pa.Table) -> list[tuple[Any, ...]]:
    """Decide all cases, in their order: the row, then each output as a value of FEEL."""
    found = engine.ask(policy.select("cases", "case").order_by("1"), cases)
    types = [one.type for one in policy.outputs]
    columns = [found.column(number).to_pylist() for number in range(1, found.num_columns)]
    decoded = [_decoded(values, kind) for values, kind in zip(columns[1:], types, strict=True)]
    return list(zip(columns[0], *decoded, strict=True))


def _encoded(value: Any) -> Any:
    if isinstance(value, Time):
        return value.second_of_day * 1_000_000 + value.nano // 1000
    if isinstance(value, Years):
        return value.months
    return value // timedelta(microseconds=1) if isinstance(value, timedelta) else value


def _decoded(values: Iterable[Any], kind: ColumnType | None) -> list[Any]:
    if kind is not None and kind.shape is Shape.SPAN:
        return [None if one is None else Days(one * 1000) for one in values]
    if kind is not None and kind.shape is Shape.MONTHS:
        return [None if one is None else Years(one) for one in values]
    if kind is not None and kind.shape is Shape.TIME:
        return [None if one is None else _time(one) for one in values]
    return [feel_value(one.astimezone(UTC) if isinstance(one, datetime) else one) for one in values]


def _time(micros: int) -> Time:
    second, rest = divmod(micros, 1_000_000)
    return Time(second // 3600, second // 60 % 60, second % 60, rest * 1000)
