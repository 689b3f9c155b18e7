"""How a metric has run in a city: day by day, and split by a dimension."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from markupsafe import Markup

from tiffin.capabilities.metrics import service
from tiffin.capabilities.metrics.service.footprints import CityRecord
from tiffin.capabilities.metrics.service.receipts import Receipt
from tiffin.engines.metrics.definitions import Metric
from tiffin.engines.metrics.request import Condition, MetricRequest, Operator, Order
from tiffin.kernel.time import Days
from tiffin.runtime.context import Context
from tiffin.runtime.i18n import format_date, translate
from tiffin.web.charts.bar import bar_chart
from tiffin.web.charts.figure import Caption
from tiffin.web.charts.line import Series, line_chart
from tiffin.web.measures import show_measure, shower

DAYS = 28
"""How many days are drawn unless asked otherwise."""

MOST_DAYS = 366
MOST_GROUPS = 24
DAY = "business_date"
WEEKDAY = "weekday"
USUAL_SPLITS = ("local_hour", "zone_id", WEEKDAY)
A_MONDAY = date(2024, 1, 1)


@dataclass(frozen=True, slots=True)
class History:
    """A metric's days in a city, newest last.

    Parameters
    ----------
    chart, split : Markup
        Drawn by day, and by the chosen dimension over the same days.
    withheld, groups_withheld : int
        How many of the days, and of the groups of the split, are withheld from the reader, for they are too small.
    """

    days: tuple[date, ...]
    values: tuple[float | None, ...]
    latest: str
    currency: str | None
    chart: Markup
    split: Markup
    by: str
    withheld: int
    groups_withheld: int
    receipt: Receipt


def daily_request(name: str, city: CityRecord | None, under: date | None = None) -> MetricRequest:
    """Ask for a metric by business day, as it was defined on a day or as it is now."""
    where = (Condition("city_id", Operator.EQ, (city.city_id,)),) if city else ()
    return MetricRequest((name,), by=(DAY,), where=where, under=under)


def chosen_split(possible: Sequence[str], wanted: str) -> str:
    """Choose the dimension to split by: the wanted one where it is possible, else the usual one."""
    return next((name for name in (wanted, *USUAL_SPLITS) if name in possible), possible[0] if possible else "")


def history_of(
    context: Context, metric: Metric, city: CityRecord, *, days: int, by: str, under: date | None = None
) -> History:
    """Ask for the metric's last days in a city and draw them."""
    request = daily_request(metric.name, city, under)
    answer = service.query(context, request)
    hidden = {answer.rows[row][0] for row, _ in answer.receipt.withheld}
    drawn = [row for row in answer.rows if row[0] is not None and (row[1] is not None or row[0] in hidden)]
    drawn = sorted(drawn, key=lambda row: row[0])[-min(max(days, 1), MOST_DAYS) :]
    rows = [row for row in drawn if row[1] is not None]
    values = tuple(float(row[1]) for row in rows)
    currency = city.currency if metric.unit == "money" else None
    split, groups_withheld = Markup(""), 0
    if rows and by:
        split, groups_withheld = _split(context, metric, request, rows, by=by, currency=currency)
    return History(
        days=tuple(row[0] for row in rows),
        values=values,
        latest=show_measure(values[-1] if values else None, metric.unit, context.locale, currency=currency),
        currency=currency,
        chart=_chart(context, metric, drawn, currency),
        split=split,
        by=by,
        withheld=len(drawn) - len(rows),
        groups_withheld=groups_withheld,
        receipt=answer.receipt,
    )


def _chart(context: Context, metric: Metric, rows: Sequence[Sequence[Any]], currency: str | None) -> Markup:
    locale, label = context.locale, metric.label.text(context.locale)
    return line_chart(
        [format_date(row[0], locale, skeleton="MMMd") for row in rows],
        [Series(label, tuple(None if row[1] is None else float(row[1]) for row in rows))],
        caption=Caption(translate(locale, "{metric} by day", metric=label), metric.meaning.text(locale)),
        locale=locale,
        show=shower(metric.unit, locale, currency=currency),
        height=260,
    )


def _split(
    context: Context,
    metric: Metric,
    asked: MetricRequest,
    rows: Sequence[Sequence[Any]],
    *,
    by: str,
    currency: str | None,
) -> tuple[Markup, int]:
    """Draw the metric by a dimension, and tell how many of its groups are withheld."""
    locale = context.locale
    largest_first = (Order(metric.name, is_descending=True),)
    request = replace(asked, by=(by,), days=Days(rows[0][0], rows[-1][0]), order_by=largest_first)
    found = service.query(context, request)
    groups = [row for row in found.rows if row[1] is not None][:MOST_GROUPS]
    if all(isinstance(row[0], int) for row in groups):
        groups.sort(key=lambda row: row[0])
    dimension = next(one for one in service.dimensions_of(context, metric.name) if one.name == by)
    names = [_named(row[0], by, locale) for row in groups]
    title = translate(
        locale,
        "{metric} by {dimension}",
        metric=metric.label.text(locale),
        dimension=dimension.label.text(locale).lower(),
    )
    chart = bar_chart(
        names,
        [Series(metric.label.text(locale), tuple(float(row[1]) for row in groups))],
        caption=Caption(title),
        locale=locale,
        show=shower(metric.unit, locale, currency=currency),
    )
    return chart, len(found.receipt.withheld)


def _named(value: object, dimension: str, locale: str) -> str:
    if value is None:
        return translate(locale, "not known")
    if dimension == WEEKDAY and isinstance(value, int):
        return format_date(A_MONDAY + timedelta(days=value - 1), locale, skeleton="E")
    return format_date(value, locale, skeleton="MMMd") if isinstance(value, date) else str(value)
