"""From a request to one SQL statement.

Each source is read once: filtered, joined to-one, grouped by the requested dimensions, all its aggregates in one pass.
Where a request needs several sources, their groups are stacked and merged by their dimensions (a full outer join in
which empty dimension values meet too), so that rows of one source never multiply those of another. Formulas are
computed on top.
"""

# ruff: noqa: S608 - laying SQL together is what a compiler does; every piece is SQLGlot's or a name that was checked

from dataclasses import dataclass, field

from tiffin.engines.metrics.definitions import ColumnType, Unit
from tiffin.engines.metrics.footprint import Footprint
from tiffin.engines.metrics.fragments import Fragments
from tiffin.engines.metrics.model import Aggregate, Model, Resolved
from tiffin.engines.metrics.request import EVERYTHING, Condition, MetricRequest, Operator, RowScope
from tiffin.engines.metrics.vocabulary import near
from tiffin.kernel.errors import Forbidden, NotFound, WrongUse

CITY = "city_id"
COUNTRY = "country"
CURRENCY = "currency"

Among = tuple[str, ...] | None
"""Cities to which an aggregate is limited beyond the request's filters; None for no limit."""


@dataclass(frozen=True, slots=True)
class ResultColumn:
    """A column of the answer; dimensions have no unit."""

    name: str
    type: ColumnType
    unit: Unit | None = None


@dataclass(frozen=True, slots=True)
class Compiled:
    """A statement that is ready to run, and what its answer will look like.

    Parameters
    ----------
    recorded_in : mapping of str to tuple of str
        Metrics that can be told of some of the asked cities only, with those cities: the others lack facts for it.
    """

    sql: str
    dialect: str
    columns: tuple[ResultColumn, ...]
    tables: tuple[str, ...]
    recorded_in: dict[str, tuple[str, ...]] = field(default_factory=dict)


def compile_request(
    request: MetricRequest, fragments: Fragments, *, scope: RowScope = EVERYTHING, footprint: Footprint | None = None
) -> Compiled:
    """Compile a request into SQL of the fragments' dialect.

    Parameters
    ----------
    scope : RowScope
        Rows that the asker may see; holds in every scan.
    footprint : Footprint or None
        Where facts exist; None takes every source as recorded everywhere.

    Raises
    ------
    NotFound
        A metric or dimension does not exist.
    WrongUse
        A metric cannot be split or filtered so; amounts of several currencies would be added up.
    Forbidden
        The asker may see nothing, or a source cannot be limited to what he may see.
    """
    return _Statement(request, fragments, scope, footprint).compiled()


