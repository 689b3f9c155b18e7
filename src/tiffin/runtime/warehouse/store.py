# ruff: noqa: S608 - the SQL here is made of quoted identifiers and paths of our own
"""Fact tables as Delta tables in a folder: written atomically, read at any version."""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

import pyarrow as pa

from tiffin.kernel.contract import TableContract
from tiffin.kernel.errors import Conflict, InvalidData, InvalidDefinition
from tiffin.runtime.warehouse import log
from tiffin.runtime.warehouse.columns import arrow_schema, canonical_type, literal, quoted
from tiffin.runtime.warehouse.keys import Digests, meet
from tiffin.runtime.warehouse.log import OvertakenError, WrittenFile
from tiffin.runtime.warehouse.moments import version_at
from tiffin.runtime.warehouse.snapshot import Commit, DataFile, Snapshot, Upsert
from tiffin.runtime.warehouse.split import (
    Split,
    locality,
    refuse_bad_keys,
    split,
    write_fresh,
    write_unchanged,
)
from tiffin.runtime.warehouse.staging import Bench, open_bench, typed

Done = TypeVar("Done")

ATTEMPTS = 20
"""So often a write starts over on the version of another writer that came first."""


class DeltaStore:
    """The Delta tables of one workspace, one folder a table.

    A write is one commit: it appears as a whole or not at all, whatever moment the process dies. Readers hold the
    version that they began with. Any number of processes may write; of two that meet, the second one starts over on the
    first one's version by itself.

    Parameters
    ----------
    root : Path
        Folder of the tables; need not exist yet.
    """

    def __init__(self, root: Path) -> None:
        self.root = root.resolve()

    def location(self, table: str) -> Path:
        """Folder of a table."""
        return self.root / table

    def tables(self) -> tuple[str, ...]:
        """Names of the tables that have at least one version."""
        if not self.root.is_dir():
            return ()
        return tuple(sorted(path.name for path in self.root.iterdir() if self.has(path.name)))

    def has(self, table: str) -> bool:
        """Tell whether a table has at least one version."""
        return (self.root / table / "_delta_log").is_dir()

    def version_at(self, table: str, instant: datetime) -> int | None:
        """Find the version that stood at an instant; None where there was no table."""
        return version_at(self.history(table), instant)

    def version(self, table: str) -> int | None:
        """Find the newest version of a table, None where it was never loaded."""
        return log.latest_version(self.location(table))

    def snapshot(self, table: str, as_of: int | datetime | None = None) -> Snapshot | None:
        """Give a table as of a version or an instant, the newest where neither is given.

        None means that there was no table: it was never loaded, or not yet at that instant.

        Raises
        ------
        NotFound
            The table has no such version.
        """
        location = self.location(table)
        if not log.exists(location):
            return None
        version = self.version_at(table, as_of) if isinstance(as_of, datetime) else as_of
        if isinstance(as_of, datetime) and version is None:
            return None
        return log.read_snapshot(location, version)

    def history(self, table: str) -> tuple[Commit, ...]:
        """List the commits of a table, newest first; empty where it was never loaded."""
        location = self.location(table)
        return log.read_history(location) if log.exists(location) else ()

    def upsert(self, contract: TableContract, batches: pa.RecordBatchReader, *, now: datetime, source: str) -> Upsert:
        """Bring rows into a table under its contract's key, in one commit.

        Unknown keys are inserted, known ones restated, and rows that are known word by word leave the table alone: a
        load of nothing else makes no version. Columns that the batches lack are null, a missing ``source`` is the
        argument.

        Parameters
        ----------
        batches : pyarrow.RecordBatchReader
            Read once, as a stream; memory stays flat however long it is.
        now : datetime
            UTC; recorded as the moment from which the rows are known.
        source : str
            Feed, or another name for where the rows are from.

        Raises
        ------
        InvalidData
            A key is empty or twice in the load, a value does not fit its type, a column is not in the contract.
        InvalidDefinition
            The table on disk has a column of another type than the contract.
        Unavailable
            The disk is full or the folder cannot be written; the table stands as it was.
        Conflict
            Other writers came first again and again.
        """
        return self._bring(contract, batches, now, "upsert", source)

    def insert(self, contract: TableContract, batches: pa.RecordBatchReader, *, now: datetime, source: str) -> Upsert:
        """Bring rows into a table as `upsert` does, but leave every key that it has as it stands: no row is restated.

        That holds against other writers too: of two that bring one key at once, the first one's row stays. Rows of
        known keys count as identical.
        """
        return self._bring(contract, batches, now, "insert", source)

    def _bring(
        self, contract: TableContract, batches: pa.RecordBatchReader, now: datetime, operation: str, source: str
    ) -> Upsert:
        schema = arrow_schema(contract)
        _refuse_unknown(contract.name, batches.schema, schema)
        with open_bench(self.root) as bench:
            select = f"SELECT {', '.join(_incoming(schema, batches.schema, source))} FROM incoming"
            staged = bench.land(batches, f"{select} ORDER BY {locality(contract)}")
            if not staged:
                return Upsert(0, 0, 0, self.version(contract.name), changed=False)
            refuse_bad_keys(bench, contract, staged)
            note = {"at": now.astimezone(UTC).isoformat(), "operation": operation, "source": source}
            return _persist(contract.name, lambda: self._merge(bench, contract, staged, schema, note))

    def upsert_files(
        self,
        contract: TableContract,
        bench: Bench,
        staged: Sequence[WrittenFile],
        digests: Digests,
        *,
        now: datetime,
        source: str,
        more: Mapping[str, object],
    ) -> Upsert:
        """Bring files into a table under its contract's key, in one commit, as `upsert` does with a stream.

        Where no key may be in the table yet, the files become part of it as they are.

        Parameters
        ----------
        bench : Bench
            Where the files lie. They hold every column of the contract, and no key twice.
        digests : (n,)
            Digests of the files' keys, ascending.
        more : mapping of str to object
            What the commit's note says besides moment, source and counts.
        """
        schema = arrow_schema(contract)
        note = {**more, "at": now.astimezone(UTC).isoformat(), "operation": "upsert", "source": source}
        return _persist(contract.name, lambda: self._merge(bench, contract, staged, schema, note, digests))

    def append(self, table: str, batches: pa.RecordBatchReader, *, now: datetime, source: str) -> int | None:
        """Add rows to a table without a key (quarantine, logs) and give its version; no rows make no version."""
        schema = pa.schema([pa.field(field.name, canonical_type(field.type)) for field in batches.schema])
        with open_bench(self.root) as bench:
            staged = bench.land(batches, f"SELECT {', '.join(_incoming(schema, batches.schema, source))} FROM incoming")
            if not staged:
                return self.version(table)
            counts = {"appended": sum(file.rows for file in staged)}
            note = {"at": now.astimezone(UTC).isoformat(), "operation": "append", "source": source, "counts": counts}

            def commit() -> int:
                base, whole = self._prepared(table, schema)
                return self._commit(bench, table, base, whole, staged, (), note)

            return _persist(table, commit)

    def _merge(
        self,
        bench: Bench,
        contract: TableContract,
        staged: Sequence[WrittenFile],
        schema: pa.Schema,
        note: Mapping[str, object],
        digests: Digests | None = None,
    ) -> Upsert:
        base, whole = self._prepared(contract.name, schema)
        is_new = base is None or not base.files
        if base is None or is_new or (digests is not None and not meet(bench, contract, digests, base)):
            found = Split(inserted=sum(file.rows for file in staged), updated=0, identical=0, touched=())
        else:
            found = split(bench, contract, staged, base, schema, keeps_known=note["operation"] == "insert")
        if base is not None and not found.inserted and not found.updated:
            return Upsert(0, 0, found.identical, base.version, changed=False)
        order = locality(contract)
        added = write_fresh(bench, staged, schema, order) if found.identical else list(staged)
        if base is not None:
            added += write_unchanged(bench, base, found.touched, order)
        counts = {"inserted": found.inserted, "updated": found.updated, "identical": found.identical}
        version = self._commit(bench, contract.name, base, whole, added, found.touched, {**note, "counts": counts})
        return Upsert(found.inserted, found.updated, found.identical, version, changed=True)

    def _prepared(self, table: str, schema: pa.Schema) -> tuple[Snapshot | None, pa.Schema]:
        """Give the snapshot to build on, with the columns that the rows bring, and the whole schema it then has."""
        base = self.snapshot(table)
        if base is None:
            return None, schema
        _refuse_other_types(base, schema)
        missing = set(schema.names) - set(base.schema.names)
        if missing:
            base = log.add_columns(self.location(table), base, schema)
        return base, base.schema

    def _commit(
        self,
        bench: Bench,
        table: str,
        base: Snapshot | None,
        schema: pa.Schema,
        added: Sequence[WrittenFile],
        removed: Sequence[DataFile],
        note: Mapping[str, object],
    ) -> int:
        location = self.location(table)
        published = bench.publish(added, location)
        try:
            return log.extend(location, base, schema=schema, added=published, removed=removed, note=note)
        except BaseException:
            bench.take_back(added, location)
            raise


