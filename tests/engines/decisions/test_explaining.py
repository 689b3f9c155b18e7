"""Explanations: the outcome is the interpreter's, every row is accounted for, every change told makes a difference."""

import random
from collections.abc import Callable, Sequence
from itertools import combinations, product
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tiffin.engines.decisions.dmn.plain import plain_cell
from tiffin.engines.decisions.explaining.accounts import Standing, accounts
from tiffin.engines.decisions.explaining.cells import cell_text
from tiffin.engines.decisions.explaining.changes import MAX_WAYS, changes
from tiffin.engines.decisions.explaining.settling import ReadyPolicy, Settled, outputs_of
from tiffin.engines.decisions.feel.evaluating import evaluate_in
from tiffin.engines.decisions.feel.from_python import feel_value
from tiffin.engines.decisions.feel.run import Run
from tiffin.engines.decisions.feel.values import Scope, Value
from tiffin.engines.decisions.feel.writing import literal_of

Draw = Callable[[int], tuple[ReadyPolicy, list[Value]]]
SEEDS = st.integers(0, 10**9)
FEW, MANY = 60, 3_000


@pytest.fixture(scope="module")
def policies(project_root: Path) -> Any:
    """The benchmarks' policies at random, and the liability table."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(project_root / "benchmarks"))
        import drawn_policies as found  # noqa: PLC0415 - from the folder of benchmarks

        return found


@pytest.fixture(scope="module")
def draw(policies: Any) -> Draw:
    """Draw a policy and a case."""

    def drawn(seed: int) -> tuple[ReadyPolicy, list[Value]]:
        chance = random.Random(seed)  # noqa: S311 - cases, not secrets
        ready = ReadyPolicy(policies.drawn(chance))
        return ready, [chance.choice(axis.parts(axis.inside)).sample() for axis in ready.grid.axes]

    return drawn


def outcome(settled: Settled) -> str:
    return "conflict" if settled.conflict else literal_of(settled.value)


def with_values(values: Sequence[Value], changed: dict[int, Value]) -> list[Value]:
    return [changed.get(number, value) for number, value in enumerate(values)]


@settings(max_examples=FEW, deadline=None)
@given(SEEDS)
def test_a_case_is_settled_as_the_interpreter_decides_it(draw: Draw, seed: int) -> None:
    ready, values = draw(seed)

    settled = ready.settle(values)

    scope = Scope(dict(zip(ready.names, values, strict=True)))
    assert literal_of(settled.value) == literal_of(evaluate_in(Run(), ready.policy.table, scope))
    assert settled == ready.settle_rows(values, ready.held(ready.follow(values)))


@settings(max_examples=FEW, deadline=None)
@given(SEEDS)
def test_every_row_is_accounted_for_by_what_decides_or_fails_it(draw: Draw, seed: int) -> None:
    ready, values = draw(seed)
    settled = ready.settle(values)

    found = accounts(ready, ready.follow(values), settled.rows)

    assert [one.row for one in found if one.standing is Standing.DECIDES] == list(settled.rows)
    for one in found:
        tests = dict(zip(ready.names, ready.policy.table.rows[one.row].tests, strict=True))
        failing = [name for name in ready.names if not holds(tests[name], values[ready.names.index(name)])]
        assert failing[:1] == ([one.input] if one.input else [])
        assert (one.standing is Standing.FAILS) == bool(failing)


def holds(tests: Any, value: Value) -> bool:
    return not tests.tests or Run().evaluate(tests, Scope({"?": value})) is True


def a_change_told_is_the_smallest(ready: ReadyPolicy, values: list[Value]) -> None:
    found = changes(ready, ready.grid, values)
    told = {}
    for one in found.others:
        assert 1 <= len(one.ways) <= MAX_WAYS
        assert [way.distance for way in one.ways] == sorted(way.distance for way in one.ways)
        for way in one.ways:
            changed = with_values(values, {step.input: step.value for step in way.steps})
            assert ready.settle(changed) == way.settled
            told[outcome(way.settled)] = len(way.steps)
    assert told == smallest(ready, values)
    assert outcome(ready.settle(values)) not in told


def smallest(ready: ReadyPolicy, values: list[Value]) -> dict[str, int]:
    """Try every change of one input and of two."""
    parts = [[part.sample() for part in axis.parts(axis.inside)] for axis in ready.grid.axes]
    found: dict[str, int] = {outcome(ready.settle(values)): 0}
    for size in (1, 2):
        for inputs in combinations(range(len(parts)), size):
            for new in product(*[parts[number] for number in inputs]):
                changed = with_values(values, dict(zip(inputs, new, strict=True)))
                found.setdefault(outcome(ready.settle(changed)), size)
    return {key: size for key, size in found.items() if size}


@settings(max_examples=FEW, deadline=None)
@given(SEEDS)
def test_no_smaller_change_than_the_one_told_leads_to_an_outcome(draw: Draw, seed: int) -> None:
    a_change_told_is_the_smallest(*draw(seed))


@pytest.mark.full
@settings(max_examples=MANY, deadline=None)
@given(SEEDS)
def test_no_smaller_change_than_the_one_told_leads_to_an_outcome_of_very_many_cases(draw: Draw, seed: int) -> None:
    a_change_told_is_the_smallest(*draw(seed))


@settings(max_examples=FEW, deadline=None)
@given(SEEDS)
def test_a_plain_cell_written_as_feel_is_read_as_the_same_cell(draw: Draw, policies: Any, seed: int) -> None:
    ready, _ = draw(seed)
    for row in ready.policy.table.rows:
        for tests in row.tests:
            plain = plain_cell(tests, {})
            assert plain_cell(policies.cell(cell_text(plain)), {}) == plain


def liability_case(**facts: Value) -> list[Value]:
    usual: dict[str, Value] = {
        "problem": "late", "kitchen_late_min": 25, "rider_late_min": 2, "handover_photo": True, "geofence_met": True,
        "customer_reached": True, "address_changed": False, "weather": "clear", "stacked_orders": 1,
        "basket_minor": 4000, "earlier_claims": 0,
    }  # fmt: skip
    return [feel_value(one) for one in (usual | facts).values()]


def test_the_nearest_value_that_makes_the_difference_is_told_first(policies: Any) -> None:
    ready = ReadyPolicy(policies.liability())

    found = changes(ready, ready.grid, liability_case())

    nearest = {tuple(one.value.values()): one.ways[0] for one in found.others if isinstance(one.value, dict)}
    (step,) = nearest["merchant", 60].steps
    assert (ready.names[step.input], step.value) == ("kitchen_late_min", 20)
    (step,) = nearest["shared", 50].steps
    assert (ready.names[step.input], step.value) == ("rider_late_min", 6)


def test_an_input_that_is_fixed_stays_as_it_is(policies: Any) -> None:
    ready = ReadyPolicy(policies.liability())

    found = changes(ready, ready.grid, liability_case(), fixed=frozenset(["kitchen_late_min"]))

    changed = {ready.names[step.input] for one in found.others for way in one.ways for step in way.steps}
    assert "kitchen_late_min" not in changed
    assert changed


def test_rows_that_are_listed_give_each_output_as_a_list(policies: Any) -> None:
    table = policies.liability().table
    listed = [{"party": "rider", "share": 40}, {"party": "platform", "share": 60}]

    assert outputs_of(table, listed) == {"party": ["rider", "platform"], "share": [40, 60]}
