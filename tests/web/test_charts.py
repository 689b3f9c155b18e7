import re
from collections.abc import Callable
from xml.etree import ElementTree as ET

import h3
import pytest
from markupsafe import Markup

from tiffin.kernel.errors import InvalidData
from tiffin.web.charts.bar import bar_chart
from tiffin.web.charts.figure import Caption
from tiffin.web.charts.heatmap import Grid, heatmap
from tiffin.web.charts.line import Band, Series, line_chart
from tiffin.web.charts.lineage import Layer, Node, lineage
from tiffin.web.charts.scales import bins, known, scale_for, thinned
from tiffin.web.charts.sparkline import sparkline
from tiffin.web.charts.svg import shortened, tag, text_width
from tiffin.web.charts.waterfall import Step, waterfall
from tiffin.web.charts.zone_map import ZoneShape, ring_of_cell, rings_of_geojson, zone_map

CAPTION = Caption("Late <orders> & more", "What to see")
CELLS = sorted(h3.grid_disk(h3.latlng_to_cell(24.7, 46.7, 8), 1))
ZONES = [ZoneShape(cell, f"Zone {index}", (ring_of_cell(cell),)) for index, cell in enumerate(CELLS)]
SVG = "{http://www.w3.org/2000/svg}"


def a_line(locale: str) -> Markup:
    band = Band("Usual", (1.0, None, 2.0), (3.0, None, 4.0))
    return line_chart(
        ["Mon", "Tue", "Wed"], [Series("Late", (1.0, None, 3.0))], caption=CAPTION, locale=locale, band=band
    )


def a_stack(locale: str) -> Markup:
    parts = [Series("On time", (5.0, 4.0)), Series("Late", (1.0, None))]
    return bar_chart(["Mon", "Tue"], parts, caption=CAPTION, locale=locale, stacked=True)


def bars(locale: str) -> Markup:
    return bar_chart(["Mon", "Tue"], [Series("On time", (5.0, -4.0))], caption=CAPTION, locale=locale)


def a_waterfall(locale: str) -> Markup:
    steps = [Step("Fewer riders", 8.0, "12 fewer"), Step("Shorter ways", -2.0)]
    return waterfall(Step("Usual", 4.0), steps, Step("That day", 10.0), caption=CAPTION, locale=locale)


def a_heatmap(locale: str) -> Markup:
    return heatmap(Grid(("A", "B"), ("10:00", "10:30"), ((1.0, None), (2.0, 7.0))), caption=CAPTION, locale=locale)


def a_map(locale: str) -> Markup:
    return zone_map(ZONES, {CELLS[0]: 0.2, CELLS[1]: 0.9}, caption=CAPTION, locale=locale)


CHARTS = [a_line, a_stack, bars, a_waterfall, a_heatmap, a_map]


def drawn(chart: Markup) -> ET.Element:
    """Give the drawing for a column; the one for a phone follows it."""
    svg = parsed(chart).find(f".//{SVG}svg")
    assert svg is not None
    return svg


def parsed(chart: Markup) -> ET.Element:
    return ET.fromstring(str(chart))  # noqa: S314 - our own drawing


@pytest.mark.parametrize("locale", ["en", "ar", "ar_SA", "zh_Hant"])
@pytest.mark.parametrize("chart", CHARTS)
def test_a_chart_is_valid_xml_with_a_name_a_description_and_a_table(
    chart: Callable[[str], Markup], locale: str
) -> None:
    figure = parsed(chart(locale))
    svg = figure.find(f".//{SVG}svg")

    assert svg is not None
    assert svg.get("role") == "img"
    assert svg.findtext(f"{SVG}title") == "Late <orders> & more"
    assert svg.findtext(f"{SVG}desc") == "What to see"
    assert len(figure.findall(".//tbody/tr")) >= 2


@pytest.mark.parametrize("chart", CHARTS)
def test_a_chart_has_no_colour_and_no_style_of_its_own(chart: Callable[[str], Markup]) -> None:
    assert not re.search(r'style=|fill="|stroke="|#[0-9a-f]{3}', str(chart("en")))


@pytest.mark.parametrize(
    "chart",
    [
        line_chart(["Mon"], [Series("Late", (None,))], caption=CAPTION),
        bar_chart([], [Series("Late", ())], caption=CAPTION),
        waterfall(Step("a", 0), [], Step("b", 0), caption=CAPTION),
        heatmap(Grid(("A",), ("10:00",), ((None,),)), caption=CAPTION),
        zone_map(ZONES, {}, caption=CAPTION),
    ],
)
def test_no_figures_give_a_sentence_and_no_empty_drawing(chart: Markup) -> None:
    assert "<svg" not in chart
    assert "No figures to draw here." in chart


def test_a_right_to_left_chart_is_mirrored() -> None:
    def last_dot(locale: str) -> float:
        dots = drawn(a_line(locale)).findall(f".//{SVG}circle")
        return float(dots[-1].get("cx") or 0)

    assert last_dot("en") + last_dot("ar") == pytest.approx(560, abs=0.2)


