"""All checks of a marketplace's days together: each finding says which check found it and what it saw.

Faults show in different places. A sum that jumps is told by a forecast, a shifted clock by the shape of the day, a
partition loaded twice by its contents, an edit of a settled day by what was settled. No check alone finds all.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from tiffin.engines.anomalies.calibration import threshold_for
from tiffin.engines.anomalies.forecast import Nature, Series, Settings, forecast
from tiffin.engines.anomalies.profile import ProfileSettings, ShapeFault, shape_faults

Floats = NDArray[np.float64]


class Check(StrEnum):
    """Which check found something."""

    FORECAST = "forecast"
    SHIFT = "shift"
    GAP = "gap"
    CONTENTS = "contents"
    SETTLED = "settled"
    RECONCILIATION = "reconciliation"
    LATE = "late"


@dataclass(frozen=True, slots=True)
class Finding:
    """Something wrong with one day.

    Parameters
    ----------
    score : float
        How far out of the ordinary, in the check's own measure.
    expected, found : float or None
        The number as it should have been, and as it is.
    """

    check: Check
    metric: str
    country: str
    city_id: str | None
    day: date
    score: float
    expected: float | None = None
    found: float | None = None


@dataclass(frozen=True, slots=True)
class Watched:
    """A number of a country or city to forecast; all span the same days."""

    metric: str
    country: str
    city_id: str | None
    series: Series


@dataclass(frozen=True, slots=True)
class Profile:
    """When the orders of a city's days were placed.

    Parameters
    ----------
    counts : (n_days, n_bins)
        In the order of the business day.
    sorts : (n_days,)
        Which days are alike.
    """

    metric: str
    country: str
    city_id: str
    days: Sequence[date]
    counts: Floats
    sorts: Sequence[int]


@dataclass(frozen=True, slots=True)
class Contents:
    """How many rows of a city's days there are, and how many with contents of their own, keys left aside."""

    metric: str
    country: str
    city_id: str
    days: Sequence[date]
    rows: Floats
    distinct: Floats


@dataclass(frozen=True, slots=True)
class Settled:
    """A settled day: its value then and now, and by how much it may move."""

    metric: str
    country: str
    day: date
    then: float | None
    now: float | None
    allowed: float


@dataclass(frozen=True, slots=True)
class CheckSettings:
    """How strict the checks are.

    Parameters
    ----------
    rate : float
        Share of ordinary days of a number that its forecast may call out of the ordinary.
    least_effect : float
        Relative size below which a forecast's miss is no fault of data, however sure it is.
    repeated : float
        Share of a day's rows that may repeat another's contents beyond what is usual.
    """

    rate: float = 1.2e-4
    least_effect: float = 0.15
    repeated: float = 0.02
    model: Settings = field(default_factory=Settings)
    profile: ProfileSettings = field(default_factory=ProfileSettings)


_SHARE_EFFECT = 3.0
"""An effect on the logit scale is so much larger than the same relative effect on a logarithm."""


def unexpected(watched: Sequence[Watched], settings: CheckSettings) -> tuple[Finding, ...]:
    """Find the days on which a number is far from its forecast, with thresholds of each metric's own noise."""
    if not watched:
        return ()
    told = forecast([one.series for one in watched], settings.model)
    pools: dict[tuple[str, bool], list[int]] = {}
    for row, one in enumerate(watched):
        pools.setdefault((one.metric, one.city_id is None), []).append(row)
    found = []
    for rows in pools.values():
        limit = threshold_for(told.score[rows], settings.rate)
        for row in rows:
            found += _beyond(watched[row], told.score[row], told.effect[row], told.expected[row], limit, settings)
    return tuple(found)


def out_of_shape(profiles: Iterable[Profile], settings: CheckSettings) -> tuple[Finding, ...]:
    """Find the days whose clock is shifted, or that lack a stretch of hours."""
    return tuple(
        Finding(
            Check.SHIFT if fault.fault is ShapeFault.SHIFT else Check.GAP,
            one.metric,
            one.country,
            one.city_id,
            one.days[fault.day],
            fault.score,
            expected=0.0,
            found=float(fault.bins),
        )
        for one in profiles
        for fault in shape_faults(one.counts, one.sorts, settings.profile)
    )


def repeated_contents(listed: Iterable[Contents], settings: CheckSettings) -> tuple[Finding, ...]:
    """Find the days on which many more rows than usual say the same as another row."""
    found = []
    for one in listed:
        with np.errstate(invalid="ignore", divide="ignore"):
            shares = 1 - one.distinct / one.rows
        usual = float(np.nanmedian(shares)) if np.isfinite(shares).any() else 0.0
        for day in np.flatnonzero(shares > usual + settings.repeated):
            share = float(shares[day])
            found.append(
                Finding(Check.CONTENTS, one.metric, one.country, one.city_id, one.days[int(day)], share, usual, share)
            )
    return tuple(found)


def moved(listed: Iterable[Settled]) -> tuple[Finding, ...]:
    """Find the settled days whose value is no longer what it was when they were settled."""
    return tuple(
        Finding(Check.SETTLED, one.metric, one.country, None, one.day, move, one.then, one.now)
        for one in listed
        if (move := relative_move(one.then, one.now)) > one.allowed
    )


def relative_move(then: float | None, now: float | None) -> float:
    """Tell by which share of the earlier value a number moved; infinite where it came from or went to nothing.

    Nought and no value at all are the same nothing here.
    """
    if not then or not now:
        return 0.0 if not then and not now else float("inf")
    return abs(now - then) / abs(then)


def _beyond(
    one: Watched, score: Floats, effect: Floats, expected: Floats, limit: float, settings: CheckSettings
) -> list[Finding]:
    least = settings.least_effect * (_SHARE_EFFECT if one.series.nature is Nature.SHARE else 1.0)
    with np.errstate(invalid="ignore"):
        days = np.flatnonzero((np.abs(score) > limit) & (np.abs(effect) > least))
    return [
        Finding(
            Check.FORECAST,
            one.metric,
            one.country,
            one.city_id,
            one.series.days[int(day)],
            float(score[day]),
            float(expected[day]),
            float(one.series.values[day]),
        )
        for day in days
    ]
