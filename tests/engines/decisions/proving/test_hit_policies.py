"""What is a fault depends on what the table does when several rows hold."""

from collections.abc import Callable

import pytest

from tiffin.engines.decisions.dmn.tables import Aggregation, OutputColumn
from tiffin.engines.decisions.feel.names import Names
from tiffin.engines.decisions.feel.parsing import parse_expression
from tiffin.engines.decisions.policy import PolicyTable
from tiffin.engines.decisions.proving.findings import Fault
from tiffin.engines.decisions.proving.proof import prove

Table = Callable[..., PolicyTable]
NUMBER = {"n number !": ""}


def faults(policy: PolicyTable) -> list[Fault]:
    return [one.fault for one in prove(policy).findings]


@pytest.mark.parametrize(
    ("hit", "expected"),
    [
        ("UNIQUE", [Fault.OVERLAP]),
        ("ANY", [Fault.OVERLAP]),
        ("PRIORITY", []),
        ("FIRST", []),
        ("RULE ORDER", []),
        ("OUTPUT ORDER", []),
        ("COLLECT", []),
    ],
)
def test_rows_with_other_results_may_overlap_where_something_decides_between_them(
    table: Table, hit: str, expected: list[Fault]
) -> None:
    priorities = tuple(parse_expression(one, Names()) for one in ("1", "2"))
    columns = (OutputColumn("amount", priorities),)
    assert faults(table(NUMBER, "<= 5 -> 1", ">= 5 -> 2", hit=hit, columns=columns)) == expected


def test_rows_of_one_result_may_overlap_where_any_will_do_and_not_in_a_unique_table(table: Table) -> None:
    rows = ("<= 5 -> 1", ">= 5 -> 1")
    assert faults(table(NUMBER, *rows, hit="ANY")) == []
    assert faults(table(NUMBER, *rows)) == [Fault.OVERLAP]


def test_rows_of_one_priority_and_other_results_contradict_each_other(table: Table) -> None:
    priorities = tuple(parse_expression(one, Names()) for one in ("1",))
    columns = (OutputColumn("amount", priorities),)
    tied = table(NUMBER, "<= 5 -> 2", ">= 5 -> 3", hit="PRIORITY", columns=columns)
    assert faults(tied) == [Fault.OVERLAP]
    settled = table(NUMBER, "<= 5 -> 2", ">= 5 -> 3", "5 -> 1", hit="PRIORITY", columns=columns)
    assert faults(settled) == []


def test_rows_of_other_tiers_may_overlap(table: Table) -> None:
    rows = ("- -> 1", "> 5 -> 2", "> 7 -> 3")
    assert faults(table(NUMBER, *rows, tiers=(0, 1, 2))) == []
    assert faults(table(NUMBER, *rows, tiers=(0, 1, 1))) == [Fault.OVERLAP]
    hidden = ("- -> 1", "> 5 -> 2", "> 7 -> 3", "> 6 -> 4")
    assert faults(table(NUMBER, *hidden, tiers=(0, 1, 1, 2))) == [Fault.MASKED]


@pytest.mark.parametrize(
    ("hit", "aggregation", "expected"),
    [
        ("UNIQUE", None, [Fault.GAP]),
        ("FIRST", None, [Fault.GAP]),
        ("COLLECT", None, []),
        ("RULE ORDER", None, []),
        ("COLLECT", "COUNT", []),
        ("COLLECT", "SUM", [Fault.GAP]),
        ("COLLECT", "MAX", [Fault.GAP]),
    ],
)
def test_no_row_is_a_fault_where_nothing_follows_from_it(
    table: Table, hit: str, aggregation: str | None, expected: list[Fault]
) -> None:
    chosen = Aggregation(aggregation) if aggregation else None
    assert faults(table(NUMBER, "< 5 -> 1", hit=hit, aggregation=chosen)) == expected
    columns = (OutputColumn("amount", default=parse_expression("0", Names())),)
    assert faults(table(NUMBER, "< 5 -> 1", hit=hit, aggregation=chosen, columns=columns)) == []
