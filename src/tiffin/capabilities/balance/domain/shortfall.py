"""Where supply falls short over many days: hours below the floor with their causes, and what comes back each week."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import pairwise

import numpy as np

from tiffin.capabilities.balance.domain.cause import Cause
from tiffin.capabilities.balance.domain.daybook import CauseShare, CityFacts
from tiffin.capabilities.balance.domain.grid import HOURS, Grid
from tiffin.capabilities.balance.domain.load import MINUTES, Load, loss_curve, split_change, waiting_by
from tiffin.engines.attribution.congestion import CongestionCurve
from tiffin.engines.attribution.episodes import BoolArray
from tiffin.engines.attribution.shapley import FloatArray

LEAST_SHORT = 3.0
"""One or two people without a ride are no standing shortage."""


class Lacking(StrEnum):
    """What was lacking: somebody to carry an order, or the will of whoever had taken it."""

    SUPPLY = "supply"
    CANCELLATION = "cancellation"


@dataclass(frozen=True, slots=True)
class ShortHour:
    """One hour of one zone below the floor.

    Parameters
    ----------
    wanted, no_rider, cancelled : float
        Orders (or people asking), those that nobody carried, those that riders cancelled.
    coverage_pct : int
        Share served in whole percent, as such shares are published.
    causes : tuple of CauseShare
        Beside hours of the same zone that hold the floor; they add up to those not served.
    """

    day: date
    zone: str
    hour: int
    wanted: float
    no_rider: float
    cancelled: float
    coverage_pct: int
    lacking: Lacking
    causes: tuple[CauseShare, ...]


@dataclass(frozen=True, slots=True)
class Standing:
    """Hours of the clock that fall short over all days together; ``hours`` follow one another."""

    zone: str
    hours: tuple[int, ...]
    wanted: float
    no_rider: float
    cancelled: float
    coverage: float
    lacking: Lacking


@dataclass(frozen=True, slots=True)
class Week:
    """Weekday hours below the floor, by both ways of putting weeks together.

    Parameters
    ----------
    slots : int
        Weekday hours with demand, zone by zone.
    by_sums, by_means : int
        Below the floor by those served over those who asked in all weeks, and by the mean of each week's coverage. The
        first counts people; the second counts weeks, however few asked in them.
    busier_is_worse : int
        Of those that only the sums show, where the weeks with more demand were served worse: there the mean hides it.
    """

    slots: int
    by_sums: int
    by_means: int
    busier_is_worse: int


@dataclass(frozen=True, slots=True)
class LoadStep:
    """Orders placed while so many orders were open for each rider, and how long half of them took at most.

    Parameters
    ----------
    above, up_to : float or None
        Open orders a rider; None without a border.
    median_s : float
        Seconds from placing to delivery.
    """

    above: float | None
    up_to: float | None
    orders: int
    median_s: float


@dataclass(frozen=True, slots=True)
class Shortfalls:
    """A city over many days: hours with demand, those below the floor, and what comes back."""

    city: CityFacts
    first: date
    last: date
    coverage_floor: float
    hours: int
    short: tuple[ShortHour, ...]
    standing: tuple[Standing, ...]
    week: Week
    load: tuple[LoadStep, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Served:
    """Orders of a period by day, zone and hour, (n_days, n_zones, 24), within the hours asked about."""

    grid: Grid
    wanted: FloatArray
    no_rider: FloatArray
    cancelled: FloatArray
    floor: float

    @property
    def coverage(self) -> FloatArray:
        """Share served; NaN where nothing was wanted."""
        return share(self.wanted - self.no_rider - self.cancelled, self.wanted)

    @property
    def whole_percent(self) -> FloatArray:
        """Share served in whole percent: a share is below a floor when the number that people read is."""
        return np.rint(100.0 * self.coverage)

    @property
    def below(self) -> BoolArray:
        """Where the floor was not held."""
        return np.asarray(self.whole_percent < 100.0 * self.floor, dtype=bool)


def served_in(grid: Grid, *, hours: Collection[int], floor: float) -> Served:
    """Take the orders of some local hours out of a period."""
    asked = np.array([grid.hour(column) in hours for column in range(HOURS)])
    wanted, no_rider, cancelled = (grid.of(name) * asked for name in ("wanted", "lost", "rider_cancelled"))
    return Served(grid, wanted, no_rider, cancelled, floor)


def share(part: FloatArray, whole: FloatArray) -> FloatArray:
    """Divide; over nothing a share is unknown."""
    return np.asarray(np.divide(part, whole, out=np.full(whole.shape, np.nan), where=whole > 0), dtype=float)


def short_hours(served: Served) -> tuple[ShortHour, ...]:
    """List the hours below the floor with their causes, in order of time."""
    grid, known = served.grid, _Known.of(served)
    days, columns, zones = np.nonzero(served.below.transpose(0, 2, 1))
    told = []
    for day, zone, column in zip(days.tolist(), zones.tolist(), columns.tolist(), strict=True):
        at = day, zone, column
        no_rider, cancelled = float(served.no_rider[at]), float(served.cancelled[at])
        told.append(
            ShortHour(
                day=grid.days[day],
                zone=grid.zones[zone],
                hour=grid.hour(column),
                wanted=float(served.wanted[at]),
                no_rider=no_rider,
                cancelled=cancelled,
                coverage_pct=int(served.whole_percent[at]),
                lacking=_lacking(no_rider, cancelled),
                causes=_shares(known.causes_at(at), no_rider + cancelled),
            )
        )
    return tuple(told)


def _lacking(no_rider: float, cancelled: float) -> Lacking:
    return Lacking.SUPPLY if no_rider >= cancelled else Lacking.CANCELLATION


def _shares(parts: Mapping[Cause, float], whole: float) -> tuple[CauseShare, ...]:
    ranked = sorted(parts.items(), key=lambda item: (not item[0].is_of_the_day, -item[1], item[0]))
    return tuple(CauseShare(cause, part, part / whole, {}) for cause, part in ranked if part)


@dataclass(frozen=True, slots=True, eq=False)
class _Known:
    """What an hour is held against: the mean hour of its zone that holds the floor, and how losses grow with load."""

    served: Served
    work_min: FloatArray
    curve: CongestionCurve | None
    held: BoolArray

    @classmethod
    def of(cls, served: Served) -> "_Known":
        grid = served.grid
        finished, busy = grid.of("finished"), grid.of("busy_min")
        usual = float(busy.sum() / finished.sum()) if busy.any() and finished.any() else MINUTES
        work = np.where(finished > 0, np.divide(busy, finished, out=np.zeros_like(busy), where=finished > 0), usual)
        curve, held = None, np.zeros(served.wanted.shape, dtype=bool)
        if grid.riders is not None:
            load = served.wanted * work / MINUTES / np.where(grid.riders > 0, grid.riders, np.nan)
            curve = loss_curve(grid, load)
            held = (served.wanted > 0) & ~served.below & np.isfinite(load)
        return cls(served, work, curve, held)

    def causes_at(self, at: tuple[int, int, int]) -> dict[Cause, float]:
        """Split those not served in one hour; what riders cancelled is theirs."""
        no_rider, cancelled = float(self.served.no_rider[at]), float(self.served.cancelled[at])
        parts: dict[Cause, float] = defaultdict(float)
        parts[Cause.MORE_RIDER_CANCELLATIONS] = cancelled
        reference = self._reference(at[1])
        if reference is not None:
            load, usual_share = reference
            parts[Cause.AS_USUAL] = min(no_rider, usual_share * float(self.served.wanted[at]))
            for cause, part in self._beyond(at, load, no_rider - parts[Cause.AS_USUAL]).items():
                parts[cause] += part
        parts[Cause.UNEXPLAINED] = no_rider + cancelled - sum(parts.values())
        return parts

    def _reference(self, zone: int) -> tuple[Load, float] | None:
        grid, held = self.served.grid, self.held[:, zone]
        if self.curve is None or grid.riders is None or not held.any():
            return None
        means = (float(values[:, zone][held].mean()) for values in (self.served.wanted, self.work_min, grid.riders))
        wanted, work, riders = means
        return Load(wanted, work, riders=riders), float(self.served.no_rider[:, zone][held].mean()) / wanted

    def _beyond(self, at: tuple[int, int, int], usual: Load, beyond: float) -> Mapping[Cause, float]:
        grid = self.served.grid
        if self.curve is None or grid.riders is None or not np.isfinite(grid.riders[at]) or beyond <= 0:
            return {}
        wanted = float(self.served.wanted[at])
        actual = Load(wanted, float(self.work_min[at]), riders=float(grid.riders[at]))
        in_share = split_change(waiting_by(self.curve), usual=usual, actual=actual, change=beyond / wanted)
        return {cause: part * wanted for cause, part in in_share.items()}


def standing_shortages(served: Served) -> tuple[Standing, ...]:
    """Join hours of the clock that fall short over all days together and lack the same, the worst first."""
    wanted, no_rider, cancelled = (a.sum(axis=0) for a in (served.wanted, served.no_rider, served.cancelled))
    coverage = share(wanted - no_rider - cancelled, wanted)
    short = (coverage < served.floor) & (no_rider + cancelled >= LEAST_SHORT)
    found = []
    for zone, name in enumerate(served.grid.zones):
        for columns in _runs(short[zone], no_rider[zone] >= cancelled[zone]):
            asked, none, gone = (float(a[zone, columns].sum()) for a in (wanted, no_rider, cancelled))
            hours = tuple(served.grid.hour(column) for column in columns)
            found.append(Standing(name, hours, asked, none, gone, 1 - (none + gone) / asked, _lacking(none, gone)))
    return tuple(sorted(found, key=lambda one: -(one.no_rider + one.cancelled)))


def _runs(short: BoolArray, supply: BoolArray) -> Iterator[list[int]]:
    run: list[int] = []
    for column in np.flatnonzero(short).tolist():
        if run and (column != run[-1] + 1 or supply[column] != supply[run[-1]]):
            yield run
            run = []
        run.append(column)
    if run:
        yield run


def week_of(served: Served) -> Week:
    """Put weeks together both ways, and tell where they differ and why."""
    weekday = np.array([day.isoweekday() for day in served.grid.days])
    slots = by_sums = by_means = worse = 0
    for number in range(1, 8):
        chosen = weekday == number
        wanted, coverage = served.wanted[chosen], served.coverage[chosen]
        asked = wanted.sum(axis=0)
        there = asked > 0
        of_sums = share(np.where(wanted > 0, wanted * coverage, 0.0).sum(axis=0), asked)
        weeks = (wanted > 0).sum(axis=0)
        of_means = share(np.where(wanted > 0, coverage, 0.0).sum(axis=0), weeks.astype(float))
        only_sums = there & (of_sums < served.floor) & ~(of_means < served.floor)
        slots += int(there.sum())
        by_sums += int((there & (of_sums < served.floor)).sum())
        by_means += int((there & (of_means < served.floor)).sum())
        worse += int((only_sums & (of_sums < of_means)).sum())
    return Week(slots, by_sums, by_means, worse)


STEPS = (None, 0.5, 1.0, 1.5, 2.0, None)
"""Borders of open orders a rider between which the time to the door is told."""


def load_steps(load: FloatArray, seconds: FloatArray) -> tuple[LoadStep, ...]:
    """Tell the median time to the door by the open orders a rider that each order met, (n_orders,) both."""
    told = []
    for above, up_to in pairwise(STEPS):
        inside = (load > (-np.inf if above is None else above)) & (load <= (np.inf if up_to is None else up_to))
        if inside.any():
            told.append(LoadStep(above, up_to, int(inside.sum()), float(np.median(seconds[inside]))))
    return tuple(told)


def every_hour(hours: Sequence[int] | None) -> tuple[int, ...]:
    """Give the hours asked about, both ends included and past midnight where the second is smaller; all without any.

    Examples
    --------
    >>> every_hour((22, 1))
    (22, 23, 0, 1)
    """
    if hours is None:
        return tuple(range(HOURS))
    first, last = hours
    return tuple((first + step) % HOURS for step in range((last - first) % HOURS + 1))
