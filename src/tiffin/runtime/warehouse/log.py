"""Reading and extending a table's Delta log: the only module that speaks to delta-rs."""

import json
import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pyarrow as pa
from deltalake import CommitProperties, DeltaTable, Schema
from deltalake.exceptions import CommitFailedError, DeltaError, TableNotFoundError
from deltalake.transaction import AddAction, RemoveAction, create_table_with_add_actions

from tiffin.kernel.errors import InvalidData, NotFound, Unavailable
from tiffin.runtime.warehouse.columns import canonical_type
from tiffin.runtime.warehouse.reasons import reason
from tiffin.runtime.warehouse.snapshot import Commit, DataFile, Snapshot
from tiffin.runtime.warehouse.written import note_write

CONFIGURATION = {
    "delta.logRetentionDuration": "interval 400 days",
    "delta.checkpointInterval": "20",
    # Statistics of every column, not of the first 32: they tell which columns a file has.
    "delta.dataSkippingNumIndexedCols": "-1",
}
PARTIAL = "some-"
"""So begin the names of files of which the statistics name every column that they have, and that lack others."""

NOTE = "tiffin"
"""Key under which a commit carries Tiffin's own note: moment, source, counts."""


_COMMIT = re.compile(r"\d{20}\.json")
_SEEN: dict[str, int] = {}


class OvertakenError(Exception):
    """Another writer committed first; the work must be redone on its version."""


@dataclass(frozen=True, slots=True)
class WrittenFile:
    """A Parquet file that lies in the table's folder and belongs to no version yet."""

    name: str
    rows: int
    size: int
    stats: str

    @property
    def columns(self) -> frozenset[str]:
        """Columns that the file has."""
        return frozenset(json.loads(self.stats)["nullCount"])

    @property
    def filled(self) -> frozenset[str]:
        """Columns of which some row is not null."""
        return frozenset(name for name, nulls in json.loads(self.stats)["nullCount"].items() if nulls < self.rows)


def log_file(location: Path, version: int) -> Path:
    """Give the path of a version's commit file."""
    return location / "_delta_log" / f"{version:020d}.json"


def exists(location: Path) -> bool:
    """Tell whether a folder holds a Delta table."""
    return latest_version(location) is not None


def latest_version(location: Path | str) -> int | None:
    """Find the newest version by the names in the log's folder alone, which costs microseconds.

    What this process saw last is remembered, so that usually a look for the one commit after it is enough.
    """
    folder = str(location)
    known = _SEEN.get(folder)
    if known is None or not _is_logged(folder, known):
        known = _listed_version(folder)
    while known is not None and _is_logged(folder, known + 1):
        known += 1
    if known is None:
        _SEEN.pop(folder, None)
    else:
        _SEEN[folder] = known
    return known


def _is_logged(folder: str, version: int) -> bool:
    # Every answer asks it of several tables, and making paths takes longer than looking.
    return os.path.exists(f"{folder}/_delta_log/{version:020d}.json")  # noqa: PTH110 - for the reason above


def _listed_version(folder: str) -> int | None:
    try:
        with os.scandir(f"{folder}/_delta_log") as entries:
            found = [int(entry.name[:20]) for entry in entries if _COMMIT.fullmatch(entry.name)]
    except FileNotFoundError:
        return None
    return max(found, default=None)


def read_snapshot(location: Path, version: int | None = None) -> Snapshot:
    """Read which files make up a version, the newest where none is given.

    Raises
    ------
    NotFound
        There is no such version, or its log has been cleaned away.
    InvalidData
        Another tool wrote the table with features that a list of files cannot express.
    """
    table = _opened(location, version)
    _refuse_features(table, location)
    schema = pa.schema(table.schema().to_arrow())
    schema = pa.schema([pa.field(field.name, canonical_type(field.type)) for field in schema])
    partitions = tuple(table.metadata().partition_columns)
    return Snapshot(
        table=location.name,
        version=int(table.version()),
        location=str(location),
        files=_data_files(table, location, [name for name in schema.names if name not in partitions]),
        schema=schema,
        partitions=partitions,
    )


def read_note(location: Path, version: int) -> Mapping[str, Any] | None:
    """Read what Tiffin noted in one commit; None where it noted nothing, or the commit's file is gone."""
    try:
        lines = log_file(location, version).read_text(encoding="utf-8").splitlines()
        entries: list[dict[str, Any]] = [json.loads(line) for line in lines]
    except (OSError, ValueError):
        return None
    note = next((entry["commitInfo"].get(NOTE) for entry in entries if "commitInfo" in entry), None)
    read = json.loads(note) if isinstance(note, str) else note
    return read if isinstance(read, Mapping) else None


def read_history(location: Path) -> tuple[Commit, ...]:
    """Read a table's commits, newest first."""
    return tuple(_commit(entry) for entry in _opened(location, None).history())


