"""Queries of the checks of tables: one statement for all rules of a table's rows, and one for each look beyond."""

from collections.abc import Iterable, Sequence
from datetime import date

from sqlglot import exp, parse_one

_FACTS = "facts"
_DAY = "business_date"
_CITY = "city_id"


def condition(text: str, dialect: str) -> exp.Expr:
    """Read a row's rule, written for DuckDB, for the engine that will run it."""
    found: exp.Expr = parse_one(text, read="duckdb")
    return found.transform(_for_spark) if dialect == "spark" else found


def broken_rows(table: str, rules: Sequence[exp.Expr]) -> exp.Select:
    """Count a table's rows, and those that break each rule as ``b0``, ``b1``…; one pass for all."""
    rows = exp.Count(this=exp.Star()).as_("rows_seen")
    return exp.select(rows, *_broken(rules)).from_(exp.to_table(table).as_(_FACTS))


def broken_places(table: str, rules: Sequence[exp.Expr], by: Sequence[str]) -> exp.Select:
    """Count the same by city and day."""
    keys = [exp.column(name) for name in by]
    rows = exp.Count(this=exp.Star()).as_("rows_seen")
    found = exp.select(*keys, rows, *_broken(rules)).from_(exp.to_table(table).as_(_FACTS))
    return found.group_by(*(key.copy() for key in keys))


def some_keys(table: str, rule: exp.Expr, columns: Sequence[str], *, limit: int) -> exp.Select:
    """List the keys of some rows that break a rule."""
    keys = [exp.column(name) for name in columns]
    found = exp.select(*keys).from_(exp.to_table(table).as_(_FACTS)).where(exp.not_(rule.copy()))
    return found.order_by(*(key.copy() for key in keys)).limit(limit)


def repeated_keys(table: str, key: Sequence[str], dialect: str) -> exp.Select:
    """Count a table's rows, and how many more they are than digests of keys: none is proof that no key repeats."""
    name = "xxhash64" if dialect == "spark" else "hash"
    digest = exp.Anonymous(this=name, expressions=[exp.column(column) for column in key])
    different = exp.Count(this=exp.Distinct(expressions=[digest]))
    rows = exp.Count(this=exp.Star())
    return exp.select(rows.as_("rows_seen"), exp.Sub(this=rows.copy(), expression=different).as_("digests")).from_(
        exp.to_table(table).as_(_FACTS)
    )


def repeated_rows(table: str, key: Sequence[str], by: Sequence[str]) -> exp.Select:
    """Count the rows that repeat the key of another, by city and day."""
    counted = exp.Window(this=exp.Count(this=exp.Star()), partition_by=[exp.column(column) for column in key]).as_(
        "times"
    )
    names = dict.fromkeys((*by, *key))
    inner = exp.select(*(exp.column(name) for name in names), counted).from_(exp.to_table(table).as_(_FACTS))
    keys = [exp.column(name) for name in by]
    rows = exp.Count(this=exp.Star()).as_("rows_broken")
    found = exp.select(*keys, rows).from_(inner.subquery("counted")).where("times > 1")
    return found.group_by(*(key.copy() for key in keys)) if by else found


def some_repeated(table: str, key: Sequence[str], columns: Sequence[str], *, limit: int) -> exp.Select:
    """List some keys that stand more than once."""
    keys = [exp.column(name) for name in key]
    inner = exp.select(*keys).from_(exp.to_table(table).as_(_FACTS)).group_by(*(one.copy() for one in keys))
    inner = inner.having("count(*) > 1")
    shown = [exp.column(name) for name in columns]
    return exp.select(*shown).from_(inner.subquery("twice")).order_by(*(one.copy() for one in shown)).limit(limit)


def unknown_references(
    table: str, column: str, other: tuple[str, str], *, is_local: bool, by: Sequence[str]
) -> exp.Select:
    """Count the rows whose value names nothing, by city and day, in the cities of which the other table has rows.

    Parameters
    ----------
    is_local : bool
        Both tables have cities, and a value names something of its own city.
    """
    named_in, name = other
    held = dict.fromkeys((*by, *((_CITY,) if is_local else ()), column))
    values = (
        exp.select(*(exp.column(one) for one in held), exp.Count(this=exp.Star()).as_("times"))
        .from_(exp.to_table(table))
        .where(exp.column(column).is_(exp.null()).not_())
        .group_by(*(exp.column(one) for one in held))
        .subquery("named")
    )
    local = [exp.column(_CITY)] if is_local else []
    known = exp.select(*local, exp.column(name).as_("ref")).from_(exp.to_table(named_in)).distinct().subquery("known")
    on = [exp.EQ(this=exp.column(column, table="named"), expression=exp.column("ref", table="known"))]
    if is_local:
        on.append(exp.EQ(this=exp.column(_CITY, table="named"), expression=exp.column(_CITY, table="known")))
    keys = [exp.column(one, table="named") for one in by]
    times = exp.column("times", table="named")
    lost = exp.Case().when(exp.column("ref", table="known").is_(exp.null()), times.copy()).else_(exp.Literal.number(0))
    found = (
        exp.select(*keys, exp.Sum(this=times).as_("rows_seen"), exp.Sum(this=lost).as_("rows_broken"))
        .from_(values)
        .join(known, on=exp.and_(*on), join_type="left")
    )
    if is_local:
        held_in = exp.select(_CITY).from_(exp.to_table(named_in)).distinct().subquery("held")
        same = exp.EQ(this=exp.column(_CITY, table="named"), expression=exp.column(_CITY, table="held"))
        found = found.join(held_in, on=same, join_type="inner")
    return found.group_by(*(key.copy() for key in keys)) if by else found


