"""From cells to stories: what happened in each episode, against usual, and which causes carry it."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tiffin.capabilities.balance.domain.accounting import Account, EpisodeFacts, Stages, account, pace_of
from tiffin.capabilities.balance.domain.channels import slope
from tiffin.capabilities.balance.domain.daybook import CauseShare, Cost, EpisodeStory, Factor, StageTime
from tiffin.capabilities.balance.domain.detection import Misses, shorter_promises, turned_away_by
from tiffin.capabilities.balance.domain.elsewhere import riders_elsewhere
from tiffin.capabilities.balance.domain.grid import CYCLE_STAGES, PATH_STAGES, Grid
from tiffin.capabilities.balance.domain.load import MINUTES, Load, load_by_cell, loss_curve, waiting_curve
from tiffin.capabilities.balance.domain.ordinary_day import OrdinaryDay
from tiffin.capabilities.balance.domain.parameters import Parameters
from tiffin.engines.attribution.congestion import CongestionCurve
from tiffin.engines.attribution.episodes import BoolArray, Episode
from tiffin.engines.attribution.shapley import FloatArray
from tiffin.engines.attribution.two_paths import Pickups, PickupSplit, split_pickups

Indices = NDArray[np.intp]

LEAST_PICKUPS = 12
"""With fewer orders a distribution of pickups is none."""


@dataclass(frozen=True, slots=True, eq=False)
class PickupSamples:
    """Pickups order by order with the cell each belongs to.

    Parameters
    ----------
    days, zones, columns : (n_orders,)
        Indices into the grid.
    """

    days: Indices
    zones: Indices
    columns: Indices
    pickups: Pickups

    def where(self, chosen: BoolArray) -> Pickups:
        """Give the pickups of chosen orders."""
        p = self.pickups
        return Pickups(p.kitchen[chosen], p.wait[chosen], p.ride[chosen], p.service[chosen])


@dataclass(frozen=True, slots=True)
class Support:
    """What a window's facts can tell apart."""

    path: bool
    legs: bool
    riders: bool
    distances: bool
    predictions: bool
    promises: bool
    deliveries: bool


def support_of(grid: Grid) -> Support:
    """Tell what a window's facts can tell apart, on the day as on the days it is compared with."""
    return Support(
        path=grid.known("path", of="delivered"),
        legs=grid.known("legs", of="delivered", at_least=0.6),
        riders=grid.riders is not None and bool(np.isfinite(grid.riders[0]).any()),
        distances=grid.known("distances", of="delivered"),
        predictions=grid.known("predictions", of="delivered"),
        promises=grid.known("promised", of="delivered"),
        deliveries=grid.day_total("delivered") > 0,
    )


@dataclass(frozen=True, slots=True, eq=False)
class City:
    """All that an episode's story is told from."""

    grid: Grid
    ordinary: OrdinaryDay
    support: Support
    misses: Misses
    curves: "Curves"
    samples: PickupSamples | None
    has_orders: bool
    travel_min: FloatArray
    reach_min: float
    rain_mm: FloatArray | None
    refund_minor: FloatArray | None
    refund_currency: str | None


@dataclass(frozen=True, slots=True)
class Curves:
    """How this city's waiting and losses grow with load."""

    wait: CongestionCurve | None
    door: CongestionCurve | None
    loss: CongestionCurve | None
    minutes_a_metre: float


def learn_curves(grid: Grid, support: Support) -> Curves:
    """Learn the city's curves from the whole window."""
    load = load_by_cell(grid, work_min=work_by_hour(grid, support))
    wait = None
    if support.path:
        late = grid.of("gap_min") - grid.of("idle_min")
        wait = waiting_curve(load, late, grid.of("path"))
    door = waiting_curve(load, grid.of("door_min"), grid.of("delivered")) if support.deliveries else None
    pace = 0.0
    if support.distances:
        pace = slope(grid, y="door_min", xy="door_distance", x="distance_m", x2="distance_m2", over="distances")
    return Curves(wait, door, loss_curve(grid, load), pace)


def work_by_hour(grid: Grid, support: Support) -> FloatArray | None:
    """Give the minutes that an order keeps a rider, (n_days, 1, 24), or None where facts do not tell."""
    if support.path:
        minutes, orders = np.sum([grid.of(stage) for stage in CYCLE_STAGES], axis=0), grid.of("path")
    elif grid.of("finished").any() and grid.of("busy_min").any():
        minutes, orders = grid.of("busy_min"), grid.of("finished")
    else:
        return None
    whole = minutes.sum() / orders.sum()
    by_hour = minutes.sum(axis=1, keepdims=True) + 20.0 * whole
    return np.asarray(by_hour / (orders.sum(axis=1, keepdims=True) + 20.0), dtype=float)


