"""A whole proof: all kinds of faults, each with at most so many findings."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice

from tiffin.engines.decisions.dmn.tables import Row
from tiffin.engines.decisions.grids.grid import grids_of
from tiffin.engines.decisions.policy import PolicyTable
from tiffin.engines.decisions.proving.collected import broken_totals, unlawful_totals
from tiffin.engines.decisions.proving.findings import Fault, Finding, Law, Order, Promise, Proof, Sum
from tiffin.engines.decisions.proving.gaps import gaps, overlaps
from tiffin.engines.decisions.proving.masking import masked_rows, unreachable_values
from tiffin.engines.decisions.proving.orders import broken_orders
from tiffin.engines.decisions.proving.promises import unlawful_rows, wrong_results, wrong_sums
from tiffin.engines.decisions.proving.spaces import Box, common
from tiffin.engines.decisions.proving.subjects import Subject

MOST = 100
"""Findings of one kind that are listed."""


def prove(policy: PolicyTable, promises: Sequence[Promise] = (), most: int = MOST) -> Proof:
    """Find what is wrong with a table.

    Parameters
    ----------
    policy : PolicyTable
        The table; only values that its inputs may have count.
    promises : Sequence of Promise
        What is to hold of it beside.
    most : int
        Findings that are listed of each kind and promise.

    Raises
    ------
    NotPlain
        When a cell holds more than plain tests of plain values.
    """
    laws = [one for one in promises if isinstance(one, Law)]
    grid, *bounds = grids_of(policy, *([_as_table(policy, laws)] if laws else []))
    subject = Subject(grid)
    boxes = [common(one, subject.inside) for one in bounds[0].cells] if bounds else []
    searches = [gaps(subject), overlaps(subject), masked_rows(subject), unreachable_values(subject)]
    searches.append(wrong_results(subject))
    searches += [_sought(subject, one) for one in promises if not isinstance(one, Law)]
    searches += [_lawful(subject, law, box) for law, box in zip(laws, boxes, strict=True)]
    findings: list[Finding] = []
    cut: set[Fault] = set()
    for search in searches:
        found = list(islice(search, most + 1))
        findings += found[:most]
        cut |= {one.fault for one in found[most:]}
    return Proof(tuple(findings), frozenset(cut))


def _sought(subject: Subject, promise: Promise) -> Iterator[Finding]:
    if isinstance(promise, Sum):
        return wrong_sums(subject, promise)
    if not isinstance(promise, Order):
        return iter(())
    return (broken_totals if subject.adds_up else broken_orders)(subject, promise)


def _lawful(subject: Subject, law: Law, bound: Box) -> Iterator[Finding]:
    return (unlawful_totals if subject.adds_up else unlawful_rows)(subject, law, bound)


def _as_table(policy: PolicyTable, laws: Sequence[Law]) -> PolicyTable:
    """Make rows of the cells of laws, so that inputs are cut where laws tell cases apart too."""
    rows = tuple(Row(law.tests, ()) for law in laws)
    return replace(policy, table=replace(policy.table, rows=rows, outputs=(), tiers=()))
