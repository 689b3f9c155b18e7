"""Tables of many parts and rows are proven as small ones are: against plain comparison of rows two by two."""

from dataclasses import replace
from itertools import combinations
from typing import Any

from tiffin.engines.decisions.dmn.tables import HitPolicy
from tiffin.engines.decisions.grids.grid import grid_of
from tiffin.engines.decisions.proving.findings import Fault
from tiffin.engines.decisions.proving.proof import prove

EVERY = 10**6


def test_all_pairs_that_meet_are_overlaps(drawing: Any) -> None:
    policy = drawing.large(100)
    cells = grid_of(policy).cells
    assert max(len(axis.atoms) for axis in grid_of(policy).axes) > 64
    met = {
        (one, other)
        for one, other in combinations(range(len(cells)), 2)
        if all(mine & its for mine, its in zip(cells[one], cells[other], strict=True))
    }
    found = {one.rows for one in prove(policy, most=EVERY).findings if one.fault is Fault.OVERLAP}
    assert found == met
    assert len(met) > 5


def test_rows_put_behind_all_others_of_a_first_table_are_masked(drawing: Any) -> None:
    policy = drawing.large(60, HitPolicy.FIRST)
    rows = policy.table.rows
    copies = [replace(row, annotations=(f"copy {number}",)) for number, row in enumerate(rows[:20])]
    twice = replace(policy, table=replace(policy.table, rows=(*rows, *copies)))
    masked = {one.rows[0] for one in prove(twice, most=EVERY).findings if one.fault is Fault.MASKED}
    assert set(range(len(rows), len(rows) + 20)) <= masked


def test_a_proof_of_many_countries_finds_the_one_row_that_is_missing(drawing: Any) -> None:
    policy = drawing.liability(40)
    rows = policy.table.rows
    less = replace(policy, table=replace(policy.table, rows=(*rows[:700], *rows[701:])))
    country = rows[700].annotations[0].rpartition(".")[2]
    found = prove(less).findings
    assert {one.fault for one in found} == {Fault.GAP}
    assert all(one.case is not None and one.case[0] == country for one in found)
