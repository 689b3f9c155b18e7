"""What a solver (Z3) says of a table, of what is promised of it and of another version, beside what the proof says."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

import z3
from solved_tables import Formula, Solved, solvable
from tables_to_prove import Drawn

from tiffin.engines.decisions.policy import PolicyTable
from tiffin.engines.decisions.proving.comparing import differences
from tiffin.engines.decisions.proving.differences import Difference
from tiffin.engines.decisions.proving.findings import Fault, Law, Order, Proof, Sum, Unused
from tiffin.engines.decisions.proving.precedence import SEVERAL, gap_is_fault
from tiffin.engines.decisions.proving.proof import prove

LISTED = tuple(Decimal(number) for number in range(4))
"""The values that the first output of a drawn table may have."""

ALL = 10_000


def disagreements(drawn: Drawn) -> list[str]:
    """Name what the proof and the solver see differently; regions are compared whole, pairs and rows one by one."""
    policy, (order, law, total) = drawn.policy, drawn.promises
    proof, questions = prove(policy, drawn.promises, most=ALL), Questions(policy)
    single = policy.table.hit_policy not in SEVERAL
    agreed = {
        "gap": questions.gap_is(proof),
        "overlap": {one.rows for one in _of(proof, Fault.OVERLAP)} == set(questions.overlaps()),
        "masked": {one.rows[0] for one in _of(proof, Fault.MASKED)} == set(questions.masked()),
        "sum": {one.rows[0] for one in _of(proof, Fault.SUM)} == set(questions.wrong_sums(total)),
    }
    if policy.table.aggregation is None and policy.table.outputs[0].allowed is not None:
        never = {one.promise.value for one in proof.findings if isinstance(one.promise, Unused)}
        agreed["unreachable"] = never == set(questions.unreachable(0, LISTED))
    if single or policy.table.aggregation is not None:
        agreed["order"] = bool(_of(proof, Fault.ORDER)) == questions.breaks_order(order)
        agreed["law"] = bool(_of(proof, Fault.LAW)) == questions.breaks_law(law)
    if single:
        agreed["differences"] = Versions(policy, drawn.other).exact(list(differences(policy, drawn.other)))
    return [name for name, same in agreed.items() if not same]


def _of(proof: Proof, fault: Fault) -> list[Any]:
    return [one for one in proof.findings if one.fault is fault]


class Questions:
    """What a solver says of a table and of what is promised of it."""

    def __init__(self, policy: PolicyTable) -> None:
        self.solved = Solved(policy)
        self.solver = z3.Solver()
        self.solver.add(self.solved.occurs)

    def possible(self, *formulas: Formula) -> bool:
        """Tell whether formulas hold together in some case that may occur."""
        return bool(self.solver.check(*formulas) == z3.sat)

    def overlaps(self) -> Iterator[tuple[int, int]]:
        """Give the pairs of rows that contradict each other."""
        one = self.solved
        for row in range(len(one.holds)):
            for other in range(row + 1, len(one.holds)):
                free = z3.Not(z3.Or(one.overridden(row), one.overridden(other)))
                if one.contradicts(row, other) and self.possible(one.holds[row], one.holds[other], free):
                    yield row, other

    def masked(self) -> Iterator[int]:
        """Give the rows that never decide."""
        for row, holds in enumerate(self.solved.holds):
            if not self.possible(holds, z3.Not(self.solved.overridden(row))):
                yield row

    def unreachable(self, output: int, values: Sequence[Decimal]) -> Iterator[Decimal]:
        """Give those values of an output that never come."""
        default = self.solved.default
        for value in values:
            rows = [row for row, given in enumerate(self.solved.results) if given[output] == value]
            comes = [self.solved.decides(row) for row in rows]
            if default is not None and default[output] == value:
                comes.append(self.solved.gap)
            if not self.possible(z3.Or(comes)):
                yield value

    def wrong_sums(self, promise: Sum) -> Iterator[int]:
        """Give the rows, and the default as the number after them, that do not add up."""
        default = self.solved.default
        given = [*self.solved.results, *([] if default is None else [default])]
        for row, values in enumerate(given):
            if None in values or sum(values) != promise.total:
                yield row

    def gap_is(self, proof: Proof) -> bool:
        """Tell whether the regions of a proof are the gap exactly, or none where a gap is no fault."""
        regions = z3.Or([self.solved.region(one.where) for one in _of(proof, Fault.GAP)])
        gap = self.solved.gap if gap_is_fault(self.solved.policy) else z3.BoolVal(False)
        return not self.possible(regions != gap)

    def breaks_law(self, promise: Law) -> bool:
        """Tell whether a law is broken."""
        known, value = self.solved.outcome(0)
        too_little = z3.Or(z3.Not(known), value < solvable(promise.at_least))
        return self.possible(self.solved.passed(promise.tests), self._answered(), too_little)

    def breaks_order(self, promise: Order) -> bool:
        """Tell whether two cases that differ in one input alone have outputs in the wrong order."""
        other = Solved(self.solved.policy, "'")
        (known, value), (known_too, value_too) = self.solved.outcome(0), other.outcome(0)
        number = next(n for n, one in enumerate(self.solved.policy.domains) if one.name == promise.input)
        alike = [
            z3.And(one.null == two.null, z3.Or(one.null, one.value == two.value))
            for n, (one, two) in enumerate(zip(self.solved.inputs, other.inputs, strict=True))
            if n != number
        ]
        one, two = self.solved.inputs[number], other.inputs[number]
        more = z3.And(z3.Not(one.null), z3.Not(two.null), one.value < two.value)
        wrong = value > value_too if promise.rising else value < value_too
        return self.possible(other.occurs, *alike, more, known, known_too, wrong)

    def _answered(self) -> Formula:
        """Write that some row or the default decides."""
        one = self.solved
        if one.table.aggregation is not None:
            found: Formula = z3.Not(one.gap)
        else:
            found = z3.Or([one.decides(row) for row in range(len(one.holds))])
        return found if one.default is None else z3.Or(found, one.gap)


class Versions:
    """What a solver says of two versions of a table with the same inputs and outputs."""

    def __init__(self, before: PolicyTable, after: PolicyTable) -> None:
        self.before = Solved(before)
        self.after = Solved(after, same=self.before)
        self.solver = z3.Solver()
        self.solver.add(self.before.occurs)

    def differ(self) -> Formula:
        """Write that the outcomes differ."""
        one, two = self._results(self.before), self._results(self.after)
        values = one.keys() | two.keys()
        return z3.Or([one.get(value, z3.BoolVal(False)) != two.get(value, z3.BoolVal(False)) for value in values])

    def exact(self, found: Sequence[Difference]) -> bool:
        """Tell whether regions are all that differs, and nothing else."""
        regions = z3.Or([self.before.region(one.where) for one in found])
        return bool(self.solver.check(regions != self.differ()) == z3.unsat)

    @staticmethod
    def _results(one: Solved) -> Mapping[Any, Formula]:
        found: dict[Any, Formula] = {}
        for row, values in enumerate(one.results):
            found[values] = z3.Or(found.get(values, z3.BoolVal(False)), one.decides(row))
        if one.default is not None:
            found[tuple(one.default)] = z3.Or(found.get(tuple(one.default), z3.BoolVal(False)), one.gap)
        return found
