"""How a real source is set up in the simulator: its market, what is read off it, what is fitted to it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from tiffin.capabilities.rehearsals.domain.calibration_source import Source
from tiffin.engines.simulation.calibrating.market import Market, MarketDay, flat_traffic
from tiffin.engines.simulation.calibrating.measures import MEASURES
from tiffin.engines.simulation.calibrating.moments import Unknown
from tiffin.engines.simulation.calibrating.readings import Reading
from tiffin.engines.simulation.city import Layout
from tiffin.engines.simulation.tables import Floats

Days = tuple[MarketDay, ...]
CELL_M = 1684.0
"""Squares of this side have the area of the disc over which the engine scatters a zone's places."""
LEAST_WEIGHT = 0.01
METRES_A_DEGREE = 111_195.0
QUANTILES = (0.1, 0.25, 0.5, 0.75, 0.9)
MOST_DAYS = 28


@dataclass(frozen=True, slots=True)
class Fitting:
    """What is fitted to a source.

    Parameters
    ----------
    rows : (n_observations, n_columns), real observations; nan where something was not observed
    simulated : Callable
        Gives the same of simulated days.
    moments, scale : Callable
        Sum either up; tell of each sum the difference that counts as one.
    days : int
        Days simulated at each step.
    """

    unknowns: tuple[Unknown, ...]
    rows: Floats
    simulated: Callable[[Days], Floats]
    moments: Callable[[Floats], Floats]
    scale: Callable[[Floats], Floats]
    days: int


@dataclass(frozen=True, slots=True)
class Setup:
    """How one source is simulated, and what it settles.

    Parameters
    ----------
    read : Mapping
        Parameters read off the file in closed form.
    held : Mapping
        Parameters set so that a figure means the same on both sides, such as what counts as an order's surroundings.
    """

    market: Market
    read: Mapping[str, Reading]
    held: Mapping[str, float] = field(default_factory=dict)
    fitting: Fitting | None = None


def quantile_moments(rows: Floats) -> Floats:
    """Sum observations up by quantiles of each column."""
    columns = (column[~np.isnan(column)] for column in rows.T)
    return np.concatenate([np.quantile(column, QUANTILES) for column in columns])


def quartiles_apart(values: Floats) -> Floats:
    """Count a difference of quantiles in the distance of their column's quartiles."""
    columns = values.reshape(-1, len(QUANTILES))
    apart = columns[:, QUANTILES.index(0.75)] - columns[:, QUANTILES.index(0.25)]
    return np.repeat(apart, len(QUANTILES))


def ratio_moments(rows: Floats) -> Floats:
    """Sum observations up as ratios of totals: of the first column over the second, the third over the fourth."""
    total = rows.sum(axis=0)
    return np.asarray(total[0::2] / total[1::2], dtype=np.float64)


def columns_of(days: Days, names: Sequence[str]) -> Floats:
    """Measure columns of simulated days; shorter ones are filled with nan."""
    columns = [MEASURES[name](days) for name in names]
    rows = np.full((max(len(column) for column in columns), len(names)), np.nan)
    for place, column in enumerate(columns):
        rows[: len(column), place] = column
    return rows


def rows_of(source: Source, names: Sequence[str], where: NDArray[np.bool_], *, most: float = np.inf) -> Floats:
    """Give real columns where a condition holds; what is too large to be meant is not known."""
    rows = np.column_stack([source.columns[name][where] for name in names])
    rows[~(np.abs(rows) < most)] = np.nan
    return rows


def like(
    source: Source,
    layout: Layout,
    *,
    where: NDArray[np.bool_] | None = None,
    sampled: float = 1.0,
    days: int = MOST_DAYS,
) -> Market:
    """Give a market with a source's rhythm: as many orders on each weekday and hour.

    Parameters
    ----------
    where : (n_orders,), rows of this market; None for all
    sampled : float
        Share of the market's orders that the file holds.
    """
    here = source if where is None else source.where(where)
    counts, weekday = here.days()
    means = {day: counts[weekday == day].mean() for day in np.unique(weekday)}
    expected = np.array([means[day] for day in weekday[:days]])
    return Market(layout=layout, orders=expected / sampled, profile=profile_of(here.hours()), travel=flat_traffic())


def profile_of(hours: Floats) -> Floats:
    """Spread counts of hours over half hours, adding up to one."""
    return np.repeat(hours / hours.sum() / 2, 2)


def cells(x_m: Floats, y_m: Floats, *, merchants: int) -> Layout:
    """Lay out zones where a file's merchants lie: squares, each weighing as it has orders; thin ones are left out."""
    places = np.column_stack([np.floor(x_m / CELL_M), np.floor(y_m / CELL_M)])
    found, counts = np.unique(places, axis=0, return_counts=True)
    kept = counts >= LEAST_WEIGHT * counts.sum()
    middle = (found[kept] + 0.5) * CELL_M
    return Layout(
        x_m=middle[:, 0],
        y_m=middle[:, 1],
        weight=counts[kept].astype(np.float64),
        district=np.zeros(int(kept.sum()), dtype=np.int64),
        merchants=merchants,
    )


def in_metres(latitude: Floats, longitude: Floats) -> tuple[Floats, Floats]:
    """Flatten places around their middle."""
    north, east = float(latitude.mean()), float(longitude.mean())
    return (
        (longitude - east) * METRES_A_DEGREE * np.cos(np.radians(north)),
        (latitude - north) * METRES_A_DEGREE,
    )
