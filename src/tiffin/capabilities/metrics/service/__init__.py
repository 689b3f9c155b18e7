"""What other parts may ask of the metrics: the numbers themselves, what they mean, and how they came about."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlglot import parse_one

from tiffin.capabilities.metrics.domain.asking import Asked, read_request
from tiffin.capabilities.metrics.service.footprints import CityRecord, cities_in, footprint_in
from tiffin.capabilities.metrics.service.library import Library, library_of
from tiffin.engines.metrics.compiler import Compiled, ResultColumn, compile_request
from tiffin.engines.metrics.definitions import Dimension, Metric, Unit
from tiffin.engines.metrics.footprint import Footprint
from tiffin.engines.metrics.lineage import Lineage, lineage_of
from tiffin.engines.metrics.request import MetricRequest, RowScope
from tiffin.engines.metrics.vocabulary import near
from tiffin.kernel.errors import Forbidden, NotFound, WrongUse
from tiffin.runtime.context import Context


@dataclass(frozen=True, slots=True)
class Receipt:
    """Where an answer comes from: enough to ask again and get the same.

    Parameters
    ----------
    metrics : mapping
        By name: version, since when it holds, tier, unit, label and meaning in the asker's language.
    tables : mapping of str to int or None
        Delta version of each table that was read; None where it was never loaded.
    row_filters : mapping
        Countries and cities to which the asker is limited; empty lists where he is not.
    recorded_in : mapping of str to tuple of str
        Metrics that some of the asked cities lack facts for, with the cities that have them.
    simulated : bool
        Whether any city of the request is a simulated one.
    sql_sha256 : str
        Digest of the statement that was run.
    """

    metrics: Mapping[str, Mapping[str, Any]]
    tables: Mapping[str, int | None]
    engine: str
    row_filters: Mapping[str, tuple[str, ...]]
    recorded_in: Mapping[str, tuple[str, ...]]
    simulated: bool
    sql_sha256: str
    asked_at: datetime
    asked_by: str


@dataclass(frozen=True, slots=True)
class MetricResult:
    """An answer: dimensions first, then metrics, in the order in which they were asked for.

    Parameters
    ----------
    currencies : tuple of str or None
        Currency of each row's money; empty where no metric is money.
    """

    columns: tuple[ResultColumn, ...]
    rows: tuple[tuple[Any, ...], ...]
    receipt: Receipt
    currencies: tuple[str | None, ...] = ()


@dataclass(frozen=True, slots=True)
class Explanation:
    """How a request is answered.

    Parameters
    ----------
    sql : mapping of str to str
        The statement by engine.
    lineage : mapping of str to Lineage
        Columns of tables that each metric reads, and the metrics it is made of.
    """

    sql: Mapping[str, str]
    lineage: Mapping[str, Lineage]
    receipt: Receipt


def list_metrics(context: Context) -> tuple[Metric, ...]:
    """List every metric of the workspace by name."""
    return tuple(metric for _, metric in sorted(library_of(context.workspace).model.metrics.items()))


def search_metrics(context: Context, text: str) -> tuple[Metric, ...]:
    """List the metrics whose name, label or meaning in the actor's language contains a text."""
    wanted = text.strip().casefold()
    return tuple(metric for metric in list_metrics(context) if wanted in _searched(metric, context.locale))


def children_of(context: Context, name: str) -> Mapping[str, str]:
    """Give the metrics below one in the metric tree, with how each enters it."""
    return {
        metric.name: parent.combination
        for metric in list_metrics(context)
        for parent in metric.parents
        if parent.metric == name
    }


def find_metric(context: Context, name: str) -> Metric:
    """Find a metric.

    Raises
    ------
    NotFound
        There is none of that name; the message says which are near.
    """
    metrics = library_of(context.workspace).model.metrics
    if name not in metrics:
        raise NotFound(f"There is no metric {name}.{near(name, metrics)} See `tiffin metrics list`.")
    return metrics[name]


def dimensions_of(context: Context, *metrics: str) -> tuple[Dimension, ...]:
    """List the dimensions by which all the metrics can be split and filtered; without metrics, all there are."""
    model = library_of(context.workspace).model
    shared = set(model.dimensions)
    for name in metrics:
        find_metric(context, name)
        shared &= model.resolved[name].dimensions
    return tuple(model.dimensions[name] for name in model.dimensions if name in shared)


def request_of(context: Context, asked: Asked) -> MetricRequest:
    """Read a request that was typed.

    Raises
    ------
    WrongUse, NotFound
        It cannot be read, or names a dimension that does not exist.
    """
    return read_request(asked, library_of(context.workspace).model.dimensions)


def lineage(context: Context, name: str) -> Lineage:
    """Tell what a metric is made of, down to the columns of the fact tables."""
    find_metric(context, name)
    return lineage_of(name, library_of(context.workspace).model)


def cities_with(context: Context, name: str) -> tuple[CityRecord, ...]:
    """List the cities, of those that the actor may see, in which all facts that a metric needs are recorded."""
    find_metric(context, name)
    library = library_of(context.workspace)
    footprint = footprint_in(
        context.workspace, context.warehouse, library.model, frozenset(library.model.resolved[name].sources)
    )
    seen = footprint.cities_in((), row_scope(context)).intersection(*footprint.held.values())
    cities = cities_in(context.workspace, context.warehouse)
    return tuple(cities[city] for city in sorted(seen & cities.keys()))


