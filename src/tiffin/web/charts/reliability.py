"""Reliability diagram: what a confidence said against how often it was right."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from markupsafe import Markup

from tiffin.web.charts.axes import framed, value_axis
from tiffin.web.charts.figure import Caption, Figures, Show, at_both_widths, drawing, figure, nothing_to_draw
from tiffin.web.charts.scales import Scale
from tiffin.web.charts.svg import Frame, label, tag

HEIGHT = 300.0
_SHARES = Scale(0.0, 1.0, (0.0, 0.2, 0.4, 0.6, 0.8, 1.0))


@dataclass(frozen=True, slots=True)
class Point:
    """Judgements of about one confidence: how many were right, with the interval."""

    confidence: float
    share: float
    low: float
    high: float
    count: int


def reliability_diagram(
    points: Sequence[Point], *, caption: Caption, columns: tuple[str, ...], locale: str, show: Show
) -> Markup:
    """Draw points with their intervals beside the line on which confidence means what it says.

    Parameters
    ----------
    columns : five of str
        What the table calls the confidence, the share, both ends and the count.
    """
    if not points:
        return nothing_to_draw(caption, locale=locale)

    def draw(width: float) -> Markup:
        # The last label stands around the end of the axis.
        frame = replace(framed(_SHARES, show=show, width=width, height=HEIGHT, locale=locale), end=26)
        parts = [*value_axis(frame, _SHARES, show=show), *_across(frame, show)]
        parts.append(tag("line", x1=frame.x(0), y1=frame.y(0), x2=frame.x(1), y2=frame.y(1), class_="joint"))
        parts += [part for one in points for part in _point(frame, one, show)]
        return drawing(parts, width=width, height=HEIGHT, caption=caption, locale=locale)

    rows = tuple(
        (show(one.confidence), show(one.share), show(one.low), show(one.high), str(one.count)) for one in points
    )
    return figure(caption, at_both_widths(draw), locale=locale, figures=Figures(columns, rows))


def _across(frame: Frame, show: Show) -> list[Markup]:
    return [label(frame.x(tick), frame.height - 8, frame.isolated(show(tick))) for tick in _SHARES.ticks]


def _point(frame: Frame, one: Point, show: Show) -> list[Markup]:
    x = frame.x(one.confidence)
    told = f"{show(one.confidence)}: {show(one.share)} ({show(one.low)} … {show(one.high)})"
    return [
        tag("line", x1=x, x2=x, y1=frame.y(one.low), y2=frame.y(one.high), class_="line s1", stroke="currentColor"),
        tag("circle", tag("title", told), cx=x, cy=frame.y(one.share), r=4.5, class_="dot s1"),
    ]
