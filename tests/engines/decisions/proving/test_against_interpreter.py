"""What is found shows in the interpreter: each case is as its finding says, and no other case is faulty."""

import random
from collections.abc import Callable, Iterator, Sequence
from itertools import product
from typing import Any

from tiffin.engines.decisions.dmn.tables import rows_that_hold
from tiffin.engines.decisions.feel.run import Run
from tiffin.engines.decisions.feel.values import Scope, Value
from tiffin.engines.decisions.feel.writing import literal_of
from tiffin.engines.decisions.grids.grid import grids_of
from tiffin.engines.decisions.policy import PolicyTable
from tiffin.engines.decisions.proving.comparing import are_equivalent, differences
from tiffin.engines.decisions.proving.findings import Fault, Finding
from tiffin.engines.decisions.proving.precedence import gap_is_fault
from tiffin.engines.decisions.proving.proof import prove

Answer = Callable[[PolicyTable, Sequence[Value]], Value]
TABLES = range(120)
VERSIONS = range(40)


def draw(drawing: Any, seed: int) -> Any:
    return drawing.drawn(random.Random(seed))  # noqa: S311 - tables, not secrets


def cases(*policies: PolicyTable) -> Iterator[tuple[Value, ...]]:
    """Give a case for each combination of parts that the tables tell apart."""
    axes = grids_of(*policies)[0].axes
    return product(*([atom.sample() for atom in axis.parts(axis.inside)] for axis in axes))


def holding(policy: PolicyTable, case: Sequence[Value]) -> tuple[int, ...]:
    """Give the numbers of the rows that hold and that no tier overrides."""
    held = rows_that_hold(policy.table, case, Scope(policy.parameters), Run())
    return tuple(number for number, row in enumerate(policy.table.rows) if any(row is one for one in held))


def amount(value: Value) -> Value:
    """Give the first output of an outcome; a count has but one."""
    return value["amount"] if isinstance(value, dict) else value


def found(policy: PolicyTable, fault: Fault) -> list[Finding]:
    return [one for one in prove(policy).findings if one.fault is fault]


def test_a_gap_is_found_exactly_where_some_case_has_no_row(drawing: Any) -> None:
    for seed in TABLES:
        policy = draw(drawing, seed).policy
        gaps = found(policy, Fault.GAP)
        assert all(holding(policy, one.case or ()) == () for one in gaps), seed
        missed = gap_is_fault(policy) and any(holding(policy, case) == () for case in cases(policy))
        assert bool(gaps) == missed, seed


def test_rows_that_overlap_do_so_in_the_case_that_is_given(drawing: Any) -> None:
    for seed in TABLES:
        policy = draw(drawing, seed).policy
        for one in found(policy, Fault.OVERLAP):
            assert set(one.rows) <= set(holding(policy, one.case or ())), seed


def test_a_row_that_is_never_masked_decides_some_case_of_a_first_table(drawing: Any) -> None:
    for seed in TABLES:
        policy = draw(drawing, seed).policy
        if policy.table.hit_policy != "FIRST":
            continue
        masked = {one.rows[0] for one in found(policy, Fault.MASKED)}
        deciding = {rows[0] for case in cases(policy) if (rows := holding(policy, case))}
        assert deciding == set(range(len(policy.table.rows))) - masked, seed


def test_two_cases_of_a_broken_order_differ_in_one_input_and_come_out_the_wrong_way(
    drawing: Any, answer: Answer
) -> None:
    shown = 0
    for seed in TABLES:
        drawn = draw(drawing, seed)
        order = drawn.promises[0]
        for one in prove(drawn.policy, (order,)).findings:
            if one.fault is Fault.ORDER:
                assert one.case is not None
                assert one.other is not None
                assert one.case[0] < one.other[0]
                assert one.case[1:] == one.other[1:]
                before, after = (amount(answer(drawn.policy, case)) for case in (one.case, one.other))
                assert (before, after) == one.values
                assert (before > after) == order.rising
                assert before != after
                shown += 1
    assert shown > len(TABLES) // 10


def test_two_versions_differ_exactly_where_some_case_comes_out_otherwise(drawing: Any, answer: Answer) -> None:
    for seed in VERSIONS:
        drawn = draw(drawing, seed)
        before, after = drawn.policy, drawn.other
        regions = list(differences(before, after))
        for one in regions:
            assert literal_of(answer(before, one.case)) != literal_of(answer(after, one.case)), seed
        pairs = ((answer(before, case), answer(after, case)) for case in cases(before, after))
        assert bool(regions) == any(literal_of(one) != literal_of(other) for one, other in pairs), seed
        assert are_equivalent(before, after) == (not regions)
