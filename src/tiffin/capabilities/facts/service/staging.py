# ruff: noqa: S608 - the SQL here is made of quoted names and literals of our own
"""A feed's tables run over the raw text of its files."""

from collections.abc import Mapping
from dataclasses import dataclass

import duckdb
import pyarrow as pa
from duckdb.func import FunctionNullHandling, PythonUDFType

from tiffin.capabilities.facts.domain.feed import Feed, TableMap
from tiffin.capabilities.facts.domain.functions import identifier, quoted
from tiffin.capabilities.facts.domain.mapping import REMOVED, TablePlan, plan_table, typed_name
from tiffin.capabilities.facts.domain.reading import typed_view
from tiffin.capabilities.facts.domain.report import RuleCount
from tiffin.capabilities.facts.service.checking import Checked, check_rows
from tiffin.capabilities.facts.service.intake import Raw
from tiffin.capabilities.facts.service.naming import Naming
from tiffin.kernel.contract import LogicalType
from tiffin.kernel.errors import InvalidData, InvalidDefinition
from tiffin.kernel.facts.registry import TABLES
from tiffin.kernel.places import City
from tiffin.runtime.calendar import zone_of
from tiffin.runtime.markets import Market
from tiffin.runtime.warehouse.staging import Bench, scan

BATCH_ROWS = 65_536
MEMORY = "450MB"
"""What reading a feed may hold before it spills; checking and writing have as much again."""

_ACCEPTED: Mapping[LogicalType, tuple[str, ...]] = {
    LogicalType.STRING: ("VARCHAR",),
    LogicalType.INTEGER: ("BIGINT", "INTEGER", "HUGEINT", "SMALLINT", "TINYINT", "UBIGINT", "UINTEGER"),
    LogicalType.NUMBER: ("DOUBLE", "FLOAT", "BIGINT", "INTEGER", "HUGEINT", "DECIMAL"),
    LogicalType.BOOLEAN: ("BOOLEAN",),
    LogicalType.DATE: ("DATE",),
    LogicalType.TIMESTAMP: ("TIMESTAMP", "TIMESTAMP WITH TIME ZONE"),
}


@dataclass(frozen=True, slots=True)
class Staged:
    """One table of a load, mapped and checked, with what was left out on the way."""

    plan: TablePlan
    checked: Checked
    read: int
    left_out: tuple[RuleCount, ...]
    removed: tuple[RuleCount, ...]


