"""Charts with intervals: forest plots, reliability diagrams and circles."""

from math import nan

from tiffin.runtime.i18n import format_number
from tiffin.web.charts.circle import Dot, circle_chart
from tiffin.web.charts.figure import Caption, Key
from tiffin.web.charts.interval import Interval, interval_chart
from tiffin.web.charts.reliability import Point, reliability_diagram

CAPTION = Caption("A title", "What to see.")
COLUMNS = ("name", "value", "at least", "at most")


def plain(value: float | None) -> str:
    return format_number(value, "en", decimals=2)


def test_an_interval_is_drawn_and_told_in_a_table() -> None:
    drawn = str(
        interval_chart([Interval("late", 0.8, 0.7, 0.9)], caption=CAPTION, columns=COLUMNS, marks=(0.667,), show=plain)
    )

    assert "late: 0.80 (0.70 … 0.90)" in drawn
    assert "joint" in drawn


def test_ratios_lie_as_far_from_once_on_both_sides() -> None:
    rows = [Interval("half", 0.5, 0.25, 1.0), Interval("twice", 2.0, 1.0, 4.0)]
    drawn = str(interval_chart(rows, caption=CAPTION, columns=COLUMNS, marks=(1.0,), is_ratio=True, show=plain))

    assert drawn.count(">0.50</text>") == drawn.count(">2.00</text>") > 0


def test_what_has_no_value_is_not_drawn() -> None:
    drawn = str(interval_chart([Interval("few", nan, nan, nan)], caption=CAPTION, columns=COLUMNS))

    assert "chart-empty" in drawn


def test_a_value_without_interval_is_a_dot_alone() -> None:
    rows = [Interval("a", 0.5, nan, nan), Interval("b", 0.9, 0.8, 1.0)]
    drawn = str(interval_chart(rows, caption=CAPTION, columns=COLUMNS, show=plain))

    # Twice, for a column and for a phone.
    assert drawn.count("<circle") == 4
    assert drawn.count('class="line s1"') == 2


def test_a_reliability_diagram_is_mirrored_where_reading_runs_right_to_left() -> None:
    points = [Point(0.9, 0.8, 0.7, 0.88, 40)]
    columns = ("confidence", "stood", "at least", "at most", "count")
    drawn = [
        str(reliability_diagram(points, caption=CAPTION, columns=columns, locale=one, show=plain))
        for one in ("en", "ar")
    ]

    assert drawn[0] != drawn[1]
    assert all("<circle" in one for one in drawn)
    assert "chart-empty" in str(reliability_diagram([], caption=CAPTION, columns=columns, locale="en", show=plain))


def test_a_circle_names_its_dots_for_those_who_cannot_see_it() -> None:
    drawn = str(
        circle_chart(
            [Dot("c-1", "s1"), Dot("r-2", "s2")],
            [(0, 1, 3)],
            caption=CAPTION,
            columns=("from", "to", "claims"),
            keys=[Key("Customer", "s1")],
            locale="en",
        )
    )

    assert "<title>c-1</title>" in drawn
    assert drawn.count("<circle") == 2
