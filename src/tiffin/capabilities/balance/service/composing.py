"""Putting a day-book together: read the window, learn what is usual, find the misses, explain them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from tiffin.capabilities.balance.domain.advice import advise
from tiffin.capabilities.balance.domain.cause import Lack
from tiffin.capabilities.balance.domain.daybook import (
    CityFacts,
    Cost,
    Daybook,
    EpisodeStory,
    HourProfile,
    MissMap,
    ZonePlace,
)
from tiffin.capabilities.balance.domain.detection import Misses, keep_watch, misses_on
from tiffin.capabilities.balance.domain.diagnosed import (
    City,
    Curves,
    PickupSamples,
    Support,
    learn_curves,
    support_of,
)
from tiffin.capabilities.balance.domain.evidence import episodes_of
from tiffin.capabilities.balance.domain.grid import HOURS, Grid
from tiffin.capabilities.balance.domain.ordinary_day import OrdinaryDay
from tiffin.capabilities.balance.domain.telling import tell
from tiffin.capabilities.balance.queries import city as ask_city
from tiffin.capabilities.balance.queries import window as ask
from tiffin.capabilities.balance.service.parameters import read_parameters
from tiffin.capabilities.balance.service.reading import Window, read_window
from tiffin.capabilities.scorecards import service as scorecards
from tiffin.capabilities.scorecards.domain import Baseline, CalendarDay, choose_baseline
from tiffin.engines.attribution.episodes import Episode
from tiffin.engines.attribution.shapley import FloatArray
from tiffin.engines.attribution.two_paths import Pickups
from tiffin.runtime.context import Context


@dataclass(frozen=True, slots=True, eq=False)
class Diagnosis:
    """The misses of a city's day with their causes, and what they were told from."""

    window: Window
    support: Support
    ordinary: OrdinaryDay
    misses: Misses
    baseline: Baseline
    stories: tuple[EpisodeStory, ...]
    lost_order_min: float


def diagnose(context: Context, city: CityFacts, today: CalendarDay, days: Sequence[CalendarDay]) -> Diagnosis:
    """Find where supply missed demand on a day, and why."""
    parameters = read_parameters(context.workspace, today.day)
    baseline = choose_baseline(today, days)
    window = read_window(
        context,
        city_id=city.city_id,
        days=(today.day, *baseline.days),
        cutoff_min=city.cutoff_min,
        timezone=city.timezone,
    )
    grid = window.grid
    support = support_of(grid)
    watch = keep_watch(grid, parameters)
    ordinary, misses = watch.ordinary, misses_on(watch)
    found = episodes_of(watch, misses)
    all_of_it = City(
        grid=grid,
        ordinary=ordinary,
        support=support,
        misses=misses,
        curves=learn_curves(grid, support) if found else Curves(None, None, None, 0.0),
        samples=_samples(context, city.city_id, grid, found) if support.path else None,
        has_orders=window.has_orders,
        travel_min=window.apart_m * _pace(grid),
        reach_min=parameters.reach_min,
        rain_mm=window.rain_mm,
        refund_minor=window.refund_minor,
        refund_currency=window.refund_currency,
    )
    stories = tuple(tell(all_of_it, episode, parameters) for episode in found)
    return Diagnosis(window, support, ordinary, misses, baseline, stories, parameters.lost_order_min)


def compose(context: Context, city: CityFacts, today: CalendarDay, days: Sequence[CalendarDay]) -> Daybook:
    """Put a city's day-book together from its facts."""
    found = diagnose(context, city, today, days)
    window, support, ordinary, misses = found.window, found.support, found.ordinary, found.misses
    grid, baseline, stories = window.grid, found.baseline, found.stories
    return Daybook(
        city=city,
        day=today.day,
        baseline=baseline,
        headline=scorecards.headline(
            context, city_id=city.city_id, day=today.day, baseline=baseline, currency=city.currency
        ),
        cost=_cost_of_day(window, support, misses, ordinary),
        episodes=stories,
        advice=advise(stories),
        lacks=_lacks(window, support, ordinary, city),
        profile=_profile(window, ordinary, support),
        miss_map=_miss_map(grid, misses, ordinary),
        zones=_places(context, city.city_id),
        lost_order_min=found.lost_order_min,
        made_at=context.now,
        table_versions=dict(context.warehouse.versions()),
    )


USUAL_PACE = 0.003
"""Minutes a metre where no ride is known: 20 kilometres an hour."""


def _pace(grid: Grid) -> float:
    """Give the minutes a metre of rides in this window."""
    distance = float(grid.of("path_distance_m").sum())
    return float(grid.of("ride_min").sum()) / distance if distance > 0 else USUAL_PACE


def _samples(context: Context, city_id: str, grid: Grid, found: Sequence[Episode]) -> PickupSamples | None:
    """Read pickups order by order, of the episodes' zones and hours alone."""
    if not found:
        return None
    zones = sorted({grid.zones[z] for e in found for z in e.zones.tolist()})
    hours = sorted({grid.hour(c) for e in found for c in e.slots.tolist()})
    dialect = context.warehouse.dialect
    rows = context.warehouse.query(
        ask.pickups(city_id=city_id, days=grid.days, zones=zones, hours=hours, dialect=dialect)
    )
    day_at: dict[date, int] = {d: k for k, d in enumerate(grid.days)}
    zone_at = {z: k for k, z in enumerate(grid.zones)}
    hour = np.array(rows["local_hour"].to_pylist(), dtype=np.intp)
    kitchen, wait, ride, service = (
        np.array(rows[name].to_pylist(), dtype=float)
        for name in ("kitchen_min", "wait_min", "approach_min", "service_min")
    )
    return PickupSamples(
        days=np.array([day_at[d] for d in rows["business_date"].to_pylist()], dtype=np.intp),
        zones=np.array([zone_at[z] for z in rows["zone_id"].to_pylist()], dtype=np.intp),
        columns=((hour - grid.first_hour) % HOURS).astype(np.intp),
        pickups=Pickups(kitchen, wait, ride, service, alone=np.array(rows["carried"].to_pylist()) == 1),
    )


