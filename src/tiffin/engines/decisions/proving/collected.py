"""Promises of tables that add up, count or choose among rows: judged by all sets of rows that hold together."""

from collections.abc import Iterator
from decimal import Decimal

from tiffin.engines.decisions.dmn.tables import outcome
from tiffin.engines.decisions.feel.run import Run
from tiffin.engines.decisions.feel.values import Scope, Value
from tiffin.engines.decisions.proving.diagrams import Diagram, Node
from tiffin.engines.decisions.proving.findings import Fault, Finding, Law, Order
from tiffin.engines.decisions.proving.limits import case_in, limits_of, ordered_parts
from tiffin.engines.decisions.proving.spaces import Box, Rows, Space, common, members
from tiffin.engines.decisions.proving.subjects import Subject


def held_together(space: Space, box: Box, rows: Rows) -> Iterator[tuple[Rows, Box]]:
    """Give each set of rows that hold together and alone in some cases of a box, with one box of such cases.

    Raises
    ------
    TooEntangled
        When the space has been searched for too long.
    """
    met = list(members(rows & space.meeting(box))) if all(box) else []
    if not all(box):
        return
    diagram = Diagram([common(space.cells[row], box) for row in met], box)
    seen: set[Node] = set()
    waiting = [(diagram.root, box)]
    while waiting:
        start, part = waiting.pop()
        node, _ = diagram.reduced(*start)
        if node in seen:
            continue
        seen.add(node)
        space.spend(node.live.bit_count() + len(node.axes) + 1)
        if node.axes:
            waiting.extend(diagram.branches(node, part))
        else:
            yield sum(1 << met[row] for row in members(node.live)), part


def _possible(subject: Subject, space: Space, box: Box) -> Iterator[tuple[Rows, Box]]:
    """Leave out the cases that cannot be."""
    every = held_together(space, box, subject.rows | subject.never)
    return ((rows, part) for rows, part in every if not rows & subject.never)


def unlawful_totals(subject: Subject, promise: Law, bound: Box) -> Iterator[Finding]:
    """Find sets of rows that hold together where a law binds, and come to less than it asks or more than it allows."""
    if subject.computed(promise.output):
        yield Finding(Fault.UNSETTLED, promise=promise)
        return
    totals = Totals(subject, promise.output)
    for rows, box in _possible(subject, subject.space, bound):
        value = totals.of(rows)
        if (rows or subject.has_default) and not promise.permits(value):
            where, case = subject.shown(box)
            yield Finding(Fault.LAW, totals.named(rows), where, case, promise=promise, values=(value,))


def broken_totals(subject: Subject, promise: Order) -> Iterator[Finding]:
    """Find two cases which differ in one input alone and whose totals go the wrong way."""
    if subject.computed(promise.output):
        yield Finding(Fault.UNSETTLED, promise=promise)
        return
    axis = subject.inputs[promise.input]
    totals = Totals(subject, promise.output)
    space = subject.space.without(axis)
    for rows, box in held_together(space, subject.inside, subject.rows | subject.never):
        yield from _along(subject, promise, totals, rows, box)


def _along(subject: Subject, promise: Order, totals: "Totals", rows: Rows, box: Box) -> Iterator[Finding]:
    """Go along the input, all else alike, and compare each total with the farthest one before."""
    axis = subject.inputs[promise.input]
    farthest: tuple[Decimal, Rows, Box] | None = None
    for part in members(subject.inside[axis] & ordered_parts(subject.axes[axis])):
        held = rows & subject.space.passed_by(axis, 1 << part)
        if held & subject.never:
            continue
        value = totals.of(held)
        if not isinstance(value, Decimal):
            continue
        here = (*box[:axis], 1 << part, *box[axis + 1 :])
        if farthest is None or (value > farthest[0] if promise.rising else value < farthest[0]):
            farthest = (value, held, here)
        elif value != farthest[0]:
            where = tuple(one for one in limits_of(subject.axes, here) if one.input != axis)
            before, after = (case_in(subject.axes, one) for one in (farthest[2], here))
            named = (*totals.named(farthest[1]), *totals.named(held))
            yield Finding(Fault.ORDER, named, where, before, after, promise, (farthest[0], value))
            return


class Totals:
    """What rows that hold together come to."""

    def __init__(self, subject: Subject, output: str = "") -> None:
        self.subject, self.output = subject, output
        self.known: dict[Rows, Value] = {}

    def of(self, rows: Rows) -> Value:
        """Give the outcome of an output where exactly some rows hold; of all outputs where none is named."""
        if rows not in self.known:
            self.known[rows] = self._of(rows)
        return self.known[rows]

    def named(self, rows: Rows) -> tuple[int, ...]:
        """Give the numbers of the rows that count, or that of the default."""
        return tuple(members(self.counting(rows))) or (self.subject.count,)

    def counting(self, rows: Rows) -> Rows:
        """Leave those of the highest tier."""
        tiers = self.subject.precedence.tiers
        highest = max((tiers[row] for row in members(rows)), default=0)
        return sum(1 << row for row in members(rows) if tiers[row] == highest)

    def _of(self, rows: Rows) -> Value:
        policy = self.subject.policy
        hits = [policy.table.rows[row] for row in members(self.counting(rows))]
        found = outcome(policy.table, hits, Scope(policy.parameters), Run())
        return found[self.output] if isinstance(found, dict) and self.output else found
