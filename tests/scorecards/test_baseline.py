"""The days that a day is compared with, and how a figure stands against them."""

from datetime import date, timedelta

import pytest

from tiffin.capabilities.scorecards.domain import (
    CalendarDay,
    Comparison,
    FigureRule,
    HeadlineFigure,
    Standing,
    choose_baseline,
    notable,
    supported,
    usual_of,
)

WEDNESDAY = date(2026, 2, 25)


def a_day(day: date, **changes: object) -> CalendarDay:
    known = {"is_weekend": day.isoweekday() >= 6, "is_ramadan": False, "holiday": None}
    return CalendarDay(day, **(known | changes))  # type: ignore[arg-type]  # changes are what the test says


def days_before(count: int, *, step: int = 1) -> list[CalendarDay]:
    return [a_day(WEDNESDAY - timedelta(days=step * k)) for k in range(1, count + 1)]


def test_the_same_weekday_of_the_weeks_before_comes_first() -> None:
    chosen = choose_baseline(a_day(WEDNESDAY), days_before(40))

    assert chosen.comparison is Comparison.SAME_WEEKDAY
    assert all(day.weekday() == WEDNESDAY.weekday() for day in chosen.days)
    assert len(chosen.days) == 5


def test_too_few_weeks_are_replaced_by_days_of_the_same_kind() -> None:
    chosen = choose_baseline(a_day(WEDNESDAY), days_before(13))

    assert chosen.comparison is Comparison.SAME_TYPE_BEFORE
    assert all(day.isoweekday() < 6 for day in chosen.days)
    assert len(chosen.days) == 8


def test_ramadan_is_not_compared_with_other_months() -> None:
    fasting = [a_day(WEDNESDAY + timedelta(days=k), is_ramadan=True) for k in range(-1, 4) if k]
    chosen = choose_baseline(a_day(WEDNESDAY, is_ramadan=True), [*fasting, *days_before(9)[1:]])

    assert chosen.comparison is Comparison.SAME_TYPE_AROUND
    assert set(chosen.days) <= {day.day for day in fasting}


def test_a_holiday_counts_as_a_day_off() -> None:
    assert a_day(WEDNESDAY, holiday="Founding Day").type == a_day(date(2026, 2, 28)).type


def test_days_of_another_kind_stand_in_when_there_is_nothing_else() -> None:
    assert choose_baseline(a_day(WEDNESDAY), [a_day(date(2026, 2, 21))]).comparison is Comparison.ANY_AROUND


def test_a_day_alone_is_compared_with_nothing() -> None:
    assert choose_baseline(a_day(WEDNESDAY), [a_day(WEDNESDAY)]) == choose_baseline(a_day(WEDNESDAY), [])
    assert choose_baseline(a_day(WEDNESDAY), []).comparison is Comparison.NONE


def test_days_far_away_say_nothing() -> None:
    assert choose_baseline(a_day(WEDNESDAY), days_before(3, step=100)).comparison is Comparison.NONE


def a_figure(value: float | None, history: list[float | None], direction: str = "up") -> HeadlineFigure:
    return HeadlineFigure("orders", "1", {"en": "Orders"}, "orders", direction, value, usual_of(history))


HISTORY: list[float | None] = [100.0, 102.0, 98.0, 101.0, 99.0, None]


@pytest.mark.parametrize(
    ("value", "direction", "standing"),
    [
        (101.0, "up", Standing.USUAL),
        (150.0, "up", Standing.BETTER),
        (150.0, "down", Standing.WORSE),
        (50.0, "up", Standing.WORSE),
        (150.0, "neither", Standing.HIGHER),
        (50.0, "neither", Standing.LOWER),
        (104.0, "up", Standing.UNKNOWN),
        (None, "up", Standing.UNKNOWN),
    ],
)
def test_a_figure_stands_out_only_beyond_its_spread(value: float | None, direction: str, standing: Standing) -> None:
    assert a_figure(value, HISTORY, direction).standing is standing


def test_without_history_nothing_is_called_usual() -> None:
    assert a_figure(5.0, []).usual is None
    assert a_figure(5.0, [1.0, 2.0]).standing is Standing.UNKNOWN
    assert a_figure(5.0, [1.0, 1.0, 1.0]).standing is Standing.UNKNOWN


def test_fewer_days_must_be_left_farther_behind() -> None:
    limits = [notable(days) for days in range(3, 20)]

    assert limits == sorted(limits, reverse=True)
    assert limits[0] > 5
    assert limits[-1] > 2
    assert notable(2) == float("inf")


def test_a_figure_without_what_it_needs_is_not_shown() -> None:
    rule = FigureRule("late_orders", "promised_deliveries")

    assert not supported(rule, {"late_orders": [0.0, 0.0], "promised_deliveries": [0.0, 0.0]})
    assert supported(rule, {"late_orders": [0.0, 0.0], "promised_deliveries": [0.0, 5.0]})
    assert not supported(FigureRule("coverage", None), {"coverage": [None, 0.5]})
