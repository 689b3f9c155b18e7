"""Cases that a table leaves without an answer, and cases that it answers twice."""

from collections.abc import Iterator

from tiffin.engines.decisions.proving.findings import Fault, Finding
from tiffin.engines.decisions.proving.open_cases import open_boxes
from tiffin.engines.decisions.proving.precedence import gap_is_fault
from tiffin.engines.decisions.proving.regions import open_regions, widened
from tiffin.engines.decisions.proving.spaces import common, members
from tiffin.engines.decisions.proving.subjects import Subject


def gaps(subject: Subject) -> Iterator[Finding]:
    """Find regions in which no row holds and nothing else says what follows."""
    if not gap_is_fault(subject.policy):
        return
    for region in open_regions(subject.space, subject.inside, subject.rows | subject.never):
        where, case = subject.shown(region)
        yield Finding(Fault.GAP, where=where, case=case)


def overlaps(subject: Subject) -> Iterator[Finding]:
    """Find pairs of rows that hold in one case although, by the hit policy, they may not.

    Rows may not hold together in a unique table; where they give different results and any of them would do; where they
    have the same priority and different results. What another row overrides does not count.
    """
    for row in range(subject.count):
        rivals = subject.precedence.contradicting(row) >> (row + 1) << (row + 1)
        for rival in members(rivals & subject.space.meeting(subject.box(row))):
            both = common(subject.box(row), subject.box(rival))
            over = subject.overriding(row) | subject.overriding(rival)
            for box in open_boxes(subject.space, both, over):
                where, case = subject.shown(widened(subject.space, box, both, over))
                yield Finding(Fault.OVERLAP, (row, rival), where, case)
                break
