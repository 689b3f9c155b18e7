"""Building a model: definitions checked against the tables and against one another, expressions parsed and typed."""

from collections.abc import Callable, Iterable, Mapping

from sqlglot import exp

from tiffin.engines.metrics.compiling.spans import Frame
from tiffin.engines.metrics.definitions import ColumnType, Definitions, Dimension, Metric, Tables
from tiffin.engines.metrics.faults import At, Misplaced, Spoiled
from tiffin.engines.metrics.formulas import (
    Calculation,
    Compared,
    Comparison,
    Conversion,
    Cumulative,
    Derived,
    Formula,
    Measure,
    Nested,
    Ratio,
)
from tiffin.engines.metrics.leaves import Leaves, placeholder
from tiffin.engines.metrics.model import AGGREGATE, Leaf, Model, NestedAggregate, Problem, Resolved, number_of
from tiffin.engines.metrics.parsed import Parsed
from tiffin.engines.metrics.parsing import columns_of, parse, type_of
from tiffin.engines.metrics.preparing import Sources
from tiffin.engines.metrics.vocabulary import near
from tiffin.kernel.errors import InvalidDefinition, Place

Typed = tuple[exp.Expr, ColumnType]


def build_model(definitions: Definitions, tables: Tables) -> tuple[Model, tuple[Problem, ...]]:
    """Check and parse definitions; those with a problem are left out of the model and reported."""
    built = Building(tables).with_all(definitions)
    return built.model(), tuple(dict.fromkeys(problem for found in built.faults.values() for problem in found))


