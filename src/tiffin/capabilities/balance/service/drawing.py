"""The drawings of a day-book: map, zones by hours, the day by hour, and how a miss splits over its causes."""

from collections.abc import Mapping

from markupsafe import Markup

from tiffin.capabilities.balance.domain.cause import Lack
from tiffin.capabilities.balance.domain.daybook import Daybook, EpisodeStory, ZonePlace
from tiffin.capabilities.balance.service import words
from tiffin.runtime.i18n import format_duration, format_number, mark, translate
from tiffin.web.charts.figure import Caption, Show
from tiffin.web.charts.heatmap import Grid, heatmap
from tiffin.web.charts.line import Series, line_chart
from tiffin.web.charts.waterfall import Step, waterfall
from tiffin.web.charts.zone_map import ZoneShape, ring_of_cell, rings_of_geojson, zone_map

MOST_ROWS = 24
"""A taller heat map is no picture; the zones that missed most are drawn, and the count of the others is told."""


def minutes_in(locale: str) -> Show:
    """Write minutes of a drawing."""
    return lambda value: format_duration(value, locale)


def counts_people(book: Daybook) -> bool:
    """Tell whether misses are people not served and nothing else: they are then told as people, not as minutes."""
    return Lack.ORDERS in book.lacks


def missed_in(book: Daybook, locale: str) -> Show:
    """Write what was missed: as minutes, or as people where only these are counted."""
    if not counts_people(book):
        return minutes_in(locale)

    def people(value: float | None) -> str:
        return format_number(None if value is None else value / book.lost_order_min, locale)

    return people


def map_of(book: Daybook, locale: str) -> Markup | None:
    """Draw the zones in the shade of what they missed; None where there are no shapes or nothing to show."""
    shapes = [shape for zone in book.zones if (shape := shape_of(zone, locale)) is not None]
    if book.miss_map is None or len(shapes) < 2:  # noqa: PLR2004 - one zone is no map
        return None
    missed = missed_by_zone(book)
    people = counts_people(book)
    caption = Caption(
        translate(locale, mark("People not served by zone") if people else mark("Missed minutes by zone")),
        translate(locale, "Minutes beyond usual over the day, with each lost order weighed in."),
    )
    return zone_map(shapes, missed, caption=caption, locale=locale, show=missed_in(book, locale))


def missed_by_zone(book: Daybook) -> Mapping[str, float | None]:
    """Add up what each zone missed; None where nothing was wanted."""
    if book.miss_map is None:
        return {}
    return {
        zone: sum(v for v in row if v is not None) if any(v is not None for v in row) else None
        for zone, row in zip(book.miss_map.zones, book.miss_map.weighed_min, strict=True)
    }


def shape_of(zone: ZonePlace, locale: str) -> ZoneShape | None:
    """Give a zone's outline: its polygon, else its H3 cell, else none."""
    if zone.polygon:
        return ZoneShape(zone.zone_id, translate(locale, zone.name), rings_of_geojson(zone.polygon))
    if zone.h3_cell:
        return ZoneShape(zone.zone_id, translate(locale, zone.name), (ring_of_cell(zone.h3_cell),))
    return None


def heat_of(book: Daybook, locale: str) -> Markup | None:
    """Draw zones by hours; None where nothing can be said."""
    if book.miss_map is None or not book.miss_map.hours:
        return None
    grid_of = book.miss_map
    names = {zone.zone_id: translate(locale, zone.name) for zone in book.zones}
    missed = missed_by_zone(book)
    order = sorted(range(len(grid_of.zones)), key=lambda k: -(missed[grid_of.zones[k]] or 0.0))[:MOST_ROWS]
    rows = tuple(
        names.get(book.miss_map.zones[k], book.miss_map.zones[k]) or translate(locale, "whole city") for k in order
    )
    grid = Grid(
        rows,
        tuple(format_number(hour, locale) for hour in book.miss_map.hours),
        tuple(book.miss_map.weighed_min[k] for k in order),
    )
    people = counts_people(book)
    title = mark("People not served by zone and hour") if people else mark("Missed minutes by zone and hour")
    said = translate(locale, "Zones that missed most come first; hours are local.")
    left_out = len(grid_of.zones) - len(order)
    if left_out:
        said += " " + translate(locale, "Zones not drawn, which missed less: {count}.", count=left_out)
    caption = Caption(translate(locale, title), said)
    return heatmap(grid, caption=caption, locale=locale, show=missed_in(book, locale))


def profile_of(book: Daybook, locale: str) -> list[Markup]:
    """Draw the day by hour: what was wanted, riders on shift, time to the door; only what the facts support."""
    profile = book.profile
    if profile is None or not profile.hours:
        return []
    hours = [format_number(hour, locale) for hour in profile.hours]
    today, usual = translate(locale, "this day"), translate(locale, "usual")
    drawn: list[Markup] = []
    for title, now, then, show in (
        (mark("Wanted by hour"), profile.orders, profile.usual_orders, None),
        (mark("Riders on shift by hour"), profile.riders, profile.usual_riders, None),
        (mark("Minutes to the door by hour"), profile.door_min, profile.usual_door_min, minutes_in(locale)),
    ):
        if now is None or not any(now):
            continue
        series = [Series(today, tuple(now))]
        if then is not None:
            series.append(Series(usual, tuple(then)))
        caption = Caption(translate(locale, title), translate(locale, "By local hour of the business day."))
        drawn.append(line_chart(hours, series, caption=caption, locale=locale, show=show))
    return drawn


def waterfall_of(book: Daybook, story: EpisodeStory, locale: str) -> Markup:
    """Draw how the miss splits over its causes; the steps add up to it."""
    steps = [
        Step(translate(locale, words.CAUSES[share.cause]), share.weighed_min)
        for share in story.causes
        if abs(share.share) >= 0.005  # noqa: PLR2004 - half a percent is no step that anybody sees
    ]
    caption = Caption(
        translate(locale, "What the miss consists of"),
        translate(locale, "Parts by cause, adding up to the whole miss."),
    )
    return waterfall(
        Step(translate(locale, "Usual"), 0.0),
        steps,
        Step(translate(locale, "Missed"), story.miss_min),
        caption=caption,
        locale=locale,
        show=missed_in(book, locale),
    )
