"""People whom rows name, given their pseudonyms before anything else is done with the rows."""

from collections.abc import Iterator
from dataclasses import dataclass, field

import pyarrow as pa
import pyarrow.compute as pc

from tiffin.capabilities.facts.domain.mapping import LINES
from tiffin.capabilities.facts.domain.report import RuleCount
from tiffin.kernel.contract import Column, TableContract
from tiffin.kernel.people import SIMULATED, PersonKind
from tiffin.runtime import people
from tiffin.runtime.database import Unit

FORGOTTEN = "forgotten"
"""Stands in a row for somebody who was forgotten, until the row is written: then nothing stands there. No pseudonym has
this length."""

MOST_KNOWN = 1_000_000
"""So many people are remembered at once; then the database is asked again."""


@dataclass(slots=True)
class Naming:
    """The people of one table's rows.

    Parameters
    ----------
    keys : dict of str to bytes
        By pseudonym, of everybody who is named in rows with values to be sealed.
    left_out : dict of str to int
        By column, how many source rows were left out because they name somebody who was forgotten where somebody has to
        be named.
    """

    unit: Unit
    contract: TableContract
    keys: dict[str, bytes] = field(default_factory=dict)
    left_out: dict[str, int] = field(default_factory=dict)
    _known: dict[PersonKind, dict[str, str]] = field(default_factory=dict)

    def rows(self, reader: pa.RecordBatchReader) -> pa.RecordBatchReader:
        """Give the same rows with pseudonyms in place of identifiers, without those that can name nobody any more."""
        columns = [one for one in self.contract.person_columns if _holds(reader.schema, one.name)]
        if not columns:
            return reader
        schema = reader.schema
        for column in columns:
            schema = schema.set(schema.get_field_index(column.name), pa.field(column.name, pa.string()))
        return pa.RecordBatchReader.from_batches(schema, self._stream(reader, columns, schema))

    def counts(self) -> tuple[RuleCount, ...]:
        """Tell how many source rows were left out; their text is kept nowhere."""
        reason = "It names somebody who was forgotten, and no row may be without that name."
        return tuple(RuleCount(f"forgotten:{name}", reason, count) for name, count in self.left_out.items())

    def _stream(
        self, reader: pa.RecordBatchReader, columns: list[Column], schema: pa.Schema
    ) -> Iterator[pa.RecordBatch]:
        for batch in reader:
            arrays = dict(zip(batch.schema.names, batch.columns, strict=True))
            for column in columns:
                arrays[column.name] = self._named(batch, column)
            yield self._without_forgotten(pa.RecordBatch.from_pydict(arrays, schema=schema), columns)

    def _named(self, batch: pa.RecordBatch, column: Column) -> pa.Array:
        ids = found = batch.column(column.name).cast(pa.string())
        for kind, mask in _kinds(batch, column):
            meant = ids if mask is None else pc.if_else(mask, ids, pa.scalar(None, pa.string()))
            names = self._names(kind, column, pc.unique(meant).to_pylist())
            if self._seals(batch, column):
                self._add_keys(kind, [one for one, name in names.items() if name not in self.keys])
            index = pc.index_in(meant, value_set=pa.array(list(names), pa.string()))
            found = pc.coalesce(pa.array(list(names.values()), pa.string()).take(index), found)
        return found

    def _names(self, kind: PersonKind, column: Column, ids: list[str | None]) -> dict[str, str]:
        """Give pseudonyms; what cannot be an identifier has none, and breaks the contract's rules as it is."""
        known = self._known.setdefault(kind, {})
        if len(known) > MOST_KNOWN:
            known.clear()
        longest = column.max_length or len(max((one for one in ids if one), key=len, default=""))
        asked = [one for one in ids if one and len(one) <= longest]
        fresh = [one for one in asked if one not in known]
        if fresh:
            found = people.pseudonyms(self.unit, kind, fresh)
            known |= {one: name or FORGOTTEN for one, name in found.items()}
        return {one: known[one] for one in asked}

    def _seals(self, batch: pa.RecordBatch, column: Column) -> bool:
        """Tell whether rows bring values that are sealed for whom the column names."""
        sealed = [one.name for one in self.contract.sealed_columns if one.sealed_for == column.name]
        return any(batch.column(name).null_count < batch.num_rows for name in sealed if _holds(batch.schema, name))

    def _add_keys(self, kind: PersonKind, ids: list[str]) -> None:
        if ids:
            self.keys |= people.keys(self.unit, kind, ids)

    def _without_forgotten(self, batch: pa.RecordBatch, columns: list[Column]) -> pa.RecordBatch:
        for column in columns:
            if column.required:
                gone = pc.fill_null(pc.equal(batch.column(column.name), FORGOTTEN), fill_value=False)
                if pc.any(gone).as_py():
                    lines = pc.sum(batch.filter(gone).column(LINES)).as_py()
                    self.left_out[column.name] = self.left_out.get(column.name, 0) + lines
                    batch = batch.filter(pc.invert(gone))
        return batch


def naming_of(unit: Unit, contract: TableContract, source: str) -> Naming | None:
    """Give the naming of a table's rows; None where they name nobody real, as those of a simulation do."""
    return None if source.startswith(SIMULATED) or not contract.person_columns else Naming(unit, contract)


def _holds(schema: pa.Schema, name: str) -> bool:
    return name in schema.names and not pa.types.is_null(schema.field(name).type)


def _kinds(batch: pa.RecordBatch, column: Column) -> Iterator[tuple[PersonKind, pa.Array | None]]:
    """Tell which kinds of people the rows name, and which rows name whom; None is all of them."""
    if column.person_by is None:
        yield PersonKind(str(column.person)), None
        return
    by = batch.column(column.person_by).cast(pa.string()) if _holds(batch.schema, column.person_by) else None
    told = pa.nulls(batch.num_rows, pa.string()) if by is None else by
    words = [kind.value for kind in PersonKind]
    stated = pc.if_else(pc.is_in(told, value_set=pa.array(words)), told, pa.scalar(column.person, pa.string()))
    for kind in pc.unique(stated).to_pylist():
        if kind is not None:
            yield PersonKind(kind), pc.fill_null(pc.equal(stated, kind), fill_value=False)
