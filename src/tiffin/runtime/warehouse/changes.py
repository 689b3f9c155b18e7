# ruff: noqa: S608 - the SQL here is made of quoted identifiers and paths of our own
"""Which city's which days changed between two versions of a table."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from tiffin.kernel.contract import TableContract
from tiffin.runtime.warehouse.columns import quoted, row_digest
from tiffin.runtime.warehouse.snapshot import Snapshot
from tiffin.runtime.warehouse.staging import Bench
from tiffin.runtime.warehouse.views import select_of

CELLS = "cells"


def find_changed(
    bench: Bench,
    contract: TableContract | None,
    *,
    versions: tuple[Snapshot, Snapshot],
    cell: Sequence[str],
    columns: Iterable[str],
) -> int:
    """Put the cells in which rows differ between two versions into the bench's table ``cells``, and count them.

    Only files that one version has and the other has not are read. Rows are compared by the columns that matter, as
    multisets, by sums of 64-bit hashes: two different sets of one size agree in one of 2^64 cases.
    """
    earlier, later = versions
    known = {file.name for file in earlier.files}
    kept = {file.name for file in later.files}
    come = replace(later, files=tuple(file for file in later.files if file.name not in known))
    gone = replace(earlier, files=tuple(file for file in earlier.files if file.name not in kept))
    keys = ", ".join(map(quoted, cell))
    if not gone.files:
        select = f"SELECT DISTINCT {keys} FROM ({select_of(come, contract)})"
    else:
        digest = row_digest(dict.fromkeys((*cell, *columns)), later.schema)
        sides = [
            f"SELECT {keys}, {sign}{digest}::HUGEINT AS rows, {sign}1 AS size FROM ({select_of(side, contract)})"
            for sign, side in (("", come), ("-", gone))
        ]
        select = (
            f"SELECT {keys} FROM ({' UNION ALL '.join(sides)}) GROUP BY ALL HAVING sum(rows) <> 0 OR sum(size) <> 0"
        )
    bench.run(f"CREATE OR REPLACE TEMP TABLE {CELLS} AS {select}")
    return int(bench.run(f"SELECT count(*) FROM {CELLS}")[0][0])