def tell(city: City, episode: Episode, parameters: Parameters) -> EpisodeStory:
    """Tell one episode."""
    facts = facts_of(city, episode)
    found = account(facts, lost_order_min=parameters.lost_order_min)
    at = episode.zones, episode.slots
    grid = city.grid
    columns = sorted(set(episode.slots.tolist()))
    order = np.argsort(-np.maximum(city.misses.excess[at], 0.0), kind="stable")
    zones = tuple(dict.fromkeys(grid.zones[episode.zones[k]] for k in order))
    knows_delay = city.support.deliveries and city.ordinary.has_history and facts.delivered > 0
    return EpisodeStory(
        zones=zones,
        from_hour=grid.hour(columns[0]),
        to_hour=grid.hour(columns[-1]),
        cells=tuple((grid.zones[z], grid.hour(c)) for z, c in zip(*at, strict=True)),
        delivered=int(facts.delivered),
        wanted=facts.wanted,
        usual_wanted=facts.usual_wanted,
        miss_min=found.miss_min,
        door_min=facts.actual.minutes.get("door_min") if knows_delay else None,
        usual_door_min=facts.usual.minutes.get("door_min") if knows_delay else None,
        causes=shares_of(found),
        stages=_stage_times(facts),
        factors=_factors(city, episode, facts),
        cost=_cost(city, episode, facts),
    )


def shares_of(found: Account) -> tuple[CauseShare, ...]:
    """Rank causes by their part, with what is usual and what is unexplained at the end; shares add up to 1."""
    ranked = sorted(found.parts.items(), key=lambda item: (not item[0].is_of_the_day, -item[1], item[0]))
    return tuple(
        CauseShare(cause, part, part / found.miss_min if found.miss_min else 0.0, found.details.get(cause, {}))
        for cause, part in ranked
        if part
    )


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


def _stage_times(facts: EpisodeFacts) -> tuple[StageTime, ...]:
    shown = PATH_STAGES if facts.usual.knows(*PATH_STAGES) else ("confirm_min", "reach_min", "rest_min")
    if not facts.usual.knows(*shown):
        return ()
    return tuple(StageTime(stage, facts.usual.of(stage), facts.actual.of(stage)) for stage in shown)


def _factors(city: City, episode: Episode, facts: EpisodeFacts) -> tuple[Factor, ...]:
    """List what can be counted beside the minutes: orders, riders, distance, rain."""
    hours = len(set(episode.slots.tolist()))
    listed: list[Factor] = []
    if city.ordinary.has_history:
        name, unit = ("orders_an_hour", "orders") if city.has_orders else ("people_an_hour", "people")
        listed.append(Factor(name, unit, facts.usual_wanted / hours, facts.wanted / hours))
    if city.support.riders and facts.load is not None and facts.usual_load is not None:
        listed.append(Factor("riders_on_shift", "riders", facts.usual_load.riders / hours, facts.load.riders / hours))
    if facts.usual.knows("distance_m") and facts.actual.knows("distance_m"):
        listed.append(Factor("distance", "m", facts.usual.of("distance_m"), facts.actual.of("distance_m")))
    if facts.load is not None and facts.usual_load is not None and facts.load.backlog != 1.0:
        before, now = facts.usual_load, facts.load
        listed.append(
            Factor("open_orders", "orders", before.backlog * before.orders / hours, now.backlog * now.orders / hours)
        )
    rain = _rain(city, episode)
    return (*listed, rain) if rain else tuple(listed)


def _rain(city: City, episode: Episode) -> Factor | None:
    columns = sorted(set(episode.slots.tolist()))
    if city.rain_mm is None or not np.isfinite(city.rain_mm[0, columns]).all() or len(city.rain_mm) == 1:
        return None
    past = city.rain_mm[1:, columns]
    if not np.isfinite(past).any():
        return None
    return Factor("rain", "mm", float(np.nanmean(past)), float(city.rain_mm[0, columns].mean()))


def _cost(city: City, episode: Episode, facts: EpisodeFacts) -> Cost:
    at = episode.zones, episode.slots
    refund = None if city.refund_minor is None else int(city.refund_minor[at].sum())
    return Cost(
        delay_min=facts.delay_min if city.support.deliveries and city.ordinary.has_history else None,
        late_orders=int(city.grid.of("late")[0][at].sum()) if city.support.promises else None,
        lost_orders=facts.lost,
        cancelled_orders=facts.cancelled,
        refund_minor=refund,
        currency=city.refund_currency if refund is not None else None,
    )
