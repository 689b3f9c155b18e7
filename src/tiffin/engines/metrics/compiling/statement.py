"""One statement for some formulas: the scans that they need, brought together group by group.

Each source is read apart: filtered, joined to-one, grouped by the requested dimensions. Where several scans are needed,
their groups are stacked and merged by their dimensions (a full outer join in which empty dimension values meet too), so
that rows of one never multiply those of another. Formulas are computed on top.
"""

# ruff: noqa: S608 - laying SQL together is what a compiler does; every piece is SQLGlot's or a name that was checked

from collections.abc import Mapping, Sequence
from dataclasses import replace

from tiffin.engines.metrics.compiling.calendar_sql import days_sql, periods_sql
from tiffin.engines.metrics.compiling.fragments import Fragments
from tiffin.engines.metrics.compiling.periods import AskedDays, asked_days, splits_days, unit_of
from tiffin.engines.metrics.compiling.rows import CITY, COUNTRY, Cities, Question, among_sql, by_place
from tiffin.engines.metrics.compiling.scanning import Part, Scanner, Wanted
from tiffin.engines.metrics.compiling.spans import Frame, TimeUnit, stretches
from tiffin.engines.metrics.compiling.states import nought_sql, whole_sql
from tiffin.engines.metrics.footprint import Footprint
from tiffin.engines.metrics.formulas import Aggregation
from tiffin.engines.metrics.model import VALUE, Leaf, NestedAggregate, Resolved
from tiffin.engines.metrics.request import MetricRequest, RowScope
from tiffin.engines.metrics.rollups import Offer
from tiffin.kernel.errors import WrongUse

CURRENCY = "currency"


