"""What one asker may be told: which rows, which columns, and how small a group.

A policy is a list of allowances, one a grant; each opens some rows *and* some classes of columns. A number is told only
where one allowance opens its rows and every column that it reads: rows of one and columns of another never add up. So
an answer is taken over the rows of those allowances that open everything that the answer reads. A metric that no
allowance opens is masked; a dimension that none opens can be neither split nor filtered by.

An allowance may open a class masked, for dimensions. A request is told with masked dimensions where that reaches rows
which no allowance opens plainly: then all of it is, in one way, also the rows that could be told plainly. An allowance
may be for single assets: it opens these metrics, or metrics that read nothing but these columns, and nothing else.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial

from tiffin.engines.metrics.compiling.fragments import Fragments
from tiffin.engines.metrics.definitions import ColumnType
from tiffin.engines.metrics.footprint import Footprint
from tiffin.engines.metrics.model import Aggregate, Model, NestedAggregate
from tiffin.engines.metrics.protection.allowances import (
    CITY,
    COUNTRY,
    Allowance,
    Classes,
    Policy,
    covers,
    covers_request,
)
from tiffin.engines.metrics.protection.veiling import Masks, veiled
from tiffin.engines.metrics.request import EVERYTHING, Condition, MetricRequest, RowLimit, RowScope
from tiffin.engines.metrics.rollups import Standing
from tiffin.engines.metrics.sensitivity import Sensitivity
from tiffin.kernel.contract import Classification
from tiffin.kernel.errors import Forbidden
from tiffin.kernel.masks import Mask
from tiffin.kernel.messages import Message

FEW = 8
"""So many values are compared one after the other."""

Among = Callable[[str, tuple[str, ...], str, Fragments], str]
"""Writes that a dimension of a source is one of some values."""


@dataclass(frozen=True, slots=True)
class Permit:
    """How one request of one asker is answered.

    Parameters
    ----------
    scope : RowScope
        The rows over which it is.
    minimum_size : int
        Groups of fewer rows are withheld; 1 withholds none.
    masked : mapping of str to tuple of Classification
        Metrics that are not told, each with the classes of columns that no grant opens for it.
    masks : mapping of str to Mask
        Dimensions of the request that are told masked.
    """

    scope: RowScope
    minimum_size: int
    masked: Mapping[str, tuple[Classification, ...]]
    masks: Mapping[str, Mask] = field(default_factory=dict)


def permit(request: MetricRequest, policy: Policy, sensitivity: Sensitivity) -> Permit:
    """Decide what of a request is told.

    Raises
    ------
    Forbidden
        Nothing of it is: no allowance opens its dimensions, any of its metrics, or its metrics together.
    """
    split = sensitivity.of_dimensions(request)
    open_for_split = _opening(policy, split)
    masks: Masks = {}
    if any(allowance.masks for allowance in policy):
        open_for_split, masks = veiled(request, policy, open_for_split, sensitivity)
    if not open_for_split:
        raise Forbidden(_closed_dimension(request, policy, sensitivity))
    asked = _Asked(request, masks, sensitivity, _unmasked(request, masks, sensitivity) if masks else split)
    told, masked = [], {}
    for name in request.metrics:
        if asked.fitting(open_for_split, (name,)):
            told.append(name)
        else:
            masked[name] = _lacking(open_for_split, asked.needed(name))
    if not told:
        raise Forbidden(_closed_metrics(masked, open_for_split, asked))
    used = asked.fitting(open_for_split, tuple(told))
    if not used:
        raise Forbidden(
            Message(
                "No single grant of yours opens {metrics} together. Ask for them one by one.", metrics=", ".join(told)
            )
        )
    # A condition on a masked dimension chooses masked values: it says nothing of the rows behind them.
    where = tuple(item for item in request.where if item.dimension not in masks) if masks else request.where
    used = _sufficient(used, () if _follows(told, sensitivity.model) else where)
    size = max(allowance.minimum_size for allowance in used)
    return Permit(_scope(used), size, masked, masks)


@dataclass(frozen=True, slots=True)
class _Asked:
    """A request with the dimensions of it that are masked, and the classes of those that are not."""

    request: MetricRequest
    masks: Masks
    sensitivity: Sensitivity
    split: Classes

    def needed(self, metric: str) -> Classes:
        """Give the classes that must be open for a metric to be told."""
        return self.sensitivity.own_of_metric(metric) | self.split

    def fitting(self, allowances: list[Allowance], metrics: tuple[str, ...]) -> list[Allowance]:
        """Give the allowances that open some metrics together."""
        needed = frozenset[Classification]().union(*map(self.needed, metrics))
        found = _fitting(allowances, metrics, needed, self.sensitivity.model)
        if all(allowance.only is None for allowance in found):
            return found
        return [one for one in found if all(self.holds(one, name) for name in metrics)]

    def holds(self, allowance: Allowance, metric: str) -> bool:
        """Tell whether an allowance is for everything, or for a metric among others."""
        return allowance.only is None or allowance.only.holds(metric, self.request, self.sensitivity)


def _unmasked(request: MetricRequest, masks: Masks, sensitivity: Sensitivity) -> Classes:
    names = {*request.by, *(item.dimension for item in request.where)} - {*masks}
    return frozenset[Classification]().union(*map(sensitivity.of_dimension, names))


def _closed_metrics(masked: Mapping[str, tuple[Classification, ...]], opened: list[Allowance], asked: _Asked) -> str:
    others = [name for name in masked if not any(asked.holds(one, name) for one in opened)]
    if others:
        return Message(
            "Your grants are for single assets, and {metrics} is none of them. Ask for access to it.",
            metrics=", ".join(others),
        )
    return Message(
        "No grant of yours opens {metrics}: {why}. Ask an administrator for one.",
        metrics=", ".join(masked),
        why=_why(masked),
    )


def scope_of(policy: Policy) -> RowScope:
    """Give every row into which a policy reaches, whatever columns it opens there."""
    return _scope(list(policy))


def scope_dimensions(scope: RowScope) -> tuple[str, ...]:
    """Name the dimensions that the limit of a scope reads."""
    found: dict[str, None] = {}
    for limit in (RowLimit(scope.countries, scope.cities, ()), *scope.narrower):
        found |= {COUNTRY: None} if limit.countries else {}
        found |= {CITY: None} if limit.cities else {}
        found |= dict.fromkeys(name for name, _ in limit.within)
    return tuple(found)


def scope_sql(
    scope: RowScope,
    source: str,
    fragments: Fragments,
    *,
    footprint: Footprint | None = None,
    rollup: Standing | None = None,
) -> str | None:
    """Write the limit of the rows of a source; None where every row is open.

    Parameters
    ----------
    footprint : Footprint or None
        Where facts are: a limit that leaves no file out is written so that comparing is cheap.
    rollup : Standing or None
        What is read instead: it is so small that there is hardly any file to be left out.

    Raises
    ------
    Forbidden
        The source has no dimension by which it could be limited.
    """
    if scope.is_everything:
        return None
    among = partial(_among_held, rollup=rollup) if rollup else partial(_among, footprint=footprint)
    whole = _places_sql(scope.countries, scope.cities, source, fragments, among)
    parts = [whole, *(_limit_sql(limit, source, fragments, among) for limit in scope.narrower)]
    found = [part for part in parts if part]
    if not found:
        raise Forbidden(
            Message(
                "No grant of yours covers rows of {source}. Ask a steward for a grant on a country or a city.",
                source=source,
            )
        )
    return f"({' OR '.join(found)})"


def _limit_sql(limit: RowLimit, source: str, fragments: Fragments, among: Among) -> str | None:
    own = fragments.model.sources[source].dimensions
    places = _places_sql(limit.countries, limit.cities, source, fragments, among)
    is_everywhere = limit.countries is None and limit.cities is None
    if any(name not in own for name, _ in limit.within) or (places is None and not is_everywhere):
        return None
    parts = [among(name, values, source, fragments) for name, values in limit.within]
    return f"({' AND '.join([*([f'({places})'] if places else []), *parts])})"


def _places_sql(
    countries: tuple[str, ...] | None, cities: tuple[str, ...] | None, source: str, fragments: Fragments, among: Among
) -> str | None:
    own = fragments.model.sources[source].dimensions
    pairs = ((COUNTRY, countries), (CITY, cities))
    parts = [among(name, values, source, fragments) for name, values in pairs if values and name in own]
    return " OR ".join(parts) or None


def _among(name: str, values: tuple[str, ...], source: str, fragments: Fragments, footprint: Footprint | None) -> str:
    """Write that a dimension is one of some values, so that files without them are left out.

    A list leaves out most files, but where it is a run of neighbors its ends leave out as many, and comparing with a
    few values costs DuckDB a quarter of what it does with a list.
    """
    if 1 < len(values) <= FEW and footprint is not None and footprint.is_run(name, values):
        least, most = (fragments.literal(end(values), ColumnType.TEXT) for end in (min, max))
        run = f"{fragments.dimension(source, name)} BETWEEN {least} AND {most}"
        return f"({run} AND {_among_cases(name, values, source, fragments)})"
    kind = fragments.model.dimensions[name].type
    return f"{fragments.dimension(source, name)} IN ({', '.join(fragments.literal(value, kind) for value in values)})"


def _among_cases(name: str, values: tuple[str, ...], source: str, fragments: Fragments) -> str:
    """Write the same for a few values at half the cost in DuckDB, which makes a join of a list."""
    if not 1 < len(values) <= FEW:
        return _among(name, values, source, fragments, None)
    kind = fragments.model.dimensions[name].type
    cases = " ".join(f"WHEN {fragments.literal(value, kind)} THEN TRUE" for value in values)
    return f"CASE {fragments.dimension(source, name)} {cases} ELSE FALSE END"


def _among_held(name: str, values: tuple[str, ...], source: str, fragments: Fragments, rollup: Standing) -> str:
    """Write the same for a roll-up, which tells of its countries: where they are a run, its ends are enough."""
    column, held = fragments.dimension(source, name), rollup.countries if name == COUNTRY else None
    if held is not None and len(values) > 1 and column == f"base.{COUNTRY}":
        least, most = min(values), max(values)
        if not any(least < country < most for country in held.difference(values)):
            ends = (fragments.literal(end, ColumnType.TEXT) for end in (least, most))
            return f"{column} BETWEEN {' AND '.join(ends)}"
    return _among_cases(name, values, source, fragments)


def _opening(policy: Policy, needed: Classes) -> list[Allowance]:
    return [allowance for allowance in policy if needed <= allowance.opens]


def _fitting(allowances: list[Allowance], metrics: tuple[str, ...], needed: Classes, model: Model) -> list[Allowance]:
    """Give the allowances that open some columns and whose rows can be told apart in every source of the metrics."""
    known = (model.resolved[name] for name in metrics if name in model.resolved)  # the compiler tells of the others
    own = [model.sources[source].dimensions for source in {source for resolved in known for source in resolved.sources}]

    def tells_apart(name: str) -> bool:
        return name in model.dimensions and all(name in dimensions for dimensions in own)

    return [
        allowance
        for allowance in allowances
        if needed <= allowance.opens and all(tells_apart(name) for name, _ in allowance.within)
    ]


def _sufficient(used: list[Allowance], where: tuple[Condition, ...]) -> list[Allowance]:
    """Leave out allowances that open nothing more: one that covers the whole request, or another, is enough alone."""
    whole = [allowance for allowance in used if covers_request(allowance, where)]
    if whole:
        return [min(whole, key=lambda allowance: allowance.minimum_size)]
    kept: list[Allowance] = []
    for allowance in sorted(used, key=lambda one: one.minimum_size):
        if not any(covers(other, allowance) for other in kept):
            kept.append(allowance)
    return kept


def _follows(metrics: list[str], model: Model) -> bool:
    """Tell whether any metric credits rows that the request's conditions do not choose."""
    numbers = [number for name in metrics if name in model.resolved for number in model.resolved[name].aggregates]
    leaves = [model.aggregates[number] for number in numbers]
    nested = [leaf.metric for leaf in leaves if isinstance(leaf, NestedAggregate)]
    leaves += [model.aggregates[number] for inner in nested for number in inner.aggregates]
    return any(isinstance(leaf, Aggregate) and leaf.followed for leaf in leaves)


