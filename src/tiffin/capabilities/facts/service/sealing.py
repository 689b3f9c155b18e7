# ruff: noqa: S608 - the SQL here is made of quoted names and literals of our own
"""Values of people, sealed under their keys in a table apart from the facts."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

import pyarrow as pa

from tiffin.capabilities.facts.domain.functions import identifier, quoted
from tiffin.capabilities.facts.service.checking import Checked
from tiffin.capabilities.facts.service.naming import FORGOTTEN
from tiffin.kernel.facts.personal_values import PERSONAL_VALUES
from tiffin.runtime.people_sealing import Seal
from tiffin.runtime.warehouse.columns import arrow_schema
from tiffin.runtime.warehouse.staging import scan
from tiffin.runtime.warehouse.store import DeltaStore

BATCH_ROWS = 65_536


def put_sealed(store: DeltaStore, checked: Checked, *, now: datetime, source: str) -> None:
    """Seal what a table's rows hold of people, before the rows themselves are written without it."""
    rows = _Rows(checked, source)
    reader = pa.RecordBatchReader.from_batches(arrow_schema(PERSONAL_VALUES), rows.batches(store))
    store.upsert(PERSONAL_VALUES, reader, now=now, source=source)


class _Rows:
    """The rows of ``personal_values`` that rows of one table bring."""

    def __init__(self, checked: Checked, source: str) -> None:
        self._bench, self._keys, self._source = checked.bench, checked.keys or {}, source
        self._contract = contract = checked.contract
        self._seals: dict[str, Seal] = {}
        sealed = contract.sealed_columns
        self._person = identifier(str(sealed[0].sealed_for))
        self._values = [column.name for column in sealed]
        parts = ", ".join(f"CAST({identifier(name)} AS VARCHAR)" for name in contract.key)
        city = "city_id" if contract.has("city_id") else "CAST(NULL AS VARCHAR)"
        there = " OR ".join(f"{identifier(name)} IS NOT NULL" for name in self._values)
        values = ", ".join(map(identifier, self._values))
        self._rows = (
            f"SELECT CAST(to_json([{parts}]) AS VARCHAR) AS row_key, {city} AS city, {self._person} AS person, "
            f"{values}, coalesce({self._person} <> {quoted(FORGOTTEN)} AND ({there}), false) AS has_values "
            f"FROM ({checked.good()})"
        )

    def batches(self, store: DeltaStore) -> Iterator[pa.RecordBatch]:
        """Give what is sealed, and what was sealed before and is there no more."""
        select = f"SELECT * FROM ({self._rows}) WHERE has_values"
        for batch in self._bench.connection.sql(select).to_arrow_reader(BATCH_ROWS):
            # Whoever was forgotten since the rows were read has no key any more.
            yield from self._made([self._sealed(row) for row in batch.to_pylist() if row["person"] in self._keys])
        snapshot = store.snapshot(PERSONAL_VALUES.name)
        if snapshot is None or not snapshot.files:
            return
        gone = (
            f"SELECT k.row_key, k.city_id AS city, k.pseudonym FROM {scan(snapshot.paths)} AS k "
            f"JOIN ({self._rows}) AS r USING (row_key) WHERE k.table_name = {quoted(self._contract.name)} "
            "AND NOT r.has_values AND k.sealed IS NOT NULL"
        )
        for batch in self._bench.connection.sql(gone).to_arrow_reader(BATCH_ROWS):
            yield from self._made([self._row(row, row["pseudonym"], None) for row in batch.to_pylist()])

    def _sealed(self, row: Mapping[str, Any]) -> dict[str, Any]:
        person = row["person"]
        seal = self._seals.get(person)
        if seal is None:
            seal = self._seals.setdefault(person, Seal(self._keys[person]))
        values = {name: row[name] for name in self._values if row[name] is not None}
        return self._row(row, person, seal.sealed(place_of(self._contract.name, row["row_key"]), values))

    def _row(self, row: Mapping[str, Any], pseudonym: str, sealed: str | None) -> dict[str, Any]:
        found = {"table_name": self._contract.name, "row_key": row["row_key"], "city_id": row["city"]}
        return {**found, "pseudonym": pseudonym, "sealed": sealed, "source": self._source}

    def _made(self, rows: list[dict[str, Any]]) -> Iterator[pa.RecordBatch]:
        if rows:
            yield pa.RecordBatch.from_pylist(rows, schema=arrow_schema(PERSONAL_VALUES))


def place_of(table: str, row_key: str) -> str:
    """Name the place to which sealed values belong: they open nowhere else."""
    return f"{table} {row_key}"
