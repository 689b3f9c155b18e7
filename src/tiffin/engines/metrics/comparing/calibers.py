"""The caliber of a number: over which rows, joined how, on which days, at which grain, by which formula it was taken.

Two calibers over the same facts are led into one another aspect by aspect; each caliber on the way can be computed, and
what the number moves by at a step is that aspect's part of the difference. The parts add up by construction.
"""

# ruff: noqa: S608 - laying SQL together is what a compiler does; every piece is SQLGlot's or a name that was checked

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import partial

from sqlglot import exp, parse_one

from tiffin.engines.metrics.comparing.canonical import Canonical, Form
from tiffin.engines.metrics.model import AGGREGATE, BASE, Aggregate, Model, PreparedSource
from tiffin.engines.metrics.parsing import columns_of, write
from tiffin.engines.metrics.vocabulary import aggregate_sql

VALUE = "value"
"""Column of the inner number where a number is an aggregate of numbers."""


class Aspect(StrEnum):
    """In what two calibers can differ, in the order in which a difference is split."""

    DATA = "data version"
    TABLES = "tables"
    JOINS = "joins"
    TIME = "time"
    FILTERS = "filters"
    GRAIN = "grain"
    AGGREGATION = "aggregation"


@dataclass(frozen=True, slots=True)
class Joined:
    """A table that is joined to the rows: its alias, its condition, and whether rows without partner stay."""

    alias: str
    table: str
    on: exp.Expr
    keeps_rows: bool


@dataclass(frozen=True, slots=True)
class Caliber:
    """How a number is taken from fact tables; columns are qualified by alias, the rows' own table is ``base``.

    Parameters
    ----------
    time, filters : mapping of Form to exp.Expr
        Conditions that all hold, by their normal forms: those that choose days, and the others.
    formula : exp.Expr
        Aggregates and arithmetic over them.
    groups, outer : tuple of exp.Expr, exp.Expr or None
        Set where the number aggregates the values of groups: their keys, and the aggregate over ``value``.
    """

    base: str
    joins: tuple[Joined, ...]
    time: Mapping[Form, exp.Expr]
    filters: Mapping[Form, exp.Expr]
    formula: exp.Expr
    groups: tuple[exp.Expr, ...] = ()
    outer: exp.Expr | None = None


@dataclass(frozen=True, slots=True)
class Variant:
    """A caliber on the way from one to another, and what was changed last."""

    aspect: Aspect
    change: str
    caliber: Caliber


def steps_between(mine: Caliber, theirs: Caliber) -> tuple[Variant, ...]:
    """Lead one caliber into another, one change at a time; the last variant is the other caliber."""
    if mine.base != theirs.base:
        return (Variant(Aspect.TABLES, f"{mine.base} → {theirs.base}", theirs),)
    found: list[Variant] = []
    now = mine
    for aspect, change, changes in _changes(mine, theirs):
        changed = changes(now)
        if changed != now:
            found.append(Variant(aspect, change, changed))
            now = changed
    return tuple(found)


Change = tuple[Aspect, str, Callable[[Caliber], Caliber]]


def _changes(mine: Caliber, theirs: Caliber) -> Iterator[Change]:
    for join in theirs.joins:
        yield Aspect.JOINS, f"+ {_join_text(join)}", partial(_with_join, join=join)
    if set(mine.time) != set(theirs.time):
        change = f"{told(mine.time)} → {told(theirs.time)}"
        yield Aspect.TIME, change, lambda now: replace(now, time=theirs.time)
    yield from _filter_changes(mine, theirs)
    if theirs.outer is not None:
        change = f"{text_of(theirs.outer)}: {', '.join(map(text_of, theirs.groups))}"
        yield Aspect.GRAIN, change, lambda now: replace(now, groups=theirs.groups, outer=theirs.outer)
    if text_of(mine.formula) != text_of(theirs.formula):
        change = f"{text_of(mine.formula)} → {text_of(theirs.formula)}"
        yield Aspect.AGGREGATION, change, lambda now: replace(now, formula=theirs.formula)


def _filter_changes(mine: Caliber, theirs: Caliber) -> Iterator[Change]:
    for form, condition in mine.filters.items():
        if form not in theirs.filters:
            yield Aspect.FILTERS, f"- {text_of(condition)}", partial(_without_filter, form=form)
    for form, condition in theirs.filters.items():
        if form not in mine.filters:
            yield Aspect.FILTERS, f"+ {text_of(condition)}", partial(_with_filter, form=form, condition=condition)


def _with_join(now: Caliber, *, join: Joined) -> Caliber:
    return now if join in now.joins else replace(now, joins=(*now.joins, join))


def _with_filter(now: Caliber, *, form: Form, condition: exp.Expr) -> Caliber:
    return replace(now, filters={**now.filters, form: condition})


def _without_filter(now: Caliber, *, form: Form) -> Caliber:
    return replace(now, filters={one: condition for one, condition in now.filters.items() if one != form})


def text_of(tree: exp.Expr) -> str:
    """Write an expression for people."""
    plain = tree.copy()
    for column in columns_of(plain):
        if column.table == BASE:
            column.set("table", None)
    return str(plain.sql("duckdb"))


def told(conditions: Mapping[Form, exp.Expr]) -> str:
    """Write conditions that all hold for people; nothing where there are none."""
    return " and ".join(map(text_of, conditions.values())) or "-"


def _join_text(join: Joined) -> str:
    return f"{'left' if join.keeps_rows else 'inner'} join {join.table} on {text_of(join.on)}"