class _Statement:
    def __init__(
        self, request: MetricRequest, fragments: Fragments, scope: RowScope, footprint: Footprint | None
    ) -> None:
        self._request = request
        self._fragments = fragments
        self._model = fragments.model
        self._scope = scope
        self._footprint = footprint
        self._resolved = _checked(request, self._model)
        self._cities: frozenset[str] | None = None
        self._recorded: dict[str, tuple[str, ...]] = {}
        self._columns: dict[tuple[int, Among], str] = {}
        self._keys = [f"k{index}" for index in range(len(request.by))]

    def compiled(self) -> Compiled:
        self._refuse_mixed_money()
        values = [self._value(metric, resolved) for metric, resolved in self._resolved.items()]
        scans: dict[str, list[tuple[int, Among]]] = {}
        for wanted in self._columns:
            scans.setdefault(self._model.aggregates[wanted[0]].source, []).append(wanted)
        tables: dict[str, None] = {}
        groups = [self._scan(source, wanted, tables) for source, wanted in scans.items()]
        relation = groups[0] if len(groups) == 1 else self._merged(scans, groups)
        dimensions = [
            f"{key} AS {self._fragments.name(name)}" for key, name in zip(self._keys, self._request.by, strict=True)
        ]
        sql = f"SELECT {', '.join([*dimensions, *values])} FROM ({relation}) AS grouped{self._ordering()}"
        return Compiled(sql, self._fragments.dialect, self._result_columns(), tuple(tables), self._recorded)

    def _result_columns(self) -> tuple[ResultColumn, ...]:
        dimensions = [ResultColumn(name, self._model.dimensions[name].type) for name in self._request.by]
        metrics = [
            ResultColumn(name, found.type, self._model.metrics[name].unit) for name, found in self._resolved.items()
        ]
        return (*dimensions, *metrics)

    def _value(self, metric: str, resolved: Resolved) -> str:
        among = self._among(metric, resolved)
        parts = [
            part if isinstance(part, str) else self._column(part, among) for part in self._fragments.template(metric)
        ]
        return f"{''.join(parts)} AS {self._fragments.name(metric)}"

    def _column(self, number: int, among: Among) -> str:
        key = (number, among)
        if key not in self._columns:
            self._columns[key] = f"a{len(self._columns)}"
        return self._columns[key]

    def _among(self, metric: str, resolved: Resolved) -> Among:
        """Limit a metric to the cities in which all its sources are recorded, where that are not all."""
        footprint = self._footprint
        if footprint is None or all(footprint.is_everywhere(source) for source in resolved.sources):
            return None
        cities = self._asked_cities(footprint)
        recorded = frozenset.intersection(
            cities, *(footprint.held[source] for source in resolved.sources if source in footprint.held)
        )
        if recorded and recorded == cities:
            return None
        self._recorded[metric] = tuple(sorted(recorded))
        return self._recorded[metric] if len(resolved.sources) > 1 or not recorded else None

    def _asked_cities(self, footprint: Footprint) -> frozenset[str]:
        if self._cities is None:
            self._cities = footprint.cities_in(self._request.where, self._scope)
        return self._cities

    def _refuse_mixed_money(self) -> None:
        money = [name for name, resolved in self._resolved.items() if resolved.is_money]
        if self._footprint is None or not money or {CITY, CURRENCY} & set(self._request.by):
            return
        groups: dict[str | None, set[str | None]] = {}
        for city in self._asked_cities(self._footprint):
            facts = self._footprint.cities[city]
            groups.setdefault(facts.country if COUNTRY in self._request.by else None, set()).add(facts.currency)
        if any(len(currencies) > 1 for currencies in groups.values()):
            found = ", ".join(sorted(str(name) for name in set().union(*groups.values())))
            raise WrongUse(
                f"{money[0]} adds up money, and the request spans several currencies ({found}). "
                f"Split it by {CURRENCY}, {COUNTRY} or {CITY}, or limit it to one of them."
            )

    def _scan(self, source: str, wanted: list[tuple[int, Among]], tables: dict[str, None]) -> str:
        fragments = self._fragments
        prepared = self._model.sources[source]
        keys = [fragments.dimension(source, name) for name in self._request.by]
        conditions = [*self._conditions(source), *self._permitted(source)]
        shared = self._shared_filter(wanted)
        joins: dict[str, None] = {}
        for name in self._dimensions_used(source):
            joins.update(dict.fromkeys(prepared.dimensions[name].joins))
        for number, _ in wanted:
            joins.update(dict.fromkeys(_joins_of(self._model.aggregates[number])))
        tables[prepared.source.table] = None
        tables.update(dict.fromkeys(prepared.joins[name].join.table for name in joins))
        selected = [f"{sql} AS {key}" for sql, key in zip(keys, self._keys, strict=True)]
        selected += [f"{self._aggregate(item, shared)} AS {self._columns[item]}" for item in wanted]
        where = " AND ".join([*conditions, *([f"({shared})"] if shared else [])])
        grouping = f" GROUP BY {', '.join(str(index + 1) for index in range(len(keys)))}" if keys else ""
        sql = f"SELECT {', '.join(selected)} FROM {fragments.relation(source, tuple(joins))}"
        return f"{sql}{' WHERE ' + where if where else ''}{grouping}"

    def _dimensions_used(self, source: str) -> tuple[str, ...]:
        used = [*self._request.by, *(condition.dimension for condition in self._request.where)]
        if self._request.days:
            used.append(self._model.sources[source].source.time)
        own = self._model.sources[source].dimensions
        if self._scope.countries and COUNTRY in own:
            used.append(COUNTRY)
        if self._scope.cities and CITY in own:
            used.append(CITY)
        if any(among for _, among in self._columns):
            used.append(CITY)
        return tuple(used)

    def _shared_filter(self, wanted: list[tuple[int, Among]]) -> str | None:
        """Give the filter that all aggregates of a scan share, where taking it first cannot change the groups."""
        if self._keys or any(among is not None for _, among in wanted):
            return None
        filters = {self._fragments.filter(number) for number, _ in wanted}
        return filters.pop() if len(filters) == 1 else None

    def _aggregate(self, wanted: tuple[int, Among], shared: str | None) -> str:
        number, among = wanted
        if among is None:
            return self._fragments.aggregate_where(number, None) if shared else self._fragments.aggregate(number)
        aggregate = self._model.aggregates[number]
        if not among:
            return self._fragments.unknown(aggregate)
        own = self._fragments.filter(number)
        cities = self._in_cities(self._fragments.dimension(aggregate.source, CITY), among)
        return self._fragments.aggregate_where(number, f"({own}) AND {cities}" if own else cities)

    def _in_cities(self, sql: str, cities: tuple[str, ...]) -> str:
        return f"{sql} IN ({', '.join(self._fragments.literal(city, ColumnType.TEXT) for city in cities)})"

    def _conditions(self, source: str) -> list[str]:
        found = [self._condition(source, condition) for condition in self._request.where]
        if self._request.days:
            day = self._fragments.dimension(source, self._model.sources[source].source.time)
            days = self._request.days
            first, last = (self._fragments.literal(value, ColumnType.DATE) for value in (days.first, days.last))
            found.append(f"{day} = {first}" if first == last else f"{day} BETWEEN {first} AND {last}")
        return found

    def _condition(self, source: str, condition: Condition) -> str:
        left = self._fragments.dimension(source, condition.dimension)
        kind = self._model.dimensions[condition.dimension].type
        values = [self._fragments.literal(value, kind) for value in condition.values]
        if condition.operator in (Operator.IN, Operator.NOT_IN):
            return f"{left} {condition.operator.upper()} ({', '.join(values)})"
        if condition.operator is Operator.BETWEEN:
            return f"{left} BETWEEN {values[0]} AND {values[1]}"
        return f"{left} {condition.operator.upper()} {values[0] if values else ''}".rstrip()

    def _permitted(self, source: str) -> list[str]:
        """Write the limit of what the asker may see; a source that cannot be limited is refused."""
        if self._scope.is_everything:
            return []
        own = self._model.sources[source].dimensions
        parts = []
        for name, values in ((COUNTRY, self._scope.countries), (CITY, self._scope.cities)):
            if values and name in own:
                parts.append(self._in_cities(self._fragments.dimension(source, name), values))
        if not parts:
            raise Forbidden(
                f"No grant of yours covers rows of {source}. Ask a steward for a grant on a country or a city."
            )
        return [f"({' OR '.join(parts)})"]

    def _merged(self, scans: dict[str, list[tuple[int, Among]]], groups: list[str]) -> str:
        keys = ", ".join(self._keys)
        stacked = []
        for index, (source, group) in enumerate(zip(scans, groups, strict=True)):
            columns = [self._stacked_column(item, source) for item in self._columns]
            stacked.append(f"SELECT {', '.join([*self._keys, *columns])} FROM ({group}) AS part{index}")
        merged = [f"{self._filled(item)} AS {name}" for item, name in self._columns.items()]
        grouping = f" GROUP BY {keys}" if keys else ""
        return f"SELECT {', '.join([*self._keys, *merged])} FROM ({' UNION ALL '.join(stacked)}) AS stacked{grouping}"

    def _stacked_column(self, wanted: tuple[int, Among], source: str) -> str:
        aggregate = self._model.aggregates[wanted[0]]
        name = self._columns[wanted]
        return name if aggregate.source == source else f"{self._fragments.empty(aggregate)} AS {name}"

    def _filled(self, wanted: tuple[int, Among]) -> str:
        """Write the merged value: where a recorded source has no row for a group, a count or sum is nought."""
        aggregate = self._model.aggregates[wanted[0]]
        value = f"MAX({self._columns[wanted]})"
        if not aggregate.is_zero_when_empty or wanted[1] == ():
            return value
        filled = f"COALESCE({value}, 0)"
        footprint = self._footprint
        if footprint is None or CITY not in self._request.by or footprint.is_everywhere(aggregate.source):
            return filled
        recorded = tuple(sorted(footprint.held[aggregate.source] & self._asked_cities(footprint)))
        key = self._keys[self._request.by.index(CITY)]
        return f"CASE WHEN {self._in_cities(key, recorded)} THEN {filled} END" if recorded else value

    def _ordering(self) -> str:
        request = self._request
        chosen = [(order.column, order.is_descending) for order in request.order_by]
        known = {*request.by, *request.metrics}
        for column, _ in chosen:
            if column not in known:
                names = ", ".join(sorted(known))
                raise WrongUse(f"The result has no column {column} to sort by; it has {names}.{near(column, known)}")
        chosen += [(name, False) for name in request.by if name not in {column for column, _ in chosen}]
        parts = [f"{self._fragments.name(column)}{' DESC' if falling else ''} NULLS LAST" for column, falling in chosen]
        limit = f" LIMIT {int(request.limit)}" if request.limit is not None else ""
        return f"{' ORDER BY ' + ', '.join(parts) if parts else ''}{limit}"


