"""Answering requests: compiled for the actor, run, and handed over with a receipt."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pyarrow as pa

from tiffin.capabilities.metrics.service.accounting import note_read
from tiffin.capabilities.metrics.service.footprints import Versions, footprint_in
from tiffin.capabilities.metrics.service.grounds import Frame, Ground, library_under, whole_amounts
from tiffin.capabilities.metrics.service.library import Library, library_of
from tiffin.capabilities.metrics.service.policies import ground_for
from tiffin.capabilities.metrics.service.rates import exchange_for
from tiffin.capabilities.metrics.service.receipts import Receipt, receipt_of
from tiffin.capabilities.metrics.service.rollup_answers import fetch, from_facts
from tiffin.engines.metrics.compiling.compiler import Compiled, ResultColumn
from tiffin.engines.metrics.compiling.currencies import rounded
from tiffin.engines.metrics.definitions import ColumnType, Unit
from tiffin.engines.metrics.footprint import Footprint
from tiffin.engines.metrics.protection.masking import KEY
from tiffin.engines.metrics.protection.permissions import without_masked
from tiffin.engines.metrics.request import MetricRequest
from tiffin.kernel.errors import NotFound, WrongUse
from tiffin.runtime.context import Context
from tiffin.runtime.mask_key import with_key

Rows = tuple[tuple[Any, ...], ...]


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


def answer(
    context: Context, request: MetricRequest, *, library: Library | None = None, ground: Ground | None = None
) -> MetricResult:
    """Answer a request over the rows that the actor may see.

    Parameters
    ----------
    library : Library or None
        Definitions that are not published, such as a draft's; None for those of the workspace.
    ground : Ground or None
        What a published number stood on: definitions, rows and rates; None for the actor's own.
    """
    frame = frame_of(context, request, library, ground)
    note_read(context, request)
    # What a published number stood on is computed from the facts: their sums are the same to the last bit.
    found = from_facts(context, frame) if ground else fetch(context, frame)
    compiled = found.compiled
    told = (column.values() for column in found.columns[: len(compiled.columns)])
    guarded = frame.guarded(tuple(zip(*told, strict=True)), found.columns)
    rows = _whole(guarded.rows, compiled, frame)
    receipt = replace(receipt_of(context, frame, compiled), withheld=tuple(sorted(guarded.withheld)))
    currencies = _currencies(compiled, rows, frame)
    return _with_masked(MetricResult(compiled.columns, rows, receipt, currencies), request, frame)


def streamed(context: Context, request: MetricRequest) -> MetricStream:
    """Answer a request like `answer`, without holding all its rows at once."""
    frame = frame_of(context, request)
    if frame.ground.masked or frame.ground.minimum_size > 1:
        return _as_stream(answer(context, request))
    note_read(context, request)
    compiled = frame.compiled(context.warehouse.dialect)
    batches = context.warehouse.stream_text(with_key(context, compiled.sql, KEY))
    if frame.ground.exchange:
        batches = _whole_batches(batches, compiled, frame)
    return MetricStream(compiled.columns, batches, receipt_of(context, frame, compiled))


def _with_masked(result: MetricResult, request: MetricRequest, frame: Frame) -> MetricResult:
    """Put the metrics that are not told back into their places, empty; the receipt names them."""
    masked, model = frame.ground.masked, frame.library.model
    if not masked:
        return result
    known = {column.name: index for index, column in enumerate(result.columns)}
    names = (*request.by, *request.metrics)
    empty = {name: ResultColumn(name, model.resolved[name].type, model.metrics[name].unit) for name in masked}
    columns = tuple(empty[name] if name in masked else result.columns[known[name]] for name in names)
    rows = tuple(tuple(None if name in masked else row[known[name]] for name in names) for row in result.rows)
    places = {known[name]: index for index, name in enumerate(names) if name in known}
    withheld = tuple((row, places[column]) for row, column in result.receipt.withheld)
    return MetricResult(columns, rows, replace(result.receipt, withheld=withheld), result.currencies)


def _as_stream(result: MetricResult) -> MetricStream:
    schema = pa.schema([pa.field(column.name, _ARROW[column.type]) for column in result.columns])
    columns = [list(column) for column in zip(*result.rows, strict=True)] or [[] for _ in result.columns]
    arrays = [pa.array(column, item.type) for column, item in zip(columns, schema, strict=True)]
    batch = pa.RecordBatch.from_arrays(arrays, schema=schema)
    return MetricStream(result.columns, pa.RecordBatchReader.from_batches(schema, [batch]), result.receipt)


_ARROW = {
    ColumnType.TEXT: pa.string(),
    ColumnType.INTEGER: pa.int64(),
    ColumnType.DOUBLE: pa.float64(),
    ColumnType.BOOLEAN: pa.bool_(),
    ColumnType.DATE: pa.date32(),
    ColumnType.INSTANT: pa.timestamp("us", "UTC"),
}


def frame_of(
    context: Context, request: MetricRequest, library: Library | None = None, ground: Ground | None = None
) -> Frame:
    """Settle what a request stands on and which facts it meets."""
    versions = context.warehouse.versions()
    meant = (
        ground.library
        if ground
        else library_under(library or library_of(context.workspace), request, context.now.date())
    )
    footprint = footprint_for(context, meant, request.metrics, versions)
    if ground is None:
        ground = ground_for(context, request, meant)
        ground = replace(ground, exchange=exchange_for(context, request, footprint, ground.scope))
    return Frame(without_masked(request, ground.masked), ground, versions, footprint)


def footprint_for(context: Context, library: Library, metrics: Sequence[str], versions: Versions) -> Footprint | None:
    """Tell where the facts of some metrics are; None where one version of one table was asked for."""
    model = library.model
    sources = sorted({source for name in metrics if name in model.resolved for source in model.resolved[name].sources})
    tables = {source: model.sources[source].source.table for source in sources}
    try:
        return footprint_in(context.workspace, context.warehouse, versions, tables)
    except (NotFound, WrongUse):
        return None


def _currencies(compiled: Compiled, rows: tuple[tuple[Any, ...], ...], frame: Frame) -> tuple[str | None, ...]:
    """Tell in which currency each row's money is, from the row itself or from the cities that it can hold."""
    footprint, request = frame.footprint, frame.request
    if footprint is None or all(column.unit is not Unit.MONEY for column in compiled.columns):
        return ()
    if frame.ground.exchange:
        return (frame.ground.exchange.into,) * len(rows)
    whole = _only(set(footprint.currencies(footprint.cities_in(request.where, frame.scope))))
    if whole or not {"currency", "city_id", "country"} & {*request.by}:
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


