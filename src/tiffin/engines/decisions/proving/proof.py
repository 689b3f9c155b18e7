"""A whole proof: all kinds of faults, each with at most so many findings."""

from collections.abc import Iterator, Sequence

from tiffin.engines.decisions.grids.grid import grids_of
from tiffin.engines.decisions.policy import PolicyTable
from tiffin.engines.decisions.proving.bounds import Impossible, cells_of, with_rows
from tiffin.engines.decisions.proving.collected import broken_totals, unlawful_totals
from tiffin.engines.decisions.proving.findings import Fault, Finding, Law, Order, Promise, Proof, Sum
from tiffin.engines.decisions.proving.gaps import gaps, overlaps
from tiffin.engines.decisions.proving.masking import masked_rows, unreachable_values
from tiffin.engines.decisions.proving.orders import broken_orders
from tiffin.engines.decisions.proving.promises import unlawful_rows, wrong_results, wrong_sums
from tiffin.engines.decisions.proving.spaces import Box, TooEntangled, common
from tiffin.engines.decisions.proving.subjects import Subject

MOST = 25
"""Findings of one kind that are listed."""


def prove(
    policy: PolicyTable, promises: Sequence[Promise] = (), never: Sequence[Impossible] = (), most: int = MOST
) -> Proof:
    """Find what is wrong with a table.

    Parameters
    ----------
    policy : PolicyTable
        The table; only values that its inputs may have count.
    promises : Sequence of Promise
        What is to hold of it beside.
    never : Sequence of Impossible
        Cases that cannot be.
    most : int
        Findings that are listed of each kind and promise.

    Raises
    ------
    NotPlain
        When a cell holds more than plain tests of plain values.
    """
    laws = [one for one in promises if isinstance(one, Law)]
    grid, bounds = grids_of(
        policy, with_rows(policy, [*(one.tests for one in laws), *(cells_of(policy, one) for one in never)])
    )
    subject = Subject(grid, bounds.cells[len(laws) :])
    boxes = [common(one, subject.inside) for one in bounds.cells[: len(laws)]]
    searches = [gaps(subject), overlaps(subject), masked_rows(subject), unreachable_values(subject)]
    searches.append(wrong_results(subject))
    searches += [_sought(subject, one) for one in promises if not isinstance(one, Law)]
    searches += [_lawful(subject, law, box) for law, box in zip(laws, boxes, strict=True)]
    findings: list[Finding] = []
    cut: set[Fault] = set()
    try:
        for search in searches:
            for number, one in enumerate(search):
                if number == most:
                    cut.add(one.fault)
                    break
                findings.append(one)
    except TooEntangled:
        findings.append(Finding(Fault.UNSETTLED))
    return Proof(tuple(findings), frozenset(cut))


def _sought(subject: Subject, promise: Promise) -> Iterator[Finding]:
    if isinstance(promise, Sum):
        return wrong_sums(subject, promise)
    if not isinstance(promise, Order):
        return iter(())
    if subject.gives_lists:
        return iter((Finding(Fault.UNSETTLED, promise=promise),))
    return (broken_totals if subject.adds_up else broken_orders)(subject, promise)


def _lawful(subject: Subject, law: Law, bound: Box) -> Iterator[Finding]:
    return (unlawful_totals if subject.adds_up else unlawful_rows)(subject, law, bound)
