"""Answering requests: compiled for the actor, run, and handed over with a receipt."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pyarrow as pa
from sqlglot import parse_one

from tiffin.capabilities.metrics.service.footprints import Versions, footprint_in
from tiffin.capabilities.metrics.service.library import Library, library_of
from tiffin.engines.metrics.compiler import Compiled, ResultColumn, compile_request
from tiffin.engines.metrics.definitions import Metric, Unit
from tiffin.engines.metrics.footprint import Footprint
from tiffin.engines.metrics.lineage import Lineage, lineage_of
from tiffin.engines.metrics.request import MetricRequest, RowScope
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
class MetricStream:
    """An answer whose rows are handed over in batches, in the canonical types; it can be read once."""

    columns: tuple[ResultColumn, ...]
    batches: pa.RecordBatchReader
    receipt: Receipt


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


@dataclass(frozen=True, slots=True)
class _Frame:
    """What a request meets: the definitions, who asks, and which facts there are."""

    request: MetricRequest
    library: Library
    scope: RowScope
    versions: Versions
    footprint: Footprint | None

    def compiled(self, dialect: str) -> Compiled:
        fragments = self.library.fragments[dialect]
        return compile_request(self.request, fragments, scope=self.scope, footprint=self.footprint)


def answer(context: Context, request: MetricRequest, *, library: Library | None = None) -> MetricResult:
    """Answer a request over the rows that the actor may see.

    Parameters
    ----------
    library : Library or None
        Definitions that are not published, such as a draft's; None for those of the workspace.
    """
    frame = _frame(context, request, library)
    compiled = frame.compiled(context.warehouse.dialect)
    found = context.warehouse.query_text(compiled.sql)
    rows = tuple(zip(*(column.to_pylist() for column in found.columns), strict=True))
    return MetricResult(compiled.columns, rows, _receipt(context, frame, compiled), _currencies(compiled, rows, frame))


def streamed(context: Context, request: MetricRequest) -> MetricStream:
    """Answer a request like `answer`, without holding all its rows at once."""
    frame = _frame(context, request)
    compiled = frame.compiled(context.warehouse.dialect)
    batches = context.warehouse.stream_text(compiled.sql)
    return MetricStream(compiled.columns, batches, _receipt(context, frame, compiled))


def explanation(context: Context, request: MetricRequest) -> Explanation:
    """Show how a request is answered on each engine, without answering it."""
    frame = _frame(context, request)
    model = frame.library.model
    compiled = {dialect: frame.compiled(dialect) for dialect in frame.library.fragments}
    return Explanation(
        sql={name: parse_one(item.sql, read=name).sql(dialect=name, pretty=True) for name, item in compiled.items()},
        lineage={name: lineage_of(name, model) for name in request.metrics},
        receipt=_receipt(context, frame, compiled[context.warehouse.dialect]),
    )


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


def footprint_for(context: Context, library: Library, metrics: Sequence[str], versions: Versions) -> Footprint | None:
    """Tell where the facts of some metrics are; None where one version of one table was asked for."""
    model = library.model
    sources = sorted({source for name in metrics if name in model.resolved for source in model.resolved[name].sources})
    tables = {source: model.sources[source].source.table for source in sources}
    try:
        return footprint_in(context.workspace, context.warehouse, versions, tables)
    except (NotFound, WrongUse):
        return None


def _frame(context: Context, request: MetricRequest, library: Library | None = None) -> _Frame:
    library = library or library_of(context.workspace)
    versions = context.warehouse.versions()
    footprint = footprint_for(context, library, request.metrics, versions)
    return _Frame(request, library, row_scope(context), versions, footprint)


def _currencies(compiled: Compiled, rows: tuple[tuple[Any, ...], ...], frame: _Frame) -> tuple[str | None, ...]:
    """Tell in which currency each row's money is, from the row itself or from the cities that it can hold."""
    footprint, request = frame.footprint, frame.request
    if footprint is None or all(column.unit is not Unit.MONEY for column in compiled.columns):
        return ()
    whole = _only(set(footprint.currencies(footprint.cities_in(request.where, frame.scope))))
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


def _receipt(context: Context, frame: _Frame, compiled: Compiled) -> Receipt:
    scope, footprint, metrics = frame.scope, frame.footprint, frame.library.model.metrics
    # With one version of one table asked for, only reading it settles the version.
    versions = frame.versions or context.warehouse.versions()
    asked = footprint.cities_in(frame.request.where, scope) if footprint else frozenset()
    return Receipt(
        metrics={name: _described(metrics[name], context.locale) for name in frame.request.metrics},
        tables={table: versions.get(table) for table in compiled.tables},
        engine=compiled.dialect,
        row_filters={"countries": scope.countries or (), "cities": scope.cities or ()},
        recorded_in=compiled.recorded_in,
        simulated=footprint is not None and any(footprint.cities[city].is_simulated for city in asked),
        sql_sha256=hashlib.sha256(compiled.sql.encode()).hexdigest(),
        asked_at=context.now,
        asked_by=context.actor.name,
    )


def _described(metric: Metric, locale: str) -> Mapping[str, Any]:
    return {
        "version": metric.version.number,
        "since": metric.version.since,
        "tier": metric.tier,
        "unit": metric.unit,
        "label": metric.label.text(locale),
        "meaning": metric.meaning.text(locale),
    }
