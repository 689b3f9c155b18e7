"""Building a model: definitions checked against the tables and against one another, expressions parsed and typed."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from sqlglot import exp

from tiffin.engines.metrics.definitions import (
    Aggregation,
    ColumnType,
    Definitions,
    Derived,
    Formula,
    Join,
    Measure,
    Metric,
    Ratio,
    Source,
    Tables,
)
from tiffin.engines.metrics.model import (
    AGGREGATE,
    BASE,
    MONEY_ENDING,
    Aggregate,
    Expression,
    Model,
    PreparedJoin,
    PreparedSource,
    Problem,
    Resolved,
)
from tiffin.engines.metrics.vocabulary import columns_of, near, parse, type_of
from tiffin.kernel.errors import InvalidDefinition, Place


def build_model(definitions: Definitions, tables: Tables) -> tuple[Model, tuple[Problem, ...]]:
    """Check and parse definitions; those with a problem are left out of the model and reported."""
    builder = _Builder(definitions, tables)
    return builder.model(), tuple(builder.problems)


class _Builder:
    def __init__(self, definitions: Definitions, tables: Tables) -> None:
        self._tables = tables
        self.problems: list[Problem] = []
        self._dimensions = {dimension.name: dimension for dimension in definitions.dimensions}
        self._sources: dict[str, PreparedSource] = {}
        self._metrics = self._unique(definitions.metrics)
        self._declared = {source.name for source in definitions.sources}
        self._aggregates: dict[object, Aggregate] = {}
        self._resolved: dict[str, Resolved] = {}
        for source in definitions.sources:
            self._guarded(source.place, self._add_source, source)
        for name in self._metrics:
            self._guarded(self._metrics[name].place, self._resolve, name, ())

    def model(self) -> Model:
        metrics = {name: metric for name, metric in self._metrics.items() if name in self._resolved}
        return Model(self._dimensions, self._sources, metrics, tuple(self._aggregates.values()), self._resolved)

    def _unique(self, metrics: tuple[Metric, ...]) -> dict[str, Metric]:
        found: dict[str, Metric] = {}
        for metric in metrics:
            if metric.name in found:
                first = found[metric.name].place
                message = f"the metric {metric.name} is defined twice, first at {first}. Rename one of them."
                self.problems.append(Problem(message, metric.place))
            found.setdefault(metric.name, metric)
        return found

    def _guarded(self, place: Place | None, step: Callable[..., object], *arguments: object) -> None:
        try:
            step(*arguments)
        except _Spoiled:
            return
        except _Misplaced as error:
            problem = Problem(str(error), error.place or place)
        except InvalidDefinition as error:
            problem = Problem(str(error), place)
        else:
            return
        if problem not in self.problems:
            self.problems.append(problem)

    def _add_source(self, source: Source) -> None:
        columns = self._columns(source.table)
        prepared = PreparedSource(source, {}, {})
        for join in source.joins:
            self._check_join(source, join)
            on = tuple((self._expression(left, prepared, columns), right) for left, right in join.on)
            prepared = replace(prepared, joins={**prepared.joins, join.name: PreparedJoin(join, on)})
        own = {name: self._dimension(prepared, name, text, columns) for name, text in source.dimensions.items()}
        if source.time not in own:
            raise InvalidDefinition(
                f"the source {source.name} names {source.time} as its time, and has no such dimension."
            )
        self._sources[source.name] = replace(prepared, dimensions={**own, **dict(self._grains(own))})

    def _dimension(
        self, prepared: PreparedSource, name: str, text: str, columns: Mapping[str, ColumnType]
    ) -> Expression:
        place = prepared.source.places.get(name)
        if name not in self._dimensions:
            raise _Misplaced(f"{name} is not a declared dimension.{near(name, self._dimensions)}", place)
        with _At(place):
            found = self._expression(text, prepared, columns)
        wanted = self._dimensions[name].type
        if found.type != wanted:
            raise _Misplaced(f"the dimension {name} is {wanted}, and {text!r} is {found.type}. Make both alike.", place)
        return found

    def _grains(self, own: Mapping[str, Expression]) -> Iterator[tuple[str, Expression]]:
        for dimension in self._dimensions.values():
            if dimension.grain_of in own and dimension.name not in own and dimension.grain_of is not None:
                base = own[dimension.grain_of]
                yield dimension.name, Expression(base.tree, dimension.type, base.joins, dimension.grain)

    def _columns(self, table: str) -> Mapping[str, ColumnType]:
        if table not in self._tables:
            raise InvalidDefinition(f"there is no table {table}.{near(table, self._tables)}")
        return self._tables[table].columns

    def _check_join(self, source: Source, join: Join) -> None:
        columns = self._columns(join.table)
        if join.name == BASE or any(other.name == join.name for other in source.joins if other is not join):
            raise InvalidDefinition(f"the source {source.name} has two joins named {join.name}. Rename one.")
        for _, right in join.on:
            if right not in columns:
                raise InvalidDefinition(f"the table {join.table} has no column {right}.{near(right, columns)}")
        key = self._tables[join.table].key
        if missing := set(key) - {right for _, right in join.on}:
            raise InvalidDefinition(
                f"the join {join.name} leaves out {', '.join(sorted(missing))} of the key ({', '.join(key)}) of "
                f"{join.table}: one row could meet several and sums would be inflated. Join on the whole key."
            )

    def _expression(self, text: str, source: PreparedSource, columns: Mapping[str, ColumnType]) -> Expression:
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
        joins = self._joins_of(tree, source)
        for column in columns_of(tree):
            column.set("table", exp.to_identifier(column.table or BASE))
        return Expression(tree, found, joins)

    def _joins_of(self, tree: exp.Expr, source: PreparedSource) -> tuple[str, ...]:
        needed: dict[str, None] = {}
        for column in columns_of(tree):
            if column.table and column.table != BASE:
                for left, _ in source.joins[column.table].on:
                    needed.update(dict.fromkeys(left.joins))
                needed[column.table] = None
        return tuple(needed)

    def _resolve(self, name: str, above: tuple[str, ...]) -> Resolved:
        if name in self._resolved:
            return self._resolved[name]
        if name in above:
            raise InvalidDefinition(
                f"the metrics {' → '.join((*above, name))} are defined by one another. Break the cycle."
            )
        if name not in self._metrics:
            raise InvalidDefinition(f"there is no metric {name}.{near(name, self._metrics)}")
        metric = self._metrics[name]
        tree, kind = self._tree(metric.formula, (*above, name))
        resolved = self._finished(tree, kind, metric)
        self._resolved[name] = resolved
        return resolved

    def _finished(self, tree: exp.Expr, kind: ColumnType, metric: Metric) -> Resolved:
        names = {AGGREGATE.format(aggregate.number): aggregate for aggregate in self._aggregates.values()}
        used = {names[column.name].number: names[column.name] for column in columns_of(tree)}
        sources = tuple(dict.fromkeys(aggregate.source for aggregate in used.values()))
        if not sources:
            raise InvalidDefinition(f"the metric {metric.name} reads no measure at all.")
        shared = frozenset.intersection(*(frozenset(self._sources[source].dimensions) for source in sources))
        is_money = any(_reads_money(aggregate) for aggregate in used.values())
        return Resolved(tree, kind, tuple(used), sources, shared - frozenset(metric.never_by), is_money)

    def _tree(self, formula: Formula, above: tuple[str, ...]) -> tuple[exp.Expr, ColumnType]:
        if isinstance(formula, Measure):
            with _At(formula.place):
                aggregate = self._aggregate(formula)
            return exp.column(AGGREGATE.format(aggregate.number)), aggregate.type
        if isinstance(formula, Ratio):
            return self._ratio(formula, above), ColumnType.DOUBLE
        return self._derived(formula, above)

    def _ratio(self, ratio: Ratio, above: tuple[str, ...]) -> exp.Expr:
        parts = [self._operand(part, above, ratio.place) for part in (ratio.numerator, ratio.denominator)]
        tree: exp.Expr = exp.Div(this=exp.paren(parts[0]), expression=exp.paren(parts[1]))
        if ratio.times == 1:
            return tree
        return exp.Mul(this=tree, expression=exp.Literal.number(repr(float(ratio.times))))

    def _operand(self, part: Measure | str, above: tuple[str, ...], place: Place | None) -> exp.Expr:
        if isinstance(part, Measure):
            return self._tree(part, above)[0]
        with _At(place):
            return self._resolve(part, above).tree.copy()

    def _derived(self, derived: Derived, above: tuple[str, ...]) -> tuple[exp.Expr, ColumnType]:
        with _At(derived.place):
            tree = parse(derived.expression)
            found = type_of(tree, lambda column: self._resolve(column.name, above).type)
        if isinstance(tree, exp.Column):
            return self._resolve(tree.name, above).tree.copy(), found
        for column in columns_of(tree):
            column.replace(exp.paren(self._resolve(column.name, above).tree))
        return tree, found

    def _aggregate(self, measure: Measure) -> Aggregate:
        if measure.source not in self._sources:
            if measure.source in self._declared:
                raise _Spoiled(measure.source)
            raise InvalidDefinition(f"there is no source {measure.source}.{near(measure.source, self._declared)}")
        source = self._sources[measure.source]
        columns = self._tables[source.source.table].columns
        of = tuple(self._expression(text, source, columns) for text in measure.of)
        where = self._expression(measure.where, source, columns) if measure.where else None
        _check_measure(measure, of, where)
        key = (
            measure.source,
            measure.aggregation,
            tuple(part.tree.sql() for part in of),
            where and where.tree.sql(),
            measure.quantile,
        )
        if key not in self._aggregates:
            kind = _type_of_aggregate(measure.aggregation, of)
            self._aggregates[key] = Aggregate(
                len(self._aggregates),
                measure.source,
                measure.aggregation,
                of,
                where,
                measure.quantile,
                kind,
                measure.is_zero_when_empty,
            )
        return self._aggregates[key]


def _reads_money(aggregate: Aggregate) -> bool:
    if aggregate.aggregation in (Aggregation.COUNT, Aggregation.COUNT_DISTINCT):
        return False
    return any(column.name.endswith(MONEY_ENDING) for part in aggregate.of for column in columns_of(part.tree))


def _type_of_aggregate(aggregation: Aggregation, of: tuple[Expression, ...]) -> ColumnType:
    if aggregation in (Aggregation.COUNT, Aggregation.COUNT_DISTINCT):
        return ColumnType.INTEGER
    if aggregation in (Aggregation.MEAN, Aggregation.PERCENTILE):
        return ColumnType.DOUBLE
    return of[0].type


def _check_measure(measure: Measure, of: tuple[Expression, ...], where: Expression | None) -> None:
    if where is not None and where.type is not ColumnType.BOOLEAN:
        raise InvalidDefinition(f"{measure.where!r} is {where.type}; a condition was expected.")
    few = {Aggregation.COUNT: (0, 1), Aggregation.COUNT_DISTINCT: (1, 9)}.get(measure.aggregation, (1, 1))
    if not few[0] <= len(of) <= few[1]:
        raise InvalidDefinition(
            f"a {measure.aggregation} takes {few[0]} to {few[1]} expressions in `of`, found {len(of)}."
        )
    adds = measure.aggregation in (Aggregation.SUM, Aggregation.MEAN, Aggregation.PERCENTILE)
    if adds and of[0].type not in (ColumnType.INTEGER, ColumnType.DOUBLE):
        raise InvalidDefinition(f"a {measure.aggregation} needs numbers, and {measure.of[0]!r} is {of[0].type}.")
    if (measure.aggregation is Aggregation.PERCENTILE) != (measure.quantile is not None):
        raise InvalidDefinition("a percentile states its `quantile` (0 to 1), and nothing else does.")
    if measure.quantile is not None and not 0 <= measure.quantile <= 1:
        raise InvalidDefinition(f"a quantile lies between 0 and 1, found {measure.quantile}.")


class _Spoiled(Exception):
    """A metric rests on a source that has a problem."""


class _Misplaced(InvalidDefinition):
    """A problem that knows its line better than whoever reports it."""

    def __init__(self, message: str, place: Place | None) -> None:
        super().__init__(message)
        self.place = place


class _At:
    """Gives problems found within the line at which the faulty text stands, unless they know a better one."""

    def __init__(self, place: Place | None) -> None:
        self._place = place

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, InvalidDefinition) and not isinstance(error, _Misplaced):
            raise _Misplaced(str(error), self._place) from error
