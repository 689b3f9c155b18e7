"""SQL of BI tools read as metric requests: one virtual table whose columns are dimensions and metrics.

``SELECT business_date, country, orders FROM metrics WHERE country = 'SA' ORDER BY 1 LIMIT 100`` asks for the metric
``orders`` by two dimensions. The grouping follows from the columns, since a metric knows how it aggregates; a GROUP BY
may repeat it. Whatever else SQL can say is refused, so that no number leaves that is not a governed one.
"""

from collections.abc import Container, Mapping
from dataclasses import dataclass

from sqlglot import exp

from tiffin.engines.metrics.definitions import Dimension
from tiffin.engines.metrics.request import Condition, MetricRequest, Order
from tiffin.engines.metrics.vocabulary import near
from tiffin.engines.metrics.where import parse_where
from tiffin.kernel.errors import NotFound, WrongUse

TABLE = "metrics"
MEASURES = ("MEASURE", "AGG")
"""Calls that may stand around a metric, for tools that insist on an aggregate."""

_ALLOWED = ("expressions", "from_", "where", "group", "order", "limit")
_HOW = "A metric stands by its name, or as MEASURE(name): it aggregates by itself."


@dataclass(frozen=True, slots=True)
class Selection:
    """A request, and how its answer is laid out.

    Parameters
    ----------
    columns : tuple of (str, str)
        Heading and name of the dimension or metric, in the order of the statement.
    """

    request: MetricRequest
    columns: tuple[tuple[str, str], ...]


def read_select(tree: exp.Expr, dimensions: Mapping[str, Dimension], metrics: Container[str]) -> Selection:
    """Read a statement.

    Raises
    ------
    WrongUse
        It says more than a request can.
    NotFound
        It names a table or column that does not exist.
    """
    if not isinstance(tree, exp.Select):
        raise WrongUse("Only SELECT is answered here: metrics are read, and nothing is changed.")
    _refuse_more(tree)
    columns = tuple(_column(item) for item in tree.expressions)
    names = [name for _, name in columns]
    for name in names:
        if name not in dimensions and name not in metrics:
            known = [*dimensions]
            raise NotFound(f"The table {TABLE} has no column {name}.{near(name, known)} See `tiffin metrics list`.")
    by = tuple(dict.fromkeys(name for name in names if name in dimensions))
    asked = tuple(dict.fromkeys(name for name in names if name not in dimensions))
    if not asked:
        raise WrongUse(f"Name at least one metric beside the dimensions. {_HOW}")
    _check_groups(tree, columns, by)
    request = MetricRequest(asked, by, _conditions(tree, dimensions), None, _orders(tree, columns), _limit(tree))
    return Selection(request, columns)


def _refuse_more(tree: exp.Select) -> None:
    more = [name for name, part in tree.args.items() if part and name not in _ALLOWED]
    if more:
        told = ", ".join(name.rstrip("_").upper() for name in more)
        raise WrongUse(f"{told}: not answered here. A statement has SELECT, FROM, WHERE, GROUP BY, ORDER BY and LIMIT.")
    source = tree.args.get("from_")
    table = source.this if source else None
    if not isinstance(table, exp.Table) or table.name.lower() != TABLE:
        told = table.sql() if table else "nothing"
        raise NotFound(f"The one table here is {TABLE}; {told} was asked. Its columns are dimensions and metrics.")


def _column(item: exp.Expr) -> tuple[str, str]:
    inner = item.this if isinstance(item, exp.Alias) else item
    if isinstance(inner, exp.Anonymous) and inner.name.upper() in MEASURES and len(inner.expressions) == 1:
        inner = inner.expressions[0]
    if isinstance(inner, exp.Star):
        raise WrongUse("Name the columns: the table holds every dimension and metric, and not all go together.")
    if not isinstance(inner, exp.Column):
        raise WrongUse(f"{inner.sql()} is computed over metrics or rows, which is not done here. {_HOW}")
    return (item.alias or inner.name, inner.name)


def _check_groups(tree: exp.Select, columns: tuple[tuple[str, str], ...], by: tuple[str, ...]) -> None:
    group = tree.args.get("group")
    if group is None:
        return
    named = {_named(item, columns) for item in group.expressions}
    if named != set(by):
        raise WrongUse(
            f"GROUP BY names {', '.join(sorted(named)) or 'nothing'}, and the dimensions of the SELECT are "
            f"{', '.join(by) or 'none'}. Make both alike, or leave GROUP BY out."
        )


def _named(item: exp.Expr, columns: tuple[tuple[str, str], ...]) -> str:
    """Name the column that a position, a heading or a name means."""
    if isinstance(item, exp.Literal) and item.is_int:
        place = int(item.this)
        if not 1 <= place <= len(columns):
            raise WrongUse(f"Position {place} was asked of {len(columns)} columns.")
        return columns[place - 1][1]
    if isinstance(item, exp.Anonymous) and item.name.upper() in MEASURES:
        item = item.expressions[0]
    if not isinstance(item, exp.Column):
        raise WrongUse(f"{item.sql()}: columns are named here, not computed.")
    return dict(columns).get(item.name, item.name)


def _conditions(tree: exp.Select, dimensions: Mapping[str, Dimension]) -> tuple[Condition, ...]:
    where = tree.args.get("where")
    if where is None:
        return ()
    plain = where.this.copy()
    for column in plain.find_all(exp.Column):
        column.set("table", None)
        column.this.set("quoted", None)
    return tuple(parse_where(plain.sql("duckdb"), dimensions))


def _orders(tree: exp.Select, columns: tuple[tuple[str, str], ...]) -> tuple[Order, ...]:
    order = tree.args.get("order")
    items = order.expressions if order else ()
    return tuple(Order(_named(item.this, columns), is_descending=bool(item.args.get("desc"))) for item in items)


def _limit(tree: exp.Select) -> int | None:
    limit = tree.args.get("limit")
    if limit is None:
        return None
    if not isinstance(limit.expression, exp.Literal) or not limit.expression.is_int:
        raise WrongUse("LIMIT takes a whole number.")
    return int(limit.expression.this)
