"""Sources checked against the tables: dimensions, joins, and any expression over them parsed and typed."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from sqlglot import exp

from tiffin.engines.metrics.definitions import ColumnType, Dimension, Join, Source, Tables
from tiffin.engines.metrics.faults import At, Misplaced, Spoiled
from tiffin.engines.metrics.model import BASE, Expression, PreparedJoin, PreparedSource
from tiffin.engines.metrics.parsed import Parsed
from tiffin.engines.metrics.parsing import columns_of, parse, type_of
from tiffin.engines.metrics.vocabulary import near
from tiffin.kernel.errors import InvalidDefinition

Columns = Mapping[str, ColumnType]


class Sources:
    """The sources of a model; each is added once and then expressions over it can be read."""

    def __init__(
        self,
        declared: Iterable[Source],
        dimensions: Mapping[str, Dimension],
        tables: Tables,
        prepared: Mapping[str, PreparedSource] | None = None,
    ) -> None:
        self.prepared: Mapping[str, PreparedSource] = prepared if prepared is not None else {}
        self._declared = {source.name for source in declared}
        self._dimensions = dimensions
        self._tables = tables

    def add(self, source: Source) -> None:
        """Check and parse a source.

        Raises
        ------
        InvalidDefinition
            It names what does not exist, or a join that could meet several rows.
        """
        columns = self._columns(source.table)
        prepared = PreparedSource(source, {}, {})
        for join in source.joins:
            self._check_join(source, join)
            on = tuple((self._expression(left, prepared, columns), right) for left, right in join.on)
            at = self._moment(join, prepared, columns)
            prepared = replace(prepared, joins={**prepared.joins, join.name: PreparedJoin(join, on, at)})
        own = {name: self._dimension(prepared, name, text, columns) for name, text in source.dimensions.items()}
        if source.time not in own:
            raise InvalidDefinition(
                f"the source {source.name} names {source.time} as its time, and has no such dimension."
            )
        whole = replace(prepared, dimensions={**own, **dict(self._grains(own))})
        self.prepared = {**self.prepared, source.name: whole}

    def find(self, name: str) -> PreparedSource:
        """Find a source.

        Raises
        ------
        InvalidDefinition
            There is none of that name.
        Spoiled
            It has a problem of its own.
        """
        if name in self.prepared:
            return self.prepared[name]
        if name in self._declared:
            raise Spoiled(name)
        raise InvalidDefinition(f"there is no source {name}.{near(name, self._declared | self.prepared.keys())}")

    def expression(self, text: str, source: str) -> Expression:
        """Read an expression over a source and its joins."""
        prepared = self.find(source)
        return self._expression(text, prepared, self._tables[prepared.source.table].columns)

    def key_of(self, source: str) -> tuple[Expression, ...]:
        """Give the columns that tell one row of a source from another."""
        prepared = self.find(source)
        return tuple(self.expression(column, source) for column in self._tables[prepared.source.table].key)

    def _dimension(self, prepared: PreparedSource, name: str, text: str, columns: Columns) -> Expression:
        place = prepared.source.places.get(name)
        if name not in self._dimensions:
            raise Misplaced(f"{name} is not a declared dimension.{near(name, self._dimensions)}", place)
        with At(place):
            found = self._expression(text, prepared, columns)
        wanted = self._dimensions[name].type
        if found.type != wanted:
            raise Misplaced(f"the dimension {name} is {wanted}, and {text!r} is {found.type}. Make both alike.", place)
        return found

    def _grains(self, own: Mapping[str, Expression]) -> Iterator[tuple[str, Expression]]:
        for dimension in self._dimensions.values():
            if dimension.grain_of in own and dimension.name not in own and dimension.grain_of is not None:
                base = own[dimension.grain_of]
                yield dimension.name, Expression(base.parsed, dimension.type, base.joins, dimension.grain)

    def _columns(self, table: str) -> Columns:
        if table not in self._tables:
            raise InvalidDefinition(f"there is no table {table}.{near(table, self._tables)}")
        return self._tables[table].columns

    def _check_join(self, source: Source, join: Join) -> None:
        columns = self._columns(join.table)
        if join.name == BASE or any(other.name == join.name for other in source.joins if other is not join):
            raise InvalidDefinition(f"the source {source.name} has two joins named {join.name}. Rename one.")
        dated = (join.valid.start, join.valid.end) if join.valid else ()
        for right in (*(right for _, right in join.on), *dated):
            if right not in columns:
                raise InvalidDefinition(f"the table {join.table} has no column {right}.{near(right, columns)}")
        key = self._tables[join.table].key
        if missing := set(key) - {right for _, right in join.on} - set(dated[:1]):
            raise InvalidDefinition(
                f"the join {join.name} leaves out {', '.join(sorted(missing))} of the key ({', '.join(key)}) of "
                f"{join.table}: one row could meet several and sums would be inflated. Join on the whole key, or say "
                "with `valid` at which moment a dated row holds."
            )

    def _moment(self, join: Join, prepared: PreparedSource, columns: Columns) -> Expression | None:
        if join.valid is None:
            return None
        at = self._expression(join.valid.at, prepared, columns)
        other = self._columns(join.table)
        for name in (join.valid.start, join.valid.end):
            if other[name] != at.type:
                raise InvalidDefinition(
                    f"the join {join.name} compares {join.valid.at!r}, which is {at.type}, with {name}, which is "
                    f"{other[name]}. Both must be dates, or both instants."
                )
        return at

    def _expression(self, text: str, source: PreparedSource, columns: Columns) -> Expression:
        tree = parse(text)

        def lookup(column: exp.Column) -> ColumnType:
            known = columns
            if column.table and column.table != BASE:
                if column.table not in source.joins:
                    raise InvalidDefinition(
                        f"{text!r} reads {column.table}, which is no join of the source {source.source.name}."
                    )
                known = self._tables[source.joins[column.table].join.table].columns
            if column.name not in known:
                raise InvalidDefinition(
                    f"{text!r} reads the column {column.sql()}, which does not exist.{near(column.name, known)}"
                )
            return known[column.name]

        found = type_of(tree, lookup)
        joins = _joins_of(tree, source)
        for column in columns_of(tree):
            column.set("table", exp.to_identifier(column.table or BASE))
        return Expression(Parsed(tree), found, joins)


def _joins_of(tree: exp.Expr, source: PreparedSource) -> tuple[str, ...]:
    needed: dict[str, None] = {}
    for column in columns_of(tree):
        if column.table and column.table != BASE:
            prepared = source.joins[column.table]
            for left in (*(left for left, _ in prepared.on), *((prepared.at,) if prepared.at else ())):
                needed.update(dict.fromkeys(left.joins))
            needed[column.table] = None
    return tuple(needed)