def query(context: Context, request: MetricRequest) -> MetricResult:
    """Answer a request over the rows that the actor may see.

    Raises
    ------
    NotFound, WrongUse
        The request names what does not exist or does not go together.
    Forbidden
        The actor may see no rows at all.
    """
    library = library_of(context.workspace)
    compiled, footprint = _compiled(context, library, request, context.warehouse.dialect)
    answer = context.warehouse.query_text(compiled.sql)
    rows = tuple(zip(*(column.to_pylist() for column in answer.columns), strict=True))
    receipt = _receipt(context, library, request, compiled, footprint)
    return MetricResult(
        compiled.columns, rows, receipt, _currencies(compiled, rows, request, row_scope(context), footprint)
    )


def explain(context: Context, request: MetricRequest) -> Explanation:
    """Show how a request is answered on each engine, without answering it."""
    library = library_of(context.workspace)
    sql = {}
    for dialect in library.fragments:
        compiled, footprint = _compiled(context, library, request, dialect)
        sql[dialect] = parse_one(compiled.sql, read=dialect).sql(dialect=dialect, pretty=True)
        if dialect == context.warehouse.dialect:
            receipt = _receipt(context, library, request, compiled, footprint)
    return Explanation(sql, {name: lineage_of(name, library.model) for name in request.metrics}, receipt)


def row_scope(context: Context) -> RowScope:
    """Give the rows that the actor may see.

    Raises
    ------
    Forbidden
        No grant covers any city.
    """
    grants = context.actor.grants
    countries = {country for grant in grants for country in grant.countries}
    cities = {city for grant in grants for city in grant.cities}
    if "*" in countries or "*" in cities:
        return RowScope()
    if not countries and not cities:
        raise Forbidden(f"{context.actor.name} may see no city. Ask a steward for a grant on a country or a city.")
    return RowScope(tuple(sorted(countries)), tuple(sorted(cities)))


def _compiled(
    context: Context, library: Library, request: MetricRequest, dialect: str
) -> tuple[Compiled, Footprint | None]:
    resolved = library.model.resolved
    sources = frozenset(source for name in request.metrics if name in resolved for source in resolved[name].sources)
    footprint = _footprint(context, library, sources)
    compiled = compile_request(request, library.fragments[dialect], scope=row_scope(context), footprint=footprint)
    return compiled, footprint


def _footprint(context: Context, library: Library, sources: frozenset[str]) -> Footprint | None:
    try:
        return footprint_in(context.workspace, context.warehouse, library.model, sources)
    except (NotFound, WrongUse):
        # Asked for one version of one table: nothing can be said of the others at that moment.
        return None


def _currencies(
    compiled: Compiled,
    rows: tuple[tuple[Any, ...], ...],
    request: MetricRequest,
    scope: RowScope,
    footprint: Footprint | None,
) -> tuple[str | None, ...]:
    """Tell in which currency each row's money is, from the row itself or from the cities that it can hold."""
    if footprint is None or all(column.unit is not Unit.MONEY for column in compiled.columns):
        return ()
    asked = footprint.cities_in(request.where, scope)
    whole = _only({footprint.cities[city].currency for city in asked})
    if whole or not request.by:
        return (whole,) * len(rows)
    index, read = _money_key(request.by, footprint)
    return tuple(read.get(row[index]) for row in rows)


def _money_key(by: tuple[str, ...], footprint: Footprint) -> tuple[int, Mapping[Any, str | None]]:
    """Tell which of a row's dimensions says its currency, and how."""
    every = footprint.cities.values()
    if "currency" in by:
        return by.index("currency"), {facts.currency: facts.currency for facts in every}
    if "city_id" in by:
        return by.index("city_id"), {city: facts.currency for city, facts in footprint.cities.items()}
    countries = {facts.country for facts in every}
    only = {name: _only({facts.currency for facts in every if facts.country == name}) for name in countries}
    return by.index("country"), only


def _only(found: set[str | None]) -> str | None:
    return found.pop() if len(found) == 1 else None


def _receipt(
    context: Context, library: Library, request: MetricRequest, compiled: Compiled, footprint: Footprint | None
) -> Receipt:
    scope = row_scope(context)
    versions = context.warehouse.versions()
    cities = cities_in(context.workspace, context.warehouse) if footprint else {}
    asked = footprint.cities_in(request.where, scope) if footprint else frozenset()
    return Receipt(
        metrics={name: _described(library.model.metrics[name], context.locale) for name in request.metrics},
        tables={table: versions.get(table) for table in compiled.tables},
        engine=compiled.dialect,
        row_filters={"countries": scope.countries or (), "cities": scope.cities or ()},
        recorded_in=compiled.recorded_in,
        simulated=any(cities[city].is_simulated for city in asked if city in cities),
        sql_sha256=hashlib.sha256(compiled.sql.encode()).hexdigest(),
        asked_at=context.now,
        asked_by=context.actor.name,
    )


def _searched(metric: Metric, locale: str) -> str:
    return f"{metric.name} {metric.label.text(locale)} {metric.meaning.text(locale)}".casefold()


def _described(metric: Metric, locale: str) -> Mapping[str, Any]:
    return {
        "version": metric.version.number,
        "since": metric.version.since,
        "tier": metric.tier,
        "unit": metric.unit,
        "label": metric.label.text(locale),
        "meaning": metric.meaning.text(locale),
    }
