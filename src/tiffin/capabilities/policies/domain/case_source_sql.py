"""The query that makes cases of facts, and the contract of the table that keeps them."""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from datetime import datetime, timedelta

from sqlglot import exp

from tiffin.capabilities.policies.domain.case_source import BASE, CaseSource, Computed, Joined
from tiffin.capabilities.policies.domain.policy import CITY, MARKET
from tiffin.engines.metrics.definitions import ColumnType
from tiffin.engines.metrics.parsing import write
from tiffin.kernel.contract import Column, LogicalType, TableContract
from tiffin.kernel.facts.registry import TABLES

BUCKETS = 10_000
"""Parts into which cases fall by chance, so that any share of them is a sample."""

RETENTION_MONTHS = 36

_TYPES = {
    ColumnType.TEXT: LogicalType.STRING,
    ColumnType.INTEGER: LogicalType.INTEGER,
    ColumnType.DOUBLE: LogicalType.NUMBER,
    ColumnType.BOOLEAN: LogicalType.BOOLEAN,
    ColumnType.DATE: LogicalType.DATE,
    ColumnType.INSTANT: LogicalType.TIMESTAMP,
}
_OTHER = "lent"

Counts = AbstractSet[tuple[str, str]]
"""Columns of joins, by join and name, that count rows."""


def cases_contract(source: CaseSource) -> TableContract:
    """Describe the table of a policy's cases: one row a case, with its inputs as they were first known."""
    own = (
        _column("bucket", LogicalType.INTEGER, "Part into which the case falls by chance."),
        _column("case_id", LogicalType.STRING, "Key of the fact that is the case."),
        _column("at", LogicalType.TIMESTAMP, "When the case happened."),
        _column("known_at", LogicalType.TIMESTAMP, "From when on the case was known as it stands here."),
        _column(MARKET, LogicalType.STRING, "Country, by ISO 3166."),
        _column(CITY, LogicalType.STRING, "City, by its identifier."),
    )
    computed = (
        _column(name, LogicalType.INTEGER if one.whole else _TYPES[one.type], "Computed when the case was first known.")
        for name, one in source.columns.items()
    )
    return TableContract(
        name=source.name,
        version="1.0.0",
        meaning={"en": f"Past cases of the policy {source.policy}, as they were first known."},
        grain={"en": "One case."},
        key=("bucket", "case_id"),
        columns=(*own, *computed),
        owner="platform",
        retention_months=RETENTION_MONTHS,
    )


def _column(name: str, kind: LogicalType, meaning: str) -> Column:
    return Column(name=name, type=kind, meaning={"en": meaning})


def cases_query(source: CaseSource, *, first: datetime, beyond: datetime, dialect: str) -> exp.Select:
    """Ask for the cases that happened in a span, with every column but their bucket and since when they are known.

    Parameters
    ----------
    first, beyond : datetime
        UTC; the first belongs to the span, the second does not.
    dialect : str
        ``duckdb`` or ``spark``.
    """
    at = _base(source.at)
    span = (
        exp.GTE(this=at.copy(), expression=_instant(first)),
        exp.LT(this=at.copy(), expression=_instant(beyond)),
    )
    counts = {(join.name, name) for join in source.joins for name, (how, _) in join.columns.items() if how == "count"}
    found = exp.select(
        _case_id(source).as_("case_id"),
        at.as_("at"),
        _market(source).as_(MARKET),
        _base("city_id").as_(CITY),
        *(_value(one, dialect, counts).as_(name) for name, one in source.columns.items()),
    ).from_(exp.alias_(exp.to_table(source.table.name), BASE, table=True))
    if not source.table.has("country"):
        found = found.join("cities AS cities", on="cities.city_id = base.city_id", join_type="left")
    for join in source.joins:
        found = found.join(
            _brought(source, join, dialect, span).subquery(join.name), on=_on(source, join), join_type="left"
        )
    found = found.where(*(one.copy() for one in span))
    return found.where(_over(source.where, BASE, dialect, counts)) if source.where is not None else found


def span_query(source: CaseSource) -> exp.Select:
    """Ask when the first and the last row of the facts happened that may be cases."""
    at = _base(source.at)
    found = exp.select(exp.Min(this=at).as_("first_at"), exp.Max(this=at.copy()).as_("last_at"))
    return found.from_(exp.alias_(exp.to_table(source.table.name), BASE, table=True))


def settled_before(source: CaseSource, now: datetime) -> datetime:
    """Tell before which instant cases happened that are taken up by now."""
    return now - timedelta(hours=source.settle_hours)


def _base(name: str) -> exp.Column:
    return exp.column(name, BASE, quoted=True)


def _case_id(source: CaseSource) -> exp.Expr:
    parts: list[exp.Expr] = []
    for name in source.table.key:
        parts += [exp.Literal.string("/"), exp.cast(_base(name), exp.DataType.Type.TEXT)]
    return parts[1] if len(parts) == 2 else exp.Concat(expressions=parts[1:])  # noqa: PLR2004 - one column


