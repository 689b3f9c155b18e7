"""Answers from roll-ups where they tell exactly what the facts would, and from the facts otherwise.

One in so many answers from roll-ups is computed from the facts as well, before it is given; which ones follows from a
digest of the statement and the moment. So an answer that is checked is never a wrong one, and waits for one query of
the facts at most. A statement that was checked is not checked again by the same process: its text names the versions of
the roll-ups. Where the two differ, the facts' answer is given, the roll-ups are quarantined, and an incident is opened.
"""

import math
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Any

from tiffin.capabilities.metrics.service.footprints import Versions
from tiffin.capabilities.metrics.service.grounds import Frame
from tiffin.capabilities.metrics.service.offering import UNREADABLE, available
from tiffin.capabilities.metrics.service.rollup_demand import note_demand
from tiffin.engines.metrics.compiling.compiler import Compiled
from tiffin.engines.metrics.protection.masking import KEY
from tiffin.runtime.context import Context
from tiffin.runtime.mask_key import with_key
from tiffin.runtime.warehouse.answers import Columns
from tiffin.runtime.warehouse.rollup_names import rollup_read
from tiffin.runtime.warehouse.rollups import TOLERANCE

CHECKED_ONE_IN = 50
"""Of so many answers one is checked unless ``[rollups] checked_one_in`` says otherwise; 0 checks none."""

REMEMBERED = 10_000
_CHECKED: set[str] = set()


@dataclass(frozen=True, slots=True)
class Found:
    """What a statement gave."""

    compiled: Compiled
    columns: Columns


def fetch(context: Context, frame: Frame) -> Found:
    """Run a request over roll-ups or facts, and check a share of the answers."""
    begun = time.perf_counter()
    rollups = available(context.workspace, _versions_read(frame))
    compiled = frame.compiled(context.warehouse.dialect, rollups)
    if not compiled.rollups:
        columns = _run(context, compiled)
        note_demand(context.workspace, rollups.missed, (time.perf_counter() - begun) * 1000)
        return Found(compiled, columns)
    try:
        found = Found(compiled, _run(context, compiled))
    except UNREADABLE:
        return from_facts(context, frame)
    if not _is_due(context, compiled):
        return found
    return _checked(context, frame, found)


def from_facts(context: Context, frame: Frame) -> Found:
    """Run a request over the facts."""
    compiled = frame.compiled(context.warehouse.dialect)
    return Found(compiled, _run(context, compiled))


def _run(context: Context, compiled: Compiled) -> Columns:
    return context.warehouse.answer_text(with_key(context, compiled.sql, KEY))


def _versions_read(frame: Frame) -> Versions:
    """Give the versions of the tables of the sources that a request reads."""
    model = frame.library.model
    known = (model.resolved[name] for name in frame.request.metrics if name in model.resolved)
    sources = {source for resolved in known for source in resolved.sources}
    tables = {model.sources[source].source.table for source in sources}
    return {table: frame.versions[table] for table in tables if table in frame.versions}


def _is_due(context: Context, compiled: Compiled) -> bool:
    one_in = int(context.workspace.config.get("rollups", {}).get("checked_one_in", CHECKED_ONE_IN))
    if one_in <= 0 or compiled.sql in _CHECKED:
        return False
    drawn = sha256(f"{context.now.isoformat()} {compiled.sql}".encode()).digest()
    return int.from_bytes(drawn[:8]) % one_in == 0


def _checked(context: Context, frame: Frame, found: Found) -> Found:
    plain = from_facts(context, frame)
    if not _is_same(found.columns, plain.columns, dimensions=len(frame.request.by)) and not _is_same_in_full(
        context, frame
    ):
        # A difference is rare, and who builds and mends roll-ups takes a while to import.
        from tiffin.capabilities.metrics.service.rollups import report_difference  # noqa: PLC0415 - as said above

        details = {"metrics": list(frame.request.metrics), "by": list(frame.request.by)}
        for name in found.compiled.rollups:
            report_difference(context, rollup_read(name), details)
        return plain
    if len(_CHECKED) >= REMEMBERED:
        _CHECKED.clear()
    _CHECKED.add(found.compiled.sql)
    return found


def _is_same_in_full(context: Context, frame: Frame) -> bool:
    """Compare without order and limit: of two groups that are equal but for rounding, a limit may keep either."""
    if frame.request.limit is None:
        return False
    whole = replace(frame, request=replace(frame.request, limit=None, order_by=()))
    dialect = context.warehouse.dialect
    compiled = (whole.compiled(dialect, available(context.workspace, _versions_read(frame))), whole.compiled(dialect))
    one, other = (_run(context, item) for item in compiled)
    return _is_same(one, other, dimensions=len(frame.request.by))


def _is_same(found: Columns, expected: Columns, *, dimensions: int) -> bool:
    counted, sides = zip(*(_by_group(columns, dimensions) for columns in (found, expected)), strict=True)
    if counted[0] != counted[1]:
        return False
    return sides[0].keys() == sides[1].keys() and all(
        _is_near(left, right)
        for group, values in sides[0].items()
        for left, right in zip(values, sides[1][group], strict=True)
    )


def _by_group(columns: Columns, dimensions: int) -> tuple[int, dict[tuple[Any, ...], Sequence[Any]]]:
    """Count the rows, and give the values of each group."""
    rows = list(zip(*(column.values() for column in columns), strict=True))
    return len(rows), {row[:dimensions]: row[dimensions:] for row in rows}


def _is_near(left: Any, right: Any) -> bool:
    if isinstance(left, float) and isinstance(right, float):
        return math.isclose(left, right, rel_tol=TOLERANCE, abs_tol=TOLERANCE) or (
            math.isnan(left) and math.isnan(right)
        )
    return bool(left == right)
