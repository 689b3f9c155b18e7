"""Taking orders out and putting them back makes plans cheaper or leaves them as they were."""

from collections.abc import Callable
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from tiffin.engines.simulation.instances.instance import Instance

NOON = 200
KEPT = ("plan", "orders", "trip_of")
"""What tells who brings what in which turn."""


def planned(interpreted: Callable[[str], ModuleType], instance: Instance) -> tuple[ModuleType, Any, Any]:
    """Plan all orders of an instance at once, each where it adds least, in the turn of their numbers."""
    reinserting, plans_of, day_of = (interpreted(f"instances.{name}") for name in ("reinserting", "plans", "day"))
    day = day_of.given(instance)
    plans = plans_of.empty_plans(day, reinserting.chances(), most_out=reinserting.MOST_OUT)
    plans.active[:] = np.arange(len(day.couriers))
    plans.counts[plans_of.ACTIVE] = len(day.couriers)
    for order in range(len(day.orders)):
        assert reinserting.find_place(day, plans, order, 1e9, NOON)
        plans_of.plan(day, plans, order, *plans.found, NOON)
        plans.known[order] = order
        plans.counts[plans_of.KNOWN] += 1
    return reinserting, day, plans


def in_use(plans: Any) -> dict[str, list[object]]:
    """Tell every courier's trips with their orders in turn, and when they were settled."""
    trips = {c: plans.plan[c, : plans.couriers[c].trips] for c in range(len(plans.couriers))}
    told = {c: [tuple(plans.orders[t, : plans.trips[t].count]) for t in of] for c, of in trips.items()}
    return {
        "orders": [told[c] for c in sorted(told)],
        "settled": [[plans.trips[t].settled for t in trips[c]] for c in trips],
    }


def cost(reinserting: ModuleType, day: Any, plans: Any) -> float:
    """Add up what all plans cost."""
    return sum(reinserting.plan_cost(day, plans, c, c, NOON) for c in range(len(plans.couriers)))


@pytest.fixture
def busy_town(instance_of: Callable[..., Instance]) -> Instance:
    """Nine orders that are all known, and three couriers."""
    instance = instance_of(3, orders=9, couriers=3, restaurants=3)
    return Instance(
        **{f: getattr(instance, f) for f in instance.__slots__}
        | {
            "ready_min": NOON + instance.ready_min % 40,
            "placed_min": instance.placed_min % NOON,
            "on_min": np.zeros(3, dtype=np.int64),
            "off_min": np.full(3, 2 * NOON),
        }
    )


def test_plans_cost_less_after_orders_were_put_back_and_none_is_lost(
    interpreted: Callable[[str], ModuleType], busy_town: Instance
) -> None:
    reinserting, day, plans = planned(interpreted, busy_town)
    before = cost(reinserting, day, plans)

    reinserting.reinsert(day, plans, NOON)

    assert cost(reinserting, day, plans) < before - 1
    brought = [order for courier in in_use(plans)["orders"] for trip in courier for order in trip]
    assert sorted(brought) == list(range(9))


def test_orders_that_are_nowhere_better_are_put_back_as_they_were(
    interpreted: Callable[[str], ModuleType], busy_town: Instance
) -> None:
    reinserting, day, plans = planned(interpreted, busy_town)
    before = in_use(plans)

    for first in range(12):
        taken, saved = reinserting._take_out(day, plans, first, NOON + 1)
        brought = reinserting._put_back(day, plans, taken, 0.6 * saved, NOON + 1)
        assert taken > 0
        assert brought < taken
        reinserting._undo(day, plans, taken, brought)

    assert in_use(plans) == before
