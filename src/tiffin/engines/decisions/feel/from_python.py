"""Python's values as FEEL's."""

import math
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta, tzinfo
from decimal import Decimal
from zoneinfo import ZoneInfo

from tiffin.engines.decisions.feel.calendar import Date, DateTime, Time
from tiffin.engines.decisions.feel.durations import NANOS, Days
from tiffin.engines.decisions.feel.values import Value


def feel_value(value: object) -> Value:
    """Give a value as FEEL knows it; what FEEL knows already is itself.

    Floats are the decimals that they are written as; those that are no number are null, as FEEL has none.
    """
    if isinstance(value, bool) or value is None or isinstance(value, str | Decimal):
        return value
    if isinstance(value, int | float):
        return Decimal(repr(value)) if math.isfinite(value) else None
    if isinstance(value, Mapping):
        return {str(key): feel_value(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [feel_value(one) for one in value]
    return _temporal(value)


def _temporal(value: object) -> Value:
    if isinstance(value, datetime):
        return DateTime(Date(value.year, value.month, value.day), _time(value.timetz(), value.utcoffset()))
    if isinstance(value, date):
        return Date(value.year, value.month, value.day)
    if isinstance(value, time):
        return _time(value, value.utcoffset())
    if isinstance(value, timedelta):
        return Days((value.days * 86_400 + value.seconds) * NANOS + value.microseconds * 1000)
    return value


def _time(value: time, offset: timedelta | None) -> Time:
    zone: tzinfo | None = value.tzinfo
    named = zone.key if isinstance(zone, ZoneInfo) else None
    seconds = None if offset is None or named else int(offset.total_seconds())
    return Time(value.hour, value.minute, value.second, value.microsecond * 1000, seconds, named)
