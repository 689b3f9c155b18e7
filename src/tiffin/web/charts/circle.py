"""Circle: who hangs together, as dots on a ring with lines between them."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import cos, pi, sin

from markupsafe import Markup

from tiffin.web.charts.figure import Caption, Figures, Key, drawing, figure
from tiffin.web.charts.svg import label, tag

SIZE = 340.0
_RADIUS = 128.0
_NAMED_UP_TO = 24
"""With more dots, names would touch; they are told when pointed at, and in the table."""


@dataclass(frozen=True, slots=True)
class Dot:
    """One of them; the css class carries the colour of its kind."""

    name: str
    css: str


def circle_chart(
    dots: Sequence[Dot],
    lines: Sequence[tuple[int, int, int]],
    *,
    caption: Caption,
    columns: tuple[str, str, str],
    keys: Sequence[Key],
    locale: str,
) -> Markup:
    """Draw dots on a ring and a line for each two that hang together.

    Parameters
    ----------
    lines : sequence of (int, int, int)
        Places of two dots, and how often; the more often the wider.
    columns : three of str
        What the table calls both ends and how often.
    """
    places = [_place(at, len(dots)) for at in range(len(dots))]
    parts = [
        tag(
            "line",
            x1=places[first][0],
            y1=places[first][1],
            x2=places[second][0],
            y2=places[second][1],
            class_="edge",
            style=f"stroke-width: {min(1.0 + 0.8 * often, 6.0):.1f}",
        )
        for first, second, often in lines
    ]
    for at, dot in enumerate(dots):
        x, y = places[at]
        parts.append(tag("circle", tag("title", dot.name), cx=x, cy=y, r=6.5, class_=f"dot {dot.css}"))
        if len(dots) <= _NAMED_UP_TO:
            parts.append(_name(dot.name, at, len(dots)))
    rows = tuple((dots[first].name, dots[second].name, str(often)) for first, second, often in lines)
    drawn = drawing(parts, width=SIZE, height=SIZE, caption=caption, locale=locale)
    return figure(caption, drawn, locale=locale, figures=Figures(columns, rows), keys=keys, css="map")


def _place(at: int, count: int, *, radius: float = _RADIUS) -> tuple[float, float]:
    angle = 2 * pi * at / max(count, 1) - pi / 2
    return SIZE / 2 + radius * cos(angle), SIZE / 2 + radius * sin(angle)


def _name(text: str, at: int, count: int) -> Markup:
    x, y = _place(at, count, radius=_RADIUS + 18)
    return label(x, y + 4, text)
