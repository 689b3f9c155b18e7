"""Queries from outside, taken apart into a caliber over our own tables.

The text of such a query is never run. What is understood of it, over tables and columns that a mapping names, becomes a
caliber; what is not is named. Nothing but comparisons, arithmetic, dates and aggregates is understood.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from tiffin.engines.metrics.comparing.calibers import VALUE, Caliber, Joined
from tiffin.engines.metrics.comparing.canonical import Canonical, Form
from tiffin.engines.metrics.comparing.outside_names import Naming, guess_column, guess_table, guess_value
from tiffin.engines.metrics.comparing.outside_time import days_of, plain_time
from tiffin.engines.metrics.definitions import ColumnType, Tables
from tiffin.engines.metrics.model import BASE
from tiffin.engines.metrics.vocabulary import near
from tiffin.kernel.errors import WrongUse

DIALECTS = ("duckdb", "spark", "postgres", "bigquery", "snowflake", "mysql", "trino")
LENGTH_MAX = 20_000

_AGGREGATES = (
    exp.Count, exp.CountIf, exp.Sum, exp.Avg, exp.Min, exp.Max, exp.PercentileCont, exp.Quantile, exp.Median,
    exp.ApproxQuantile, exp.ApproxDistinct,
)  # fmt: skip
_PLAIN = (
    exp.Column, exp.Identifier, exp.Literal, exp.Boolean, exp.Null, exp.Paren, exp.Star, exp.Distinct, exp.Tuple,
    exp.And, exp.Or, exp.Not, exp.EQ, exp.NEQ, exp.LT, exp.LTE, exp.GT, exp.GTE, exp.In, exp.Between, exp.Is,
    exp.Add, exp.Sub, exp.Mul, exp.Div, exp.Neg, exp.Abs, exp.Round, exp.Coalesce, exp.Nullif, exp.Least,
    exp.Greatest, exp.Case, exp.If, exp.Lower, exp.Upper, exp.Trim, exp.Like, exp.ILike, exp.Cast, exp.DataType,
    exp.AtTimeZone, exp.TimestampTrunc, exp.DateTrunc, exp.Extract, exp.DateDiff, exp.TimestampDiff,
    exp.TimeToUnix, exp.Interval, exp.Var, exp.Filter, exp.Where, exp.WithinGroup, exp.Order, exp.Ordered,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Understood:
    """A query from outside, as far as it was understood.

    Parameters
    ----------
    naming : Naming
        The names that were used, guesses among them.
    left_out : tuple of str
        What was not understood, or is not known here, and therefore stands outside the split.
    notes : tuple of str
        What was taken otherwise than it is written.
    days : tuple of date or None
        First and last day that its conditions on time ask for.
    """

    caliber: Caliber
    naming: Naming
    left_out: tuple[str, ...]
    notes: tuple[str, ...]
    days: tuple[date | None, date | None]


@dataclass(frozen=True, slots=True)
class Ground:
    """What a query is read against: our tables, the closed sets of values in them, and the present moment."""

    tables: Tables
    values: Mapping[str, tuple[str, ...]]
    now: datetime


def understand(text: str, *, dialect: str, naming: Naming, ground: Ground) -> Understood:
    """Take a query from outside apart.

    Raises
    ------
    WrongUse
        It is no query, or nothing of it can be compared: no aggregate, tables that are unknown here.
    """
    if dialect not in DIALECTS:
        raise WrongUse(f"There is no dialect {dialect}.{near(dialect, DIALECTS)} Known are {', '.join(DIALECTS)}.")
    if len(text) > LENGTH_MAX:
        raise WrongUse(f"The query has {len(text)} characters; {LENGTH_MAX} are read at most.")
    try:
        trees = [tree for tree in sqlglot.parse(text, read=dialect) if tree is not None]
    except SqlglotError as error:
        raise WrongUse(f"The query could not be read as {dialect}: {str(error).splitlines()[0]}") from error
    except RecursionError:
        raise WrongUse("The query is nested too deeply to be read.") from None
    if len(trees) != 1 or not isinstance(trees[0], exp.Select):
        raise WrongUse("One `select` that gives a number was expected. Paste the query alone.")
    try:
        return _Reading(naming, ground).understood(_without_ctes(trees[0]))
    except RecursionError:
        raise WrongUse("The query is nested too deeply to be taken apart.") from None


def _without_ctes(tree: exp.Select) -> exp.Select:
    """Put each common table expression in the place where it is named."""
    held = tree.args.get("with_") or tree.args.get("with")
    if held is None:
        return tree
    named: dict[str, exp.Expr] = {}
    for cte in held.expressions:
        named[cte.alias.lower()] = _inlined(cte.this, named)
    held.pop()
    found = _inlined(tree, named)
    return found if isinstance(found, exp.Select) else tree


def _inlined(tree: exp.Expr, named: Mapping[str, exp.Expr]) -> exp.Expr:
    for table in list(tree.find_all(exp.Table)):
        inner = named.get(table.name.lower()) if not table.db else None
        if inner is not None:
            table.replace(
                exp.Subquery(this=inner.copy(), alias=exp.TableAlias(this=exp.to_identifier(table.alias_or_name)))
            )
    return tree


class _Reading:
    def __init__(self, naming: Naming, ground: Ground) -> None:
        self._stated = naming
        self._ground = ground
        self._aliases: dict[str, tuple[str, str, str]] = {}  # their alias: our alias, our table, their table
        self._used = Naming({}, {}, {})
        self._left_out: list[str] = []
        self._notes: list[str] = []

    def understood(self, tree: exp.Select) -> Understood:
        inner, outer = self._layers(tree)
        caliber = self._caliber(inner)
        if outer is not None:
            caliber = self._nested(caliber, inner, outer)
        return Understood(caliber, self._used, tuple(self._left_out), tuple(self._notes), days_of(caliber.time))

    def _layers(self, tree: exp.Select) -> tuple[exp.Select, exp.Select | None]:
        source = _from(tree)
        if not isinstance(source, exp.Subquery):
            return tree, None
        below = source.this
        if not isinstance(below, exp.Select):
            raise WrongUse(f"{type(below).__name__} inside a query cannot be taken apart. Paste one of its parts.")
        if tree.args.get("joins"):
            raise WrongUse("A query that joins other queries cannot be taken apart. Paste one of its parts.")
        if below.args.get("group") is None and not any(below.find_all(*_AGGREGATES)):
            return self._layers(_flattened(tree, below))
        return below, tree

    def _caliber(self, tree: exp.Select) -> Caliber:
        for part, name in (
            ("having", "having"),
            ("qualify", "qualify"),
            ("distinct", "select distinct"),
            ("limit", "limit"),
        ):
            if tree.args.get(part) is not None:
                self._left_out.append(f"{name}: {tree.args[part].sql()}")
        base = self._table(_from(tree), BASE)
        joins = tuple(self._join(one, index) for index, one in enumerate(tree.args.get("joins") or ()))
        target = self._target(tree)
        formula, own = _taken_out(self._mapped(target))
        time: dict[Form, exp.Expr] = {}
        filters: dict[Form, exp.Expr] = {}
        where = tree.args.get("where")
        for condition in [*_conjuncts(where.this if where is not None else None), *own]:
            self._sort(condition, time, filters, is_mapped=any(condition is one for one in own))
        return Caliber(base, tuple(join for join in joins if join is not None), time, filters, formula)

    def _nested(self, caliber: Caliber, inner: exp.Select, outer: exp.Select) -> Caliber:
        groups = tuple(self._mapped(key) for key in self._keys(inner))
        name = self._target_alias(inner)
        target = _number(outer)
        for part in ("where", "having", "group", "limit"):
            if outer.args.get(part) is not None:
                self._left_out.append(outer.args[part].sql())
        found = target.copy()
        for column in list(found.find_all(exp.Column)):
            if column.name.lower() != name:
                raise WrongUse(f"{column.sql()} of the outer query is not the number of the inner one, {name}.")
            column.replace(exp.column(VALUE))
        _refuse_strangers(found)
        return Caliber(caliber.base, caliber.joins, caliber.time, caliber.filters, caliber.formula, groups, found)

    def _keys(self, tree: exp.Select) -> Iterator[exp.Expr]:
        group = tree.args.get("group")
        named = {one.alias.lower(): one.this for one in tree.expressions if isinstance(one, exp.Alias)}
        for key in group.expressions if group is not None else ():
            if isinstance(key, exp.Literal) and not key.is_string:
                key = tree.expressions[int(key.this) - 1]  # noqa: PLW2901 - the key that the number stands for
            plain = key.unalias() if isinstance(key, exp.Alias) else named.get(key.name.lower(), key)
            yield plain

    def _target(self, tree: exp.Select) -> exp.Expr:
        if tree.args.get("group") is not None and tree.parent is None:
            keys = ", ".join(key.sql() for key in self._keys(tree))
            self._notes.append(f"group by {keys}")
        return _number(tree)

    def _target_alias(self, tree: exp.Select) -> str:
        return next(str(one.alias_or_name).lower() for one in tree.expressions if any(one.find_all(*_AGGREGATES)))

    def _table(self, source: exp.Expr | None, alias: str) -> str:
        if not isinstance(source, exp.Table):
            raise WrongUse("The query reads no table that could be named. Paste a query over tables.")
        theirs = source.name.lower()
        ours = self._stated.tables.get(theirs) or guess_table(theirs, self._ground.tables)
        if ours not in self._ground.tables:
            raise WrongUse(
                f"{theirs} is no table that is known here. Say which of ours it is, as in `{theirs} = orders`."
                f"{near(theirs, self._ground.tables)}"
            )
        self._aliases[source.alias_or_name.lower()] = (alias, ours, theirs)
        self._used.tables[theirs] = ours  # type: ignore[index] # a dictionary of this reading
        return ours

    def _join(self, join: exp.Join, index: int) -> Joined | None:
        if join.side not in ("", "LEFT") or join.kind not in ("", "INNER", "OUTER"):
            self._left_out.append(join.sql())
            return None
        alias = f"t{index}"
        table = self._table(join.this, alias)
        on = join.args.get("on")
        if on is None and join.args.get("using"):
            on = self._using(join, alias)
        elif on is not None:
            on = self._mapped(on)
        if on is None:
            raise WrongUse(f"{join.sql()} joins without a condition. Add `on`.")
        both = (
            "city_id" in self._ground.tables[table].columns and "city_id" in self._ground.tables[self._base()].columns
        )
        if both and not any(column.name == "city_id" for column in on.find_all(exp.Column)):
            on = exp.and_(on, exp.EQ(this=exp.column("city_id", BASE), expression=exp.column("city_id", alias)))
            self._notes.append(f"{table}: city_id")
        return Joined(alias, table, on, keeps_rows=join.side == "LEFT")

    def _using(self, join: exp.Join, alias: str) -> exp.Expr:
        names = [
            self._column_name(one.name.lower(), self._aliases[join.this.alias_or_name.lower()])
            for one in join.args["using"]
        ]
        return exp.and_(*(exp.EQ(this=exp.column(name, BASE), expression=exp.column(name, alias)) for name in names))

    def _base(self) -> str:
        return next(table for alias, table, _ in self._aliases.values() if alias == BASE)

    def _sort(
        self, condition: exp.Expr, time: dict[Form, exp.Expr], filters: dict[Form, exp.Expr], *, is_mapped: bool
    ) -> None:
        try:
            mapped = condition if is_mapped else self._mapped(condition)
        except WrongUse as error:
            self._left_out.append(f"{condition.sql()} ({error})")
            return
        form = Canonical(self._name).condition(mapped)
        (time if self._is_time(mapped) else filters)[form] = mapped

    def _is_time(self, condition: exp.Expr) -> bool:
        columns = list(condition.find_all(exp.Column))
        tables = {alias: table for alias, table, _ in self._aliases.values()}
        kinds = {self._ground.tables[tables[column.table]].columns[column.name] for column in columns}
        names = {(column.table, column.name) for column in columns}
        return len(names) == 1 and kinds <= {ColumnType.DATE, ColumnType.INSTANT} and condition.find(exp.Null) is None

    def _name(self, column: exp.Column) -> str:
        tables = {alias: table for alias, table, _ in self._aliases.values()}
        return f"{tables[column.table]}.{column.name}"

    def _mapped(self, tree: exp.Expr) -> exp.Expr:
        """Put our names in the place of theirs, and plain forms in the place of each dialect's own."""
        found = plain_time(tree.copy(), self._ground.now)
        _refuse_strangers(found)
        if isinstance(found, exp.Column):
            return self._column(found)
        for column in list(found.find_all(exp.Column)):
            column.replace(self._column(column))
        for comparison in list(found.find_all(exp.EQ, exp.NEQ, exp.In)):
            self._map_values(comparison)
        return found

    def _column(self, column: exp.Column) -> exp.Column:
        holders = (
            [self._aliases[column.table.lower()]]
            if column.table.lower() in self._aliases
            else [*self._aliases.values()]
        )
        if column.table and column.table.lower() not in self._aliases:
            raise WrongUse(f"{column.sql()} is of no table of the query.")
        for holder in holders:
            name = self._column_name(column.name.lower(), holder, is_only=len(holders) == 1)
            if name:
                return exp.column(name, holder[0])
        raise WrongUse(f"{column.sql()} is no column that is known here. Say which of ours it is.")

    def _column_name(self, theirs: str, holder: tuple[str, str, str], *, is_only: bool = True) -> str:
        _, table, their_table = holder
        known = self._ground.tables[table].columns
        key = f"{their_table}.{theirs}"
        ours = self._stated.columns.get(key) or guess_column(theirs, known)
        if ours in known:
            self._used.columns[key] = ours  # type: ignore[index] # a dictionary of this reading
            return ours
        if is_only:
            raise WrongUse(
                f"{key} is no column that is known here. Say which of {table} it is: `{key} = {next(iter(known))}`."
                f"{near(theirs, known)}"
            )
        return ""

    def _map_values(self, comparison: exp.Expr) -> None:
        columns = list(comparison.this.find_all(exp.Column))
        if len(columns) != 1:
            return
        name = self._name(columns[0])
        known = self._ground.values.get(name, ())
        for literal in list(comparison.find_all(exp.Literal)):
            if not literal.is_string or not known or literal.this in known:
                continue
            key = f"{name}={literal.this}"
            ours = self._stated.values.get(key) or guess_value(literal.this, known)
            if ours:
                self._used.values[key] = ours  # type: ignore[index] # a dictionary of this reading
                literal.replace(exp.Literal.string(ours))
            else:
                self._notes.append(f"{name}: {literal.this!r} ∉ {', '.join(known)}")


