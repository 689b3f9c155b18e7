"""Rows of separated text."""

import csv
import io
from collections.abc import Iterator
from typing import Any, TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv as arrow_csv

from tiffin.kernel.errors import InvalidData
from tiffin.runtime.intake.guard import GuardedText
from tiffin.runtime.intake.shape import LINE, Malformed, Rows, Shape, check_headers
from tiffin.runtime.intake.sources import SourceFile

BLOCK_BYTES = 4 << 20
QUOTE = '"'
MAX_HEADER_LINES = 50
Text: TypeAlias = "io.BufferedReader[Any]"


def csv_rows(source: SourceFile, shape: Shape) -> Rows:
    """Read separated text; every cell stays the text that it is.

    Raises
    ------
    InvalidData
        The file is empty, its header is not the expected one, or it cannot be split into rows at all.
    """
    guard = GuardedText(
        source.opened,
        name=source.name,
        encoding=shape.encoding,
        separator=shape.separator,
        limits=shape.limits,
        on_bytes=shape.on_bytes,
    )
    text = io.BufferedReader(guard, buffer_size=BLOCK_BYTES)
    header, header_lines = _header(text, source, shape)
    names = [alias or "" for alias in check_headers(header, shape, name=source.name)]
    rows = Rows(iter(()))
    rows.batches = _batches(text, guard, names, _Walk(source.name, header_lines, shape, rows))
    return rows


def _header(text: Text, source: SourceFile, shape: Shape) -> tuple[list[str], int]:
    """Read the first row; gives it and the number of lines that it takes."""
    lines: list[str] = []
    while len(lines) < MAX_HEADER_LINES:
        line = text.readline().decode()
        if not line:
            break
        lines.append(line)
        if sum(part.count(QUOTE) for part in lines) % 2 == 0 and "".join(lines).strip():
            break
    cells = next(csv.reader(["".join(lines).strip("\r\n")], delimiter=shape.separator), [])
    if not any(cell.strip() for cell in cells):
        raise InvalidData(
            f"{source.name} is empty; a header line was expected there. Nothing was loaded. Fetch the file again."
        )
    return [cell.strip() for cell in cells], len(lines)


def _batches(text: Text, guard: GuardedText, names: list[str], walk: "_Walk") -> Iterator[pa.RecordBatch]:
    schema = walk.shape.schema
    with text:
        try:
            for batch in _opened(text, names, walk):
                walk.rows.has_nul = guard.has_nul
                yield _complete(batch, walk.lines(batch, has_quotes=guard.has_quotes), schema)
        except pa.ArrowInvalid as error:
            if walk.has_too_many:
                raise _too_many(walk) from error
            raise InvalidData(
                f"{walk.name}: the rows after line {walk.line} cannot be told apart ({_first_sentence(error)}). "
                "Nothing of the file was "
                "loaded. A quotation mark that is never closed is the usual cause; find it and close it."
            ) from error
    walk.finish()


def _too_many(walk: "_Walk") -> InvalidData:
    return InvalidData(
        f"{walk.name}: more than {walk.shape.limits.malformed:,} rows have another number of cells than the header. "
        "Nothing of "
        f"the file was loaded. Check that {walk.shape.separator!r} is its separator and that it is the right file."
    )


def _opened(text: Text, names: list[str], walk: "_Walk") -> Iterator[pa.RecordBatch]:
    if not text.peek(1):
        return
    yield from arrow_csv.open_csv(
        text,
        read_options=arrow_csv.ReadOptions(use_threads=False, column_names=names, block_size=BLOCK_BYTES),
        parse_options=arrow_csv.ParseOptions(
            delimiter=walk.shape.separator,
            newlines_in_values=True,
            ignore_empty_lines=False,
            invalid_row_handler=walk.leave_out,
        ),
        convert_options=arrow_csv.ConvertOptions(
            column_types={name: pa.string() for name in names},
            strings_can_be_null=False,
            null_values=[],
            check_utf8=False,
        ),
    )


