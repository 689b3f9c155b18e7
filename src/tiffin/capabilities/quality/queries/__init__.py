"""Queries of the checks, as expressions: rows by city and day, two ways to a number, shapes and contents of days."""

from datetime import date

from sqlglot import exp, parse_one

from tiffin.capabilities.quality.domain import Side

_BY = ("city_id", "business_date")


def rows_by_day(table: str, first: date, last: date) -> exp.Select:
    """Count a table's rows by city and business day."""
    return _by_day(table, exp.Count(this=exp.Star()), first, last)


def side_by_day(side: Side, first: date, last: date) -> exp.Select:
    """Compute one side of a reconciliation by city and business day."""
    value = exp.Sum(this=_column(side.of)) if side.of else exp.Count(this=exp.Star())
    query = _by_day(side.table, value, first, last)
    if side.where:
        query = query.where(parse_one(side.where, read="duckdb"))
    if side.known_in:
        orders = exp.select("city_id", "order_id").from_(exp.to_table(side.known_in)).distinct().subquery("known")
        on = "known.city_id = facts.city_id AND known.order_id = facts.order_id"
        query = query.join(orders, on=on, join_type="inner")
    return query


def half_hours(table: str, first: date, last: date) -> exp.Select:
    """Count orders by city, business day, local hour and the minute at which their slot begins."""
    parts = [_column(name) for name in (*_BY, "local_hour")]
    extract = exp.Extract(this=exp.var("MINUTE"), expression=_column("slot_at"))
    return (
        exp.select(*parts, extract.as_("slot_minute"), exp.Count(this=exp.Star()).as_("value"))
        .from_(exp.to_table(table).as_("facts"))
        .where(_days(first, last))
        .group_by(*(part.copy() for part in parts), extract.copy())
    )


def contents(table: str, columns: tuple[str, ...], first: date, last: date) -> exp.Select:
    """Count rows and rows with contents of their own by city and business day."""
    inner = (
        exp.select(*(_column(name) for name in (*_BY, *columns)), exp.Count(this=exp.Star()).as_("times"))
        .from_(exp.to_table(table).as_("facts"))
        .where(_days(first, last))
        .group_by(*(_column(name) for name in (*_BY, *columns)))
        .subquery("seen")
    )
    rows, distinct = exp.Sum(this=exp.column("times")).as_("rows_seen"), exp.Count(this=exp.Star()).as_("distinct_rows")
    return exp.select(*_BY, rows, distinct).from_(inner).group_by(*_BY)


def _by_day(table: str, value: exp.Expression, first: date, last: date) -> exp.Select:
    return (
        exp.select(*(_column(name) for name in _BY), value.as_("value"))
        .from_(exp.to_table(table).as_("facts"))
        .where(_days(first, last))
        .group_by(*(_column(name) for name in _BY))
    )


def _days(first: date, last: date) -> exp.Expression:
    return exp.Between(this=_column("business_date"), low=_date(first), high=_date(last))


def _date(day: date) -> exp.Expression:
    return exp.cast(exp.Literal.string(day.isoformat()), "date")


def _column(name: str) -> exp.Column:
    return exp.column(name, table="facts")
