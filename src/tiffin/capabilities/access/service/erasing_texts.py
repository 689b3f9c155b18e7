"""Free text of the facts without an erased person: shown to an officer before, rewritten where it names him.

The current version is restated: the files that name him are replaced in one commit by files with a mark in the place of
his words. Files that only older versions need are deleted, unless a published number stands on them; those are written
anew where they lie, so that no number changes and none becomes unreadable.
"""

import io
import os
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
from pyarrow import parquet

from tiffin.capabilities.access.domain.erasing import SoughtPerson
from tiffin.capabilities.access.domain.fact_texts import FactText, FactTexts, left_out_keys, text_key
from tiffin.capabilities.access.domain.people_traces import Sought, marks_of
from tiffin.capabilities.access.models.erasures import Erasure
from tiffin.capabilities.access.service.erasing_quarantine import PREFIX
from tiffin.capabilities.access.service.people_files import texts_naming
from tiffin.kernel.errors import Conflict, NotFound
from tiffin.kernel.messages import Message
from tiffin.runtime.audit_marks import mark_of
from tiffin.runtime.context import Context
from tiffin.runtime.warehouse import log
from tiffin.runtime.warehouse.keeping import kept_versions
from tiffin.runtime.warehouse.log import OvertakenError
from tiffin.runtime.warehouse.opening import open_store
from tiffin.runtime.warehouse.rollup_names import FOLDER
from tiffin.runtime.warehouse.snapshot import Snapshot
from tiffin.runtime.warehouse.staging import open_bench
from tiffin.runtime.warehouse.store import DeltaStore

SHOWN = 100
ATTEMPTS = 20
FOOTER_BYTES = 8
"""Length of a Parquet footer and its sign, with which the file ends."""


def texts_of(context: Context, row: Erasure, person: SoughtPerson) -> FactTexts:
    """Give the texts of the facts that name a person, as they stand now, with what was decided about them."""
    kept, found = left_out_keys(row.left_out), Counter[tuple[str, str, str]]()
    store = open_store(context.workspace)
    for table in _tables(store):
        base = store.snapshot(table)
        for file in base.files if base else ():
            named = texts_naming(parquet.read_table(file.path), person.sought)
            found.update({(table, column, text): count for (column, text), count in named.items()})
    texts = [
        FactText(table, column, text, count, key := text_key(row.half, text), key in kept)
        for (table, column, text), count in found.most_common(SHOWN)
    ]
    return FactTexts(tuple(texts), len(found), found.total())


def sparing(row: Erasure, person: SoughtPerson) -> Sought:
    """Give what a person is looked for by, without the texts that somebody decided to leave out."""
    kept, half = left_out_keys(row.left_out), row.half
    return Sought(person.sought.words, spared=(lambda text: text_key(half, text) in kept) if kept else None)


def clear_texts(context: Context, row: Erasure, person: SoughtPerson) -> Mapping[str, Any]:
    """Rewrite every text of the facts that names the person; gives what was done, by table and column.

    Raises
    ------
    Conflict
        Loads came first again and again.
    """
    store, sought = open_store(context.workspace), sparing(row, person)
    marks = marks_of(person.sought.words, mark_of(row.erasure_id))
    done, files = Counter[str](), Counter[str]()
    for table in _tables(store):
        done.update(_restated(store, table, sought, marks, context.now))
        files.update(_cleared_old(store, table, sought, marks))
    files["rewritten"] += _cleared_rollups(store, sought, marks)
    kept = row.left_out or {}
    told = {"texts": dict(done), "files_removed": files["removed"], "files_rewritten": files["rewritten"]}
    return told | {"left_out": len(kept.get("texts", ())), "left_out_reason": kept.get("reason", "")}


def _tables(store: DeltaStore) -> Iterator[str]:
    return (name for name in store.tables() if not name.startswith(PREFIX))


def _restated(store: DeltaStore, table: str, sought: Sought, marks: Mapping[str, str], now: datetime) -> Counter[str]:
    for _ in range(ATTEMPTS):
        base = store.snapshot(table)
        if base is None:
            return Counter()
        try:
            return _replaced(store, base, sought, marks, now)
        except OvertakenError:
            continue
    raise Conflict(Message("{table} is being loaded all the time. Carry on when it is quiet.", table=table))


