"""What is known of an episode, as usual and as it was."""

from collections.abc import Mapping

import numpy as np

from tiffin.capabilities.balance.domain.accounting import EpisodeFacts, Stages, pace_of
from tiffin.capabilities.balance.domain.detection import shorter_promises, turned_away_by
from tiffin.capabilities.balance.domain.diagnosed import City, Support, work_by_hour
from tiffin.capabilities.balance.domain.elsewhere import riders_elsewhere
from tiffin.capabilities.balance.domain.grid import PATH_STAGES
from tiffin.capabilities.balance.domain.load import MINUTES, Load
from tiffin.engines.attribution.episodes import Episode
from tiffin.engines.attribution.two_paths import PickupSplit, split_pickups

LEAST_PICKUPS = 12
"""With fewer orders a distribution of pickups is none."""


def facts_of(city: City, episode: Episode) -> EpisodeFacts:
    """Gather what is known of an episode, as usual and as it was."""
    at = episode.zones, episode.slots
    grid, usual = city.grid, city.ordinary

    def today(name: str) -> float:
        return float(grid.of(name)[0][at].sum())

    before, now = _stages(city, episode)
    by_path = before.knows(*PATH_STAGES)
    pickups = _pickup_split(city, episode, before, now) if by_path else None
    farther = _farther_min(city, episode, before, now)
    usual_load, load = _loads(city, episode, (before, now), pickups, farther)
    turned = turned_away_by(city.misses, grid, usual, episode)
    return EpisodeFacts(
        delivered=today("delivered"),
        delay_min=max(0.0, float(city.misses.delay_min[at].sum()) + farther),
        lost=today("lost"),
        usual_lost=float(usual.count("lost")[at].sum()),
        cancelled=today("rider_cancelled"),
        usual_cancelled=float(usual.count("rider_cancelled")[at].sum()),
        wanted=today("wanted"),
        usual_wanted=float(usual.count("wanted")[at].sum()),
        usual=before,
        actual=now,
        usual_load=usual_load,
        load=load,
        pickups=pickups,
        wait_curve=city.curves.wait,
        door_curve=city.curves.door,
        loss_curve=city.curves.loss,
        farther_min=farther,
        refused=turned["refused"],
        withdrawn=turned["withdrawn"],
        shorter_min=shorter_promises(city.misses, episode),
        elsewhere=riders_elsewhere(
            city.grid, city.ordinary, episode, travel_min=city.travel_min, within_min=city.reach_min
        ),
    )


STAGES_OVER: Mapping[str, tuple[str, ...]] = {
    "delivered": ("door_min",),
    "path": (
        "kitchen_min",
        "wait_min",
        "approach_min",
        "gap_min",
        "idle_min",
        "service_min",
        "ride_min",
        "handover_min",
    ),
    "legs": ("confirm_min", "reach_min", "rest_min"),
    "alone": ("alone_ride_min", "alone_distance_m"),
    "distances": ("distance_m",),
    "predictions": ("predicted_travel_min",),
}


def _stages(city: City, episode: Episode) -> tuple[Stages, Stages]:
    """Give mean minutes an order as usual and as they were; the usual ones weighed by today's orders."""
    at = episode.zones, episode.slots
    before: dict[str, float] = {}
    now: dict[str, float] = {}
    for over, names in STAGES_OVER.items():
        orders = city.grid.of(over)[0][at]
        if orders.sum() <= 0 or not city.ordinary.has_history or not _is_supported(city.support, over):
            continue
        for name in names:
            before[name] = float((orders * city.ordinary.mean(name, over=over)[at]).sum() / orders.sum())
            now[name] = float(city.grid.of(name)[0][at].sum() / orders.sum())
    return Stages(before), Stages(now)


def _is_supported(support: Support, over: str) -> bool:
    return {
        "delivered": support.deliveries,
        "path": support.path,
        "legs": support.legs,
        "alone": support.path and support.distances,
        "distances": support.distances,
        "predictions": support.predictions,
    }[over]