def _cost_of_day(window: Window, support: Support, misses: Misses, ordinary: OrdinaryDay) -> Cost:
    turned_away = window.grid.day_total("refused") + window.grid.day_total("withdrawn")
    refund = None
    if window.refund_minor is not None:
        refund = int(window.refund_minor.sum()) + window.refunds_elsewhere_minor
    return Cost(
        delay_min=float(misses.delay_min.sum()) if support.deliveries and ordinary.has_history else None,
        late_orders=int(window.grid.day_total("late")) if support.promises else None,
        late_min=window.grid.day_total("overdue_min") if support.promises else None,
        lost_orders=window.grid.day_total("lost") if _tells_lost(window) else None,
        cancelled_orders=window.grid.day_total("rider_cancelled") if window.has_orders else None,
        turned_away_orders=turned_away if window.has_orders else None,
        refund_minor=refund,
        currency=window.refund_currency,
    )


def _tells_lost(window: Window) -> bool:
    """Tell whether lost orders are recorded at all: where none ever was, nobody knows."""
    return bool(window.grid.of("lost").any())


def _lacks(window: Window, support: Support, ordinary: OrdinaryDay, city: CityFacts) -> tuple[Lack, ...]:
    absent = {
        Lack.ORDERS: not window.has_orders,
        Lack.HISTORY: not ordinary.has_history,
        Lack.DELIVERIES: window.has_orders and not support.deliveries,
        Lack.PROMISES: not support.promises,
        Lack.RIDERS: not support.riders and window.on_shift is None,
        Lack.STAGES: not support.path,
        Lack.LOST_ORDERS: not _tells_lost(window),
        Lack.REFUNDS: window.refund_minor is None,
        Lack.ZONES: len(window.grid.zones) < 2,  # noqa: PLR2004 - one zone is no map
        Lack.TIMEZONE: not city.timezone_known,
    }
    return tuple(lack for lack, is_so in absent.items() if is_so)


def _profile(window: Window, ordinary: OrdinaryDay, support: Support) -> HourProfile:
    grid = window.grid
    hours = [c for c in range(HOURS) if grid.of("wanted")[:, :, c].any()]
    orders = grid.of("wanted")[0].sum(axis=0)
    has_history = ordinary.has_history
    usual_orders = grid.of("wanted")[1:].sum(axis=1).mean(axis=0) if has_history else None
    riders = usual_riders = door = usual_door = None
    by_hour = _riders_by_hour(window, support)
    if by_hour is not None:
        riders, usual_riders = by_hour[0], _mean_over_days(by_hour[1:]) if has_history else None
    if support.deliveries:
        delivered, minutes = grid.of("delivered").sum(axis=1), grid.of("door_min").sum(axis=1)
        door = _ratio(minutes[0], delivered[0])
        usual_door = _ratio(minutes[1:].sum(axis=0), delivered[1:].sum(axis=0)) if has_history else None

    def shown(values: FloatArray | None) -> tuple[float | None, ...] | None:
        return None if values is None else tuple(float(values[c]) if np.isfinite(values[c]) else None for c in hours)

    return HourProfile(
        hours=tuple(grid.hour(c) for c in hours),
        orders=tuple(float(orders[c]) for c in hours),
        usual_orders=None if usual_orders is None else tuple(float(usual_orders[c]) for c in hours),
        riders=shown(riders),
        usual_riders=shown(usual_riders),
        door_min=shown(door),
        usual_door_min=shown(usual_door),
    )


def _riders_by_hour(window: Window, support: Support) -> FloatArray | None:
    """Give the city's riders on shift, (n_days, 24); None where unknown."""
    riders = window.grid.riders
    if support.riders and riders is not None:
        known = np.isfinite(riders)
        return np.where(known.any(axis=1), np.where(known, riders, 0.0).sum(axis=1), np.nan)
    return window.on_shift


def _mean_over_days(values: FloatArray) -> FloatArray:
    known = np.isfinite(values)
    return _ratio(np.where(known, values, 0.0).sum(axis=0), known.sum(axis=0).astype(float))


def _ratio(part: FloatArray, whole: FloatArray) -> FloatArray:
    return np.asarray(np.divide(part, whole, out=np.full(part.shape, np.nan), where=whole > 0), dtype=float)


def _miss_map(grid: Grid, misses: Misses, ordinary: OrdinaryDay) -> MissMap | None:
    if not ordinary.has_history and not misses.unserved.any():
        return None
    columns = [c for c in range(HOURS) if grid.of("wanted")[0, :, c].any()]
    wanted = grid.of("wanted")[0]
    rows = tuple(
        tuple(float(max(misses.excess[z, c], 0.0)) if wanted[z, c] > 0 else None for c in columns)
        for z in range(len(grid.zones))
    )
    return MissMap(grid.zones, tuple(grid.hour(c) for c in columns), rows)


def _places(context: Context, city_id: str) -> tuple[ZonePlace, ...]:
    rows = context.warehouse.query(ask_city.zones(city_id=city_id, dialect=context.warehouse.dialect)).to_pylist()
    return tuple(ZonePlace(r["zone_id"], r["name"] or r["zone_id"], r["h3_cell"], r["polygon"]) for r in rows)
