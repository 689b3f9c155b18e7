from datetime import date

import numpy as np
import pytest

from tiffin.runtime.sun import sunrise_min, sunset_min

# timeanddate.com, London (51.473 N, 0.001 W), 2015, times in UTC: sunrise, sunset.
LONDON = {
    date(2015, 1, 1): ("08:06", "16:01"),
    date(2015, 12, 1): ("07:43", "15:55"),
    date(2015, 12, 3): ("07:46", "15:54"),
    date(2015, 12, 12): ("07:56", "15:51"),
    date(2015, 12, 25): ("08:05", "15:55"),
}


@pytest.mark.parametrize("day", LONDON)
def test_the_sun_rises_and_sets_in_london_within_two_minutes_of_the_published_times(day: date) -> None:
    rise, fall = (int(text[:2]) * 60 + int(text[3:]) for text in LONDON[day])

    assert sunrise_min([day], 51.473, -0.001)[0] == pytest.approx(rise, abs=2)
    assert sunset_min([day], 51.473, -0.001)[0] == pytest.approx(fall, abs=2)


def test_the_sun_sets_in_riyadh_on_the_first_of_ramadan_1447_at_the_published_minute() -> None:
    """17:49 and 17:50 at UTC+3 in the timetable of ARY News, 2026-02-17, for 18 and 19 February."""
    found = sunset_min([date(2026, 2, 18), date(2026, 2, 19)], 24.7136, 46.6753) + 180

    assert found == pytest.approx([17 * 60 + 49, 17 * 60 + 50], abs=2)


def test_day_and_night_are_about_equal_on_the_equator_all_year() -> None:
    days = [date(2026, month, 15) for month in range(1, 13)]

    length = sunset_min(days, 0.0, 30.0) - sunrise_min(days, 0.0, 30.0)
    assert length == pytest.approx(np.full(12, 726.7), abs=1.0)


def test_where_the_sun_does_not_set_there_is_no_time() -> None:
    assert np.isnan(sunset_min([date(2026, 6, 21)], 70.0, 25.0)).all()
