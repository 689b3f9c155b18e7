"""Money in one currency as its meaning has it: the rates of one day, and amounts as exact fractions until the end."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import sqlglot
from plain_expressions import over_rows, over_values
from plain_facts import Fact
from plain_values import aggregated
from plain_versions import TODAY
from sqlglot import exp

from tiffin.engines.metrics.definitions import Unit
from tiffin.engines.metrics.formulas import (
    Aggregation,
    Compared,
    Comparison,
    Cumulative,
    Derived,
    Formula,
    Measure,
    Nested,
)
from tiffin.engines.metrics.request import MetricRequest
from tiffin.kernel.errors import NotFound
from tiffin.kernel.facts.registry import TABLES

if TYPE_CHECKING:
    from plain_metrics import Plain

RANKED = (Aggregation.SUM, Aggregation.MINIMUM, Aggregation.MAXIMUM)
WHOLE = {"integer"}


@dataclass(frozen=True, slots=True)
class UsdRate:
    """Whole units of a currency that one US dollar costs from a day on."""

    currency: str
    since: date
    units: Fraction


@dataclass(frozen=True, slots=True)
class Rates:
    """What one minor unit of each currency is worth in minor units of another one."""

    worth: Mapping[str, Fraction]

    def taken(self, measure: Measure, facts: Sequence[Fact]) -> Any:
        """Give the value of an aggregate of money over rows."""
        read = over_rows(measure.of[0])
        amounts = [(amount, fact.dims.get("currency")) for fact in facts if (amount := read(fact.rows)) is not None]
        if any(currency not in self.worth for _, currency in amounts):
            return None
        if measure.aggregation is Aggregation.SUM and not facts:
            return 0
        return aggregated(
            measure.aggregation,
            [Fraction(amount) * self.worth[str(currency)] for amount, currency in amounts],
            measure.quantile,
        )


def rates_for(
    request: MetricRequest, currencies: Iterable[str | None], known: Sequence[UsdRate], digits: Mapping[str, int]
) -> Rates | None:
    """Give the rates of a request that converts money.

    Raises
    ------
    NotFound
        One of the currencies has no rate on that day.
    """
    if request.currency is None:
        return None
    day = request.rates_on or (request.days.last if request.days else TODAY)
    into = _units(request.currency, day, known) * 10 ** digits.get(request.currency, 2)
    names = {name for name in currencies if name} | {request.currency}
    return Rates({name: into / (_units(name, day, known) * 10 ** digits.get(name, 2)) for name in names})


def _units(currency: str, day: date, known: Sequence[UsdRate]) -> Fraction:
    found = [rate for rate in known if rate.currency == currency and rate.since <= day]
    if not found:
        raise NotFound(f"no rate of {currency}")
    return max(found, key=lambda rate: rate.since).units


def told_whole(plain: "Plain", name: str, value: Any) -> Any:
    """Round an amount that is whole in its own currency half to even; leave every other value as it is."""
    metric = plain.metrics[name]
    if isinstance(value, Fraction):
        is_whole = metric.unit is Unit.MONEY and _is_whole(plain, metric.formula)
        return round(value) if is_whole else float(value)
    is_rounded = isinstance(value, float) and metric.unit is Unit.MONEY and _is_whole(plain, metric.formula)
    return round(value) if is_rounded else value


def _is_whole(plain: "Plain", formula: Formula) -> bool:
    """Tell whether the values of a formula are whole numbers in their own currency."""
    if isinstance(formula, Measure):
        counts = formula.aggregation in (Aggregation.COUNT, Aggregation.COUNT_DISTINCT)
        return counts or (formula.aggregation in RANKED and _adds_whole(plain, formula))
    if isinstance(formula, Compared) and formula.gives is Comparison.CHANGE:
        return False
    if isinstance(formula, Nested):
        is_ranked = formula.aggregation in RANKED and _is_whole(plain, plain.formula(formula.metric))
        return is_ranked or formula.aggregation is Aggregation.COUNT
    if isinstance(formula, Derived):
        tree = sqlglot.parse_one(formula.expression, read="duckdb")
        names = over_values(formula.expression)[1]
        return not tree.find(exp.Div) and all(_is_whole(plain, plain.metrics[part].formula) for part in names)
    return isinstance(formula, (Cumulative, Compared)) and _is_whole(plain, plain.formula(formula.metric))


def _adds_whole(plain: "Plain", measure: Measure) -> bool:
    source = plain.sources[measure.source]
    tables = {"base": source.table} | {join.name: join.table for join in source.joins}
    tree = sqlglot.parse_one(measure.of[0], read="duckdb")
    read = [TABLES[tables[node.table or "base"]].column(node.name) for node in tree.find_all(exp.Column)]
    # Columns that conditions compare may be of any type.
    numbers = [column.type for column in read if column.type in ("integer", "number")]
    return not tree.find(exp.Div, exp.Anonymous) and all(kind in WHOLE for kind in numbers)
