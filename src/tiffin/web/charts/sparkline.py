"""Sparkline: a small line without axes that sits beside a number."""

from collections.abc import Sequence

from markupsafe import Markup

from tiffin.web.charts.figure import Caption, drawing
from tiffin.web.charts.line import runs
from tiffin.web.charts.scales import known, scale_for
from tiffin.web.charts.svg import Frame, number, tag


def sparkline(values: Sequence[float | None], *, caption: Caption, locale: str = "en") -> Markup:
    """Draw the line with its last value dotted; fewer than two values draw nothing."""
    numbers = known(values)
    if len(numbers) < 2:  # noqa: PLR2004 - one point is no line
        return Markup("")
    scale = scale_for(numbers, from_zero=False)
    frame = Frame(120.0, 32.0, 4, 4, top=4, bottom=4, locale=locale)
    last = max(len(values) - 1, 1)
    points = {
        at: (number(frame.x(at / last)), number(frame.y(scale.share(value))))
        for at, value in enumerate(values)
        if value is not None
    }
    parts = [
        tag("polyline", points=" ".join(",".join(points[at]) for at in run), class_="line s1") for run in runs(values)
    ]
    x, y = points[max(points)]
    dot = tag("circle", cx=x, cy=y, r=2.6, class_="dot s1")
    svg = drawing([*parts, dot], width=frame.width, height=frame.height, caption=caption, locale=locale)
    return tag("span", svg, class_="spark")
