"""Replications: the same days for all policies, and intervals that hold as often as they say."""

from collections.abc import Callable
from dataclasses import fields

import numpy as np

from tiffin.engines.simulation.instances.bundling import bundling
from tiffin.engines.simulation.instances.instance import Instance
from tiffin.engines.simulation.instances.nearest import nearest_first
from tiffin.engines.simulation.instances.replications import interval, redrawn, replicate
from tiffin.engines.simulation.streams import Stream


def test_policies_meet_the_same_days_whoever_else_is_compared(instance_of: Callable[..., Instance]) -> None:
    instance = instance_of(3, orders=40, couriers=6, restaurants=5)
    both = replicate(instance, [nearest_first, bundling], replications=5, seed=1)
    alone = replicate(instance, [bundling], replications=5, seed=1)

    assert both["click_to_door_min"][1].tobytes() == alone["click_to_door_min"][0].tobytes()


def test_the_first_days_are_the_same_however_many_follow(instance_of: Callable[..., Instance]) -> None:
    instance = instance_of(3, orders=40, couriers=6, restaurants=5)
    few, many = (replicate(instance, [nearest_first], replications=n, seed=1) for n in (3, 9))

    assert (many["cost_per_order"][:, :3] == few["cost_per_order"]).all()
    assert len(set(many["click_to_door_min"][0])) > 5


def test_a_redrawn_order_is_one_of_the_day_but_for_its_minute(instance_of: Callable[..., Instance]) -> None:
    instance = instance_of(4, orders=200, couriers=6, restaurants=5)
    day = redrawn(instance, Stream.of_seed(2), tuple(f"n{number}" for number in range(200)))
    there = np.stack([instance.order_x, instance.order_y])
    of = np.array(
        [np.flatnonzero((there == [[x], [y]]).all(axis=0))[0] for x, y in zip(day.order_x, day.order_y, strict=True)]
    )

    assert (np.abs(day.placed_min - instance.placed_min[of]) <= 15).all()
    assert (day.ready_min - day.placed_min == (instance.ready_min - instance.placed_min)[of]).all()
    assert (day.restaurant == instance.restaurant[of]).all()
    assert 100 < len(set(of)) < 160
    kept = [f.name for f in fields(Instance) if f.name.startswith(("courier", "restaurant_", "on_", "off_"))]
    assert all(np.array_equal(getattr(day, name), getattr(instance, name)) for name in kept)


def test_an_interval_holds_the_truth_in_nineteen_cases_of_twenty() -> None:
    samples = np.random.default_rng(1).normal(7.0, 3.0, (4000, 12))
    found = [interval(sample) for sample in samples]
    held = np.mean([one.low <= 7.0 <= one.high for one in found])

    assert 0.94 < held < 0.96
