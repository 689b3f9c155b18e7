"""Which days' rows count for a period: month ends, whole and running periods, windows, days left out."""

from datetime import date

import pytest

from tiffin.engines.metrics.compiling.spans import Frame, Span, Stretch, TimeUnit, Window, moved, parse_span, stretches
from tiffin.kernel.errors import InvalidDefinition
from tiffin.kernel.time import Days

MONTH_BEFORE = Frame((Span(months=1),))
WEEK_BEFORE = Frame((Span(days=7),))


def days(first: str, last: str) -> Days:
    return Days(date.fromisoformat(first), date.fromisoformat(last))


def told(found: list[Stretch]) -> list[tuple[str | None, str | None, str]]:
    return [tuple(None if day is None else str(day) for day in (item.period, item.first, item.last)) for item in found]  # type: ignore[misc] # three each


@pytest.mark.parametrize(
    ("day", "months", "found"),
    [("2026-03-31", -1, "2026-02-28"), ("2024-03-31", -1, "2024-02-29"), ("2024-02-29", -12, "2023-02-28")],
)
def test_a_day_that_the_earlier_month_lacks_answers_to_its_last(day: str, months: int, found: str) -> None:
    assert str(moved(date.fromisoformat(day), months)) == found


def test_a_whole_month_answers_to_the_whole_month_before() -> None:
    found = stretches(days("2026-02-01", "2026-02-28"), MONTH_BEFORE, TimeUnit.MONTH, None)
    assert told(found) == [("2026-02-01", "2026-01-01", "2026-01-31")]


def test_a_running_month_answers_to_the_same_days() -> None:
    found = stretches(days("2026-03-01", "2026-03-15"), MONTH_BEFORE, TimeUnit.MONTH, None)
    assert told(found) == [("2026-03-01", "2026-02-01", "2026-02-15")]


def test_a_condition_that_leaves_every_day_leaves_the_month_whole() -> None:
    asked = days("2026-02-01", "2026-02-28")
    assert stretches(asked, MONTH_BEFORE, TimeUnit.MONTH, lambda _: True) == stretches(
        asked, MONTH_BEFORE, TimeUnit.MONTH, None
    )
    assert stretches(asked, MONTH_BEFORE, None, lambda _: True) == stretches(asked, MONTH_BEFORE, None, None)


def test_days_left_out_are_left_out_before_too() -> None:
    found = stretches(days("2026-01-05", "2026-01-18"), WEEK_BEFORE, TimeUnit.WEEK, lambda day: day.isoweekday() > 5)
    assert told(found) == [
        ("2026-01-05", "2026-01-03", "2026-01-04"),
        ("2026-01-12", "2026-01-10", "2026-01-11"),
    ]


def test_days_across_a_month_s_end_skip_those_that_no_day_answers_to() -> None:
    found = stretches(days("2026-02-23", "2026-03-01"), MONTH_BEFORE, TimeUnit.WEEK, None)
    assert told(found) == [("2026-02-23", "2026-01-23", "2026-01-28"), ("2026-02-23", "2026-02-01", "2026-02-01")]


@pytest.mark.parametrize(
    ("window", "first"),
    [
        (Window(Span(days=7)), "2026-03-25"),
        (Window(Span(months=1)), "2026-03-01"),
        (Window(to_date=TimeUnit.QUARTER), "2026-01-01"),
        (Window(to_date=TimeUnit.WEEK), "2026-03-30"),
        (Window(), None),
    ],
)
def test_a_window_ends_with_the_last_asked_day(window: Window, first: str | None) -> None:
    found = stretches(days("2026-03-02", "2026-03-31"), Frame(window=window), TimeUnit.MONTH, None)
    assert told(found) == [("2026-03-01", first, "2026-03-31")]


def test_a_window_over_an_earlier_month_ends_with_that_month() -> None:
    frame = Frame((Span(months=1),), Window(Span(days=7)))
    found = stretches(days("2026-02-01", "2026-02-28"), frame, TimeUnit.MONTH, None)
    assert told(found) == [("2026-02-01", "2026-01-25", "2026-01-31")]


def test_no_asked_day_gives_no_period() -> None:
    assert stretches(days("2026-02-01", "2026-02-28"), WEEK_BEFORE, TimeUnit.DAY, lambda _: False) == []
    assert stretches(days("2026-02-01", "2026-02-28"), WEEK_BEFORE, None, lambda _: False) == []


@pytest.mark.parametrize("text", ["0 days", "a week", "7", "7 hours", "1.5 months", ""])
def test_what_is_no_length_is_refused(text: str) -> None:
    with pytest.raises(InvalidDefinition, match="length of time"):
        parse_span(text)


def test_offsets_follow_one_another_the_outer_first() -> None:
    april = days("2026-04-01", "2026-04-30")
    frame = Frame((Span(months=3), Span(days=1)))
    assert told(stretches(april, frame, TimeUnit.MONTH, None)) == [("2026-04-01", "2025-12-31", "2026-01-30")]
    frame = Frame((Span(days=1), Span(months=1)))
    assert told(stretches(april, frame, None, None)) == [(None, "2026-02-28", "2026-03-29")]
    frame = Frame((Span(months=1), Span(months=2)))
    assert told(stretches(days("2026-04-01", "2026-06-30"), frame, TimeUnit.QUARTER, None)) == [
        ("2026-04-01", "2026-01-01", "2026-01-30"),
        ("2026-04-01", "2026-02-01", "2026-03-30"),
    ]


def test_whole_months_with_one_between_left_out_answer_to_whole_months() -> None:
    found = stretches(days("2026-02-01", "2026-04-30"), MONTH_BEFORE, None, lambda day: day.month != 3)
    assert told(found) == [(None, "2026-01-01", "2026-01-31"), (None, "2026-03-01", "2026-03-31")]
