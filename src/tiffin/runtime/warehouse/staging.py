# ruff: noqa: S608 - the SQL here is made of quoted identifiers and paths of our own
"""The workbench of one write: rows land in files beside the tables before any version knows of them."""

import fcntl
import json
import os
import shutil
import uuid
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from tiffin.kernel.errors import InvalidData, Unavailable
from tiffin.runtime.warehouse.columns import DUCKDB, literal, quoted
from tiffin.runtime.warehouse.log import WrittenFile, settle_file
from tiffin.runtime.warehouse.reasons import reason
from tiffin.runtime.warehouse.snapshot import DataFile, Snapshot

FOLDER = ".staging"
MEMORY = "600MB"
"""What DuckDB may hold of a write before it spills to disk; Arrow and Parquet buffers come on top of it."""

PIECE_BYTES = 192 * 2**20
"""Rows of a stream are sorted and written in pieces of this size in memory."""

ROW_GROUP_ROWS = 61_440
FILE_SIZE = "256MB"

DENSE = f"COMPRESSION zstd, ROW_GROUP_SIZE {ROW_GROUP_ROWS}"
"""How rows are written that were sorted: small row groups, of which readers skip many."""

FAST = "COMPRESSION snappy, PARQUET_VERSION v2, ROW_GROUP_SIZE 122880, DICTIONARY_SIZE_LIMIT 4096"
"""How rows of a large load are written, in the order in which they come: with a third of the work of `DENSE`.

A dictionary is tried for every column and given up once it is too large; with a small limit that happens early.
"""


class Bench:
    """One write's own DuckDB and folder, gone when the write ends or the next one finds its owner dead."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.connection = new_engine()
        self.connection.execute(
            f"SET memory_limit = '{MEMORY}'; SET temp_directory = {literal(str(folder / 'spill'))}; "
            # The engine takes a process without a script of its own for a person at a prompt, and would draw a bar.
            "SET TimeZone = 'UTC'; SET preserve_insertion_order = false; SET enable_progress_bar = false"
        )

    def run(self, sql: str) -> list[tuple[Any, ...]]:
        """Run a statement and fetch its rows, with the engine's errors told as ours.

        Raises
        ------
        Unavailable
            The disk is full, or memory and spill space do not suffice.
        InvalidData
            A value cannot be what its column's type says.
        """
        try:
            return self.connection.execute(sql).fetchall()
        except (duckdb.ConversionException, duckdb.OutOfRangeException) as error:
            raise InvalidData(
                f"A value does not fit its column's type: {reason(error)}. Mend the row, or quarantine it in the feed."
            ) from error
        except (duckdb.IOException, duckdb.OutOfMemoryException, OSError) as error:
            raise unwritable(self.folder, error) from error

    def write(self, select: str, form: str = DENSE, name: str = "part-") -> list[WrittenFile]:
        """Write a query's rows into Parquet files of this bench, in the form `DENSE` or `FAST`.

        Where columns of the table are left out, since all rows hold null there, the name begins with the log's
        `PARTIAL`.
        """
        target = self.folder / uuid.uuid4().hex
        target.mkdir()
        rows = self.run(
            f"COPY ({select}) TO {literal(str(target))} (FORMAT parquet, {form}, RETURN_STATS, "
            f"FILE_SIZE_BYTES '{FILE_SIZE}', FILENAME_PATTERN '{name}{{uuid}}')"
        )
        return [_written(Path(row[0]), self.folder, row) for row in rows if row[1] > 0]

    def land(self, batches: pa.RecordBatchReader, select: str) -> list[WrittenFile]:
        """Write a stream of batches, ``incoming`` in the query, into files of one piece each.

        A piece is sorted in memory: sorting the whole stream would spill many times its size to disk for little, since
        readers skip row groups of other cities within each file.
        """
        landed: list[WrittenFile] = []
        if not batches.schema.names:
            return landed
        for piece in _pieces(batches):
            self.connection.register("incoming", piece)
            try:
                landed += self.write(select)
            finally:
                self.connection.unregister("incoming")
        return landed

    def publish(self, files: Sequence[WrittenFile], location: Path) -> list[WrittenFile]:
        """Move files into the table's folder, settled on disk, ready for a commit."""
        published = []
        try:
            location.mkdir(parents=True, exist_ok=True)
            for file in files:
                source = self.folder / file.name
                settle_file(source)
                published.append(replace(file, name=source.name))
                source.rename(location / source.name)
        except OSError as error:
            raise unwritable(location, error) from error
        return published

    def take_back(self, files: Sequence[WrittenFile], location: Path) -> None:
        """Bring published files back after a commit that did not come about."""
        for file in files:
            target = self.folder / file.name
            (location / target.name).rename(target)


def new_engine() -> duckdb.DuckDBPyConnection:
    """Start an engine that holds nothing yet."""
    return duckdb.connect(":memory:")