def _replaced(
    store: DeltaStore, base: Snapshot, sought: Sought, marks: Mapping[str, str], now: datetime
) -> Counter[str]:
    rows, fresh, touched = Counter[str](), [], []
    for file in base.files:
        whole = parquet.read_table(file.path)
        named = texts_naming(whole, sought)
        if named:
            touched.append(file)
            fresh.append(_without(whole, named, sought, marks))
            rows.update(_by_column(base.table, named))
    if not touched:
        return rows
    location = store.location(base.table)
    note = {"at": now.astimezone(UTC).isoformat(), "operation": "erase", "source": ""}
    with open_bench(store.root) as bench:
        added = [one for table in fresh for one in bench.land(table.to_reader(), "SELECT * FROM incoming")]
        published = bench.publish(added, location)
        try:
            log.extend(location, base, schema=base.schema, added=published, removed=touched, note=note)
        except BaseException:
            bench.take_back(added, location)
            raise
    return rows


def _by_column(table: str, named: "Counter[tuple[str, str]]") -> Counter[str]:
    rows = Counter[str]()
    for (column, _), count in named.items():
        rows[f"{table}.{column}"] += count
    return rows


def _without(whole: pa.Table, named: "Counter[tuple[str, str]]", sought: Sought, marks: Mapping[str, str]) -> pa.Table:
    """Put marks into the texts that were found."""
    cleaned = {place: sought.without(place[1], marks) for place in named}
    for number, field in enumerate(whole.schema):
        if any(column == field.name for column, _ in cleaned):
            values = [cleaned.get((field.name, text), text) for text in whole.column(field.name).to_pylist()]
            whole = whole.set_column(number, field, pa.array(values, field.type))
    return whole


def _cleared_old(store: DeltaStore, table: str, sought: Sought, marks: Mapping[str, str]) -> Counter[str]:
    """Take the person out of files that only older versions need."""
    base, location = store.snapshot(table), store.location(table)
    current = {Path(file.path).name for file in base.files} if base else set()
    published, done = _published(store, table), Counter[str]()
    for path in location.glob("**/*.parquet"):
        if path.name in current or path.parent.name == "_delta_log":
            continue
        whole = parquet.read_table(path, partitioning=None)
        named = texts_naming(whole, sought)
        if not named:
            continue
        if path.name in published:
            _write_anew(path, _without(whole, named, sought, marks))
        else:
            path.unlink(missing_ok=True)
        done["rewritten" if path.name in published else "removed"] += 1
    return done


def _cleared_rollups(store: DeltaStore, sought: Sought, marks: Mapping[str, str]) -> int:
    """Put marks into roll-ups where they lie: a number may be read from any of their versions, and none changes."""
    done = 0
    for path in (store.root / FOLDER).glob("**/*.parquet"):
        if path.parent.name != "_delta_log":
            whole = parquet.read_table(path, partitioning=None)
            named = texts_naming(whole, sought)
            if named:
                _write_anew(path, _without(whole, named, sought, marks))
                done += 1
    return done


def _published(store: DeltaStore, table: str) -> set[str]:
    """Name the files on which published numbers stand."""
    names: set[str] = set()
    for version in kept_versions(store, table):
        try:
            snapshot = store.snapshot(table, version)
        except NotFound:
            continue
        names |= {Path(file.path).name for file in snapshot.files} if snapshot else set()
    return names


def _write_anew(path: Path, rows: pa.Table) -> None:
    """Write a file in the place of another, as long as it was: the table's log tells its length.

    One that comes out longer all the same stays so; what reads whole files, as the embedded engine does, does not mind.
    """
    fresh, length = path.with_name(f".{path.name}.unfinished"), path.stat().st_size
    tight: dict[str, Any] = {"store_schema": False, "write_statistics": False, "compression_level": 15}
    forms = []
    for with_dictionary in (True, False):
        held = io.BytesIO()
        parquet.write_table(rows, held, compression="zstd", use_dictionary=with_dictionary, **tight)
        forms.append(held.getvalue())
    content = min(forms, key=len)
    footer = FOOTER_BYTES + int.from_bytes(content[-FOOTER_BYTES : -FOOTER_BYTES // 2], "little")
    padding = bytes(max(0, length - len(content)))  # between data and footer, where no place in the file points
    fresh.write_bytes(content[:-footer] + padding + content[-footer:])
    os.replace(fresh, path)  # noqa: PTH105 - one step, whichever system
