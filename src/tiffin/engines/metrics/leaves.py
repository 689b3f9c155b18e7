"""The distinct aggregates of a model: measures checked, numbered, and shared by the metrics that mean the same."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from hashlib import sha256

from sqlglot import exp

from tiffin.engines.metrics.compiling.spans import Frame
from tiffin.engines.metrics.definitions import ColumnType
from tiffin.engines.metrics.formulas import Aggregation, Event, Measure, Nested, Snapshot
from tiffin.engines.metrics.model import (
    AGGREGATE,
    MONEY_ENDING,
    VALUE,
    Aggregate,
    Expression,
    Followed,
    Leaf,
    NestedAggregate,
    PreparedEvent,
    PreparedSnapshot,
    Resolved,
)
from tiffin.engines.metrics.parsed import Parsed
from tiffin.engines.metrics.parsing import columns_of, parse, type_of
from tiffin.engines.metrics.preparing import Sources
from tiffin.kernel.errors import InvalidDefinition


class Leaves:
    """The aggregates found so far.

    Parameters
    ----------
    known : sequence of Leaf
        Aggregates that stand already; new ones are numbered after them.
    numbers : mapping of str to int
        Their numbers by what they mean, as `numbers` gives it.
    """

    def __init__(self, sources: Sources, known: Sequence[Leaf] = (), numbers: Mapping[str, int] | None = None) -> None:
        self.sources = sources
        self.numbers = dict(numbers or {})
        self._known = known
        self._more: list[Leaf] = []

    @property
    def found(self) -> Sequence[Leaf]:
        """All aggregates by number."""
        return (*self._known, *self._more)

    @property
    def more(self) -> Sequence[Leaf]:
        """Aggregates that are new."""
        return tuple(self._more)

    def __getitem__(self, number: int) -> Leaf:
        whole = len(self._known)
        return self._known[number] if number < whole else self._more[number - whole]

    def measure(self, measure: Measure) -> Leaf:
        """Give the aggregate that a measure means.

        Raises
        ------
        InvalidDefinition
            The measure does not fit its source or its aggregation.
        """
        of = tuple(self.sources.expression(text, measure.source) for text in measure.of)
        self.sources.find(measure.source)
        where = self._condition(measure.where, measure.source)
        _check_measure(measure, of)
        kind = type_of_aggregate(measure.aggregation, of[0].type if of else ColumnType.INTEGER)
        snapshot = self._snapshot(measure.snapshot, measure.source) if measure.snapshot else None
        return self._kept(
            Aggregate(0, measure.source, measure.aggregation, of, where, measure.quantile, kind, None, snapshot)
        )

    def framed(self, leaf: Leaf, frame: Frame) -> Leaf:
        """Give the same aggregate over the days of a frame, laid over the frame that it has already.

        Raises
        ------
        InvalidDefinition
            It is a window over a window, or the aggregate cannot be moved in time.
        """
        if isinstance(leaf, NestedAggregate) or leaf.followed:
            raise InvalidDefinition("a nested metric or a conversion can be neither windowed nor moved in time.")
        inner = leaf.frame or Frame()
        if inner.window and frame.window:
            raise InvalidDefinition("a window over a window has no plain meaning; use one window.")
        whole = Frame((*frame.offsets, *inner.offsets), frame.window or inner.window)
        return self._kept(replace(leaf, frame=whole))

    def followed(self, base: Event, by: Event, within: int) -> tuple[Leaf, Leaf]:
        """Give the count of conversions, and of the rows that could have been followed by one."""
        base_event, by_event = self._event(base), self._event(by)
        kinds = [[part.type for part in event.entity] for event in (base_event, by_event)]
        if kinds[0] != kinds[1] or not kinds[0]:
            raise InvalidDefinition(f"the entity of both events must be of the same types; found {kinds}.")
        every = Aggregate(0, base.source, Aggregation.COUNT, (), base_event.where, None, ColumnType.INTEGER)
        pairs = replace(every, followed=Followed(base_event, by_event, within))
        return self._kept(pairs), self._kept(every)

    def nested(self, nested: Nested, metric: Resolved) -> Leaf:
        """Give the aggregate over a metric's values."""
        if missing := set(nested.per) - metric.dimensions:
            raise InvalidDefinition(f"the inner metric cannot be split by {', '.join(sorted(missing))}.")
        numbers = (ColumnType.INTEGER, ColumnType.DOUBLE)
        if not nested.per or metric.type not in numbers or nested.aggregation is Aggregation.COUNT_DISTINCT:
            raise InvalidDefinition("a nested metric names `per`, and aggregates numbers (not by count_distinct).")
        _check_quantile(nested.aggregation, nested.quantile)
        having = parse(nested.having) if nested.having else None
        if having is not None:
            names = {column.name for column in columns_of(having)}
            if names != {VALUE} or type_of(having, lambda _: metric.type) is not ColumnType.BOOLEAN:
                raise InvalidDefinition(
                    f"`having` is a condition over `value`, such as value >= 10; found {nested.having!r}."
                )
        kind = type_of_aggregate(nested.aggregation, metric.type)
        kept = None if having is None else Parsed(having)
        leaf = NestedAggregate(0, metric, nested.per, nested.aggregation, kept, nested.quantile, kind)
        return self._kept(leaf)

    def reads_money(self, leaf: Leaf) -> bool:
        """Tell whether an aggregate adds up or ranks money."""
        if isinstance(leaf, NestedAggregate):
            return leaf.metric.is_money and leaf.aggregation is not Aggregation.COUNT
        if leaf.aggregation in (Aggregation.COUNT, Aggregation.COUNT_DISTINCT):
            return False
        return any(column.name.endswith(MONEY_ENDING) for part in leaf.of for column in columns_of(part.tree))

    def _kept(self, leaf: Leaf) -> Leaf:
        key = sha256(repr(_meaning(leaf)).encode()).hexdigest()[:24]
        if key not in self.numbers:
            self.numbers[key] = len(self._known) + len(self._more)
            self._more.append(replace(leaf, number=self.numbers[key]))
        return self[self.numbers[key]]

    def _condition(self, text: str | None, source: str) -> Expression | None:
        if text is None:
            return None
        found = self.sources.expression(text, source)
        if found.type is not ColumnType.BOOLEAN:
            raise InvalidDefinition(f"{text!r} is {found.type}; a condition was expected.")
        return found

    def _snapshot(self, snapshot: Snapshot, source: str) -> PreparedSnapshot:
        prepared = self.sources.find(source)
        if strange := set(snapshot.per) - set(prepared.dimensions):
            raise InvalidDefinition(f"{source} has no dimension {', '.join(sorted(strange))}, named in `per`.")
        at = self.sources.expression(snapshot.at, source) if snapshot.at else prepared.dimensions[prepared.source.time]
        if at.type not in (ColumnType.DATE, ColumnType.INSTANT):
            raise InvalidDefinition(f"a snapshot's `at` is a date or an instant; {snapshot.at!r} is {at.type}.")
        return PreparedSnapshot(snapshot.take, at, snapshot.per)

    def _event(self, event: Event) -> PreparedEvent:
        at = self.sources.expression(event.at, event.source)
        if at.type is not ColumnType.INSTANT:
            raise InvalidDefinition(f"an event's `at` is an instant; {event.at!r} is {at.type}.")
        entity = tuple(self.sources.expression(text, event.source) for text in event.entity)
        where = self._condition(event.where, event.source)
        return PreparedEvent(event.source, at, entity, self.sources.key_of(event.source), where)