class Reading:
    """A feed's raw text on a bench, ready for its tables' queries."""

    def __init__(self, feed: Feed, bench: Bench) -> None:
        self.feed, self.bench = feed, bench
        self._raw: Raw | None = None
        # Without the second setting DuckDB would take Python variables for tables.
        bench.connection.execute(f"SET memory_limit = '{MEMORY}'; SET python_enable_replacements = false")
        bench.connection.create_function(
            "h3_cell",
            _zones,
            ["DOUBLE", "DOUBLE"],
            "VARCHAR",
            type=PythonUDFType.ARROW,
            null_handling=FunctionNullHandling.SPECIAL,
        )
        self._look_at_files()

    def check(self) -> None:
        """Compile every table before any file is read.

        Raises
        ------
        InvalidDefinition
            Something in the feed is wrong.
        """
        for table in self.feed.tables:
            self.plan(table)

    def take(self, raw: Raw) -> None:
        """Take the raw text of the files."""
        self._raw = raw
        self._look_at_files()

    def _look_at_files(self) -> None:
        for kind in self.feed.files:
            view = typed_view(kind, self._scan(kind.name), time_zone=self.feed.time_zone)
            try:
                self.bench.connection.execute(f"CREATE OR REPLACE VIEW {typed_name(kind.name)} AS {view}")
            except duckdb.Error as error:
                raise InvalidDefinition(
                    f"{kind.place}: the columns of {kind.name} cannot be read: {_first(error)}."
                ) from error

    def plan(self, table: TableMap) -> TablePlan:
        """Compile one table and check the type of every expression.

        Raises
        ------
        InvalidDefinition
            An expression is wrong, or yields another type than the fact table's column.
        """
        plan = plan_table(self.feed, table, has_nul=self._raw is None or self._raw.has_nul)
        contract = TABLES[table.table]
        for query in (plan.good, plan.bad, plan.read):
            self._check_query(table, query)
        types = {row[0]: str(row[1]) for row in self.bench.connection.execute(f"DESCRIBE {plan.good}").fetchall()}
        for mapped in table.columns:
            found, wanted = types[mapped.column].split("(")[0], contract.column(mapped.column).type
            if found not in (*_ACCEPTED[wanted], '"NULL"'):
                raise InvalidDefinition(
                    f"{mapped.place}: the column {mapped.column} of {contract.name} takes a {wanted.value}, and "
                    f"{mapped.expression!r} "
                    f"is a {found.lower()}. Give the source column that type, or convert it ({_conversion(wanted)})."
                )
        return plan

    def stage(
        self,
        plan: TablePlan,
        checking: Bench,
        cities: Mapping[str, City],
        markets: Mapping[str, Market] | None = None,
        naming: Naming | None = None,
    ) -> Staged:
        """Map, derive and check one table's rows.

        Raises
        ------
        InvalidData
            A value overflows what a computation can hold.
        """
        contract = TABLES[plan.table.table]
        read = int(self.bench.run(plan.read)[0][0])
        left_out = self._counts(plan)
        try:
            rows = self.bench.connection.sql(plan.good).to_arrow_reader(BATCH_ROWS)
            checked = check_rows(
                checking, contract, rows, cities=cities, source=self.feed.name, markets=markets, naming=naming
            )
        except (duckdb.Error, pa.ArrowException) as error:
            raise InvalidData(
                f"{plan.table.place}: a value of {contract.name} cannot be computed: {_first(error)}."
            ) from error
        return Staged(plan, checked, read, left_out, _removed_counts(plan, checked))

    def quarantined(self, staged: Staged, *, with_malformed: bool) -> list[str]:
        """Write the queries of everything that was left out of one table, on this bench."""
        plan, checked = staged.plan, staged.checked
        selects = []
        if staged.left_out:
            selects.append(self._with_row(named_rules(plan.bad, [(f.rule, f.reason) for f in plan.faults]), kept=False))
        if checked.has_faults:
            handed = self._handed(checked, checked.faults(), "_file, _line, rule")
            rules = [(rule.name, rule.reason) for rule in checked.rules]
            selects.append(self._with_row(named_rules(handed, rules), kept=False))
        if staged.removed:
            handed = self._handed(checked, checked.removed(), f"_file, _line, {REMOVED}")
            each = f"SELECT _file, _line, CAST(unnest(string_split({REMOVED}, ',')) AS INTEGER) AS rule FROM ({handed})"
            selects.append(self._with_row(named_rules(each, [(n.rule, n.reason) for n in plan.notes]), kept=True))
        if with_malformed and self._raw and self._raw.malformed:
            selects += self._malformed(set(plan.table.kinds))
        return selects

    def malformed_counts(self, plan: TablePlan) -> tuple[RuleCount, ...]:
        """Count the rows of a table's files that could not even be split into columns."""
        counts: dict[str, int] = {}
        for kind, _, bad in self._raw.malformed if self._raw else ():
            if kind in plan.table.kinds:
                counts[bad.rule] = counts.get(bad.rule, 0) + 1
        return tuple(
            RuleCount(rule, "The row does not have the columns of the header.", count) for rule, count in counts.items()
        )

    def _empty(self, kind: str) -> str:
        aliases = [column.alias for column in self.feed.kind(kind).columns]
        texts = ", ".join(f"CAST('' AS VARCHAR) AS {identifier(name)}" for name in (*aliases, "file", "folder"))
        return f"(SELECT CAST(0 AS BIGINT) AS _file, CAST(0 AS BIGINT) AS _line, {texts} WHERE false)"

    def _check_query(self, table: TableMap, query: str) -> None:
        try:
            self.bench.connection.execute(f"DESCRIBE {query}")
        except duckdb.Error as error:
            self._blame(table)
            raise InvalidDefinition(
                f"{table.place}: the expressions of {table.table} do not fit together: {_first(error)}."
            ) from error

    def _blame(self, table: TableMap) -> None:
        """Find the one column whose expression is wrong, so that the message can name its line."""
        for mapped in table.columns:
            alone = TableMap(
                table.table,
                table.kinds,
                table.is_main,
                None,
                table.grain,
                (mapped,),
                (),
                (),
                table.partners,
                None,
                table.place,
            )
            try:
                self.bench.connection.execute(f"DESCRIBE {plan_table(self.feed, alone).good}")
            except duckdb.Error as error:
                raise InvalidDefinition(
                    f"{mapped.place}: the expression {mapped.expression!r} for {mapped.column} does not work: "
                    f"{_first(error)}. "
                    "Check the types of the source columns under `columns`, and the grain."
                ) from error

    def _counts(self, plan: TablePlan) -> tuple[RuleCount, ...]:
        rows = self.bench.run(f"SELECT rule, count(*) FROM ({plan.bad}) GROUP BY 1 ORDER BY 1") if plan.faults else []
        return tuple(RuleCount(plan.faults[rule].rule, plan.faults[rule].reason, int(count)) for rule, count in rows)

    def _handed(self, checked: Checked, query: str, columns: str) -> str:
        """Bring rows over from the checking bench."""
        files = checked.bench.write(f"SELECT {columns} FROM ({query})")
        return f"SELECT {columns} FROM {scan([str(checked.bench.folder / file.name) for file in files])}"

    def _with_row(self, named: str, *, kept: bool) -> str:
        """Join the raw source row to a query of ``_file, _line, rule, reason``."""
        raws = " UNION ALL ".join(
            f"SELECT _file, _line, {_row_json(self.feed, kind.name)} AS row FROM {self._scan(kind.name)}"
            for kind in self.feed.files
        )
        return (
            f"SELECT n.rule, n.reason, {str(kept).upper()} AS kept, f.file, f.file_sha256, n._line AS line, w.row "
            f"FROM ({named}) AS n "
            f"JOIN ({raws}) AS w ON n._file = w._file AND n._line = w._line JOIN {self._files()} AS f ON n._file = "
            "f._file"
        )

    def _scan(self, kind: str) -> str:
        return scan([self._raw.paths[kind]]) if self._raw else self._empty(kind)

    def _files(self) -> str:
        listed = self._raw.files if self._raw else []
        rows = ", ".join(f"({n}, {quoted(file.name)}, {quoted(file.sha256)})" for n, file in enumerate(listed))
        return f"(SELECT * FROM (VALUES {rows}) AS v(_file, file, file_sha256))"

    def _malformed(self, kinds: set[str]) -> list[str]:
        raw = self._raw
        if raw is None:
            return []
        rows = [
            {
                "rule": bad.rule,
                "reason": bad.reason,
                "kept": False,
                "file": raw.files[number].name,
                "file_sha256": raw.files[number].sha256,
                "line": bad.line,
                "row": bad.text,
            }
            for kind, number, bad in raw.malformed
            if kind in kinds
        ]
        if not rows:
            return []
        self.bench.connection.register("malformed", pa.Table.from_pylist(rows))
        return ["SELECT rule, reason, kept, file, file_sha256, line, to_json(row) AS row FROM malformed"]


