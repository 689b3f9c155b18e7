"""When something is due: so many hours later, counted while the office is open."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
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


@dataclass(frozen=True, slots=True)
class Level:
    """How long a case that is so bad may wait.

    Parameters
    ----------
    clocks : mapping of str to float
        Hours by name of the clock; a clock that is not named runs as it was declared.
    is_round_the_clock : bool
        Nights, weekends and holidays count too.
    """

    severity: str
    clocks: Mapping[str, float]
    is_round_the_clock: bool = False

    def of(self, clock: Clock) -> Clock:
        """Give a clock as it runs at this level."""
        if clock.name not in self.clocks:
            return clock
        return replace(clock, hours=self.clocks[clock.name], in_business_hours=not self.is_round_the_clock)


def due_times(
    case_type: CaseType,
    standing: Standing,
    hours: OfficeHours,
    *,
    severity: str = "",
    levels: Sequence[Level] = (),
) -> Mapping[str, datetime]:
    """Tell when each clock that runs now runs out.

    Parameters
    ----------
    severity : str
        How bad the case is now.
    levels : sequence of Level
        The worst first; empty where every case of the sort may wait equally long.

    Notes
    -----
    A case that becomes worse has the hours of its new level from then on, and never longer than it had before. One that
    becomes less bad has the hours of its new level from the start, so that raising and lowering wins no time.
    """
    return {
        clock.name: _due(clock, standing, hours, severity, levels)
        for clock in case_type.clocks
        if clock.name in standing.entered_at
    }


def _due(clock: Clock, standing: Standing, hours: OfficeHours, severity: str, levels: Sequence[Level]) -> datetime:
    started = standing.entered_at[clock.name]
    ranks = {one.severity: rank for rank, one in enumerate(levels)}
    if severity not in ranks:
        return due_at(started, clock, hours)
    reached = levels[ranks[severity] :]
    return min(due_at(max(started, _since(standing, ranks, one)), one.of(clock), hours) for one in reached)


def _since(standing: Standing, ranks: Mapping[str, int], level: Level) -> datetime:
    """Tell since when a case has been at least so bad without a break."""
    since = standing.opened_at
    is_reached = not standing.ratings
    for one in standing.ratings:
        is_now = ranks.get(one.severity, len(ranks)) <= ranks[level.severity]
        since = since if is_reached and is_now else one.at
        is_reached = is_now
    return since