@pytest.mark.parametrize("chart", [a_line, a_stack, bars, a_waterfall, a_heatmap])
def test_a_chart_is_drawn_for_a_phone_too(chart: Callable[[str], Markup]) -> None:
    widths = [svg.get("viewBox", "").split()[2] for svg in parsed(chart("en")).findall(f".//{SVG}svg")]

    assert widths == ["560", "340"]


def test_a_map_is_never_mirrored() -> None:
    def outlines(locale: str) -> list[str | None]:
        return [path.get("d") for path in parsed(a_map(locale)).findall(f".//{SVG}path")]

    assert outlines("en") == outlines("ar")


def test_digits_of_a_chart_follow_its_locale() -> None:
    arabic_indic = re.compile("[\u0660-\u0669]")

    assert arabic_indic.search(str(a_heatmap("ar_SA")))
    assert not arabic_indic.search(str(a_heatmap("ar_AE")))


def test_numbers_are_isolated_in_right_to_left_charts() -> None:
    values = parsed(a_waterfall("ar")).findall(f".//{SVG}text[@class='value']")

    assert all((value.text or "").startswith("\u2068") for value in values)


def test_a_gap_in_the_values_is_a_gap_in_the_line() -> None:
    chart = line_chart(list("abcde"), [Series("x", (1.0, 2.0, None, 3.0, 4.0))], caption=CAPTION)

    assert len(drawn(chart).findall(f".//{SVG}polyline")) == 2


def test_stacked_bars_stand_on_one_another() -> None:
    rects = [r for r in parsed(a_stack("en")).findall(f".//{SVG}rect") if "bar" in (r.get("class") or "")]
    first, second = rects[0], rects[1]

    assert float(second.get("y") or 0) + float(second.get("height") or 0) == pytest.approx(
        float(first.get("y") or 0), abs=0.2
    )


def test_a_steps_end_is_the_next_ones_start() -> None:
    rects = [r for r in parsed(a_waterfall("en")).findall(f".//{SVG}rect") if "bar" in (r.get("class") or "")]
    more, less = rects[1], rects[2]
    end = float(more.get("x") or 0) + float(more.get("width") or 0)

    assert float(less.get("x") or 0) + float(less.get("width") or 0) == pytest.approx(end, abs=0.2)


def test_lineage_leads_from_the_columns_to_the_metric() -> None:
    layers = [Layer("Columns", (Node("a", "orders.status", "column"), Node("b", "orders.x", "column")))]
    layers.append(Layer("Metric", (Node("m", "late_share", "metric"),)))
    chart = parsed(lineage(layers, [("a", "m"), ("b", "m")], caption=CAPTION, locale="ar"))

    assert len(chart.findall(f".//{SVG}path")) == 2
    assert [cell.text for cell in chart.findall(".//td/bdi")] == ["late_share", "late_share"]
    assert "<svg" not in lineage([], [], caption=CAPTION)


def test_a_sparkline_needs_two_values() -> None:
    assert sparkline([1.0, None], caption=CAPTION) == ""
    assert parsed(sparkline([1.0, None, 2.0, 3.0], caption=CAPTION)).findall(f".//{SVG}polyline")


def test_polygons_are_read_from_geojson() -> None:
    ring = [[46.0, 24.0], [46.1, 24.0], [46.1, 24.1], [46.0, 24.0]]
    polygon = f'{{"type": "Polygon", "coordinates": [{ring}]}}'
    several = f'{{"type": "MultiPolygon", "coordinates": [[{ring}], [{ring}]]}}'

    assert len(rings_of_geojson(polygon)) == 1
    assert len(rings_of_geojson(several)) == 2


@pytest.mark.parametrize("text", ["", "{}", '{"type": "Polygon", "coordinates": 7}'])
def test_a_shape_that_is_no_polygon_is_refused(text: str) -> None:
    with pytest.raises(InvalidData, match="GeoJSON"):
        rings_of_geojson(text)


def test_an_axis_has_round_ends_around_its_values() -> None:
    scale = scale_for([3.0, 97.0])
    narrow = scale_for([31.0, 32.0], from_zero=False)

    assert (scale.low, scale.high) == (0.0, 100.0)
    assert 0 < narrow.low <= 31.0
    assert narrow.high >= 32.0
    assert scale_for([]).high == 1.0
    assert scale_for([5.0, 5.0], from_zero=False).low < 5.0
    assert scale_for([-8.0, 3.0]).low <= -8.0
    assert scale_for([0.02, 0.07]).decimals == 2


def test_labels_that_would_touch_are_left_out() -> None:
    assert thinned(["10:00"] * 10, widths=[30.0] * 10, room=100.0) == (0, 4, 8)
    assert thinned([], widths=[], room=100.0) == ()


def test_equal_values_share_one_shade() -> None:
    assert bins([2.0, 2.0]) == ()
    assert len(bins([0.0, 7.0])) == 6
    assert known([None, float("nan"), 1]) == (1.0,)


def test_wide_scripts_count_as_wide() -> None:
    assert text_width("配送") > text_width("ab")
    assert shortened("Al Olaya North District", width=60).endswith("…")


def test_text_in_a_chart_is_escaped() -> None:
    assert tag("text", "<script>", title='"') == '<text title="&#34;">&lt;script&gt;</text>'