class Statement:
    """The relation of some formulas for a request.

    Parameters
    ----------
    values : mapping of str to Resolved
        Formula of each column, by a name that stands for the formula in the fragments.
    asked : AskedDays or None
        Days of the periods, where they are known already.
    offer : Offer or None
        Roll-ups that may be read in place of facts.

    Attributes
    ----------
    told_in : tuple of str or None
        Cities to which the values are limited, because the metric that they belong to is recorded there only.
    """

    def __init__(
        self,
        request: MetricRequest,
        values: Mapping[str, Resolved],
        fragments: Fragments,
        scope: RowScope,
        footprint: Footprint | None,
        asked: AskedDays | None = None,
        *,
        offer: Offer | None = None,
    ) -> None:
        self.told_in: Cities = None
        self._request = request
        self._values = values
        self._fragments = fragments
        self._model = fragments.model
        self._scope = scope
        self._footprint = footprint
        self._cities: frozenset[str] | None = None
        self._columns: dict[Wanted, str] = {}
        self._asked = asked
        self.keys = [f"k{index}" for index in range(len(request.by))]
        self.recorded_in: dict[str, tuple[str, ...]] = {}
        self.tables: dict[str, None] = {}
        self.rollups: dict[str, None] = {}
        self._offer = offer

    @property
    def cities(self) -> frozenset[str]:
        """Cities that the request can touch; only with a footprint."""
        if self._cities is None and self._footprint:
            self._cities = self._footprint.cities_in(self._request.where, self._scope)
        return self._cities or frozenset()

    def sql(self, names: Mapping[str, str]) -> str:
        """Write the statement.

        Parameters
        ----------
        names : mapping of str to str
            Quoted name of each column of the result: of the dimensions, then of the values.
        """
        values = [f"{self._value(name, found)} AS {names[name]}" for name, found in self._values.items()]
        parts = self._parts()
        is_one = len(parts) == 1 and not self._request.fill
        relation = parts[0].sql if is_one else self._merged(parts)
        keys = [f"{key} AS {names[name]}" for key, name in zip(self.keys, self._request.by, strict=True)]
        return f"SELECT {', '.join([*keys, *values])} FROM ({relation}) AS grouped"

    def _value(self, name: str, resolved: Resolved) -> str:
        cities = self._among(name, resolved)
        template = self._fragments.template(name, resolved)
        value = "".join(part if isinstance(part, str) else self._column(part, cities) for part in template)
        unknown = self._elsewhere(name)
        return f"CASE WHEN {unknown} THEN NULL ELSE {value} END" if unknown else value

    def _elsewhere(self, name: str) -> str | None:
        """Write that a group can only hold cities in which a metric is not recorded: its value is unknown there."""
        recorded = self.recorded_in.get(name)
        if not recorded or self._footprint is None:
            return None
        pairs = dict(zip(self._request.by, self.keys, strict=True))
        named = [CITY] if CITY in pairs else [place for place in (COUNTRY, CURRENCY) if place in pairs]
        splits = [(place,) for place in named] if len(named) < 2 else [(named[0],), (named[1],), tuple(named)]  # noqa: PLR2004 - each and both
        parts = []
        for split in splits:
            without = self._footprint.places(self.cities, split) - self._footprint.places(recorded, split)
            known = sorted(place for place in without if None not in place)
            if known:
                parts.append(_one_of(self._fragments, [pairs[place] for place in split], known))
        return " OR ".join(parts) or None

    def _column(self, number: int, cities: Cities) -> str:
        return self._columns.setdefault((number, cities), f"a{len(self._columns)}")

    def _among(self, name: str, resolved: Resolved) -> Cities:
        """Limit a metric to the cities in which all its sources are recorded, where that are not all."""
        footprint = self._footprint
        if self.told_in is not None:
            return self.told_in
        if footprint is None or all(footprint.is_everywhere(source) for source in resolved.sources):
            return None
        touched = self.cities or frozenset(footprint.cities)
        recorded = frozenset.intersection(
            touched, *(footprint.held[source] for source in resolved.sources if source in footprint.held)
        )
        if recorded and (recorded == touched or not self.cities):
            return None
        self.recorded_in[name] = tuple(sorted(recorded))
        return self.recorded_in[name] if len(resolved.sources) > 1 or not recorded else None

    # Scans.

    def _parts(self) -> list[Part]:
        nested = [item for item in self._columns if isinstance(self._leaf(item), NestedAggregate)]
        plain = [item for item in self._columns if item not in nested] if nested else list(self._columns)
        parts = Scanner(self._question(), self._columns).parts(plain)
        return [*parts, *(Part(self._nested(item), (item,)) for item in nested)]

    def _question(self) -> Question:
        is_framed = self._request.fill or any(found.is_framed for found in self._values.values())
        if is_framed and self._asked is None:
            self._asked = self._asked_days()
        return Question(
            self._request,
            self._fragments,
            self._scope,
            self.keys,
            self._asked,
            self.tables,
            self._offer,
            self.rollups,
            self._footprint,
        )

    def _asked_days(self) -> AskedDays | None:
        sources = dict.fromkeys(source for found in self._values.values() for source in found.sources)
        days = self._request.days
        if days is None:
            if self._footprint is None:
                return None
            days = self._footprint.days(sources, self.cities)
        time, dimensions = self._time(), self._model.dimensions
        where = tuple(item for item in self._request.where if splits_days(item.dimension, time, dimensions))
        return asked_days(days, where, time, dimensions)

    def _time(self) -> str:
        first = next(iter(self._values.values())).sources[0]
        return self._model.sources[first].source.time

    def _nested(self, wanted: Wanted) -> str:
        leaf = self._leaf(wanted)
        if not isinstance(leaf, NestedAggregate):
            raise TypeError(leaf)
        name = f"nested {leaf.number}"
        extra = tuple(per for per in leaf.per if per not in self._request.by)
        request = replace(self._request, by=(*self._request.by, *extra), fill=False)
        inner = Statement(
            request,
            {name: leaf.metric},
            self._fragments,
            self._scope,
            self._footprint,
            self._asked,
            offer=self._offer,
        )
        inner.told_in = wanted[1]
        names = dict(zip(request.by, inner.keys, strict=True)) | {name: VALUE}
        rows = inner.sql(names)
        self.tables.update(inner.tables)
        self.rollups.update(inner.rollups)
        known = [VALUE, *(names[per] for per in leaf.per)]
        where = " AND ".join(f"{column} IS NOT NULL" for column in known)
        if leaf.having is not None:
            where += f" AND ({self._fragments.condition(leaf.having)})"
        value = whole_sql(
            leaf.aggregation,
            of=() if leaf.aggregation is Aggregation.COUNT else (VALUE,),
            where=where,
            quantile=leaf.quantile,
            result=leaf.type,
            dialect=self._fragments.dialect,
            is_grouped=bool(self.keys),
            is_approximate=self._request.is_approximate,
        )
        value = self._fragments.unknown(leaf) if wanted[1] == () else value
        selected = ", ".join([*self.keys, f"{value} AS {self._columns[wanted]}"])
        return f"SELECT {selected} FROM ({rows}) AS values_{by_place(len(self.keys))}"

    def _leaf(self, wanted: Wanted) -> Leaf:
        return self._model.aggregates[wanted[0]]

    # Bringing the parts together.

    def _merged(self, parts: Sequence[Part]) -> str:
        homes = {item: index for index, part in enumerate(parts) for item in part.wanted}
        stacked = []
        for index, part in enumerate(parts):
            columns = [self._stacked(item, is_own=homes[item] == index) for item in self._columns]
            seen = [f"{1 if other == index else 'CAST(NULL AS INT)'} AS r{other}" for other in range(len(parts))]
            stacked.append(f"SELECT {', '.join([*self.keys, *columns, *seen])} FROM ({part.sql}) AS part{index}")
        relation = " UNION ALL ".join(stacked)
        if self._request.fill:
            relation = self._with_empty_periods(relation, len(parts))
        merged = [f"{self._filled(item, f'r{homes[item]}')} AS {name}" for item, name in self._columns.items()]
        selected = ", ".join([*self.keys, *merged])
        return f"SELECT {selected} FROM ({relation}) AS stacked{by_place(len(self.keys))}"

    def _stacked(self, wanted: Wanted, *, is_own: bool) -> str:
        name = self._columns[wanted]
        return name if is_own else f"{self._fragments.empty(self._leaf(wanted))} AS {name}"

    def _filled(self, wanted: Wanted, seen: str) -> str:
        """Write the merged value: where a recorded source has no row for a group, a count or sum is nought."""
        leaf = self._leaf(wanted)
        value = f"MAX({self._columns[wanted]})"
        if not leaf.is_zero_when_empty or wanted[1] == ():
            return value
        filled = f"COALESCE({value}, 0)"
        if leaf.aggregation is Aggregation.SUM:
            filled = f"CASE WHEN MAX({seen}) IS NULL THEN {nought_sql(leaf.type)} ELSE {value} END"
        return filled

    def _with_empty_periods(self, relation: str, parts: int) -> str:
        time, dimensions = self._time(), self._model.dimensions
        unit = unit_of(self._request, time, dimensions)
        periods = [name for name in self._request.by if splits_days(name, time, dimensions)]
        if len(periods) != 1 or unit is None or self._asked is None:
            raise WrongUse("Empty periods can be shown where a request is split by one period and its days are known.")
        pairs = dict(zip(self._request.by, self.keys, strict=True))
        period = pairs.pop(periods[0])
        keys = [f"p AS {key}" if key == period else key for key in self.keys]
        empty = [f"{self._fragments.empty(self._leaf(item))} AS {name}" for item, name in self._columns.items()]
        empty += [f"CAST(NULL AS INT) AS r{index}" for index in range(parts)]
        spine = f"({self._spine(unit)}) AS spine"
        groups = (
            f"(SELECT DISTINCT {', '.join(pairs.values())} FROM parts) AS combinations CROSS JOIN " if pairs else ""
        )
        within = f"WITH parts AS ({relation}) SELECT * FROM parts UNION ALL "
        return f"{within}SELECT {', '.join([*keys, *empty])} FROM {groups}{spine}"

    def _spine(self, unit: TimeUnit) -> str:
        asked = self._asked
        if asked is None or asked.days is None:
            return "SELECT CAST(NULL AS DATE) AS p WHERE FALSE"
        if unit is TimeUnit.DAY and asked.keep is None:
            return days_sql(asked.days, self._fragments.dialect)
        found = dict.fromkeys(item.period for item in stretches(asked.days, Frame(), unit, asked.keep) if item.period)
        return periods_sql(list(found)) if found else "SELECT CAST(NULL AS DATE) AS p WHERE FALSE"


def _one_of(fragments: Fragments, keys: Sequence[str], places: Sequence[tuple[str | None, ...]]) -> str:
    if len(keys) == 1:
        return among_sql(fragments, keys[0], tuple(str(place[0]) for place in places))
    pairs = [
        [among_sql(fragments, key, (str(name),)) for key, name in zip(keys, place, strict=True)] for place in places
    ]
    return f"({' OR '.join(' AND '.join(pair) for pair in pairs)})"
