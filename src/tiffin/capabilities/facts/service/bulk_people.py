# ruff: noqa: S608 - the SQL here is made of quoted names and literals of our own
"""People whom the rows of a large load name: their pseudonyms are looked up at once, and joined to the rows."""

from collections.abc import Collection, Iterator, Mapping, Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from tiffin.capabilities.facts.domain.functions import identifier
from tiffin.capabilities.facts.domain.mapping import TablePlan
from tiffin.capabilities.facts.service.plain_files import PlainFiles
from tiffin.kernel.contract import TableContract
from tiffin.kernel.people import PersonKind
from tiffin.runtime import people
from tiffin.runtime.database import Unit
from tiffin.runtime.intake.extremes import Extremes
from tiffin.runtime.people_digests import DIGEST, DIGEST_BYTES
from tiffin.runtime.warehouse.staging import Bench

PART_ROWS = 122_880


class BulkPeople:
    """The people of one large load, as tables of its bench.

    Rows that name somebody who was forgotten, or what can be no identifier, find nobody here: they go the usual way.
    """

    def __init__(self, unit: Unit, bench: Bench, contract: TableContract, plan: TablePlan, plain: PlainFiles) -> None:
        self._unit, self._bench, self._contract, self._plan, self._plain = unit, bench, contract, plan, plain
        self._columns = {one.name: one for one in contract.person_columns if one.name in plan.columns}
        self._aliases = person_aliases(contract, plan)

    @property
    def names(self) -> tuple[str, ...]:
        """Columns that the rows bring and that name people."""
        return tuple(self._columns)

    def look_up(self, clean: Collection[str]) -> Mapping[str, Extremes]:
        """Bring the pseudonyms of everybody whom the rows name to the bench.

        Parameters
        ----------
        clean : collection of str
            Source columns of which only values that need no cleaning may stand for somebody.

        Returns
        -------
        mapping of str to Extremes
            Between which bounds the identifiers of each column lie, as they stand in the files.
        """
        bounds: dict[str, Extremes] = {}
        by_kind: dict[PersonKind, list[pa.Array]] = {}
        for name, column in self._columns.items():
            ids = self._distinct(name)
            if len(ids):
                least, most = pc.min_max(ids).values()
                bounds[name] = Extremes(least.as_py(), most.as_py(), has_nulls=False)
            by_kind.setdefault(PersonKind(str(column.person)), []).append(self._sound(name, ids, clean))
        for kind, names in self._known({kind: _each_once(found) for kind, found in by_kind.items()}).items():
            self._bench.connection.register(_table(kind), names)
        return bounds

    def joined(self, rows: str) -> str:
        """Write the joins that bring pseudonyms to rows."""
        return " ".join(
            f"LEFT JOIN {_table(PersonKind(str(column.person)))} AS {_alias(name)} "
            f"ON {_alias(name)}._person = {rows}.{identifier(name)}"
            for name, column in self._columns.items()
        )

    def value(self, name: str) -> str:
        """Write the pseudonym of whom a column names."""
        return f"{_alias(name)}._pseudonym"

    def known(self, rows: str) -> Iterator[str]:
        """Write the conditions under which everybody whom a row names has a pseudonym."""
        return (f"({rows}.{identifier(name)} IS NULL OR {self.value(name)} IS NOT NULL)" for name in self._columns)

    def _sound(self, name: str, ids: pa.Array, clean: Collection[str]) -> pa.Array:
        """Give what can stand for somebody, trimmed, each once."""
        trimmed = pc.utf8_trim(ids, " ")
        length = pc.utf8_length(trimmed)
        sound = pc.and_(pc.greater(length, 0), pc.less_equal(length, self._columns[name].max_length or 1))
        if self._aliases.get(name) in clean:
            sound = pc.and_(sound, self._need_no_cleaning(name, ids, trimmed))
        found = trimmed.filter(sound)
        return found if pc.all(pc.equal(ids, trimmed)).as_py() else pc.unique(found)

    def _need_no_cleaning(self, name: str, ids: pa.Array, trimmed: pa.Array) -> pa.Array:
        missing = next(one.missing for one in self._plain.kind.columns if one.alias == self._aliases[name])
        digits = pc.and_(pc.greater_equal(ids, "0"), pc.less(ids, ":"))
        plain = pc.and_(pc.equal(ids, trimmed), pc.or_(pc.greater_equal(ids, "A"), digits))
        return pc.and_(plain, pc.invert(pc.is_in(ids, value_set=pa.array(list(missing), pa.string()))))

    def _distinct(self, name: str) -> pa.Array:
        """List whom a column names: of a source column that is taken as it is, without looking at anything else."""
        alias = self._plan.taken.get(name)
        headers = {column.alias: column.header for column in self._plain.kind.columns}
        value = identifier(headers[alias] if alias in self._plain.present else name)
        rows = self._plain.scan() if alias in self._plain.present else f"({self._plan.good})"
        select = f"SELECT DISTINCT CAST({value} AS VARCHAR) AS id FROM {rows} AS r WHERE {value} IS NOT NULL"
        return self._bench.connection.sql(select).to_arrow_table().column("id").combine_chunks().cast(pa.string())

    def _known(self, ids: Mapping[PersonKind, pa.Array]) -> dict[PersonKind, pa.Table]:
        """Give everybody's pseudonym, by kind; they are looked up together, which takes hardly longer than for one."""
        connection, secret = self._bench.connection, people.needed_secret(self._unit)
        kinds = list(ids)
        for number, kind in enumerate(kinds):
            connection.register(f"ids_{number}", _in_parts(pa.table({"id": ids[kind]})))
        each = " UNION ALL ".join(
            f"SELECT unhex(left(sha256(concat(?, id)), {2 * DIGEST_BYTES})) AS digest, id, {number} AS kind "
            f"FROM ids_{number}"
            for number in range(len(kinds))
        )
        if not kinds:
            return {}
        before = [secret.before(kind) for kind in kinds]
        table = connection.sql(f"SELECT * FROM ({each}) ORDER BY digest", params=before).to_arrow_table()
        found = people.pseudonyms_of_digests(self._unit, _fixed(table.column("digest"), DIGEST))
        names = pa.table({"_person": table.column("id"), "_pseudonym": _texts(found)})
        of_kind = table.column("kind").to_numpy()
        return {
            kind: _in_parts(names.filter(pa.array((of_kind == number) & (found != b""))))
            for number, kind in enumerate(kinds)
        }


