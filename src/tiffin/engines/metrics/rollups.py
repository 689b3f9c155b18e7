"""Roll-ups: facts added up beforehand by a few columns, from which the same answers come as from the facts.

A roll-up of a source holds one row for each combination of some of its table's own columns, the city and the business
date always among them, and for each aggregate that can be merged its partial states: a number of rows, a sum, a least
and a greatest value. Columns keep their names, so that every dimension which is computed from them alone, or joined by
them to one row of another table, means over the roll-up what it means over the facts.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from hashlib import sha256
from typing import Any

from tiffin.engines.metrics.compiling.fragments import Fragments
from tiffin.engines.metrics.compiling.states import can_be_split, merged_sql, partials_sql
from tiffin.engines.metrics.definitions import ColumnType
from tiffin.engines.metrics.formulas import Aggregation
from tiffin.engines.metrics.model import (
    BASE,
    MONEY_ENDING,
    Aggregate,
    Expression,
    Model,
    NestedAggregate,
    PreparedSource,
)

STATED_IN = "duckdb"
"""Dialect in which states are computed from facts, whatever engine reads them."""

COUNTRY, CURRENCY = "country", "currency"

COMPANIONS = (COUNTRY, CURRENCY, "source")
"""Dimensions that hardly ever split a city's day further; a roll-up by city holds them where they are columns."""

CITY = "city_id"


@dataclass(frozen=True, slots=True)
class State:
    """One column of partial states.

    Parameters
    ----------
    column : str
        Named after what it means, so that equal names mean equal states in any roll-up of the source.
    sql : str
        How it is computed from rows of the source's table, named ``base``.
    """

    column: str
    sql: str


