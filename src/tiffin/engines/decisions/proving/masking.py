"""Rows that can never decide, and values that never come."""

from collections.abc import Iterator

from tiffin.engines.decisions.dmn.plain import is_constant
from tiffin.engines.decisions.dmn.tables import OutputColumn
from tiffin.engines.decisions.feel.comparing import same
from tiffin.engines.decisions.feel.evaluating import evaluate_in
from tiffin.engines.decisions.feel.run import Run
from tiffin.engines.decisions.feel.tree import ListOf, RangeOf, Test
from tiffin.engines.decisions.feel.values import Scope, Value
from tiffin.engines.decisions.proving.findings import Fault, Finding, Unused
from tiffin.engines.decisions.proving.open_cases import is_open
from tiffin.engines.decisions.proving.spaces import Rows, lowest, members
from tiffin.engines.decisions.proving.subjects import Subject

_FEW = 24
"""Rows that are tried one by one to name only those that mask a row together."""


def masked_rows(subject: Subject) -> Iterator[Finding]:
    """Find rows that hold in no case that may occur, or only where others override them.

    A row that is kept from deciding by a contradiction alone is an overlap, and not named here. Rows of one id are one
    to whoever wrote them, such as copies for places whose parameters differ: it is named where none of them decides.
    """
    copies: dict[str, list[int]] = {}
    for number, name in enumerate(subject.policy.row_ids):
        copies.setdefault(name, []).append(number)
    for rows in copies.values():
        if not any(is_open(subject.space, subject.box(row), subject.overriding(row)) for row in rows):
            yield Finding(Fault.MASKED, (rows[0], *_those_that_mask(subject, rows[0], subject.overriding(rows[0]))))


def _those_that_mask(subject: Subject, row: int, over: Rows) -> list[int]:
    box = subject.box(row)
    if not all(box):
        return []
    near = over & subject.space.meeting(box)
    if alone := subject.space.covering(box, near):
        return [row for row in (lowest(alone),) if row < subject.count]
    for one in members(near) if near.bit_count() <= _FEW else ():
        if not is_open(subject.space, box, near & ~(1 << one)):
            near &= ~(1 << one)
    return list(members(near & subject.rows))


def unreachable_values(subject: Subject) -> Iterator[Finding]:
    """Find values that an output may have and that come in no case, where its values are listed one by one."""
    if subject.policy.table.aggregation is not None:
        return
    decides: dict[int, bool] = {}
    for number, column in enumerate(subject.policy.table.outputs):
        given = [(row, subject.results[row].values[number]) for row in subject.deciders]
        if subject.computed(column.name):
            continue
        for value in _listed(subject, column):
            rows = [row for row, one in given if same(one, value)]
            if not any(_decides(subject, row, decides) for row in rows):
                yield Finding(Fault.UNREACHABLE, tuple(rows), promise=Unused(column.name, value))


def _decides(subject: Subject, row: int, known: dict[int, bool]) -> bool:
    if row not in known:
        known[row] = next(subject.decided(row), None) is not None
    return known[row]


def _listed(subject: Subject, column: OutputColumn) -> list[Value]:
    """Give the values that a column lists; ranges list none."""
    tests = () if column.allowed is None or column.allowed.negated else column.allowed.tests
    nodes = [one.value for one in tests if isinstance(one, Test) and not isinstance(one.value, RangeOf)]
    single = [one for node in nodes for one in (node.items if isinstance(node, ListOf) else (node,))]
    scope = Scope(subject.policy.parameters)
    return [evaluate_in(Run(), one, scope) for one in single if is_constant(one, subject.policy.parameters)]
