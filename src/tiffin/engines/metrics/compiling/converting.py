"""Money of several currencies in one: definitions rewritten so that every amount is converted at a stated rate.

A sum of amounts becomes the sum over currencies of the exact sum in minor units times the rate; a mean is the converted
sum over the number of amounts; percentiles, least and greatest values are taken of converted amounts. So nothing is
rounded on the way: whoever shows an amount rounds once, half to even, to the minor unit. Where any amount
is in a currency without a rate, the value is empty.
"""

from dataclasses import fields, replace
from fractions import Fraction
from typing import Any

from tiffin.engines.metrics.compiling.currencies import Factors
from tiffin.engines.metrics.definitions import Definitions, Metric
from tiffin.engines.metrics.formulas import Aggregation, Derived, Kind, Measure, Ratio
from tiffin.engines.metrics.model import MONEY_ENDING
from tiffin.engines.metrics.parsing import columns_of, parse
from tiffin.kernel.errors import WrongUse

CURRENCY = "currency"


def converted(definitions: Definitions, factors: Factors) -> Definitions:
    """Rewrite definitions so that all money is in one currency; those without money stay as they are."""
    rewriting = _Rewriting(definitions, factors)
    metrics = tuple(rewriting.metric(metric) for metric in definitions.metrics)
    return replace(definitions, metrics=(*metrics, *rewriting.made))


def is_money(measure: Measure) -> bool:
    """Tell whether the values of a measure are amounts of money."""
    if measure.aggregation in (Aggregation.COUNT, Aggregation.COUNT_DISTINCT):
        return False
    return any(column.name.endswith(MONEY_ENDING) for text in measure.of for column in columns_of(parse(text)))


class _Rewriting:
    def __init__(self, definitions: Definitions, factors: Factors) -> None:
        self._sources = {source.name: source for source in definitions.sources}
        self._names = {metric.name for metric in definitions.metrics}
        self._factors = factors
        self.made: list[Metric] = []

    def metric(self, metric: Metric) -> Metric:
        formula = metric.formula
        if isinstance(formula, Measure):
            if not is_money(formula):
                return metric
            formula = Derived(self._converted(formula, metric), formula.place)
            return _with(metric, metric.name, formula, Kind.DERIVED)
        changed: dict[str, Any] = {
            part.name: self._made(metric, Derived(self._converted(value, metric)), Kind.DERIVED)
            for part in fields(formula)
            if isinstance(value := getattr(formula, part.name), Measure) and is_money(value)
        }
        return _with(metric, metric.name, replace(formula, **changed), metric.kind) if changed else metric

    def _converted(self, measure: Measure, metric: Metric) -> str:
        currency = self._currency_of(measure)
        if measure.aggregation is Aggregation.SUM:
            value = self._summed(measure, currency, metric)
        elif measure.aggregation is Aggregation.MEAN:
            total = replace(measure, aggregation=Aggregation.SUM)
            amounts = replace(measure, aggregation=Aggregation.COUNT)
            over = self._made(metric, Derived(self._summed(total, currency, metric)), Kind.DERIVED)
            value = self._made(metric, Ratio(over, amounts), Kind.RATIO)
        else:
            value = self._made(metric, replace(measure, of=(self._each(measure.of[0], currency),)), metric.kind)
        known = ", ".join(f"'{code}'" for code in self._factors.worth)
        strange = _only_where(measure, f"({currency}) is null or ({currency}) not in ({known})")
        strangers = self._made(metric, replace(strange, aggregation=Aggregation.COUNT, quantile=None), Kind.SIMPLE)
        return f"case when {strangers} = 0 then {value} end"

    def _summed(self, measure: Measure, currency: str, metric: Metric) -> str:
        parts = {
            self._made(metric, _only_where(measure, f"({currency}) = '{code}'"), metric.kind): worth
            for code, worth in self._factors.worth.items()
        }
        total = " + ".join(_times(f"coalesce({name}, 0)", worth) for name, worth in parts.items())
        return f"case when coalesce({', '.join(parts)}) is not null then {total} end"

    def _each(self, amount: str, currency: str) -> str:
        worth = self._factors.worth.items()
        cases = " ".join(f"when ({currency}) = '{code}' then {_times(f'({amount})', one)}" for code, one in worth)
        return f"case {cases} end"

    def _currency_of(self, measure: Measure) -> str:
        source = self._sources[measure.source]
        if CURRENCY not in source.dimensions:
            raise WrongUse(
                f"The source {source.name} does not say in which currency its amounts are, so they cannot be "
                f"converted. Give it a dimension {CURRENCY}."
            )
        return source.dimensions[CURRENCY]

    def _made(self, metric: Metric, formula: Any, kind: Kind) -> str:
        name = f"converted_{len(self.made)}"
        while name in self._names:
            name = f"{name}_"
        self.made.append(_with(metric, name, formula, kind))
        return name


def _with(metric: Metric, name: str, formula: Any, kind: Kind) -> Metric:
    version = replace(metric.version, formula=formula, kind=kind)
    return replace(metric, name=name, version=version, earlier=())


def _only_where(measure: Measure, condition: str) -> Measure:
    """Take only the amounts that meet a condition, of the same rows: which those are may tell moments and noughts."""
    return replace(measure, of=(f"case when {condition} then {measure.of[0]} end",))


def _times(amount: str, worth: Fraction) -> str:
    """Multiply before dividing: half a minor unit then comes out as exactly that."""
    return f"{amount} * {float(worth.numerator)!r} / {float(worth.denominator)!r}"
