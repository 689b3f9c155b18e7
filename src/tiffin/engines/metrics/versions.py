"""Metrics as they were defined: under a version, or on a date, each with all that it is made of."""

import re
from collections.abc import Callable, Container, Iterator, Sequence
from dataclasses import fields, is_dataclass, replace
from datetime import date
from typing import Any

from tiffin.engines.metrics.definitions import Definitions, Metric, Version
from tiffin.engines.metrics.model import Model
from tiffin.engines.metrics.refusals import no_metric
from tiffin.kernel.errors import NotFound, WrongUse
from tiffin.kernel.messages import Message

AT = "@"
"""Stands between a metric's name and the number of a version: ``late_share@2``."""

_WORD = re.compile(r"[a-z][a-z0-9_]*")


def plain_name(name: str) -> str:
    """Give the name of a metric without the version that is asked for."""
    return name.partition(AT)[0]


def versions_of(metric: Metric) -> tuple[Version, ...]:
    """List a metric's versions, oldest first."""
    return tuple(sorted((*metric.earlier, metric.version), key=lambda version: (version.since, version.number)))


def version_on(metric: Metric, day: date) -> Version:
    """Give the version that was in force on a day.

    Raises
    ------
    NotFound
        The metric was not defined yet.
    """
    known = [version for version in versions_of(metric) if version.since <= day]
    if not known:
        first = versions_of(metric)[0].since
        raise NotFound(
            Message(
                "{metric} was not defined on {day}; its first version is of {first}. Ask from then on.",
                metric=metric.name,
                day=day,
                first=first,
            )
        )
    return known[-1]


def numbered(metric: Metric, number: str) -> Version:
    """Give a version by its number.

    Raises
    ------
    WrongUse
        It is no number.
    NotFound
        There is no such version.
    """
    if not number.isdecimal():
        raise WrongUse(
            Message(
                "A version such as {metric}@1 was expected, {metric}@{number} was found.",
                metric=metric.name,
                number=number,
            )
        )
    for version in versions_of(metric):
        if version.number == int(number):
            return version
    known = ", ".join(str(version.number) for version in versions_of(metric))
    raise NotFound(
        Message(
            "There is no version {number} of {metric}. There are: {known}.",
            number=number,
            metric=metric.name,
            known=known,
        )
    )


def version_in_force(metric: Metric, day: date) -> Version:
    """Give the version in force on a day, or the first one where that is still to come."""
    known = [version for version in versions_of(metric) if version.since <= day]
    return known[-1] if known else versions_of(metric)[0]


Choice = Callable[[Metric], Version]
"""Chooses the version under which a metric is taken."""


def present(metric: Metric) -> Version:
    """Choose the newest version."""
    return metric.version


def definitions_for(model: Model, names: Sequence[str], choose: Choice = present) -> Definitions:
    """Give exactly the definitions that some metrics need.

    Parameters
    ----------
    names : sequence of str
        Metrics, with ``@number`` where a version is meant; its inputs are taken like every other metric.
    choose : callable
        Chooses the version of each metric that is named without one.

    Raises
    ------
    NotFound
        A metric or version does not exist.
    """
    chosen: dict[str, Metric] = {}
    waiting = list(reversed(names))
    while waiting:
        name = waiting.pop()
        if name not in chosen:
            chosen[name] = _under(name, model, choose)
            waiting += reversed(inputs_of(chosen[name].formula, model.metrics))
    read = dict.fromkeys(source for metric in chosen.values() for source in sources_of(metric.formula))
    prepared = [model.sources[name] for name in read if name in model.sources]
    # By name, not all there are: a model may read its definitions from disk one by one.
    names_used = dict.fromkeys(name for source in prepared for name in source.dimensions)
    dimensions = tuple(model.dimensions[name] for name in names_used if name in model.dimensions)
    return Definitions(dimensions, tuple(source.source for source in prepared), tuple(chosen.values()))


def changes_of(model: Model, names: Sequence[str]) -> date:
    """Give the day from which some metrics and all that they are made of mean what their newest versions say."""
    seen: dict[str, date] = {}
    waiting = [plain_name(name) for name in names]
    while waiting:
        name = waiting.pop()
        if name in seen or name not in model.metrics:
            continue
        metric = model.metrics[name]
        seen[name] = metric.version.since if metric.earlier else date.min
        waiting += [part for version in versions_of(metric) for part in inputs_of(version.formula, model.metrics)]
    return max(seen.values(), default=date.min)


def inputs_of(formula: Any, known: Container[str]) -> tuple[str, ...]:
    """Name the metrics that a formula is made of; measures inside it read sources, not metrics."""
    found: dict[str, None] = {}
    for part in fields(formula):
        value = getattr(formula, part.name)
        if part.name == "expression":
            found |= dict.fromkeys(_WORD.findall(value))
        elif isinstance(value, str):
            found[value] = None
    names = () if hasattr(formula, "source") else found
    return tuple(name for name in names if name in known)


def sources_of(formula: Any) -> Iterator[str]:
    """Name the sources that a formula itself reads."""
    for part in fields(formula):
        value = getattr(formula, part.name)
        if part.name == "source":
            yield value
        elif is_dataclass(value):
            yield from sources_of(value)


def _under(name: str, model: Model, choose: Choice) -> Metric:
    base, at, number = name.partition(AT)
    if at and name in model.metrics:  # definitions that were themselves chosen by version
        return model.metrics[name]
    if base not in model.metrics:
        raise no_metric(base, model.metrics)
    metric = model.metrics[base]
    version = numbered(metric, number) if at else choose(metric)
    others = tuple(other for other in versions_of(metric) if other != version)
    return replace(metric, name=name, version=version, earlier=others, examples=())
