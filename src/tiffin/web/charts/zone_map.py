"""Map of a city: its zones in the shades of their values. A map is never mirrored; west stays left in any script."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import cos, radians

import h3
from markupsafe import Markup

from tiffin.kernel.errors import InvalidData
from tiffin.web.charts.figure import Caption, Figures, Show, drawing, figure, nothing_to_draw, numbers_in
from tiffin.web.charts.heatmap import shade, shade_keys
from tiffin.web.charts.scales import bins, known
from tiffin.web.charts.svg import label, number, shortened, tag

Ring = tuple[tuple[float, float], ...]
"""A closed line of (longitude, latitude) in degrees."""

LONGEST_SIDE = 520.0
MARGIN = 8.0
NAME_SIZE = 9.5
NAMED_UP_TO = 30
"""With more zones than this their names would not fit into them."""


@dataclass(frozen=True, slots=True)
class ZoneShape:
    """A zone as it lies on the ground; several rings are separate parts or holes (even-odd)."""

    zone_id: str
    name: str
    rings: tuple[Ring, ...]


def rings_of_geojson(text: str) -> tuple[Ring, ...]:
    """Read the rings of a GeoJSON Polygon or MultiPolygon.

    Raises
    ------
    InvalidData
        The text is not such a geometry.
    """
    try:
        geometry = json.loads(text)
        polygons = geometry["coordinates"] if geometry["type"] == "MultiPolygon" else [geometry["coordinates"]]
        return tuple(tuple((float(x), float(y)) for x, y, *_ in ring) for polygon in polygons for ring in polygon)
    except (ValueError, KeyError, TypeError) as error:
        raise InvalidData(
            f"A zone's polygon must be a GeoJSON Polygon or MultiPolygon; found {text[:80]!r}. Mend the zone's polygon."
        ) from error


def ring_of_cell(cell: str) -> Ring:
    """Give the outline of an H3 cell."""
    return tuple((longitude, latitude) for latitude, longitude in h3.cell_to_boundary(cell))


def zone_map(
    zones: Sequence[ZoneShape],
    values: Mapping[str, float | None],
    *,
    caption: Caption,
    locale: str = "en",
    show: Show | None = None,
    among: Sequence[float | None] = (),
) -> Markup:
    """Draw the zones; one without a value is drawn hatched and says so.

    Parameters
    ----------
    among : sequence of float or None
        All values of a series of maps to which this one belongs, so that one shade means the same in each.
    """
    show = show or numbers_in(locale)
    shaped = [zone for zone in zones if zone.rings]
    shown = [values.get(zone.zone_id) for zone in shaped]
    shades = among or shown
    if not shaped or not known(shades):
        return nothing_to_draw(caption, locale=locale)
    edges = bins(shades)
    project, width, height = projection_of([point for zone in shaped for ring in zone.rings for point in ring])
    parts = [
        tag(
            "path",
            tag("title", f"{zone.name}\n{show(value)}"),
            d=" ".join(path_of(ring, project) for ring in zone.rings),
            fill_rule="evenodd",
            class_=f"zone {shade(value, edges)}",
        )
        for zone, value in zip(shaped, shown, strict=True)
    ]
    if len(shaped) <= NAMED_UP_TO:
        parts += [_name(zone, shade(value, edges), project) for zone, value in zip(shaped, shown, strict=True)]
    svg = drawing(parts, width=width, height=height, caption=caption, locale=locale)
    rows = tuple((zone.name, show(value)) for zone, value in zip(shaped, shown, strict=True))
    keys = shade_keys(shades, edges, show, locale)
    return figure(caption, svg, locale=locale, figures=Figures(("", caption.title), rows), keys=keys, css="map")


@dataclass(frozen=True, slots=True)
class Projection:
    """Plate carrée, stretched so that lengths are true in the middle of the city."""

    west: float
    north: float
    scale_x: float
    scale_y: float

    def __call__(self, point: tuple[float, float]) -> tuple[float, float]:
        """Give the place of a (longitude, latitude) in the drawing."""
        return MARGIN + (point[0] - self.west) * self.scale_x, MARGIN + (self.north - point[1]) * self.scale_y


def projection_of(points: Sequence[tuple[float, float]]) -> tuple[Projection, float, float]:
    """Give the projection that fits points into a drawing, with the drawing's width and height."""
    west, east = min(x for x, _ in points), max(x for x, _ in points)
    south, north = min(y for _, y in points), max(y for _, y in points)
    narrowing = cos(radians((south + north) / 2))
    across, down = (east - west) * narrowing, north - south
    scale = LONGEST_SIDE / max(across, down, 1e-9)
    width, height = across * scale + 2 * MARGIN, down * scale + 2 * MARGIN
    return Projection(west, north, scale * narrowing, scale), round(width, 1), round(height, 1)


def path_of(ring: Ring, project: Projection) -> str:
    """Write a ring as a path of the drawing."""
    return "M" + "L".join(f"{number(x)} {number(y)}" for x, y in map(project, ring)) + "Z"


def _name(zone: ZoneShape, css: str, project: Projection) -> Markup:
    """Write a zone's name in the middle of its largest part, as much of it as fits."""
    points = [project(point) for point in max(zone.rings, key=len)]
    left, right = min(x for x, _ in points), max(x for x, _ in points)
    top, bottom = min(y for _, y in points), max(y for _, y in points)
    name = shortened(zone.name, width=(right - left) * 0.9, size=NAME_SIZE)
    return label((left + right) / 2, (top + bottom) / 2 + 3, name, css=f"zone-name on-{css}")
