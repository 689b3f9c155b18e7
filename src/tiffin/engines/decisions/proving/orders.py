"""Whether worse never costs less: how an output goes as one input grows and all others stay."""

from collections.abc import Iterator, Mapping
from decimal import Decimal

from tiffin.engines.decisions.proving.findings import Fault, Finding, Order
from tiffin.engines.decisions.proving.limits import case_in, limits_of, ordered_parts
from tiffin.engines.decisions.proving.open_cases import open_boxes
from tiffin.engines.decisions.proving.promises import showing
from tiffin.engines.decisions.proving.results import Computed
from tiffin.engines.decisions.proving.spaces import Box, Rows, common, lowest, members
from tiffin.engines.decisions.proving.subjects import Subject


def broken_orders(subject: Subject, promise: Order) -> Iterator[Finding]:
    """Find pairs of rows that decide two cases which differ in one input alone, and go the wrong way.

    Cases in which nothing decides, or a row gives no number, are not compared.
    """
    values = {row: subject.value(row, promise.output) for row in subject.deciders}
    for row, value in values.items():
        if isinstance(value, Computed):
            yield showing(subject, row, Finding(Fault.UNSETTLED, (row,), promise=promise))
    numbers = {row: value for row, value in values.items() if isinstance(value, Decimal)}
    axis = subject.inputs[promise.input]
    comparison = _Comparison(subject, axis)
    beyond = _beyond(numbers, rising=promise.rising)
    for row, value in numbers.items():
        for other in members(beyond[value] & comparison.near(row)):
            pair = comparison.pair(row, other)
            if pair is not None:
                where = tuple(one for one in limits_of(subject.axes, pair[0]) if one.input != axis)
                before, after = (case_in(subject.axes, one) for one in pair)
                yield Finding(Fault.ORDER, (row, other), where, before, after, promise, (value, numbers[other]))


def _beyond(numbers: Mapping[int, Decimal], *, rising: bool) -> dict[Decimal, Rows]:
    """Give, for each value, the rows that may not come after it."""
    by_value: dict[Decimal, Rows] = {}
    for row, value in numbers.items():
        by_value[value] = by_value.get(value, 0) | 1 << row
    found, before = {}, 0
    for value in sorted(by_value, reverse=not rising):
        found[value] = before
        before |= by_value[value]
    return found


class _Comparison:
    """Pairs of cases along one input."""

    def __init__(self, subject: Subject, axis: int) -> None:
        self.subject, self.axis = subject, axis
        self.ordered = ordered_parts(subject.axes[axis])

    def near(self, row: int) -> Rows:
        """Give the rows that hold in some case which differs from one of a row's in this input alone."""
        return self.subject.space.meeting_beside(self.subject.box(row), self.axis)

    def pair(self, row: int, other: int) -> tuple[Box, Box] | None:
        """Find where a row decides and, with all else alike and more of the input, the other one does."""
        low_box, high_box = self.subject.box(row), self.subject.box(other)
        beside = self._at(common(self._at(low_box, -1), self._at(high_box, -1)), -1)
        low, high = low_box[self.axis] & self.ordered, high_box[self.axis] & self.ordered
        if not low or not high or lowest(low) >= high.bit_length() - 1:
            return None
        for over_low, low_part in self._classes(row, beside, low, last=False):
            for over_high, high_part in self._classes(other, beside, high, last=True):
                if low_part < high_part:
                    found = next(self._open(beside, over_low | over_high), None)
                    if found is not None:
                        return self._at(found, 1 << low_part), self._at(found, 1 << high_part)
        return None

    def _open(self, beside: Box, over: Rows) -> Iterator[Box]:
        """Search with this input left out: every row that is given holds at the part that is looked at."""
        return open_boxes(self.subject.space.without(self.axis), beside, over)

    def _classes(self, row: int, beside: Box, parts: int, *, last: bool) -> list[tuple[Rows, int]]:
        """Give the parts between which the rows that block a row differ: of each class, the first or the last one."""
        space = self.subject.space
        over = self.subject.blocking(row) & space.meeting(self._at(beside, parts))
        if not over:
            return [(0, parts.bit_length() - 1 if last else lowest(parts))]
        found: dict[Rows, int] = {}
        for part in members(parts):
            rows = over & space.passed_by(self.axis, 1 << part)
            if last or rows not in found:
                found[rows] = part
        return list(found.items())

    def _at(self, box: Box, parts: int) -> Box:
        """Put parts of this input into a box; -1 for all that may occur."""
        whole = self.subject.inside[self.axis]
        return (*box[: self.axis], whole if parts < 0 else parts, *box[self.axis + 1 :])