class Building:
    """Metrics resolved one by one, each after those that it is made of.

    Parameters
    ----------
    faults : dict of str to list of Problem
        What is wrong, by the metric that was looked at; under an empty name what is wrong with sources.
    leaves : Leaves
        The aggregates found.
    """

    def __init__(self, tables: Tables) -> None:
        self.faults: dict[str, list[Problem]] = {}
        self._tables = tables
        self._dimensions: Mapping[str, Dimension] = {}
        self._sources = Sources((), {}, tables)
        self.leaves = Leaves(self._sources)
        self._metrics: Mapping[str, Metric] = {}
        self._known = _Without({}, frozenset())
        self.resolved: dict[str, Resolved] = {}
        self._ways: dict[type, Callable[..., Typed]] = {
            Measure: self._measure,
            Ratio: self._ratio,
            Derived: self._derived,
            Cumulative: self._cumulative,
            Compared: self._compared,
            Conversion: self._conversion,
            Nested: self._nested,
        }

    def with_all(self, definitions: Definitions) -> "Building":
        """Check and parse everything from the beginning."""
        self._dimensions = {dimension.name: dimension for dimension in definitions.dimensions}
        self._sources = Sources(definitions.sources, self._dimensions, self._tables)
        self.leaves = Leaves(self._sources)
        self._metrics = self._unique(definitions.metrics)
        for source in definitions.sources:
            self._guarded("", source.place, self._sources.add, source)
        return self._with(self._metrics)

    def with_some(
        self, model: Model, metrics: Mapping[str, Metric], names: Iterable[str], leaves: Leaves
    ) -> "Building":
        """Check and parse some metrics anew on the ground of a model in which the others stand.

        Parameters
        ----------
        metrics : mapping of str to Metric
            Every metric as it is now.
        names : iterable of str
            Those that changed, and those made of them.
        leaves : Leaves
            The aggregates of the model, to which new ones are added.
        """
        self._dimensions, self._metrics, self.leaves = model.dimensions, metrics, leaves
        self._sources = leaves.sources
        again = tuple(names)
        self._known = _Without(model.resolved, frozenset(again))
        return self._with(name for name in again if name in metrics)

    def _with(self, names: Iterable[str]) -> "Building":
        for name in names:
            self._guarded(name, self._metrics[name].place, self._resolve, name, ())
        return self

    def model(self) -> Model:
        """Give the model of everything that is sound."""
        metrics = {name: metric for name, metric in self._metrics.items() if name in self.resolved}
        return Model(self._dimensions, self._sources.prepared, metrics, tuple(self.leaves.found), self.resolved)

    def _unique(self, metrics: tuple[Metric, ...]) -> dict[str, Metric]:
        found: dict[str, Metric] = {}
        for metric in metrics:
            if metric.name in found:
                first = found[metric.name].place
                message = f"the metric {metric.name} is defined twice, first at {first}. Rename one of them."
                self.faults.setdefault(metric.name, []).append(Problem(message, metric.place))
            found.setdefault(metric.name, metric)
        return found

    def _guarded(self, name: str, place: Place | None, step: Callable[..., object], *arguments: object) -> None:
        try:
            step(*arguments)
        except Spoiled:
            return
        except Misplaced as error:
            problem = Problem(str(error), error.place or place)
        except InvalidDefinition as error:
            problem = Problem(str(error), place)
        else:
            return
        self.faults.setdefault(name, []).append(problem)

    def _resolve(self, name: str, above: tuple[str, ...]) -> Resolved:
        if name in self.resolved:
            return self.resolved[name]
        if name in self._known:
            return self._known[name]
        if name in above:
            raise InvalidDefinition(
                f"the metrics {' → '.join((*above, name))} are defined by one another. Break the cycle."
            )
        if name not in self._metrics:
            raise InvalidDefinition(f"there is no metric {name}.{near(name, self._metrics)}")
        metric = self._metrics[name]
        resolved = self._finished(self._tree(metric.formula, (*above, name)), metric.never_by, metric.name)
        self.resolved[name] = resolved
        return resolved

    def _finished(self, found: Typed, never_by: tuple[str, ...], name: str) -> Resolved:
        tree, kind = found
        used = self._used(tree)
        if not used:
            raise InvalidDefinition(f"the metric {name} reads no measure at all.")
        sources = tuple(dict.fromkeys(source for leaf in used for source in self._read_by(leaf)))
        shared = frozenset.intersection(*(self._dimensions_of(leaf) for leaf in used))
        return Resolved(
            Parsed(tree),
            kind,
            tuple(leaf.number for leaf in used),
            sources,
            shared - frozenset(never_by),
            any(self.leaves.reads_money(leaf) for leaf in used),
            any(_is_framed(leaf) for leaf in used),
        )

    def _used(self, tree: exp.Expr) -> list[Leaf]:
        names = dict.fromkeys(column.name for column in columns_of(tree))
        return [self.leaves[number_of(name)] for name in names]

    def _read_by(self, leaf: Leaf) -> tuple[str, ...]:
        if isinstance(leaf, NestedAggregate):
            return leaf.metric.sources
        return (leaf.source, leaf.followed.by.source) if leaf.followed else (leaf.source,)

    def _dimensions_of(self, leaf: Leaf) -> frozenset[str]:
        if isinstance(leaf, NestedAggregate):
            return leaf.metric.dimensions
        return frozenset(self._sources.prepared[leaf.source].dimensions)

    def _tree(self, formula: Formula, above: tuple[str, ...]) -> Typed:
        with At(formula.place):
            return self._ways[type(formula)](formula, above)

    def _measure(self, measure: Measure, _above: tuple[str, ...]) -> Typed:
        leaf = self.leaves.measure(measure)
        return placeholder(leaf), leaf.type

    def _ratio(self, ratio: Ratio, above: tuple[str, ...]) -> Typed:
        parts = [self._operand(part, above)[0] for part in (ratio.numerator, ratio.denominator)]
        tree: exp.Expr = exp.Div(this=exp.paren(parts[0]), expression=exp.paren(parts[1]))
        if ratio.times != 1:
            tree = exp.Mul(this=tree, expression=exp.Literal.number(repr(float(ratio.times))))
        return tree, ColumnType.DOUBLE

    def _derived(self, derived: Derived, above: tuple[str, ...]) -> Typed:
        tree = parse(derived.expression)
        found = type_of(tree, lambda column: self._resolve(column.name, above).type)
        if isinstance(tree, exp.Column):
            return self._resolve(tree.name, above).tree.copy(), found
        for column in columns_of(tree):
            column.replace(exp.paren(self._resolve(column.name, above).tree))
        return tree, found

    def _cumulative(self, formula: Cumulative, above: tuple[str, ...]) -> Typed:
        tree, kind = self._operand(formula.metric, above)
        return self._framed(tree, Frame(window=formula.window)), kind

    def _compared(self, formula: Compared, above: tuple[str, ...]) -> Typed:
        now, kind = self._operand(formula.metric, above)
        before = self._framed(now.copy(), Frame((formula.offset,)))
        if formula.gives is Comparison.VALUE:
            return before, kind
        difference = exp.Sub(this=exp.paren(now), expression=exp.paren(before))
        if formula.gives is Comparison.DIFFERENCE:
            return difference, kind
        return exp.Div(this=exp.paren(difference), expression=exp.paren(before.copy())), ColumnType.DOUBLE

    def _conversion(self, formula: Conversion, _above: tuple[str, ...]) -> Typed:
        converted, every = (placeholder(leaf) for leaf in self._followed(formula))
        if formula.calculation is Calculation.COUNT:
            return converted, ColumnType.INTEGER
        return exp.Div(this=converted, expression=every), ColumnType.DOUBLE

    def _followed(self, formula: Conversion) -> tuple[Leaf, Leaf]:
        return self.leaves.followed(formula.base, formula.conversion, formula.within)

    def _nested(self, formula: Nested, above: tuple[str, ...]) -> Typed:
        if isinstance(formula.metric, str):
            inner = self._resolve(formula.metric, above)
        else:
            inner = self._finished(self._tree(formula.metric, above), (), formula.metric.source)
        leaf = self.leaves.nested(formula, inner)
        return placeholder(leaf), leaf.type

    def _framed(self, tree: exp.Expr, frame: Frame) -> exp.Expr:
        """Lay a frame over every aggregate of a formula."""
        framed = {
            AGGREGATE.format(leaf.number): placeholder(self.leaves.framed(leaf, frame)) for leaf in self._used(tree)
        }
        return tree.transform(lambda node: framed[node.name].copy() if isinstance(node, exp.Column) else node)

    def _operand(self, part: Measure | str, above: tuple[str, ...]) -> Typed:
        if isinstance(part, Measure):
            return self._tree(part, above)
        found = self._resolve(part, above)
        return found.tree.copy(), found.type


def _is_framed(leaf: Leaf) -> bool:
    if isinstance(leaf, NestedAggregate):
        return leaf.metric.is_framed
    return leaf.frame is not None


class _Without:
    """A mapping that does not know some names."""

    def __init__(self, whole: Mapping[str, Resolved], names: frozenset[str]) -> None:
        self._whole = whole
        self._names = names

    def __contains__(self, name: str) -> bool:
        return name not in self._names and name in self._whole

    def __getitem__(self, name: str) -> Resolved:
        return self._whole[name]
