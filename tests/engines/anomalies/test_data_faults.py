"""Planted faults are found, ordinary days are left alone, and each check sees what it is for."""

from datetime import date, timedelta
from types import ModuleType

import numpy as np
import pytest

from tiffin.engines.anomalies.calibration import threshold_for
from tiffin.engines.anomalies.checks import (
    Check,
    CheckSettings,
    Contents,
    Settled,
    Watched,
    moved,
    relative_move,
    repeated_contents,
    unexpected,
)
from tiffin.engines.anomalies.festivals import DayMarks, easter, weights_of
from tiffin.engines.anomalies.forecast import Nature, Series, forecast
from tiffin.engines.anomalies.profile import ShapeFault, shape_faults

FIRST = date(2024, 1, 1)
DAYS = tuple(FIRST + timedelta(days=n) for n in range(500))
PLAIN: tuple[dict[str, float], ...] = ({},) * len(DAYS)


def noisy(level: float = 1000.0, seed: int = 1) -> np.ndarray:
    dice = np.random.default_rng(seed)
    weekly = np.array([1.0, 1.0, 1.0, 1.05, 1.2, 1.3, 1.1])[np.arange(len(DAYS)) % 7]
    return np.asarray(level * weekly * np.exp(dice.normal(0, 0.05, len(DAYS))))


def watched(values: np.ndarray, nature: Nature = Nature.COUNT) -> Watched:
    return Watched("orders", "SA", None, Series(nature, DAYS, values, PLAIN))


def test_planted_faults_of_every_kind_are_found_at_less_than_one_false_alarm_in_a_thousand(
    data_faults: ModuleType,
) -> None:
    figure = data_faults.measure(2001, copies=1, each=25)

    assert figure.overall >= 0.95
    assert all(share >= 0.85 for share in figure.recall.values())
    assert figure.per_thousand <= 1.0


@pytest.mark.full
@pytest.mark.timeout(600)
def test_the_figure_holds_on_worlds_that_nothing_was_tuned_on(data_faults: ModuleType) -> None:
    for seed in (3001, 3002, 3003):
        figure = data_faults.measure(seed, copies=4, each=80)
        assert figure.overall >= 0.95
        assert figure.per_thousand <= 1.0


def test_a_festival_is_expected_the_second_time_although_its_date_has_moved() -> None:
    values = noisy()
    weights = [dict(day) for day in PLAIN]
    for start in (100, 454):
        for day in range(start, start + 10):
            values[day] *= 0.5
            weights[day] = {"festival": 1.0}

    told = forecast([Series(Nature.COUNT, DAYS, values, weights)])

    assert abs(told.expected[0, 458] / values[458] - 1) < 0.2
    assert np.nanmax(np.abs(told.score[0, 454:464])) < 4


def test_one_faulty_day_does_not_hide_the_next() -> None:
    values = noisy()
    values[400:402] *= 2

    days = {one.day for one in unexpected([watched(values)], CheckSettings())}

    assert days == {DAYS[400], DAYS[401]}


def test_a_new_level_is_believed_after_some_days() -> None:
    values = noisy()
    values[300:] *= 1.8

    days = {one.day for one in unexpected([watched(values)], CheckSettings())}

    assert DAYS[300] in days
    assert not {day for day in days if day > DAYS[310]}


def test_missing_days_and_zeroes_are_told_apart() -> None:
    values = noisy()
    values[400], values[410] = np.nan, 0.0

    days = {one.day for one in unexpected([watched(values)], CheckSettings())}

    assert DAYS[410] in days
    assert DAYS[400] not in days


def test_shares_keep_to_their_bounds_and_to_the_size_of_what_they_are_taken_of() -> None:
    dice = np.random.default_rng(3)
    sizes = np.full(len(DAYS), 40.0)
    shares = dice.binomial(40, 0.97, len(DAYS)) / 40.0

    told = unexpected([Watched("rate", "SA", None, Series(Nature.SHARE, DAYS, shares, PLAIN, sizes))], CheckSettings())

    assert len(told) <= 1


def test_ordinary_noise_with_heavy_tails_raises_its_own_threshold() -> None:
    dice = np.random.default_rng(5)

    normal, heavy = dice.normal(size=20_000), dice.standard_t(4, 20_000)

    assert np.mean(np.abs(heavy) > threshold_for(heavy, 1e-3)) < 3e-3
    assert threshold_for(heavy, 1e-3) > threshold_for(normal, 1e-3)
    assert threshold_for(normal[:10], 1e-3) == pytest.approx(3.29, abs=0.01)


