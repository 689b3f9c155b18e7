"""Which row goes before which, by the hit policy of a table."""

from collections.abc import Sequence
from functools import cmp_to_key

from tiffin.engines.decisions.dmn.plain import constant
from tiffin.engines.decisions.dmn.tables import Aggregation, HitPolicy, TableOf
from tiffin.engines.decisions.feel.comparing import before, same
from tiffin.engines.decisions.feel.faults import FeelFault
from tiffin.engines.decisions.feel.values import Value
from tiffin.engines.decisions.policy import PolicyTable
from tiffin.engines.decisions.sql.columns import NotPushed
from tiffin.engines.decisions.sql.precedence import Precedence
from tiffin.engines.decisions.sql.results import Results, constant_rows


def precedence_of(policy: PolicyTable, results: Results, *, is_proven: bool) -> Precedence:
    """Order the rows of a table so that the first that holds decides.

    Parameters
    ----------
    is_proven : bool
        No two rows of one tier that say otherwise can hold together: nobody has to look whether they do.

    Raises
    ------
    NotPushed
        When the hit policy rests on results that are computed for each case.
    """
    table = policy.table
    tiers = table.tiers or (0,) * len(table.rows)
    ranks = _ranks(policy, results)
    order = tuple(sorted(range(len(table.rows)), key=lambda one: (-tiers[one], ranks[one], one)))
    if is_proven or table.hit_policy not in (HitPolicy.UNIQUE, HitPolicy.ANY):
        return Precedence(order, tiers)
    if table.hit_policy is HitPolicy.UNIQUE:
        return Precedence(order, tiers, tuple(range(len(order))))
    return Precedence(order, tiers, _alike(constant_rows(results)))


def refuse_lists(table: TableOf) -> None:
    """Refuse a table that gives several values for a case.

    Raises
    ------
    NotPushed
        When its hit policy does, or aggregates without being one that collects.
    """
    if table.aggregation is not None and table.hit_policy is not HitPolicy.COLLECT:
        raise NotPushed(f"A table of hit policy {table.hit_policy} aggregates nothing; leave its aggregation out.")
    lists = (HitPolicy.RULE_ORDER, HitPolicy.OUTPUT_ORDER, HitPolicy.COLLECT)
    if table.hit_policy in lists and table.aggregation is None:
        raise NotPushed(
            f"A table of hit policy {table.hit_policy} gives lists, which columns of both engines do not hold alike; "
            "state an aggregation, or decide its cases singly."
        )


def _ranks(policy: PolicyTable, results: Results) -> list[tuple[int, ...]]:
    table = policy.table
    if table.hit_policy is HitPolicy.PRIORITY:
        constant_rows(results)
        return _priorities(policy)
    if table.aggregation is not None:
        return _sizes(table, results)
    return [()] * len(table.rows)


def _priorities(policy: PolicyTable) -> list[tuple[int, ...]]:
    """Rank rows by the order of the first output's values, then the next one's."""
    table, known = policy.table, policy.parameters
    orders = [[constant(one, known) for one in column.priorities] for column in table.outputs]
    found = [[constant(one, known) for one in row.results] for row in table.rows]
    return [tuple(_rank(value, order) for value, order in zip(row, orders, strict=True)) for row in found]


def _rank(value: Value, order: list[Value]) -> int:
    return next((number for number, one in enumerate(order) if same(value, one)), len(order))


def _sizes(table: TableOf, results: Results) -> list[tuple[int, ...]]:
    """Rank rows by their value where the least or greatest is asked for."""
    rows = constant_rows(results)
    if table.aggregation is not Aggregation.COUNT and any(None in row for row in rows):
        raise NotPushed("A collecting table of which a row gives null comes to null; write a number, or count.")
    if table.aggregation not in (Aggregation.MIN, Aggregation.MAX):
        return [()] * len(rows)
    if len(table.outputs) > 1:
        raise NotPushed("The least or greatest of several outputs may stand in several rows; state one output.")
    sign = 1 if table.aggregation is Aggregation.MIN else -1

    def compare(one: Value, other: Value) -> int:
        return sign * (int(before(other, one)) - int(before(one, other)))

    values = [row[0] for row in rows]
    try:
        ordered = sorted(values, key=cmp_to_key(compare))
    except FeelFault as fault:
        raise NotPushed(f"The least or greatest of the rows' values cannot be told: {fault}") from None
    return [(next(number for number, each in enumerate(ordered) if compare(each, one) == 0),) for one in values]


def _alike(rows: Sequence[tuple[Value, ...]]) -> tuple[int, ...]:
    """Give rows of equal results the same number."""
    found: list[tuple[Value, ...]] = []
    numbers: list[int] = []
    for row in rows:
        known = (n for n, one in enumerate(found) if all(same(a, b) for a, b in zip(one, row, strict=True)))
        numbers.append(next(known, len(found)))
        if numbers[-1] == len(found):
            found.append(row)
    return tuple(numbers)
