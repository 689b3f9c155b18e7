"""When something is due: so many hours later, counted while the office is open."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from tiffin.engines.cases.declaration import CaseType, Clock
from tiffin.engines.cases.folding import Standing

_FURTHEST_DAYS = 3660


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
    """

    timezone: str
    opens: time = time(9)
    closes: time = time(17)
    weekend: tuple[int, ...] = (6, 7)
    closed_on: frozenset[date] = frozenset()

    def is_working_day(self, day: date) -> bool:
        """Tell whether anybody works on a local day."""
        return day.isoweekday() not in self.weekend and day not in self.closed_on


def due_at(started: datetime, clock: Clock, hours: OfficeHours) -> datetime:
    """Tell when a clock that started runs out, in the zone of the start.

    Raises
    ------
    ValueError
        The office never opens within ten years.
    """
    if not clock.in_business_hours:
        return started + timedelta(hours=clock.hours)
    left = timedelta(hours=clock.hours)
    zone = ZoneInfo(hours.timezone)
    day = started.astimezone(zone).date()
    for ahead in range(_FURTHEST_DAYS):
        local = day + timedelta(days=ahead)
        if not hours.is_working_day(local):
            continue
        # Instants, not wall clocks: a day on which the clocks change is as long as it really is.
        opens, closes = (
            datetime.combine(local, at, zone).astimezone(started.tzinfo) for at in (hours.opens, hours.closes)
        )
        begins = max(opens, started)
        if begins >= closes:
            continue
        if begins + left <= closes:
            return begins + left
        left -= closes - begins
    message = "an office must open within ten years"
    raise ValueError(message)


def due_times(case_type: CaseType, standing: Standing, hours: OfficeHours) -> Mapping[str, datetime]:
    """Tell when each clock that runs now runs out."""
    return {
        clock.name: due_at(standing.entered_at[clock.name], clock, hours)
        for clock in case_type.clocks
        if clock.name in standing.entered_at
    }