def extend(
    location: Path,
    base: Snapshot | None,
    *,
    schema: pa.Schema,
    added: Sequence[WrittenFile],
    removed: Sequence[DataFile],
    note: Mapping[str, Any],
    same_rows: bool = False,
) -> int:
    """Commit added and removed files as the version right after the base, or not at all.

    ``same_rows`` says that the rows only lie differently, which spares those who follow changes.

    Raises
    ------
    OvertakenError
        Another writer made that version.
    Unavailable
        The log could not be written.
    """
    properties = CommitProperties(custom_metadata={NOTE: dict(note)}, max_commit_retries=0)
    stamp = int(datetime.now(UTC).timestamp() * 1000)
    adds = [AddAction(file.name, file.size, {}, stamp, not same_rows, file.stats) for file in added]
    target = Schema.from_arrow(schema)
    try:
        if base is None:
            create_table_with_add_actions(
                str(location), target, adds, mode="error", configuration=CONFIGURATION, commit_properties=properties
            )
            version = 0
        else:
            drops = [RemoveAction(file.name, not same_rows, stamp, file.size, {}) for file in removed]
            table = _opened(location, base.version)
            table.create_write_transaction([*adds, *drops], "append", target, commit_properties=properties)
            version = base.version + 1
    except (DeltaError, OSError) as error:
        raise _commit_error(error, location, base) from error
    _settle(log_file(location, version))
    note_write(location.parent)
    return version


def add_columns(location: Path, base: Snapshot, schema: pa.Schema) -> Snapshot:
    """Give a table the columns that its contract gained; older rows hold null there."""
    missing = [field for field in schema if field.name not in base.schema.names]
    table = _opened(location, base.version)
    try:
        table.alter.add_columns(Schema.from_arrow(pa.schema(missing)).fields)
    except CommitFailedError as error:
        raise OvertakenError from error
    return read_snapshot(location)


def remove_unneeded(location: Path, kept: timedelta, *, versions: Sequence[int] = ()) -> tuple[str, ...]:
    """Delete files that neither a version of the kept span, nor a named one, nor a running write needs; name them."""
    table = _opened(location, None)
    hours = int(kept.total_seconds() // 3600)
    needed = list(versions) or None
    return tuple(table.vacuum(hours, dry_run=False, enforce_retention_duration=False, full=True, keep_versions=needed))


def _opened(location: Path, version: int | None) -> DeltaTable:
    try:
        return DeltaTable(str(location), version=version)
    except TableNotFoundError as error:
        raise NotFound(
            f"A table was expected in {location}, none is there. Load facts into it first with `tiffin load`."
        ) from error
    except DeltaError as error:
        raise NotFound(
            f"Version {version} of the table {location.name} was expected; its log does not hold it ({reason(error)}). "
            "Ask for one of the versions of its history."
        ) from error


def _refuse_features(table: DeltaTable, location: Path) -> None:
    features = set(table.protocol().reader_features or ()) & {"deletionVectors", "columnMapping"}
    if features:
        raise InvalidData(
            f"The table in {location} was written by another tool with {', '.join(sorted(features))}, which a list of "
            "files does not express. Rewrite it there without them (in Spark: `REORG TABLE … APPLY (PURGE)`)."
        )


def _data_files(table: DeltaTable, location: Path, columns: Sequence[str]) -> tuple[DataFile, ...]:
    # Not `pa.table`: that would import pandas, where it is installed, for a second.
    actions = pa.RecordBatchReader.from_stream(table.get_add_actions(flatten=True)).read_all()
    nulls = [f"null_count.{name}" for name in columns]
    known = set(actions.schema.names)
    counted = actions.select([name for name in ("path", "size_bytes", "num_records", *nulls) if name in known])
    return tuple(
        DataFile(
            path=str(location / unquote(row["path"])),
            name=row["path"],
            size=row["size_bytes"],
            rows=row.get("num_records"),
            lacks=_lacked(row, columns),
        )
        for row in counted.to_pylist()
    )


def _lacked(row: Mapping[str, Any], columns: Sequence[str]) -> frozenset[str] | None:
    """Tell which columns a file does not have: those without statistics, if the file is one of our own."""
    lacks = frozenset(name for name in columns if row.get(f"null_count.{name}") is None)
    return lacks if not lacks or unquote(row["path"]).startswith(PARTIAL) else None


def _commit(entry: Mapping[str, Any]) -> Commit:
    note = entry.get(NOTE) or {}
    if isinstance(note, str):
        note = json.loads(note)
    stamp = datetime.fromtimestamp(int(entry.get("timestamp", 0)) / 1000, tz=UTC)
    return Commit(
        version=int(entry["version"]),
        at=datetime.fromisoformat(note["at"]) if "at" in note else stamp,
        operation=str(note.get("operation", entry.get("operation", ""))),
        source=str(note.get("source", "")),
        counts={key: int(value) for key, value in note.get("counts", {}).items()},
        note=note,
    )


def _commit_error(error: Exception, location: Path, base: Snapshot | None) -> Exception:
    overtaken = log_file(location, 0 if base is None else base.version + 1).exists()
    if overtaken:
        return OvertakenError()
    return Unavailable(
        f"The new version of the table {location.name} could not be written in {location}: {reason(error, lines=3)}. "
        "The version before it stands. Check free space and permissions there, then run the same command again."
    )


def _settle(commit: Path) -> None:
    for path in (commit, commit.parent):
        settle_file(path)


def settle_file(path: Path) -> None:
    """Make the operating system write a file or folder through to the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
