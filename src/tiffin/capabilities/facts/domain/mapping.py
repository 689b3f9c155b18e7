# ruff: noqa: S608 - the SQL here is made of quoted names and literals of our own
"""How a feed's table becomes queries over the raw text of its files."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from tiffin.capabilities.facts.domain.expressions import Compiled, Names, compile_expression
from tiffin.capabilities.facts.domain.feed import Feed, FileKind, SourceColumn, SourceType, TableMap, Unreadable
from tiffin.capabilities.facts.domain.functions import identifier
from tiffin.capabilities.facts.domain.reading import RAW
from tiffin.kernel.errors import InvalidDefinition

EVENT = "_event"
"""Column of a mapped row: the instant from which its business date, hour and slot follow, where the feed names one."""

LINES = "_lines"
"""Column of a mapped row: how many source rows became it."""

REMOVED = "_removed"
"""Column of a mapped row: numbers of the value notes that apply to it, separated by commas."""

BUILT_IN: Mapping[str, str] = {"file": 'r."file"', "folder": 'r."folder"', "line": 'r."_line"'}


@dataclass(frozen=True, slots=True)
class Fault:
    """A reason for which a source row, or one value of it, cannot be loaded."""

    rule: str
    reason: str
    condition: str


@dataclass(frozen=True, slots=True)
class TablePlan:
    """One table of a feed as SQL.

    Parameters
    ----------
    good, bad : str
        Queries: mapped rows; and ``_file, _line, rule`` (number of the fault) of rows that cannot be mapped.
    rows : str
        Query: ``_file, _line`` of the source rows that speak of this table.
    read : str
        Query: how many they are.
    columns : tuple of str
        Fact columns that the feed fills.
    faults : tuple of Fault
        By number, those of ``bad``.
    notes : tuple of Fault
        By number, those of ``_removed``.
    taken : mapping of str to str
        Fact columns that are a source column as it is, and which.
    handed_on : frozenset of str
        Source columns that are taken so, and that nothing else reads.
    """

    table: TableMap
    good: str
    bad: str
    rows: str
    read: str
    columns: tuple[str, ...]
    has_event: bool
    faults: tuple[Fault, ...]
    notes: tuple[Fault, ...]
    taken: Mapping[str, str]
    handed_on: frozenset[str]


def typed_name(kind: str) -> str:
    """Name of the view with a kind's typed rows."""
    return identifier(f"typed_{kind}")


def plan_table(feed: Feed, table: TableMap, *, has_nul: bool = True) -> TablePlan:
    """Compile one table of a feed.

    Parameters
    ----------
    has_nul : bool
        Whether NUL bytes have to be looked for.

    Raises
    ------
    InvalidDefinition
        An expression is wrong, or speaks of something that is not there.
    """
    return _Plan(feed, table, has_nul=has_nul).made()