def _joins_of(aggregate: Aggregate) -> tuple[str, ...]:
    parts = (*aggregate.of, aggregate.where) if aggregate.where else aggregate.of
    return tuple(join for part in parts for join in part.joins)


def _checked(request: MetricRequest, model: Model) -> dict[str, Resolved]:
    if not request.metrics:
        raise WrongUse("A request names at least one metric.")
    if request.limit is not None and request.limit < 0:
        raise WrongUse(f"A limit is nought or more, found {request.limit}.")
    if len({*request.by, *request.metrics}) < len(request.by) + len(request.metrics):
        raise WrongUse("A request names each metric and each dimension once.")
    found = {name: _resolved(name, model) for name in request.metrics}
    for dimension in (*request.by, *(condition.dimension for condition in request.where)):
        _check_dimension(dimension, found, model)
    return found


def _resolved(name: str, model: Model) -> Resolved:
    if name not in model.resolved:
        raise NotFound(f"There is no metric {name}.{near(name, model.metrics)} See `tiffin metrics list`.")
    return model.resolved[name]


def _check_dimension(dimension: str, found: dict[str, Resolved], model: Model) -> None:
    if dimension not in model.dimensions:
        raise NotFound(
            f"There is no dimension {dimension}.{near(dimension, model.dimensions)} "
            f"Known dimensions: {', '.join(sorted(model.dimensions))}."
        )
    for name, resolved in found.items():
        if dimension not in resolved.dimensions:
            shared = frozenset.intersection(*(other.dimensions for other in found.values()))
            raise WrongUse(
                f"{name} cannot be split or filtered by {dimension}. "
                f"All asked metrics share {', '.join(sorted(shared)) or 'no dimension'}."
            )
