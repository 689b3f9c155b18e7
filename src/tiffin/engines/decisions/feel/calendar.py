"""FEEL's dates and times: any year of the proleptic Gregorian calendar, to the nanosecond, with offset or zone.

Python's own dates end with year 9999 and FEEL's do not, so that days are counted here.

Notes
-----
Two instants are compared by whole seconds, as the standard's conformance cases ask (0068, ``time("10:30:00.0001") =
time("10:30:00.0002")``); differences keep the fraction.

References
----------
Hinnant, Howard (2021). chrono-Compatible Low-Level Date Algorithms (``days_from_civil``, ``civil_from_days``).
"""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from tiffin.engines.decisions.feel.durations import NANOS, Days, Years

DAY_S = 86_400
MAX_YEAR = 999_999_999
_ERA_DAYS = 146_097
_EPOCH = 719_468
"""Days from 1 March of year 0 to 1 January 1970."""


@dataclass(frozen=True, slots=True, order=True)
class Date:
    """A day of the calendar."""

    year: int
    month: int
    day: int

    @property
    def ordinal(self) -> int:
        """Days since 1 January 1970."""
        year = self.year - (self.month <= 2)  # noqa: PLR2004 - a year that begins in March
        era, of_era = divmod(year, 400)
        of_year = (153 * ((self.month + 9) % 12) + 2) // 5 + self.day - 1
        return era * _ERA_DAYS + of_era * 365 + of_era // 4 - of_era // 100 + of_year - _EPOCH

    @property
    def weekday(self) -> int:
        """Day of the week, 1 Monday to 7 Sunday."""
        return (self.ordinal + 3) % 7 + 1

    def __str__(self) -> str:
        return f"{'-' if self.year < 0 else ''}{abs(self.year):04d}-{self.month:02d}-{self.day:02d}"


@dataclass(frozen=True, slots=True)
class Time:
    """A time of day; ``offset_s`` from UTC, or a ``zone`` by name, or neither."""

    hour: int
    minute: int
    second: int
    nano: int = 0
    offset_s: int | None = None
    zone: str | None = None

    @property
    def second_of_day(self) -> int:
        """Seconds since midnight on its own clock."""
        return self.hour * 3600 + self.minute * 60 + self.second

    def __str__(self) -> str:
        fraction = f".{self.nano:09d}".rstrip("0") if self.nano else ""
        zone = f"@{self.zone}" if self.zone else "" if self.offset_s is None else _offset_text(self.offset_s)
        return f"{self.hour:02d}:{self.minute:02d}:{self.second:02d}{fraction}{zone}"


@dataclass(frozen=True, slots=True)
class DateTime:
    """A date with a time."""

    date: Date
    time: Time

    def __str__(self) -> str:
        return f"{self.date}T{self.time}"


Temporal = Date | Time | DateTime