@contextmanager
def open_bench(root: Path) -> Iterator[Bench]:
    """Open a bench under the tables' root; sweep away those that dead processes left."""
    folder = root / FOLDER
    try:
        folder.mkdir(parents=True, exist_ok=True)
        own = folder / uuid.uuid4().hex
        with _alone(folder):
            _sweep(folder)
            own.mkdir()
            lock = _claim(own)
    except OSError as error:
        raise unwritable(folder, error) from error
    try:
        bench = Bench(own)
        try:
            yield bench
        finally:
            bench.connection.close()
    finally:
        shutil.rmtree(own, ignore_errors=True)
        os.close(lock)


def unwritable(folder: Path, error: Exception) -> Unavailable:
    """Tell that a write found no room; nothing of it was published."""
    return Unavailable(
        f"Rows could not be written under {folder}: {reason(error)}. The tables hold what they held before. "
        "Free some space (`tiffin doctor` tells how much there is), then run the same command again."
    )


def scan(paths: Sequence[str]) -> str:
    """Write DuckDB's reading of Parquet files that all have the same columns."""
    return f"read_parquet([{', '.join(map(literal, paths))}])"


def scan_files(snapshot: Snapshot, files: Sequence[DataFile], *, numbered: bool = False) -> str:
    """Write DuckDB's reading of a snapshot's files, with every column of its schema, also where a file lacks some.

    ``numbered`` adds ``file_index`` (in the list of files) and ``file_row_number`` (in the file) to each row.
    """
    paths = scan([file.path for file in files])
    options = []
    if snapshot.partitions:
        types = ", ".join(f"{quoted(name)}: {DUCKDB[found]}" for name, found in snapshot.partition_types.items())
        options.append(f", hive_partitioning = true, hive_types = {{{types}}}")
    (lacks, *others) = {file.lacks for file in files} or {frozenset()}
    numbers = ", file_index, file_row_number" if numbered else ""
    if not others and lacks is not None:
        source = f"{paths[:-1]}{''.join(options)})"
        return f"(SELECT *{numbers}{_absent(snapshot.schema, lacks)} FROM {source})" if lacks else source
    empty = ", ".join(typed(snapshot.schema, ()))
    return (
        f"(SELECT *{numbers} FROM {paths[:-1]}{''.join(options)}, union_by_name = true) "
        f"UNION ALL BY NAME SELECT {empty} WHERE false)"
    )


def scan_staged(bench: Bench, staged: Sequence[WrittenFile], schema: pa.Schema) -> str:
    """Write DuckDB's reading of files on a bench, with every column of a schema, also where files lack some.

    ``file_index`` and ``file_row_number`` can be asked for.
    """
    found = {file.columns for file in staged}
    lacks = frozenset(schema.names).difference(*found)
    source = scan([str(bench.folder / file.name) for file in staged])
    if len(found) > 1:
        source = f"{source[:-1]}, union_by_name = true)"
    return f"(SELECT *, file_index, file_row_number{_absent(schema, lacks)} FROM {source})" if lacks else source


def _absent(schema: pa.Schema, lacks: Collection[str]) -> str:
    return "".join(f", {value}" for value in typed(pa.schema([schema.field(name) for name in sorted(lacks)]), ()))


def typed(schema: pa.Schema, present: Sequence[str]) -> list[str]:
    """Write the select list that gives a schema's columns their types; those not present are null."""
    known = set(present)
    return [
        f"CAST({quoted(field.name) if field.name in known else 'NULL'} AS {DUCKDB[field.type]}) AS {quoted(field.name)}"
        for field in schema
    ]


def _pieces(batches: pa.RecordBatchReader) -> Iterator[pa.Table]:
    gathered: list[pa.RecordBatch] = []
    size = 0
    for batch in batches:
        gathered.append(batch)
        size += batch.nbytes
        if size >= PIECE_BYTES:
            yield pa.Table.from_batches(gathered)
            gathered, size = [], 0
    if gathered:
        yield pa.Table.from_batches(gathered)


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Keep others from sweeping and claiming meanwhile: a bench without an owner is then a dead process's."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _claim(own: Path) -> int:
    descriptor = os.open(own / "owner", os.O_CREAT | os.O_RDWR)
    fcntl.flock(descriptor, fcntl.LOCK_EX)
    return descriptor


def _sweep(folder: Path) -> None:
    for left in folder.iterdir():
        if _is_abandoned(left):
            shutil.rmtree(left, ignore_errors=True)


def _is_abandoned(left: Path) -> bool:
    try:
        descriptor = os.open(left / "owner", os.O_RDWR)
    except FileNotFoundError:  # killed before it owned anything, or while it cleared up
        return True
    except OSError:  # not ours
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    finally:
        os.close(descriptor)
    return True


def _written(path: Path, folder: Path, row: tuple[Any, ...]) -> WrittenFile:
    return WrittenFile(str(path.relative_to(folder)), int(row[1]), int(row[2]), _delta_stats(int(row[1]), row[4]))


def _delta_stats(rows: int, columns: dict[str, dict[str, str]]) -> str:
    nulls = {name.strip('"'): int(found["null_count"]) for name, found in columns.items() if "null_count" in found}
    return json.dumps({"numRecords": rows, "nullCount": nulls})
