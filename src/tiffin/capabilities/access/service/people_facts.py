"""A person in the facts: the rows that his pseudonym names, his sealed values, and forgetting whom it means."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlglot import exp

from tiffin.capabilities.access.domain.erasing import ACCOUNT, SoughtPerson
from tiffin.capabilities.facts.service.sealing import place_of
from tiffin.kernel.errors import WrongUse
from tiffin.kernel.facts.personal_values import PERSONAL_VALUES
from tiffin.kernel.facts.registry import TABLES
from tiffin.kernel.messages import Message
from tiffin.kernel.people import PersonKind
from tiffin.runtime import people
from tiffin.runtime.context import Context
from tiffin.runtime.people_sealing import Seal

SEALED = PERSONAL_VALUES.name

KINDS = (*(kind.value for kind in PersonKind), ACCOUNT)
"""Kinds of people who can be looked for."""


@dataclass(frozen=True, slots=True)
class FactRows:
    """Rows of a table that name a person in one of its columns."""

    table: str
    column: str
    rows: int


def kind_of(kind: str) -> PersonKind | None:
    """Read a kind of person; None for those who sign in here.

    Raises
    ------
    WrongUse
        There is no such kind.
    """
    if kind not in KINDS:
        raise WrongUse(
            Message(
                "A person is of one of the kinds {kinds}; found '{found}'. Choose the one under which files name him.",
                kinds=", ".join(KINDS),
                found=kind,
            )
        )
    return None if kind == ACCOUNT else PersonKind(kind)


def pseudonym_of(context: Context, person: SoughtPerson) -> str | None:
    """Give the name under which facts know a person; None where they do not."""
    kind = kind_of(person.kind)
    found = people.find(context.unit, kind, person.identifier) if kind else None
    return found.pseudonym if found else None


def is_forgotten(context: Context, person: SoughtPerson) -> bool:
    """Tell whether he was erased before, so that no file brings him back."""
    kind = kind_of(person.kind)
    return kind is not None and people.is_forgotten(context.unit, kind, person.identifier)


def rows_naming(context: Context, person: SoughtPerson) -> tuple[FactRows, ...]:
    """Count the rows of every loaded table that name a person."""
    pseudonym, kind = pseudonym_of(context, person), kind_of(person.kind)
    if pseudonym is None or kind is None:
        return ()
    found = []
    for table, column in _columns_naming(context, kind):
        asked = exp.select(exp.Count(this=exp.Star()).as_("n")).from_(exp.to_table(table))
        asked = asked.where(exp.column(column, quoted=True).eq(exp.Literal.string(pseudonym)))
        rows = int(context.warehouse.query(asked).column("n")[0].as_py())
        found += [FactRows(table, column, rows)] if rows else []
    return tuple(found)


def _columns_naming(context: Context, kind: PersonKind) -> Iterator[tuple[str, str]]:
    """Give the columns of loaded tables that name people of a kind, or of several; pseudonyms are never alike."""
    loaded = context.warehouse.versions()
    for table, contract in TABLES.items():
        for column in contract.person_columns if table in loaded else ():
            if column.person == kind.value or column.person_by:
                yield table, column.name


def counted_facts(context: Context, person: SoughtPerson) -> Mapping[str, Any]:
    """Count what facts hold of a person, before he is forgotten."""
    rows = {f"{one.table}.{one.column}": one.rows for one in rows_naming(context, person)}
    return {"facts": rows, "sealed": sum(sealed_kinds(context, person).values())}


def forget_facts(context: Context, person: SoughtPerson) -> Mapping[str, Any]:
    """Forget whom a pseudonym means, and the key under which his values are sealed."""
    kind = kind_of(person.kind)
    if kind is None:
        return {}
    known = people.forget(context.unit, kind, person.identifier, now=context.now)
    return {"forgotten": known is not None}


def sealed_kinds(context: Context, person: SoughtPerson) -> Mapping[str, int]:
    """Count a person's sealed values by table and column."""
    counts: Counter[str] = Counter()
    for table, _, values in _opened(context, person):
        counts.update(f"{table}.{name}" for name in values)
    return dict(sorted(counts.items()))


def rows_of(context: Context, person: SoughtPerson, table: str) -> list[dict[str, Any]]:
    """Give the rows of a table that name a person, with his sealed values where they belong."""
    pseudonym = pseudonym_of(context, person)
    columns = [one.column for one in rows_naming(context, person) if one.table == table]
    if pseudonym is None or not columns:
        return []
    named = exp.or_(*(exp.column(name, quoted=True).eq(exp.Literal.string(pseudonym)) for name in columns))
    rows: list[dict[str, Any]] = context.warehouse.query(
        exp.select("*").from_(exp.to_table(table)).where(named)
    ).to_pylist()
    opened = {key: values for name, key, values in _opened(context, person) if name == table}
    keys = TABLES[table].key
    for row in rows:
        row.update(opened.get(tuple(str(row[name]) for name in keys), {}))
        row.update({name: person.identifier for name in columns if row[name] == pseudonym})
    return rows


def sealed_values(context: Context, person: SoughtPerson) -> list[dict[str, Any]]:
    """Give a person's sealed values, opened, each with the row to which it belongs."""
    return [
        {"table": table, "row": list(key), "column": name, "value": value}
        for table, key, values in _opened(context, person)
        for name, value in values.items()
    ]


def meanings(table: str, language: str) -> Mapping[str, str]:
    """Say what each column of a table means."""
    columns = TABLES[table].columns
    return {column.name: column.meaning.get(language, column.meaning["en"]) for column in columns}


def _opened(context: Context, person: SoughtPerson) -> Iterator[tuple[str, tuple[str, ...], Mapping[str, Any]]]:
    """Open a person's sealed values: table, key of the row, values by column."""
    pseudonym = pseudonym_of(context, person)
    key = people.data_key(context.unit, pseudonym) if pseudonym else None
    if pseudonym is None or key is None or SEALED not in context.warehouse.versions():
        return
    seal = Seal(key)
    asked = exp.select("table_name", "row_key", "sealed").from_(SEALED)
    mine = exp.column("pseudonym").eq(exp.Literal.string(pseudonym))
    for row in context.warehouse.query(asked.where(mine)).to_pylist():
        if row["sealed"] is not None:
            values = seal.opened(place_of(row["table_name"], row["row_key"]), row["sealed"])
            yield row["table_name"], tuple(map(str, json.loads(row["row_key"]))), values