def type_of_aggregate(aggregation: Aggregation, of: ColumnType) -> ColumnType:
    """Tell what an aggregate of values of a type gives."""
    if aggregation in (Aggregation.COUNT, Aggregation.COUNT_DISTINCT):
        return ColumnType.INTEGER
    return ColumnType.DOUBLE if aggregation in (Aggregation.MEAN, Aggregation.PERCENTILE) else of


def placeholder(leaf: Leaf) -> exp.Expr:
    """Write an aggregate in a formula, until the compiler names it."""
    return exp.column(AGGREGATE.format(leaf.number))


def _meaning(leaf: Leaf) -> object:
    """Give what makes two aggregates the same, as something hashable."""
    if isinstance(leaf, NestedAggregate):
        having = leaf.having.tree.sql() if leaf.having is not None else None
        return ("nested", leaf.metric.tree.sql(), leaf.per, leaf.aggregation, having, leaf.quantile)
    where = _text(leaf.where)
    snapshot = (leaf.snapshot.take, _text(leaf.snapshot.at), leaf.snapshot.per) if leaf.snapshot else None
    events = (leaf.followed.base, leaf.followed.by) if leaf.followed else ()
    followed = (*map(_event_text, events), leaf.followed and leaf.followed.within)
    of = tuple(_text(part) for part in leaf.of)
    return (leaf.source, leaf.aggregation, of, where, leaf.quantile, leaf.frame, snapshot, followed)


def _event_text(event: PreparedEvent) -> object:
    return (event.source, _text(event.at), tuple(_text(part) for part in event.entity), _text(event.where))


def _text(expression: Expression | None) -> str | None:
    return None if expression is None else f"{expression.tree.sql()} {expression.grain or ''}"


def _check_measure(measure: Measure, of: tuple[Expression, ...]) -> None:
    few = {Aggregation.COUNT: (0, 1), Aggregation.COUNT_DISTINCT: (1, 9)}.get(measure.aggregation, (1, 1))
    if not few[0] <= len(of) <= few[1]:
        raise InvalidDefinition(
            f"a {measure.aggregation} takes {few[0]} to {few[1]} expressions in `of`, found {len(of)}."
        )
    adds = measure.aggregation in (Aggregation.SUM, Aggregation.MEAN, Aggregation.PERCENTILE)
    if adds and of[0].type not in (ColumnType.INTEGER, ColumnType.DOUBLE):
        raise InvalidDefinition(f"a {measure.aggregation} needs numbers, and {measure.of[0]!r} is {of[0].type}.")
    _check_quantile(measure.aggregation, measure.quantile)


def _check_quantile(aggregation: Aggregation, quantile: float | None) -> None:
    if (aggregation is Aggregation.PERCENTILE) != (quantile is not None):
        raise InvalidDefinition("a percentile states its `quantile` (0 to 1), and nothing else does.")
    if quantile is not None and not 0 <= quantile <= 1:
        raise InvalidDefinition(f"a quantile lies between 0 and 1, found {quantile}.")
