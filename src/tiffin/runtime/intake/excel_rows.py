"""Rows of an Excel sheet."""

import io
import zipfile
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

import pyarrow as pa
from python_calamine import CalamineError, CalamineWorkbook

from tiffin.kernel.errors import InvalidData, NotFound
from tiffin.runtime.intake.shape import LINE, Rows, Shape, check_headers
from tiffin.runtime.intake.sources import SourceFile

BATCH_ROWS = 20_000
MAX_BYTES = 200_000_000
"""A sheet is read in one piece, unlike every other format; more than a million rows cannot be in one anyway."""


def excel_rows(source: SourceFile, shape: Shape) -> Rows:
    """Read a sheet's values as text.

    Formulas are never computed and links to other workbooks never followed: what Excel last showed counts.

    Raises
    ------
    InvalidData
        The file is no workbook, is damaged or a compression bomb, or its first row is not the expected header.
    NotFound
        It has no such sheet.
    """
    if source.size > MAX_BYTES:
        raise InvalidData(f"{source.name} is larger than {MAX_BYTES:,} bytes. Export the sheet as CSV and load that.")
    with source.opened() as raw:
        content = raw.read()
    shape.on_bytes(len(content))
    check_bomb(content, source, shape)
    cells = _cells(content, source, shape)
    header = next((row for row in cells[:1]), [])
    if not any(str(cell).strip() for cell in header):
        raise InvalidData(
            f"{source.name} has no header in its first row. Nothing was loaded. Put the column names there."
        )
    names = check_headers([str(cell).strip() for cell in header], shape, name=source.name)
    return Rows(_batches(cells, [name or "" for name in names], shape))


def check_bomb(content: bytes, source: SourceFile, shape: Shape) -> None:
    """Refuse a workbook that unpacks to far more than it is.

    Raises
    ------
    InvalidData
        It does.
    """
    if not zipfile.is_zipfile(io.BytesIO(content)):
        return
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        unpacked = sum(part.file_size for part in parts.infolist())
    if unpacked > shape.limits.expansion_after and unpacked > shape.limits.expansion * len(content):
        raise InvalidData(
            f"{source.name} unpacks to {unpacked:,} bytes from {len(content):,}, as a compression bomb does. It was "
            "refused."
        )


def _cells(content: bytes, source: SourceFile, shape: Shape) -> list[list[Any]]:
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        name = shape.sheet or next(iter(book.sheet_names), "")
        if name not in book.sheet_names:
            raise NotFound(
                f"{source.name} was expected to have the sheet {name!r}; it has: "
                f"{', '.join(book.sheet_names) or 'none'}."
            )
        return book.get_sheet_by_name(name).to_python(skip_empty_area=False)
    except (CalamineError, OSError, ValueError, zipfile.BadZipFile) as error:
        raise InvalidData(
            f"{source.name} was expected to be an Excel workbook and could not be read ({error}). Save it anew."
        ) from error


def _batches(cells: list[list[Any]], names: Sequence[str], shape: Shape) -> Iterator[pa.RecordBatch]:
    for start in range(1, len(cells), BATCH_ROWS):
        rows = [
            dict(zip(names, map(_as_text, row), strict=False)) | {LINE: number}
            for number, row in enumerate(cells[start : start + BATCH_ROWS], start + 1)
            if any(cell != "" for cell in row)
        ]
        yield pa.RecordBatch.from_pylist(rows, schema=shape.schema)


def _as_text(value: Any) -> str | None:
    if value == "" or value is None:
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)  # noqa: PLR2004 - digits of a double
    if isinstance(value, datetime):
        return value.isoformat(sep=" ")
    if isinstance(value, date | time | timedelta):
        return str(value)
    return str(value)
