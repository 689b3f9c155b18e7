"""Pieces of SQL, written once per dialect from the parsed definitions, of which the compiler lays a statement together.

Generating SQL from a whole expression tree costs about a millisecond; putting ready pieces together costs microseconds.
Every piece comes from SQLGlot, so precedence is its; names and the values of a request are quoted as SQLGlot quotes
them.
"""

import re
from datetime import UTC, date, datetime
from typing import Any

from tiffin.engines.metrics.compiling.quoting import quoted_name, quoted_text
from tiffin.engines.metrics.compiling.states import partials_sql, whole_sql
from tiffin.engines.metrics.definitions import ColumnType
from tiffin.engines.metrics.model import AGGREGATE, BASE, Aggregate, Expression, Leaf, Model, PreparedJoin, Resolved
from tiffin.engines.metrics.parsed import Parsed
from tiffin.engines.metrics.protection.naming import plain_name
from tiffin.engines.metrics.request import Value
from tiffin.engines.metrics.vocabulary import TYPE_SQL, grain_sql
from tiffin.kernel.errors import WrongUse

_PLACEHOLDER = re.compile(AGGREGATE.format(r"(\d+)"))

Template = tuple[str | int, ...]
"""SQL with the numbers of aggregates at the odd places."""


class Fragments:
    """Ready SQL of one model in one dialect; each piece is written when it is first needed."""

    def __init__(self, model: Model, dialect: str) -> None:
        self.model = model
        self.dialect = dialect
        self._dimensions: dict[tuple[str, str], str] = {}
        self._filters: dict[int, str | None] = {}
        self._operands: dict[int, tuple[str, ...]] = {}
        self._aggregates: dict[tuple[int, bool, bool], str] = {}
        self._templates: dict[str, Template] = {}
        self._joins: dict[tuple[str, str], str] = {}
        self._names: dict[str, str] = {}

    def name(self, text: str) -> str:
        """Quote an identifier; a masked dimension is told under the name of the one that it masks."""
        if text not in self._names:
            self._names[text] = quoted_name(plain_name(text), self.dialect)
        return self._names[text]

    def dimension(self, source: str, name: str) -> str:
        """Write a dimension of a source."""
        key = (source, name)
        if key not in self._dimensions:
            self._dimensions[key] = self.expression(self.model.sources[source].dimensions[name])
        return self._dimensions[key]

    def leaf(self, number: int) -> Aggregate:
        """Give an aggregate over rows of a source.

        Raises
        ------
        TypeError
            It is one over the values of a metric: those have neither filter nor rows of their own.
        """
        leaf = self.model.aggregates[number]
        if not isinstance(leaf, Aggregate):
            raise TypeError(f"aggregate {number} is nested")
        return leaf

    def filter(self, number: int) -> str | None:
        """Write the condition of the rows that an aggregate counts."""
        if number not in self._filters:
            where = self.leaf(number).where
            self._filters[number] = self.expression(where) if where else None
        return self._filters[number]

    def operands(self, number: int) -> tuple[str, ...]:
        """Write what an aggregate is taken of."""
        if number not in self._operands:
            self._operands[number] = tuple(self.expression(part) for part in self.leaf(number).of)
        return self._operands[number]

    def aggregate(self, number: int, *, is_grouped: bool, is_approximate: bool = False) -> str:
        """Write an aggregate with its own filter."""
        key = (number, is_grouped, is_approximate)
        if key not in self._aggregates:
            where = self.filter(number)
            self._aggregates[key] = self.aggregate_where(
                number, where, is_grouped=is_grouped, is_approximate=is_approximate
            )
        return self._aggregates[key]

    def aggregate_where(self, number: int, where: str | None, *, is_grouped: bool, is_approximate: bool = False) -> str:
        """Write an aggregate with another filter in place of its own."""
        return self.aggregate_of(
            number, self.operands(number), where, is_grouped=is_grouped, is_approximate=is_approximate
        )

    def aggregate_of(
        self, number: int, of: tuple[str, ...], where: str | None, *, is_grouped: bool, is_approximate: bool = False
    ) -> str:
        """Write an aggregate over other columns in place of its own operands."""
        leaf = self.leaf(number)
        return whole_sql(
            leaf.aggregation,
            of=of,
            where=where,
            quantile=leaf.quantile,
            result=leaf.type,
            dialect=self.dialect,
            is_grouped=is_grouped,
            is_approximate=is_approximate,
        )

    def partials(self, number: int, where: str | None) -> tuple[str, ...]:
        """Write what a group of rows keeps of an aggregate that can be split."""
        leaf = self.leaf(number)
        of = self.operands(number)
        return partials_sql(leaf.aggregation, of=of, where=where, result=leaf.type, dialect=self.dialect)

    def unknown(self, aggregate: Leaf) -> str:
        """Write an aggregate that is empty whatever the rows."""
        # Of one type for all: Sail names an aggregate after its text, and refuses two of one name and unlike types.
        nothing = f"CAST(NULL AS {TYPE_SQL[ColumnType.TEXT][self.dialect]})"
        return f"CAST(MAX({nothing}) AS {TYPE_SQL[aggregate.type][self.dialect]})"

    def empty(self, aggregate: Leaf) -> str:
        """Write an empty value of an aggregate's type."""
        return f"CAST(NULL AS {TYPE_SQL[aggregate.type][self.dialect]})"

    def template(self, name: str, resolved: Resolved) -> Template:
        """Write a formula over its aggregates; the name, of a metric or another, stands for it."""
        if name not in self._templates:
            parts = _PLACEHOLDER.split(resolved.parsed.sql(self.dialect))
            self._templates[name] = tuple(int(part) if index % 2 else part for index, part in enumerate(parts))
        return self._templates[name]

    def condition(self, condition: Parsed) -> str:
        """Write a condition over plain columns."""
        return condition.sql(self.dialect)

    def relation(self, source: str, joins: tuple[str, ...], *, table: str | None = None) -> str:
        """Write the table of a source, or another in its place, with the joins that are needed."""
        base = f"{self.name(table or self.model.sources[source].source.table)} AS {BASE}"
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
        text = quoted_text(_text(value), self.dialect)
        return text if kind is ColumnType.TEXT else f"CAST({text} AS {TYPE_SQL[kind][self.dialect]})"

    def expression(self, expression: Expression) -> str:
        """Write an expression over a source."""
        sql = expression.parsed.sql(self.dialect)
        return grain_sql(sql, expression.grain, self.dialect) if expression.grain else sql

    def _join(self, source: str, name: str) -> str:
        key = (source, name)
        if key not in self._joins:
            self._joins[key] = self._written_join(self.model.sources[source].joins[name])
        return self._joins[key]

    def _written_join(self, prepared: PreparedJoin) -> str:
        alias = self.name(prepared.join.name)
        on = " AND ".join(f"{self.expression(left)} = {alias}.{self.name(right)}" for left, right in prepared.on)
        if prepared.at and prepared.join.valid:
            at, valid = self.expression(prepared.at), prepared.join.valid
            start, end = (f"{alias}.{self.name(column)}" for column in (valid.start, valid.end))
            on += f" AND {at} >= {start} AND ({at} < {end} OR {end} IS NULL)"
            on += f" AND ({at} < {alias}.next_ OR {alias}.next_ IS NULL)"
            return f"LEFT JOIN {self._dated(prepared)} AS {alias} ON {on}"
        return f"LEFT JOIN {self.name(prepared.join.table)} AS {alias} ON {on}"

    def _dated(self, prepared: PreparedJoin) -> str:
        """Write a table of dated rows so that spans which overlap end where the next begins: one row is met at most."""
        start = self.name(prepared.join.valid.start) if prepared.join.valid else ""
        apart = ", ".join(self.name(right) for _, right in prepared.on)
        following = f"LEAD({start}) OVER (PARTITION BY {apart} ORDER BY {start}) AS next_"
        return f"(SELECT *, {following} FROM {self.name(prepared.join.table)})"  # noqa: S608 - quoted names


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
