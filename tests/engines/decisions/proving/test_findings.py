"""Each kind of fault is found when it is put into a sound table, with the rows and the case on which it shows."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from tiffin.engines.decisions.dmn.tables import OutputColumn, Row
from tiffin.engines.decisions.feel.names import Names
from tiffin.engines.decisions.feel.parsing import parse_expression, parse_tests
from tiffin.engines.decisions.feel.tree import Constant
from tiffin.engines.decisions.policy import PolicyTable
from tiffin.engines.decisions.proving.findings import Fault, Finding, Law, Order, Promise, Sum, Unused
from tiffin.engines.decisions.proving.proof import prove

Table = Callable[..., PolicyTable]

LATE = {"late number whole !": "[0..600]", "cause string !": '"kitchen", "rider", "weather"'}
SOUND = (
    '< 15 | - -> 0 | "nobody"',
    '[15..60) | "kitchen", "rider" -> 500 | "merchant"',
    '>= 60 | "kitchen", "rider" -> 900 | "merchant"',
    '>= 15 | "weather" -> 100 | "nobody"',
)
OUTPUTS = ("amount", "party")
ANYTHING = parse_tests("-", Names())


def found(policy: PolicyTable, fault: Fault, *promises: Promise) -> list[Finding]:
    return [one for one in prove(policy, promises).findings if one.fault is fault]


def with_rows(policy: PolicyTable, rows: list[Row], tiers: tuple[int, ...] = ()) -> PolicyTable:
    return replace(policy, table=replace(policy.table, rows=tuple(rows), tiers=tiers))


def test_a_sound_table_has_no_finding(table: Table, drawing: Any) -> None:
    assert prove(table(LATE, *SOUND, outputs=OUTPUTS), (Order("late", "amount"),)).holds
    assert prove(drawing.liability(3)).holds


def test_every_row_that_is_taken_out_leaves_a_gap_that_it_would_decide(drawing: Any, answer: Any) -> None:
    policy = drawing.liability()
    for number, row in enumerate(policy.table.rows):
        less = with_rows(policy, [one for one in policy.table.rows if one is not row])
        gaps = found(less, Fault.GAP)
        assert gaps, number
        for gap in gaps:
            assert gap.case is not None
            assert answer(less, gap.case) is None
            assert answer(policy, gap.case)["party"] == row.results[0].value  # type: ignore[attr-defined]


def test_every_row_that_stands_twice_is_an_overlap_with_itself(drawing: Any) -> None:
    policy = drawing.liability()
    count = len(policy.table.rows)
    for number, row in enumerate(policy.table.rows):
        twice = found(with_rows(policy, [*policy.table.rows, row]), Fault.OVERLAP)
        assert [one.rows for one in twice] == [(number, count)]


def test_every_row_that_is_overridden_whole_is_masked(drawing: Any) -> None:
    policy = drawing.liability()
    count = len(policy.table.rows)
    for number, row in enumerate(policy.table.rows):
        over = replace(row, annotations=("over",))
        masked = found(with_rows(policy, [*policy.table.rows, over], (0,) * count + (1,)), Fault.MASKED)
        assert [one.rows for one in masked] == [(number, count)]


def test_two_rows_mask_one_together(table: Table) -> None:
    policy = table({"n number !": ""}, "< 5 -> 1", ">= 5 -> 2", "[0..9] -> 3", hit="FIRST")
    assert [one.rows for one in found(policy, Fault.MASKED)] == [(2, 0, 1)]


def test_a_row_whose_values_may_not_occur_never_holds(table: Table) -> None:
    policy = table({"n number whole !": "[0..9]"}, "< 5 -> 1", ">= 5 -> 2", "(7..8) -> 3", "> 9 -> 4")
    assert [one.rows for one in found(policy, Fault.MASKED)] == [(2,), (3,)]


def test_neighbouring_gaps_are_one_region(table: Table) -> None:
    policy = table({"n number whole !": "[0..99]", "b boolean !": ""}, "< 10 | - -> 1", ">= 90 | true -> 2")
    regions = found(policy, Fault.GAP)
    assert len(regions) == 2
    low = next(one for one in regions if len(one.where) == 1)
    assert [(one.low, one.high) for one in low.where[0].pieces] == [(Decimal(10), Decimal(90))]  # type: ignore[union-attr]


def test_null_is_a_gap_unless_it_never_occurs(table: Table) -> None:
    assert [one.case for one in found(table({"b boolean": ""}, "true -> 1", "false -> 2"), Fault.GAP)] == [(None,)]
    assert found(table({"b boolean !": ""}, "true -> 1", "false -> 2"), Fault.GAP) == []


def test_a_value_that_only_a_masked_row_gives_never_comes(table: Table) -> None:
    names = Names()
    column = OutputColumn("amount", allowed=parse_tests("1, 2, 3, 4", names), default=parse_expression("4", names))
    policy = table({"n number !": ""}, "< 5 -> 1", ">= 5 -> 2", "7 -> 3", hit="FIRST", columns=(column,))
    never = [one.promise for one in found(policy, Fault.UNREACHABLE)]
    assert never == [Unused("amount", Decimal(3)), Unused("amount", Decimal(4))]


def test_outputs_add_up_also_where_they_are_parameters(table: Table) -> None:
    shares = {"whole": Decimal(100), "half": Decimal(50)}
    policy = table(
        {"b boolean !": ""}, "true -> half | half", "false -> whole | half", outputs=("one", "other"), parameters=shares
    )
    wrong = found(policy, Fault.SUM, Sum(("one", "other"), Decimal(100)))
    assert [(one.rows, one.values, one.case) for one in wrong] == [((1,), (Decimal(100), Decimal(50)), (False,))]


@pytest.mark.parametrize(("row", "pairs"), [(2, {(1, 2)}), (3, set())])
def test_worse_that_costs_less_is_found_along_one_input_alone(table: Table, row: int, pairs: set[Any]) -> None:
    policy = table(LATE, *SOUND, outputs=OUTPUTS)
    rows = list(policy.table.rows)
    rows[row] = replace(rows[row], results=(Constant(Decimal(50)), rows[row].results[1]))
    broken = found(with_rows(policy, rows), Fault.ORDER, Order("late", "amount"))
    assert {one.rows for one in broken} == pairs
    for one in broken:
        assert one.case is not None
        assert one.other is not None
        assert one.case[0] < one.other[0]
        assert one.case[1] == one.other[1]


def test_a_market_looser_than_its_law_is_found_in_the_rows_that_decide_there(table: Table) -> None:
    names = Names()
    policy = table(
        {"market string !": "", "n number !": ""}, "- | < 5 -> 1", "- | >= 5 -> 9", '"KW" | < 5 -> 2', tiers=(0, 0, 1)
    )
    cells = (parse_tests('"KW"', names), parse_tests("< 7", names))
    wrong = found(policy, Fault.LAW, Law("amount", cells, at_least=Decimal(3), market="KW", reference="law"))
    assert [(one.rows, one.case and one.case[0], one.values) for one in wrong] == [((2,), "KW", (Decimal(2),))]
    lower = Law("amount", cells, at_least=Decimal(2), at_most=Decimal(9))
    assert found(policy, Fault.LAW, lower) == []
    assert [one.rows for one in found(policy, Fault.LAW, replace(lower, at_most=Decimal(8)))] == [(1,)]


def test_a_law_holds_for_totals_of_rows_that_hold_together(table: Table) -> None:
    policy = table({"n number !": ""}, "< 5 -> 1", "> 3 -> 2", hit="COLLECT", aggregation="SUM")
    wrong = found(policy, Fault.LAW, Law("amount", (ANYTHING,), at_most=Decimal(2)))
    assert [(one.rows, one.values) for one in wrong] == [((0, 1), (Decimal(3),))]


def test_a_total_that_falls_is_found(table: Table) -> None:
    policy = table({"n number !": ""}, "< 5 -> 1", "- -> 2", hit="COLLECT", aggregation="SUM")
    broken = found(policy, Fault.ORDER, Order("n", "amount"))
    assert [one.values for one in broken] == [(Decimal(3), Decimal(2))]
    assert found(policy, Fault.ORDER, Order("n", "amount", rising=False)) == []


def test_a_result_that_its_output_may_not_be_is_found(table: Table) -> None:
    columns = (OutputColumn("amount", allowed=parse_tests("[0..10]", Names())),)
    policy = table({"b boolean !": ""}, "true -> 5", "false -> 11", columns=columns)
    assert [one.rows for one in found(policy, Fault.RESULT)] == [(1,)]


def test_what_rests_on_the_case_is_not_proven_and_said_so(table: Table) -> None:
    policy = table({"n number !": ""}, "< 5 -> n * 2", ">= 5 -> 2")
    promises = (Order("n", "amount"), Sum(("amount",), Decimal(2)), Law("amount", (ANYTHING,), at_least=Decimal(0)))
    assert [one.rows for one in found(policy, Fault.UNSETTLED, *promises)] == [(0,), (0,), (0,)]
    total = table({"n number !": ""}, "< 5 -> n * 2", ">= 5 -> 2", hit="COLLECT", aggregation="SUM")
    assert len(found(total, Fault.UNSETTLED, *promises)) == 3
    assert len(found(table({"n number !": ""}, "- -> 2", hit="COLLECT"), Fault.UNSETTLED, promises[0])) == 1


def test_what_cannot_be_is_no_fault(table: Table) -> None:
    places = {"market string !": "", "city string": ""}
    policy = table(places, "- | - -> 1", '"KW" | - -> 2', '- | "riyadh" -> 3', tiers=(0, 1, 1))
    names = Names()
    never = {"market": parse_tests('not("SA")', names), "city": parse_tests('"riyadh"', names)}
    assert [one.rows for one in found(policy, Fault.OVERLAP)] == [(1, 2)]
    assert prove(policy, (), [never]).holds


def test_findings_beyond_the_most_are_left_out_and_said_so(table: Table) -> None:
    policy = table({"n number": ""}, *["- -> 1"] * 5)
    assert len(found(policy, Fault.OVERLAP)) == 10
    cut = prove(policy, most=3)
    assert len(cut.findings) == 3
    assert cut.cut == {Fault.OVERLAP}


def test_a_table_that_is_too_entangled_is_said_to_be_so(
    table: Table, drawing: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    policy = drawing.large(200)
    monkeypatch.setattr("tiffin.engines.decisions.proving.spaces.MAX_STEPS", 1_000)
    assert prove(policy).findings[-1] == Finding(Fault.UNSETTLED)
    assert prove(table(LATE, *SOUND, outputs=OUTPUTS)).holds
