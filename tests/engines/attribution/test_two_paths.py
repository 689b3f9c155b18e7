from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tiffin.engines.attribution.two_paths import Pickups, dispatch_follows_kitchen, split_pickups


def pickups(seed: int, *, kitchen: float = 12.0, wait: float = 4.0, ride: float = 5.0, orders: int = 400) -> Pickups:
    rng = np.random.default_rng(seed)
    return Pickups(*(rng.gamma(9.0, mean / 9.0, orders) for mean in (kitchen, wait, ride, 2.0)))


@given(st.integers(0, 1000), st.floats(5, 30), st.floats(1, 30), st.floats(1, 20))
def test_paths_add_up_to_the_change_of_the_mean(seed: int, kitchen: float, wait: float, ride: float) -> None:
    usual, actual = pickups(seed), pickups(seed + 1, kitchen=kitchen, wait=wait, ride=ride)
    split = split_pickups(usual=usual, actual=actual)
    back = split_pickups(usual=actual, actual=actual)
    assert abs(back.total) < 0.2
    assert abs(split.total - (actual.picked_up.mean() - usual.picked_up.mean())) < 0.5


def test_a_slow_kitchen_is_the_kitchens() -> None:
    split = split_pickups(usual=pickups(1), actual=pickups(2, kitchen=25.0))
    assert split.kitchen > 0.9 * split.total


def test_a_long_wait_hidden_behind_the_kitchen_costs_nothing() -> None:
    calm = pickups(1, kitchen=60.0, orders=2000)
    split = split_pickups(usual=calm, actual=pickups(2, kitchen=60.0, wait=8.0, orders=2000))
    assert abs(split.wait) < 0.1


def test_a_queue_is_the_waits() -> None:
    split = split_pickups(usual=pickups(1), actual=pickups(2, wait=25.0))
    assert split.wait > 0.9 * split.total


def test_a_dispatcher_that_times_riders_to_the_food_does_not_share_the_kitchens_blame() -> None:
    def timed(seed: int, kitchen: float, queue: float = 0.0) -> Pickups:
        rng = np.random.default_rng(seed)
        food = rng.gamma(9.0, kitchen / 9.0, 3000)
        lead = rng.normal(4.0, 1.0, 3000)
        wait = np.maximum(0.0, food - lead) + queue * rng.random(3000)
        return Pickups(food, wait, rng.gamma(9.0, 4.0 / 9.0, 3000), rng.gamma(9.0, 2.0 / 9.0, 3000))

    assert dispatch_follows_kitchen(timed(1, 15.0)) > 0.9
    slow = split_pickups(usual=timed(1, 15.0), actual=timed(2, 25.0))
    assert slow.kitchen > 0.95 * slow.total
    queue = split_pickups(usual=timed(1, 15.0), actual=timed(2, 15.0, queue=20.0))
    assert queue.wait > 0.95 * queue.total


def test_a_late_rider_still_has_to_walk_in_and_that_is_the_queues() -> None:
    def walked_in(seed: int, wait: float) -> Pickups:
        made = pickups(seed, kitchen=15.0, wait=wait, orders=3000)
        return Pickups(made.kitchen, made.wait, made.ride, np.where(made.lateness > 0, 3.0, 1.0))

    split = split_pickups(usual=walked_in(1, 8.0), actual=walked_in(2, 25.0))

    assert abs(split.service) < 0.1
    assert split.wait > 0.9 * split.total


def test_slower_service_at_the_same_lateness_is_service() -> None:
    usual, actual = pickups(1, orders=3000), pickups(2, orders=3000)
    slow = Pickups(actual.kitchen, actual.wait, actual.ride, actual.service + 4.0)

    split = split_pickups(usual=usual, actual=slow)

    assert abs(split.service - 4.0) < 0.2
    assert split.service > 0.9 * split.total


def test_riders_wait_longer_at_slow_kitchens_only_when_they_are_sent_at_once() -> None:
    assert split_pickups(usual=pickups(1), actual=pickups(2, kitchen=25.0)).idle > 5
    assert abs(split_pickups(usual=pickups(1), actual=pickups(2, wait=25.0)).idle) < 0.5


def test_a_handful_of_orders_shows_no_slope() -> None:
    assert dispatch_follows_kitchen(pickups(1, orders=4)) == 0.0


def test_what_taking_several_orders_at_once_takes_longer_is_the_queues_and_not_the_counters() -> None:
    usual, actual = (pickups(seed, orders=2000) for seed in (1, 2))
    few, many = (np.arange(2000) % 10 >= share for share in (1, 4))
    before = Pickups(usual.kitchen, usual.wait, usual.ride, np.where(few, 2.0, 4.0), alone=few)
    after = Pickups(actual.kitchen, actual.wait, actual.ride, np.where(many, 2.0, 4.0), alone=many)

    found = split_pickups(usual=before, actual=after)
    unknown = split_pickups(usual=replace(before, alone=None), actual=replace(after, alone=None))

    assert found.service == pytest.approx(0.0, abs=1e-9)
    assert unknown.service == pytest.approx(0.6, abs=0.1)
    assert found.total == pytest.approx(unknown.total, abs=0.2)


def test_what_handing_over_to_late_riders_takes_is_learned_from_the_few_whom_a_large_city_usually_has() -> None:
    def of_a_city(late: int, orders: int) -> Pickups:
        come_late = np.arange(orders) < late
        ride = np.where(come_late, 8.0, 3.0) + np.arange(orders) / orders
        return Pickups(np.full(orders, 12.0), np.full(orders, 5.0), ride, np.where(come_late, 4.0, 2.0))

    split = split_pickups(usual=of_a_city(20, 40_000), actual=of_a_city(4000, 16_000))

    assert abs(split.service) < 0.05 * split.total