def sql_of(caliber: Caliber, dialect: str, permitted: Callable[[str], str]) -> str:
    """Write the statement that computes a number.

    Parameters
    ----------
    permitted : callable
        Gives each table as the relation of the rows that the asker may see.
    """

    def written(tree: exp.Expr) -> str:
        return str(tree.sql(dialect))

    relation = f"{permitted(caliber.base)} AS {BASE}"
    for join in caliber.joins:
        kind = "LEFT JOIN" if join.keeps_rows else "JOIN"
        relation += f" {kind} {permitted(join.table)} AS {join.alias} ON {written(join.on)}"
    conditions = [f"({written(one)})" for one in (*caliber.time.values(), *caliber.filters.values())]
    where = f" WHERE {' AND '.join(conditions)}" if conditions else ""
    if caliber.outer is None:
        return f"SELECT {written(caliber.formula)} AS {VALUE} FROM {relation}{where}"
    keys = [written(key) for key in caliber.groups]
    listed = "".join(f"{key} AS k{index}, " for index, key in enumerate(keys))
    inner = f"SELECT {listed}{written(caliber.formula)} AS {VALUE} FROM {relation}{where}"
    grouping = f" GROUP BY {', '.join(keys)}" if keys else ""
    return f"SELECT {written(caliber.outer)} AS {VALUE} FROM ({inner}{grouping}) AS inner_numbers"


@dataclass(frozen=True, slots=True)
class CaliberRow:
    """One aspect of both calibers, side by side."""

    aspect: str
    mine: str
    theirs: str


def side_by_side(mine: Caliber | None, theirs: Caliber | None) -> Iterator[CaliberRow]:
    """Tell both calibers aspect by aspect."""
    left, right = (_told(one) if one is not None else {} for one in (mine, theirs))
    for aspect in dict.fromkeys((*left, *right)):
        yield CaliberRow(aspect, left.get(aspect, "-"), right.get(aspect, "-"))


def _told(caliber: Caliber) -> dict[str, str]:
    joins = "; ".join(f"{join.table}: {text_of(join.on)}" for join in caliber.joins)
    grain = (
        f"{text_of(caliber.outer)} / {', '.join(map(text_of, caliber.groups))}" if caliber.outer is not None else "-"
    )
    return {
        Aspect.TABLES.value: caliber.base,
        Aspect.JOINS.value: joins or "-",
        Aspect.TIME.value: told(caliber.time),
        Aspect.FILTERS.value: told(caliber.filters),
        Aspect.GRAIN.value: grain,
        Aspect.AGGREGATION.value: text_of(caliber.formula),
    }


def caliber_of(model: Model, metric: str, dialect: str) -> Caliber | None:
    """Give the caliber of a governed metric, without days; None where it reads several tables, or other days' rows."""
    resolved = model.resolved[metric]
    every = {number: model.aggregates[number] for number in resolved.aggregates}
    leaves = {number: leaf for number, leaf in every.items() if isinstance(leaf, Aggregate) and leaf.is_plain}
    if len(resolved.sources) != 1 or len(leaves) < len(every):
        return None
    prepared = model.sources[resolved.sources[0]]
    names = names_in(prepared)
    canonical = Canonical(names)
    parts = {
        number: canonical.conjuncts(leaf.where.tree if leaf.where is not None else None)
        for number, leaf in leaves.items()
    }
    common = [form for form in next(iter(parts.values())) if all(form in other for other in parts.values())]
    first = next(iter(parts.values()))
    filters = {form: write(first[form], dialect) for form in common}
    tree = write(resolved.tree, dialect)
    if isinstance(tree, exp.Column):
        only = next(iter(leaves))
        tree = _aggregate(leaves[only], parts[only], common, dialect)
    for column in list(columns_of(tree)):
        number = next((one for one in leaves if column.name == AGGREGATE.format(one)), None)
        if number is not None:
            column.replace(_aggregate(leaves[number], parts[number], common, dialect))
    joins = {name: None for leaf in leaves.values() for name in _joins_of(leaf)}
    return Caliber(prepared.source.table, tuple(_joined(prepared, name, dialect) for name in joins), {}, filters, tree)


def names_in(prepared: PreparedSource) -> Callable[[exp.Column], str]:
    """Give the names of a source's columns, by table."""
    tables = {name: one.join.table for name, one in prepared.joins.items()}
    return lambda column: f"{tables.get(column.table, prepared.source.table)}.{column.name}"


def _joins_of(leaf: Aggregate) -> tuple[str, ...]:
    parts = (*leaf.of, leaf.where) if leaf.where is not None else leaf.of
    return tuple(join for part in parts for join in part.joins)


def _joined(prepared: PreparedSource, name: str, dialect: str) -> Joined:
    join = prepared.joins[name]
    on = exp.and_(
        *(exp.EQ(this=write(left.tree, dialect), expression=exp.column(right, table=name)) for left, right in join.on)
    )
    return Joined(name, join.join.table, on, keeps_rows=True)


def _aggregate(leaf: Aggregate, parts: Mapping[Form, exp.Expr], common: list[Form], dialect: str) -> exp.Expr:
    own = [write(tree, dialect) for form, tree in parts.items() if form not in common]
    sql = aggregate_sql(
        leaf.aggregation,
        of=tuple(str(write(part.tree, dialect).sql(dialect)) for part in leaf.of),
        where=str(exp.and_(*own).sql(dialect)) if own else None,
        quantile=leaf.quantile,
        result=leaf.type,
        dialect=dialect,
    )
    return parse_one(sql, read=dialect)
