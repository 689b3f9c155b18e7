"""Where supply missed demand: zones and hours with more delay or more lost orders than chance explains."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tiffin.capabilities.balance.domain.channels import Channel, channels_of, promise_channel
from tiffin.capabilities.balance.domain.grid import Grid
from tiffin.capabilities.balance.domain.ordinary_day import OrdinaryDay
from tiffin.capabilities.balance.domain.parameters import Parameters
from tiffin.engines.attribution.episodes import BoolArray, Episode, hot_cells
from tiffin.engines.attribution.shapley import FloatArray

LEAST_UNSERVED = 3.0
"""A share of one or two wanted orders is no share."""

CALM_SHARE = 0.95
"""The wildest twentieth of cells holds the misses of the days compared with; it does not tell what is usual."""


@dataclass(frozen=True, slots=True)
class Spread:
    """How much minutes vary: between orders of one cell, and between days of one cell (minutes squared)."""

    within: float
    between: float
    common: float = 0.0


@dataclass(frozen=True, slots=True, eq=False)
class Misses:
    """What one day missed, by zone and hour; each array (n_zones, 24).

    Parameters
    ----------
    delay_min : array
        Minutes to the door beyond usual, at usual distances, over all delivered orders; negative where sooner.
    unserved, usual_unserved : array
        Wanted orders that nobody carried, and how many are usual.
    turned_away, usual_turned_away : array
        Orders that merchants refused and customers withdrew at once, and how many are usual.
    shorter_min, shorter_noise, shorter_common : array
        Minutes by which promises were shorter than usual over all delivered orders, negative where longer; by how much
        they vary from cell to cell, and by how much all cells of a day vary together.
    excess : array
        Delay and unserved orders beyond usual in weighed minutes.
    """

    delay_min: FloatArray
    unserved: FloatArray
    usual_unserved: FloatArray
    turned_away: FloatArray
    usual_turned_away: FloatArray
    shorter_min: FloatArray
    shorter_noise: FloatArray
    shorter_common: FloatArray
    excess: FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class Watch:
    """A city's channels with what is usual of each, ready to look at any day of the window."""

    grid: Grid
    ordinary: OrdinaryDay
    channels: tuple[Channel, ...]
    spreads: tuple[Spread, ...]
    parameters: Parameters
    promises: Channel | None = None
    promise_spread: Spread | None = None


def keep_watch(grid: Grid, parameters: Parameters) -> Watch:
    """Learn what is usual from the days compared with, leaving out where and when they missed themselves."""
    channels = channels_of(grid)
    everything = OrdinaryDay(grid, np.ones(grid.of("wanted")[1:].shape, dtype=bool))
    promises = promise_channel(grid)
    spread = spread_of(everything, promises) if promises is not None else None
    first = Watch(grid, everything, channels, _spreads(everything, channels), parameters, promises, spread)
    if len(grid.days) < 4:  # noqa: PLR2004 - of two days nobody can tell which one missed
        return first
    kept = ~np.stack([hot_on(first, day=day) for day in range(1, len(grid.days))])
    kept |= ~kept.any(axis=0)  # where every day missed, missing is usual
    ordinary = OrdinaryDay(grid, kept)
    spread = spread_of(ordinary, promises) if promises is not None else None
    return Watch(grid, ordinary, channels, _spreads(ordinary, channels), parameters, promises, spread)


def _spreads(ordinary: OrdinaryDay, channels: Sequence[Channel]) -> tuple[Spread, ...]:
    return tuple(spread_of(ordinary, channel) for channel in channels)