def _scope(used: list[Allowance]) -> RowScope:
    whole = [allowance for allowance in used if not allowance.within]
    if any(allowance.is_everywhere for allowance in whole):
        return EVERYTHING
    return RowScope(
        tuple(sorted({name for allowance in whole for name in allowance.countries or ()})),
        tuple(sorted({name for allowance in whole for name in allowance.cities or ()})),
        tuple(RowLimit(one.countries, one.cities, one.within) for one in used if one.within),
    )


def without_masked(request: MetricRequest, masked: Mapping[str, tuple[Classification, ...]]) -> MetricRequest:
    """Leave out of a request the metrics that are not told, and sorting by them."""
    if not masked:
        return request
    metrics = tuple(name for name in request.metrics if name not in masked)
    order = tuple(order for order in request.order_by if order.column not in masked)
    return replace(request, metrics=metrics, order_by=order)


def _lacking(allowances: list[Allowance], needed: Classes) -> tuple[Classification, ...]:
    nearest = min((needed - allowance.opens for allowance in allowances), key=len)
    return tuple(sorted(nearest))


def _why(masked: Mapping[str, tuple[Classification, ...]]) -> str:
    classes = sorted({name for lacking in masked.values() for name in lacking})
    if not classes:
        return Message("your rows cannot be told apart in its facts")
    return Message("the columns behind are {classes}", classes=", ".join(classes))


def _closed_dimension(request: MetricRequest, policy: Policy, sensitivity: Sensitivity) -> str:
    if not policy:
        return Message("No grant of yours is in force. Ask a steward for a grant on a country or a city.")
    names = dict.fromkeys((*request.by, *(condition.dimension for condition in request.where)))
    closed = [name for name in names if not _opening(policy, sensitivity.of_dimension(name))]
    return Message(
        "{dimension} is masked: no grant of yours opens columns that are so guarded, so numbers can be neither split "
        "nor filtered by it. Leave it out, or ask an administrator for a grant that opens it.",
        dimension=", ".join(closed or names),
    )
