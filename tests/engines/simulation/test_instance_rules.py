"""Every solution keeps every rule, whoever dispatches; and a solution that breaks one is found out."""

from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tiffin.engines.simulation.instances.checking import Rule, violations
from tiffin.engines.simulation.instances.dispatchers import DISPATCHERS
from tiffin.engines.simulation.instances.instance import Instance
from tiffin.engines.simulation.instances.outcome import Outcome
from tiffin.engines.simulation.instances.solution import Solution, solution_of

days = st.fixed_dictionaries(
    {
        "seed": st.integers(0, 2**31),
        "orders": st.integers(1, 60),
        "couriers": st.integers(1, 12),
        "restaurants": st.integers(1, 8),
    }
)
law = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.mark.parametrize("policy", DISPATCHERS)
@law
@given(day=days)
def test_every_solution_keeps_every_rule(
    instance_of: Callable[..., Instance], policy: str, day: dict[str, int]
) -> None:
    instance = instance_of(**day)

    assert violations(instance, solution_of(instance, DISPATCHERS[policy](instance))) == ()


@pytest.mark.parametrize("policy", DISPATCHERS)
@law
@given(day=days)
def test_no_order_is_lost_or_brought_twice_and_nobody_is_in_two_places(
    instance_of: Callable[..., Instance], policy: str, day: dict[str, int]
) -> None:
    instance = instance_of(**day)
    outcome = DISPATCHERS[policy](instance)
    brought = outcome.courier >= 0
    stages = [instance.placed_min, outcome.departed_min, outcome.arrived_min, outcome.pickup_min, outcome.dropoff_min]

    for before, after in pairwise(stages):
        assert (before[brought] <= after[brought]).all() or before is instance.placed_min
    assert (outcome.assigned_min[brought] >= instance.placed_min[brought]).all()
    assert all((stage[~brought] == -1).all() for stage in (outcome.trip, *stages[1:]))
    for courier in range(len(instance.courier_ids)):
        assert _follow_one_another(instance, outcome, np.flatnonzero(outcome.courier == courier))


def _follow_one_another(instance: Instance, outcome: Outcome, orders: np.ndarray) -> bool:
    """Tell whether a courier's trips do not overlap: he sets out again only after the last hand-over."""
    trips = {int(outcome.trip[order]) for order in orders}
    spans = sorted(
        (
            outcome.departed_min[orders][outcome.trip[orders] == t].min(),
            outcome.dropoff_min[orders][outcome.trip[orders] == t].max(),
        )
        for t in trips
    )
    rest = instance.dropoff_min - instance.dropoff_min // 2
    return all(left >= ended + rest for (_, ended), (left, _) in pairwise(spans))


@law
@given(day=days, policy=st.sampled_from(list(DISPATCHERS)))
def test_the_same_instance_gives_the_same_bytes(
    instance_of: Callable[..., Instance], policy: str, day: dict[str, int]
) -> None:
    first, second = (solution_of(i, DISPATCHERS[policy](i)) for i in (instance_of(**day), instance_of(**day)))

    assert first == second


@law
@given(day=days, policy=st.sampled_from(list(DISPATCHERS)), cut=st.integers(0, 300))
def test_nothing_is_decided_before_it_is_known(
    instance_of: Callable[..., Instance], policy: str, day: dict[str, int], cut: int
) -> None:
    """What becomes known later changes nothing of what was done before: whoever set out did so without it."""
    instance = instance_of(**day)
    known = np.flatnonzero(instance.placed_min <= cut)
    outcome = DISPATCHERS[policy](instance)
    without = DISPATCHERS[policy](_only(instance, known))

    settled = outcome.pickup_min[known]
    earlier = (settled >= 0) & (settled <= cut) & (outcome.assigned_min[known] <= cut)
    for column in ("courier", "departed_min", "pickup_min", "dropoff_min"):
        assert (getattr(outcome, column)[known][earlier] == getattr(without, column)[earlier]).all()


def _only(instance: Instance, orders: np.ndarray) -> Instance:
    return replace(
        instance,
        order_ids=tuple(instance.order_ids[order] for order in orders),
        order_x=instance.order_x[orders],
        order_y=instance.order_y[orders],
        placed_min=instance.placed_min[orders],
        ready_min=instance.ready_min[orders],
        restaurant=instance.restaurant[orders],
    )


Broken = tuple[Instance, Solution]


def _assignment(instance: Instance, solution: Solution, **changes: object) -> Broken:
    first, *others = solution.assignments
    return instance, replace(solution, assignments=(replace(first, **changes), *others))


def _delivery(instance: Instance, solution: Solution, **changes: object) -> Broken:
    first, *others = solution.deliveries
    return instance, replace(solution, deliveries=(replace(first, **changes), *others))


def _move(instance: Instance, solution: Solution, number: int, **changes: object) -> Broken:
    moves = list(solution.moves)
    moves[number] = replace(moves[number], **changes)
    return instance, replace(solution, moves=tuple(moves))


def _instance(instance: Instance, solution: Solution, **changes: object) -> Broken:
    return replace(instance, **changes), solution


PLANTED: dict[Rule, Callable[[Instance, Solution], Broken]] = {
    Rule.ONCE: lambda i, s: (i, replace(s, assignments=s.assignments * 2)),
    Rule.KNOWN: lambda i, s: _assignment(i, s, assigned_min=11),
    Rule.IN_SHIFT: lambda i, s: _instance(i, s, off_min=np.array([29])),
    Rule.READY: lambda i, s: _assignment(i, s, pickup_min=29),
    Rule.SEQUENCE: lambda i, s: _assignment(i, s, orders=s.assignments[0].orders[::-1]),
    Rule.CONTINUOUS: lambda i, s: _move(i, s, 1, origin="o1"),
    Rule.IN_TIME: lambda i, s: _move(i, s, 2, departed_min=32),
    Rule.AT_CUSTOMER: lambda i, s: _delivery(i, s, dropoff_min=37),
    Rule.AT_RESTAURANT: lambda i, s: _assignment(i, s, pickup_min=33),
    Rule.ONE_RESTAURANT: lambda i, s: _instance(
        i,
        s,
        restaurant=np.array([1, 0]),
        restaurant_ids=("r1", "r2"),
        restaurant_x=np.zeros(2),
        restaurant_y=np.zeros(2),
    ),
    Rule.PICKUP_SERVICE: lambda i, s: _move(i, s, 1, departed_min=31),
    Rule.DROPOFF_SERVICE: lambda i, s: _delivery(i, s, dropoff_min=43),
    Rule.CAUSE: lambda i, s: _instance(i, s, placed_min=np.array([29, 29])),
    Rule.SAME: lambda i, s: _delivery(i, s, ready_min=24),
}


@pytest.mark.parametrize("rule", Rule)
def test_a_planted_violation_of_each_rule_is_found(small_instance: Instance, rule: Rule) -> None:
    solution = solution_of(small_instance, DISPATCHERS["planning"](small_instance))
    broken = violations(*PLANTED[rule](small_instance, solution))

    assert violations(small_instance, solution) == ()
    assert rule in {violation.rule for violation in broken}


def test_a_stranger_is_named(small_instance: Instance) -> None:
    solution = solution_of(small_instance, DISPATCHERS["planning"](small_instance))
    _, other = _assignment(small_instance, solution, courier="c9")

    assert [(v.rule, v.who) for v in violations(small_instance, other)] == [(Rule.SAME, "c9")]