def some_unknown(
    table: str, column: str, other: tuple[str, str], columns: Sequence[str], *, is_local: bool, limit: int
) -> exp.Select:
    """List the keys of some rows whose value names nothing."""
    named_in, name = other
    local = [exp.column(_CITY)] if is_local else []
    known = exp.select(*local, exp.column(name).as_("ref")).from_(exp.to_table(named_in)).distinct().subquery("known")
    on = [exp.EQ(this=exp.column(column, table=_FACTS), expression=exp.column("ref", table="known"))]
    if is_local:
        on.append(exp.EQ(this=exp.column(_CITY, table=_FACTS), expression=exp.column(_CITY, table="known")))
    keys = [exp.column(one, table=_FACTS) for one in columns]
    lost = exp.and_(
        exp.column(column, table=_FACTS).is_(exp.null()).not_(), exp.column("ref", table="known").is_(exp.null())
    )
    found = exp.select(*keys).from_(exp.to_table(table).as_(_FACTS)).join(known, on=exp.and_(*on), join_type="left")
    return found.where(lost).order_by(*(key.copy() for key in keys)).limit(limit)


def rows_of_days(table: str) -> exp.Select:
    """Count a table's rows by city and business day, all days."""
    keys = [exp.column(_CITY), exp.column(_DAY)]
    rows = exp.Count(this=exp.Star()).as_("value")
    return exp.select(*keys, rows).from_(exp.to_table(table)).group_by(*(key.copy() for key in keys))


def values_of_days(table: str, column: str, *, is_number: bool, first: date) -> exp.Select:
    """Count rows by city, business day and value; numbers are put into classes, four to each doubling."""
    value: exp.Expr = exp.cast(exp.column(column), "text")
    if is_number:
        size = exp.Add(this=exp.Abs(this=exp.column(column)), expression=exp.Literal.number(1))
        steps = exp.Floor(
            this=exp.Mul(
                this=exp.Div(
                    this=exp.Ln(this=exp.cast(size, "double")),
                    expression=exp.Ln(this=exp.cast(exp.Literal.number(2), "double")),
                ),
                expression=exp.Literal.number(4),
            )
        )
        value = exp.cast(exp.cast(steps, "bigint"), "text")
    inner = (
        exp.select(_CITY, _DAY, exp.Coalesce(this=value, expressions=[exp.Literal.string("")]).as_("held"))
        .from_(exp.to_table(table))
        .where(exp.GTE(this=exp.column(_DAY), expression=exp.cast(exp.Literal.string(first.isoformat()), "date")))
        .subquery("valued")
    )
    rows = exp.Count(this=exp.Star()).as_("value")
    return exp.select(_CITY, _DAY, "held", rows).from_(inner).group_by(_CITY, _DAY, "held")


def _broken(rules: Iterable[exp.Expr]) -> list[exp.Expr]:
    one, nought = exp.Literal.number(1), exp.Literal.number(0)
    return [
        exp.Sum(this=exp.Case().when(rule.copy(), nought.copy()).else_(one.copy())).as_(f"b{number}")
        for number, rule in enumerate(rules)
    ]


def _for_spark(node: exp.Expr) -> exp.Expr:
    name = node.name.lower() if isinstance(node, exp.Anonymous) else node.key
    if name == "epoch_us":
        value = node.expressions[0] if node.expressions else node.this
        return exp.Anonymous(this="unix_micros", expressions=[value])
    if name in ("isfinite", "is_finite"):
        value = node.expressions[0] if node.expressions else node.this
        largest = exp.Literal.number("1.7976931348623157e308")
        return exp.LTE(this=exp.Abs(this=value), expression=largest)
    if name in ("regexp_full_match", "regexpfullmatch"):
        parts = node.expressions or [node.this, node.expression]
        whole = exp.Literal.string(f"^(?:{parts[1].name})$")
        return exp.RegexpLike(this=parts[0], expression=whole)
    return node
