"""An episode's facts as they would be if one single day of those compared with were what is usual.

What is usual is a mean over a few days, and no day is the mean. A day is taken whole: its stages, demand, riders and
lost orders, in the zones and hours of the episode, so that what moves together on a day stays together.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace

import numpy as np

from tiffin.capabilities.balance.domain.accounting import EpisodeFacts, Stages, pace_of
from tiffin.capabilities.balance.domain.diagnosed import City
from tiffin.capabilities.balance.domain.episode_facts import STAGES_OVER
from tiffin.capabilities.balance.domain.load import Load
from tiffin.engines.attribution.episodes import Episode
from tiffin.engines.attribution.shapley import FloatArray
from tiffin.engines.attribution.two_paths import PickupSplit

MOST_CELLS = 0.5
"""Share of an episode's zones and hours that must be usual on a day to hold anything against it."""


def against_days(city: City, episode: Episode, facts: EpisodeFacts) -> Iterator[EpisodeFacts]:
    """Give an episode's facts against each day that is usual in enough of its zones and hours."""
    at = episode.zones, episode.slots
    means = {
        name: (over, city.ordinary.mean(name, over=over)[at])
        for over, names in STAGES_OVER.items()
        for name in names
        if facts.usual.knows(name)
    }
    for day in range(1, len(city.grid.days)):
        kept = np.asarray(city.ordinary.kept[day - 1][at], dtype=float)
        if kept.mean() >= MOST_CELLS:
            yield _against(city, episode, facts, (day, kept, _off(city, episode, means, (day, kept))))


Day = tuple[int, FloatArray]
"""Number of a day in the grid, and which of an episode's cells are usual on it, (n_cells,)."""
Off = Mapping[str, float]
"""Minutes an order by which each stage of a day differed from usual."""


def _off(city: City, episode: Episode, means: Mapping[str, tuple[str, FloatArray]], day: Day) -> Off:
    number, kept = day
    at = episode.zones, episode.slots
    off = {}
    for name, (over, usual) in means.items():
        orders = city.grid.of(over)[number][at] * kept
        minutes = city.grid.of(name)[number][at] * kept
        off[name] = float((minutes - orders * usual).sum() / orders.sum()) if orders.sum() > 0 else 0.0
    return off


def _against(city: City, episode: Episode, facts: EpisodeFacts, day: tuple[int, FloatArray, Off]) -> EpisodeFacts:
    number, kept, off = day
    usual = Stages({name: minutes + off.get(name, 0.0) for name, minutes in facts.usual.minutes.items()})

    def less(name: str) -> float:
        """Give the orders of a kind by which a day had fewer than usual."""
        at = episode.zones, episode.slots
        return float(((city.ordinary.count(name) - city.grid.of(name)[number])[at] * kept).sum())

    return replace(
        facts,
        usual=usual,
        pickups=_shifted(facts.pickups, off) if facts.pickups is not None else None,
        usual_load=_load(city, episode, facts, (number, kept, usual)),
        usual_wanted=max(facts.usual_wanted - less("wanted"), 1.0),
        usual_lost=max(facts.usual_lost - less("lost"), 0.0),
        usual_cancelled=max(facts.usual_cancelled - less("rider_cancelled"), 0.0),
        refused=max(facts.refused + less("refused"), 0.0) if facts.refused else 0.0,
        withdrawn=max(facts.withdrawn + less("withdrawn"), 0.0) if facts.withdrawn else 0.0,
    )


def _shifted(pickups: PickupSplit, off: Off) -> PickupSplit:
    """Give a split of later pickups against a day whose stages were off by so much."""
    return replace(
        pickups,
        kitchen=pickups.kitchen - off.get("kitchen_min", 0.0),
        wait=pickups.wait - off.get("gap_min", 0.0),
        service=pickups.service - off.get("service_min", 0.0),
    )


def _load(city: City, episode: Episode, facts: EpisodeFacts, day: tuple[int, FloatArray, Stages]) -> Load | None:
    """Give the load as it was on a day: its orders, riders and pace."""
    usual, (number, kept, stages) = facts.usual_load, day
    if usual is None:
        return None
    at = episode.zones, episode.slots
    pace = 1.0
    if stages.knows("distance_m", "ride_min") and facts.usual.of("distance_m") > 0:
        pace = max(pace_of(stages) / max(pace_of(facts.usual), 1e-9), 0.1)
    orders = _times(city.grid.of("wanted")[number][at], city.ordinary.count("wanted")[at], kept)
    riders = 1.0
    if city.grid.riders is not None:
        riders = _times(city.grid.riders[number][at], city.ordinary.riders()[at], kept)
    return replace(
        usual, orders=usual.orders * orders, travel_min=usual.travel_min * pace, riders=usual.riders * riders
    )


def _times(of_day: FloatArray, usual: FloatArray, kept: FloatArray) -> float:
    """Give how many times as much as usual there was on a day; at least a tenth, and once where unknown."""
    known = np.isfinite(of_day) & np.isfinite(usual) & (kept > 0)
    whole = float(usual[known].sum())
    return max(float(of_day[known].sum()) / whole, 0.1) if whole > 0 else 1.0
