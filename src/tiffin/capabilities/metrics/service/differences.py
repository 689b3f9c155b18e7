"""Why two numbers differ: a governed metric beside a query, an export or another metric, and the difference split.

A query from outside is never run. What it says is rebuilt over our own tables, and over no other rows and columns than
the asker may see; each step on the way from the metric to it is computed, and what a step moves is its part.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import Any

from sqlglot import exp

from tiffin.capabilities.metrics.service.answering import answer
from tiffin.capabilities.metrics.service.grounds import library_under
from tiffin.capabilities.metrics.service.library import Library, known_tables, library_of
from tiffin.capabilities.metrics.service.outside_rights import limited_to_whole_cities, permitted, refuse_guarded
from tiffin.engines.metrics.comparing.calibers import (
    Aspect,
    Caliber,
    CaliberRow,
    caliber_of,
    names_in,
    side_by_side,
    sql_of,
    steps_between,
)
from tiffin.engines.metrics.comparing.canonical import Canonical
from tiffin.engines.metrics.comparing.foreign_queries import Ground, Understood, understand
from tiffin.engines.metrics.comparing.outside_names import Naming
from tiffin.engines.metrics.definitions import Tier
from tiffin.engines.metrics.model import BASE
from tiffin.engines.metrics.parsing import write
from tiffin.engines.metrics.refusals import no_metric
from tiffin.engines.metrics.request import Condition, MetricRequest, Operator
from tiffin.engines.metrics.versions import plain_name
from tiffin.kernel.errors import WrongUse
from tiffin.kernel.facts.registry import TABLES
from tiffin.kernel.messages import Message
from tiffin.kernel.time import Days
from tiffin.runtime import audit
from tiffin.runtime.context import Context
from tiffin.runtime.warehouse.opening import open_warehouse

DIGITS = 9
"""Decimal places to which values are taken before they are compared: their differences are then exact."""

SHARED = ("city_id", "country", "currency")
"""Columns whose equalities in a query from outside say which part of the business is meant; both sides keep them."""


@dataclass(frozen=True, slots=True)
class Question:
    """What is compared with a metric: a query, another metric, or a number alone.

    Parameters
    ----------
    claimed : Decimal or None
        The number that the other side shows.
    as_of : int, datetime or None
        When the other number was taken, or of which versions of the tables, where the facts have moved since.
    days : Days or None
        Business days; None for those that the query asks for, else all.
    """

    metric: str
    sql: str = ""
    dialect: str = "duckdb"
    naming: Naming = field(default_factory=Naming)
    other: str = ""
    claimed: Decimal | None = None
    as_of: int | datetime | None = None
    days: Days | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a difference: what was changed, by how much it moved the number, and to what."""

    aspect: str
    change: str
    amount: Decimal
    reached: Decimal


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two numbers and why they differ: ``mine`` and all amounts and the rest give ``theirs`` exactly.

    Parameters
    ----------
    rest : Decimal
        What stays unexplained: the claimed number less the rebuilt one; nought where none was claimed.
    left_out : tuple of str
        What of the other side was not understood, and may be in the rest.
    certified : str
        The certified metric of the two; empty where none is.
    unit : str
        Unit of the metric.
    currency : str or None
        Currency of money, all of which is in minor units.
    """

    metric: str
    mine: Decimal
    theirs: Decimal
    parts: tuple[Part, ...]
    rest: Decimal
    calibers: tuple[CaliberRow, ...]
    left_out: tuple[str, ...]
    notes: tuple[str, ...]
    naming: Naming
    days: tuple[date | None, date | None]
    certified: str
    unit: str = ""
    currency: str | None = None


def compare(context: Context, question: Question) -> Comparison:
    """Compare a metric with another number and split the difference.

    Raises
    ------
    NotFound
        The metric does not exist.
    WrongUse
        The query cannot be taken apart, or there is nothing to compare with.
    Forbidden
        No grant of the actor opens whole cities, or the columns that the query reads.
    """
    own = limited_to_whole_cities(context)
    library = library_of(own.workspace)
    if question.metric not in library.model.metrics:
        raise no_metric(question.metric, library.model.metrics)
    if question.sql.strip():
        found = _with_query(own, library, question)
    elif question.other:
        found = _with_metric(own, library, question)
    else:
        raise WrongUse(Message("A query or another metric is needed to compare with."))
    audit.record_read(context, action="numbers_compared", subject=question.metric, details={"sql": bool(question.sql)})
    return found


def _with_query(context: Context, library: Library, question: Question) -> Comparison:
    ground = Ground(known_tables(), _closed_sets(), context.now)
    theirs = understand(question.sql, dialect=question.dialect, naming=question.naming, ground=ground)
    refuse_guarded(context, theirs.caliber)
    first, last = (question.days.first, question.days.last) if question.days else theirs.days
    where = tuple(_shared(theirs.caliber))
    return _Split(context, library, question, where, (first, last)).against(theirs.caliber, theirs)


def _with_metric(context: Context, library: Library, question: Question) -> Comparison:
    name, model = question.other, library.model
    if plain_name(name) not in model.metrics:
        raise no_metric(plain_name(name), model.metrics)
    other_library = library_under(library, MetricRequest((name,)), context.now.date())
    days = (question.days.first, question.days.last) if question.days else (None, None)
    split = _Split(context, library, question, (), days)
    theirs = split.caliber(name, other_library)
    return split.against_metric(name, other_library, theirs)


class _Split:
    """Computes both numbers and every one between them over the same rows."""

    def __init__(
        self,
        context: Context,
        library: Library,
        question: Question,
        where: tuple[Condition, ...],
        days: tuple[date | None, date | None],
    ) -> None:
        self._context = context
        self._library = library
        self._question = question
        self._where = where
        self._days = days
        self._parts: list[Part] = []
        self._currency: str | None = None

    def against(self, theirs: Caliber, understood: Understood) -> Comparison:
        mine, start = self.caliber(self._question.metric, self._library), self._start()
        with self._at_their_moment() as there:
            reached = self._data_step(start, there)
            reached = self._walk(mine, theirs, reached, there)
        rest = self._question.claimed - reached if self._question.claimed is not None else Decimal(0)
        return self._comparison(start, reached + rest, rest, mine, theirs, understood)

    def against_metric(self, name: str, library: Library, theirs: Caliber | None) -> Comparison:
        mine, start = self.caliber(self._question.metric, self._library), self._start()
        with self._at_their_moment() as there:
            reached = self._data_step(start, there)
            if mine is not None and theirs is not None:
                reached = self._walk(mine, theirs, reached, there)
            target = self._governed(there, name, library)
        if target != reached:
            self._add(Aspect.AGGREGATION, f"{self._question.metric} → {self._question.other}", reached, target)
        rest = self._question.claimed - target if self._question.claimed is not None else Decimal(0)
        return self._comparison(start, target + rest, rest, mine, theirs, None)

    def caliber(self, name: str, library: Library) -> Caliber | None:
        """Give the caliber of a metric with the asked days and cities in it."""
        model = library.model
        found = caliber_of(model, name, self._context.warehouse.dialect)
        if found is None:
            return None
        prepared = model.sources[model.resolved[name].sources[0]]
        canonical = Canonical(names_in(prepared))
        day = prepared.dimensions[prepared.source.time].tree
        time = {canonical.condition(tree): tree for tree in _day_conditions(day, self._days)}
        filters = dict(found.filters)
        for condition in self._where:
            if condition.dimension in prepared.dimensions:
                column = prepared.dimensions[condition.dimension].tree
                tree = _condition(column, condition)
                filters[canonical.condition(tree)] = write(tree, self._context.warehouse.dialect)
        return replace(found, time=time, filters=filters)

    def _start(self) -> Decimal:
        return self._governed(self._context, self._question.metric, self._library)

    def _governed(self, context: Context, name: str, library: Library) -> Decimal:
        first, last = self._days
        days = Days(first, last) if first is not None and last is not None and first <= last else None
        where = list(self._where)
        if days is None:
            where += [Condition("business_date", Operator.GE, (first,))] if first is not None else []
            where += [Condition("business_date", Operator.LE, (last,))] if last is not None else []
        found = answer(context, MetricRequest((name,), (), tuple(where), days), library=library)
        self._currency = next(iter(found.currencies), None)
        return exact(found.rows[0][0] if found.rows else None)

    @contextmanager
    def _at_their_moment(self) -> Iterator[Context]:
        if self._question.as_of is None:
            yield self._context
            return
        warehouse = open_warehouse(
            self._context.workspace, engine=self._context.warehouse.dialect, as_of=self._question.as_of
        )
        try:
            yield replace(self._context, warehouse=warehouse)
        finally:
            warehouse.close()

    def _data_step(self, start: Decimal, there: Context) -> Decimal:
        if there is self._context:
            return start
        moved = self._governed(there, self._question.metric, self._library)
        self._add(Aspect.DATA, str(self._question.as_of), start, moved)
        return moved

    def _walk(self, mine: Caliber | None, theirs: Caliber, reached: Decimal, there: Context) -> Decimal:
        if mine is None:
            value = self._computed(theirs, there)
            self._add(Aspect.TABLES, f"{self._question.metric} → {theirs.base}", reached, value)
            return value
        rebuilt = self._computed(mine, there)
        if rebuilt != reached:
            # The metric tells of the cities that record its facts; the bare rows do not know which these are.
            self._add(Aspect.TABLES, self._question.metric, reached, rebuilt)
            reached = rebuilt
        for variant in steps_between(mine, theirs):
            value = self._computed(variant.caliber, there)
            self._add(variant.aspect, variant.change, reached, value)
            reached = value
        return reached

    def _computed(self, caliber: Caliber, context: Context) -> Decimal:
        dialect = context.warehouse.dialect
        found = context.warehouse.query_text(sql_of(caliber, dialect, lambda table: permitted(context, table)))
        return exact(found.column(0)[0].as_py() if found.num_rows else None)

    def _add(self, aspect: str, change: str, before: Decimal, after: Decimal) -> None:
        self._parts.append(Part(str(aspect), change, after - before, after))

    def _comparison(
        self,
        mine: Decimal,
        theirs: Decimal,
        rest: Decimal,
        caliber: Caliber | None,
        other: Caliber | None,
        understood: Understood | None,
    ) -> Comparison:
        metric = self._library.model.metrics[self._question.metric]
        compared = self._library.model.metrics.get(self._question.other)
        certified = [one.name for one in (metric, compared) if one is not None and one.tier is Tier.CERTIFIED]
        return Comparison(
            metric=metric.name,
            mine=mine,
            theirs=theirs,
            parts=tuple(self._parts),
            rest=rest,
            calibers=tuple(side_by_side(caliber, other)),
            left_out=understood.left_out if understood else (),
            notes=understood.notes if understood else (),
            naming=understood.naming if understood else Naming(),
            days=self._days,
            certified=certified[0] if certified else "",
            unit=metric.unit,
            currency=self._currency,
        )


def exact(value: Any) -> Decimal:
    """Take a value to so many decimal places that differences of such values are exact; no value is nought."""
    if value is None:
        return Decimal(0)
    return Decimal(value) if isinstance(value, int) else Decimal(repr(round(float(value), DIGITS))) + 0


def _shared(theirs: Caliber) -> Iterator[Condition]:
    for tree in theirs.filters.values():
        if not isinstance(tree, (exp.EQ, exp.In)) or not isinstance(tree.this, exp.Column):
            continue
        values = tree.expressions if isinstance(tree, exp.In) else [tree.expression]
        is_plain = bool(values) and all(isinstance(one, exp.Literal) and one.is_string for one in values)
        if is_plain and tree.this.name in SHARED and tree.this.table == BASE:
            yield Condition(tree.this.name, Operator.IN, tuple(str(one.this) for one in values))


def _condition(column: exp.Expr, condition: Condition) -> exp.Expr:
    values = [exp.Literal.string(str(value)) for value in condition.values]
    if len(values) == 1:
        return exp.EQ(this=column.copy(), expression=values[0])
    return exp.In(this=column.copy(), expressions=values)


def _day_conditions(day: exp.Expr, days: tuple[date | None, date | None]) -> Iterator[exp.Expr]:
    for bound, kind in zip(days, (exp.GTE, exp.LTE), strict=True):
        if bound is not None:
            yield kind(this=day.copy(), expression=exp.cast(exp.Literal.string(bound.isoformat()), "date"))


@cache
def _closed_sets() -> Mapping[str, tuple[str, ...]]:
    return {
        f"{name}.{column.name}": column.values
        for name, table in TABLES.items()
        for column in table.columns
        if column.values
    }


def parts_add_up(found: Comparison) -> bool:
    """Tell whether the parts and the rest give the other number exactly."""
    return found.mine + sum((part.amount for part in found.parts), Decimal(0)) + found.rest == found.theirs
