"""Map of one way: places, zones around them, where somebody was at each report. West stays left in any script."""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from tiffin.runtime.i18n import translate
from tiffin.web.charts.figure import Caption, Figures, Key, drawing, figure, nothing_to_draw
from tiffin.web.charts.svg import label, number, tag
from tiffin.web.charts.zone_map import Projection, ZoneShape, path_of, projection_of

BESIDE = 11.0
"""Distance of a place's name from its sign."""

LEAST_HEIGHT = 0.55
"""A map is at least so high as a part of its width, in degrees: a way along one street has its surroundings too."""

LEAST_DEGREES = 0.004
"""A map shows at least this much around its places, about 400 metres."""


@dataclass(frozen=True, slots=True)
class Place:
    """Somewhere on the ground.

    Parameters
    ----------
    latitude, longitude : float
        Degrees, WGS 84.
    css : str
        ``pickup`` or ``dropoff``: shape and colour of its sign.
    """

    name: str
    latitude: float
    longitude: float
    css: str


@dataclass(frozen=True, slots=True)
class Report:
    """Where somebody was at an instant.

    Parameters
    ----------
    told : str
        The instant and what he was doing, in words.
    """

    told: str
    latitude: float
    longitude: float


def way_map(
    places: Sequence[Place],
    way: Sequence[Report],
    zones: Sequence[ZoneShape] = (),
    *,
    at: int,
    caption: Caption,
    locale: str = "en",
) -> Markup:
    """Draw a way up to one of its reports, the rest of it thinner.

    Parameters
    ----------
    at : int
        Number of the report that is drawn as where he is, from 0; beyond the last it is the last.
    """
    points = [
        *((one.longitude, one.latitude) for one in places),
        *((one.longitude, one.latitude) for one in way),
    ]
    if not points:
        return nothing_to_draw(caption, locale=locale)
    project, width, height = projection_of(_around(points))
    near = [zone for zone in zones if zone.rings and _reaches(zone, points)]
    parts = [_outline(zone, project) for zone in near]
    if way:
        now = min(max(at, 0), len(way) - 1)
        parts += [_line(way, project, css="way ahead"), _line(way[: now + 1], project, css="way gone")]
        parts += [_report(one, project, number_of, is_now=number_of == now) for number_of, one in enumerate(way)]
    elif len(places) > 1:
        parts.append(_line([Report("", one.latitude, one.longitude) for one in places], project, css="way ahead"))
    parts += [part for one in places for part in _place(one, project)]
    svg = drawing(parts, width=width, height=height, caption=caption, locale=locale)
    rows = (
        *((one.name, _degrees(one)) for one in places),
        *((one.told, _degrees(one)) for one in way),
    )
    figures = Figures(("", translate(locale, "Latitude, longitude")), rows)
    keys = [Key(one.name, one.css) for one in places]
    return figure(caption, svg, locale=locale, figures=figures, keys=keys, css="map way-map")


def _around(points: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    """Add corners, so that what lies at the rim is not cut and two places in one street do not fill the map."""
    west, east = min(x for x, _ in points), max(x for x, _ in points)
    south, north = min(y for _, y in points), max(y for _, y in points)
    margin = max((max(east - west, north - south)) * 0.12, LEAST_DEGREES / 2)
    upright = max(margin, (east - west + 2 * margin) * LEAST_HEIGHT / 2 - (north - south) / 2)
    return [(west - margin, south - upright), (east + margin, north + upright)]


def _reaches(zone: ZoneShape, points: Sequence[tuple[float, float]]) -> bool:
    """Tell whether a zone's box touches that of the points, so that a map of one street is no map of the city."""
    (west, south), (east, north) = _around(points)
    xs = [x for ring in zone.rings for x, _ in ring]
    ys = [y for ring in zone.rings for _, y in ring]
    return min(xs) <= east and max(xs) >= west and min(ys) <= north and max(ys) >= south


def _outline(zone: ZoneShape, project: Projection) -> Markup:
    drawn = " ".join(path_of(ring, project) for ring in zone.rings)
    return tag("path", tag("title", zone.name), d=drawn, fill_rule="evenodd", class_="zone-outline")


def _line(way: Sequence[Report], project: Projection, *, css: str) -> Markup:
    points = (project((one.longitude, one.latitude)) for one in way)
    return tag("polyline", points=" ".join(f"{number(x)},{number(y)}" for x, y in points), class_=css)


def _report(one: Report, project: Projection, at: int, *, is_now: bool) -> Markup:
    x, y = project((one.longitude, one.latitude))
    css = "report now" if is_now else "report"
    return tag("circle", tag("title", one.told), cx=x, cy=y, r=6.5 if is_now else 2.5, class_=css, data_report=at)


def _place(place: Place, project: Projection) -> tuple[Markup, Markup]:
    x, y = project((place.longitude, place.latitude))
    title = tag("title", place.name)
    css = f"place {place.css}"
    sign = (
        tag("rect", title, x=x - 6, y=y - 6, width=12.0, height=12.0, rx=2, class_=css)
        if place.css == "pickup"
        else tag("path", title, d=_pin(x, y), class_=css)
    )
    # Anchors follow the reading direction, and a map does not: a name above its sign suits every script.
    return sign, label(x, y - BESIDE if y > 2 * BESIDE else y + 2 * BESIDE, place.name, css="label strong place-name")


def _pin(x: float, y: float) -> str:
    corners = ((x, y - 7), (x + 7, y), (x, y + 7), (x - 7, y))
    return "M" + "L".join(f"{number(left)} {number(top)}" for left, top in corners) + "Z"


def _degrees(one: Place | Report) -> str:
    return f"{one.latitude:.5f}, {one.longitude:.5f}"