def _from(tree: exp.Select) -> exp.Expr | None:
    found = tree.args.get("from_") or tree.args.get("from")
    return found.this if found is not None else None


def _number(tree: exp.Select) -> exp.Expr:
    """Give the number that a query selects: the only expression with an aggregate, or the first."""
    found = [one for one in tree.expressions if any(one.find_all(*_AGGREGATES))]
    if not found:
        raise WrongUse("The query gives rows and no number: it has no count, sum, mean or other aggregate.")
    number: exp.Expr = found[0].unalias()
    return number


def _flattened(tree: exp.Select, below: exp.Select) -> exp.Select:
    """Take a query that only filters and renames rows into the one around it."""
    renamed = {one.alias_or_name.lower(): one.unalias() for one in below.expressions if not isinstance(one, exp.Star)}
    found = tree.copy()
    for column in list(found.find_all(exp.Column)):
        inner = renamed.get(column.name.lower())
        column.replace(inner.copy() if inner is not None else exp.column(column.name))
    key = "from_" if "from_" in found.args else "from"
    found.set(key, exp.From(this=(_from(below) or exp.Table()).copy()))
    if below.args.get("joins"):
        found.set("joins", [one.copy() for one in below.args["joins"]])
    if below.args.get("where") is not None:
        found = found.where(below.args["where"].this.copy())
    return found