def _whole(rows: Rows, compiled: Compiled, frame: Frame) -> Rows:
    """Round converted amounts to whole minor units, half to even, where they were whole before."""
    if frame.ground.exchange is None:
        return rows
    amounts = whole_amounts(frame.library, frame.request.metrics)
    is_whole = [column.name in amounts for column in compiled.columns]
    return tuple(
        tuple(rounded(value) if whole else value for value, whole in zip(row, is_whole, strict=True)) for row in rows
    )


def _whole_batches(batches: pa.RecordBatchReader, compiled: Compiled, frame: Frame) -> pa.RecordBatchReader:
    amounts = whole_amounts(frame.library, frame.request.metrics)
    schema = pa.schema([pa.field(f.name, pa.int64()) if f.name in amounts else f for f in batches.schema])

    def parts() -> Iterator[pa.RecordBatch]:
        for batch in batches:
            rows = _whole(tuple(zip(*(column.to_pylist() for column in batch.columns), strict=True)), compiled, frame)
            columns = [list(column) for column in zip(*rows, strict=True)] or [[] for _ in schema]
            arrays = [pa.array(column, item.type) for column, item in zip(columns, schema, strict=True)]
            yield pa.RecordBatch.from_arrays(arrays, schema=schema)

    return pa.RecordBatchReader.from_batches(schema, parts())
