"""Some rows of a file that nobody has described yet, as text by column."""

import csv
import io
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import islice

import pyarrow as pa
from pyarrow import parquet
from python_calamine import CalamineError, CalamineWorkbook

from tiffin.kernel.errors import InvalidData
from tiffin.runtime.intake.csv_rows import csv_rows
from tiffin.runtime.intake.excel_rows import MAX_BYTES, check_bomb, excel_rows
from tiffin.runtime.intake.guard import GuardedText
from tiffin.runtime.intake.json_rows import json_rows
from tiffin.runtime.intake.limits import DEFAULT_LIMITS
from tiffin.runtime.intake.parquet_rows import parquet_rows
from tiffin.runtime.intake.shape import LINE, Rows, Shape
from tiffin.runtime.intake.sources import SourceFile

READ_ROWS = 20_000
"""So many rows are read at most; the sample is taken evenly from them."""

HEAD_BYTES = 1 << 16
_SEPARATORS = ",;\t|"
_FIRST_OBJECTS = 200

Reader = Callable[[SourceFile, Shape], Rows]


def sample_file(source: SourceFile, *, rows: int) -> Mapping[str, Sequence[str | None]]:
    """Give up to `rows` values of each column of a table, a sheet or a file of JSON lines.

    Raises
    ------
    InvalidData
        The file is empty, damaged, or has no columns with names of their own.
    """
    reader, shape = _reading(source)
    batches = reader(source, shape).batches
    table = pa.Table.from_batches(_first(batches, READ_ROWS), schema=shape.schema)
    step = max(table.num_rows // rows, 1)
    taken = table.take(list(range(0, table.num_rows, step))[:rows]).drop_columns([LINE])
    return {name: taken.column(name).to_pylist() for name in taken.column_names}


def _first(batches: Iterator[pa.RecordBatch], rows: int) -> list[pa.RecordBatch]:
    found: list[pa.RecordBatch] = []
    for batch in batches:
        found.append(batch.slice(0, rows))
        rows -= batch.num_rows
        if rows <= 0:
            break
    return found


def _reading(source: SourceFile) -> tuple[Reader, Shape]:
    name = source.path.lower().removesuffix(".gz")
    if name.endswith((".parquet", ".pq")):
        return parquet_rows, _shape(_parquet_names(source))
    if name.endswith((".xlsx", ".xls", ".xlsb", ".ods")):
        return excel_rows, _shape(_sheet_names(source))
    if name.endswith((".jsonl", ".ndjson", ".json")):
        return json_rows, _shape(_object_names(source), is_optional=True)
    head = _head(source)
    separator = _separator(head)
    line = next((line for line in head.splitlines() if line.strip()), "")
    names = next(csv.reader([line], delimiter=separator), [])
    return csv_rows, _shape([cell.strip() for cell in names], separator=separator)


def _shape(names: Sequence[str], *, separator: str = ",", is_optional: bool = False) -> Shape:
    headers = [(name, name or f"column {place}", not is_optional) for place, name in enumerate(names, 1)]
    return Shape(headers, separator=separator, stated_in="its own first row")


def _head(source: SourceFile) -> str:
    guard = GuardedText(source.opened, name=source.name, encoding="utf-8", limits=DEFAULT_LIMITS)
    with io.BufferedReader(guard, buffer_size=HEAD_BYTES) as text:
        return text.read(HEAD_BYTES).decode(errors="ignore")


def _separator(head: str) -> str:
    line = next((line for line in head.splitlines() if line.strip()), "")
    if not line:
        raise InvalidData("The file is empty; a line with the names of its columns was expected first.")
    return max(_SEPARATORS, key=line.count)


def _parquet_names(source: SourceFile) -> list[str]:
    raw = source.opened()
    try:
        opened = parquet.ParquetFile(raw if raw.seekable() else io.BytesIO(raw.read()))
    except (pa.ArrowException, OSError) as error:
        raise InvalidData(
            f"{source.name} was expected to be a Parquet file and could not be read ({error})."
        ) from error
    return list(opened.schema_arrow.names)


def _sheet_names(source: SourceFile) -> list[str]:
    if source.size > MAX_BYTES:
        raise InvalidData(f"{source.name} is larger than {MAX_BYTES:,} bytes. Export the sheet as CSV.")
    with source.opened() as raw:
        content = raw.read()
    check_bomb(content, source, _shape(()))
    try:
        sheet = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0)
        first = next(iter(sheet.to_python(skip_empty_area=False, nrows=1)), [])
    except (CalamineError, OSError, ValueError) as error:
        raise InvalidData(
            f"{source.name} was expected to be an Excel workbook and could not be read ({error})."
        ) from error
    return [str(cell).strip() for cell in first]


def _object_names(source: SourceFile) -> list[str]:
    guard = GuardedText(source.opened, name=source.name, encoding="utf-8", limits=DEFAULT_LIMITS)
    names: dict[str, None] = {}
    with io.BufferedReader(guard, buffer_size=HEAD_BYTES) as text:
        for number, line in enumerate(islice(text, _FIRST_OBJECTS), 1):
            names |= dict.fromkeys(_keys(line, source, number))
    return list(names)


def _keys(line: bytes, source: SourceFile, number: int) -> list[str]:
    if not line.strip():
        return []
    try:
        found = json.loads(line)
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise InvalidData(
            f"{source.name}, line {number}: one JSON object a line was expected. Write the file as JSON lines."
        )
    return list(found)