def _loads(
    city: City, episode: Episode, stages: tuple[Stages, Stages], pickups: PickupSplit | None, farther_min: float
) -> tuple[Load | None, Load | None]:
    before, now = stages
    at = episode.zones, episode.slots
    wanted, usual_wanted = float(city.grid.of("wanted")[0][at].sum()), float(city.ordinary.count("wanted")[at].sum())
    if not city.ordinary.has_history or usual_wanted <= 0 or wanted <= 0:
        return None, None
    open_orders = float(city.grid.of("pressure")[0][at].sum()) / wanted
    usual_open_orders = float(city.ordinary.count("pressure")[at].sum()) / usual_wanted
    riders, usual_riders = 1.0, 1.0
    if city.support.riders and city.grid.riders is not None:
        there = np.isfinite(city.grid.riders[0][at]) & np.isfinite(city.ordinary.riders()[at])
        riders = float(np.where(there, city.grid.riders[0][at], 0.0).sum())
        usual_riders = float(np.where(there, city.ordinary.riders()[at], 0.0).sum())
        if riders <= 0 and usual_riders <= 0:
            return None, None
    farther = now.of("distance_m") / before.of("distance_m") if farther_min and before.of("distance_m") else 1.0
    work, usual_work = _work(city, episode, (before, now), pickups, farther)
    before_it = Load(usual_wanted, *usual_work, usual_riders, usual_open_orders)
    return before_it, Load(wanted, *work, riders, open_orders)


def _farther_min(city: City, episode: Episode, before: Stages, now: Stages) -> float:
    """Give the minutes that longer ways took, where the distances differ from usual by more than chance; else nothing.

    Which customers happen to order is luck, and luck is no miss: within chance, a miss is measured at usual distances.
    """
    if not city.support.distances or not before.knows("distance_m"):
        return 0.0
    at = episode.zones, episode.slots
    orders = float(city.grid.of("distances")[0][at].sum())
    past = [float(city.grid.of(name)[1:].sum()) for name in ("distances", "distance_m", "distance_m2")]
    spread = np.sqrt(max(past[2] / past[0] - (past[1] / past[0]) ** 2, 0.0) / orders)
    more = now.of("distance_m") - before.of("distance_m")
    return orders * more * city.curves.minutes_a_metre if abs(more) > BEYOND_CHANCE * spread else 0.0


BEYOND_CHANCE = 4.0
"""Standard errors by which a mean distance must differ to count; episodes are chosen among many, so three are few."""


Work = tuple[float, float, float]


def _work(
    city: City, episode: Episode, stages: tuple[Stages, Stages], pickups: PickupSplit | None, farther: float
) -> tuple[Work, Work]:
    """Give what keeps a rider: road, waiting for food, handing over.

    Only what does not itself follow from the queue counts: that riders come from farther away when free ones are rare,
    and then wait less for the food, is part of the queue and not a reason for it.
    """
    before, now = stages
    if pickups is not None:
        road = before.of("approach_min") + before.of("ride_min")
        longer = pace_of(now) / pace_of(before) if now.knows("distance_m") and pace_of(before) > 0 else 1.0
        idle, hand = before.of("idle_min"), before.of("service_min") + before.of("handover_min")
        slower = pickups.service + now.of("handover_min") - before.of("handover_min")
        return (road * longer * farther, max(idle + pickups.idle, 0.0), max(hand + slower, 0.0)), (road, idle, hand)
    work = work_by_hour(city.grid, city.support)
    if work is None:
        return (MINUTES, 0.0, 0.0), (MINUTES, 0.0, 0.0)
    wanted = city.grid.of("pressure")[0][episode.zones, episode.slots]
    today = float(np.average(work[0, 0, episode.slots], weights=wanted if wanted.sum() > 0 else None))
    usual = float(np.average(work[1:, 0, :].mean(axis=0)[episode.slots], weights=wanted if wanted.sum() > 0 else None))
    return (today, 0.0, 0.0), (usual, 0.0, 0.0)


def _pickup_split(city: City, episode: Episode, before: Stages, now: Stages) -> PickupSplit:
    """Split later pickups over kitchen, wait and ride, from the orders of the episode's own zones and hours.

    With too few orders for a distribution the means must do: food that waits longer waits for a rider.
    """
    kitchen, gap, service = (now.of(s) - before.of(s) for s in ("kitchen_min", "gap_min", "service_min"))
    by_means = PickupSplit(kitchen=kitchen, wait=gap, ride=0.0, service=service)
    if city.samples is None:
        return by_means
    inside = np.zeros(city.grid.of("wanted")[0].shape, dtype=bool)
    inside[episode.zones, episode.slots] = True
    here = inside[city.samples.zones, city.samples.columns]
    past = city.samples.days > 0
    kept = np.ones(here.shape, dtype=bool)
    kept[past] = city.ordinary.kept[city.samples.days[past] - 1, city.samples.zones[past], city.samples.columns[past]]
    actual, usual = city.samples.where(here & ~past), city.samples.where(here & past & kept)
    if actual.kitchen.size < LEAST_PICKUPS or usual.kitchen.size < LEAST_PICKUPS:
        return by_means
    return split_pickups(usual=usual, actual=actual)
