"""Every text of the operational database, table by table as the database itself tells of them."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import JSON, Column, Connection, LargeBinary, MetaData, String, Table, cast, func, or_, select, update
from sqlalchemy import text as plain_sql
from sqlalchemy.sql.elements import ColumnElement

from tiffin.capabilities.access.domain.people_traces import Sought, written_forms

LEDGER = ("ledger_events", "ledger_entries", "ledger_heads", "ledger_parties", "ledger_terms")
EVIDENCE = ("audit_entries", "audit_head", "actor_codes", "published_numbers", *LEDGER)
"""Tables whose rows are bound to each other: texts go from them as `erasing_evidence` does it."""

LOGS = ("case_events",)
"""The same of records that are handed over to the person like all others."""

AT_ONCE = 1000
_TABLES: dict[str, Sequence[Table]] = {}
ESCAPE = "\\"


@dataclass(frozen=True, slots=True)
class Mention:
    """A column in which the person is named, and in how many rows."""

    table: str
    column: str
    rows: int


@dataclass(frozen=True, slots=True)
class Walked:
    """What a walk over the database found.

    Parameters
    ----------
    tables, columns : int
        How many were looked at.
    others : frozenset of str
        Longer words in which one of the words stands, which are somebody else's.
    """

    mentions: tuple[Mention, ...]
    tables: int
    columns: int
    others: frozenset[str]

    def rows(self, *, evidence: bool) -> int:
        """Count the rows that name the person in tables that stay as they are, or in all others."""
        return sum(one.rows for one in self.mentions if (one.table in EVIDENCE) is evidence)


def tables_in(connection: Connection) -> Sequence[Table]:
    """Give every table that is in the database, with its columns as they are there.

    They are asked for once in a process: only another version of the platform changes them.
    """
    address = str(connection.engine.url)
    if address not in _TABLES:
        found = MetaData()
        found.reflect(connection)
        _TABLES[address] = found.sorted_tables
    return _TABLES[address]


def walk(connection: Connection, sought: Sought) -> Walked:
    """Find every column of the database that names the person: texts, JSON and bytes."""
    mentions, others, columns = [], set[str](), 0
    tables = tables_in(connection)
    for table in tables:
        wordy = [column for column in table.columns if _is_wordy(column)]
        columns += len(wordy)
        for column in wordy if _any_holds(connection, table, wordy, sought) else ():
            rows = 0
            for text in _texts(connection, table, column, sought):
                named = bool(sought.in_text.search(text))
                rows += named
                others |= set() if named else sought.near_in(text)
            if rows:
                mentions.append(Mention(table.name, column.name, rows))
    return Walked(tuple(mentions), len(tables), columns, frozenset(others))


def replace(connection: Connection, sought: Sought, marks: Mapping[str, str]) -> tuple[Mention, ...]:
    """Put marks in the place of the words wherever the database may change; gives what was changed."""
    changed = []
    for table in tables_in(connection):
        if table.name in (*EVIDENCE, *LOGS) or not table.primary_key:
            continue
        wordy = [column for column in table.columns if _is_wordy(column)]
        for column in wordy if _any_holds(connection, table, wordy, sought) else ():
            rows = _replaced(connection, table, column, sought, marks)
            if rows:
                changed.append(Mention(table.name, column.name, rows))
    return tuple(changed)


def _replaced(
    connection: Connection, table: Table, column: "Column[Any]", sought: Sought, marks: Mapping[str, str]
) -> int:
    if isinstance(column.type, LargeBinary):
        return 0
    keys = list(table.primary_key)
    found = connection.execute(
        select(*(key.label(f"k{n}") for n, key in enumerate(keys)), column.label("v")).where(may_hold(column, sought))
    ).all()
    changed = 0
    for *key, value in found:
        fresh = sought.without_in(value, marks)
        if fresh == value:
            continue
        length = getattr(column.type, "length", None)
        kept = fresh[:length] if isinstance(fresh, str) and length else fresh
        where = [name == part for name, part in zip(keys, key, strict=True)]
        connection.execute(update(table).where(*where).values({column: kept}))
        changed += 1
    return changed


def _texts(connection: Connection, table: Table, column: "Column[Any]", sought: Sought) -> Iterator[str]:
    shown = select(_as_text(column)).select_from(table).where(may_hold(column, sought))
    for (text,) in connection.execute(shown.execution_options(yield_per=AT_ONCE)):
        yield str(text)


def _any_holds(connection: Connection, table: Table, wordy: "Sequence[Column[Any]]", sought: Sought) -> bool:
    """Tell whether any column may name the person: most tables do not, and are done with by one plain statement."""
    if not wordy:
        return False
    quote = connection.dialect.identifier_preparer.quote
    forms = sorted({form for word in sought.words for form in written_forms(word)})
    like = "ILIKE" if connection.dialect.name == "postgresql" else "LIKE"  # SQLite's own minds no case
    texts = [_plain_text(quote(column.name), column) for column in wordy]
    told = " OR ".join(f"{text} {like} :f{n} ESCAPE '{ESCAPE}'" for text in texts for n in range(len(forms)))
    values = {f"f{n}": f"%{_escaped(form)}%" for n, form in enumerate(forms)}
    statement = f"SELECT 1 FROM {quote(table.name)} WHERE {told} LIMIT 1"  # noqa: S608 - quoted names of tables that are there
    return connection.execute(plain_sql(statement), values).first() is not None


def _plain_text(name: str, column: "Column[Any]") -> str:
    is_bytes = isinstance(column.type, LargeBinary) and _is_postgres(column)
    return f"encode({name}, 'escape')" if is_bytes else f"CAST({name} AS TEXT)"


def _is_wordy(column: "Column[Any]") -> bool:
    return isinstance(column.type, String | JSON | LargeBinary)


def may_hold(column: "Column[Any]", sought: Sought) -> ColumnElement[bool]:
    """Ask whether a column holds one of the words, maybe as a part of a longer one."""
    forms = {form for word in sought.words for form in written_forms(word)}
    return or_(*(_as_text(column).ilike(f"%{_escaped(form)}%", escape=ESCAPE) for form in sorted(forms)))


def _as_text(column: "Column[Any]") -> ColumnElement[str]:
    if isinstance(column.type, LargeBinary):
        return func.encode(column, "escape") if _is_postgres(column) else cast(column, String)
    return cast(column, String)


def _is_postgres(column: "Column[Any]") -> bool:
    return type(column.type).__module__.startswith("sqlalchemy.dialects.postgresql")


def _escaped(form: str) -> str:
    for sign in (ESCAPE, "%", "_"):
        form = form.replace(sign, ESCAPE + sign)
    return form


def rows_in(connection: Connection, name: str, sought: Sought) -> list[dict[str, Any]]:
    """Give the rows of a table that name the person, without what would let somebody act as him."""
    table = next(one for one in tables_in(connection) if one.name == name)
    wordy = [column for column in table.columns if _is_wordy(column)]
    found = connection.execute(select(table).where(or_(*(may_hold(column, sought) for column in wordy))))
    rows = (dict(row) for row in found.mappings())
    named = (row for row in rows if any(sought.in_text.search(_shown(value)) for value in row.values()))
    return [{key: value for key, value in row.items() if not _is_secret(key)} for row in named]


def _shown(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list) else str(value)


def _is_secret(column: str) -> bool:
    return any(part in column for part in ("hash", "secret", "digest", "half", "key"))
