"""What speaks for an episode of hot cells being more than chance, and large enough to act upon."""

from dataclasses import dataclass

import numpy as np

from tiffin.capabilities.balance.domain.detection import (
    LEAST_UNSERVED,
    Look,
    Misses,
    Watch,
    below_floor,
    hot_by,
    hot_on,
    looks_at,
    promise_score,
    weight_of,
)
from tiffin.capabilities.balance.domain.grid import Grid
from tiffin.capabilities.balance.domain.ordinary_day import OrdinaryDay
from tiffin.engines.attribution.episodes import BoolArray, Episode, find_episodes

LEAST_LOST_SHARE = 0.015
"""Share of a day's orders that nobody carried in an episode, from which on they speak for it where stages are known."""

DOOR = 3
"""Place of the time to the door among the looks; before it come unserved orders, those turned away, and promises."""

PRESSED = 0.25
"""Part of the size asked of a queue that is enough where riders are missing, or far more is ordered."""

MANY_SERIES = 3.0
"""Standard deviations asked on top where stages are known: the more series there are, the farther chance reaches."""

GROWN, GROWN_CHANCE = 0.28, 6.0
"""Share by which orders must have grown, and standard deviations of chance, to make a queue an incident; busy days of a
city grow by less."""


def episodes_of(watch: Watch, misses: Misses) -> tuple[Episode, ...]:
    """Join hot cells into episodes, costliest first, and leave out what chance explains or nobody would act on."""
    evidence = Evidence(watch, misses, looks_at(watch, misses, day=0), below_floor(watch, misses))
    joined = find_episodes(hot_on(watch), neighbours=watch.grid.neighbours)
    weighed = [(weight_of(episode, watch, misses), episode) for episode in joined]
    told = sorted((item for item in weighed if evidence.speaks_for(item[1], item[0])), key=lambda item: -item[0])
    return tuple(episode for _, episode in told[: watch.parameters.most_episodes])


@dataclass(frozen=True, slots=True, eq=False)
class Evidence:
    """What speaks for an episode being more than chance, and large enough to act upon."""

    watch: Watch
    misses: Misses
    looks: tuple[Look, ...]
    floor: BoolArray

    def speaks_for(self, episode: Episode, weight: float) -> bool:
        """Tell whether an episode is told.

        A queue is the one miss that grows out of nothing, and its cells are not independent: it needs to be large, or
        to have riders missing or many more orders. What orders were turned away, promised, cooked, ridden or handed
        over tells by itself.
        """
        p, day = self.watch.parameters, self.watch.grid.day_total("door_min")
        if weight < max(p.least_miss_min, p.least_miss_share * day):
            return False
        if self._below_floor(episode) >= self._least_lost or self._direct(episode) >= self._asked:
            return True
        if self._queue(episode) < self._asked:
            return False
        pressed = riders_missing(self.watch.grid, self.watch.ordinary, episode) >= p.riders_missing_share or has_grown(
            self.watch.grid, self.watch.ordinary, episode
        )
        return weight >= (PRESSED if pressed else 1.0) * p.least_queue_share * day

    def _queue(self, episode: Episode) -> float:
        """Give the most standard deviations by which a series that shows queues differs from usual."""
        series = zip(self.looks[DOOR:], self.watch.channels, strict=True)
        return max((self._score(look, episode) for look, channel in series if channel.shows_queue), default=0.0)

    @property
    def _knows_stages(self) -> bool:
        return any(channel.shows_queue for channel in self.watch.channels)

    @property
    def _asked(self) -> float:
        """Standard deviations asked of an episode as a whole."""
        return self.watch.parameters.whole + (MANY_SERIES if self._knows_stages else 0.0)

    @property
    def _least_lost(self) -> float:
        """Orders that must have been lost to speak for a miss: a handful is what queues of quiet days leave behind."""
        share = LEAST_LOST_SHARE * self.watch.grid.day_total("wanted") if self._knows_stages else 0.0
        return max(share, LEAST_UNSERVED)

    def _direct(self, episode: Episode) -> float:
        """Give the most standard deviations by which anything but a queue differs from usual."""
        at = episode.zones, episode.slots
        unserved, turned_away, _ = self.looks[:DOOR]
        found = [self._score(turned_away, episode), promise_score(self.misses, episode), abs(self._farther(episode))]
        if not self._knows_stages or float(unserved[0][at].sum()) >= self._least_lost:
            found.append(self._score(unserved, episode))
        for look, channel in zip(self.looks[DOOR:], self.watch.channels, strict=True):
            if not channel.shows_queue:
                parts = self._own(look, episode) if self._knows_stages else (episode,)
                found += [self._score(look, part) / channel.doubt for part in parts]
        return max(found)

    def _own(self, look: Look, episode: Episode) -> tuple[Episode, ...]:
        """Give the parts of an episode that one look sees by itself: a queue around them would thin them out."""
        inside = np.zeros(look[0].shape, dtype=bool)
        inside[episode.zones, episode.slots] = True
        return find_episodes(hot_by(self.watch, look) & inside, neighbours=self.watch.grid.neighbours)

    def _below_floor(self, episode: Episode) -> float:
        """Give the orders that nobody carried where the floor was not held."""
        at = episode.zones, episode.slots
        lost = self.watch.grid.of("lost")[0] + self.watch.grid.of("rider_cancelled")[0]
        return float((lost * self.floor)[at].sum())

    def _farther(self, episode: Episode) -> float:
        """Give by how many standard errors the ways of an episode differ from usual."""
        grid, at = self.watch.grid, (episode.zones, episode.slots)
        if len(grid.days) == 1 or not grid.known("distances", of="delivered"):
            return 0.0
        orders = grid.of("distances")[0]
        usual = orders * self.watch.ordinary.mean("distance_m", over="distances")
        more = float((grid.of("distance_m")[0] - usual)[at].sum())
        count, whole, squares = (float(grid.of(name)[1:].sum()) for name in ("distances", "distance_m", "distance_m2"))
        variance = max(squares / count - (whole / count) ** 2, 0.0)
        return more / max(float(np.sqrt(orders[at].sum() * variance)), 1.0)

    @staticmethod
    def _score(look: Look, episode: Episode) -> float:
        at = episode.zones, episode.slots
        return float(look[0][at].sum() / max(float(np.sqrt((look[1][at] ** 2).sum())), 1e-9))


def riders_missing(grid: Grid, ordinary: OrdinaryDay, episode: Episode) -> float:
    """Give how heavily riders are missing in an episode, from 0 to 1.

    It is the share of the day's rider hours that is missing there, times the share of the riders there: many who are
    missing among few weigh more than as many among all (as in Pearson's chi-square, difference squared over usual).
    """
    if grid.riders is None:
        return 0.0
    at = episode.zones, episode.slots
    usual, now = ordinary.riders(), grid.riders[0]
    there = np.isfinite(usual[at]) & np.isfinite(now[at])
    here, whole = float(usual[at][there].sum()), float(np.nansum(usual))
    missing = float(np.maximum(usual[at][there] - now[at][there], 0.0).sum())
    return missing / whole * missing / here if here > 0 else 0.0


def has_grown(grid: Grid, ordinary: OrdinaryDay, episode: Episode) -> bool:
    """Tell whether far more was ordered in an episode than usual."""
    at = episode.zones, episode.slots
    usual = float(ordinary.count("wanted")[at].sum())
    more = float(grid.of("wanted")[0][at].sum()) - usual
    return bool(more >= GROWN * usual and more >= GROWN_CHANCE * np.sqrt(usual))
