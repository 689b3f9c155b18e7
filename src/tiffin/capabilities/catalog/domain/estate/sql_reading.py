"""What a foreign statement reads and writes: tables, and where it can be told which column comes from which."""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlglot import exp, parse
from sqlglot.errors import SqlglotError
from sqlglot.optimizer.scope import Scope, traverse_scope

from tiffin.kernel.errors import InvalidData

SHORT = 2
"""Names of tables are compared by their last two parts: schema and table."""


@dataclass(frozen=True, slots=True)
class Read:
    """What one statement reads and writes.

    Parameters
    ----------
    tables : tuple of str
        Tables that are read.
    written : str
        Table that is made or added to; empty for a question.
    columns : tuple of (str, str, str)
        Table, its column, and the column of the result that is made from it.
    """

    tables: tuple[str, ...]
    written: str = ""
    columns: tuple[tuple[str, str, str], ...] = ()


def read_statements(sql: str, dialect: str) -> tuple[Read, ...]:
    """Read the statements of a text; those that read and write no table are left out.

    Raises
    ------
    InvalidData
        It is not SQL of the dialect.
    """
    try:
        parsed = parse(sql, read=dialect or None)
    except SqlglotError as error:
        raise InvalidData(str(error).splitlines()[0]) from error
    found = (_read(statement) for statement in parsed if statement is not None)
    return tuple(read for read in found if read.tables or read.written)


def relation(table: exp.Table) -> str:
    """Write the name of a table the way in which tables are compared."""
    parts = [part.name for part in table.parts][-SHORT:]
    return ".".join(parts).casefold()


def _read(statement: exp.Expr) -> Read:
    written = _written(statement)
    queried = statement.expression if isinstance(statement, exp.Insert | exp.Create) else statement
    if not isinstance(queried, exp.Expr):
        return Read((), written)
    if isinstance(statement, exp.Insert | exp.Create) and isinstance(queried, exp.Query):
        for cte in statement.ctes:  # those of a statement that writes stand before it, and its query reads them
            queried = queried.with_(cte.alias, as_=cte.this)
    local = {cte.alias_or_name.casefold() for cte in queried.find_all(exp.CTE)}
    tables = dict.fromkeys(
        name for table in queried.find_all(exp.Table) if (name := relation(table)) and name not in local
    )
    tables.pop(written, None)
    columns = tuple(dict.fromkeys(_columns(queried))) if isinstance(queried, exp.Query) else ()
    return Read(tuple(tables), written, columns)


def _written(statement: exp.Expr) -> str:
    if isinstance(statement, exp.Insert | exp.Create | exp.Update | exp.Delete | exp.Merge):
        table = statement.this.find(exp.Table) if isinstance(statement.this, exp.Expr) else None
        return relation(table) if table is not None else ""
    return ""


def _columns(query: exp.Query) -> Iterator[tuple[str, str, str]]:
    scopes = traverse_scope(query)
    if not scopes:
        return
    root = scopes[-1]
    for selected in query.selects:
        for table, column in _origins(selected, root):
            yield table, column, selected.alias_or_name.casefold()


def _origins(expression: exp.Expr, scope: Scope) -> Iterator[tuple[str, str]]:
    """Follow the columns of an expression to the tables that they come from, through subqueries and CTEs."""
    for column in expression.find_all(exp.Column):
        name = column.name.casefold()
        for source in _sources(column, scope):
            if isinstance(source, exp.Table):
                yield relation(source), name
            else:
                inner = source.expression
                for selected in inner.selects if isinstance(inner, exp.Query) else ():
                    if selected.alias_or_name.casefold() == name:
                        yield from _origins(selected, source)


def _sources(column: exp.Column, scope: Scope) -> list[exp.Table | Scope]:
    if column.table:
        found = scope.sources.get(column.table)
        return [found] if found is not None else []
    return list(scope.sources.values()) if len(scope.sources) == 1 else []
