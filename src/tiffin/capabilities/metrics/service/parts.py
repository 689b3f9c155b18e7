"""The two sums behind a metric, group by group: what stands above its fraction line, and what below.

Whoever compares groups has to weigh them. A ratio or a mean of groups comes from sums of both parts, never from a mean
of the groups' own values.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from tiffin.capabilities.metrics.service.answering import answer
from tiffin.capabilities.metrics.service.library import Library, known_tables, library_of
from tiffin.capabilities.metrics.service.policies import ground_for
from tiffin.engines.metrics.additivity import is_additive
from tiffin.engines.metrics.building import build_model
from tiffin.engines.metrics.compiling.fragments import Fragments
from tiffin.engines.metrics.definitions import Additivity, ColumnType, Definitions, Dimension, Metric, Source
from tiffin.engines.metrics.formulas import Aggregation, Derived, Formula, Kind, Measure, Ratio
from tiffin.engines.metrics.model import Model
from tiffin.engines.metrics.parsing import columns_of, parse
from tiffin.engines.metrics.refusals import no_metric
from tiffin.engines.metrics.request import Condition, MetricRequest
from tiffin.kernel.errors import Forbidden, WrongUse
from tiffin.kernel.messages import Message
from tiffin.kernel.time import Days
from tiffin.runtime.context import Context

ABOVE, BELOW = "{}__above", "{}__below"


PEOPLE = ("customer_id", "rider_id")
"""Columns of pseudonyms by which sums are kept for estimators alone."""


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
    context: Context,
    name: str,
    by: tuple[str, ...],
    *,
    where: tuple[Condition, ...] = (),
    days: Days | None = None,
    is_whole: bool = False,
) -> tuple[GroupParts, ...]:
    """Give the parts of a metric for each group, over the rows that the actor may see.

    Parameters
    ----------
    is_whole : bool
        Refuse where small groups are withheld from the actor; else they count for nothing.

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
    request = MetricRequest(metrics=_names(name, library), by=by, where=where, days=days)
    found = answer(context, request, library=library)
    if is_whole and found.receipt.withheld:
        raise Forbidden(
            Message("Small groups of '{metric}' are withheld from you, so it cannot be read out by them.", metric=name)
        )
    return _told(context, name, request, found.rows)


@dataclass(frozen=True, slots=True)
class PeopleParts:
    """The parts of a metric by person, for an estimator that tells of nobody.

    Parameters
    ----------
    groups : tuple of GroupParts
        The pseudonym comes first in each key. It is neither shown nor kept nor handed on.
    least_people : int
        Of fewer people nothing may be told, not even a sum.
    """

    groups: tuple[GroupParts, ...]
    least_people: int


def parts_by_person(
    context: Context,
    name: str,
    person: str,
    by: tuple[str, ...] = (),
    *,
    where: tuple[Condition, ...] = (),
    days: Days | None = None,
) -> PeopleParts:
    """Give the parts of a metric by person, over the rows of which the actor may be told the metric itself.

    What leaves the estimator is a number over many people, so the right to the metric decides and the right to see
    people is not asked for; whoever calls holds back what tells of fewer than `least_people`.

    Raises
    ------
    NotFound
        There is no such metric.
    WrongUse
        It is no sum, mean or ratio of sums, or not kept by such people.
    Forbidden
        The actor may see no rows, or one of the parts is not for him.
    """
    if not is_kept_by(context, name, person):
        raise WrongUse(
            Message("'{metric}' is made of facts that name no {person}. Choose another.", metric=name, person=person)
        )
    library = _library_of_parts(context, name, person)
    request = MetricRequest(metrics=_names(name, library), by=by, where=where, days=days)
    ground = ground_for(context, request, library)
    if ground.masked or ground.masks:
        raise Forbidden(Message("'{metric}' is told to you in part only, so it cannot be read out.", metric=name))
    split = replace(request, by=(person, *by))
    rows = answer(context, split, library=library, ground=replace(ground, minimum_size=1)).rows
    return PeopleParts(_told(context, name, split, rows), ground.minimum_size)


def is_kept_by(context: Context, name: str, person: str) -> bool:
    """Tell whether every fact that a metric is made of names such a person.

    Raises
    ------
    NotFound
        There is no such metric.
    """
    model = library_of(context.workspace).model
    if name not in model.metrics:
        raise no_metric(name, model.metrics)
    tables = [model.sources[source].source.table for source in model.resolved[name].sources]
    return all(person in known_tables()[table].columns for table in tables)


def _names(name: str, library: Library) -> tuple[str, ...]:
    return tuple(part.format(name) for part in (ABOVE, BELOW) if part.format(name) in library.model.metrics)


def _told(
    context: Context, name: str, request: MetricRequest, rows: tuple[tuple[Any, ...], ...]
) -> tuple[GroupParts, ...]:
    width, has_below = len(request.by), len(request.metrics) > 1
    formula = library_of(context.workspace).model.metrics[name].formula
    times = formula.times if isinstance(formula, Ratio) else 1.0
    return tuple(
        GroupParts(
            row[:width],
            times * float(row[width] or 0.0),
            float(row[width + 1] or 0.0) if has_below else None,
        )
        for row in rows
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


def _library_of_parts(context: Context, name: str, person: str | None = None) -> Library:
    """Give definitions of nothing but a metric's parts and what they are made of, with people where they are asked."""
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
    dimensions, sources = dict(model.dimensions), tuple(prepared.source for prepared in model.sources.values())
    if person is not None and person not in dimensions:
        dimensions[person] = Dimension(person, ColumnType.TEXT, metric.label)
    if person is not None:
        sources = tuple(_with_people(source, person) for source in sources)
    definitions = Definitions(tuple(dimensions.values()), sources, (*parts, *known.values()))
    built, problems = build_model(definitions, known_tables())
    if problems:
        raise RuntimeError(f"the parts of {name} are no definitions: {problems[0]}")
    return Library(built, (), {dialect: Fragments(built, dialect) for dialect in ("duckdb", "spark")})


def _with_people(source: Source, person: str) -> Source:
    if person in source.dimensions or person not in known_tables()[source.table].columns:
        return source
    return replace(source, dimensions={**source.dimensions, person: person})


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