def _zones(latitude: pa.ChunkedArray, longitude: pa.ChunkedArray) -> pa.Array:
    return zone_of(latitude, longitude)


def _removed_counts(plan: TablePlan, checked: Checked) -> tuple[RuleCount, ...]:
    if not plan.notes or not checked.paths:
        return ()
    each = f"SELECT unnest(string_split({REMOVED}, ',')) AS rule FROM ({checked.removed()})"
    rows = checked.bench.run(f"SELECT CAST(rule AS INTEGER), count(*) FROM ({each}) GROUP BY 1 ORDER BY 1")
    return tuple(RuleCount(plan.notes[rule].rule, plan.notes[rule].reason, int(count)) for rule, count in rows)


def named_rules(query: str, rules: list[tuple[str, str]], *carried: str) -> str:
    """Give rows that name their rule by number its name and reason; ``carried`` columns (``q.``) go along."""
    values = ", ".join(f"({number}, {quoted(rule)}, {quoted(reason)})" for number, (rule, reason) in enumerate(rules))
    columns = ", ".join(["q._file", "q._line", "v.rule", "v.reason", *carried])
    return (
        f"SELECT {columns} FROM ({query}) AS q JOIN (VALUES {values}) AS v(number, rule, reason) ON q.rule = v.number"
    )


def _row_json(feed: Feed, kind: str) -> str:
    fields = ", ".join(f"{quoted(column.header)}, {identifier(column.alias)}" for column in feed.kind(kind).columns)
    return f"json_object({fields})"


def _conversion(wanted: LogicalType) -> str:
    return {
        LogicalType.STRING: "text(x)",
        LogicalType.INTEGER: "integer(x)",
        LogicalType.NUMBER: "number(x)",
        LogicalType.BOOLEAN: "x = 'yes'",
        LogicalType.DATE: "date(x)",
        LogicalType.TIMESTAMP: "parse_time(x, '%Y-%m-%d')",
    }[wanted]


def _first(error: Exception) -> str:
    return str(error).split("\n")[0].rstrip(".")
