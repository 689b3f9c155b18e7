"""Quarantined rows without an erased person: their text goes, rule, file and line stay, and so do all counts."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
from pyarrow import parquet

from tiffin.capabilities.access.domain.people_traces import Sought
from tiffin.capabilities.access.service.people_files import traces_in
from tiffin.kernel.errors import Conflict
from tiffin.kernel.messages import Message
from tiffin.runtime.warehouse import log
from tiffin.runtime.warehouse.log import OvertakenError
from tiffin.runtime.warehouse.snapshot import DataFile, Snapshot
from tiffin.runtime.warehouse.staging import open_bench
from tiffin.runtime.warehouse.store import DeltaStore

PREFIX = "quarantine_"
TEXT = "row"
ATTEMPTS = 20


def clear_quarantine(store: DeltaStore, sought: Sought, marks: Mapping[str, str], *, now: datetime) -> int:
    """Take a person out of every quarantine table, older versions included; gives how many rows named him.

    The cleaned rows are a new version; files of older ones that named him are deleted, so that those versions cannot be
    read any more. No number stands on a quarantine.

    Raises
    ------
    Conflict
        Loads came first again and again.
    """
    tables = [name for name in store.tables() if name.startswith(PREFIX)]
    return sum(_cleared(store, name, sought, marks, now) for name in tables)


def _cleared(store: DeltaStore, table: str, sought: Sought, marks: Mapping[str, str], now: datetime) -> int:
    for _ in range(ATTEMPTS):
        base = store.snapshot(table)
        touched = [file for file in base.files if _names(file.path, store, sought)] if base else []
        if base is None or not touched:
            _delete_old(store, table, sought)
            return 0
        try:
            rows = _rewritten(store, base, touched, _cleaning(sought, marks), now)
        except OvertakenError:
            continue
        _delete_old(store, table, sought)
        return rows
    raise Conflict(Message("{table} is being loaded all the time. Carry on when it is quiet.", table=table))


def _rewritten(store: DeltaStore, base: Snapshot, touched: Sequence[DataFile], cleaning: Any, now: datetime) -> int:
    location = store.location(base.table)
    old = pa.concat_tables([parquet.read_table(file.path) for file in touched])
    rows = old.to_pylist()
    cleaned = [cleaning(row) for row in rows]
    fresh = pa.Table.from_pylist(cleaned, schema=old.schema)
    note = {"at": now.astimezone(UTC).isoformat(), "operation": "erase", "source": ""}
    with open_bench(store.root) as bench:
        added = bench.land(fresh.to_reader(), "SELECT * FROM incoming")
        published = bench.publish(added, location)
        try:
            log.extend(location, base, schema=base.schema, added=published, removed=touched, note=note)
        except BaseException:
            bench.take_back(added, location)
            raise
    return sum(1 for one, other in zip(rows, cleaned, strict=True) if one != other)


def _cleaning(sought: Sought, marks: Mapping[str, str]) -> Any:
    def cleaned(row: Mapping[str, Any]) -> dict[str, Any]:
        is_his = any(isinstance(value, str) and sought.in_text.search(value) for value in row.values())
        if not is_his:
            return dict(row)
        return {name: None if name == TEXT else sought.without_in(value, marks) for name, value in row.items()}

    return cleaned


def _delete_old(store: DeltaStore, table: str, sought: Sought) -> None:
    """Delete files that only older versions need and that name the person."""
    base = store.snapshot(table)
    current = {Path(file.path).name for file in base.files} if base else set()
    for path in store.location(table).glob("**/*.parquet"):
        if path.name not in current and traces_in(path, store.root, sought):
            path.unlink(missing_ok=True)


def _names(path: str, store: DeltaStore, sought: Sought) -> bool:
    return bool(traces_in(Path(path), store.root, sought))
