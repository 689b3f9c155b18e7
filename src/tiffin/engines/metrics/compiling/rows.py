"""The rows of one source for one request: its columns, its conditions, what the asker may see, and which days count."""

# ruff: noqa: S608 - laying SQL together is what a compiler does; every piece is SQLGlot's or a name that was checked

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from tiffin.engines.metrics.compiling.calendar_sql import date_sql, stretches_by_day, stretches_sql
from tiffin.engines.metrics.compiling.fragments import Fragments
from tiffin.engines.metrics.compiling.periods import AskedDays, splits_days, unit_of
from tiffin.engines.metrics.compiling.spans import Frame, Stretch, TimeUnit, stretches
from tiffin.engines.metrics.definitions import ColumnType
from tiffin.engines.metrics.footprint import Footprint
from tiffin.engines.metrics.model import Expression, PreparedSource
from tiffin.engines.metrics.protection.permissions import scope_dimensions, scope_sql
from tiffin.engines.metrics.request import Condition, MetricRequest, Operator, RowScope
from tiffin.engines.metrics.rollups import Offer, Standing
from tiffin.kernel.errors import WrongUse
from tiffin.kernel.time import Days

CITY = "city_id"
COUNTRY = "country"

Cities = tuple[str, ...] | None
"""Cities to which an aggregate is limited beyond the request's filters; None for no limit."""


@dataclass(frozen=True, slots=True)
class Question:
    """What all scans of one statement share.

    Parameters
    ----------
    keys : sequence of str
        Column of each dimension by which is split.
    asked : AskedDays or None
        Days of the periods, which only frames need; None where they are not known.
    tables : dict of str to None
        Every table that is read, or that a roll-up stands for; filled while scans are written.
    offer : Offer or None
        Roll-ups that may be read in place of facts.
    rollups : dict of str to None
        Every roll-up that is read, by the name under which it is.
    """

    request: MetricRequest
    fragments: Fragments
    scope: RowScope
    keys: Sequence[str]
    asked: AskedDays | None
    tables: dict[str, None]
    offer: Offer | None = None
    rollups: dict[str, None] = field(default_factory=dict)
    footprint: Footprint | None = None


@dataclass(frozen=True, slots=True)
class Mapping:
    """Which days' rows count for which period.

    Parameters
    ----------
    sql : str
        A relation: the period ``p``, and ``lo`` to ``hi``, the days that count for it.
    on : str
        How a row's day ``d`` meets it.
    limit : str
        Condition that holds for all days that count for any period.
    """

    sql: str
    on: str
    limit: str


