"""Rows of a Parquet file."""

import io
from collections.abc import Iterator

import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import parquet

from tiffin.kernel.errors import InvalidData
from tiffin.runtime.intake.shape import LINE, Rows, Shape, check_headers
from tiffin.runtime.intake.sources import SourceFile

BATCH_ROWS = 50_000


def parquet_rows(source: SourceFile, shape: Shape) -> Rows:
    """Read a Parquet file's values as text, as every other format; the line is the row's number.

    Raises
    ------
    InvalidData
        It is no Parquet file, is damaged, or has other columns than expected.
    """
    raw = source.opened()
    try:
        # A member of an archive cannot be read backwards, as Parquet needs.
        opened = parquet.ParquetFile(raw if raw.seekable() else io.BytesIO(raw.read()))
    except (pa.ArrowException, OSError) as error:
        raise InvalidData(
            f"{source.name} was expected to be a Parquet file and could not be read ({error}). Fetch it again."
        ) from error
    names = check_headers(opened.schema_arrow.names, shape, name=source.name)
    return Rows(_batches(opened, [name or "" for name in names], source, shape))


def _batches(
    opened: parquet.ParquetFile, names: list[str], source: SourceFile, shape: Shape
) -> Iterator[pa.RecordBatch]:
    line, share = 1, source.size / max(opened.metadata.num_rows, 1)
    try:
        for batch in opened.iter_batches(batch_size=BATCH_ROWS):
            columns = {name: as_text(column) for name, column in zip(names, batch.columns, strict=True)}
            columns[LINE] = pa.array(range(line, line + batch.num_rows), pa.int64())
            arrays = [columns.get(field.name, pa.nulls(batch.num_rows, field.type)) for field in shape.schema]
            yield pa.RecordBatch.from_arrays(arrays, schema=shape.schema)
            line += batch.num_rows
            shape.on_bytes(int(share * batch.num_rows))
    except (pa.ArrowException, OSError) as error:
        raise InvalidData(
            f"{source.name} is damaged after row {line - 1} ({error}). Nothing of it was loaded. Fetch it again."
        ) from error


def as_text(column: pa.Array) -> pa.Array:
    """Write a column's values as text, as a file of any other format holds them."""
    if pa.types.is_dictionary(column.type):
        column = column.dictionary_decode()
    if pa.types.is_nested(column.type):
        return pa.array([None if value is None else str(value) for value in column.to_pylist()], pa.string())
    if pa.types.is_timestamp(column.type) and column.type.tz is not None:
        return pc.strftime(pc.cast(column, pa.timestamp("us", "UTC")), format="%Y-%m-%dT%H:%M:%SZ")
    if pa.types.is_binary(column.type):
        return pa.array([None if value is None else value.as_py().hex() for value in column], pa.string())
    return pc.cast(column, pa.string())
