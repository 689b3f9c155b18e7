"""Aggregates in two steps: what a group of rows keeps, and the value over many such groups.

Counts, sums, means, least and greatest values can be taken apart so and put together exactly; distinct counts and
percentiles cannot.
"""

from tiffin.engines.metrics.definitions import ColumnType
from tiffin.engines.metrics.formulas import Aggregation
from tiffin.engines.metrics.vocabulary import aggregate_sql

_SPLIT = frozenset(Aggregation) - {Aggregation.COUNT_DISTINCT, Aggregation.PERCENTILE}


def can_be_split(aggregation: Aggregation) -> bool:
    """Tell whether an aggregate over groups follows from what each group keeps."""
    return aggregation in _SPLIT


def whole_sql(  # noqa: PLR0913 - an aggregate has as many parts
    aggregation: Aggregation,
    *,
    of: tuple[str, ...],
    where: str | None,
    quantile: float | None,
    result: ColumnType,
    dialect: str,
    is_grouped: bool,
    is_approximate: bool = False,
) -> str:
    """Write an aggregate over rows; a sum is nought where no row meets the filter, and empty where no value is known.

    Parameters
    ----------
    is_grouped : bool
        Whether every group has at least one row.
    """
    is_shared = bool(where and of) and aggregation is not Aggregation.COUNT_DISTINCT
    sql = aggregate_sql(
        aggregation,
        # Cheaper than FILTER in DuckDB, most of all where another aggregate takes in the same values.
        of=(f"CASE WHEN {where} THEN {of[0]} END",) if is_shared else of,
        where=None if is_shared else where,
        quantile=quantile,
        result=result,
        dialect=dialect,
        is_approximate=is_approximate,
    )
    if aggregation is not Aggregation.SUM or (is_grouped and where is None):
        return sql
    return f"CASE WHEN {_count(where)} = 0 THEN {nought_sql(result)} ELSE {sql} END"


def partials_sql(
    aggregation: Aggregation, *, of: tuple[str, ...], where: str | None, result: ColumnType, dialect: str
) -> tuple[str, ...]:
    """Write what a group of rows keeps of an aggregate that can be split."""
    # In DuckDB each FILTER of its own takes several times the work of a CASE.
    met = (f"CASE WHEN {where} THEN {of[0]} END",) if where and of else of

    def plain(kind: Aggregation, type_: ColumnType) -> str:
        left = None if where and of else where
        return aggregate_sql(kind, of=met, where=left, quantile=None, result=type_, dialect=dialect)

    if aggregation is Aggregation.SUM:
        return plain(Aggregation.SUM, result), _count(where)
    if aggregation is Aggregation.MEAN:
        total = f"CAST({plain(Aggregation.SUM, ColumnType.DOUBLE)} AS DOUBLE)"
        return total, plain(Aggregation.COUNT, ColumnType.INTEGER)
    return (plain(aggregation, result),)


def merged_sql(aggregation: Aggregation, states: tuple[str, ...], result: ColumnType, *, is_kept: bool = False) -> str:
    """Write the value over groups from the columns that each keeps.

    Parameters
    ----------
    states : tuple of str
        SQL of the columns, as many as `partials_sql` gives.
    is_kept : bool
        Whether there is at least one such group, and each has kept something: then a count is never unknown.
    """
    first = states[0]
    if aggregation is Aggregation.COUNT:
        count = f"CAST(SUM({first}) AS BIGINT)"
        return count if is_kept else f"COALESCE({count}, 0)"
    if aggregation is Aggregation.SUM:
        total = f"CAST(SUM({first}) AS BIGINT)" if result is ColumnType.INTEGER else f"SUM({first})"
        return f"CASE WHEN COALESCE(SUM({states[1]}), 0) = 0 THEN {nought_sql(result)} ELSE {total} END"
    if aggregation is Aggregation.MEAN:
        return f"SUM({first}) / NULLIF(SUM({states[1]}), 0)"
    return f"{'MIN' if aggregation is Aggregation.MINIMUM else 'MAX'}({first})"


def nought_sql(kind: ColumnType) -> str:
    """Write nought as a value of a type; a bare 0 would make Sail take the other values for whole numbers."""
    return f"CAST(0 AS {'BIGINT' if kind is ColumnType.INTEGER else 'DOUBLE'})"


def _count(where: str | None) -> str:
    return f"COUNT(CASE WHEN {where} THEN 1 END)" if where else "COUNT(*)"
