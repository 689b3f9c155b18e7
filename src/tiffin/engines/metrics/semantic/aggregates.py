"""How each aggregation is written: over rows, and in two steps where the rows are first added up by day."""

from dataclasses import dataclass

from tiffin.engines.metrics.semantic.manifest import Measure
from tiffin.kernel.errors import WrongUse

_DIRECT = {
    "sum": "SUM({0})",
    "sum_boolean": "SUM(CAST({0} AS INT))",
    "count": "COUNT({0})",
    "count_distinct": "COUNT(DISTINCT {0})",
    "average": "AVG({0})",
    "min": "MIN({0})",
    "max": "MAX({0})",
    "median": "PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY {0})",
}


@dataclass(frozen=True, slots=True)
class Steps:
    """An aggregate in two steps: columns of each day's group, and the value over groups.

    Parameters
    ----------
    columns : tuple of str
        What each group keeps, as SQL with aliases.
    is_grouped : bool
        Whether rows of one group are added up; otherwise each distinct value, or each row, stays.
    values_kept : int
        How many of the columns make groups, beside time and dimensions.
    final : str
        The value over all groups, from the columns under alias ``r``.
    """

    columns: tuple[str, ...]
    is_grouped: bool
    values_kept: int
    final: str


def direct(measure: Measure, sql: str) -> str:
    """Write an aggregation over rows; percentiles are exact unless the measure asks for approximate ones.

    Raises
    ------
    WrongUse
        The aggregation is unknown.
    """
    if measure.agg == "percentile" and measure.percentile is not None:
        if measure.is_approximate and not measure.is_discrete:
            return f"APPROX_QUANTILE({sql}, {float(measure.percentile)!r})"
        how = "DISC" if measure.is_discrete else "CONT"
        return f"PERCENTILE_{how}({float(measure.percentile)!r}) WITHIN GROUP (ORDER BY {sql})"
    if measure.agg not in _DIRECT:
        raise WrongUse(f"{measure.name} is aggregated by {measure.agg}, which is not known here.")
    return _DIRECT[measure.agg].format(sql)


def in_steps(measure: Measure, sql: str) -> Steps:
    """Split an aggregation into what each day's groups keep and what is made of them."""
    if measure.agg in ("sum", "sum_boolean", "count"):
        return Steps((f"{direct(measure, sql)} AS v",), is_grouped=True, values_kept=0, final="SUM(r.v)")
    if measure.agg in ("min", "max"):
        final = direct(measure, "r.v")
        return Steps((f"{direct(measure, sql)} AS v",), is_grouped=True, values_kept=0, final=final)
    if measure.agg == "average":
        columns = (f"SUM({sql}) AS v", f"COUNT({sql}) AS w")
        return Steps(columns, is_grouped=True, values_kept=0, final="SUM(r.v) / NULLIF(SUM(r.w), 0)")
    is_distinct = measure.agg == "count_distinct"
    return Steps((f"{sql} AS v",), is_distinct, int(is_distinct), direct(measure, "r.v"))