@dataclass(frozen=True, slots=True)
class Rollup:
    """What a roll-up holds.

    Parameters
    ----------
    name : str
        Table under which statements read it; it ends with a digest of everything below.
    cell : tuple of str
        The columns that tell which part must be computed anew when facts change: business date, and city where rows
        are split by it.
    columns : tuple of str
        Columns of the source's table by which rows are grouped, the cell's first.
    held : frozenset of str
        Names of all its columns, those of states too.
    """

    name: str
    source: str
    table: str
    cell: tuple[str, ...]
    columns: tuple[str, ...]
    states: tuple[State, ...]
    held: frozenset[str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Gather the names of all columns, of which every request asks."""
        object.__setattr__(self, "held", frozenset((*self.columns, *(state.column for state in self.states))))

    def tells(self, columns: frozenset[str], states: Collection[str]) -> bool:
        """Tell whether it holds some columns and states."""
        return self.held.issuperset(states) and columns <= set(self.columns)


@dataclass(frozen=True, slots=True)
class Standing:
    """A roll-up as it stands at the version of the facts that is asked for.

    Parameters
    ----------
    version : int
        Of the roll-up's own table.
    rows : int
        Rows that it has; of several that suffice, the one with the fewest is read.
    countries : frozenset of str or None
        At least all countries that any of its rows names in its column ``country``; None where that is not known.
    """

    rollup: Rollup
    version: int
    rows: int
    countries: frozenset[str] | None = None

    @property
    def table(self) -> str:
        """The name under which statements read it: it says the version too."""
        return f"{self.rollup.name}_v{self.version}"


class Merging:
    """What of a model can be merged from roll-ups, worked out once for each of its aggregates and dimensions."""

    def __init__(self, model: Model) -> None:
        self.model = model
        self._parts: dict[int, tuple[State, ...] | None] = {}
        self._parted: dict[int, tuple[Aggregate, Expression | None]] = {}
        self._later: dict[tuple[int, str], str] = {}
        self._needed: dict[tuple[str, int], tuple[Expression, frozenset[str]]] = {}

    def rollup(self, source: str, more: Collection[str] = ()) -> Rollup | None:
        """Define the roll-up of a source by its city, its business date and more of its columns.

        None where there can be none: the business date or the city is not a column of the source's own table, nothing
        of the source can be merged, or it has no such column.
        """
        prepared = self.model.sources[source]
        cell = _cell(prepared)
        if cell is None or not set(more) <= self.columns(source):
            return None
        kept = tuple(dict.fromkeys((*cell, *_companions(prepared), *sorted(more))))
        return self._defined(source, cell, kept, [name for name in kept if name in more])

    def rollup_of_countries(self, source: str) -> Rollup | None:
        """Define the roll-up of a source by country, currency and business date alone: few rows, none of a city.

        None where there can be none, or where rows have no country of their own.
        """
        prepared = self.model.sources[source]
        cell, places = _cell(prepared), _own(prepared, (COUNTRY, CURRENCY))
        if cell is None or len(cell) < 2 or len(places) < 2:  # noqa: PLR2004 - city and day, country and currency
            return None
        return self._defined(source, cell[-1:], (*cell[-1:], *places), places)

    def _defined(
        self, source: str, cell: tuple[str, ...], columns: tuple[str, ...], split: Collection[str]
    ) -> Rollup | None:
        table, states = self.model.sources[source].source.table, self.states(source)
        digest = sha256(repr((table, cell, columns, states)).encode()).hexdigest()[:10]
        name = "_".join(["rollup", source, *(["by", *split] if split else []), digest])
        return Rollup(name, source, table, cell, columns, states) if states else None

    def columns(self, source: str) -> frozenset[str]:
        """Name the columns of a source's own table on which any of its dimensions depends."""
        dimensions = self.model.sources[source].dimensions.values()
        return frozenset[str]().union(*(self.needed(source, expression) for expression in dimensions))

    def states(self, source: str) -> tuple[State, ...]:
        """List the states of everything that metrics of a source need and that can be merged.

        How many values a sum, a least or a greatest one takes in is among them: small groups are told by it. So is the
        sum of the amounts of which a mean is taken: that is what is converted into one currency.
        """
        found: dict[str, State] = {}
        for aggregate in self.model.aggregates:
            if isinstance(aggregate, Aggregate) and aggregate.source == source:
                parts = self.parts(aggregate.number) or ()
                beside = _beside(self._apart(aggregate)[0]) if parts and aggregate.of else ()
                found |= {state.column: state for state in (*parts, *beside)}
        return tuple(found[column] for column in sorted(found))

    def parts(self, number: int) -> tuple[State, ...] | None:
        """Give the states that an aggregate is merged from; None where it must see every row.

        What reads a joined table must see it too: the joined row may change without the fact.
        """
        if number not in self._parts:
            leaf = self.model.aggregates[number]
            if isinstance(leaf, NestedAggregate) or leaf.snapshot or leaf.followed:
                self._parts[number] = None
                return None
            aggregate, _ = self._apart(leaf)
            read = (*aggregate.of, *((aggregate.where,) if aggregate.where else ()))
            is_split = can_be_split(aggregate.aggregation) and not any(expression.joins for expression in read)
            self._parts[number] = _parts(aggregate) if is_split else None
        return self._parts[number]

    def later(self, number: int) -> Expression | None:
        """Give the condition under which an aggregate takes its values in, where a roll-up's rows meet it or do not.

        A condition on what every roll-up by city is split by is no part of the states: so an amount where the currency
        is a certain one is told by the states of the amount itself.
        """
        leaf = self.model.aggregates[number]
        return None if isinstance(leaf, NestedAggregate) else self._apart(leaf)[1]

    def _apart(self, aggregate: Aggregate) -> tuple[Aggregate, Expression | None]:
        """Take the condition on what every roll-up by city is split by off an aggregate's values."""
        if aggregate.number not in self._parted:
            self._parted[aggregate.number] = (aggregate, None)
            of = aggregate.of[0] if len(aggregate.of) == 1 else None
            found = of.parsed.conditional if of else None
            if of and found:
                condition, value = (replace(of, parsed=parsed) for parsed in found)
                prepared = self.model.sources[aggregate.source]
                held = {*(_cell(prepared) or ()), *_companions(prepared)}
                if self.needed(aggregate.source, condition) <= held and not _reads_joined(value):
                    plain = replace(aggregate, of=(replace(value, joins=()),))
                    self._parted[aggregate.number] = (plain, replace(condition, type=ColumnType.BOOLEAN))
        return self._parted[aggregate.number]

    def needed(self, source: str, expression: Expression) -> frozenset[str]:
        """Tell the columns of a source's own table on which one of its expressions depends."""
        key = (source, id(expression))
        if key not in self._needed:
            prepared = self.model.sources[source]
            joins = [prepared.joins[name] for name in expression.joins]
            lefts = (left for join in joins for left, _ in join.on)
            read = [expression, *lefts, *(join.at for join in joins if join.at)]
            # The expression is kept too: as long as it is, no other has its identity.
            self._needed[key] = (expression, frozenset[str]().union(*map(_own_columns, read)))
        return self._needed[key][1]

    def merged_sql(
        self, number: int, fragments: Fragments, *, where: str | None = None, is_grouped: bool = False
    ) -> str:
        """Write an aggregate over rows of a roll-up.

        Parameters
        ----------
        where : str or None
            Rows of the roll-up that count; over the facts it would stand beside the aggregate's own filter.
        is_grouped : bool
            Whether every group has at least one row.
        """
        leaf = fragments.leaf(number)
        is_kept = is_grouped and not where and not self._later_sql(number, fragments)
        return merged_sql(leaf.aggregation, self._states_sql(number, fragments, where), leaf.type, is_kept=is_kept)

    def partials(self, number: int, fragments: Fragments, *, where: str | None = None) -> tuple[str, ...]:
        """Write the states of a group of a roll-up's rows, to be merged further."""
        how = {Aggregation.MINIMUM: "MIN", Aggregation.MAXIMUM: "MAX"}.get(fragments.leaf(number).aggregation, "SUM")
        return tuple(f"{how}({state})" for state in self._states_sql(number, fragments, where))

    def _states_sql(self, number: int, fragments: Fragments, where: str | None) -> tuple[str, ...]:
        columns = [f"{BASE}.{fragments.name(state.column)}" for state in self.parts(number) or ()]
        later = self._later_sql(number, fragments)
        if later:
            # Whether a sum is nought is told by all rows that it is taken over, whatever their value.
            taken = 1 if fragments.leaf(number).aggregation is Aggregation.SUM else len(columns)
            columns[:taken] = (f"CASE WHEN {later} THEN {column} END" for column in columns[:taken])
        return tuple(f"CASE WHEN {where} THEN {column} END" if where else column for column in columns)

    def _later_sql(self, number: int, fragments: Fragments) -> str | None:
        condition, key = self.later(number), (number, fragments.dialect)
        if condition is not None and key not in self._later:
            self._later[key] = fragments.expression(condition)
        return self._later.get(key)


@dataclass(frozen=True, slots=True)
class Offer:
    """The roll-ups that stand for exactly the facts that a request reads.

    Parameters
    ----------
    missed : list of (str, frozenset of str)
        Filled by choosing: sources and the columns that a roll-up of theirs would have needed to be chosen.
    """

    merging: Merging
    standing: tuple[Standing, ...]
    missed: list[tuple[str, frozenset[str]]] = field(default_factory=list)

    def choose(self, source: str, read: Iterable[Expression], aggregates: Iterable[int]) -> Standing | None:
        """Choose the smallest roll-up of a source that tells exactly what is asked; None where none does.

        Parameters
        ----------
        read : iterable of Expression
            Dimensions by which rows are split, filtered, or held back.
        """
        states: set[str] = set()
        for number in aggregates:
            parts = self.merging.parts(number)
            if parts is None:
                return None
            states |= {state.column for state in parts}
        later = (condition for number in aggregates if (condition := self.merging.later(number)) is not None)
        columns = frozenset[str]().union(*(self.merging.needed(source, found) for found in (*read, *later)))
        fitting = [
            found for found in self.standing if found.rollup.source == source and found.rollup.tells(columns, states)
        ]
        if not fitting:
            self.missed.append((source, columns))
        return min(fitting, key=lambda found: (found.rows, found.rollup.name), default=None)


def as_plain(rollup: Rollup) -> dict[str, Any]:
    """Write a roll-up's definition as plain values."""
    return {
        "name": rollup.name,
        "source": rollup.source,
        "table": rollup.table,
        "cell": list(rollup.cell),
        "columns": list(rollup.columns),
        "states": {state.column: state.sql for state in rollup.states},
    }


def from_plain(raw: Mapping[str, Any]) -> Rollup:
    """Read a roll-up's definition from plain values."""
    return Rollup(
        name=str(raw["name"]),
        source=str(raw["source"]),
        table=str(raw["table"]),
        cell=tuple(raw["cell"]),
        columns=tuple(raw["columns"]),
        states=tuple(State(column, sql) for column, sql in sorted(raw["states"].items())),
    )


def _cell(prepared: PreparedSource) -> tuple[str, ...] | None:
    names = [*([CITY] if CITY in prepared.dimensions else []), prepared.source.time]
    columns = [column for name in names if (column := _plain(prepared.dimensions[name])) is not None]
    return tuple(columns) if len(columns) == len(names) else None


def _companions(prepared: PreparedSource) -> tuple[str, ...]:
    return _own(prepared, COMPANIONS)


def _own(prepared: PreparedSource, names: Iterable[str]) -> tuple[str, ...]:
    """Name the columns of the source's own table that some dimensions are."""
    found = (_plain(prepared.dimensions[name]) for name in names if name in prepared.dimensions)
    return tuple(column for column in found if column is not None)


def _plain(expression: Expression) -> str | None:
    """Name the column of the source's own table that an expression is; None where it is anything else."""
    column = expression.parsed.column
    return column.name if column and column.table == BASE and expression.grain is None else None


def _own_columns(expression: Expression) -> frozenset[str]:
    return frozenset(column.name for column in expression.parsed.columns if column.table == BASE)


def _parts(aggregate: Aggregate) -> tuple[State, ...]:
    if aggregate.aggregation is Aggregation.MEAN and aggregate.of[0].type is ColumnType.INTEGER:
        # Whole numbers are summed exactly, in the state that their sum is told by too.
        return (_state(aggregate, Aggregation.SUM), _state(aggregate, Aggregation.COUNT))
    return _states(aggregate)


def _state(aggregate: Aggregate, how: Aggregation) -> State:
    return _states(replace(aggregate, aggregation=how, type=ColumnType.INTEGER))[0]


def _states(aggregate: Aggregate) -> tuple[State, ...]:
    texts = partials_sql(
        aggregate.aggregation,
        of=tuple(_written(expression) for expression in aggregate.of),
        where=_written(aggregate.where) if aggregate.where else None,
        result=aggregate.type,
        dialect=STATED_IN,
    )
    return tuple(State(f"{aggregate.source}_{sha256(sql.encode()).hexdigest()[:12]}", sql) for sql in texts)


def _beside(aggregate: Aggregate) -> tuple[State, ...]:
    """Give the states that are kept beside those of an aggregate of values."""
    counted, (of,) = (_state(aggregate, Aggregation.COUNT),), aggregate.of
    is_money = any(column.name.endswith(MONEY_ENDING) for column in of.parsed.columns)
    if is_money and aggregate.aggregation is Aggregation.MEAN:
        return (*counted, *_states(replace(aggregate, aggregation=Aggregation.SUM, type=of.type)))
    return counted


def _reads_joined(expression: Expression) -> bool:
    return any(column.table != BASE for column in expression.parsed.columns)


def _written(expression: Expression) -> str:
    return expression.parsed.sql(STATED_IN)
