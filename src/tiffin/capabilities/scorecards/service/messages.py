"""What an alert says: a short e-mail with the number, its bounds, its last days and where to look."""

from collections.abc import Sequence
from datetime import date

from tiffin.capabilities.metrics import service as metrics
from tiffin.capabilities.metrics.service.cities import visible_cities
from tiffin.capabilities.scorecards.domain.alerts import AlertRule, Event, Observed, Per, When
from tiffin.capabilities.scorecards.service.outbox import Posted, post
from tiffin.capabilities.scorecards.service.snapshots import tile_styles
from tiffin.runtime.context import Context
from tiffin.runtime.i18n import format_country, format_date, language_of, mark, translate
from tiffin.web.charts.figure import Caption
from tiffin.web.charts.line import Series, line_chart
from tiffin.web.measures import show_measure, shower
from tiffin.web.templating import render

SUBJECTS = {
    Event.RAISED: mark("{place}: {metric} is {value}"),
    Event.RECOVERED: mark("{place}: {metric} is within bounds again, {value}"),
}
BOUNDS = {
    When.ABOVE: mark("Told when it is above {threshold}; days in a row: {count}."),
    When.BELOW: mark("Told when it is below {threshold}; days in a row: {count}."),
    When.ANOMALY: mark("Told when it is out of the ordinary for its weekday and season."),
}


def bounds_text(context: Context, rule: AlertRule) -> str:
    """Say in the reader's language when a rule tells."""
    metric = metrics.find_metric(context, rule.metric)
    threshold = show_measure(rule.threshold, metric.unit, context.locale)
    return translate(context.locale, BOUNDS[rule.when], threshold=threshold, count=rule.periods)


def place_text(context: Context, rule_per: Per, place: str) -> str:
    """Name the city or country of an alert."""
    if rule_per is Per.COUNTRY:
        return format_country(place, context.locale)
    names = {city.city_id: city.name for city in visible_cities(context)}
    return translate(context.locale, names.get(place, place))


def post_alert(
    own: Context,
    rule: AlertRule,
    *,
    place: str,
    event: Event,
    found: Observed,
    history: Sequence[tuple[date, float | None]],
) -> Posted:
    """Put what an alert says into the outbox of whoever acts in the context; the same news of the same day once."""
    locale = own.locale
    metric = metrics.find_metric(own, rule.metric)
    label = metric.label.text(language_of(locale))
    value = show_measure(found.value, metric.unit, locale)
    name = place_text(own, rule.per, place)
    subject = translate(locale, SUBJECTS[event], place=name, metric=label, value=value)
    caption = Caption(translate(locale, "{metric}, last days", metric=label), metric.meaning.text(language_of(locale)))
    days = [format_date(day, locale, skeleton="MMMd") for day, _ in history]
    series = [Series(label, tuple(value for _, value in history))]
    chart = line_chart(days, series, caption=caption, locale=locale, show=shower(metric.unit, locale))
    bounds = bounds_text(own, rule)
    html = render(
        "scorecards/alert.html",
        locale,
        subject=subject,
        bounds=bounds,
        meaning=metric.meaning.text(language_of(locale)),
        chart=chart,
        is_raised=event is Event.RAISED,
        day=date.fromisoformat(found.period),
        rule=rule.name,
        version=metric.version.number,
        styles=tile_styles(),
        made_at=own.now,
    )
    key = f"alert|{rule.name}|{place}|{event}|{found.period}|{own.now.isoformat()}"
    return post(
        own, key=key, recipient=own.actor.name, kind="alert", subject=subject, text=f"{subject}\n{bounds}", html=html
    )
