"""The time line: rows of what took how long, against what was expected; and the map of one way."""

import re
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from tiffin.web.charts.figure import Caption
from tiffin.web.charts.timeline import Moment, Span, timeline
from tiffin.web.charts.way_map import Place, Report, way_map
from tiffin.web.charts.zone_map import ZoneShape

CAPTION = Caption("Time <line>", "What to see")
SVG = "{http://www.w3.org/2000/svg}"
PLACES = [Place("Pick-up", 24.7, 46.7, "pickup"), Place("Drop-off", 24.73, 46.73, "dropoff")]
WAY = [Report("15:09", 24.7001, 46.7), Report("15:20", 24.715, 46.71), Report("15:39", 24.73, 46.73)]


def minutes(value: float) -> str:
    return f"{value:g}"


def a_timeline(*spans: Span, moments: tuple[Moment, ...] = (), locale: str = "en") -> Markup:
    return timeline(spans, moments, caption=CAPTION, clock=minutes, locale=locale)


def drawings(chart: Markup) -> list[ET.Element]:
    return ET.fromstring(str(chart)).findall(f".//{SVG}svg")  # noqa: S314 - our own drawing


def bars(drawing: ET.Element, css: str) -> list[tuple[float, float]]:
    found = (one for one in drawing.iter(f"{SVG}rect") if one.get("class") == css)
    return [(float(one.get("x", 0)), float(one.get("width", 0))) for one in found]


@pytest.mark.parametrize("locale", ["en", "ar", "zh_Hant"])
def test_both_drawings_are_valid_have_a_name_and_no_colour_of_their_own(locale: str) -> None:
    chart = a_timeline(Span("Ride", 0, 20, 12, 15), moments=(Moment("promised", 18),), locale=locale)

    assert [one.get("viewBox", "").split()[2] for one in drawings(chart)] == ["560", "340"]
    assert all(one.findtext(f"{SVG}title") == "Time <line>" for one in drawings(chart))
    assert not re.search(r'style=|fill="|stroke="|#[0-9a-f]{3}', str(chart))


def test_what_took_longer_than_it_may_is_drawn_apart_and_the_two_parts_meet() -> None:
    (wide, _) = drawings(a_timeline(Span("Ride", 0, 20, 12, 15)))

    ((begin, within),), ((end, beyond),) = bars(wide, "bar less"), bars(wide, "bar more")
    assert begin + within == pytest.approx(end, abs=0.2)
    assert within / beyond == pytest.approx(15 / 5, rel=0.01)


def test_without_a_limit_the_expected_length_is_the_limit_and_without_both_nothing_is_too_long() -> None:
    (wide, _) = drawings(a_timeline(Span("Ride", 0, 20, 12), Span("Door", 20, 24)))

    assert len(bars(wide, "bar more")) == 1
    assert len(bars(wide, "bar less")) == 2


def test_a_row_that_never_began_says_so_and_one_that_never_ended_runs_on() -> None:
    chart = a_timeline(Span("Ride", 0, 20), Span("Door", None, None), Span("Return", 20, None))

    assert "not recorded" in chart
    assert ">open<" in chart


def test_a_time_line_runs_from_where_reading_begins() -> None:
    def first_bar(locale: str) -> tuple[float, float]:
        return bars(drawings(a_timeline(Span("Ride", 0, 10), Span("Door", 10, 20), locale=locale))[0], "bar less")[0]

    (left, width), (right, _) = first_bar("en"), first_bar("ar")
    assert left + width + right == pytest.approx(560, abs=0.3)


def test_without_any_length_a_sentence_stands_in_place_of_the_drawing() -> None:
    chart = a_timeline(Span("Ride", None, None))

    assert "<svg" not in chart
    assert "No figures to draw here." in chart


@given(
    st.lists(
        st.tuples(st.floats(-60, 300), st.floats(0, 300), st.none() | st.floats(0, 300), st.none() | st.floats(0, 400)),
        min_size=1,
        max_size=8,
    ),
    st.lists(st.floats(-60, 500), max_size=2),
    st.sampled_from(["en", "ar"]),
)
def test_every_bar_lies_within_the_drawing(
    rows: list[tuple[float, float, float | None, float | None]], moments: list[float], locale: str
) -> None:
    spans = [Span("Step", begin, begin + took, fair, limit) for begin, took, fair, limit in rows]
    chart = a_timeline(*spans, moments=tuple(Moment("promised", at) for at in moments), locale=locale)

    for drawing in drawings(chart):
        width = float(drawing.get("viewBox", "").split()[2])
        assert all(x >= -0.6 and x + wide <= width + 0.6 for x, wide in bars(drawing, "bar less"))


def test_a_way_is_drawn_up_to_the_moment_that_is_asked_for() -> None:
    def points(at: int) -> int:
        (svg,) = drawings(way_map(PLACES, WAY, at=at, caption=CAPTION))
        (gone,) = [one for one in svg.iter(f"{SVG}polyline") if one.get("class") == "way gone"]
        return len(gone.get("points", "").split())

    assert [points(at) for at in (0, 1, 2, 99)] == [1, 2, 3, 3]


def test_a_map_of_a_way_is_never_mirrored() -> None:
    def signs(locale: str) -> list[str | None]:
        (svg,) = drawings(way_map(PLACES, WAY, at=0, caption=CAPTION, locale=locale))
        return [one.get("cx") for one in svg.iter(f"{SVG}circle")]

    assert signs("en") == signs("ar")


def test_only_zones_around_the_way_are_drawn() -> None:
    def zone(name: str, east: float) -> ZoneShape:
        return ZoneShape(name, name, (((east, 24.69), (east + 0.02, 24.69), (east + 0.02, 24.71)),))

    chart = way_map(PLACES, WAY, [zone("Near", 46.69), zone("Far", 50.0)], at=0, caption=CAPTION)

    assert "Near" in chart
    assert "Far" not in chart


def test_without_any_place_a_sentence_stands_in_place_of_the_map() -> None:
    assert "No figures to draw here." in way_map([], [], at=0, caption=CAPTION)
