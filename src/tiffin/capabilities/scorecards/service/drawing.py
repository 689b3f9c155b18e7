"""Tiles as people see them, on a page or in an e-mail: one visual grammar in every language, script and theme."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from markupsafe import Markup

from tiffin.capabilities.scorecards.domain import Standing
from tiffin.capabilities.scorecards.domain.answers import Key, TileNumbers
from tiffin.capabilities.scorecards.domain.dashboards import HOUR, Against, Form
from tiffin.capabilities.scorecards.domain.standing import Stood
from tiffin.capabilities.scorecards.service.places import Names, Places
from tiffin.engines.metrics.definitions import ColumnType, Dimension, Metric
from tiffin.runtime.i18n import format_percent, language_of, mark, translate
from tiffin.web.charts.bar import bar_chart
from tiffin.web.charts.figure import Caption
from tiffin.web.charts.heatmap import Grid, heatmap
from tiffin.web.charts.line import Series, line_chart
from tiffin.web.charts.sparkline import sparkline
from tiffin.web.charts.zone_map import zone_map
from tiffin.web.measures import show_change, show_measure, shower

STANDINGS: Mapping[Standing, tuple[str, str]] = {
    Standing.BETTER: (mark("better"), "better"),
    Standing.WORSE: (mark("worse"), "worse"),
    Standing.HIGHER: (mark("higher"), ""),
    Standing.LOWER: (mark("lower"), ""),
    Standing.USUAL: (mark("the same"), ""),
    Standing.UNKNOWN: ("", ""),
}
"""Word and tone of each standing; colour never stands alone."""

AGAINST = {
    Against.WEEK: mark("week before: {value}"),
    Against.TARGET: mark("target: {value}"),
    Against.PLAN: mark("plan: {value}"),
}
ROUNDED = 3
NO_CHART = Markup("")
MASKED = "masked"


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a table: its text, and its length as a share of the column's largest, for the bar behind it."""

    text: str
    share: float


@dataclass(frozen=True, slots=True)
class TableRow:
    """A row of a table tile; ``key`` narrows the dashboard to it."""

    names: tuple[str, ...]
    key: Any
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class TileView:
    """One tile, written and drawn.

    Parameters
    ----------
    tone : str
        ``better``, ``worse`` or empty: from the metric's direction, never from the sign alone.
    said : str
        Why there are no numbers; empty where there are.
    masked : tuple of str
        What it is split by and told masked, each with the word that says so.
    """

    number: int
    form: str
    title: str
    meaning: str
    metric: str
    names: tuple[str, ...] = ()
    value: str = ""
    change: str = ""
    standing: str = ""
    tone: str = ""
    compared: str = ""
    chart: Markup = NO_CHART
    columns: tuple[str, ...] = ()
    heads: int = 1
    rows: tuple[TableRow, ...] = ()
    left_out: int = 0
    said: str = ""
    split: str = ""
    masked: tuple[str, ...] = ()
    receipt: Any = None


