"""Built-in functions of dates and times."""

from datetime import UTC
from decimal import Decimal

from tiffin.engines.decisions.feel.calendar import Date, DateTime, Time
from tiffin.engines.decisions.feel.calling import builtin
from tiffin.engines.decisions.feel.comparing import identical
from tiffin.engines.decisions.feel.run import Run
from tiffin.engines.decisions.feel.values import Value

_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    "January February March April May June July August September October November December".split()  # noqa: SIM905 - a line of words
)
_DATE = "date: date|datetime"


@builtin("now")
def _now(run: Run) -> DateTime:
    now = run.now.astimezone(UTC)
    return DateTime(_today(run), Time(now.hour, now.minute, now.second, now.microsecond * 1000, 0))


@builtin("today")
def _today(run: Run) -> Date:
    now = run.now.astimezone(UTC)
    return Date(now.year, now.month, now.day)


@builtin("is", "value1: any?=", "value2: any?=")
def _is(_run: Run, one: Value = None, other: Value = None) -> bool:
    return identical(one, other)


@builtin("day of year", _DATE)
def _day_of_year(_run: Run, moment: Date | DateTime) -> Decimal:
    day = _day(moment)
    return Decimal(day.ordinal - Date(day.year, 1, 1).ordinal + 1)


@builtin("day of week", _DATE)
def _day_of_week(_run: Run, moment: Date | DateTime) -> str:
    return _WEEKDAYS[_day(moment).weekday - 1]


@builtin("month of year", _DATE)
def _month_of_year(_run: Run, moment: Date | DateTime) -> str:
    return _MONTHS[_day(moment).month - 1]


@builtin("week of year", _DATE)
def _week_of_year(_run: Run, moment: Date | DateTime) -> Decimal:
    """Give the week by ISO 8601: the first holds the year's first Thursday."""
    day = _day(moment)
    thursday = day.ordinal - day.weekday + 4
    for year in (day.year + 1, day.year, day.year - 1):
        first = Date(year, 1, 1)
        if first.ordinal <= thursday:
            return Decimal((thursday - first.ordinal) // 7 + 1)
    raise AssertionError("Every Thursday lies in some year.")


def _day(moment: Date | DateTime) -> Date:
    return moment.date if isinstance(moment, DateTime) else moment
