"""Interval chart: one line a row, a dot with the interval around it, beside values to compare it with."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import isfinite, log2

from markupsafe import Markup

from tiffin.web.charts.figure import (
    Caption,
    Figures,
    Show,
    at_both_widths,
    drawing,
    figure,
    nothing_to_draw,
    numbers_in,
)
from tiffin.web.charts.scales import Scale, scale_for
from tiffin.web.charts.svg import Frame, label, shortened, tag, text_width

ROW = 26.0
NAMES_UP_TO = 0.4
"""Share of the drawing that names of rows may take."""
_MOST_DOUBLINGS = 5.0
_RATIOS = (0.05, 0.1, 0.25, 0.5, 0.75, 1.0, 1.5, 2.0, 4.0, 10.0, 20.0)


@dataclass(frozen=True, slots=True)
class Interval:
    """One row: a value with its interval; nan where there is none.

    Parameters
    ----------
    is_strong : bool
        It is drawn as one that stands out.
    """

    name: str
    value: float
    low: float
    high: float
    is_strong: bool = False


def interval_chart(
    rows: Sequence[Interval],
    *,
    caption: Caption,
    columns: tuple[str, str, str, str],
    marks: Sequence[float] = (),
    is_ratio: bool = False,
    locale: str = "en",
    show: Show | None = None,
) -> Markup:
    """Draw intervals below each other.

    Parameters
    ----------
    columns : four of str
        What the table calls the name, the value and both ends.
    marks : sequence of float
        Values to compare with, drawn across all rows.
    is_ratio : bool
        Twice as much lies as far from once as half does.
    """
    show = show or numbers_in(locale)
    known = [one for one in rows if isfinite(one.value)]
    if not known:
        return nothing_to_draw(caption, locale=locale)
    place = _log if is_ratio else float
    ends = [place(end) for one in known for end in (one.low, one.value, one.high) if isfinite(end)]
    reached = [*ends, *map(place, marks)]
    scale = _doublings(reached) if is_ratio else scale_for(reached, from_zero=False)

    def draw(width: float) -> Markup:
        frame = _frame(known, width, locale)
        parts = [*_axis(frame, scale, show, is_ratio=is_ratio), *_marks(frame, scale, marks, place)]
        parts += [part for at, one in enumerate(known) for part in _row(frame, scale, one, at, show, place)]
        return drawing(parts, width=width, height=frame.height, caption=caption, locale=locale)

    figures = Figures(columns, tuple((one.name, show(one.value), show(one.low), show(one.high)) for one in known))
    return figure(caption, at_both_widths(draw), locale=locale, figures=figures)


def _doublings(reached: Sequence[float]) -> Scale:
    """Choose an axis for doublings whose ticks are round ratios."""
    low, high = min(*reached, -0.5), max(*reached, 0.5)
    return Scale(low, high, tuple(log2(one) for one in _RATIOS if low - 0.01 <= log2(one) <= high + 0.01))


def _log(value: float) -> float:
    """Give how many times a ratio doubles once, within bounds that can be drawn."""
    return max(-_MOST_DOUBLINGS, min(_MOST_DOUBLINGS, log2(value))) if value > 0 else -_MOST_DOUBLINGS


def _frame(rows: Sequence[Interval], width: float, locale: str) -> Frame:
    names = min(max(text_width(one.name) for one in rows), width * NAMES_UP_TO)
    return Frame(width, 34 + ROW * len(rows), names + 16, 16, top=8, bottom=26, locale=locale)


def _axis(frame: Frame, scale: Scale, show: Show, *, is_ratio: bool) -> list[Markup]:
    parts = []
    for tick in scale.ticks:
        x = frame.x(scale.share(tick))
        parts.append(tag("line", x1=x, x2=x, y1=frame.top, y2=frame.height - frame.bottom, class_="grid"))
        told = show(2**tick if is_ratio else tick)
        parts.append(label(x, frame.height - 8, frame.isolated(told)))
    return parts


def _marks(frame: Frame, scale: Scale, marks: Sequence[float], place: Callable[[float], float]) -> list[Markup]:
    xs = [frame.x(scale.share(place(one))) for one in marks]
    return [tag("line", x1=x, x2=x, y1=frame.top, y2=frame.height - frame.bottom, class_="joint") for x in xs]


def _row(
    frame: Frame, scale: Scale, one: Interval, at: int, show: Show, place: Callable[[float], float]
) -> list[Markup]:
    y = frame.top + (at + 0.5) * ROW
    css = "s2" if one.is_strong else "s1"
    name = shortened(one.name, width=frame.start - 12)
    parts = [label(frame.along(frame.start - 10), y + 4, frame.isolated(name), anchor="end")]
    if isfinite(one.low) and isfinite(one.high):
        low, high = (frame.x(min(1.0, max(0.0, scale.share(place(end))))) for end in (one.low, one.high))
        parts.append(tag("line", x1=low, x2=high, y1=y, y2=y, class_=f"line {css}", stroke="currentColor"))
    middle = frame.x(min(1.0, max(0.0, scale.share(place(one.value)))))
    told = f"{one.name}: {show(one.value)} ({show(one.low)} … {show(one.high)})"
    parts.append(tag("circle", tag("title", told), cx=middle, cy=y, r=4.5, class_=f"dot {css}"))
    return parts
