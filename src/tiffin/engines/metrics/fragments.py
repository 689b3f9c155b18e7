"""Pieces of SQL, written once per dialect from the parsed definitions, of which the compiler lays a statement together.

Generating SQL from a whole expression tree costs about a millisecond; putting ready pieces together costs microseconds.
Every piece comes from SQLGlot, so quoting and precedence are its; values of a request are literals that SQLGlot quotes.
"""

import re
from datetime import UTC, date, datetime
from typing import Any

from sqlglot import exp
from sqlglot.dialects.dialect import Dialect

from tiffin.engines.metrics.definitions import ColumnType
from tiffin.engines.metrics.model import AGGREGATE, BASE, Aggregate, Expression, Model, PreparedJoin
from tiffin.engines.metrics.request import Value
from tiffin.engines.metrics.vocabulary import TYPE_SQL, aggregate_sql, grain_sql, write
from tiffin.kernel.errors import WrongUse

_PLACEHOLDER = re.compile(AGGREGATE.format(r"(\d+)"))

Template = tuple[str | int, ...]
"""SQL with the numbers of aggregates at the odd places."""


class Fragments:
    """Ready SQL of one model in one dialect; each piece is written when it is first needed."""

    def __init__(self, model: Model, dialect: str) -> None:
        self.model = model
        self.dialect = dialect
        # Of one node only, which touches no state: threads may share it.
        self._literals = Dialect.get_or_raise(dialect).generator()
        self._dimensions: dict[tuple[str, str], str] = {}
        self._filters: dict[int, str | None] = {}
        self._aggregates: dict[int, str] = {}
        self._templates: dict[str, Template] = {}
        self._joins: dict[tuple[str, str], str] = {}
        self._names: dict[str, str] = {}

    def name(self, text: str) -> str:
        """Quote an identifier."""
        if text not in self._names:
            self._names[text] = self._written(exp.to_identifier(text, quoted=True))
        return self._names[text]

    def dimension(self, source: str, name: str) -> str:
        """Write a dimension of a source."""
        key = (source, name)
        if key not in self._dimensions:
            self._dimensions[key] = self._expression(self.model.sources[source].dimensions[name])
        return self._dimensions[key]

    def filter(self, number: int) -> str | None:
        """Write the condition of the rows that an aggregate counts."""
        if number not in self._filters:
            where = self.model.aggregates[number].where
            self._filters[number] = self._expression(where) if where else None
        return self._filters[number]

    def aggregate(self, number: int) -> str:
        """Write an aggregate with its own filter."""
        if number not in self._aggregates:
            self._aggregates[number] = self.aggregate_where(number, self.filter(number))
        return self._aggregates[number]

    def aggregate_where(self, number: int, where: str | None) -> str:
        """Write an aggregate with another filter in place of its own."""
        aggregate = self.model.aggregates[number]
        return aggregate_sql(
            aggregate.aggregation,
            of=tuple(self._expression(part) for part in aggregate.of),
            where=where,
            quantile=aggregate.quantile,
            result=aggregate.type,
            dialect=self.dialect,
        )

    def unknown(self, aggregate: Aggregate) -> str:
        """Write an aggregate that is empty whatever the rows."""
        return f"MAX({self.empty(aggregate)})"

    def empty(self, aggregate: Aggregate) -> str:
        """Write an empty value of an aggregate's type."""
        return f"CAST(NULL AS {TYPE_SQL[aggregate.type][self.dialect]})"

    def template(self, metric: str) -> Template:
        """Write the formula of a metric over its aggregates."""
        if metric not in self._templates:
            parts = _PLACEHOLDER.split(self._written(write(self.model.resolved[metric].tree, self.dialect)))
            self._templates[metric] = tuple(int(part) if index % 2 else part for index, part in enumerate(parts))
        return self._templates[metric]

    def relation(self, source: str, joins: tuple[str, ...]) -> str:
        """Write the table of a source with the joins that are needed."""
        base = f"{self.name(self.model.sources[source].source.table)} AS {BASE}"
        return " ".join([base, *(self._join(source, join) for join in joins)])

    def literal(self, value: Value, kind: ColumnType) -> str:
        """Quote a value for comparison with a dimension.

        Raises
        ------
        WrongUse
            The value is of another type than the dimension.
        """
        if not _fits(value, kind):
            raise WrongUse(f"A value of type {kind} was expected, and {value!r} was found.")
        if kind is ColumnType.BOOLEAN:
            return "TRUE" if value else "FALSE"
        if kind in (ColumnType.INTEGER, ColumnType.DOUBLE):
            return repr(value) if kind is ColumnType.INTEGER else f"CAST({value!r} AS DOUBLE)"
        text = str(self._literals.generate(exp.Literal.string(_text(value)), copy=False))
        return text if kind is ColumnType.TEXT else f"CAST({text} AS {TYPE_SQL[kind][self.dialect]})"

    def _expression(self, expression: Expression) -> str:
        sql = self._written(write(expression.tree, self.dialect))
        return grain_sql(sql, expression.grain, self.dialect) if expression.grain else sql

    def _join(self, source: str, name: str) -> str:
        key = (source, name)
        if key not in self._joins:
            self._joins[key] = self._written_join(self.model.sources[source].joins[name])
        return self._joins[key]

    def _written_join(self, prepared: PreparedJoin) -> str:
        alias = self.name(prepared.join.name)
        on = " AND ".join(f"{self._expression(left)} = {alias}.{self.name(right)}" for left, right in prepared.on)
        return f"LEFT JOIN {self.name(prepared.join.table)} AS {alias} ON {on}"

    def _written(self, tree: exp.Expr) -> str:
        return str(tree.sql(self.dialect))


_PYTHON: dict[ColumnType, tuple[type[Any], ...]] = {
    ColumnType.TEXT: (str,),
    ColumnType.INTEGER: (int,),
    ColumnType.DOUBLE: (int, float),
    ColumnType.BOOLEAN: (bool,),
    ColumnType.DATE: (date,),
    ColumnType.INSTANT: (datetime,),
}


def _fits(value: Value, kind: ColumnType) -> bool:
    if isinstance(value, bool) != (kind is ColumnType.BOOLEAN):
        return False
    if kind is ColumnType.DATE and isinstance(value, datetime):
        return False
    return isinstance(value, _PYTHON[kind])


def _text(value: Value) -> str:
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f+00:00")
    return value.isoformat() if isinstance(value, date) else str(value)
