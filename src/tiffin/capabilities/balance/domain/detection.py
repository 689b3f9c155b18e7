"""Where supply missed demand: zones and hours with more delay or more lost orders than chance explains."""

from dataclasses import dataclass

import numpy as np

from tiffin.capabilities.balance.domain.grid import Grid
from tiffin.capabilities.balance.domain.ordinary_day import OrdinaryDay
from tiffin.capabilities.balance.domain.parameters import Parameters
from tiffin.engines.attribution.episodes import BoolArray, Episode, find_episodes, hot_cells
from tiffin.engines.attribution.shapley import FloatArray

LEAST_UNSERVED = 3.0
"""A share of one or two wanted orders is no share."""


@dataclass(frozen=True, slots=True, eq=False)
class Misses:
    """What one day missed, by zone and hour; each array (n_zones, 24).

    Parameters
    ----------
    delay_min : array
        Minutes beyond usual over all delivered orders; negative where they came sooner.
    unserved, usual_unserved : array
        Wanted orders that nobody carried, and how many are usual.
    excess : array
        Delay and unserved orders beyond usual in weighed minutes.
    noise : array
        Standard deviation of the excess on a usual day.
    """

    delay_min: FloatArray
    unserved: FloatArray
    usual_unserved: FloatArray
    excess: FloatArray
    noise: FloatArray


def learn_ordinary_day(grid: Grid, parameters: Parameters) -> OrdinaryDay:
    """Learn what is usual from the comparable days, leaving out the zones and hours in which they missed themselves."""
    everything = OrdinaryDay(grid, np.ones(grid.of("wanted")[1:].shape, dtype=bool))
    if len(grid.days) < 4:  # noqa: PLR2004 - of two days nobody can tell which one missed
        return everything
    spread = spread_of(everything)
    hot = [hot_on(grid, everything, spread, parameters, day=day) for day in range(1, len(grid.days))]
    kept = ~np.stack(hot)
    kept |= ~kept.any(axis=0)  # where every day missed, missing is usual
    return OrdinaryDay(grid, kept)


@dataclass(frozen=True, slots=True)
class Spread:
    """How much click-to-door varies: between orders of one cell, and between days of one cell (minutes squared)."""

    within: float
    between: float


def spread_of(ordinary: OrdinaryDay) -> Spread:
    """Estimate the variances from the days compared with (one-way analysis of variance, Searle 1971, ch. 9)."""
    orders = ordinary.grid.of("delivered")[1:] * ordinary.kept
    minutes = ordinary.grid.of("door_min")[1:] * ordinary.kept
    squares = ordinary.grid.of("door_min2")[1:] * ordinary.kept
    there = orders > 0
    if not there.any():
        return Spread(0.0, 0.0)
    means = np.divide(minutes, orders, out=np.zeros_like(minutes), where=there)
    freedom = (orders[there] - 1).sum()
    within = float(np.maximum(squares - orders * means**2, 0.0).sum() / freedom) if freedom > 0 else 0.0
    off = orders[there] * ((means - ordinary.mean("door_min", over="delivered")) ** 2)[there]
    calm = off <= np.quantile(off, CALM_SHARE)
    between = (off[calm].sum() - calm.sum() * within) / orders[there][calm].sum()
    return Spread(within, max(0.0, float(between)))


CALM_SHARE = 0.95
"""The wildest twentieth of cells holds the misses of the days compared with; it does not tell what is usual."""


def misses_on(grid: Grid, ordinary: OrdinaryDay, spread: Spread, parameters: Parameters, *, day: int = 0) -> Misses:
    """Measure one day of the window against usual."""
    delivered, wanted = grid.of("delivered")[day], grid.of("wanted")[day]
    unserved = grid.of("lost")[day] + grid.of("rider_cancelled")[day]
    delay, usual_unserved = np.zeros_like(wanted), np.zeros_like(wanted)
    noise2 = delivered * spread.within + delivered**2 * spread.between
    if ordinary.has_history:
        expected = ordinary.mean("door_min", over="delivered")
        delay = np.where(np.isfinite(expected), grid.of("door_min")[day] - delivered * expected, 0.0)
        usual_unserved = ordinary.count("lost") + ordinary.count("rider_cancelled")
        noise2 = noise2 + parameters.lost_order_min**2 * (usual_unserved + 0.5)
    excess = delay + parameters.lost_order_min * (unserved - usual_unserved)
    return Misses(delay, unserved, usual_unserved, excess, np.sqrt(noise2))


def hot_on(grid: Grid, ordinary: OrdinaryDay, spread: Spread, parameters: Parameters, *, day: int = 0) -> BoolArray:
    """Tell in which zones and hours of a day supply missed demand."""
    misses = misses_on(grid, ordinary, spread, parameters, day=day)
    hot = np.zeros(misses.excess.shape, dtype=bool)
    if ordinary.has_history:
        hot = hot_cells(
            misses.excess,
            misses.noise,
            neighbours=grid.neighbours,
            alone=parameters.alone,
            together=parameters.together,
        )
    return hot if day else hot | _below_floor(grid, misses, parameters)


def _below_floor(grid: Grid, misses: Misses, parameters: Parameters) -> BoolArray:
    """Tell where too small a share of wanted orders was served, usual or not."""
    short = misses.unserved > (1 - parameters.coverage_floor) * grid.of("wanted")[0]
    return np.asarray(short & (misses.unserved >= LEAST_UNSERVED), dtype=bool)


def episodes_of(grid: Grid, misses: Misses, hot: BoolArray, parameters: Parameters) -> tuple[Episode, ...]:
    """Join hot cells into episodes, costliest first, and leave out what is too small to tell."""

    def weight(episode: Episode) -> float:
        at = episode.zones, episode.slots
        return float(misses.delay_min[at].sum() + parameters.lost_order_min * misses.unserved[at].sum())

    found = [e for e in find_episodes(hot, neighbours=grid.neighbours) if weight(e) >= parameters.least_miss_min]
    return tuple(sorted(found, key=weight, reverse=True)[: parameters.most_episodes])