def _persist(table: str, attempt: Callable[[], Done]) -> Done:
    for _ in range(ATTEMPTS):
        try:
            return attempt()
        except OvertakenError:
            continue
    raise Conflict(f"{ATTEMPTS} times in a row another process wrote the table {table} first. Run the load again.")


def _incoming(schema: pa.Schema, found: pa.Schema, source: str) -> list[str]:
    columns = typed(schema, found.names)
    if "source" in schema.names:
        stated = f"COALESCE({quoted('source')}, {literal(source)})" if "source" in found.names else literal(source)
        columns[schema.names.index("source")] = f"CAST({stated} AS VARCHAR) AS {quoted('source')}"
    return columns


def _refuse_unknown(table: str, found: pa.Schema, schema: pa.Schema) -> None:
    unknown = [name for name in found.names if name not in schema.names]
    if unknown:
        raise InvalidData(
            f"The columns of {table} were expected ({', '.join(schema.names)}); found besides: {', '.join(unknown)}. "
            "Leave them out, or add them to the contract."
        )


def _refuse_other_types(base: Snapshot, schema: pa.Schema) -> None:
    for field in schema:
        stored = base.schema.field(field.name).type if field.name in base.schema.names else field.type
        if stored != field.type:
            raise InvalidDefinition(
                f"The column {field.name} of the table {base.table} is stored as {stored}; the rows now have "
                f"{field.type}. A column keeps its type: give the new one another name, or load into a fresh workspace."
            )
