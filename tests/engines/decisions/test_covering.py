"""Regression suites: few cases that notice nearly every edit of a table, and nothing where nothing changes."""

import random
from collections.abc import Callable, Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tiffin.engines.decisions.covering.suite import changed, suite_of
from tiffin.engines.decisions.covering.targets import targets
from tiffin.engines.decisions.dmn.tables import HitPolicy, InputColumn, OutputColumn, Row, TableOf
from tiffin.engines.decisions.explaining.settling import ReadyPolicy
from tiffin.engines.decisions.feel.tree import Name
from tiffin.engines.decisions.feel.types import Kind
from tiffin.engines.decisions.grids.grid import grid_of
from tiffin.engines.decisions.policy import Domain, PolicyTable
from tiffin.engines.decisions.proving.comparing import are_equivalent

ASKED = 0.99
EACH = 24
"""One edit in so many is tried on the liability table here; the benchmark tries all."""


@pytest.fixture(scope="module")
def made(project_root: Path) -> Any:
    """The benchmarks' tables, their edits, and the count of those that are noticed."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(project_root / "benchmarks"))
        import drawn_policies  # noqa: PLC0415 - from the folder of benchmarks
        import policy_suite  # noqa: PLC0415 - the same
        import table_edits  # noqa: PLC0415 - the same

        return SimpleNamespace(tables=drawn_policies, edits=table_edits, suites=policy_suite)


@pytest.fixture(scope="module")
def whole_numbers(made: Any) -> Callable[..., PolicyTable]:
    """Make a table of one whole number from 0 to 100 and a text, with these rows of cells and a result."""

    def table(*rows: tuple[str, str, int], hit_policy: HitPolicy = HitPolicy.UNIQUE) -> PolicyTable:
        columns = (InputColumn(Name("late"), made.tables.cell("[0..100]")), InputColumn(Name("cause")))
        written = tuple(
            Row((made.tables.cell(late), made.tables.cell(cause)), (made.tables.result(str(share)),), (f"r{number}",))
            for number, (late, cause, share) in enumerate(rows)
        )
        domains = (Domain("late", Kind.NUMBER, whole=True, required=True), Domain("cause", Kind.STRING))
        return PolicyTable("p", TableOf(columns, (OutputColumn("share"),), written, hit_policy), domains, {})

    return table


def test_a_row_is_shown_at_both_sides_of_every_boundary(whole_numbers: Callable[..., PolicyTable]) -> None:
    table = whole_numbers(("[15..30)", "-", 1))
    grid = grid_of(table)

    found = targets(grid.axes[0], grid.cells[0][0])

    shown = [(one.value, one.inside) for one in found if isinstance(one.value, Decimal) and 0 < one.value < 100]
    assert shown == [(14, False), (15, True), (29, True), (30, False)]


def test_each_condition_is_seen_to_matter_alone(whole_numbers: Callable[..., PolicyTable]) -> None:
    table = whole_numbers((">= 15", '"kitchen"', 1))

    cases = suite_of(table).cases

    decided = {one.values for one in cases if one.rows}
    others = {one.values for one in cases if not one.rows}
    for column in (0, 1):
        assert any(
            sum(here != there for here, there in zip(case, other, strict=True)) == 1 and case[column] != other[column]
            for case in decided
            for other in others
        )


def test_null_is_a_case_where_it_may_occur_and_none_where_it_may_not(
    whole_numbers: Callable[..., PolicyTable],
) -> None:
    cases = suite_of(whole_numbers((">= 15", 'not("kitchen")', 1))).cases

    assert None in {one.values[1] for one in cases}
    assert None not in {one.values[0] for one in cases}


def test_of_rows_that_hold_together_a_case_shows_which_goes_first(whole_numbers: Callable[..., PolicyTable]) -> None:
    table = whole_numbers((">= 15", "-", 1), (">= 30", "-", 2), hit_policy=HitPolicy.FIRST)
    swapped = whole_numbers((">= 30", "-", 2), (">= 15", "-", 1), hit_policy=HitPolicy.FIRST)

    assert changed(suite_of(table), swapped)


def test_a_case_records_gaps_and_contradictions(whole_numbers: Callable[..., PolicyTable]) -> None:
    cases = suite_of(whole_numbers((">= 15", "-", 1), ("<= 15", '"kitchen"', 2))).cases

    assert any(one.conflict and one.rows == ("r0", "r1") for one in cases)
    assert any(not one.rows and one.value is None for one in cases)


def test_an_input_that_may_have_no_value_leaves_no_case(made: Any, whole_numbers: Callable[..., PolicyTable]) -> None:
    table = whole_numbers((">= 15", "-", 1))
    impossible = replace(table.table.inputs[0], allowed=made.tables.cell("2.4"))

    inputs = (impossible, *table.table.inputs[1:])
    assert suite_of(replace(table, table=replace(table.table, inputs=inputs))).cases == ()


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10**9))
def test_a_suite_finds_nothing_in_its_own_version(made: Any, seed: int) -> None:
    table = made.tables.drawn(random.Random(seed))  # noqa: S311 - tables, not secrets
    suite = suite_of(table)

    assert changed(suite, table) == ()
    ready = ReadyPolicy(table)
    assert all(one.value == ready.settle(one.values).value for one in suite.cases)


def test_a_suite_is_the_same_whenever_it_is_made(made: Any) -> None:
    assert suite_of(made.tables.liability()) == suite_of(made.tables.liability())


def share_noticed(table: PolicyTable, edits: Iterator[tuple[str, PolicyTable]]) -> float:
    suite = suite_of(table)
    tried = [bool(changed(suite, edited)) for _, edited in edits if not are_equivalent(table, edited)]
    return sum(tried) / len(tried)


def test_a_suite_notices_edits_of_the_liability_table(made: Any) -> None:
    table = made.tables.liability()
    edits = list(made.edits.edits(table, random.Random(1)))[::EACH]  # noqa: S311 - edits, not secrets

    assert share_noticed(table, iter(edits)) >= ASKED


@pytest.mark.full
def test_suites_notice_nearly_every_edit_of_tables_of_every_hit_policy(made: Any) -> None:
    count = made.suites.Count()
    for number in range(40):
        chance = random.Random(number)  # noqa: S311 - tables, not secrets
        table = made.tables.drawn(chance)
        made.suites.tried(table, suite_of(table), chance, count)

    assert count.share >= ASKED, count.examples
