"""Misses are found where they are, and only there."""

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest

from tiffin.capabilities.balance.domain.detection import keep_watch, looks_at, misses_on
from tiffin.capabilities.balance.domain.evidence import episodes_of, riders_missing
from tiffin.capabilities.balance.domain.grid import Grid, touching
from tiffin.capabilities.balance.domain.ordinary_day import OrdinaryDay
from tiffin.capabilities.balance.domain.parameters import Parameters
from tiffin.engines.attribution.episodes import Episode
from tiffin.engines.attribution.shapley import FloatArray

PARAMETERS = Parameters(60.0, 0.85, 3.5, 4.0, 5.0, 30.0, 0.005, 0.08, 0.012, 45.0, 8)
NOTHING = (
    *("rider_cancelled", "path", "distances", "distance_m", "distance_m2", "door_distance", "late_min", "late_min2"),
    *("kitchen_min", "kitchen_min2", "ride_min", "ride_min2", "path_distance_m", "ride_distance", "path_distance_m2"),
    *("refused", "withdrawn", "promises", "promise_min", "promise_min2"),
)


def a_grid(*, seed: int = 1, days: int = 9, zones: int = 5, slow: FloatArray | None = None, lost: float = 0.0) -> Grid:
    """Make a city in which an order takes 30 minutes, give or take eight; zones lie in a row."""
    rng = np.random.default_rng(seed)
    shape = (days, zones, 24)
    orders = rng.poisson(8.0, shape).astype(float)
    noise = rng.normal(0.0, 8.0, shape) * np.sqrt(orders)
    minutes = orders * 30.0 + noise
    if slow is not None:
        minutes[0] += orders[0] * slow
    sums = {name: np.zeros(shape) for name in NOTHING}
    squares = np.divide(minutes**2, orders, out=np.zeros(shape), where=orders > 0) + np.maximum(orders - 1, 0) * 64.0
    gone = np.zeros(shape)
    gone[:, 0, 20] = lost
    sums |= {"wanted": orders + gone, "delivered": orders, "door_min": minutes, "door_min2": squares, "lost": gone}
    row = np.eye(zones, k=1, dtype=bool)
    first = date(2026, 3, 1)
    dates = (first, *(first - timedelta(days=k) for k in range(1, days)))
    return Grid(dates, tuple(f"z{k}" for k in range(zones)), 4, sums, None, row | row.T)


def found(grid: Grid) -> list[set[tuple[int, int]]]:
    watch = keep_watch(grid, PARAMETERS)
    return [set(zip(e.zones.tolist(), e.slots.tolist(), strict=True)) for e in episodes_of(watch, misses_on(watch))]


def test_quiet_days_raise_no_episode() -> None:
    assert sum(len(found(a_grid(seed=seed))) for seed in range(60)) <= 1


def test_a_slow_evening_in_two_touching_zones_is_one_episode() -> None:
    slow = np.zeros((5, 24))
    slow[1:3, 14:17] = 15.0

    episodes = found(a_grid(slow=slow))

    assert len(episodes) == 1
    assert {(z, h) for z in (1, 2) for h in (14, 15, 16)} <= episodes[0]
    assert len(episodes[0]) <= 10


def test_zones_that_do_not_touch_miss_apart() -> None:
    slow = np.zeros((5, 24))
    slow[0, 10:13] = 18.0
    slow[4, 10:13] = 18.0

    assert len(found(a_grid(slow=slow))) == 2


def test_a_day_without_history_has_no_delay() -> None:
    slow = np.full((5, 24), 20.0)

    assert found(a_grid(days=1, slow=slow)) == []


def test_what_is_lost_every_day_is_still_where_supply_missed_demand() -> None:
    episodes = found(a_grid(lost=30.0))

    assert episodes == [{(0, 20)}]


def test_a_former_miss_does_not_hide_todays() -> None:
    slow = np.zeros((5, 24))
    slow[2, 12:15] = 15.0
    grid = a_grid(slow=slow)
    grid.of("door_min")[1, 2, 12:15] += 40.0 * grid.of("delivered")[1, 2, 12:15]

    assert found(grid)
    assert not keep_watch(grid, PARAMETERS).ordinary.kept[0, 2, 12:15].any()


def test_the_excess_of_a_usual_day_is_noise_of_the_size_that_is_told() -> None:
    scores = []
    for seed in range(20):
        watch = keep_watch(a_grid(seed=seed), PARAMETERS)
        excess, noise = looks_at(watch, misses_on(watch), day=0)[3]
        scores.append(excess / np.maximum(noise, 1e-9))
    assert np.std(scores) == pytest.approx(1.0, abs=0.1)


def test_riders_missing_from_few_places_weigh_more_than_as_many_from_all() -> None:
    grid = a_grid()
    usual = np.full((9, 5, 24), 10.0)
    few, all_of_them = usual.copy(), usual.copy()
    few[0, 1:3, 14:17] -= 8.0
    all_of_them[0, :, 14:17] -= 3.2
    kept = np.ones((8, 5, 24), dtype=bool)

    def missing(riders: FloatArray, zones: range) -> float:
        at = [(z, h) for z in zones for h in (14, 15, 16)]
        episode = Episode(np.array([z for z, _ in at]), np.array([h for _, h in at]))
        with_riders = replace(grid, riders=riders)
        return riders_missing(with_riders, OrdinaryDay(with_riders, kept), episode)

    assert missing(few, range(1, 3)) > 2 * missing(all_of_them, range(5)) > 0
    assert missing(usual, range(1, 3)) == 0.0


def test_a_slow_kitchen_is_heard_within_a_queue_of_many_more_hours() -> None:
    grid = a_grid(zones=7)
    rng = np.random.default_rng(5)
    orders = grid.of("delivered")
    for name, level, spread in (("kitchen_min", 15.0, 8.0), ("late_min", 2.0, 3.0)):
        minutes = orders * level + rng.normal(0.0, spread, orders.shape) * np.sqrt(orders)
        grid.sums[name] = minutes
        grid.sums[name + "2"] = minutes**2 / np.maximum(orders, 1.0) + np.maximum(orders - 1, 0) * spread**2
    grid.sums["path"] = orders.copy()
    for name in ("service_min", "service_min2", "handover_min", "handover_min2"):
        grid.sums[name] = np.zeros(orders.shape)
    slow = np.zeros((7, 24))
    slow[3, 14:18] = 18.0
    queued = np.zeros((7, 24))
    queued[:, 12:20] = 2.0
    for name, more in (("kitchen_min", slow), ("late_min", queued), ("door_min", slow + queued)):
        grid.of(name)[0] += orders[0] * more

    assert any((3, 15) in cells for cells in found(grid))


def test_hexagons_touch_their_six_neighbours() -> None:
    rows, columns = np.mgrid[0:5, 0:5]
    x, y = columns + 0.5 * (rows % 2), rows * np.sqrt(3) / 2
    near = touching((y * 0.01).ravel(), (x * 0.01).ravel())

    assert near[12].sum() == 6
    assert np.array_equal(near, near.T)
    assert not near.diagonal().any()


def test_zones_without_a_place_touch_none() -> None:
    assert not touching(np.array([np.nan, np.nan]), np.array([np.nan, np.nan])).any()
    assert not touching(np.array([1.0]), np.array([1.0])).any()
    near = touching(np.array([0.0, 0.01, np.nan]), np.array([0.0, 0.0, 0.0]))
    assert near.tolist() == [[False, True, False], [True, False, False], [False, False, False]]
