"""Results and incidents as files: CSV for spreadsheets, Parquet for programs."""

import io
from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any

import pyarrow as pa
from fastapi.responses import Response

from tiffin.capabilities.metrics.domain.writing import as_csv


class FileForm(StrEnum):
    """How a list is written."""

    CSV = "csv"
    PARQUET = "parquet"


_MEDIA = {FileForm.CSV: "text/csv; charset=utf-8", FileForm.PARQUET: "application/vnd.apache.parquet"}


def as_file(name: str, form: FileForm, schema: pa.Schema, rows: Sequence[Mapping[str, Any]]) -> Response:
    """Give rows as a file to keep, with the columns of a schema."""
    safe = "".join(one if one.isascii() and (one.isalnum() or one in "_-") else "-" for one in name)
    headers = {"Content-Disposition": f'attachment; filename="{safe}.{form}"'}
    content: bytes | str
    if form is FileForm.CSV:
        content = as_csv(schema.names, [[_plain(row.get(column)) for column in schema.names] for row in rows])
    else:
        content = _parquet(pa.Table.from_pylist([dict(row) for row in rows], schema=schema))
    return Response(content, media_type=_MEDIA[form], headers=headers)


def _parquet(table: pa.Table) -> bytes:
    # Most pages write no file, and the writer takes long to start.
    import pyarrow.parquet as pq  # noqa: PLC0415 - for the reason above

    written = io.BytesIO()
    pq.write_table(table, written)
    return written.getvalue()


def _plain(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else value
