"""The course of the checks as a picture: a governed number, drawn as every other is."""

from datetime import timedelta

from markupsafe import Markup

from tiffin.capabilities.metrics import service as metrics
from tiffin.capabilities.quality.service.check_facts import OWN
from tiffin.engines.metrics.request import Condition, MetricRequest, Operator
from tiffin.kernel.time import Days
from tiffin.runtime.context import Context
from tiffin.runtime.i18n import format_date, language_of, mark, translate
from tiffin.web.charts.figure import Caption
from tiffin.web.charts.line import Series, line_chart
from tiffin.web.measures import shower

METRIC = "check_pass_share"
SHOWN = timedelta(days=27)


def trend(context: Context, country: str = "") -> Markup:
    """Draw which share of the checks passed on each of the last days, as far as the reader may see; else nothing."""
    if OWN not in context.warehouse.versions() or not context.actor.grants:
        return Markup("")
    today = context.now.date()
    where = (Condition("country", Operator.EQ, (country,)),) if country else ()
    request = MetricRequest((METRIC,), ("business_date",), where, Days(today - SHOWN, today))
    values = {row[0]: row[1] for row in metrics.query(context, request).rows}
    if not values:
        return Markup("")
    locale, found = context.locale, metrics.find_metric(context, METRIC)
    label = found.label.text(language_of(locale))
    days = [today - SHOWN + timedelta(days=number) for number in range(SHOWN.days + 1)]
    caption = Caption(label, translate(locale, mark("By day, the last four weeks; a gap is a day without checks.")))
    series = [Series(label, tuple(values.get(day) for day in days))]
    drawn = [format_date(day, locale, skeleton="MMMd") for day in days]
    show = shower(found.unit, locale)
    return line_chart(drawn, series, caption=caption, locale=locale, show=show, from_zero=False)
