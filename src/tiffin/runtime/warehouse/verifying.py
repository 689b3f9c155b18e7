# ruff: noqa: S608 - the SQL here is made of quoted identifiers and paths of our own
"""Proving a roll-up: everything is added up from the facts anew and compared with what it holds."""

from dataclasses import dataclass

from tiffin.engines.metrics.rollups import Rollup
from tiffin.kernel.facts.registry import TABLES
from tiffin.runtime.warehouse.columns import quoted
from tiffin.runtime.warehouse.rollups import TOLERANCE, Kept, Shelf
from tiffin.runtime.warehouse.staging import open_bench
from tiffin.runtime.warehouse.summing import added_up
from tiffin.runtime.warehouse.views import select_of


@dataclass(frozen=True, slots=True)
class Difference:
    """How a roll-up differs from its facts.

    Parameters
    ----------
    rows : int
        Rows of the roll-up that differ, are missing, or are too many.
    first : str
        One of them, for people to read; empty where there is none.
    """

    rows: int
    first: str


def compare(shelf: Shelf, kept: Kept) -> Difference:
    """Compare a roll-up with the facts that it stands for; a quarantined one with the newest."""
    rollup = kept.rollup
    facts = shelf.facts.snapshot(rollup.table, kept.stands_for)
    held = shelf.store.snapshot(rollup.name, kept.version)
    with open_bench(shelf.store.root) as bench:
        rows = added_up(rollup, select_of(facts, TABLES.get(rollup.table)))
        bench.run(f"CREATE TEMP TABLE fresh AS {rows}")
        bench.run(f"CREATE TEMP VIEW held AS {select_of(held, None)}")
        return _difference(bench.run(_differing(rollup)))


def _differing(rollup: Rollup) -> str:
    same = " AND ".join(f"f.{quoted(name)} IS NOT DISTINCT FROM h.{quoted(name)}" for name in rollup.columns)
    changed = " OR ".join(_is_changed(quoted(state.column)) for state in rollup.states)
    cell = ", ".join(
        f"CAST(COALESCE(CAST(f.{quoted(name)} AS VARCHAR), CAST(h.{quoted(name)} AS VARCHAR)) AS VARCHAR)"
        for name in rollup.columns
    )
    return (
        f"SELECT concat_ws(', ', {cell}) FROM (SELECT *, true AS there FROM fresh) AS f "
        f"FULL JOIN (SELECT *, true AS there FROM held) AS h ON {same} "
        f"WHERE f.there IS NULL OR h.there IS NULL OR {changed} ORDER BY 1"
    )


def _is_changed(column: str) -> str:
    f, h = f"f.{column}", f"h.{column}"
    near = f"abs(CAST({f} AS DOUBLE) - CAST({h} AS DOUBLE)) <= {TOLERANCE} * abs(CAST({f} AS DOUBLE))"
    is_fraction = f"typeof({f}) = 'DOUBLE'"
    return f"({f} IS DISTINCT FROM {h} AND NOT ({is_fraction} AND coalesce(TRY({near}), false)))"


def _difference(rows: list[tuple[str]]) -> Difference:
    return Difference(len(rows), rows[0][0] if rows else "")