class Rows:
    """The rows of one source, or of a roll-up in their place."""

    def __init__(self, question: Question, source: str, rollup: Standing | None = None) -> None:
        self.rollup = rollup
        self.question = question
        self.source = source
        self.fragments = question.fragments
        self.prepared: PreparedSource = question.fragments.model.sources[source]

    # Days.

    @property
    def unit(self) -> TimeUnit | None:
        """Period by which the request is split, where it is by one."""
        return unit_of(self.question.request, self.prepared.source.time, self.fragments.model.dimensions)

    @property
    def day(self) -> str:
        """The business date of a row."""
        return self.fragments.dimension(self.source, self.prepared.source.time)

    def is_period(self, name: str) -> bool:
        """Tell whether a dimension is the business date or computed from it."""
        return splits_days(name, self.prepared.source.time, self.fragments.model.dimensions)

    def stretches(self, frame: Frame) -> list[Stretch]:
        """List the days whose rows count for each period.

        Raises
        ------
        WrongUse
            It is not known which days are asked.
        """
        asked = self.question.asked
        if asked is None:
            raise WrongUse("A metric over other days than its own must know which are asked: give the first and last.")
        return stretches(asked.days, frame, self.unit, asked.keep) if asked.days else []

    def mapping(self, frame: Frame) -> Mapping:
        """Write which days count for which period."""
        asked, unit = self.question.asked, self.unit
        if asked and asked.days and asked.keep is None and unit is TimeUnit.DAY:
            ends = [Days(day, day) for day in (asked.days.first, asked.days.last)]
            hull = _hull([item for end in ends for item in stretches(end, frame, unit, None)])
            on = "d BETWEEN lo AND hi" if frame.window else "d = lo"
            return Mapping(stretches_by_day(asked.days, frame, self.fragments.dialect), on, self.within([hull]))
        found = self.stretches(frame) or [Stretch(date.max, date.max, date.min)]
        return Mapping(stretches_sql(found), "d BETWEEN lo AND hi", self.within([_hull(found)]))

    def within(self, found: Sequence[Stretch]) -> str:
        """Write the limit to some days."""
        day, parts = self.day, []
        for item in found:
            last = date_sql(item.last)
            if item.first is None:
                parts.append(f"{day} <= {last}")
            elif item.first == item.last:
                parts.append(f"{day} = {last}")
            else:
                parts.append(f"{day} BETWEEN {date_sql(item.first)} AND {last}")
        return f"({' OR '.join(parts)})" if len(parts) > 1 else "".join(parts) or "FALSE"

    def own_days(self) -> list[str]:
        """Write the conditions that choose days, for rows that count for their own."""
        request = self.question.request
        found = [self._condition(item) for item in request.where if self.is_period(item.dimension)]
        return [
            *found,
            *([self.within([Stretch(None, request.days.first, request.days.last)])] if request.days else []),
        ]

    # Which rows.

    def chosen(self) -> list[str]:
        """Write the conditions that choose rows of whatever day."""
        return [self._condition(item) for item in self.question.request.where if not self.is_period(item.dimension)]

    def permitted(self) -> list[str]:
        """Write the limit of what the asker may see.

        Raises
        ------
        Forbidden
            The source cannot be limited to it.
        """
        limit = scope_sql(
            self.question.scope,
            self.source,
            self.fragments,
            footprint=self.question.footprint,
            rollup=self.rollup,
        )
        return [limit] if limit else []

    def _condition(self, condition: Condition) -> str:
        left = self.fragments.dimension(self.source, condition.dimension)
        kind = self.fragments.model.dimensions[condition.dimension].type
        values = [self.fragments.literal(value, kind) for value in condition.values]
        if condition.operator in (Operator.IN, Operator.NOT_IN):
            return f"{left} {condition.operator.upper()} ({', '.join(values)})"
        if condition.operator is Operator.BETWEEN:
            return f"{left} BETWEEN {values[0]} AND {values[1]}"
        return f"{left} {condition.operator.upper()} {values[0] if values else ''}".rstrip()

    def filter(self, number: int, cities: Cities) -> str | None:
        """Write which rows an aggregate counts, limited to the cities in which it can be told."""
        own, limit = self.fragments.filter(number), self.limit(cities)
        return f"({own}) AND {limit}" if own and limit else own or limit

    def limit(self, cities: Cities) -> str | None:
        """Write the limit to some cities."""
        return self.among(self.fragments.dimension(self.source, CITY), cities) if cities else None

    def over_rollup(self, aggregates: Iterable[int], *, is_by_city: bool) -> "Rows":
        """Give the rows of a roll-up that tells the same of some aggregates; these where there is none."""
        offer = self.question.offer
        if offer is None:
            return self
        found = offer.choose(self.source, self._named(is_split=True, is_by_city=is_by_city), aggregates)
        return Rows(self.question, self.source, found) if found else self

    def among(self, sql: str, values: tuple[str, ...]) -> str:
        """Write that something is one of some texts."""
        return among_sql(self.fragments, sql, values)

    # Columns.

    def dimensions(self, *, with_periods: bool = True) -> list[str]:
        """Write the dimensions by which is split, each as its key."""
        pairs = zip(self.question.keys, self.question.request.by, strict=True)
        return [
            f"{self.fragments.dimension(self.source, name)} AS {key}"
            for key, name in pairs
            if with_periods or not self.is_period(name)
        ]

    def mapped_keys(self) -> list[str]:
        """Write the keys of rows that have met a mapping."""
        pairs = zip(self.question.keys, self.question.request.by, strict=True)
        return [f"p AS {key}" if self.is_period(name) else key for key, name in pairs]

    def period_keys(self) -> list[str]:
        """Name the keys that are periods."""
        pairs = zip(self.question.keys, self.question.request.by, strict=True)
        return [key for key, name in pairs if self.is_period(name)]

    def grouping(self) -> str:
        """Write the grouping by the keys, which stand first."""
        return by_place(len(self.question.keys))

    def select(
        self,
        selected: Sequence[str],
        where: Sequence[str],
        used: Iterable[Expression] = (),
        *,
        is_split: bool = True,
        is_by_city: bool = False,
    ) -> str:
        """Write the reading of rows with the joins that it needs.

        Parameters
        ----------
        used : iterable of Expression
            What is read beside dimensions and conditions of the request.
        is_split : bool
            Whether the request's dimensions and conditions are read.
        is_by_city : bool
            Whether the city is read whatever the request.
        """
        joins: dict[str, None] = {}
        for expression in (*self._named(is_split=is_split, is_by_city=is_by_city), *used):
            joins.update(dict.fromkeys(expression.joins))
        self.question.tables[self.prepared.source.table] = None
        self.question.tables.update(dict.fromkeys(self.prepared.joins[name].join.table for name in joins))
        table = self.rollup.table if self.rollup else None
        if table:
            self.question.rollups[table] = None
        sql = f"SELECT {', '.join(selected)} FROM {self.fragments.relation(self.source, tuple(joins), table=table)}"
        return f"{sql} WHERE {' AND '.join(where)}" if where else sql

    def _named(self, *, is_split: bool, is_by_city: bool) -> Iterable[Expression]:
        scope, request = self.question.scope, self.question.request
        names = [*scope_dimensions(scope), *([CITY] if is_by_city else [])]
        if is_split:
            names += [*request.by, *(item.dimension for item in request.where), self.prepared.source.time]
        return (self.prepared.dimensions[name] for name in names if name in self.prepared.dimensions)


def among_sql(fragments: Fragments, sql: str, values: tuple[str, ...]) -> str:
    """Write that something is one of some texts."""
    return f"{sql} IN ({', '.join(fragments.literal(value, ColumnType.TEXT) for value in values)})"


def by_place(columns: int) -> str:
    """Write the grouping by the first columns."""
    return f" GROUP BY {', '.join(str(index + 1) for index in range(columns))}" if columns else ""


def _hull(found: Sequence[Stretch]) -> Stretch:
    firsts = [item.first for item in found if item.first]
    return Stretch(None, min(firsts) if len(firsts) == len(found) else None, max(item.last for item in found))
