"""The two sums behind a metric, group by group: what stands above its fraction line, and what below.

Whoever compares groups has to weigh them. A ratio or a mean of groups comes from sums of both parts, never from a mean
of the groups' own values.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from tiffin.capabilities.metrics.service.answering import answer
from tiffin.capabilities.metrics.service.library import Library, known_tables, library_of
from tiffin.engines.metrics.additivity import is_additive
from tiffin.engines.metrics.building import build_model
from tiffin.engines.metrics.compiling.fragments import Fragments
from tiffin.engines.metrics.definitions import Additivity, Definitions, Metric
from tiffin.engines.metrics.formulas import Aggregation, Derived, Formula, Kind, Measure, Ratio
from tiffin.engines.metrics.model import Model
from tiffin.engines.metrics.parsing import columns_of, parse
from tiffin.engines.metrics.refusals import no_metric
from tiffin.engines.metrics.request import Condition, MetricRequest
from tiffin.kernel.errors import WrongUse
from tiffin.kernel.messages import Message
from tiffin.kernel.time import Days
from tiffin.runtime.context import Context

ABOVE, BELOW = "{}__above", "{}__below"


@dataclass(frozen=True, slots=True)
class GroupParts:
    """One group of a metric.

    Parameters
    ----------
    key : tuple
        Its values of the dimensions, in the order in which they were asked for.
    above : float
        Numerator with the metric's factor, or the sum itself where the metric is one.
    below : float or None
        Denominator; None where the metric is a sum, which has none.
    """

    key: tuple[Any, ...]
    above: float
    below: float | None


def parts_by(
    context: Context, name: str, by: tuple[str, ...], *, where: tuple[Condition, ...] = (), days: Days | None = None
) -> tuple[GroupParts, ...]:
    """Give the parts of a metric for each group, over the rows that the actor may see.

    Raises
    ------
    NotFound
        There is no such metric.
    WrongUse
        It is no sum, mean or ratio of sums, or cannot be split so.
    Forbidden
        The actor may see no rows, or one of the parts is not for him.
    """
    library = _library_of_parts(context, name)
    names = [part.format(name) for part in (ABOVE, BELOW) if part.format(name) in library.model.metrics]
    request = MetricRequest(metrics=tuple(names), by=by, where=where, days=days)
    found = answer(context, request, library=library)
    width = len(by)
    formula = library_of(context.workspace).model.metrics[name].formula
    times = formula.times if isinstance(formula, Ratio) else 1.0
    return tuple(
        GroupParts(
            row[:width],
            times * float(row[width] or 0.0),
            float(row[width + 1] or 0.0) if len(names) > 1 else None,
        )
        for row in found.rows
    )


def has_parts(context: Context, name: str) -> bool:
    """Tell whether a metric is a sum, a mean or a ratio of sums.

    Raises
    ------
    NotFound
        There is no such metric.
    """
    model = library_of(context.workspace).model
    if name not in model.metrics:
        raise no_metric(name, model.metrics)
    return _fraction(model.metrics[name], model) is not None


def not_weighed(name: str) -> WrongUse:
    """Say that groups of a metric cannot be weighed."""
    return WrongUse(
        Message(
            "'{metric}' is no sum, mean or ratio of sums, so groups of it cannot be weighed. Choose another.",
            metric=name,
        )
    )


def _library_of_parts(context: Context, name: str) -> Library:
    """Give definitions of nothing but a metric's parts and what they are made of."""
    model = library_of(context.workspace).model
    if name not in model.metrics:
        raise no_metric(name, model.metrics)
    metric = model.metrics[name]
    fraction = _fraction(metric, model)
    if fraction is None:
        raise not_weighed(name)
    parts = [
        _as_metric(metric, pattern.format(name), formula, model)
        for pattern, formula in zip((ABOVE, BELOW), fraction, strict=True)
        if formula is not None
    ]
    known = {one.name: one for part in parts for one in _made_of(part, model)}
    sources = tuple(prepared.source for prepared in model.sources.values())
    definitions = Definitions(tuple(model.dimensions.values()), sources, (*parts, *known.values()))
    built, problems = build_model(definitions, known_tables())
    if problems:
        raise RuntimeError(f"the parts of {name} are no definitions: {problems[0]}")
    return Library(built, (), {dialect: Fragments(built, dialect) for dialect in ("duckdb", "spark")})


def _fraction(metric: Metric, model: Model) -> tuple[Formula | str, Formula | str | None] | None:
    """Give what stands above and below; nothing below a sum, and None where a metric is neither sum nor fraction."""
    formula = metric.formula
    if is_additive(metric.name, model):
        return metric.name, None
    if isinstance(formula, Ratio) and all(_is_sum(part, model) for part in (formula.numerator, formula.denominator)):
        return formula.numerator, formula.denominator
    if isinstance(formula, Measure) and formula.aggregation is Aggregation.MEAN and formula.snapshot is None:
        known = f"({formula.of[0]}) is not null"
        where = known if formula.where is None else f"({formula.where}) and {known}"
        return (
            replace(formula, aggregation=Aggregation.SUM),
            replace(formula, aggregation=Aggregation.COUNT, of=(), where=where),
        )
    return None


def _is_sum(part: Measure | str, model: Model) -> bool:
    if isinstance(part, str):
        return is_additive(part, model)
    return part.aggregation in (Aggregation.SUM, Aggregation.COUNT) and part.snapshot is None


def _as_metric(metric: Metric, name: str, part: Formula | str, model: Model) -> Metric:
    formula = Derived(part) if isinstance(part, str) else part
    unit = model.metrics[part].unit if isinstance(part, str) else metric.unit
    kind = Kind.DERIVED if isinstance(formula, Derived) else Kind.SIMPLE
    version = replace(metric.version, formula=formula, kind=kind)
    return replace(metric, name=name, unit=unit, version=version, earlier=(), parents=(), targets=None, examples=(),
                   additivity=Additivity.ADDITIVE, successor=None)  # fmt: skip


def _made_of(metric: Metric, model: Model) -> Iterator[Metric]:
    """Give the metrics that a sum names, and those that they name."""
    if isinstance(metric.formula, Derived):
        for column in columns_of(parse(metric.formula.expression)):
            yield model.metrics[column.name]
            yield from _made_of(model.metrics[column.name], model)
