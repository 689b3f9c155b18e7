"""Heat map: a value in each cell of rows by columns, such as zones by half hours."""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from tiffin.runtime.i18n import translate
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
from tiffin.web.charts.scales import bin_of, bins, known, thinned
from tiffin.web.charts.svg import Frame, label, shortened, text_width

NAMES_UP_TO = 0.25
"""Share of the width that names may take."""
ROW = 20.0


@dataclass(frozen=True, slots=True)
class Grid:
    """Rows by columns of values; None where there is none.

    Parameters
    ----------
    values : tuple of tuple
        One inner tuple a row, one value a column.
    """

    rows: tuple[str, ...]
    columns: tuple[str, ...]
    values: tuple[tuple[float | None, ...], ...]


def heatmap(grid: Grid, *, caption: Caption, locale: str = "en", show: Show | None = None) -> Markup:
    """Draw the grid in seven shades from the lowest to the highest value."""
    show = show or numbers_in(locale)
    every = [value for row in grid.values for value in row]
    if not known(every):
        return nothing_to_draw(caption, locale=locale)
    edges = bins(every)

    def draw(width: float) -> Markup:
        frame = _frame(grid, width, locale)
        parts = _column_labels(frame, grid.columns)
        for at, name in enumerate(grid.rows):
            parts += _row(frame, grid, at, edges, show)
            y = frame.top + (at + 0.5) * ROW + 4
            parts.append(label(frame.along(frame.start - 8), y, shortened(name, width=frame.start - 10), anchor="end"))
        return drawing(parts, width=width, height=frame.height, caption=caption, locale=locale)

    keys = shade_keys(every, edges, show, locale)
    return figure(caption, at_both_widths(draw), locale=locale, figures=_figures(grid, show), keys=keys)


def shade_keys(values: Sequence[float | None], edges: Sequence[float], show: Show, locale: str) -> list[Key]:
    """Name the shades: lowest, middle and highest value, and what has none."""
    numbers = known(values)
    missing = [Key(translate(locale, "no figure"), "q-none")] if len(numbers) < len(values) else []
    if not edges:
        return [Key(show(numbers[0]), "q3"), *missing]
    middle = (min(numbers) + max(numbers)) / 2
    return [Key(show(min(numbers)), "q0"), Key(show(middle), "q3"), Key(show(max(numbers)), "q6"), *missing]


def shade(value: float | None, edges: Sequence[float]) -> str:
    """Name the css class of a value's shade."""
    if value is None:
        return "q-none"
    return f"q{bin_of(value, edges)}" if edges else "q3"


def _frame(grid: Grid, width: float, locale: str) -> Frame:
    names = min(max(text_width(name) for name in grid.rows), width * NAMES_UP_TO)
    return Frame(width, 26 + ROW * len(grid.rows), names + 14, 4, top=22, bottom=4, locale=locale)


def _column_labels(frame: Frame, columns: Sequence[str]) -> list[Markup]:
    chosen = thinned(columns, widths=[text_width(name) for name in columns], room=frame.inner_width)
    return [label(frame.x((at + 0.5) / len(columns)), 14, frame.isolated(columns[at])) for at in chosen]


def _row(frame: Frame, grid: Grid, at: int, edges: Sequence[float], show: Show) -> list[Markup]:
    count, y = len(grid.columns), frame.top + at * ROW
    return [
        frame.box(
            index / count,
            (index + 0.94) / count,
            y=y + 1,
            height=ROW - 2,
            class_=f"cell {shade(value, edges)}",
            title=f"{grid.rows[at]} · {grid.columns[index]}\n{show(value)}",
        )
        for index, value in enumerate(grid.values[at])
    ]


def _figures(grid: Grid, show: Show) -> Figures:
    rows = tuple((name, *map(show, values)) for name, values in zip(grid.rows, grid.values, strict=True))
    return Figures(("", *grid.columns), rows)