def shapes(days: int = 40) -> np.ndarray:
    dice = np.random.default_rng(7)
    clock = np.arange(48) / 2
    usual = np.exp(-(((clock - 9) / 1.4) ** 2) / 2) + 1.5 * np.exp(-(((clock - 16) / 1.9) ** 2) / 2) + 0.01
    return dice.poisson(3000 * usual / usual.sum(), (days, 48)).astype(float)


@pytest.mark.parametrize("step", [-1, 1])
def test_a_clock_that_is_half_an_hour_off_is_told_with_its_direction(step: int) -> None:
    counts = shapes()
    counts[30] = np.roll(counts[30], step)

    found = shape_faults(counts, [0] * 40)

    assert [(one.day, one.fault, round(one.bins)) for one in found] == [(30, ShapeFault.SHIFT, step)]


def test_hours_in_which_everything_is_missing_are_told() -> None:
    counts = shapes()
    counts[30, 28:] = 0

    found = shape_faults(counts, [0] * 40)

    assert [(one.day, one.fault, one.bins) for one in found] == [(30, ShapeFault.GAP, 20)]


def test_quiet_cities_and_days_of_a_new_sort_have_no_shape_to_be_wrong() -> None:
    counts = shapes()
    counts[30] = np.roll(counts[30], 1)

    assert shape_faults(counts / 100, [0] * 40) == []
    assert shape_faults(counts, [0] * 30 + [1] + [0] * 9) == []


def test_contents_that_stand_twice_are_told_and_usual_repeats_are_not() -> None:
    rows, distinct = np.full(20, 1000.0), np.full(20, 990.0)
    rows[10] = 2000

    found = repeated_contents([Contents("orders", "SA", "riyadh", DAYS[:20], rows, distinct)], CheckSettings())

    assert [(one.day, one.check, one.city_id) for one in found] == [(DAYS[10], Check.CONTENTS, "riyadh")]


@pytest.mark.parametrize(
    ("then", "now", "is_moved"),
    [(100, 100.4, False), (100, 101, True), (0, 3, True), (3, None, True), (None, 0, False), (0, None, False)],
)
def test_a_settled_value_may_move_by_so_much_and_no_more(
    then: float | None, now: float | None, *, is_moved: bool
) -> None:
    assert bool(moved([Settled("orders", "SA", FIRST, then, now, 0.005)])) is is_moved
    assert relative_move(then, then) == 0


@pytest.mark.parametrize("day", [date(2024, 3, 31), date(2025, 4, 20), date(2026, 4, 5), date(2000, 4, 23)])
def test_easter_falls_where_the_church_says(day: date) -> None:
    assert easter(day.year) == day


def test_moving_holidays_keep_their_names_from_year_to_year() -> None:
    marks = [DayMarks(date(2025, 10, day), is_weekend=day in (4, 5), holiday=_golden(day)) for day in range(1, 13)]

    weights = weights_of(marks)

    assert all(weights[day].get("holiday national day") == 1 for day in range(8))
    assert weights[8].get("day after a holiday") == 1
    assert "long holiday" in weights[0]


def _golden(day: int) -> str | None:
    if day <= 3:
        return "National Day"
    return "Day off (substituted from 09/28/2025)" if day in (7, 8) else "Mid-Autumn Festival" if day == 6 else None


def test_ramadan_eid_and_carnival_have_effects_of_their_own() -> None:
    days = (
        DayMarks(date(2025, 3, 1), is_weekend=False, hijri=(9, 1)),
        DayMarks(date(2025, 3, 2), is_weekend=True, hijri=(9, 25)),
        DayMarks(date(2025, 3, 3), is_weekend=False, hijri=(10, 1), known=("campaign",)),
        DayMarks(date(2025, 3, 4), is_weekend=False, hijri=(12, 10), carnival=True),
    )

    ramadan, weekend, fitr, adha = weights_of(days)

    assert {"ramadan", "ramadan begins"} <= ramadan.keys()
    assert {"ramadan weekend", "ramadan ends"} <= weekend.keys()
    assert {"eid al-fitr", "campaign"} <= fitr.keys()
    assert {"eid al-adha", "carnival"} <= adha.keys()