def from_ordinal(ordinal: int) -> Date | None:
    """Give the day so many days after 1 January 1970; None beyond the calendar."""
    era, of_era = divmod(ordinal + _EPOCH, _ERA_DAYS)
    year = (of_era - of_era // 1460 + of_era // 36_524 - of_era // 146_096) // 365
    of_year = of_era - (365 * year + year // 4 - year // 100)
    moon = (5 * of_year + 2) // 153
    month = (moon + 2) % 12 + 1
    return a_date(year + era * 400 + (month <= 2), month, of_year - (153 * moon + 2) // 5 + 1)  # noqa: PLR2004 - as above


def a_date(year: int, month: int, day: int) -> Date | None:
    """Give a day, if there is one such."""
    if abs(year) > MAX_YEAR or not 1 <= month <= 12 or not 1 <= day <= days_in(year, month):  # noqa: PLR2004 - months
        return None
    return Date(year, month, day)


def days_in(year: int, month: int) -> int:
    """Count the days of a month."""
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    return 29 if month == 2 and leap else (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)[month - 1]  # noqa: PLR2004 - February


def at_midnight(date: Date) -> DateTime:
    """Give the instant that a date means where an instant is asked for: midnight UTC."""
    return DateTime(date, Time(0, 0, 0, 0, 0))


def offset_of(moment: DateTime | Time) -> int | None:
    """Give the seconds from UTC that hold at a moment; None where neither offset nor zone is told."""
    time = moment if isinstance(moment, Time) else moment.time
    if time.zone is None:
        return time.offset_s
    date = Date(2000, 1, 1) if isinstance(moment, Time) else moment.date
    year = date.year if 1 < date.year < 9999 else date.year % 400 + 2000  # noqa: PLR2004 - what Python's zones know
    there = datetime(year, date.month, date.day, time.hour, time.minute, time.second, tzinfo=zone_named(time.zone))
    return int((there.utcoffset() or timedelta()).total_seconds())


@lru_cache(maxsize=256)
def zone_named(name: str) -> ZoneInfo | None:
    """Find a time zone of the IANA database; None when there is none of that name."""
    try:
        return ZoneInfo(name)
    except (ValueError, OSError, KeyError):
        return None


def seconds_of(moment: DateTime | Time) -> tuple[bool, int]:
    """Give whether a moment is on a known clock, and its whole seconds: since 1970, or since midnight for a time."""
    offset = offset_of(moment)
    if isinstance(moment, Time):
        return offset is not None, moment.second_of_day - (offset or 0)
    return offset is not None, moment.date.ordinal * DAY_S + moment.time.second_of_day - (offset or 0)


def later(moment: Temporal, duration: Days | Years) -> Temporal | None:
    """Add a duration to a moment; None where there is no such moment, as no time has months."""
    if isinstance(duration, Years):
        return _months_later(moment, duration.months)
    if isinstance(moment, Date):
        found = later(at_midnight(moment), duration)
        return found.date if isinstance(found, DateTime) else None
    if isinstance(moment, DateTime) and moment.time.zone is not None:
        return _later_in_zone(moment, duration, moment.time.zone)
    time = moment if isinstance(moment, Time) else moment.time
    days, nanos = divmod(time.second_of_day * NANOS + time.nano + duration.nanos, DAY_S * NANOS)
    second, nano = divmod(nanos, NANOS)
    clock = replace(time, hour=second // 3600, minute=second % 3600 // 60, second=second % 60, nano=nano)
    if isinstance(moment, Time):
        return clock
    date = from_ordinal(moment.date.ordinal + days)
    return DateTime(date, clock) if date else None


def _later_in_zone(moment: DateTime, duration: Days, zone: str) -> DateTime | None:
    """Add by the instants, so that a clock that was changed in between shows another hour."""
    utc = later(
        replace(moment, time=replace(moment.time, zone=None, offset_s=0)), Days(-(offset_of(moment) or 0) * NANOS)
    )
    found = None if utc is None else later(utc, duration)
    if not isinstance(found, DateTime):
        return None
    known = found.date.year if 1 < found.date.year < 9999 else found.date.year % 400 + 2000  # noqa: PLR2004 - as above
    clock = found.time
    there = datetime(known, found.date.month, found.date.day, clock.hour, clock.minute, clock.second, tzinfo=UTC)
    shift = there.astimezone(zone_named(zone)).utcoffset() or timedelta()
    local = later(found, Days(int(shift.total_seconds()) * NANOS))
    return DateTime(local.date, replace(local.time, zone=zone, offset_s=None)) if isinstance(local, DateTime) else None


def _months_later(moment: Temporal, months: int) -> Temporal | None:
    if isinstance(moment, DateTime):
        day = _months_later(moment.date, months)
        return DateTime(day, moment.time) if isinstance(day, Date) else None
    if isinstance(moment, Time):
        return None
    year, month = divmod(moment.year * 12 + moment.month - 1 + months, 12)
    return a_date(year, month + 1, min(moment.day, days_in(year, month + 1)))


def between(later_one: Temporal, earlier: Temporal) -> Days | None:
    """Subtract one moment from another; None where only one of the two clocks is known."""
    if isinstance(later_one, Time) != isinstance(earlier, Time):
        return None
    first, second = (at_midnight(one) if isinstance(one, Date) else one for one in (later_one, earlier))
    (known, seconds), (also, before) = seconds_of(first), seconds_of(second)
    if known != also:
        return None
    return Days((seconds - before) * NANOS + _nano(first) - _nano(second))


def months_between(start: Date, end: Date) -> int:
    """Count the whole months from one day to another, negative when the other is earlier."""
    if end < start:
        return -months_between(end, start)
    return (end.year - start.year) * 12 + end.month - start.month - (end.day < start.day)


def _nano(moment: DateTime | Time) -> int:
    return moment.nano if isinstance(moment, Time) else moment.time.nano


def _offset_text(offset: int) -> str:
    if offset == 0:
        return "Z"
    hours, rest = divmod(abs(offset), 3600)
    seconds = f":{rest % 60:02d}" if rest % 60 else ""
    return f"{'-' if offset < 0 else '+'}{hours:02d}:{rest // 60:02d}{seconds}"
