"""From a request to one SQL statement: what is asked is checked, written, and said to be what."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from tiffin.engines.metrics.compiling.fragments import Fragments
from tiffin.engines.metrics.compiling.periods import splits_days, unit_of
from tiffin.engines.metrics.compiling.rows import CITY, COUNTRY
from tiffin.engines.metrics.compiling.statement import Statement
from tiffin.engines.metrics.compiling.states import can_be_split
from tiffin.engines.metrics.definitions import ColumnType, Unit
from tiffin.engines.metrics.footprint import Footprint
from tiffin.engines.metrics.model import Model, NestedAggregate, Resolved
from tiffin.engines.metrics.refusals import no_dimension, no_metric
from tiffin.engines.metrics.request import EVERYTHING, MetricRequest, RowScope
from tiffin.engines.metrics.rollups import Offer
from tiffin.engines.metrics.vocabulary import near
from tiffin.kernel.errors import WrongUse
from tiffin.kernel.messages import Message

CURRENCY = "currency"


@dataclass(frozen=True, slots=True)
class ResultColumn:
    """A column of the answer; dimensions have no unit."""

    name: str
    type: ColumnType
    unit: Unit | None = None


@dataclass(frozen=True, slots=True)
class Compiled:
    """A statement that is ready to run, and what its answer will look like.

    Parameters
    ----------
    recorded_in : mapping of str to tuple of str
        Metrics that can be told of some of the asked cities only, with those cities: the others lack facts for it.
    rollups : tuple of str
        Roll-ups that are read in place of the tables for which they stand.
    """

    sql: str
    dialect: str
    columns: tuple[ResultColumn, ...]
    tables: tuple[str, ...]
    recorded_in: dict[str, tuple[str, ...]] = field(default_factory=dict)
    rollups: tuple[str, ...] = ()


def compile_request(
    request: MetricRequest,
    fragments: Fragments,
    *,
    scope: RowScope = EVERYTHING,
    footprint: Footprint | None = None,
    rollups: Offer | None = None,
) -> Compiled:
    """Compile a request into SQL of the fragments' dialect.

    Parameters
    ----------
    scope : RowScope
        Rows that the asker may see; holds in every scan.
    footprint : Footprint or None
        Where facts exist; None takes every source as recorded everywhere.
    rollups : Offer or None
        Roll-ups that stand for the facts and may be read in their place; None reads the facts.

    Raises
    ------
    NotFound
        A metric or dimension does not exist.
    WrongUse
        A metric cannot be split or filtered so; amounts of several currencies would be added up.
    Forbidden
        The asker may see nothing, or a source cannot be limited to what he may see.
    """
    model = fragments.model
    values = _checked(request, model)
    statement = Statement(request, values, fragments, scope, footprint, offer=rollups)
    if footprint:
        _refuse_mixed_money(request, statement, values, footprint)
    sql = statement.sql({name: fragments.name(name) for name in (*request.by, *request.metrics)})
    dimensions = [ResultColumn(name, model.dimensions[name].type) for name in request.by]
    metrics = [ResultColumn(name, found.type, model.metrics[name].unit) for name, found in values.items()]
    whole = f"{sql}{_ordering(request, fragments)}"
    return Compiled(
        whole,
        fragments.dialect,
        (*dimensions, *metrics),
        tuple(statement.tables),
        dict(statement.recorded_in),
        tuple(statement.rollups),
    )


def _refuse_mixed_money(
    request: MetricRequest, statement: Statement, values: dict[str, Resolved], footprint: Footprint
) -> None:
    money = [name for name, resolved in values.items() if resolved.is_money]
    if not money or {CITY, CURRENCY} & set(request.by):
        return
    groups: dict[str | None, set[str | None]] = {}
    for city in statement.cities:
        facts = footprint.cities[city]
        groups.setdefault(facts.country if COUNTRY in request.by else None, set()).add(facts.currency)
    if any(len(currencies) > 1 for currencies in groups.values()):
        found = ", ".join(sorted(str(name) for name in set().union(*groups.values())))
        raise WrongUse(
            Message(
                "{metric} adds up money, and the request spans several currencies ({found}). "
                "Split it by {currency}, {country} or {city}, or limit it to one of them, such as "
                "{city} = '{example}'.",
                metric=money[0],
                found=found,
                currency=CURRENCY,
                country=COUNTRY,
                city=CITY,
                example=min(statement.cities),
            )
        )


def estimated_in(request: MetricRequest, model: Model) -> tuple[str, ...]:
    """Name the metrics of a request that are estimated, as was asked for."""
    if not request.is_approximate:
        return ()
    return tuple(
        name for name in request.metrics if name in model.resolved and _is_estimated(model.resolved[name], model)
    )


def _is_estimated(resolved: Resolved, model: Model) -> bool:
    leaves = [model.aggregates[number] for number in resolved.aggregates]
    inner = (leaf.metric for leaf in leaves if isinstance(leaf, NestedAggregate))
    return any(not can_be_split(leaf.aggregation) for leaf in leaves) or any(_is_estimated(one, model) for one in inner)


def _ordering(request: MetricRequest, fragments: Fragments) -> str:
    chosen = [(order.column, order.is_descending) for order in request.order_by]
    known = {*request.by, *request.metrics}
    for column, _ in chosen:
        if column not in known:
            names = ", ".join(sorted(known))
            raise WrongUse(
                Message(
                    "The result has no column {column} to sort by; it has {names}.{near}",
                    column=column,
                    names=names,
                    near=near(column, known),
                )
            )
    chosen += [(name, False) for name in request.by if name not in {column for column, _ in chosen}]
    parts = [f"{fragments.name(column)}{' DESC' if falling else ''} NULLS LAST" for column, falling in chosen]
    limit = f" LIMIT {int(request.limit)}" if request.limit is not None else ""
    return f"{' ORDER BY ' + ', '.join(parts) if parts else ''}{limit}"


def _checked(request: MetricRequest, model: Model) -> dict[str, Resolved]:
    if not request.metrics:
        raise WrongUse(Message("A request names at least one metric."))
    if request.limit is not None and request.limit < 0:
        raise WrongUse(Message("A limit is nought or more, found {limit}.", limit=request.limit))
    if len({*request.by, *request.metrics}) < len(request.by) + len(request.metrics):
        raise WrongUse(Message("A request names each metric and each dimension once."))
    found = {name: _resolved(name, model) for name in request.metrics}
    for dimension in (*request.by, *(condition.dimension for condition in request.where)):
        _check_dimension(dimension, found, model)
    for name, resolved in found.items():
        for by in _framed_splits(resolved, request.by, model):
            _check_frame(name, resolved, replace(request, by=by), model)
    return found


def _framed_splits(resolved: Resolved, by: tuple[str, ...], model: Model) -> Iterator[tuple[str, ...]]:
    """Give the dimensions by which the parts of a metric are split that read other days than their own."""
    for number in resolved.aggregates if resolved.is_framed else ():
        leaf = model.aggregates[number]
        if isinstance(leaf, NestedAggregate):
            yield from _framed_splits(leaf.metric, (*by, *(name for name in leaf.per if name not in by)), model)
        elif leaf.frame is not None:
            yield by


def _check_frame(name: str, resolved: Resolved, request: MetricRequest, model: Model) -> None:
    """Refuse splits under which days of another period have no place."""
    time = model.sources[resolved.sources[0]].source.time
    periods = [item for item in request.by if splits_days(item, time, model.dimensions)]
    moments = [item for item in request.by if model.dimensions[item].type is ColumnType.INSTANT]
    if len(periods) > 1 or (periods and unit_of(request, time, model.dimensions) is None) or moments:
        raise WrongUse(
            Message(
                "{metric} reads other days than those of its period: split it by one of the day, week, month, quarter "
                "or year and by no moment; found {found}.",
                metric=name,
                found=", ".join([*periods, *moments]),
            )
        )


def _resolved(name: str, model: Model) -> Resolved:
    if name not in model.resolved:
        raise no_metric(name, model.metrics)
    return model.resolved[name]


def _check_dimension(dimension: str, found: dict[str, Resolved], model: Model) -> None:
    if dimension not in model.dimensions:
        raise no_dimension(dimension, model.dimensions)
    for name, resolved in found.items():
        if dimension not in resolved.dimensions:
            shared = frozenset.intersection(*(other.dimensions for other in found.values()))
            common = ", ".join(sorted(shared)) or Message("no dimension")
            raise WrongUse(
                Message(
                    "{metric} cannot be split or filtered by {dimension}. All asked metrics share {shared}.",
                    metric=name,
                    dimension=dimension,
                    shared=common,
                )
            )
