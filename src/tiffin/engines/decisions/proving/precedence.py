"""Which rows keep which others from deciding, by tiers and hit policy."""

from collections.abc import Sequence
from typing import Any

from tiffin.engines.decisions.dmn.tables import Aggregation, HitPolicy, OutputColumn
from tiffin.engines.decisions.feel.comparing import same
from tiffin.engines.decisions.feel.evaluating import evaluate_in
from tiffin.engines.decisions.feel.run import Run
from tiffin.engines.decisions.feel.values import Scope, Value
from tiffin.engines.decisions.policy import PolicyTable
from tiffin.engines.decisions.proving.results import Result
from tiffin.engines.decisions.proving.spaces import Rows

SEVERAL = (HitPolicy.RULE_ORDER, HitPolicy.OUTPUT_ORDER, HitPolicy.COLLECT)
"""Hit policies under which all rows that hold decide together."""

_ONE = (HitPolicy.UNIQUE, HitPolicy.ANY, HitPolicy.PRIORITY)


class Precedence:
    """Which rows override, and which contradict, a row.

    Parameters
    ----------
    policy : PolicyTable
        The table.
    results : Sequence of Result
        What its rows give, and last its default.
    """

    def __init__(self, policy: PolicyTable, results: Sequence[Result]) -> None:
        self.hit_policy = policy.table.hit_policy
        self.count = len(policy.table.rows)
        self.tiers = policy.table.tiers or (0,) * self.count
        self._tier = _sets(self.tiers)
        self._keys = [one.key for one in results[: self.count]]
        self._alike = _sets(self._keys)
        self._ranks = _ranks(policy, results) if self.hit_policy is HitPolicy.PRIORITY else [()] * self.count
        self._rank = _sets(self._ranks)
        self._higher = _above(self._tier)
        self._better = _gathered(self._rank, sorted(self._rank))

    def overriding(self, row: int) -> Rows:
        """Give the rows that keep a row from deciding where both hold, as the table means it."""
        if row == self.count:
            return (1 << self.count) - 1
        same_tier = self._tier[self.tiers[row]]
        over = self._higher[self.tiers[row]]
        if self.hit_policy is HitPolicy.FIRST:
            over |= same_tier & ((1 << row) - 1)
        return over | same_tier & self._better[self._ranks[row]]

    def contradicting(self, row: int) -> Rows:
        """Give the rows that may not hold where a row does, unless both are overridden."""
        if self.hit_policy not in _ONE or row == self.count:
            return 0
        rivals = self._tier[self.tiers[row]] & ~(1 << row)
        if self.hit_policy is HitPolicy.UNIQUE:
            return rivals
        return rivals & self._rank[self._ranks[row]] & ~self._alike[self._keys[row]]

    def blocking(self, row: int) -> Rows:
        """Give the rows that keep a row from deciding where both hold, be it by a contradiction."""
        rivals = self.contradicting(row)
        if self.hit_policy is HitPolicy.PRIORITY:
            rivals &= (1 << row) - 1
        return self.overriding(row) | rivals


def gap_is_fault(policy: PolicyTable) -> bool:
    """Tell whether a case in which no row holds comes to nothing: not where a default, an empty list or nought does."""
    table = policy.table
    if any(one.default is not None for one in table.outputs):
        return False
    return table.hit_policy not in SEVERAL or table.aggregation not in (None, Aggregation.COUNT)


def _ranks(policy: PolicyTable, results: Sequence[Result]) -> list[tuple[int, ...]]:
    """Give each row's place in the order of its outputs' values, the first being the best."""
    orders = [_order(one, policy) for one in policy.table.outputs]
    rows = results[: len(policy.table.rows)]
    return [tuple(_rank(value, order) for value, order in zip(one.values, orders, strict=True)) for one in rows]


def _order(column: OutputColumn, policy: PolicyTable) -> list[Value]:
    return [evaluate_in(Run(), one, Scope(policy.parameters)) for one in column.priorities]


def _rank(value: Value, order: list[Value]) -> int:
    return next((number for number, one in enumerate(order) if same(value, one)), len(order))


def _sets(labels: Sequence[Any]) -> dict[Any, Rows]:
    found: dict[Any, Rows] = {}
    for row, label in enumerate(labels):
        found[label] = found.get(label, 0) | 1 << row
    return found


def _above(sets: dict[Any, Rows]) -> dict[Any, Rows]:
    """Give, for each label, the rows of all greater ones."""
    return _gathered(sets, sorted(sets, reverse=True))


def _gathered(sets: dict[Any, Rows], order: Sequence[Any]) -> dict[Any, Rows]:
    """Give, for each label, the rows of all that come before it."""
    found: dict[Any, Rows] = {}
    before = 0
    for label in order:
        found[label] = before
        before |= sets[label]
    return found
