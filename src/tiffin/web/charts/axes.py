"""The two axes that line and bar charts share."""

from collections.abc import Sequence

from markupsafe import Markup

from tiffin.web.charts.figure import Show
from tiffin.web.charts.scales import Scale, thinned
from tiffin.web.charts.svg import Frame, label, tag, text_width


def framed(scale: Scale, *, show: Show, width: float, height: float, locale: str) -> Frame:
    """Choose margins that leave room for the longest tick label."""
    widest = max(text_width(show(tick)) for tick in scale.ticks)
    return Frame(width, height, start=widest + 12, end=12, top=10, bottom=26, locale=locale)


def value_axis(frame: Frame, scale: Scale, *, show: Show) -> list[Markup]:
    """Draw horizontal grid lines with their values."""
    parts = []
    for tick in scale.ticks:
        y = frame.y(scale.share(tick))
        css = "axis" if tick == 0 else "grid"
        parts.append(tag("line", x1=frame.x(0), x2=frame.x(1), y1=y, y2=y, class_=css))
        parts.append(label(frame.along(frame.start - 8), y + 4, frame.isolated(show(tick)), anchor="end"))
    return parts


def category_axis(frame: Frame, labels: Sequence[str]) -> list[Markup]:
    """Write the labels below, as many as fit."""
    widths = [text_width(text) for text in labels]
    chosen = thinned(labels, widths=widths, room=frame.inner_width)
    return [
        label(frame.x((index + 0.5) / len(labels)), frame.height - 8, frame.isolated(labels[index])) for index in chosen
    ]


def hover_column(frame: Frame, index: int, count: int, text: str) -> Markup:
    """Draw an invisible column over one position that tells its values when pointed at."""
    return frame.box(
        index / count, (index + 1) / count, y=frame.top, height=frame.inner_height, class_="hit", title=text
    )
