"""The same questions about a table asked of a solver (Z3), straight from the cells: an oracle for the proof.

Nothing here knows of parts, masks or diagrams. A test of a cell is true, false or unknown, as FEEL says, and a cell is
passed when it is true.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

import z3

from tiffin.engines.decisions.dmn.tables import Aggregation, HitPolicy, Row
from tiffin.engines.decisions.feel.tree import Bound, Constant, Name, Node, RangeOf, Test, Tests
from tiffin.engines.decisions.feel.types import Kind
from tiffin.engines.decisions.grids.axes import Nothing, Point
from tiffin.engines.decisions.policy import Domain, PolicyTable
from tiffin.engines.decisions.proving.limits import Limit, Stretch

Formula = Any
TEXTS: dict[str, int] = {}
"""Texts by number; every other number is a text that nobody names."""


def solvable(value: Any) -> Any:
    """Write a value as the solver knows it."""
    if isinstance(value, bool):
        return z3.BoolVal(value)
    if isinstance(value, str):
        return z3.IntVal(TEXTS.setdefault(value, len(TEXTS)))
    exact = Fraction(value)
    return z3.RealVal(f"{exact.numerator}/{exact.denominator}")


@dataclass(frozen=True)
class Input:
    """An unknown value: whether it is null, and what it is if not."""

    null: Formula
    value: Formula

    @classmethod
    def of(cls, domain: Domain, mark: str) -> "Input":
        """Make an unknown of an input."""
        name = f"{domain.name}{mark}"
        if domain.kind is Kind.BOOLEAN:
            return cls(z3.Bool(f"{name}?"), z3.Bool(name))
        if domain.kind is Kind.STRING:
            return cls(z3.Bool(f"{name}?"), z3.Int(name))
        return cls(z3.Bool(f"{name}?"), z3.ToReal(z3.Int(name)) if domain.whole else z3.Real(name))

    def compared(self, operator: str, other: Any) -> tuple[Formula, Formula]:
        """Tell when it stands in a relation to a value, and when that is unknown."""
        if operator in ("=", "!="):
            equal = self.null if other is None else z3.And(z3.Not(self.null), self.value == solvable(other))
            return (equal if operator == "=" else z3.Not(equal)), z3.BoolVal(False)
        known = solvable(other)
        found = {
            "<": self.value < known,
            "<=": self.value <= known,
            ">": self.value > known,
            ">=": self.value >= known,
        }
        return z3.And(z3.Not(self.null), found[operator]), self.null


class Solved:
    """A table as formulas over unknown inputs.

    Parameters
    ----------
    mark : str
        What its unknowns' names end in, so that two cases can be compared.
    """

    def __init__(self, policy: PolicyTable, mark: str = "", same: "Solved | None" = None) -> None:
        self.policy, self.table = policy, policy.table
        self.inputs = same.inputs if same else [Input.of(one, mark) for one in policy.domains]
        self.holds = [self.passed(row.tests) for row in self.table.rows]
        self.tiers = self.table.tiers or (0,) * len(self.holds)
        self.results = [self.given(row) for row in self.table.rows]
        self.default = self._default()
        self.occurs = z3.And([self._occurs(number) for number in range(len(self.inputs))])

    def passed(self, tests: Sequence[Tests]) -> Formula:
        """Write that a case passes one cell of each input."""
        return z3.And([self._passed(one, cell) for one, cell in zip(self.inputs, tests, strict=True)])

    def given(self, row: Row) -> tuple[Decimal, ...]:
        """Give what a row says."""
        return tuple(self._constant(one) for one in row.results)

    def overridden(self, row: int) -> Formula:
        """Write that rows hold which go before one."""
        return z3.Or([self.holds[other] for other in range(len(self.holds)) if self._goes_before(other, row)])

    def contradicts(self, row: int, other: int) -> bool:
        """Tell whether two rows may not decide together."""
        if self.tiers[row] != self.tiers[other]:
            return False
        if self.table.hit_policy is HitPolicy.UNIQUE:
            return True
        differ = self.results[row] != self.results[other]
        if self.table.hit_policy is HitPolicy.ANY:
            return differ
        return self.table.hit_policy is HitPolicy.PRIORITY and differ and self._rank(row) == self._rank(other)

    def decides(self, row: int) -> Formula:
        """Write that a row decides, alone or together with rows that say the same."""
        others = [other for other in range(len(self.holds)) if other != row and self.contradicts(row, other)]
        if self.table.hit_policy is HitPolicy.PRIORITY:
            others = [other for other in others if other < row]
        return z3.And(
            self.holds[row], z3.Not(self.overridden(row)), z3.Not(z3.Or([self.holds[other] for other in others]))
        )

    @property
    def gap(self) -> Formula:
        """Write that no row holds."""
        return z3.Not(z3.Or(self.holds))

    def outcome(self, output: int) -> tuple[Formula, Formula]:
        """Write that an output has a number, and which."""
        if self.table.aggregation is not None:
            return self._total(output)
        known: Formula = z3.BoolVal(False)
        value: Formula = z3.RealVal(0)
        for row in range(len(self.holds)):
            here = self.decides(row)
            known, value = z3.Or(known, here), z3.If(here, solvable(self.results[row][output]), value)
        if self.default is not None and self.default[output] is not None:
            known = z3.Or(known, self.gap)
            value = z3.If(self.gap, solvable(self.default[output]), value)
        return known, value

    def _total(self, output: int) -> tuple[Formula, Formula]:
        counts = [z3.And(self.holds[row], z3.Not(self.overridden(row))) for row in range(len(self.holds))]
        known: Formula = z3.Or(counts)
        if self.table.aggregation is Aggregation.COUNT:
            value: Formula = z3.Sum([z3.If(one, z3.RealVal(1), z3.RealVal(0)) for one in counts])
        else:
            value = self._chosen(counts, [solvable(one[output]) for one in self.results])
        if self.default is not None:
            value = z3.If(self.gap, solvable(self.default[output]), value)
            return z3.BoolVal(True), value
        return (z3.BoolVal(True) if self.table.aggregation is Aggregation.COUNT else known), value

    def _chosen(self, counts: Sequence[Formula], values: Sequence[Formula]) -> Formula:
        if self.table.aggregation is Aggregation.SUM:
            pairs = zip(counts, values, strict=True)
            return z3.Sum([z3.If(one, value, z3.RealVal(0)) for one, value in pairs])
        rising = self.table.aggregation is Aggregation.MAX
        best: Formula = z3.RealVal(-(10**6) if rising else 10**6)
        for one, value in zip(counts, values, strict=True):
            best = z3.If(z3.And(one, value > best if rising else value < best), value, best)
        return best

    def _goes_before(self, other: int, row: int) -> bool:
        if self.tiers[other] != self.tiers[row]:
            return self.tiers[other] > self.tiers[row]
        if self.table.hit_policy is HitPolicy.FIRST:
            return other < row
        return self.table.hit_policy is HitPolicy.PRIORITY and self._rank(other) < self._rank(row)

    def _rank(self, row: int) -> list[int]:
        found = []
        for column, value in zip(self.table.outputs, self.results[row], strict=True):
            order = [self._constant(one) for one in column.priorities]
            found.append(order.index(value) if value in order else len(order))
        return found

    def _default(self) -> list[Any] | None:
        found = [None if one.default is None else self._constant(one.default) for one in self.table.outputs]
        return None if all(one is None for one in found) else found

    def _occurs(self, number: int) -> Formula:
        column, unknown = self.table.inputs[number], self.inputs[number]
        allowed = z3.BoolVal(True) if column.allowed is None else self._passed(unknown, column.allowed)
        return z3.If(unknown.null, z3.BoolVal(not self.policy.domains[number].required), allowed)

    def _passed(self, unknown: Input, tests: Tests) -> Formula:
        if not tests.tests:
            return z3.BoolVal(True)
        found = [self._test(unknown, one) for one in tests.tests]
        true = z3.Or([one for one, _ in found])
        if not tests.negated:
            return true
        return z3.And(z3.Not(true), z3.Not(z3.Or([one for _, one in found])))

    def _test(self, unknown: Input, test: Bound | Test) -> tuple[Formula, Formula]:
        if isinstance(test, Bound):
            return unknown.compared(test.operator, self._constant(test.endpoint))
        if isinstance(test.value, RangeOf):
            low = unknown.compared(">=" if test.value.low_included else ">", self._constant(test.value.low))
            high = unknown.compared("<=" if test.value.high_included else "<", self._constant(test.value.high))
            return z3.And(low[0], high[0]), unknown.null
        return unknown.compared("=", self._constant(test.value))

    def _constant(self, node: Node) -> Any:
        if isinstance(node, Name):
            return self.policy.parameters[node.name]
        assert isinstance(node, Constant)  # noqa: S101 - tables are drawn without anything else
        return node.value

    def region(self, where: Sequence[Limit]) -> Formula:
        """Write what inputs are said to be."""
        return z3.And([self._limit(one) for one in where])

    def _limit(self, limit: Limit) -> Formula:
        unknown = self.inputs[limit.input]
        found = z3.Or([_piece(unknown, one) for one in limit.pieces])
        return z3.Not(found) if limit.excluded else found


def _piece(unknown: Input, piece: Any) -> Formula:
    if isinstance(piece, Nothing):
        return unknown.null
    if isinstance(piece, Point):
        return unknown.compared("=", piece.value)[0]
    assert isinstance(piece, Stretch)  # noqa: S101 - the caller has looked for all others
    ends = [z3.Not(unknown.null)]
    if piece.low is not None:
        ends.append(unknown.compared(">=" if piece.low_included else ">", piece.low)[0])
    if piece.high is not None:
        ends.append(unknown.compared("<=" if piece.high_included else "<", piece.high)[0])
    return z3.And(ends)
