"""When something is due: so many hours or days later, counted while they pass in the case's place.

Hours pass as instants do; in business hours, while the office is open. Days pass as the clock on the wall tells: a
clock of days ends when so many whole days of it have passed, at the same time of day; a day without work counts for
nothing where working days are meant. What stands still (a pause) counts for nothing either.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from tiffin.engines.cases.declaration import CaseType, Clock
from tiffin.engines.cases.folding import Pause, Standing
from tiffin.engines.cases.office import FURTHEST_DAYS, OfficeHours, Span


def due_at(started: datetime, clock: Clock, hours: OfficeHours, pauses: Sequence[Pause] = ()) -> datetime:
    """Tell when a clock that started runs out, UTC.

    Parameters
    ----------
    pauses : sequence of Pause
        When its time stood still; all of them have ended.

    Raises
    ------
    ValueError
        The office never opens within ten years.
    """
    spans = tuple((one.begins, one.ends) for one in pauses if one.ends is not None)
    if clock.days:
        shown = hours.wall_clock(started)
        counted = hours.day_spans(shown.date(), is_work_only=clock.in_business_hours)
        stood = [(hours.wall_clock(begins), hours.wall_clock(ends)) for begins, ends in spans]
        stood = [(begins, ends) for begins, ends in stood if begins < ends]  # an hour that is shown twice may end first
        return hours.instant(_passed(shown, timedelta(days=clock.days), counted, stood))
    begun = started.astimezone(UTC)
    always: Iterable[Span] = ((begun, begun + timedelta(days=FURTHEST_DAYS)),)
    counted_hours = hours.open_spans(begun) if clock.in_business_hours else always
    return _passed(begun, timedelta(hours=clock.hours), counted_hours, spans)


def _passed(started: datetime, amount: timedelta, counted: Iterable[Span], stood: Sequence[Span]) -> datetime:
    """Tell when so much has passed within spans that count, without what stood still."""
    left = amount
    for begins, ends in _without(counted, stood):
        begun = max(begins, started)
        if begun >= ends:
            continue
        if begun + left <= ends:
            return begun + left
        left -= ends - begun
    message = "an office must open within ten years"
    raise ValueError(message)


def _without(counted: Iterable[Span], stood: Sequence[Span]) -> Iterator[Span]:
    for begins, ends in counted:
        at = begins
        for still_from, still_until in stood:
            if still_until <= at or still_from >= ends:
                continue
            if still_from > at:
                yield at, still_from
            at = max(at, still_until)
        if at < ends:
            yield at, ends


@dataclass(frozen=True, slots=True)
class Level:
    """How long a case that is so bad may wait.

    Parameters
    ----------
    clocks : mapping of str to float
        Hours by name of the clock; a clock that is named nowhere runs as it was declared.
    is_round_the_clock : bool
        Nights, weekends and holidays count too.
    days : mapping of str to int
        Days by name of the clock, in the place of hours.
    """

    severity: str
    clocks: Mapping[str, float]
    is_round_the_clock: bool = False
    days: Mapping[str, int] = field(default_factory=dict)

    def of(self, clock: Clock) -> Clock:
        """Give a clock as it runs at this level."""
        is_business = not self.is_round_the_clock
        if clock.name in self.days:
            return replace(clock, hours=0, days=self.days[clock.name], in_business_hours=is_business)
        if clock.name in self.clocks:
            return replace(clock, hours=self.clocks[clock.name], days=0, in_business_hours=is_business)
        return clock


def due_times(
    case_type: CaseType,
    standing: Standing,
    hours: OfficeHours,
    *,
    severity: str = "",
    levels: Sequence[Level] = (),
) -> Mapping[str, datetime]:
    """Tell when each clock whose time passes now runs out; one that stands still has no such time.

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
        if clock.name in standing.entered_at and not standing.is_paused(clock.name)
    }


def _due(clock: Clock, standing: Standing, hours: OfficeHours, severity: str, levels: Sequence[Level]) -> datetime:
    started, pauses = standing.entered_at[clock.name], standing.pauses.get(clock.name, ())
    ranks = {one.severity: rank for rank, one in enumerate(levels)}
    if severity not in ranks:
        return due_at(started, clock, hours, pauses)
    reached = levels[ranks[severity] :]
    return min(due_at(max(started, _since(standing, ranks, one)), one.of(clock), hours, pauses) for one in reached)


def _since(standing: Standing, ranks: Mapping[str, int], level: Level) -> datetime:
    """Tell since when a case has been at least so bad without a break."""
    since = standing.opened_at
    is_reached = not standing.ratings
    for one in standing.ratings:
        is_now = ranks.get(one.severity, len(ranks)) <= ranks[level.severity]
        since = since if is_reached and is_now else one.at
        is_reached = is_now
    return since
