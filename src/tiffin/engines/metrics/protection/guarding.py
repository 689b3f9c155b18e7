"""Answers without small groups: the sizes that are asked for beside each metric, and what is withheld by them.

Sizes are counts of rows, hidden metrics of the same statement: the rows of each group in every source that a metric
reads, over the days that the metric reads; for sums, means and the like also the rows that have a value to take in, and
for metrics of metrics the number of values below. Nothing of a source is told of a group in which any of the source's
asked sizes is small, so one metric never gives another away.
"""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np

from tiffin.engines.metrics.compiling.compiler import Compiled
from tiffin.engines.metrics.compiling.fragments import Fragments
from tiffin.engines.metrics.compiling.periods import splits_days
from tiffin.engines.metrics.compiling.spans import Frame
from tiffin.engines.metrics.definitions import ColumnType, Metric, Unit
from tiffin.engines.metrics.formulas import Aggregation
from tiffin.engines.metrics.growing import GrowingList, GrowingMap
from tiffin.engines.metrics.model import AGGREGATE, Aggregate, Leaf, Model, NestedAggregate, Resolved
from tiffin.engines.metrics.parsed import column_at_rest
from tiffin.engines.metrics.protection.suppression import moves_by_few, series_of, withheld
from tiffin.engines.metrics.request import MetricRequest, Order

Row = tuple[Any, ...]
Column = np.ndarray[Any, np.dtype[np.int64]]

KEPT = 1024
"""Sets of metrics whose sizes a guard remembers; then it forgets them all."""

_PREFIX = "size of "
_COUNTS = (Aggregation.COUNT, Aggregation.COUNT_DISTINCT)


@dataclass(frozen=True, slots=True)
class Size:
    """A hidden metric that counts rows.

    Parameters
    ----------
    is_own : bool
        Whether it counts the rows of the group's own period.
    of_window : str or None
        The hidden metric of a moving window, where this is the size of the period at its end.
    is_group : bool
        Whether it counts all rows of the group that the metric reads: where all such are nought, the group is there for
        the sizes' sake alone.
    is_told : bool
        Whether the metric itself is this count, so that nothing more need be asked.
    """

    name: str
    source: str
    is_own: bool
    of_window: str | None
    is_group: bool
    is_told: bool = False


@dataclass(frozen=True, slots=True)
class _Plan:
    """What the sizes of some metrics are like, whatever else is asked.

    Parameters
    ----------
    places : mapping of str to int
        Place of each size: that of the metric that it is itself, or one after them.
    adds_groups : bool
        Whether some group may be there for the sake of a size alone.
    """

    asked: tuple[Size, ...]
    places: Mapping[str, int]
    is_framed: bool
    adds_groups: bool


@dataclass(frozen=True, slots=True)
class Guarded:
    """An answer without small groups.

    Parameters
    ----------
    withheld : frozenset of (int, int)
        Row and column of each value that is withheld; the value itself is empty.
    """

    rows: tuple[Row, ...]
    withheld: frozenset[tuple[int, int]]


