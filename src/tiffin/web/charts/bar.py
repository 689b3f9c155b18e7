"""Bar chart: values by category, side by side or stacked."""

from collections.abc import Sequence

from markupsafe import Markup

from tiffin.web.charts.axes import category_axis, framed, value_axis
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
from tiffin.web.charts.line import Series
from tiffin.web.charts.scales import Scale, known, scale_for
from tiffin.web.charts.svg import Frame

FILLED = 0.72
"""Share of a category's width that its bars take."""


def bar_chart(
    categories: Sequence[str],
    series: Sequence[Series],
    *,
    caption: Caption,
    locale: str = "en",
    stacked: bool = False,
    show: Show | None = None,
    height: float = 230.0,
) -> Markup:
    """Draw bars; stacked ones must not mix positive with negative values."""
    show = show or numbers_in(locale)
    if not any(known(one.values) for one in series):
        return nothing_to_draw(caption, locale=locale)
    reached = [sum(known(column)) for column in zip(*(one.values for one in series), strict=True)]
    scale = scale_for(reached if stacked else [value for one in series for value in one.values])
    bars = _stacked if stacked else _grouped

    def draw(width: float) -> Markup:
        frame = framed(scale, show=show, width=width, height=height, locale=locale)
        parts = [
            *value_axis(frame, scale, show=show),
            *category_axis(frame, categories),
            *bars(frame, scale, categories, series, show),
        ]
        return drawing(parts, width=width, height=height, caption=caption, locale=locale)

    keys = [Key(one.name, f"s{index + 1}") for index, one in enumerate(series)]
    return figure(
        caption,
        at_both_widths(draw),
        locale=locale,
        figures=_figures(categories, series, show),
        keys=keys if len(keys) > 1 else (),
    )


def _grouped(
    frame: Frame, scale: Scale, categories: Sequence[str], series: Sequence[Series], show: Show
) -> list[Markup]:
    count, width, parts = len(categories), FILLED / len(series), []
    for at, category in enumerate(categories):
        for index, one in enumerate(series):
            value = one.values[at]
            if value is not None:
                first = (at + (1 - FILLED) / 2 + index * width) / count
                told = f"{category}\n{one.name}: {show(value)}"
                parts.append(
                    _bar(frame, scale, (first, first + width / count), (0.0, value), f"bar s{index + 1}", told)
                )
    return parts


def _stacked(
    frame: Frame, scale: Scale, categories: Sequence[str], series: Sequence[Series], show: Show
) -> list[Markup]:
    count, parts = len(categories), []
    for at, category in enumerate(categories):
        base = 0.0
        across = ((at + (1 - FILLED) / 2) / count, (at + (1 + FILLED) / 2) / count)
        for index, one in enumerate(series):
            value = one.values[at] or 0.0
            told = f"{category}\n{one.name}: {show(value)}"
            if value:
                parts.append(_bar(frame, scale, across, (base, base + value), f"bar s{index + 1}", told))
            base += value
    return parts


def _bar(
    frame: Frame, scale: Scale, across: tuple[float, float], span: tuple[float, float], css: str, told: str
) -> Markup:
    bottom, top = sorted(frame.y(scale.share(value)) for value in span)
    return frame.box(*across, y=bottom, height=max(top - bottom, 0.5), class_=css, title=told)


def _figures(categories: Sequence[str], series: Sequence[Series], show: Show) -> Figures:
    columns = ("", *(one.name for one in series))
    rows = tuple((category, *(show(one.values[at]) for one in series)) for at, category in enumerate(categories))
    return Figures(columns, rows)
