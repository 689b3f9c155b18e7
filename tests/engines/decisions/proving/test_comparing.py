"""Two versions differ where an edit reaches, and nowhere else."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

from tiffin.engines.decisions.dmn.tables import OutputColumn
from tiffin.engines.decisions.feel.names import Names
from tiffin.engines.decisions.feel.parsing import parse_expression, parse_tests
from tiffin.engines.decisions.policy import PolicyTable
from tiffin.engines.decisions.proving.comparing import are_equivalent, differences
from tiffin.engines.decisions.proving.differences import Standing
from tiffin.engines.decisions.proving.limits import Stretch

Table = Callable[..., PolicyTable]
NUMBER = {"n number !": ""}


def test_an_edit_differs_in_the_region_that_it_reaches(table: Table) -> None:
    before = table(NUMBER, "< 5 -> 1", ">= 5 -> 2")
    after = table(NUMBER, "< 7 -> 1", ">= 7 -> 2")
    (only,) = differences(before, after)
    assert [one.pieces for one in only.where] == [(Stretch(Decimal(5), True, Decimal(7), False),)]
    assert (only.before.rows, only.after.rows) == ((1,), (0,))
    assert (only.before.values, only.after.values) == ({"amount": Decimal(2)}, {"amount": Decimal(1)})


def test_a_table_written_otherwise_means_the_same(table: Table, drawing: Any) -> None:
    whole = table({"n number whole !": "", "b boolean !": ""}, "<= 4 | - -> 1", "> 4 | - -> 2")
    split = table({"n number whole !": "", "b boolean !": ""}, ">= 5 | true -> 2", ">= 5 | false -> 2", "< 5 | - -> 1")
    assert are_equivalent(whole, split)
    ordered = table({"n number whole !": "", "b boolean !": ""}, "< 5 | - -> 1", "- | - -> 2", hit="FIRST")
    assert are_equivalent(whole, ordered)
    policy = drawing.liability(3)
    assert are_equivalent(policy, replace(policy, table=replace(policy.table, rows=policy.table.rows[::-1])))


def test_an_input_or_output_more_differs_where_it_counts(table: Table) -> None:
    before = table(NUMBER, "- -> 1")
    after = table({"b boolean !": "", **NUMBER}, "true | - -> 1", "false | > 3 -> 2", "false | <= 3 -> 1")
    (only,) = differences(before, after)
    assert only.inputs == ("n", "b")
    assert only.case[1] is False
    assert only.case[0] > 3
    assert not are_equivalent(before, table(NUMBER, "- -> 1 | 2", outputs=("amount", "points")))


def test_what_comes_to_nothing_is_told_with_its_cause(table: Table) -> None:
    before = table({"n number !": "[0..9]"}, "- -> 1")
    assert {one.after.standing for one in differences(before, table({"n number !": "[0..9]"}, "< 5 -> 1"))} == {
        Standing.GAP
    }
    twice = table({"n number !": "[0..9]"}, "- -> 1", "> 5 -> 1")
    assert {(one.after.standing, one.after.rows) for one in differences(before, twice)} == {
        (Standing.CONTRADICTION, (0, 1))
    }
    narrower = table({"n number !": "[0..7]"}, "- -> 1")
    assert {one.after.standing for one in differences(before, narrower)} == {Standing.REFUSED}
    assert {one.before.standing for one in differences(narrower, before)} == {Standing.REFUSED}


def test_a_default_is_an_outcome_and_two_gaps_are_not(table: Table) -> None:
    open_ = table(NUMBER, "< 5 -> 1")
    columns = (OutputColumn("amount", default=parse_expression("7", Names())),)
    closed = table(NUMBER, "< 5 -> 1", columns=columns)
    (only,) = differences(open_, closed)
    assert (only.before.standing, only.after.rows, only.after.values) == (Standing.GAP, (), {"amount": Decimal(7)})
    assert are_equivalent(open_, table(NUMBER, "< 5 -> 1"))
    assert are_equivalent(closed, table(NUMBER, "< 5 -> 1", ">= 5 -> 7"))


def test_totals_are_compared_as_totals(table: Table) -> None:
    before = table(NUMBER, "< 5 -> 1", "< 5 -> 2", hit="COLLECT", aggregation="SUM")
    assert are_equivalent(before, table(NUMBER, "< 5 -> 3", hit="COLLECT", aggregation="SUM"))
    assert are_equivalent(before, table(NUMBER, "< 5 -> 3"))
    (only,) = differences(before, table(NUMBER, "< 5 -> 4", hit="COLLECT", aggregation="SUM"))
    assert (only.before.rows, only.after.rows) == ((0, 1), (0,))


def test_totals_set_against_rows_that_contradict_each_other_say_so(table: Table) -> None:
    total = table({"n number !": "[0..9]"}, "< 5 -> 1", "- -> 2", hit="COLLECT", aggregation="SUM")
    unique = table({"n number !": "[0..7]"}, "< 5 -> 1", "- -> 2")
    found = {(one.before.standing, one.after.standing) for one in differences(total, unique)}
    assert found == {(Standing.DECIDED, Standing.CONTRADICTION), (Standing.DECIDED, Standing.REFUSED)}
    gap = table({"n number !": "[0..9]"}, "< 5 -> 3", hit="COLLECT", aggregation="SUM")
    assert {one.after.standing for one in differences(total, gap)} == {Standing.GAP}
    never = {"n": parse_tests(">= 5", Names())}
    assert list(differences(total, gap, [never])) == []


def test_what_cannot_be_makes_no_difference(table: Table) -> None:
    places = {"market string !": "", "city string": ""}
    before = table(places, '"KW" | - -> 1', 'not("KW") | - -> 2')
    after = table(places, '"KW" | not("riyadh") -> 1', 'not("KW") | - -> 2')
    never = {"market": parse_tests('not("SA")', Names()), "city": parse_tests('"riyadh"', Names())}
    assert not are_equivalent(before, after)
    assert list(differences(before, after, [never])) == []
