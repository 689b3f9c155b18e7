"""Dates and times of FEEL agree with Python's where Python has them, and go on where it has none."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.engines.decisions.conftest import Feel

from tiffin.engines.decisions.feel.calendar import Date, DateTime, Time, from_ordinal, later, seconds_of
from tiffin.engines.decisions.feel.durations import NANOS, Days, Years, read_duration

EPOCH = date(1970, 1, 1)
MOMENTS = st.datetimes(datetime.fromisoformat("1900-01-01"), datetime.fromisoformat("2100-01-01"))


@settings(max_examples=300, deadline=None)
@given(st.dates())
def test_days_are_counted_as_python_counts_them(day: date) -> None:
    found = Date(day.year, day.month, day.day)

    assert found.ordinal == (day - EPOCH).days
    assert found.weekday == day.isoweekday()
    assert from_ordinal(found.ordinal) == found


@settings(max_examples=300, deadline=None)
@given(st.integers(-365_000_000_000, 365_000_000_000))
def test_every_day_of_the_calendar_comes_back_from_its_number(ordinal: int) -> None:
    found = from_ordinal(ordinal)

    assert found is not None
    assert found.ordinal == ordinal


@settings(max_examples=200, deadline=None)
@given(
    MOMENTS,
    st.timedeltas(timedelta(-9999), timedelta(9999)),
)
def test_durations_are_added_as_python_adds_them(start: datetime, duration: timedelta) -> None:
    moment = DateTime(
        Date(start.year, start.month, start.day), Time(start.hour, start.minute, start.second, start.microsecond * 1000)
    )
    nanos = (duration.days * 86_400 + duration.seconds) * NANOS + duration.microseconds * 1000

    assert str(later(moment, Days(nanos)))[:19] == (start + duration).isoformat()[:19]


@settings(max_examples=200, deadline=None)
@given(st.one_of(st.builds(Days, st.integers(-(10**24), 10**24)), st.builds(Years, st.integers(-(10**9), 10**9))))
def test_a_duration_is_read_again_as_it_was_written(duration: Days | Years) -> None:
    assert read_duration(str(duration)) == duration


def test_a_zone_has_the_offset_of_the_day() -> None:
    def at(month: int) -> DateTime:
        return DateTime(Date(2021, month, 1), Time(12, 0, 0, zone="Europe/Paris"))

    assert seconds_of(at(1))[1] % 86_400 == 11 * 3600
    assert seconds_of(at(7))[1] % 86_400 == 10 * 3600


def test_moments_are_read_compared_and_taken_apart(feel: Feel) -> None:
    expected = {
        'date("2017-02-29")': "null",
        'date("99999-12-31")': "99999-12-31",
        'date("-2018-12-06").year': "-2018",
        'date and time("2012-12-24T24:00:00")': "2012-12-25T00:00:00",
        'date and time("2018-12-08")': "2018-12-08T00:00:00",
        'date(2021, 1, 31) + @"P1M"': "2021-02-28",
        'date(2021, 1, 12) + @"P1DT36H"': "2021-01-14",
        "date(2021, 13, 1)": "null",
        'time(@"2021-01-01")': "00:00:00Z",
        'time("13:20:00@xyz/abc")': "null",
        'time("10:00:00") - @"PT11H"': "23:00:00",
        'time(11, 59, 45.5, @"PT2H1M")': "11:59:45.5+02:01",
        '@"2021-01-12T10:10:10Z" - @"2021-01-12T10:10:10+11:00"': "PT11H",
        '@"2021-01-12T10:10:10Z" - @"2021-01-12T10:10:10"': "null",
        '@"2021-01-12T10:10:10Z" < @"2021-01-12T10:10:10"': "null",
        '@"2018-10-08T00:00:00+02:00" = @"2018-10-08T00:00:00@Europe/Paris"': "true",
        '@"2018-10-08T00:00:00@Europe/Paris".time offset': "PT2H",
        'string(@"2021-03-28T01:30:00@Europe/Paris" + @"PT1H")': '"2021-03-28T03:30:00@Europe/Paris"',
        'string(@"2021-10-31T03:30:00@Europe/Paris" - @"PT2H")': '"2021-10-31T02:30:00@Europe/Paris"',
        '@"P1Y" = @"P365D"': "null",
        '@"PT1M" * 1.5': "PT1M30S",
        '@"P1D" / @"PT1H"': "24",
        '-@"P1Y3M".months': "-3",
        'years and months duration(@"2017-12-28", @"2016-09-30")': "-P1Y2M",
        'week of year(@"2003-12-29")': "1",
        'week of year(@"2005-01-01")': "53",
        'day of year(@"2020-12-31")': "366",
        'day of week(@"2026-11-23")': '"Monday"',
        'month of year(@"2021-02-01T10:00:00")': '"February"',
    }

    assert {text: feel(text) for text in expected} == expected


def test_now_is_the_instant_that_the_caller_tells(feel: Feel, notes: Callable[[str], list[str]]) -> None:
    assert feel("now()") == "1970-01-01T00:00:00Z"
    assert feel("today()") == "1970-01-01"
    assert notes("now(1)") != []
