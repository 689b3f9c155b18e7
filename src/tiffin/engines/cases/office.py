"""When people work in a place: by weekday, with public holidays and days that have other hours."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

FURTHEST_DAYS = 3660
_MIDNIGHT, _DAY = time(0), timedelta(days=1)

Span = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class OfficeHours:
    """When people work in a place.

    Parameters
    ----------
    timezone : str
        IANA name.
    weekend : tuple of int
        ISO weekdays without work.
    closed_on : frozenset of date
        Public holidays.
    other_hours : mapping of date to (time, time)
        When the office opens and closes on days that have hours of their own, such as those of Ramadan.
    """

    timezone: str
    opens: time = time(9)
    closes: time = time(17)
    weekend: tuple[int, ...] = (6, 7)
    closed_on: frozenset[date] = frozenset()
    other_hours: Mapping[date, tuple[time, time]] = field(default_factory=dict)

    def is_working_day(self, day: date) -> bool:
        """Tell whether anybody works on a local day."""
        return day.isoweekday() not in self.weekend and day not in self.closed_on

    def working_days(self, first: date) -> Iterator[date]:
        """Give the local days of work from one on, for ten years.

        Raises
        ------
        ValueError
            After the last of them: an office must open within ten years.
        """
        return self._days(first, is_work_only=True)

    def days(self, first: date) -> Iterator[date]:
        """Give all local days from one on, for ten years."""
        return self._days(first, is_work_only=False)

    def open_spans(self, since: datetime) -> Iterator[Span]:
        """Give the spans in which the office is open from an instant on, as instants.

        Instants, not wall clocks: a day on which the clocks change is as long as it really is.
        """
        zone = ZoneInfo(self.timezone)
        for day in self.working_days(since.astimezone(zone).date()):
            opens, closes = self.other_hours.get(day, (self.opens, self.closes))
            yield (
                datetime.combine(day, opens, zone).astimezone(UTC),
                datetime.combine(day, closes, zone).astimezone(UTC),
            )

    def day_spans(self, since: date, *, is_work_only: bool) -> Iterator[Span]:
        """Give local days from one on, from midnight to midnight of the wall clock."""
        for day in self._days(since, is_work_only=is_work_only):
            begins = datetime.combine(day, _MIDNIGHT)
            yield begins, begins + _DAY

    def wall_clock(self, instant: datetime) -> datetime:
        """Give what the clock on the wall shows, without a zone."""
        return instant.astimezone(ZoneInfo(self.timezone)).replace(tzinfo=None, fold=0)

    def instant(self, shown: datetime) -> datetime:
        """Give the instant at which the clock on the wall shows a time, UTC.

        Where the clocks are changed, a time is shown twice or never: the later of the two that could be meant, so that
        nobody's time is cut short.
        """
        zone = ZoneInfo(self.timezone)
        return max(shown.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))

    def _days(self, first: date, *, is_work_only: bool) -> Iterator[date]:
        for ahead in range(FURTHEST_DAYS):
            day = first + timedelta(days=ahead)
            if not is_work_only or self.is_working_day(day):
                yield day
        message = "an office must open within ten years"
        raise ValueError(message)
