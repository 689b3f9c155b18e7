"""Files of a feed laid down as raw text: every cell as it stands, with file and line, so that nothing is lost."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow as pa
from pyarrow import parquet

from tiffin.capabilities.facts.domain.feed import Feed, FileKind, Format
from tiffin.capabilities.facts.domain.report import FileReport
from tiffin.kernel.errors import InvalidData, NotFound
from tiffin.runtime.intake.csv_rows import csv_rows
from tiffin.runtime.intake.excel_rows import excel_rows
from tiffin.runtime.intake.json_rows import json_rows
from tiffin.runtime.intake.parquet_rows import parquet_rows
from tiffin.runtime.intake.shape import LINE, Malformed, Rows, Shape
from tiffin.runtime.intake.sources import SourceFile, find_sources

READERS: Mapping[Format, Callable[[SourceFile, Shape], Rows]] = {
    Format.CSV: csv_rows,
    Format.TSV: csv_rows,
    Format.JSONL: json_rows,
    Format.EXCEL: excel_rows,
    Format.PARQUET: parquet_rows,
}

Progress = Callable[[int], None]
"""Told how many bytes were read since the last call."""


@dataclass(slots=True)
class Raw:
    """The raw text of all files of a load."""

    paths: dict[str, str]
    """Parquet file of each kind of file."""
    files: list[FileReport] = field(default_factory=list)
    malformed: list[tuple[str, int, Malformed]] = field(default_factory=list)
    """Kind, number of the file, and the row that has no columns."""
    has_nul: bool = False


def assign(feed: Feed, paths: Iterable[Path]) -> tuple[tuple[FileKind, SourceFile], ...]:
    """Tell which file is of which kind.

    Raises
    ------
    NotFound
        There is no file of some kind that the feed reads.
    InvalidData
        A file that was named itself is of no kind.
    """
    named = tuple(paths)
    assigned = []
    for source in find_sources(named):
        kind = next((kind for kind in feed.files if source.matches(kind.pattern)), None)
        if kind is not None:
            assigned.append((kind, source))
        elif any(str(path) == source.name for path in named):
            raise InvalidData(
                f"{source.name} is none of the files that the feed {feed.name} reads: {_patterns(feed)}. "
                "Name the right file, or mend `pattern` in the feed."
            )
    _check_complete(feed, [kind.name for kind, _ in assigned], named)
    return tuple(assigned)


def _check_complete(feed: Feed, found: Sequence[str], named: Sequence[Path]) -> None:
    missing = [kind for kind in feed.files if kind.name not in found]
    if missing:
        raise NotFound(
            f"The feed {feed.name} reads {_patterns(feed)}; no file like {missing[0].pattern!r} is among "
            f"{', '.join(map(str, named)) or 'the files named'} ({missing[0].place}). Name it too, or the folder "
            "that holds them all."
        )


def _patterns(feed: Feed) -> str:
    return ", ".join(f"{kind.pattern} ({kind.name})" for kind in feed.files)


def lay_down(feed: Feed, assigned: Sequence[tuple[FileKind, SourceFile]], folder: Path, progress: Progress) -> Raw:
    """Read every file as text into one Parquet file a kind.

    Raises
    ------
    InvalidData
        A file cannot be read safely, or not as the feed says.
    """
    raw = Raw({})
    for kind in feed.files:
        target = folder / f"raw_{kind.name}.parquet"
        schema = raw_schema(kind)
        with parquet.ParquetWriter(target, schema, compression="lz4") as writer:
            for source in (source for of, source in assigned if of.name == kind.name):
                _lay_one(kind, source, writer, raw, progress)
        raw.paths[kind.name] = str(target)
    return raw


def _lay_one(kind: FileKind, source: SourceFile, writer: parquet.ParquetWriter, raw: Raw, progress: Progress) -> None:
    digest, known = digest_of(kind, source)
    number = len(raw.files)
    shape = shape_of(kind, progress)
    rows = READERS[kind.format](source, shape)
    count = 0
    for batch in rows.batches:
        writer.write_batch(carried(batch, number, source, writer.schema))
        count += batch.num_rows
        raw.malformed += [(kind.name, number, bad) for bad in rows.take_malformed()]
    late = rows.take_malformed()
    raw.malformed += [(kind.name, number, bad) for bad in late]
    raw.has_nul = raw.has_nul or rows.has_nul
    total = count + sum(1 for _, file, _ in raw.malformed if file == number)
    raw.files.append(FileReport(source.name, kind.name, total, digest, known))


def digest_of(kind: FileKind, source: SourceFile) -> tuple[str, str | None]:
    """Compute a file's SHA-256, and tell as what the feed knows it.

    Raises
    ------
    InvalidData
        The feed takes only files that it knows.
    """
    digest = source.sha256()
    known = kind.known.get(digest)
    if known is None and kind.known_only:
        raise InvalidData(
            f"{source.name} has the SHA-256 {digest}, and the feed takes only files that were checked ({kind.place}). "
            "Fetch the file from where the feed says, or add its SHA-256 there once you have checked it."
        )
    return digest, known


def shape_of(kind: FileKind, progress: Progress) -> Shape:
    """Tell what a file of a kind is expected to look like."""
    return Shape(
        [(column.header, column.alias, column.required) for column in kind.columns],
        encoding=kind.encoding,
        separator=kind.separator,
        sheet=kind.sheet,
        stated_in=str(kind.place),
        on_bytes=progress,
    )


def raw_schema(kind: FileKind) -> pa.Schema:
    """Tell the columns in which a kind's rows are laid down."""
    words = pa.dictionary(pa.int32(), pa.string())
    return pa.schema(
        [
            *(pa.field(column.alias, pa.string()) for column in kind.columns),
            pa.field("_file", pa.int64()),
            pa.field(LINE, pa.int64()),
            pa.field("file", words),
            pa.field("folder", words),
        ]
    )


def carried(batch: pa.RecordBatch, number: int, source: SourceFile, schema: pa.Schema) -> pa.RecordBatch:
    """Give rows of text the number, name and folder of their file."""
    count = batch.num_rows
    name = source.path.rsplit("/", 1)[-1]
    columns = {
        **dict(zip(batch.schema.names, batch.columns, strict=True)),
        "_file": pa.repeat(number, count).cast(pa.int64()),
    }
    columns |= {"file": _same(name, count), "folder": _same(source.folder, count)}
    return pa.RecordBatch.from_arrays([columns[field.name] for field in schema], schema=schema)


def _same(text: str, count: int) -> pa.DictionaryArray:
    return pa.DictionaryArray.from_arrays(pa.repeat(pa.scalar(0, pa.int32()), count), pa.array([text]))


def warnings_of(feed: Feed, files: Iterable[FileReport]) -> Iterator[str]:
    """Say which files are not among those that the feed was checked with."""
    for file in files:
        if not file.rows:
            yield f"{file.name} holds a header and no rows."
        if file.known_as is None and feed.kind(file.kind).known:
            yield (
                f"{file.name} is not one of the files that the feed {feed.name} was checked with (SHA-256 "
                f"{file.sha256[:12]}…). "
                "It was loaded all the same; look at the counts."
            )
