"""Instances of the meal delivery routing problem: what becomes of a small one to the minute."""

from dataclasses import replace

import numpy as np
import pytest

from tiffin.engines.simulation.instances.dispatchers import BEST, DISPATCHERS
from tiffin.engines.simulation.instances.instance import Instance
from tiffin.engines.simulation.instances.nearest import nearest_first
from tiffin.engines.simulation.instances.outcome import figures


def test_a_small_instance_comes_to_the_minute(small_instance: Instance) -> None:
    outcome = nearest_first(small_instance)
    measured = figures(small_instance, outcome)

    # o1: told at 13 (12 minutes before ready), there at 14, in hand at 25, away at 27, 4 minutes, handed over at 33.
    # o2: told when free at 35, there at 39, in hand at 41, away at 43, 2 minutes, handed over at 47.
    assert outcome.assigned_min.tolist() == [13, 35]
    assert outcome.arrived_min.tolist() == [14, 39]
    assert outcome.pickup_min.tolist() == [25, 41]
    assert outcome.dropoff_min.tolist() == [33, 47]
    assert measured.click_to_door_min == pytest.approx((23 + 35) / 2)
    assert measured.ready_to_pickup_min == pytest.approx((0 + 11) / 2)
    assert measured.cost_per_order == pytest.approx(max(20.0, 15.0) / 2)
    assert measured.overage_min == 0.0
    # Placed, offered, picked up, dropped off and courier free for each order; the courier comes and goes.
    assert outcome.events == 2 * 5 + 2


def test_who_plans_brings_both_orders_of_a_restaurant_together(small_instance: Instance) -> None:
    outcome = DISPATCHERS[BEST](small_instance)

    # In hand at 30 when both are ready, away at 32; to o2 2 minutes, handed over at 36, away at 38; to o1 4 minutes.
    # The other way about o1 would come at 38 and o2 at 46.
    assert outcome.trip.tolist() == [1, 1]
    assert outcome.pickup_min.tolist() == [30, 30]
    assert outcome.dropoff_min.tolist() == [44, 36]


@pytest.mark.parametrize("policy", ["rolling", "bundling", "planning"])
def test_nobody_sets_out_before_he_must(small_instance: Instance, policy: str) -> None:
    alone = replace(small_instance, placed_min=np.array([10, 400]), ready_min=np.array([25, 410]))
    outcome = DISPATCHERS[policy](alone)

    assert (outcome.departed_min[0], outcome.arrived_min[0], outcome.pickup_min[0]) == (22, 23, 25)


@pytest.mark.parametrize("policy", DISPATCHERS)
def test_nobody_picks_up_after_his_shift(small_instance: Instance, policy: str) -> None:
    early = replace(small_instance, off_min=np.array([29]))
    outcome = DISPATCHERS[policy](early)

    assert outcome.dropoff_min.tolist() == [33, -1]
    assert figures(early, outcome).undelivered_share == 0.5


@pytest.mark.parametrize("policy", DISPATCHERS)
def test_an_instance_without_orders_comes_to_nothing(small_instance: Instance, policy: str) -> None:
    nothing, none = np.array([]), np.array([], dtype=np.int64)
    empty = replace(
        small_instance, order_ids=(), order_x=nothing, order_y=nothing, placed_min=none, ready_min=none, restaurant=none
    )

    assert figures(empty, DISPATCHERS[policy](empty)).undelivered_share == 0.0