def _conjuncts(tree: exp.Expr | None) -> list[exp.Expr]:
    if tree is None:
        return []
    if isinstance(tree, exp.Paren):
        return _conjuncts(tree.this)
    if isinstance(tree, exp.And):
        return [*_conjuncts(tree.this), *_conjuncts(tree.expression)]
    return [tree]


def _taken_out(formula: exp.Expr) -> tuple[exp.Expr, list[exp.Expr]]:
    """Take the condition of the only aggregate out of a formula: ``count_if(c)`` counts the rows that meet c."""
    inner = formula.this if isinstance(formula, exp.Paren) else formula
    if isinstance(inner, exp.Filter):
        body, more = _taken_out(inner.this)
        return body, [*_conjuncts(inner.expression.this), *more]
    if isinstance(inner, exp.CountIf):
        return exp.Count(this=exp.Star()), _conjuncts(inner.this)
    if not isinstance(inner, (exp.Sum, exp.Count, exp.Avg)) or not isinstance(inner.this, (exp.Case, exp.If)):
        return inner, []
    branch = inner.this.args["ifs"][0] if isinstance(inner.this, exp.Case) else inner.this
    default = inner.this.args.get("default") if isinstance(inner.this, exp.Case) else inner.this.args.get("false")
    many = isinstance(inner.this, exp.Case) and (len(inner.this.args["ifs"]) > 1 or inner.this.this is not None)
    is_nought = isinstance(default, exp.Literal) and default.this == "0" and isinstance(inner, exp.Sum)
    if many or not (default is None or isinstance(default, exp.Null) or is_nought):
        return inner, []
    value = branch.args["true"]
    if isinstance(inner, (exp.Sum, exp.Count)) and isinstance(value, exp.Literal) and value.this == "1":
        return exp.Count(this=exp.Star()), _conjuncts(branch.this)
    return type(inner)(this=value.copy()), _conjuncts(branch.this)


def _refuse_strangers(tree: exp.Expr) -> None:
    for node in tree.walk():
        if not isinstance(node, (*_PLAIN, *_AGGREGATES)):
            raise WrongUse(f"{node.sql() or type(node).__name__} is not understood")
