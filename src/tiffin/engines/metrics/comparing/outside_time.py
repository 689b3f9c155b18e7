"""How dialects write time, in one form, and which days conditions on time ask for."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from sqlglot import exp

from tiffin.engines.metrics.comparing.canonical import Form


def plain_time(tree: exp.Expr, now: datetime) -> exp.Expr:
    """Write the time in an expression plainly: dates as casts, one zone at most, the present day as a day."""
    return tree.transform(lambda node: _one_form(node, now))


def _one_form(node: exp.Expr, now: datetime) -> exp.Expr:  # noqa: PLR0911 - one line a form
    if isinstance(node, exp.CurrentDate):
        return _day(now.date())
    if isinstance(node, (exp.CurrentTimestamp, exp.CurrentDatetime)):
        return exp.cast(exp.Literal.string(now.isoformat(sep=" ")), "timestamptz")
    if isinstance(node, exp.Date):
        zone = node.args.get("zone")
        inner = _one_form(node.this, now)
        return exp.cast(exp.AtTimeZone(this=inner, zone=zone.copy()) if zone is not None else inner, "date")
    if isinstance(node, exp.TsOrDsToDate):
        return exp.cast(_one_form(node.this, now), "date")
    if isinstance(node, exp.Cast) and isinstance(node.this, exp.Column) and node.to.is_type("timestamp", "timestamptz"):
        return node.this
    if isinstance(node, exp.AtTimeZone) and isinstance(node.this, exp.AtTimeZone):
        return exp.AtTimeZone(this=node.this.this.copy(), zone=node.args["zone"].copy())
    moved = _moved_day(node, now)
    return moved if moved is not None else node


def _moved_day(node: exp.Expr, now: datetime) -> exp.Expr | None:
    """Compute so many days before or after the present day."""
    if not isinstance(node, (exp.Sub, exp.Add, exp.DateSub, exp.DateAdd, exp.TsOrDsAdd)) or node.find(exp.Column):
        return None
    if node.find(exp.CurrentDate, exp.CurrentTimestamp) is None:
        return None
    literal = next((one for one in node.find_all(exp.Literal) if one.this.lstrip("-").isdigit()), None)
    if literal is None:
        return None
    days = int(literal.this) * (7 if "WEEK" in node.sql().upper() else 1)
    is_back = isinstance(node, (exp.Sub, exp.DateSub)) or node.find(exp.Neg) is not None
    return _day(now.date() - timedelta(days=days) if is_back else now.date() + timedelta(days=days))


def _day(day: date) -> exp.Expr:
    return exp.cast(exp.Literal.string(day.isoformat()), "date")


def days_of(time: Mapping[Form, exp.Expr]) -> tuple[date | None, date | None]:
    """Tell the first and the last day that conditions on time ask for."""
    first: date | None = None
    last: date | None = None
    for condition in time.values():
        low, high = _bounds(condition)
        first = max(filter(None, (first, low)), default=None)
        last = min(filter(None, (last, high)), default=None)
    return first, last


def _bounds(condition: exp.Expr) -> tuple[date | None, date | None]:
    found = [_instant(one.this) for one in condition.find_all(exp.Literal) if one.is_string]
    days = [one for one in found if one is not None]
    if not days:
        return None, None
    low, high = min(days), max(days)
    if isinstance(condition, exp.EQ):
        return _period(condition, low)
    if isinstance(condition, exp.Between):
        return low.date(), high.date()
    is_left = condition.this.find(exp.Column) is not None
    is_upper = isinstance(condition, (exp.LT, exp.LTE)) == is_left
    is_strict = isinstance(condition, (exp.LT, exp.GT)) and low == datetime.combine(low.date(), datetime.min.time())
    if is_upper:
        return None, low.date() - timedelta(days=1) if is_strict else low.date()
    is_after = isinstance(condition, (exp.GT, exp.LT)) and condition.find(exp.Cast) is not None
    return low.date() + timedelta(days=1) if is_after else low.date(), None


def _period(condition: exp.Expr, low: datetime) -> tuple[date, date]:
    cut = condition.find(exp.TimestampTrunc, exp.DateTrunc)
    unit = str(cut.args["unit"].name).upper() if cut is not None else "DAY"
    if unit == "MONTH":
        return low.date(), (low.replace(day=28) + timedelta(days=4)).replace(day=1).date() - timedelta(days=1)
    return low.date(), low.date() + timedelta(days=6 if unit.startswith("WEEK") else 0)


def _instant(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text).replace(tzinfo=None)
    except ValueError:
        return None
