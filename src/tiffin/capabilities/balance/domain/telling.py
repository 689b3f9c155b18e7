"""From cells to stories: what happened in each episode, against usual, and which causes carry it."""

import numpy as np

from tiffin.capabilities.balance.domain.accounting import Account, EpisodeFacts, account, gone_if_usual
from tiffin.capabilities.balance.domain.cause import Cause
from tiffin.capabilities.balance.domain.confidence import confidence_of
from tiffin.capabilities.balance.domain.daybook import CauseShare, Cost, EpisodeStory, Factor, StageTime
from tiffin.capabilities.balance.domain.diagnosed import City
from tiffin.capabilities.balance.domain.episode_facts import facts_of
from tiffin.capabilities.balance.domain.evidence import has_grown, riders_missing
from tiffin.capabilities.balance.domain.grid import PATH_STAGES
from tiffin.capabilities.balance.domain.likely import likely_shares, ranked
from tiffin.capabilities.balance.domain.parameters import Parameters
from tiffin.capabilities.balance.domain.sureness import sureness_of
from tiffin.engines.attribution.episodes import Episode


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
    certain = moved_beyond_chance(city, episode, parameters)
    causes = ranked(shares_of(found), certain=certain)
    first = next((one.cause for one in causes if one.cause.is_of_the_day and one.weighed_min > 0), None)
    gone_min = gone_if_usual(facts, lost_order_min=parameters.lost_order_min)
    gone = {cause: minutes / found.miss_min for cause, minutes in gone_min.items() if found.miss_min}
    confidence = confidence_of(city, episode, facts, first=first, lost_order_min=parameters.lost_order_min)
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
        causes=causes,
        likely=likely_shares(causes, gone=gone, orders=facts.delivered),
        stages=_stage_times(facts),
        factors=_factors(city, episode, facts),
        cost=_cost(city, episode, facts),
        confidence=confidence,
        sureness=sureness_of(confidence),
    )


def moved_beyond_chance(city: City, episode: Episode, parameters: Parameters) -> frozenset[Cause]:
    """Name the causes whose drivers, orders or riders, moved by more than quiet days see."""
    if not city.ordinary.has_history:
        return frozenset()
    moved = {Cause.MORE_DEMAND} if has_grown(city.grid, city.ordinary, episode) else set()
    if riders_missing(city.grid, city.ordinary, episode) >= parameters.riders_missing_share:
        moved |= {Cause.FEWER_RIDERS, Cause.RIDERS_ELSEWHERE}
    return frozenset(moved)


def shares_of(found: Account) -> tuple[CauseShare, ...]:
    """Rank causes by their part, with what is usual and what is unexplained at the end; shares add up to 1."""
    ranked = sorted(found.parts.items(), key=lambda item: (not item[0].is_of_the_day, -item[1], item[0]))
    return tuple(
        CauseShare(cause, part, part / found.miss_min if found.miss_min else 0.0, found.details.get(cause, {}))
        for cause, part in ranked
        if part
    )


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
    turned_away = float(sum(city.grid.of(name)[0][at].sum() for name in ("refused", "withdrawn")))
    return Cost(
        delay_min=facts.delay_min if city.support.deliveries and city.ordinary.has_history else None,
        late_orders=int(city.grid.of("late")[0][at].sum()) if city.support.promises else None,
        late_min=float(city.grid.of("overdue_min")[0][at].sum()) if city.support.promises else None,
        lost_orders=facts.lost,
        cancelled_orders=facts.cancelled,
        turned_away_orders=turned_away if city.has_orders else None,
        refund_minor=refund,
        currency=city.refund_currency if refund is not None else None,
    )
