"""The two drawings of an order's file: its time line, and the way of its rider."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from markupsafe import Markup

from tiffin.capabilities.orders.domain.order_file import LegTime, OrderFile
from tiffin.capabilities.orders.service import words
from tiffin.capabilities.orders.service.story import clock_of
from tiffin.runtime.i18n import format_duration, translate
from tiffin.web.charts.figure import Caption
from tiffin.web.charts.timeline import Moment, Span, timeline
from tiffin.web.charts.way_map import Place, Report, way_map
from tiffin.web.charts.zone_map import ZoneShape, ring_of_cell, rings_of_geojson


def timeline_of(file: OrderFile, legs: Sequence[LegTime], locale: str) -> Markup:
    """Draw the legs of an order against what was expected of them, with its promise."""
    begin = _begin(file)
    spans = [
        Span(
            words.said(words.LEGS, leg.name, locale),
            _minutes(begin, leg.begin),
            _minutes(begin, leg.end),
            None if leg.fair_s is None else leg.fair_s / 60,
            None if leg.blame_s is None else leg.blame_s / 60,
        )
        for leg in legs
    ]
    promised = _minutes(begin, file.order["promised_at"])
    moments = [] if promised is None else [Moment(translate(locale, "promised"), promised)]
    caption = Caption(
        translate(locale, "Time line"),
        translate(locale, "How long each step took; beyond what it may take it is drawn in another colour."),
    )
    return timeline(
        spans,
        moments,
        caption=caption,
        clock=lambda minute: clock_of(begin + timedelta(minutes=minute), file, locale),
        locale=locale,
        show=lambda value: format_duration(value, locale),
    )


def map_of(file: OrderFile, zones: Sequence[Mapping[str, Any]], locale: str, *, at: int) -> Markup:
    """Draw pick-up, drop-off and the rider's way up to one of his reports."""
    shapes = [_shape(zone) for zone in zones]
    caption = Caption(
        translate(locale, "Map"), translate(locale, "Where the order was picked up, where it went, and on which way.")
    )
    return way_map(_places(file, locale), reports_of(file, locale), shapes, at=at, caption=caption, locale=locale)


def reports_of(file: OrderFile, locale: str) -> list[Report]:
    """Give the rider's reports in words, oldest first; those whose place the reader is not told are left out."""
    return [
        Report(_report_told(row["at"], row["state"], file, locale), row["latitude"], row["longitude"])
        for row in file.rows("rider_positions")
        if row["latitude"] is not None and row["longitude"] is not None
    ]


def _report_told(at: datetime, state: str | None, file: OrderFile, locale: str) -> str:
    doing = words.said(words.RIDER_STATES, state, locale)
    return f"{clock_of(at, file, locale)} · {doing}"


def _places(file: OrderFile, locale: str) -> list[Place]:
    names = {"pickup": translate(locale, "Pick-up"), "dropoff": translate(locale, "Drop-off")}
    found = ((css, file.order[f"{css}_latitude"], file.order[f"{css}_longitude"]) for css in names)
    return [Place(names[css], north, east, css) for css, north, east in found if None not in (north, east)]


def _shape(zone: Mapping[str, Any]) -> ZoneShape:
    name = str(zone["name"] or zone["zone_id"])
    if zone["polygon"]:
        return ZoneShape(str(zone["zone_id"]), name, rings_of_geojson(zone["polygon"]))
    cell = zone["h3_cell"]
    return ZoneShape(str(zone["zone_id"]), name, (ring_of_cell(cell),) if cell else ())


def _begin(file: OrderFile) -> datetime:
    known = [at for leg in file.legs for at in (leg.begin, leg.end) if at is not None]
    begin: datetime = file.order["placed_at"] or min(known, default=datetime.min.replace(tzinfo=UTC))
    return begin


def _minutes(begin: datetime, at: datetime | None) -> float | None:
    return None if at is None else (at - begin).total_seconds() / 60