def spread_of(ordinary: OrdinaryDay, channel: Channel) -> Spread:
    """Estimate the variances from the days compared with (one-way analysis of variance, Searle 1971, ch. 9)."""
    orders, minutes, squares = (a[1:] * ordinary.kept for a in (channel.orders, channel.minutes, channel.squares))
    there = orders > 0
    if not there.any():
        return Spread(0.0, 0.0)
    means = np.divide(minutes, orders, out=np.zeros_like(minutes), where=there)
    freedom = (orders[there] - 1).sum()
    within = float(np.maximum(squares - orders * means**2, 0.0).sum() / freedom) if freedom > 0 else 0.0
    off = orders[there] * ((means - ordinary.expected(channel.minutes, channel.orders)) ** 2)[there]
    calm = off <= np.quantile(off, CALM_SHARE)
    between = (off[calm].sum() - calm.sum() * within) / orders[there][calm].sum()
    return Spread(within, max(0.0, float(between)), common_of(ordinary, channel))


def common_of(ordinary: OrdinaryDay, channel: Channel) -> float:
    """Estimate the variance by which whole days differ: the mean square of their means beyond usual."""
    expected = np.nan_to_num(ordinary.expected(channel.minutes, channel.orders))
    orders, minutes = channel.orders[1:] * ordinary.kept, channel.minutes[1:] * ordinary.kept
    of_day = orders.sum(axis=(1, 2))
    off = (minutes - orders * expected).sum(axis=(1, 2))[of_day > 0] / of_day[of_day > 0]
    # The mean that is usual was learned from these days; one degree of freedom is gone.
    return float((off**2).sum() / max(off.size - 1, 1))


def misses_on(watch: Watch, *, day: int = 0) -> Misses:
    """Measure one day of the window against usual."""
    grid, ordinary, weight = watch.grid, watch.ordinary, watch.parameters.lost_order_min
    unserved = grid.of("lost")[day] + grid.of("rider_cancelled")[day]
    usual_unserved = np.zeros_like(unserved)
    if ordinary.has_history:
        usual_unserved = ordinary.count("lost") + ordinary.count("rider_cancelled")
    delay, _ = excess_of(watch, watch.channels[0], watch.spreads[0], day=day)
    turned, usual_turned = turned_away(watch, day=day)
    shorter = noise = common = np.zeros_like(delay)
    if watch.promises is not None and watch.promise_spread is not None:
        shorter, noise = excess_of(watch, watch.promises, watch.promise_spread, day=day)
        common = watch.promises.orders[day] * np.sqrt(watch.promise_spread.common)
    excess = delay + weight * (unserved - usual_unserved)
    return Misses(delay, unserved, usual_unserved, turned, usual_turned, shorter, noise, common, excess)


def turned_away(watch: Watch, *, day: int) -> tuple[FloatArray, FloatArray]:
    """Count the orders that merchants refused and customers withdrew at once, and how many are usual."""
    turned = watch.grid.of("refused")[day] + watch.grid.of("withdrawn")[day]
    if not watch.ordinary.has_history:
        return turned, turned
    share = watch.ordinary.mean("refused", over="wanted") + watch.ordinary.mean("withdrawn", over="wanted")
    return turned, np.asarray(np.maximum(np.nan_to_num(share), 0.0) * watch.grid.of("wanted")[day], dtype=float)


Look = tuple[FloatArray, FloatArray]
"""What lies beyond usual in each zone and hour, and its standard deviation on usual days."""


def looks_at(watch: Watch, misses: Misses, *, day: int) -> tuple[Look, ...]:
    """Look at a day through every channel, and at the orders that nobody carried."""
    channels = zip(watch.channels, watch.spreads, strict=True)
    unserved = misses.unserved - misses.usual_unserved, np.sqrt(misses.usual_unserved + LEAST_VARIANCE)
    turned = misses.turned_away - misses.usual_turned_away, np.sqrt(misses.usual_turned_away + LEAST_VARIANCE)
    promised = misses.shorter_min, misses.shorter_noise
    return (unserved, turned, promised, *(excess_of(watch, channel, spread, day=day) for channel, spread in channels))


LEAST_VARIANCE = 0.5
"""Of orders lost in an hour where none is usual: two are no accident, one may be."""


