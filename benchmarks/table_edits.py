"""Edits that somebody may make to a decision table, one at a time: what a regression suite should notice."""

import random
from collections.abc import Iterator, Mapping
from dataclasses import replace
from decimal import Decimal

from drawn_policies import ANYTHING, cell

from tiffin.engines.decisions.dmn.plain import PlainCell, Relation, Within, plain_cell
from tiffin.engines.decisions.dmn.tables import Row, TableOf
from tiffin.engines.decisions.explaining.cells import cell_text
from tiffin.engines.decisions.feel.calendar import Date, from_ordinal
from tiffin.engines.decisions.feel.tree import Constant, Node, Tests
from tiffin.engines.decisions.feel.values import Value
from tiffin.engines.decisions.feel.writing import literal_of
from tiffin.engines.decisions.policy import PolicyTable

FLIPPED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "=": "!=", "!=": "="}
OPENED = {"<": "<=", "<=": "<", ">": ">=", ">=": ">"}

Edit = tuple[str, PolicyTable]
"""What was done, and the table after it."""


def edits(policy: PolicyTable, chance: random.Random) -> Iterator[Edit]:
    """Give every edit of one kind and place; where there is a choice of values, one drawn."""
    for number, row in enumerate(policy.table.rows):
        for column, tests in enumerate(row.tests):
            plain = plain_cell(tests, policy.parameters)
            for kind, one in cell_edits(policy, column, plain, chance):
                yield kind, _with_row(policy, number, _with_cell(row, column, one))
        yield from row_edits(policy, number, chance)


def cell_edits(
    policy: PolicyTable, column: int, plain: PlainCell, chance: random.Random
) -> Iterator[tuple[str, PlainCell]]:
    """Edit a cell in every way that it can be."""
    others = _others(policy, column, plain)
    if not plain.tests:
        cells = [plain_cell(row.tests[column], policy.parameters) for row in policy.table.rows]
        filled = [one for one in dict.fromkeys(cells) if one.tests]
        if filled:
            yield "cell filled", chance.choice(filled)
        return
    yield "cell emptied", PlainCell(())
    yield "negated", plain._replace(negated=not plain.negated)
    for number, test in enumerate(plain.tests):
        for kind, one in test_edits(test):
            yield kind, plain._replace(tests=(*plain.tests[:number], one, *plain.tests[number + 1 :]))
        if len(plain.tests) > 1:
            yield "value removed", plain._replace(tests=(*plain.tests[:number], *plain.tests[number + 1 :]))
        if others and isinstance(test, Relation) and test.operator == "=":
            swapped = Relation("=", chance.choice(others))
            yield "value exchanged", plain._replace(tests=(*plain.tests[:number], swapped, *plain.tests[number + 1 :]))
    if others:
        yield "value added", plain._replace(tests=(*plain.tests, Relation("=", chance.choice(others))))


def test_edits(test: Relation | Within) -> Iterator[tuple[str, Relation | Within]]:
    """Edit one test: its boundaries, its ends, its operator."""
    if isinstance(test, Within):
        for step in (-1, 1):
            for end, value in (("low", test.low), ("high", test.high)):
                moved = _moved(value, step)
                if moved is not None:
                    yield "boundary moved by one", test._replace(**{end: moved})
        yield "end opened or closed", test._replace(low_included=not test.low_included)
        yield "end opened or closed", test._replace(high_included=not test.high_included)
        return
    yield "operator flipped", test._replace(operator=FLIPPED[test.operator])
    if test.operator in OPENED:
        yield "end opened or closed", test._replace(operator=OPENED[test.operator])
    for step in (-1, 1):
        moved = _moved(test.value, step)
        if moved is not None:
            yield "boundary moved by one", test._replace(value=moved)


def row_edits(policy: PolicyTable, number: int, chance: random.Random) -> Iterator[Edit]:
    """Edit a whole row: drop it, put it in twice or elsewhere, give it another result or tier."""
    rows, tiers = policy.table.rows, policy.table.tiers or (0,) * len(policy.table.rows)
    row = rows[number]
    if len(rows) > 1:
        yield (
            "row dropped",
            _with(policy, (*rows[:number], *rows[number + 1 :]), (*tiers[:number], *tiers[number + 1 :])),
        )
        order = list(range(len(rows)))
        order.remove(number)
        order.insert(chance.randrange(len(rows)), number)
        yield "row moved", _with(policy, tuple(rows[one] for one in order), tuple(tiers[one] for one in order))
    yield "row duplicated", _with(policy, (*rows, row), (*tiers, tiers[number]))
    for column, result in enumerate(row.results):
        changed = replace(row, results=(*row.results[:column], _other_result(result), *row.results[column + 1 :]))
        yield "output changed", _with_row(policy, number, changed)
    if len(set(tiers)) > 1:
        yield "tier changed", _with(policy, rows, (*tiers[:number], 1 - tiers[number], *tiers[number + 1 :]))
    else:
        yield "tier changed", _with(policy, rows, (*tiers[:number], 1, *tiers[number + 1 :]))


def _others(policy: PolicyTable, column: int, plain: PlainCell) -> list[Value]:
    """Give the values that other cells of the column name and this one does not."""
    found: Mapping[str, Value] = {
        literal_of(test.value): test.value
        for row in policy.table.rows
        for test in plain_cell(row.tests[column], policy.parameters).tests
        if isinstance(test, Relation) and test.value is not None and not isinstance(test.value, bool)
    }
    own = {literal_of(test.value) for test in plain.tests if isinstance(test, Relation)}
    return [value for key, value in found.items() if key not in own]


def _moved(value: Value, step: int) -> Value:
    if isinstance(value, Decimal):
        return value + step
    return from_ordinal(value.ordinal + step) if isinstance(value, Date) else None


def _other_result(result: Node) -> Node:
    value = result.value if isinstance(result, Constant) else None
    return Constant(value + 1 if isinstance(value, Decimal) else f"another than {value}")


def _with_cell(row: Row, column: int, plain: PlainCell) -> Row:
    tests: Tests = cell(cell_text(plain)) if plain.tests else ANYTHING
    return replace(row, tests=(*row.tests[:column], tests, *row.tests[column + 1 :]))


def _with_row(policy: PolicyTable, number: int, row: Row) -> PolicyTable:
    rows = policy.table.rows
    return _with(policy, (*rows[:number], row, *rows[number + 1 :]), policy.table.tiers)


def _with(policy: PolicyTable, rows: tuple[Row, ...], tiers: tuple[int, ...]) -> PolicyTable:
    table: TableOf = replace(policy.table, rows=rows, tiers=tiers if len(set(tiers)) > 1 else ())
    return replace(policy, table=table)
