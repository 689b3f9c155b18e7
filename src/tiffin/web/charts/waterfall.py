"""Waterfall: how a starting value becomes an end value, one cause a row, largest first as the caller orders them."""

from collections.abc import Sequence
from dataclasses import dataclass

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

ROW = 30.0
NAMES_UP_TO = 0.36
"""Share of the width that names may take."""


@dataclass(frozen=True, slots=True)
class Step:
    """One cause with what it adds (or, negative, takes away)."""

    name: str
    value: float
    note: str = ""


def waterfall(
    start: Step,
    steps: Sequence[Step],
    end: Step,
    *,
    caption: Caption,
    locale: str = "en",
    show: Show | None = None,
) -> Markup:
    """Draw the way from ``start`` over the steps to ``end``; the caller sees to it that they add up."""
    show = show or numbers_in(locale)
    if not steps:
        return nothing_to_draw(caption, locale=locale)
    bars = _bars(start, steps, end)
    scale = scale_for([bound for _, span, _ in bars for bound in span])
    texts = [show(step.value) for step, _, _ in bars]
    height = ROW * len(bars) + 10

    def draw(width: float) -> Markup:
        names = min(max(text_width(step.name, size=12) for step, _, _ in bars), width * NAMES_UP_TO)
        frame = Frame(width, height, names + 14, max(map(text_width, texts)) + 20, top=4, bottom=6, locale=locale)
        nought = frame.x(scale.share(0))
        parts = [tag("line", x1=nought, x2=nought, y1=0, y2=height, class_="axis")]
        for index, bar in enumerate(bars):
            parts += _row(frame, scale, index, bar, texts[index])
        return drawing(parts, width=width, height=height, caption=caption, locale=locale)

    rows = tuple((step.name, text, step.note) for (step, _, _), text in zip(bars, texts, strict=True))
    columns = ("", caption.title, "") if any(step.note for step, _, _ in bars) else ("", caption.title)
    figures = Figures(columns, tuple(row[: len(columns)] for row in rows))
    return figure(caption, at_both_widths(draw), locale=locale, figures=figures)


Bar = tuple[Step, tuple[float, float], str]


def _bars(start: Step, steps: Sequence[Step], end: Step) -> list[Bar]:
    bars: list[Bar] = [(start, (0.0, start.value), "total")]
    reached = start.value
    for step in steps:
        bars.append((step, (reached, reached + step.value), "more" if step.value >= 0 else "less"))
        reached += step.value
    return [*bars, (end, (0.0, end.value), "total")]


def _row(frame: Frame, scale: Scale, index: int, bar: Bar, text: str) -> list[Markup]:
    step, span, css = bar
    y = frame.top + index * ROW
    first, last = sorted(scale.share(value) for value in span)
    told = "\n".join(part for part in (f"{step.name}: {text}", step.note) if part)
    name = shortened(step.name, width=frame.start - 14, size=12)
    joint = frame.x(scale.share(span[1]))
    return [
        label(
            frame.along(frame.start - 10),
            y + ROW / 2 + 4,
            name,
            css="label strong" if css == "total" else "label",
            anchor="end",
        ),
        frame.box(first, last, y=y + 5, height=ROW - 10, class_=f"bar {css}", title=told),
        tag("line", x1=joint, x2=joint, y1=y + ROW - 5, y2=y + ROW + 5, class_="joint") if css != "total" else tag("g"),
        label(
            frame.along(frame.start + last * frame.inner_width + 6),
            y + ROW / 2 + 4,
            frame.isolated(text),
            css="value",
            anchor="start",
        ),
    ]