def _complete(batch: pa.RecordBatch, lines: pa.Array, schema: pa.Schema) -> pa.RecordBatch:
    """Add the line and the columns that the file lacks, and leave out rows that hold nothing at all."""
    columns = {name: batch.column(name) for name in batch.schema.names} | {LINE: lines}
    arrays = [columns.get(field.name, pa.nulls(batch.num_rows, field.type)) for field in schema]
    complete = pa.RecordBatch.from_arrays(arrays, schema=schema)
    blank = _blank(batch)
    return complete if blank is None else complete.filter(pc.invert(blank))


def _blank(batch: pa.RecordBatch) -> pa.Array | None:
    blank = pc.equal(batch.column(0), "")
    for column in batch.columns[1:]:
        if not pc.any(blank).as_py():
            return None
        blank = pc.and_(blank, pc.equal(column, ""))
    return blank if pc.any(blank).as_py() else None


def _first_sentence(error: Exception) -> str:
    return str(error).split(";")[0].split("\n")[0][:200]


class _Walk:
    """Where the reader stands in one file, and which rows it had to leave out.

    A record is a row of the file below its header, good or left out; it may take several lines.
    """

    def __init__(self, name: str, header_lines: int, shape: Shape, rows: Rows) -> None:
        self.name, self.shape, self.rows = name, shape, rows
        self.line = header_lines
        """Lines before the next record."""
        self._record = 1
        self._malformed = 0
        self._left_out: dict[int, tuple[str, int, int, int]] = {}

    def leave_out(self, row: Any) -> str:
        """Keep a row of another number of cells for quarantine (pyarrow calls this with its InvalidRow)."""
        self._malformed += 1
        if self.has_too_many:
            return "error"
        text = row.text[: self.shape.limits.cell_chars]
        self._left_out[row.number] = (text, row.text.count("\n"), row.expected_columns, row.actual_columns)
        return "skip"

    @property
    def has_too_many(self) -> bool:
        """Tell whether so many rows were left out that the file must be another than was meant."""
        return self._malformed > self.shape.limits.malformed

    def lines(self, batch: pa.RecordBatch, *, has_quotes: bool) -> pa.Array:
        """Give the rows of the next batch the line on which each begins."""
        breaks = _line_breaks(batch) if has_quotes else None
        if breaks is None and not self._left_out:
            return self._plain(batch.num_rows)
        window = np.arange(self._record, self._record + batch.num_rows + len(self._left_out))
        good = window[~np.isin(window, list(self._left_out))][: batch.num_rows]
        heights = self._heights(int(good[-1]) if len(good) else self._record - 1)
        if breaks is not None:
            heights[good - self._record] += breaks
        starts = self._advance(heights)
        return pa.array(starts[good - (self._record - len(heights))])

    def finish(self) -> None:
        """Give what was left out behind the last good row its lines."""
        if self._left_out:
            self._advance(self._heights(max(self._left_out)))

    def _plain(self, count: int) -> pa.Array:
        first = self.line + 1
        self.line, self._record = self.line + count, self._record + count
        return pa.array(np.arange(first, first + count))

    def _heights(self, last: int) -> Any:
        """Lines taken by each record from the present one to ``last``, as far as left-out ones tell."""
        heights = np.ones(max(last - self._record + 1, 0), dtype=np.int64)
        for number, (_, breaks, _, _) in self._left_out.items():
            if number <= last:
                heights[number - self._record] += breaks
        return heights

    def _advance(self, heights: Any) -> Any:
        """Move behind the records of these heights; gives the line on which each begins."""
        starts = self.line + 1 + np.cumsum(heights) - heights
        first, self._record = self._record, self._record + len(heights)
        self.line += int(heights.sum())
        for number in [found for found in self._left_out if found < self._record]:
            text, _, expected, actual = self._left_out.pop(number)
            self.rows.malformed.append(
                Malformed(
                    line=int(starts[number - first]),
                    rule="wrong_number_of_cells",
                    reason=f"{expected} cells were expected, {actual} found",
                    text=text,
                )
            )
        return starts


def _line_breaks(batch: pa.RecordBatch) -> Any:
    counts = sum(
        (np.asarray(pc.count_substring(column, "\n")) for column in batch.columns), np.zeros(batch.num_rows, np.int64)
    )
    return counts if counts.any() else None
