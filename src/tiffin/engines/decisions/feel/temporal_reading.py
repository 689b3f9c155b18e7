"""Dates, times and date-times as texts write them (XML Schema, with the zone's name as FEEL adds it)."""

import re

from tiffin.engines.decisions.feel.calendar import Date, DateTime, Time, a_date, from_ordinal, zone_named
from tiffin.engines.decisions.feel.durations import Days, Years, read_duration

MAX_OFFSET_S = 18 * 3600
_LAST_HOUR = 24
_DATE = re.compile(r"(-?)([1-9]\d{4,8}|\d{4})-(\d\d)-(\d\d)", re.ASCII)
_TIME = re.compile(
    r"(\d\d):(\d\d):(\d\d)(?:\.(\d{1,18}))?(?:(Z)|([+-])(\d\d):(\d\d)(?::(\d\d))?|@([A-Za-z][\w+/-]{0,63}))?", re.ASCII
)


def read_at_literal(text: str) -> Date | Time | DateTime | Days | Years | None:
    """Read what ``@"..."`` means; None for any other text."""
    if "T" in text and not text.lstrip("-").startswith("P"):
        return read_date_time(text)
    return read_date(text) or read_time(text) or read_duration(text)


def read_date(text: str) -> Date | None:
    """Read a date."""
    match = _DATE.fullmatch(text)
    if match is None:
        return None
    year = int(match[2])
    return a_date(-year if match[1] else year, int(match[3]), int(match[4]))


def read_time(text: str) -> Time | None:
    """Read a time of day; 24:00:00 is midnight."""
    found = _clock(text)
    return None if found is None else found[1]


def read_date_time(text: str) -> DateTime | None:
    """Read a date and time; a date alone means its midnight on a clock that is not told."""
    day, separator, clock = text.partition("T")
    date = read_date(day)
    if date is None or not separator:
        return None if date is None else DateTime(date, Time(0, 0, 0))
    found = _clock(clock)
    if found is None:
        return None
    later = from_ordinal(date.ordinal + found[0])
    return DateTime(later, found[1]) if later else None


def a_time(hour: int, minute: int, second: int, nano: int = 0, offset_s: int | None = None) -> Time | None:
    """Give a time of day, if there is one such."""
    fits = 0 <= hour <= 23 and 0 <= minute <= 59 and 0 <= second <= 59  # noqa: PLR2004 - of a clock
    if not fits or (offset_s is not None and abs(offset_s) > MAX_OFFSET_S):
        return None
    return Time(hour, minute, second, nano, offset_s)


def _clock(text: str) -> tuple[int, Time] | None:
    """Read a time; give the days that it adds (24:00:00 adds one) and the time itself."""
    match = _TIME.fullmatch(text)
    if match is None or (match[10] and zone_named(match[10]) is None):
        return None
    hour, minute, second = int(match[1]), int(match[2]), int(match[3])
    nano = int(((match[4] or "") + "0" * 9)[:9])
    midnight = hour == _LAST_HOUR and minute == second == nano == 0
    if match[6] and int(match[8]) > 59:  # noqa: PLR2004 - minutes of an hour
        return None
    found = a_time(0 if midnight else hour, minute, second, nano, _offset(match))
    if found is None:
        return None
    zoned = Time(found.hour, minute, second, nano, found.offset_s, match[10])
    return int(midnight), zoned


def _offset(match: re.Match[str]) -> int | None:
    if match[5]:
        return 0
    if not match[6]:
        return None
    seconds = int(match[7]) * 3600 + int(match[8]) * 60 + int(match[9] or 0)
    return -seconds if match[6] == "-" else seconds