def person_aliases(contract: TableContract, plan: TablePlan) -> dict[str, str]:
    """Give the source column of each column that names people and takes it as it is."""
    return {one.name: plan.taken[one.name] for one in contract.person_columns if one.name in plan.taken}


def _each_once(found: Sequence[pa.Array]) -> pa.Array:
    """Give the people of several columns, each column's once, all once."""
    return found[0] if len(found) == 1 else pc.unique(pa.concat_arrays(found))


def _table(kind: PersonKind) -> str:
    return f"people_{kind}"


def _alias(name: str) -> str:
    return identifier(f"of_{name}")


def _in_parts(table: pa.Table) -> pa.Table:
    """Cut a table in parts that the database can read side by side."""
    return pa.Table.from_batches(table.combine_chunks().to_batches(max_chunksize=PART_ROWS), table.schema)


def _fixed(column: pa.ChunkedArray, kind: "np.dtype[np.bytes_]") -> NDArray[np.bytes_]:
    """Give texts that are all as long as the kind, without looking at each."""
    parts = [chunk.buffers()[2] for chunk in column.chunks if len(chunk)]
    return np.concatenate([np.frombuffer(part, dtype=kind) for part in parts]) if parts else np.zeros(0, dtype=kind)


def _texts(found: NDArray[np.bytes_]) -> pa.Array:
    """Give texts of whatever length, padded with zeros, as Arrow has them."""
    letters = np.ascontiguousarray(found).view(np.uint8).reshape(len(found), -1)
    ends = np.concatenate([[0], np.cumsum(np.strings.str_len(found))]).astype(np.int32)
    return pa.StringArray.from_buffers(len(found), pa.py_buffer(ends), pa.py_buffer(letters[letters != 0]))