def excess_of(watch: Watch, channel: Channel, spread: Spread, *, day: int) -> tuple[FloatArray, FloatArray]:
    """Give a channel's minutes beyond usual on a day, and their standard deviation on usual days."""
    orders = channel.orders[day]
    if not watch.ordinary.has_history:
        return np.zeros_like(orders), np.zeros_like(orders)
    expected = watch.ordinary.expected(channel.minutes, channel.orders)
    excess = np.where(np.isfinite(expected), channel.minutes[day] - orders * expected, 0.0)
    return excess, np.sqrt(orders * spread.within + orders**2 * spread.between)


def hot_on(watch: Watch, *, day: int = 0) -> BoolArray:
    """Tell in which zones and hours of a day supply missed demand, by any of the channels."""
    misses = misses_on(watch, day=day)
    hot = np.zeros(misses.excess.shape, dtype=bool)
    if watch.ordinary.has_history:
        for excess, noise in looks_at(watch, misses, day=day):
            hot |= hot_by(watch, (excess, noise))
    return hot if day else hot | below_floor(watch, misses)


def hot_by(watch: Watch, look: Look) -> BoolArray:
    """Tell in which zones and hours one look alone sees a miss."""
    p = watch.parameters
    return hot_cells(*look, neighbours=watch.grid.neighbours, alone=p.alone, together=p.together)


def below_floor(watch: Watch, misses: Misses) -> BoolArray:
    """Tell where too small a share of wanted orders was served, usual or not."""
    short = misses.unserved > (1 - watch.parameters.coverage_floor) * watch.grid.of("wanted")[0]
    return np.asarray(short & (misses.unserved >= LEAST_UNSERVED), dtype=bool)


def weight_of(episode: Episode, watch: Watch, misses: Misses) -> float:
    """Give an episode's miss: minutes beyond usual or promised less, and orders lost or turned away weighed in."""
    at = episode.zones, episode.slots
    lost = misses.unserved[at].sum() + beyond_chance(misses, episode)
    return float(
        misses.delay_min[at].sum() + shorter_promises(misses, episode) + watch.parameters.lost_order_min * lost
    )


CERTAIN = 4.0
"""Standard deviations beyond usual from which on orders turned away, or shorter promises, count in an episode."""


def beyond_chance(misses: Misses, episode: Episode) -> float:
    """Give the orders turned away beyond usual in an episode; none where chance explains them."""
    at = episode.zones, episode.slots
    usual = float(misses.usual_turned_away[at].sum())
    beyond = float(misses.turned_away[at].sum()) - usual
    return beyond if beyond > CERTAIN * float(np.sqrt(usual + LEAST_VARIANCE)) else 0.0


def turned_away_by(misses: Misses, grid: Grid, ordinary: OrdinaryDay, episode: Episode) -> dict[str, float]:
    """Share an episode's orders turned away beyond usual over merchants and customers, as each of them grew."""
    at = episode.zones, episode.slots
    beyond, wanted = beyond_chance(misses, episode), grid.of("wanted")[0]
    if not beyond:
        return {"refused": 0.0, "withdrawn": 0.0}
    grown = {}
    for name in ("refused", "withdrawn"):
        usual = np.nan_to_num(ordinary.mean(name, over="wanted")) * wanted
        grown[name] = max(0.0, float((grid.of(name)[0] - usual)[at].sum()))
    whole = sum(grown.values())
    return {name: beyond * part / whole if whole else 0.0 for name, part in grown.items()}


def shorter_promises(misses: Misses, episode: Episode) -> float:
    """Give the minutes by which an episode's promises were shorter than usual; none where chance explains them."""
    shorter = float(misses.shorter_min[episode.zones, episode.slots].sum())
    return shorter if promise_score(misses, episode) > CERTAIN else 0.0


def promise_score(misses: Misses, episode: Episode) -> float:
    """Give by how many standard deviations an episode's promises were shorter than usual.

    All promises of a day follow what the city foresees for it, so that they vary together.
    """
    at = episode.zones, episode.slots
    variance = float((misses.shorter_noise[at] ** 2).sum()) + float(misses.shorter_common[at].sum()) ** 2
    return float(misses.shorter_min[at].sum()) / np.sqrt(variance) if variance > 0 else 0.0