@dataclass(frozen=True, slots=True)
class Drawer:
    """Draws tiles in one language."""

    metrics: Mapping[str, Metric]
    dimensions: Mapping[str, Dimension]
    names: Names
    places: Places
    city_id: str | None
    locale: str

    def draw(self, number: int, told: TileNumbers) -> TileView:
        """Draw one tile."""
        said = self._said(told)
        if said:
            return self._view(number, told, said=said)
        is_value = told.tile.form is Form.VALUE
        if is_value and (told.value is not None or any(value is not None for _, value in told.history)):
            return self._value(number, told)
        if is_value or not told.split:
            return self._view(number, told, said=translate(self.locale, "No facts on these days for this choice."))
        if told.tile.form is Form.TABLE:
            return self._table(number, told)
        return self._view(number, told, chart=_CHARTS[told.tile.form](self, told))

    def title_of(self, told: TileNumbers) -> str:
        """Name a tile: its own title, else its metric's label."""
        if told.tile.title:
            return told.tile.title.text(language_of(self.locale))
        return self.label(told.tile.metrics[0])

    def label(self, metric: str) -> str:
        """Name a metric."""
        return self.metrics[metric].label.text(language_of(self.locale))

    def written(self, metric: str, value: float | None, currency: str | None) -> str:
        """Write a value with its unit, the currency that holds for it included."""
        return show_measure(value, self.metrics[metric].unit, self.locale, currency=currency)

    def _said(self, told: TileNumbers) -> str:
        if told.untold:
            listed = ", ".join(self.dimensions[name].label.text(language_of(self.locale)) for name in told.untold)
            return translate(self.locale, "This figure cannot be narrowed by: {listed}", listed=listed)
        if told.refused == MASKED:
            return translate(self.locale, "No grant of yours opens the columns behind this figure.")
        return told.refused

    def _view(self, number: int, told: TileNumbers, **more: Any) -> TileView:
        name = told.tile.metrics[0]
        meaning = self.metrics[name].meaning.text(language_of(self.locale))
        split = told.tile.by[0] if told.tile.by else ""
        return TileView(
            number,
            told.tile.form,
            self.title_of(told),
            meaning,
            name,
            told.tile.metrics,
            split=split,
            masked=self._masked(told),
            receipt=told.receipt,
            **more,
        )

    def _masked(self, told: TileNumbers) -> tuple[str, ...]:
        names = [name for name in told.tile.by if told.receipt is not None and name in told.receipt.masked_as]
        labels = (self.dimensions[name].label.text(language_of(self.locale)) for name in names)
        return tuple(translate(self.locale, "{label} (masked)", label=label) for label in labels)

    def _value(self, number: int, told: TileNumbers) -> TileView:
        name = told.tile.metrics[0]
        metric = self.metrics[name]
        stood = Stood(told.value, told.other, metric.direction)
        words, tone = STANDINGS[stood.standing]
        history = [value for _, value in told.history]
        caption = Caption(translate(self.locale, "{metric}, last days", metric=self.label(name)))
        compared = ""
        if told.tile.against and told.other is not None:
            other = self.written(name, told.other, told.currency)
            compared = translate(self.locale, AGAINST[told.tile.against], value=other)
        return self._view(
            number,
            told,
            value=self.written(name, told.value, told.currency),
            change=self._change(stood, metric, told.currency),
            standing=translate(self.locale, words) if words else "",
            tone=tone,
            compared=compared,
            chart=sparkline(history, caption=caption, locale=self.locale),
        )

    def _change(self, stood: Stood, metric: Metric, currency: str | None) -> str:
        """Write a change: shares and minutes in their own unit, amounts relative to what was."""
        if stood.change is None:
            return ""
        if metric.unit in ("share", "minutes", "ratio", "stars") or stood.relative is None:
            return show_change(stood.change, metric.unit, self.locale, currency=currency)
        told = format_percent(stood.relative, self.locale)
        return f"+{told}" if stood.relative > 0 else told

    def _table(self, number: int, told: TileNumbers) -> TileView:
        tile = told.tile
        ordered = _ordered(told)
        tops = [max((abs(values[at] or 0.0) for _, values in ordered), default=0.0) for at in range(len(tile.metrics))]
        rows = tuple(
            TableRow(
                tuple(self.names.of(name, value) for name, value in zip(tile.by, key, strict=True)),
                key[0],
                tuple(
                    Cell(
                        self.written(metric, value, (told.currencies or {}).get(key)),
                        round(abs(value or 0.0) / top, ROUNDED) if top else 0.0,
                    )
                    for metric, value, top in zip(tile.metrics, values, tops, strict=True)
                ),
            )
            for key, values in ordered[: tile.limit]
        )
        heads = tuple(self.dimensions[name].label.text(language_of(self.locale)) for name in tile.by)
        columns = (*heads, *(self.label(name) for name in tile.metrics))
        left_out = max(len(ordered) - tile.limit, 0)
        return self._view(number, told, columns=columns, heads=len(heads), rows=rows, left_out=left_out)

    def draw_lines(self, told: TileNumbers) -> Markup:
        """Draw a course over time, with that of the week before where it is compared."""
        tile = told.tile
        keys = sorted({*(told.split or {}), *(told.before or {})}, key=lambda key: self._place(tile.by[0], key[0]))
        series = [
            Series(self.label(name), tuple(_at(told.split, key, at) for key in keys))
            for at, name in enumerate(tile.metrics)
        ]
        if told.before is not None:
            words = translate(self.locale, "the week before")
            series.append(Series(words, tuple(_at(told.before, key, 0) for key in keys)))
        positions = [self.names.of(tile.by[0], key[0]) for key in keys]
        return line_chart(positions, series, caption=self._caption(told), locale=self.locale, show=self._show(told))

    def draw_bars(self, told: TileNumbers) -> Markup:
        """Draw the largest groups side by side."""
        tile = told.tile
        listed = _ordered(told)[: tile.limit]
        if self.dimensions[tile.by[0]].type is not ColumnType.TEXT:
            listed = sorted(listed, key=lambda pair: self._place(tile.by[0], pair[0][0]))
        series = [
            Series(self.label(name), tuple(values[at] for _, values in listed)) for at, name in enumerate(tile.metrics)
        ]
        if told.before is not None:
            words = translate(self.locale, "the week before")
            series.append(Series(words, tuple(_at(told.before, key, 0) for key, _ in listed)))
        names = [self.names.of(tile.by[0], key[0]) for key, _ in listed]
        return bar_chart(names, series, caption=self._caption(told), locale=self.locale, show=self._show(told))

    def draw_heat(self, told: TileNumbers) -> Markup:
        """Draw two dimensions as a grid of shades."""
        rows, columns = told.tile.by
        split = told.split or {}
        down = sorted({key[0] for key in split if key[0] is not None}, key=lambda one: self._place(rows, one))
        across = sorted({key[1] for key in split if key[1] is not None}, key=lambda one: self._place(columns, one))
        values = tuple(tuple(_at(split, (one, other), 0) for other in across) for one in down)
        short = [f"{hour:02d}" if columns == HOUR else self.names.of(columns, hour) for hour in across]
        grid = Grid(tuple(self.names.of(rows, one) for one in down), tuple(short), values)
        return heatmap(grid, caption=self._caption(told), locale=self.locale, show=self._show(told))

    def draw_map(self, told: TileNumbers) -> Markup:
        """Draw the zones of the chosen city in shades."""
        values = {key[0]: value[0] for key, value in (told.split or {}).items()}
        shapes = self.places.shapes(self.city_id, self.locale)
        return zone_map(shapes, values, caption=self._caption(told), locale=self.locale, show=self._show(told))

    def _place(self, dimension: str, value: Any) -> tuple[bool, Any]:
        """Order by time or name, hours from the beginning of the business day; what has no value comes last."""
        if dimension == HOUR and value is not None:
            return (False, (value - self.places.first_hour(self.city_id)) % 24)
        return (value is None, _plainly(value))

    def _caption(self, told: TileNumbers) -> Caption:
        return Caption(self.title_of(told), self.metrics[told.tile.metrics[0]].meaning.text(language_of(self.locale)))

    def _show(self, told: TileNumbers) -> Any:
        return shower(self.metrics[told.tile.metrics[0]].unit, self.locale, currency=told.currency)


_CHARTS = {
    Form.LINE: Drawer.draw_lines,
    Form.BAR: Drawer.draw_bars,
    Form.HEATMAP: Drawer.draw_heat,
    Form.MAP: Drawer.draw_map,
}


def _at(split: Mapping[Key, tuple[float | None, ...]] | None, key: Key, place: int) -> float | None:
    found = (split or {}).get(key)
    return None if found is None else found[place]


def _ordered(told: TileNumbers) -> list[tuple[Key, tuple[float | None, ...]]]:
    """Order the rows of a split: the largest first, by the first metric."""
    return sorted((told.split or {}).items(), key=lambda pair: (pair[1][0] is None, -(pair[1][0] or 0.0), str(pair[0])))


def _plainly(value: Any) -> Any:
    return value.toordinal() if isinstance(value, date) else value
