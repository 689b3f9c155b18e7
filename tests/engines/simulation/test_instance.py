"""Instances of the meal delivery routing problem under its own rules, checked without knowing the solver."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tiffin.engines.simulation.instance import Instance, Outcome, figures, solve

SMALL = Instance(
    order_ids=("o1", "o2"),
    order_x=np.array([1000.0, 0.0]),
    order_y=np.array([0.0, 640.0]),
    placed_min=np.array([10, 12]),
    ready_min=np.array([25, 30]),
    restaurant=np.array([0, 0]),
    courier_ids=("c1",),
    courier_x=np.array([0.0]),
    courier_y=np.array([320.0]),
    on_min=np.array([0]),
    off_min=np.array([60]),
    restaurant_ids=("r1",),
    restaurant_x=np.array([0.0]),
    restaurant_y=np.array([0.0]),
    metres_per_minute=320.0,
    pickup_min=4,
    dropoff_min=4,
    target_min=40,
    maximum_min=90,
    pay_per_order=10.0,
    guarantee_per_hour=15.0,
)


def infeasibilities(instance: Instance, outcome: Outcome) -> list[str]:
    """List what breaks the rules of Reyes et al. (2018), section 3."""
    broken = []
    for courier in range(len(instance.courier_ids)):
        x, y = instance.courier_x[courier], instance.courier_y[courier]
        free = instance.on_min[courier]
        for order in sorted(np.flatnonzero(outcome.courier == courier), key=lambda o: outcome.assigned_min[o]):
            told, pickup, drop = (m[order] for m in (outcome.assigned_min, outcome.pickup_min, outcome.dropoff_min))
            at = instance.restaurant[order]
            rx, ry = instance.restaurant_x[at], instance.restaurant_y[at]
            arrival = told + ride(instance, x - rx, y - ry)
            checks = {
                "known before it was placed": told >= instance.placed_min[order],
                "told while busy or off": told >= free,
                "picked up too early": pickup == max(instance.ready_min[order], arrival + instance.pickup_min // 2),
                "picked up after off-time": pickup <= instance.off_min[courier],
                "dropped off at another time": drop
                == pickup
                + instance.pickup_min // 2
                + ride(instance, rx - instance.order_x[order], ry - instance.order_y[order])
                + instance.dropoff_min // 2,
            }
            broken += [f"{instance.order_ids[order]}: {rule}" for rule, held in checks.items() if not held]
            free = drop + instance.dropoff_min // 2
            x, y = instance.order_x[order], instance.order_y[order]
    return broken


def ride(instance: Instance, east: float, north: float) -> int:
    return int(np.ceil(np.hypot(east, north) / instance.metres_per_minute - 1e-9))


def test_a_small_instance_comes_to_the_minute() -> None:
    outcome = solve(SMALL)
    measured = figures(SMALL, outcome)

    # o1: told at 13 (12 minutes before ready), there at 14, in hand at 25, away at 27, 4 minutes, handed over at 33.
    # o2: told when free at 35, there at 39, in hand at 41, away at 43, 2 minutes, handed over at 47.
    assert outcome.assigned_min.tolist() == [13, 35]
    assert outcome.pickup_min.tolist() == [25, 41]
    assert outcome.dropoff_min.tolist() == [33, 47]
    assert measured.click_to_door_min == pytest.approx((23 + 35) / 2)
    assert measured.ready_to_pickup_min == pytest.approx((0 + 11) / 2)
    assert measured.cost_per_order == pytest.approx(max(20.0, 15.0) / 2)
    assert measured.overage_min == 0.0


def test_nobody_picks_up_after_his_shift() -> None:
    outcome = solve(replace(SMALL, off_min=np.array([40])))

    assert outcome.dropoff_min.tolist() == [33, -1]
    assert figures(SMALL, outcome).undelivered_share == 0.5


def test_an_instance_without_orders_comes_to_nothing() -> None:
    nothing = np.array([])
    none = np.array([], dtype=np.int64)
    empty = replace(
        SMALL, order_ids=(), order_x=nothing, order_y=nothing, placed_min=none, ready_min=none, restaurant=none
    )

    assert figures(empty, solve(empty)).undelivered_share == 0.0


def random_instance(rng: Any, orders: int, couriers: int, restaurants: int) -> Instance:
    placed = np.sort(rng.integers(0, 300, orders))
    on = rng.integers(0, 200, couriers)
    return replace(
        SMALL,
        order_ids=tuple(f"o{n}" for n in range(orders)),
        order_x=rng.uniform(0, 8000, orders).round(),
        order_y=rng.uniform(0, 8000, orders).round(),
        placed_min=placed,
        ready_min=placed + rng.integers(0, 40, orders),
        restaurant=rng.integers(0, restaurants, orders),
        courier_ids=tuple(f"c{n}" for n in range(couriers)),
        courier_x=rng.uniform(0, 8000, couriers).round(),
        courier_y=rng.uniform(0, 8000, couriers).round(),
        on_min=on,
        off_min=on + rng.integers(30, 240, couriers),
        restaurant_ids=tuple(f"r{n}" for n in range(restaurants)),
        restaurant_x=rng.uniform(0, 8000, restaurants).round(),
        restaurant_y=rng.uniform(0, 8000, restaurants).round(),
    )


@settings(max_examples=60, deadline=None)
@given(
    seed=st.integers(0, 2**31),
    orders=st.integers(1, 60),
    couriers=st.integers(1, 12),
    restaurants=st.integers(1, 8),
)
def test_every_solution_keeps_the_rules(seed: int, orders: int, couriers: int, restaurants: int) -> None:
    instance = random_instance(np.random.default_rng(seed), orders, couriers, restaurants)

    assert infeasibilities(instance, solve(instance)) == []


def test_the_checker_sees_what_is_wrong() -> None:
    outcome = solve(SMALL)

    assert infeasibilities(SMALL, replace(outcome, pickup_min=outcome.pickup_min - 1))
