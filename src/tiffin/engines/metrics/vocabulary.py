"""The words of expressions in definitions, and how each dialect spells what is made of them.

Nothing here reads SQL: whoever lays ready texts together needs no library for it.
"""

import difflib
from collections.abc import Iterable

from tiffin.engines.metrics.definitions import ColumnType, Grain
from tiffin.engines.metrics.formulas import Aggregation
from tiffin.kernel.messages import Message

DIALECTS = ("duckdb", "spark")

FUNCTIONS = ("minutes_between",)
WORDS = (*FUNCTIONS, "abs", "case", "coalesce", "least", "greatest")


def near(name: str, known: Iterable[str]) -> str:
    """Say which known names are near a wrong one, as a sentence; empty when none is."""
    matches = difflib.get_close_matches(name, sorted(known), n=3, cutoff=0.55)
    if not matches:
        return ""
    *others, last = matches
    names = Message("{names} or {last}", names=", ".join(others), last=last) if others else last
    return Message(" Did you mean {names}?", names=names)


MICROSECONDS = {"duckdb": "EPOCH_US", "spark": "UNIX_MICROS"}
"""Function that gives an instant as microseconds since 1970."""


def micros_sql(sql: str, dialect: str) -> str:
    """Write an instant as microseconds since 1970."""
    return f"{MICROSECONDS[dialect]}({sql})"


def grain_sql(day_sql: str, grain: Grain, dialect: str) -> str:
    """Write the period in which a business date lies: its first day, or for weekdays ISO's number (Monday 1)."""
    if grain is Grain.WEEKDAY:
        # Not WEEKDAY: Sail 0.7 says -1 on Sundays, where Spark says 6.
        return f"ISODOW({day_sql})" if dialect == "duckdb" else f"((DAYOFWEEK({day_sql}) + 5) % 7 + 1)"
    if dialect == "duckdb":
        return f"CAST(DATE_TRUNC('{grain}', {day_sql}) AS DATE)"
    return f"TRUNC({day_sql}, '{grain.upper()}')"


def aggregate_sql(
    aggregation: Aggregation,
    *,
    of: tuple[str, ...],
    where: str | None,
    quantile: float | None,
    result: ColumnType,
    dialect: str,
    is_approximate: bool = False,
) -> str:
    """Write an aggregate over rows that meet a filter.

    Parameters
    ----------
    is_approximate : bool
        Distinct counts and percentiles are estimated by sketches, each engine by its own.

    Notes
    -----
    Percentiles are exact unless asked otherwise, and interpolate between neighbours (Hyndman and Fan 1996, definition
    7).
    """
    filtered = where
    if aggregation is Aggregation.COUNT and where and not of:
        # A tenth cheaper than FILTER in DuckDB. Not COUNT_IF: DuckDB's gives nothing, not 0, where no row is known.
        return f"COUNT(CASE WHEN {where} THEN 1 END)"
    if aggregation is Aggregation.COUNT:
        body = f"COUNT({of[0]})" if of else "COUNT(*)"
    elif aggregation is Aggregation.COUNT_DISTINCT:
        body, filtered = _distinct(of, where, dialect, is_approximate=is_approximate)
    elif aggregation is Aggregation.PERCENTILE:
        exact, estimate = _PERCENTILES[dialect]
        body = f"{estimate if is_approximate else exact}({of[0]}, {quantile!r})"
    else:
        body = f"{_PLAIN[aggregation]}({of[0]})"
    sql = f"{body} FILTER (WHERE {filtered})" if filtered else body
    return f"CAST({sql} AS BIGINT)" if aggregation is Aggregation.SUM and result is ColumnType.INTEGER else sql


_PLAIN = {
    Aggregation.SUM: "SUM",
    Aggregation.MEAN: "AVG",
    Aggregation.MINIMUM: "MIN",
    Aggregation.MAXIMUM: "MAX",
}


_PERCENTILES = {"duckdb": ("QUANTILE_CONT", "APPROX_QUANTILE"), "spark": ("PERCENTILE", "PERCENTILE_APPROX")}


def _distinct(of: tuple[str, ...], where: str | None, dialect: str, *, is_approximate: bool) -> tuple[str, str | None]:
    if is_approximate:
        whole = of[0] if len(of) == 1 else f"{'ROW' if dialect == 'duckdb' else 'STRUCT'}({', '.join(of)})"
        present = " AND ".join(f"{part} IS NOT NULL" for part in of)
        return f"APPROX_COUNT_DISTINCT({whole})", f"({where}) AND {present}" if where else present
    if len(of) == 1:
        return f"COUNT(DISTINCT {of[0]})", where
    if dialect == "spark":
        return f"COUNT(DISTINCT {', '.join(of)})", where
    present = " AND ".join(f"{part} IS NOT NULL" for part in of)
    return f"COUNT(DISTINCT ({', '.join(of)}))", f"({where}) AND {present}" if where else present


TYPE_SQL = {
    ColumnType.TEXT: {"duckdb": "VARCHAR", "spark": "STRING"},
    ColumnType.INTEGER: {"duckdb": "BIGINT", "spark": "BIGINT"},
    ColumnType.DOUBLE: {"duckdb": "DOUBLE", "spark": "DOUBLE"},
    ColumnType.BOOLEAN: {"duckdb": "BOOLEAN", "spark": "BOOLEAN"},
    ColumnType.DATE: {"duckdb": "DATE", "spark": "DATE"},
    ColumnType.INSTANT: {"duckdb": "TIMESTAMPTZ", "spark": "TIMESTAMP"},
}
