# ruff: noqa: S608 - the SQL here is made of quoted names and literals of our own
"""People whom the rows of a large load name: their pseudonyms are looked up at once, and joined to the rows."""

from collections.abc import Iterator, Mapping

import pyarrow as pa
import pyarrow.compute as pc

from tiffin.capabilities.facts.domain.functions import identifier
from tiffin.capabilities.facts.domain.mapping import TablePlan
from tiffin.capabilities.facts.service.plain_files import PlainFiles
from tiffin.kernel.contract import TableContract
from tiffin.kernel.people import PersonKind
from tiffin.runtime import people
from tiffin.runtime.database import Unit
from tiffin.runtime.intake.extremes import Extremes
from tiffin.runtime.people_rows import DIGEST_LETTERS
from tiffin.runtime.warehouse.staging import Bench


class BulkPeople:
    """The people of one large load, as tables of its bench.

    Rows that name somebody who was forgotten, or what can be no identifier, find nobody here: they go the usual way.
    """

    def __init__(self, unit: Unit, bench: Bench, contract: TableContract, plan: TablePlan, plain: PlainFiles) -> None:
        self._unit, self._bench, self._contract, self._plan, self._plain = unit, bench, contract, plan, plain
        self._columns = {one.name: one for one in contract.person_columns if one.name in plan.columns}

    @property
    def names(self) -> tuple[str, ...]:
        """Columns that the rows bring and that name people."""
        return tuple(self._columns)

    def look_up(self) -> Mapping[str, Extremes]:
        """Bring the pseudonyms of everybody whom the rows name to the bench.

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
            trimmed = pc.utf8_trim(ids, " ")
            length = pc.utf8_length(trimmed)
            sound = pc.and_(pc.greater(length, 0), pc.less_equal(length, column.max_length or 1))
            by_kind.setdefault(PersonKind(str(column.person)), []).append(trimmed.filter(sound))
        for kind, found in by_kind.items():
            self._bench.connection.register(_table(kind), self._known(kind, pa.concat_arrays(found)))
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

    def _distinct(self, name: str) -> pa.Array:
        """List whom a column names: of a source column that is taken as it is, without looking at anything else."""
        alias = self._plan.taken.get(name)
        headers = {column.alias: column.header for column in self._plain.kind.columns}
        value = identifier(headers[alias] if alias in self._plain.present else name)
        rows = self._plain.scan() if alias in self._plain.present else f"({self._plan.good})"
        select = f"SELECT DISTINCT CAST({value} AS VARCHAR) AS id FROM {rows} AS r WHERE {value} IS NOT NULL"
        return self._bench.connection.sql(select).to_arrow_table().column("id").combine_chunks().cast(pa.string())

    def _known(self, kind: PersonKind, ids: pa.Array) -> pa.Table:
        connection = self._bench.connection
        connection.register("distinct_ids", pa.table({"id": ids}))
        before = people.needed_secret(self._unit).before(kind)
        digest = f"left(sha256(concat(?, id)), {DIGEST_LETTERS})"
        digested = f"SELECT DISTINCT {digest} AS digest, id FROM distinct_ids ORDER BY digest"
        table = connection.sql(digested, params=[before]).to_arrow_table()
        digests = table.column("digest").to_pylist()
        found = people.pseudonyms_of_digests(self._unit, kind, digests)
        pseudonyms = pa.array([found[digest] for digest in digests], pa.string())
        names = pa.table({"_person": table.column("id"), "_pseudonym": pseudonyms})
        return names.filter(pc.is_valid(names.column("_pseudonym")))


def _table(kind: PersonKind) -> str:
    return f"people_{kind}"


def _alias(name: str) -> str:
    return identifier(f"of_{name}")
