"""Answers as files: CSV, an Arrow stream or Parquet, written batch by batch so that a large one needs no more memory.

The receipt travels within Arrow and Parquet: as JSON under the key ``tiffin.receipt`` of the schema's metadata. Each
column says there what it is: ``tiffin.role`` (dimension or metric), for metrics ``tiffin.unit``, and for masked
dimensions ``tiffin.mask``; in CSV the mask stands in brackets behind the column's name.

References
----------
RFC 4180 (CSV); Apache Arrow columnar format, IPC streaming format; Apache Parquet, key-value metadata.
"""

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass
from enum import StrEnum
from itertools import chain
from pathlib import Path
from typing import Any

import pyarrow as pa

from tiffin.capabilities.metrics.domain.writing import csv_lines, with_marks
from tiffin.capabilities.metrics.service.accounting import Door, note_taken
from tiffin.capabilities.metrics.service.answering import MetricStream, streamed
from tiffin.capabilities.metrics.service.receipts import Receipt
from tiffin.engines.metrics.compiling.compiler import ResultColumn
from tiffin.engines.metrics.request import MetricRequest
from tiffin.runtime.context import Context
from tiffin.runtime.json_text import json_text

RECEIPT_KEY = b"tiffin.receipt"

HEADER_MAX = 6000
"""Marks of a header that every server and proxy takes."""


class Format(StrEnum):
    """The forms in which an answer can be taken away."""

    CSV = "csv"
    ARROW = "arrow"
    PARQUET = "parquet"

    @property
    def media_type(self) -> str:
        """Name of the form over HTTP."""
        return _MEDIA_TYPES[self]


_MEDIA_TYPES = {
    Format.CSV: "text/csv; charset=utf-8",
    Format.ARROW: "application/vnd.apache.arrow.stream",
    Format.PARQUET: "application/vnd.apache.parquet",
}


@dataclass(frozen=True, slots=True)
class Export:
    """An answer on its way out.

    Parameters
    ----------
    parts : iterator of bytes
        The file from its beginning; what was made is let go as soon as it is taken.
    count : RowCount
        Rows that have gone into the parts taken so far.
    """

    format: Format
    parts: Iterator[bytes]
    receipt: Receipt
    count: "RowCount"


@dataclass(slots=True)
class RowCount:
    """Counts rows on their way."""

    rows: int = 0

    def counted(self, batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        """Hand batches on and count their rows."""
        for batch in batches:
            self.rows += batch.num_rows
            yield batch


def export(context: Context, request: MetricRequest, wanted: Format) -> Export:
    """Answer a request as a file. The first rows are computed before this returns, so that what fails fails here.

    Raises
    ------
    NotFound, WrongUse
        The request names what does not exist or does not go together.
    Forbidden
        The actor may see no rows at all.
    """
    note_taken(context, request, Door.FILE)
    return export_of(streamed(context, request), wanted)


def export_of(stream: MetricStream, wanted: Format) -> Export:
    """Write an answer that is being handed over; its first rows are taken at once."""
    schema = _with_receipt(stream)
    count = RowCount()
    batches = count.counted(_begun(stream.batches))
    if wanted is Format.CSV:
        parts = _csv(schema, batches, stream.receipt)
    else:
        parts = _written(schema, batches, _WRITERS[wanted])
    return Export(wanted, parts, stream.receipt, count)


def write_export(export: Export, out: Path) -> int:
    """Write an answer into a file, which appears when it is whole; give its size in bytes.

    CSV has no place for a receipt, so it lies beside the file, with ``.receipt.json`` after its name.
    """
    unfinished = out.with_name(f".{out.name}.unfinished")
    try:
        with unfinished.open("wb") as file:
            size = sum(file.write(part) for part in export.parts)
        unfinished.replace(out)
    finally:
        unfinished.unlink(missing_ok=True)
    if export.format is Format.CSV:
        out.with_name(f"{out.name}.receipt.json").write_text(json_text(asdict(export.receipt)), encoding="utf-8")
    return size


def receipt_in_a_line(receipt: Receipt) -> str:
    """Write a receipt for a header of HTTP: JSON of ASCII marks; the texts of metrics are left out where it is long."""
    plain = json.loads(json_text(asdict(receipt)))
    if len(line := json.dumps(plain)) <= HEADER_MAX:
        return line
    for metric in plain["metrics"].values():
        for text in ("label", "meaning"):
            metric.pop(text, None)
    return json.dumps(plain)


def _with_receipt(stream: MetricStream) -> pa.Schema:
    masks = stream.receipt.masked_as
    fields = [
        field.with_metadata(_about(column, masks.get(column.name)))
        for column, field in zip(stream.columns, stream.batches.schema, strict=True)
    ]
    return pa.schema(fields, metadata={RECEIPT_KEY: json_text(asdict(stream.receipt))})


def _about(column: ResultColumn, mask: str | None) -> dict[str, str]:
    """Say what a column is, and how its values are masked."""
    if column.unit:
        return {"tiffin.role": "metric", "tiffin.unit": str(column.unit)}
    return {"tiffin.role": "dimension"} | ({"tiffin.mask": mask} if mask else {})


def _begun(batches: pa.RecordBatchReader) -> Iterator[pa.RecordBatch]:
    first = next(batches, None)
    return iter(()) if first is None else chain((first,), batches)


def _csv(schema: pa.Schema, batches: Iterator[pa.RecordBatch], receipt: Receipt) -> Iterator[bytes]:
    told = receipt.masked_as
    yield csv_lines([[f"{name} ({told[name]})" if name in told else name for name in schema.names]]).encode()
    masked = [index for index, name in enumerate(schema.names) if name in receipt.masked]
    for batch in batches:
        columns = [column.to_pylist() for column in batch.columns]
        rows: Iterable[tuple[Any, ...]] = zip(*columns, strict=True)
        # An answer with withheld values comes in one batch, so the places that the receipt names are the batch's.
        if masked or receipt.withheld:
            rows = with_marks(rows, receipt.withheld, masked=masked)
        yield csv_lines(rows).encode()


class _Outlet:
    """A file to write into, from which what was written can be taken piece by piece."""

    closed = False

    def __init__(self) -> None:
        self._parts: list[bytes] = []

    def write(self, part: Any) -> int:
        self._parts.append(bytes(part))
        return len(self._parts[-1])

    def flush(self) -> None:
        return None

    def taken(self) -> bytes:
        parts, self._parts = self._parts, []
        return b"".join(parts)


def _written(schema: pa.Schema, batches: Iterator[pa.RecordBatch], open_writer: Callable[..., Any]) -> Iterator[bytes]:
    outlet = _Outlet()
    with open_writer(pa.PythonFile(outlet, mode="w"), schema) as writer:
        for batch in batches:
            writer.write_batch(batch.replace_schema_metadata(None).cast(schema))
            if part := outlet.taken():
                yield part
    yield outlet.taken()


def _parquet_writer(sink: Any, schema: pa.Schema) -> Any:
    # Parquet's half of Arrow takes a while to import, and few answers leave in it.
    import pyarrow.parquet as pq  # noqa: PLC0415 - for the reason above

    return pq.ParquetWriter(sink, schema, compression="zstd")


_WRITERS: dict[Format, Callable[..., Any]] = {Format.ARROW: pa.ipc.new_stream, Format.PARQUET: _parquet_writer}