def _market(source: CaseSource) -> exp.Expr:
    return _base("country") if source.table.has("country") else exp.column("country", "cities", quoted=True)


def _value(one: Computed, dialect: str, counts: Counts) -> exp.Expr:
    tree = _over(one.tree, BASE, dialect, counts)
    if one.whole and one.type is ColumnType.DOUBLE:
        return exp.cast(exp.Floor(this=exp.paren(tree)), exp.DataType.Type.BIGINT)
    return exp.paren(tree) if isinstance(tree, exp.Connector) else tree


def _over(tree: exp.Expr, table: str, dialect: str, counts: Counts = frozenset()) -> exp.Expr:
    """Write an expression in a dialect, with a name before the columns that stand without any.

    What was counted is nought where there was nothing to count.
    """
    root = exp.paren(tree.copy(), copy=False)
    for column in list(root.find_all(exp.Column)):
        is_count = (column.table, column.name) in counts
        named = exp.column(column.name, column.table or table, quoted=True)
        column.replace(exp.Coalesce(this=named, expressions=[exp.Literal.number(0)]) if is_count else named)
    return write(root.this, dialect)


def _brought(source: CaseSource, join: Joined, dialect: str, span: tuple[exp.Expr, ...]) -> exp.Select:
    """Bring the rows of a join together by the columns on which it is joined, or case by case where time counts."""
    keys = [*join.on, join.at] if join.earlier_days else [*join.on]
    columns = [_aggregate(how, one, dialect).as_(name) for name, (how, one) in join.columns.items()]
    found = exp.select(*(_lent(join, name).as_(name) for name in keys), *columns)
    found = found.from_(exp.alias_(exp.to_table(join.table), _OTHER, table=True))
    for number, (table, on) in enumerate(join.through):
        lender = exp.alias_(exp.to_table(table), f"lender_{number}", table=True)
        same = [exp.EQ(this=exp.column(name, f"lender_{number}", quoted=True), expression=_other(name)) for name in on]
        found = found.join(lender, on=exp.and_(*same))
    if join.where is not None:
        found = found.where(_over(join.where, _OTHER, dialect))
    found = found.group_by(*(_lent(join, name) for name in keys))
    return _earlier(source, join, found, span) if join.earlier_days else found


def _earlier(source: CaseSource, join: Joined, events: exp.Select, span: tuple[exp.Expr, ...]) -> exp.Select:
    """Bring together what happened before each case, of rows that were brought together by instant."""
    keys = source.table.key
    columns = [
        _made_of(how, _other(name), is_whole=how == "count" or one.type is ColumnType.INTEGER).as_(name)
        for name, (how, one) in join.columns.items()
    ]
    days = exp.Interval(this=exp.Literal.string(str(join.earlier_days)), unit=exp.var("DAY"))
    at, when = _other(join.at), _base(source.at)
    same = [exp.EQ(this=_base(name), expression=_other(name)) for name in join.on]
    before = exp.LT(this=at, expression=when)
    lately = exp.GTE(this=at.copy(), expression=exp.Sub(this=when.copy(), expression=days))
    found = exp.select(*(_base(name).as_(name) for name in keys), *columns)
    found = found.from_(exp.alias_(exp.to_table(source.table.name), BASE, table=True))
    found = found.join(events.subquery(_OTHER), on=exp.and_(*same, before, lately))
    return found.where(*(one.copy() for one in span)).group_by(*(_base(name) for name in keys))


def _other(name: str) -> exp.Column:
    return exp.column(name, _OTHER, quoted=True)


def _lent(join: Joined, name: str) -> exp.Column:
    if TABLES[join.table].has(name):
        return _other(name)
    number = next(number for number, (table, _) in enumerate(join.through) if TABLES[table].has(name))
    return exp.column(name, f"lender_{number}", quoted=True)


def _aggregate(how: str, one: Computed, dialect: str) -> exp.Expr:
    tree = _over(one.tree, _OTHER, dialect)
    return exp.Count(this=tree) if how == "count" else _made_of(how, tree, is_whole=one.type is ColumnType.INTEGER)


def _made_of(how: str, tree: exp.Expr, *, is_whole: bool) -> exp.Expr:
    """Write what is made of many values; counts are added up."""
    made = _MADE[how](this=tree)
    return exp.cast(made, exp.DataType.Type.BIGINT) if isinstance(made, exp.Sum) and is_whole else made


_MADE: Mapping[str, type[exp.AggFunc]] = {"sum": exp.Sum, "count": exp.Sum, "min": exp.Min, "max": exp.Max}


def _on(source: CaseSource, join: Joined) -> exp.Expr:
    keys = source.table.key if join.earlier_days else join.on
    return exp.and_(*(exp.EQ(this=_base(name), expression=exp.column(name, join.name, quoted=True)) for name in keys))


def _instant(at: datetime) -> exp.Expr:
    return exp.cast(exp.Literal.string(at.isoformat(sep=" ")), exp.DataType.Type.TIMESTAMPTZ)