class Guard:
    """A model with its hidden sizes, which are put in for each metric when it is first asked for.

    Parameters
    ----------
    adding : context manager or None
        Held while sizes are put in, where several threads share the guard.
    """

    def __init__(self, model: Model, adding: AbstractContextManager[object] | None = None) -> None:
        self._plain = model
        self._leaves: GrowingList[Leaf] = GrowingList(model.aggregates)
        self._known: dict[object, int] = {}
        self._names: dict[tuple[int, tuple[str, ...]], str] = {}
        self._resolved: GrowingMap[Resolved] = GrowingMap(model.resolved)
        self._metrics: GrowingMap[Metric] = GrowingMap(model.metrics)
        self._sizes: dict[str, tuple[Size, ...]] = {}
        self._planned: dict[tuple[str, ...], _Plan] = {}
        self._adding = adding or nullcontext()
        self.model = replace(model, aggregates=self._leaves, resolved=self._resolved, metrics=self._metrics)
        self._fragments: dict[str, Fragments] = {}

    def fragments(self, dialect: str) -> Fragments:
        """Give the pieces of SQL of a dialect."""
        if dialect not in self._fragments:
            self._fragments[dialect] = Fragments(self.model, dialect)
        return self._fragments[dialect]

    def with_sizes(self, request: MetricRequest) -> MetricRequest:
        """Ask for the sizes too, and for every group: what is withheld must not be told by order or limit either."""
        metrics = request.metrics
        hidden = tuple(name for name, place in self._plan(metrics).places.items() if place >= len(metrics))
        return replace(request, metrics=(*metrics, *hidden), order_by=(), limit=None)

    def shown(self, request: MetricRequest, compiled: Compiled) -> Compiled:
        """Describe the answer to a request with sizes as it is told: without them."""
        recorded = {name: cities for name, cities in compiled.recorded_in.items() if name in request.metrics}
        width = len(request.by) + len(request.metrics)
        return replace(compiled, columns=compiled.columns[:width], recorded_in=recorded)

    def sizes_in(self, request: MetricRequest) -> Mapping[str, int]:
        """Tell in which columns of the answer to a request with sizes the sizes are."""
        first = len(request.by)
        return {name: first + place for name, place in self._plan(request.metrics).places.items()}

    def guarded(self, request: MetricRequest, rows: Sequence[Row], sizes: Mapping[str, Column], least: int) -> Guarded:
        """Withhold small groups, then sort and cut the answer as it was asked for.

        Parameters
        ----------
        rows : sequence of tuple
            Answer to the request, in the order of the dimensions.
        sizes : mapping of str to array
            The columns that `sizes_in` names, with 0 where there is no size.
        """
        plan = self._plan(request.metrics)
        hidden = self._withheld(request, rows, sizes, least)
        kept = _present(request, plan, len(rows), sizes)
        if not hidden and not request.order_by:
            whole = rows if len(kept) == len(rows) else [rows[index] for index in kept]
            return Guarded(tuple(whole[: request.limit]), frozenset())
        order = _sorted(request, kept, rows, hidden)
        told = tuple(
            tuple(None if (index, column) in hidden else value for column, value in enumerate(rows[index]))
            for index in order
        )
        places = {index: place for place, index in enumerate(order)}
        marked = frozenset((places[index], column) for index, column in hidden if index in places)
        return Guarded(told, marked)

    # What is withheld.

    def _withheld(
        self, request: MetricRequest, rows: Sequence[Row], sizes: Mapping[str, Column], least: int
    ) -> set[tuple[int, int]]:
        plan = self._plan(request.metrics)
        if not plan.is_framed and not any(_holds_small(column, least) for column in sizes.values()):
            return set()
        listed: dict[str, list[int | None]] = {name: column.tolist() for name, column in sizes.items()}
        keys = [row[: len(request.by)] for row in rows]
        found = {name: withheld(keys, column, least) for name, column in listed.items()}
        own: dict[str, set[int]] = {}
        every: dict[str, set[int]] = {}
        for size in plan.asked:
            every.setdefault(size.source, set()).update(found[size.name])
            if size.is_own:
                own.setdefault(size.source, set()).update(found[size.name])
        series = self._series(request, keys) if plan.is_framed else ()
        cells: set[tuple[int, int]] = set()
        for column, name in enumerate(request.metrics, start=len(request.by)):
            sources = self._plain.resolved[name].sources
            if self._plain.resolved[name].is_framed:
                small = set().union(*(every.get(source, set()) for source in sources))
                small |= self._moving(name, series, listed, least)
                places = {index for line in series if small.intersection(line) for index in line}
            else:
                places = set().union(*(own.get(source, set()) for source in sources))
            cells.update((index, column) for index in places)
        return cells

    def _moving(
        self, name: str, series: Sequence[tuple[int, ...]], sizes: Mapping[str, list[int | None]], least: int
    ) -> set[int]:
        """Give the series whose windows differ by few rows."""
        found: set[int] = set()
        for size in self._of(name):
            if size.of_window:
                inside, over = sizes[size.name], sizes[size.of_window]
                for line in series:
                    if moves_by_few([inside[index] for index in line], [over[index] for index in line], least):
                        found.update(line)
        return found

    def _series(self, request: MetricRequest, keys: Sequence[Row]) -> tuple[tuple[int, ...], ...]:
        times = {self._plain.sources[s].source.time for n in request.metrics for s in self._plain.resolved[n].sources}
        for index, name in enumerate(request.by):
            if any(splits_days(name, time, self._plain.dimensions) for time in times):
                return series_of(keys, index)
        return tuple((index,) for index in range(len(keys)))

    # Which sizes.

    def _plan(self, metrics: tuple[str, ...]) -> _Plan:
        known = self._planned.get(metrics)
        if known is None:
            sizes = [(size, name) for name in metrics for size in self._of(name)]
            told = {size.name: metrics.index(name) for size, name in sizes if size.is_told}
            hidden = dict.fromkeys(size.name for size, _ in sizes if size.name not in told)
            places = told | {name: len(metrics) + place for place, name in enumerate(hidden)}
            asked = tuple(size for size, _ in sizes)
            is_framed = any(self._plain.resolved[name].is_framed for name in metrics if name in self._plain.resolved)
            adds_groups = not all(size.is_group or not size.of_window for size in asked)
            if len(self._planned) >= KEPT:
                self._planned.clear()
            known = self._planned[metrics] = _Plan(asked, places, is_framed, adds_groups)
        return known

    def _of(self, name: str) -> tuple[Size, ...]:
        """Give the sizes of a metric; none for one that does not exist."""
        if name not in self._sizes:
            with self._adding:
                resolved = self._plain.resolved.get(name)
                self._sizes[name] = self._sizes_of(name, resolved) if resolved else ()
        return self._sizes[name]

    def _sizes_of(self, name: str, resolved: Resolved) -> tuple[Size, ...]:
        found: dict[str, Size] = {}
        for leaf, measured in self._counted(resolved):
            hidden = self._hidden(name, measured, resolved.sources)
            window = leaf.frame.window if isinstance(leaf, Aggregate) and leaf.frame else None
            source = leaf.source if isinstance(leaf, Aggregate) else resolved.sources[0]
            is_group = isinstance(measured, Aggregate) and not measured.of
            is_own = not isinstance(measured, Aggregate) or measured.frame is None
            is_told = measured == leaf and resolved.parsed == column_at_rest(AGGREGATE.format(leaf.number))
            found.setdefault(hidden, Size(hidden, source, is_own, None, is_group, is_told))
            if window and is_group and isinstance(measured, Aggregate):
                self._add_own(name, resolved, measured, hidden, found)
        return tuple(found.values())

    def _add_own(self, name: str, resolved: Resolved, measured: Aggregate, window: str, found: dict[str, Size]) -> None:
        offsets = measured.frame.offsets if measured.frame else ()
        own = replace(measured, frame=Frame(offsets) if offsets else None)
        hidden = self._hidden(name, own, resolved.sources)
        before = found.get(hidden)
        found[hidden] = Size(hidden, own.source, not offsets, window, before.is_group if before else False)

    def _counted(self, resolved: Resolved) -> Iterable[tuple[Leaf, Leaf]]:
        """Pair each leaf of a metric with the counts that say how many it is taken over."""
        for number in resolved.aggregates:
            leaf = self._plain.aggregates[number]
            if isinstance(leaf, NestedAggregate):
                yield from self._counted(leaf.metric)
                yield leaf, replace(leaf, aggregation=Aggregation.COUNT, having=None, quantile=None, type=_INTEGER)
                continue
            plain = replace(leaf, aggregation=Aggregation.COUNT, quantile=None, type=_INTEGER, followed=None)
            yield leaf, replace(plain, of=(), where=None, snapshot=None)
            if leaf.aggregation not in _COUNTS:
                yield leaf, plain

    def _hidden(self, metric: str, leaf: Leaf, sources: tuple[str, ...]) -> str:
        """Name the hidden metric of a count; it is limited to the cities to which the metric is."""
        number = self._number(leaf)
        key = (number, tuple(sorted(sources)))
        if key not in self._names:
            name = self._names[key] = f"{_PREFIX}{len(self._names)}"
            shown = self._plain.resolved[metric]
            formula = column_at_rest(AGGREGATE.format(number))
            is_framed = isinstance(leaf, Aggregate) and leaf.frame is not None
            counted = replace(shown, parsed=formula, type=_INTEGER, aggregates=(number,), is_money=False)
            self._resolved.put(name, replace(counted, is_framed=is_framed))
            self._metrics.put(name, replace(self._plain.metrics[metric], name=name, unit=Unit.PEOPLE))
        return self._names[key]

    def _number(self, leaf: Leaf) -> int:
        key = _meaning(leaf)
        if key not in self._known:
            self._known[key] = len(self._leaves)
            self._leaves.put(replace(leaf, number=len(self._leaves)))
        return self._known[key]


