"""Line chart: one or more series over evenly spaced positions, with the band in which values usually lie."""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from tiffin.web.charts.axes import category_axis, framed, hover_column, value_axis
from tiffin.web.charts.figure import (
    Caption,
    Figures,
    Key,
    Show,
    at_both_widths,
    drawing,
    figure,
    nothing_to_draw,
    numbers_in,
)
from tiffin.web.charts.scales import Scale, known, scale_for
from tiffin.web.charts.svg import Frame, number, tag

DOTS_UP_TO = 60
"""From how many positions on a line carries no dots."""


@dataclass(frozen=True, slots=True)
class Series:
    """A named row of values, one a position; None where there is none."""

    name: str
    values: tuple[float | None, ...]


@dataclass(frozen=True, slots=True)
class Band:
    """Where values usually lie: lower and upper bound at each position."""

    name: str
    low: tuple[float | None, ...]
    high: tuple[float | None, ...]


def line_chart(  # noqa: PLR0913 - a chart is told by its caption, its values and how to write them
    positions: Sequence[str],
    series: Sequence[Series],
    *,
    caption: Caption,
    locale: str = "en",
    band: Band | None = None,
    show: Show | None = None,
    from_zero: bool = True,
    height: float = 230.0,
) -> Markup:
    """Draw series as lines; a gap in the values is a gap in the line."""
    show = show or numbers_in(locale)
    drawn = [value for one in series for value in known(one.values)]
    if not drawn:
        return nothing_to_draw(caption, locale=locale)
    scale = scale_for([*drawn, *((*known(band.low), *known(band.high)) if band else ())], from_zero=from_zero)
    all_told = [_told(index, positions, series, band, show) for index in range(len(positions))]

    def draw(width: float) -> Markup:
        frame = framed(scale, show=show, width=width, height=height, locale=locale)
        parts = [
            *value_axis(frame, scale, show=show),
            *category_axis(frame, positions),
            *(_band(frame, scale, band) if band else ()),
            *(part for index, one in enumerate(series) for part in _line(frame, scale, one, index)),
            *(hover_column(frame, index, len(positions), told) for index, told in enumerate(all_told)),
        ]
        return drawing(parts, width=width, height=height, caption=caption, locale=locale)

    keys = [Key(one.name, f"s{index + 1}") for index, one in enumerate(series)]
    keys += [Key(band.name, "band")] if band else []
    figures = _figures(positions, series, band, show)
    return figure(caption, at_both_widths(draw), locale=locale, figures=figures, keys=keys if len(keys) > 1 else ())


def runs(values: Sequence[float | None]) -> list[list[int]]:
    """Split positions into unbroken runs of values."""
    found: list[list[int]] = [[]]
    for index, value in enumerate(values):
        if value is not None:
            found[-1].append(index)
        elif found[-1]:
            found.append([])
    return [run for run in found if run]


def _point(frame: Frame, scale: Scale, index: int, count: int, value: float) -> str:
    return f"{number(frame.x((index + 0.5) / count))},{number(frame.y(scale.share(value)))}"


def _line(frame: Frame, scale: Scale, one: Series, index: int) -> list[Markup]:
    css, count, parts = f"s{index + 1}", len(one.values), []
    for run in runs(one.values):
        points = [_point(frame, scale, at, count, one.values[at] or 0.0) for at in run]
        parts.append(tag("polyline", points=" ".join(points), class_=f"line {css}"))
        if count <= DOTS_UP_TO or len(run) == 1:
            centres = (point.split(",") for point in points)
            parts += [tag("circle", cx=x, cy=y, r=3, class_=f"dot {css}") for x, y in centres]
    return parts


def _band(frame: Frame, scale: Scale, band: Band) -> list[Markup]:
    both = [None if low is None or high is None else low for low, high in zip(band.low, band.high, strict=True)]
    count, parts = len(both), []
    for run in runs(both):
        upper = [_point(frame, scale, at, count, band.high[at] or 0.0) for at in run]
        lower = [_point(frame, scale, at, count, band.low[at] or 0.0) for at in reversed(run)]
        parts.append(tag("polygon", points=" ".join((*upper, *lower)), class_="band"))
    return parts


def _told(index: int, positions: Sequence[str], series: Sequence[Series], band: Band | None, show: Show) -> str:
    lines = [positions[index], *(f"{one.name}: {show(one.values[index])}" for one in series)]
    if band and band.low[index] is not None:
        lines.append(f"{band.name}: {show(band.low[index])} … {show(band.high[index])}")
    return "\n".join(lines)


def _figures(positions: Sequence[str], series: Sequence[Series], band: Band | None, show: Show) -> Figures:
    columns = ["", *(one.name for one in series), *([f"{band.name} ↓", f"{band.name} ↑"] if band else [])]
    rows = []
    for index, position in enumerate(positions):
        row = [position, *(show(one.values[index]) for one in series)]
        row += [show(band.low[index]), show(band.high[index])] if band else []
        rows.append(tuple(row))
    return Figures(tuple(columns), tuple(rows))
