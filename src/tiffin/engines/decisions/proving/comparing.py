"""What differs between two tables, and whether they mean the same."""

from collections.abc import Iterator, Sequence
from itertools import chain

from tiffin.engines.decisions.feel.faults import FeelFault
from tiffin.engines.decisions.feel.writing import literal_of
from tiffin.engines.decisions.policy import PolicyTable
from tiffin.engines.decisions.proving.bounds import Impossible
from tiffin.engines.decisions.proving.collected import Totals, held_together
from tiffin.engines.decisions.proving.differences import Difference, Outcome, Standing
from tiffin.engines.decisions.proving.limits import case_in, limits_of
from tiffin.engines.decisions.proving.precedence import SEVERAL
from tiffin.engines.decisions.proving.regions import open_regions
from tiffin.engines.decisions.proving.sides import Side, Sides
from tiffin.engines.decisions.proving.spaces import Box, Rows, common, members


def are_equivalent(before: PolicyTable, after: PolicyTable) -> bool:
    """Tell whether two tables decide every case alike.

    Raises
    ------
    NotPlain
        When a cell holds more than plain tests of plain values.
    """
    return next(differences(before, after), None) is None


def differences(before: PolicyTable, after: PolicyTable, never: Sequence[Impossible] = ()) -> Iterator[Difference]:
    """Find the regions in which two tables decide differently; what decides nothing in both is no difference.

    Regions of one pair of rows may have cases in common.

    Parameters
    ----------
    never : Sequence of Impossible
        Cases that cannot be.

    Raises
    ------
    NotPlain
        When a cell holds more than plain tests of plain values.
    TooEntangled
        When rows cut across each other in too many ways to be compared.
    """
    sides = Sides(before, after, never)
    if before.table.hit_policy in SEVERAL or after.table.hit_policy in SEVERAL:
        return _between_sets(sides)
    return chain(_between_rows(sides), _lost(sides, sides.before, sides.after), _lost(sides, sides.after, sides.before))


def _between_rows(sides: Sides) -> Iterator[Difference]:
    """Find where both decide, and give different results."""
    for row in members(sides.before.deciders):
        box = sides.space.cells[row]
        others = sides.after.deciders & ~sides.after.alike(sides.before.key(row))
        for other in members(others & sides.space.meeting(box)):
            both = common(box, sides.space.cells[other])
            blocking = sides.never | sides.before.blocking(row) | sides.after.blocking(other)
            for region in open_regions(sides.space, both, blocking):
                yield _difference(sides, region, sides.before.outcome(row), sides.after.outcome(other))


def _lost(sides: Sides, one: Side, other: Side) -> Iterator[Difference]:
    """Find where one table decides and the other comes to nothing."""
    for row in members(one.deciders):
        for found, region in chain(_gap(sides, one, other, row), _refused(sides, one, other, row)):
            yield _one_sided(sides, region, one, row, found)
    for first, second, box in sides.contradictions(other):
        over = other.overriding(first) | other.overriding(second)
        found = other.nothing(Standing.CONTRADICTION, first, second)
        for row in members(one.deciders & sides.space.meeting(box)):
            here = common(box, sides.space.cells[row])
            for region in open_regions(sides.space, here, sides.never | over | one.blocking(row)):
                yield _one_sided(sides, region, one, row, found)


def _gap(sides: Sides, one: Side, other: Side, row: int) -> Iterator[tuple[Outcome, Box]]:
    if other.subject.has_default:
        return
    here = common(sides.space.cells[row], other.permitted)
    for region in open_regions(sides.space, here, sides.never | one.blocking(row) | other.rows):
        yield other.nothing(Standing.GAP), region


def _refused(sides: Sides, one: Side, other: Side, row: int) -> Iterator[tuple[Outcome, Box]]:
    box = sides.space.cells[row]
    for axis, parts in enumerate(other.permitted):
        outside = (*box[:axis], box[axis] & ~parts, *box[axis + 1 :])
        for region in open_regions(sides.space, outside, sides.never | one.blocking(row)):
            yield other.nothing(Standing.REFUSED), region


def _one_sided(sides: Sides, region: Box, one: Side, row: int, nothing: Outcome) -> Difference:
    pair = (one.outcome(row), nothing) if one is sides.before else (nothing, one.outcome(row))
    return _difference(sides, region, *pair)


def _between_sets(sides: Sides) -> Iterator[Difference]:
    """Find sets of rows that hold together in both and come to different outcomes."""
    totals = {side.start: Totals(side.subject) for side in (sides.before, sides.after)}
    every: Rows = (1 << sides.after.end) - 1 | sides.never
    for held, box in held_together(sides.space, sides.space.inside, every):
        if held & sides.never:
            continue
        before, after = (_of_set(side, totals[side.start], held) for side in (sides.before, sides.after))
        if literal_of(dict(before.values)) != literal_of(dict(after.values)):
            yield _difference(sides, box, before, after)


def _of_set(side: Side, totals: Totals, held: Rows) -> Outcome:
    rows = (held & side.rows) >> side.start
    permitted = held >> (side.end - 1) & 1
    if not permitted:
        return side.nothing(Standing.REFUSED)
    names = [one.name for one in side.subject.policy.table.outputs]
    try:
        found = totals.of(rows)
    except FeelFault:
        return Outcome(Standing.CONTRADICTION, tuple(members(rows)), {})
    counting = tuple(members(totals.counting(rows))) if rows else ()
    if not rows and found is None:
        return Outcome(Standing.GAP, (), {})
    values = found if isinstance(found, dict) else {" ".join(names): found}
    return Outcome(Standing.DECIDED, counting, values)


def _difference(sides: Sides, box: Box, before: Outcome, after: Outcome) -> Difference:
    inputs = tuple(axis.domain.name for axis in sides.axes)
    return Difference(inputs, limits_of(sides.axes, box), case_in(sides.axes, box), before, after)
