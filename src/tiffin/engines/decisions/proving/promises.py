"""What a policy promises of its outputs: sums that add up, and floors and ceilings that the law sets."""

from collections.abc import Iterator
from decimal import Decimal

from tiffin.engines.decisions.proving.findings import Fault, Finding, Law, Sum
from tiffin.engines.decisions.proving.regions import widened
from tiffin.engines.decisions.proving.results import Computed
from tiffin.engines.decisions.proving.spaces import Box, common
from tiffin.engines.decisions.proving.subjects import Subject


def wrong_results(subject: Subject) -> Iterator[Finding]:
    """Find rows that give what their outputs may not be."""
    for row in range(subject.count):
        if subject.results[row].refused:
            yield showing(subject, row, Finding(Fault.RESULT, (row,), values=subject.results[row].values))


def wrong_sums(subject: Subject, promise: Sum) -> Iterator[Finding]:
    """Find rows whose outputs do not add up."""
    for row in subject.deciders:
        values = tuple(subject.value(row, output) for output in promise.outputs)
        numbers = [one for one in values if isinstance(one, Decimal)]
        if any(isinstance(one, Computed) for one in values):
            yield showing(subject, row, Finding(Fault.UNSETTLED, (row,), promise=promise))
        elif len(numbers) < len(values) or sum(numbers) != promise.total:
            yield showing(subject, row, Finding(Fault.SUM, (row,), promise=promise, values=values))


def unlawful_rows(subject: Subject, promise: Law, bound: Box) -> Iterator[Finding]:
    """Find rows that decide where a law binds, and give less than it asks or more than it allows.

    Parameters
    ----------
    bound : Box
        Where it binds.
    """
    for row in subject.deciders:
        value = subject.value(row, promise.output)
        here = common(subject.box(row), bound)
        if isinstance(value, Computed):
            found = Finding(Fault.UNSETTLED, (row,), promise=promise)
        elif promise.permits(value):
            continue
        else:
            found = Finding(Fault.LAW, (row,), promise=promise, values=(value,))
        shown = showing(subject, row, found, here)
        if shown.case is not None:
            yield shown


def showing(subject: Subject, row: int, found: Finding, within: Box | None = None) -> Finding:
    """Add where a row decides, and a case; neither where it never does."""
    limit = subject.box(row) if within is None else within
    for box in subject.decided(row, limit):
        wide = widened(subject.space, box, limit, subject.blocking(row))
        where, case = subject.shown(wide)
        return Finding(found.fault, found.rows, where, case, promise=found.promise, values=found.values)
    return found
