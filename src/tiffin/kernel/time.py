"""Periods and business days.

Instants are UTC. A business day belongs to a city: an order placed before the city's cut-off belongs to the day before.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from tiffin.kernel.errors import InvalidData, WrongUse
from tiffin.kernel.messages import Message


@dataclass(frozen=True, slots=True)
class Period:
    """A half-open span of instants, ``start <= t < end``, both time-zone aware."""

    start: datetime
    end: datetime

    def __post_init__(self) -> None:
        if self.start.tzinfo is None or self.end.tzinfo is None:
            raise InvalidData("A period needs instants with a time zone; one without was found. Add +00:00 for UTC.")
        if self.end < self.start:
            raise InvalidData(f"A period must not end before it starts; found {self.start} to {self.end}.")

    def __contains__(self, instant: datetime) -> bool:
        return self.start <= instant < self.end


@dataclass(frozen=True, slots=True)
class Days:
    """A closed span of business dates, ``first <= day <= last``."""

    first: date
    last: date

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise InvalidData(f"The first day must not be after the last; found {self.first} to {self.last}.")

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last

    def __len__(self) -> int:
        return (self.last - self.first).days + 1


def read_day(text: str) -> date:
    """Read a business date.

    Raises
    ------
    WrongUse
        It is none.
    """
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise WrongUse(
            Message("A business date such as 2026-02-01 was expected, '{text}' was found.", text=text)
        ) from None


def asked_days(first: date, last: date) -> Days:
    """Give the days that somebody asked for.

    Raises
    ------
    WrongUse
        The last comes before the first.
    """
    if last < first:
        raise WrongUse(
            Message(
                "The first day must not be after the last; found {first} to {last}. Exchange them.",
                first=first,
                last=last,
            )
        )
    return Days(first, last)


def business_date(instant: datetime, *, timezone: str, cutoff_min: int) -> date:
    """Tell the business date of an instant in a city.

    Parameters
    ----------
    instant : datetime
        Time-zone aware.
    timezone : str
        IANA name.
    cutoff_min : int
        Minutes after local midnight at which a new business day begins.

    Examples
    --------
    >>> from datetime import UTC
    >>> business_date(datetime(2026, 2, 20, 23, 0, tzinfo=UTC), timezone="Asia/Riyadh", cutoff_min=240)
    datetime.date(2026, 2, 20)
    """
    return (instant.astimezone(ZoneInfo(timezone)) - timedelta(minutes=cutoff_min)).date()
