"""What surrounds every chart: caption, legend, the drawing, and its figures as a table for those who cannot see it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from tiffin.runtime.i18n import direction, format_number, language_tag, translate
from tiffin.web.charts.svg import tag

WIDTH = 560.0
"""Width of a drawing in units; on a screen it is as wide as its column."""

NARROW = 340.0
"""Width of the same drawing for a phone, so that its letters keep their size."""

Show = Callable[[float | None], str]
"""Writes a value with its unit for people."""


@dataclass(frozen=True, slots=True)
class Caption:
    """What a chart says in words.

    Parameters
    ----------
    title : str
        What is shown.
    description : str
        What to see in it, one sentence; read out to those who cannot see the drawing.
    """

    title: str
    description: str = ""


@dataclass(frozen=True, slots=True)
class Key:
    """One entry of a legend; the css class carries the colour."""

    name: str
    css: str


@dataclass(frozen=True, slots=True)
class Figures:
    """A chart's figures as a table: the first column names the row."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def numbers_in(locale: str) -> Show:
    """Write values as plain numbers of a locale, whole where they are large."""

    def show(value: float | None) -> str:
        decimals = 0 if value is None or float(value).is_integer() or abs(value) >= 100 else 1  # noqa: PLR2004 - from a hundred on no decimal is read
        return format_number(value, locale, decimals=decimals)

    return show


def at_both_widths(draw: Callable[[float], Markup]) -> Markup:
    """Draw for a column and for a phone; the style sheet shows the one that fits."""
    return tag("div", draw(WIDTH), class_="wide") + tag("div", draw(NARROW), class_="narrow")


def drawing(
    parts: Sequence[Markup], *, width: float, height: float, caption: Caption, locale: str, role: str = "img"
) -> Markup:
    """Wrap drawn parts as one image with a name and a description; as a ``group`` where parts can be followed."""
    return tag(
        "svg",
        tag("title", caption.title),
        tag("desc", caption.description or caption.title),
        *parts,
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {width:g} {height:g}",
        role=role,
        direction=direction(locale),
        lang=language_tag(locale),
    )


def figure(
    caption: Caption, svg: Markup, *, locale: str, figures: Figures, keys: Sequence[Key] = (), css: str = ""
) -> Markup:
    """Put caption, legend, drawing and table together."""
    scroller = tag("div", svg, class_="chart-scroll", tabindex=0, role="group", aria_label=caption.title)
    return tag(
        "figure",
        tag("figcaption", tag("span", caption.title, class_="chart-title"), _legend(keys)),
        scroller,
        _table(figures, locale),
        class_=f"chart {css}".strip(),
    )


def nothing_to_draw(caption: Caption, *, locale: str) -> Markup:
    """Say that there are no figures, instead of an empty drawing."""
    said = translate(locale, "No figures to draw here.")
    return tag(
        "figure",
        tag("figcaption", tag("span", caption.title, class_="chart-title")),
        tag("p", said, class_="chart-empty"),
        class_="chart",
    )


def _legend(keys: Sequence[Key]) -> Markup:
    if not keys:
        return Markup("")
    return tag(
        "ul", *(tag("li", tag("i", class_=f"swatch {key.css}"), key.name) for key in keys), class_="chart-legend"
    )


def _table(figures: Figures, locale: str) -> Markup:
    head = tag("tr", *(tag("th", name, scope="col") for name in figures.columns))
    rows = (
        tag("tr", tag("th", row[0], scope="row"), *(tag("td", tag("bdi", cell)) for cell in row[1:]))
        for row in figures.rows
    )
    table = tag("table", tag("thead", head), tag("tbody", *rows))
    return tag(
        "details",
        tag("summary", translate(locale, "Figures as a table")),
        tag(
            "div",
            table,
            class_="chart-scroll",
            tabindex=0,
            role="group",
            aria_label=translate(locale, "Figures as a table"),
        ),
        class_="chart-table",
    )
