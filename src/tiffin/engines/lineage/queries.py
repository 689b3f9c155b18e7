"""Which columns of which tables a statement reads, as SQLGlot finds them in its text."""

from collections.abc import Iterable, Mapping

from sqlglot import exp
from sqlglot.optimizer.qualify import qualify
from sqlglot.optimizer.scope import traverse_scope

Schema = Mapping[str, Iterable[str]]
"""Columns by table."""


def columns_read(statement: exp.Query, schema: Schema, *, dialect: str = "duckdb") -> frozenset[tuple[str, str]]:
    """List the columns of known tables that a statement names anywhere: chosen, compared, joined or counted.

    Examples
    --------
    >>> from sqlglot import parse_one
    >>> tree = parse_one("SELECT count(a) FROM (SELECT x AS a, y AS b FROM t WHERE z > 1) AS s")
    >>> sorted(columns_read(tree, {"t": ["x", "y", "z"]}))
    [('t', 'x'), ('t', 'y'), ('t', 'z')]
    """
    types: dict[str, object] = {table: dict.fromkeys(columns, "TEXT") for table, columns in schema.items()}
    tree = qualify(statement.copy(), schema=types, dialect=dialect, validate_qualify_columns=False)
    return frozenset(
        (source.name, column.name)
        for scope in traverse_scope(tree)
        for column in scope.columns
        if isinstance(source := scope.sources.get(column.table), exp.Table) and source.name in types
    )