_INTEGER = ColumnType.INTEGER


def _present(request: MetricRequest, plan: _Plan, count: int, sizes: Mapping[str, Column]) -> Sequence[int]:
    """Leave out groups that are there for the sake of a size alone."""
    if not plan.adds_groups or not request.by or request.fill:
        return range(count)
    counts = [sizes[name] for name in {size.name for size in plan.asked if size.is_group}]
    return [index for index in range(count) if any(column[index] for column in counts)]


def _holds_small(column: Column, least: int) -> bool:
    # Where the least one is costs a third of what the least one does, once for an answer.
    return bool(column.size) and bool(column[column.argmin()] < least) and bool(((column > 0) & (column < least)).any())


def _meaning(leaf: Leaf) -> object:
    if isinstance(leaf, NestedAggregate):
        return (leaf.metric.parsed, leaf.per)
    of = tuple(part.parsed for part in leaf.of)
    return (leaf.source, of, leaf.where and leaf.where.parsed, leaf.frame, leaf.snapshot)


def _sorted(
    request: MetricRequest, kept: Sequence[int], rows: Sequence[Row], hidden: set[tuple[int, int]]
) -> list[int]:
    columns = [*request.by, *request.metrics]

    def value(index: int, order: Order) -> Any:
        column = columns.index(order.column)
        return None if (index, column) in hidden else rows[index][column]

    found = list(kept)
    # Sorting keeps the order of equals, so the last wish is sorted by first; withheld and empty values come last.
    for order in reversed(request.order_by):
        known = [index for index in found if value(index, order) is not None]
        known.sort(key=partial(value, order=order), reverse=order.is_descending)
        found = [*known, *(index for index in found if value(index, order) is None)]
    return found[: request.limit]
