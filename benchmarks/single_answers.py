"""What the single decision says of a case, in the words of SQL: the row or why there is none, then each output."""

from typing import Any

from answer_engines import Case

from tiffin.engines.decisions.dmn.tables import Aggregation, HitPolicy, TableOf, outcome, permits, rows_that_hold
from tiffin.engines.decisions.feel import evaluating  # noqa: F401 - gives the nodes their meaning
from tiffin.engines.decisions.feel.faults import FeelFault
from tiffin.engines.decisions.feel.from_python import feel_value
from tiffin.engines.decisions.feel.run import Run
from tiffin.engines.decisions.feel.values import Scope
from tiffin.engines.decisions.policy import PolicyTable
from tiffin.engines.decisions.sql.precedence import CONTRADICTION, GAP, OUTSIDE

Answer = tuple[Any, ...]


def single_answer(policy: PolicyTable, case: Case) -> tuple[set[int], Answer]:
    """Decide a case by the interpreter.

    Returns
    -------
    rows : set of int
        The codes of which SQL may tell any: where the order of rows does not matter several give the same.
    outputs : tuple
        The value of each output.
    """
    table = policy.table
    scope = Scope({name: feel_value(value) for name, value in case.items()}, Scope(policy.parameters))
    values = [Run().evaluate(one.value, scope) for one in table.inputs]
    width = 1 if table.aggregation is Aggregation.COUNT else len(table.outputs)
    if not all(permits(one, value, scope, Run()) for one, value in zip(table.inputs, values, strict=True)):
        return {OUTSIDE}, (None,) * width
    hits = rows_that_hold(table, values, scope, Run())
    try:
        found = outcome(table, hits, scope, Run())
    except FeelFault:
        return {CONTRADICTION}, (None,) * width
    # Asked whole too, so that what is compared is what the table as an expression says.
    assert _same(Run().evaluate(table, scope), found)  # noqa: S101 - a check of this very script
    given = tuple(found.values()) if isinstance(found, dict) else (found,) * width
    return _codes(table, [table.rows.index(one) for one in hits], scope, given), given


def _codes(table: TableOf, hits: list[int], scope: Scope, given: Answer) -> set[int]:
    if not hits:
        return {GAP}
    numbers = [number + 1 for number, row in enumerate(table.rows) if any(row is table.rows[hit] for hit in hits)]
    if table.hit_policy is HitPolicy.PRIORITY or table.aggregation in (Aggregation.MIN, Aggregation.MAX):
        return {one for one in numbers if _alone(table, one, scope) == given}
    return {numbers[0]}


def _alone(table: TableOf, number: int, scope: Scope) -> Answer:
    return tuple(Run().evaluate(one, scope) for one in table.rows[number - 1].results)


def _same(one: Any, other: Any) -> bool:
    return bool(one == other)