class _Plan:
    """The compilation of one table."""

    def __init__(self, feed: Feed, table: TableMap, *, has_nul: bool) -> None:
        self._feed, self._table, self._has_nul = feed, table, has_nul
        self._kinds = tuple(feed.kind(name) for name in table.kinds)
        self._names = Names(dict(self._visible()), feed.lookups)
        self._mapped = {one.column: compile_expression(one.expression, self._names, one.place) for one in table.columns}
        self._event = self._of(table.event_at)
        self._where = self._of(table.where)
        self._grain = tuple(compile_expression(text, self._names, table.place) for text in table.grain)
        self._own = tuple(compile_expression(rule.when, self._names, rule.place) for rule in table.row_rules)

    def made(self) -> TablePlan:
        source, where = self._source(), f"({self._where.sql}) IS TRUE" if self._where else "TRUE"
        faults = tuple(self._faults())
        fault = " ".join(f"WHEN {one.condition} THEN {number}" for number, one in enumerate(faults))
        case = f"CASE {fault} END" if fault else "CAST(NULL AS INTEGER)"
        notes = tuple(self._notes())
        return TablePlan(
            table=self._table,
            good=self._good(source, f"{where} AND ({case}) IS NULL", notes),
            bad=f'SELECT r."_file", r."_line", {case} AS rule FROM {source} WHERE {where} AND ({case}) IS NOT NULL',
            rows=f'SELECT r."_file", r."_line" FROM {source} WHERE {where}',
            read=f"SELECT count(*) FROM {source} WHERE {where}",
            columns=tuple(self._mapped),
            has_event=self._event is not None,
            faults=faults,
            notes=notes,
            taken=self._taken(),
            handed_on=self._handed_on(),
        )

    def _of(self, text: str | None) -> Compiled | None:
        return compile_expression(text, self._names, self._table.place) if text else None

    def _taken(self) -> Mapping[str, str]:
        if self._table.value_rules or self._grain:
            return {}
        alone = {column: next(iter(one.names), "") for column, one in self._mapped.items()}
        return {column: name for column, name in alone.items() if self._mapped[column].sql == f"r.{identifier(name)}"}

    def _handed_on(self) -> frozenset[str]:
        read = {name for one in self._compiled() for name in one.names if one.sql != f"r.{identifier(name)}"}
        return frozenset(self._taken().values()) - read

    def _compiled(self) -> tuple[Compiled, ...]:
        others = filter(None, (self._event, self._where))
        return (*self._mapped.values(), *self._grain, *self._own, *others)

    def _visible(self) -> Iterator[tuple[str, str]]:
        yield from BUILT_IN.items()
        for kind in self._kinds:
            yield from ((column.alias, f"r.{identifier(column.alias)}") for column in kind.columns)
        for partner in self._table.partners:
            kind = self._feed.kind(partner.kind)
            for column in kind.columns:
                yield f"{kind.name}.{column.alias}", f"{identifier(kind.name)}.{identifier(column.alias)}"

    def _source(self) -> str:
        stacked = " UNION ALL BY NAME ".join(f"SELECT * FROM {typed_name(kind.name)}" for kind in self._kinds)
        return " ".join([f"({stacked}) AS r", *(self._joined(number) for number in range(len(self._table.partners)))])

    def _joined(self, number: int) -> str:
        partner = self._table.partners[number]
        kind = self._feed.kind(partner.kind)
        keys = [self._partner_key(kind, name, partner.place) for name in partner.match]
        values = [column.alias for column in kind.columns if column.alias not in partner.match]
        picked = [*map(identifier, keys), *(f"min({identifier(name)}) AS {identifier(name)}" for name in values)]
        known = " AND ".join(f"{identifier(key)} IS NOT NULL" for key in keys)
        conditions = " AND ".join(
            f"{identifier(kind.name)}.{identifier(key)} = {compile_expression(text, self._names, partner.place).sql}"
            for key, text in zip(keys, partner.match.values(), strict=True)
        )
        grouped = f"SELECT {', '.join(picked)} FROM {typed_name(kind.name)} WHERE {known} GROUP BY ALL"
        return f"LEFT JOIN ({grouped}) AS {identifier(kind.name)} ON {conditions}"

    def _partner_key(self, kind: FileKind, name: str, place: object) -> str:
        if name not in ("folder", "file") and kind.column(name) is None:
            raise InvalidDefinition(f"{place}: the files {kind.name!r} have no column {name!r} to match on.")
        return name

    def _faults(self) -> Iterator[Fault]:
        for alias, column in self._used().items():
            yield from self._column_faults(alias, column)
        for column_name, compiled in self._mapped.items():
            for condition in compiled.failures:
                yield Fault(
                    f"unreadable:{column_name}", f"{column_name} could not be read from its source value.", condition
                )
        for rule, own in zip(self._table.row_rules, self._own, strict=True):
            yield Fault(rule.name, rule.reason, f"({own.sql}) IS TRUE")

    def _column_faults(self, alias: str, column: SourceColumn) -> Iterator[Fault]:
        text = f"r.{identifier(alias + RAW)}"
        if self._has_nul:
            yield Fault(f"nul_byte:{alias}", f"{column.header} holds a NUL byte.", f"contains({text}, chr(0))")
        if column.type is SourceType.TEXT:
            if not self._feed.keeps_formulas:
                # The pattern is looked at only behind one of its first letters: tab, return, +, -, =, @.
                pattern = f"regexp_matches({text}, '^([=@\\t\\r]|[+-][^0-9.,\\s])')"
                starts = f"CASE WHEN ascii({text}) IN (9, 13, 43, 45, 61, 64) THEN {pattern} ELSE false END"
                reason = f"{column.header} holds what a spreadsheet would run as a formula."
                yield Fault(f"formula:{alias}", reason, starts)
        elif column.unreadable is Unreadable.QUARANTINE:
            yield self._unreadable(alias, column)

    def _unreadable(self, alias: str, column: SourceColumn) -> Fault:
        written = f" (written as {' or '.join(column.formats)})" if column.formats else ""
        reason = f"{column.header} is not a value of type {column.type.value}{written}."
        raw, typed = f"r.{identifier(alias + RAW)}", f"r.{identifier(alias)}"
        return Fault(f"unreadable:{alias}", reason, f"{raw} IS NOT NULL AND {typed} IS NULL")

    def _notes(self) -> Iterator[Fault]:
        """List what is taken out of rows that stay: first unreadable source values, then the feed's value rules."""
        for alias, column in self._used().items():
            if column.type is not SourceType.TEXT and column.unreadable is Unreadable.DROP:
                fault = self._unreadable(alias, column)
                gathered = f"bool_or({fault.condition})" if self._grain else fault.condition
                yield Fault(fault.rule, fault.reason, gathered)
        names = Names({column: f"m.{identifier(column)}" for column in self._mapped}, self._feed.lookups)
        for rule in self._table.value_rules:
            condition = compile_expression(rule.when, names, rule.place).sql
            yield Fault(f"removed:{rule.column}", rule.reason, f"({condition}) IS TRUE")

    def _used(self) -> dict[str, SourceColumn]:
        named = {name for one in self._compiled() for name in one.names}
        return {c.alias: c for kind in self._kinds for c in kind.columns if c.alias in named}

    def _good(self, source: str, where: str, notes: tuple[Fault, ...]) -> str:
        inner = [f"{one.sql} AS {identifier(column)}" for column, one in self._mapped.items()]
        inner += [f"{self._event.sql} AS {EVENT}"] if self._event else []
        dropped = len(notes) - len(self._table.value_rules)
        inner += [f"{note.condition} AS _drop{number}" for number, note in enumerate(notes[:dropped])]
        if self._grain:
            place = f'min(r."_file") AS _file, arg_min(r."_line", (r."_file", r."_line")) AS _line, count(*) AS {LINES}'
            groups = f" GROUP BY {', '.join(one.sql for one in self._grain)}"
        else:
            place, groups = f'r."_file", r."_line", CAST(1 AS BIGINT) AS {LINES}', ""
        mapped = f"SELECT {place}, {', '.join(inner)} FROM {source} WHERE {where}{groups}"
        return self._without_removed(mapped, notes, dropped)

    def _without_removed(self, mapped: str, notes: tuple[Fault, ...], dropped: int) -> str:
        conditions = [f"_drop{n}" if n < dropped else note.condition for n, note in enumerate(notes)]
        columns = [self._kept_value(name, notes[dropped:]) for name in self._mapped]
        removed = [f"CASE WHEN {condition} THEN '{number}' END" for number, condition in enumerate(conditions)]
        note = f"nullif(concat_ws(',', {', '.join(removed)}), '')" if removed else "CAST(NULL AS VARCHAR)"
        columns += [EVENT] if self._event else []
        return f"SELECT _file, _line, {LINES}, {', '.join(columns)}, {note} AS {REMOVED} FROM ({mapped}) AS m"

    def _kept_value(self, name: str, notes: tuple[Fault, ...]) -> str:
        against = [f"({note.condition})" for note in notes if note.rule == f"removed:{name}"]
        value = f"m.{identifier(name)}"
        return (
            f"CASE WHEN {' OR '.join(against)} THEN NULL ELSE {value} END AS {identifier(name)}" if against else value
        )
