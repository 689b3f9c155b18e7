"""What SQL would not decide exactly is refused when a policy is written as SQL, with the reason."""

from typing import Any

import pytest

from tiffin.engines.decisions.dmn.tables import Aggregation, HitPolicy, OutputColumn
from tiffin.engines.decisions.sql.columns import BOOLEAN, DATE, DOUBLE, INSTANT, TEXT, WHOLE, NotPushed, decimal_type
from tiffin.engines.decisions.sql.deciding import push

FACTS = {"n": WHOLE, "k": WHOLE, "x": DOUBLE, "s": TEXT, "b": BOOLEAN, "d": DATE, "i": INSTANT, "q": decimal_type(6, 3)}


@pytest.mark.parametrize(
    ("cell", "fact", "why"),
    [
        ('"a"', "n", "cannot be compared"),
        ("3", "s", "cannot be compared"),
        ("0.1234567890123456789", "x", "more than 15 digits"),
        ('@"2021-03-01T12:00:00"', "i", "has to tell its offset"),
        ("odd(?)", "n", "`odd` of these arguments"),
        ("> q", "x", "not compared exactly"),
        ('matches(?, "a+")', "s", "`matches` of these arguments"),
        ("< true", "b", "have no order"),
    ],
)
def test_a_cell_that_is_not_exact_is_refused(a_policy: Any, cell: str, fact: str, why: str) -> None:
    with pytest.raises(NotPushed, match=why):
        push(a_policy([[cell]], inputs=[fact]), FACTS, "duckdb")


@pytest.mark.parametrize(
    ("result", "why"),
    [
        ("n * k", "may have 38 digits"),
        ("x + 1", "left to the single decision"),
        ("q / 3", "a quotient is exact only by a constant"),
        ("1 / k", "quotient by a fact"),
        ("q ** 2", "Powers"),
        ("upper case(s)", "`upper case`"),
        ("[n, k]", "ListOf"),
        ("unknown", "no column"),
        ('if b then 1 else "a"', "of several types"),
        ("if n then 1 else 2", "A condition was expected"),
        ("round half up(q, k)", "constant number of digits"),
        ('d + @"P1D"', "only differences"),
    ],
)
def test_a_result_that_is_not_exact_is_refused(a_policy: Any, result: str, why: str) -> None:
    with pytest.raises(NotPushed, match=f"(?i){why}"):
        push(a_policy([["-"]], inputs=["n"], results=[result]), FACTS, "spark")


@pytest.mark.parametrize("hit_policy", [HitPolicy.RULE_ORDER, HitPolicy.OUTPUT_ORDER, HitPolicy.COLLECT])
def test_a_hit_policy_that_gives_lists_is_refused(a_policy: Any, hit_policy: HitPolicy) -> None:
    with pytest.raises(NotPushed, match="gives lists"):
        push(a_policy([["-"]], inputs=["n"], hit_policy=hit_policy), FACTS, "duckdb")


@pytest.mark.parametrize(
    ("results", "why"),
    [
        (["1", "null"], "of which a row gives null"),
        (["1", "n"], "have to give constants"),
        (["1", '"a"'], "give a number"),
    ],
)
def test_a_sum_that_is_not_exact_is_refused(a_policy: Any, results: list[str], why: str) -> None:
    with pytest.raises(NotPushed, match=why):
        push(
            a_policy(
                [["-"], ["> 2"]],
                inputs=["n"],
                results=results,
                hit_policy=HitPolicy.COLLECT,
                aggregation=Aggregation.SUM,
            ),
            FACTS,
            "duckdb",
        )


def test_a_computed_output_that_may_have_some_values_only_is_refused(a_policy: Any, typed_tables: Any) -> None:
    outputs = (OutputColumn("o", allowed=typed_tables.tests("[0..9]")),)

    with pytest.raises(NotPushed, match="may have some values only"):
        push(a_policy([["-"]], inputs=["n"], results=["k + 1"], outputs=outputs), FACTS, "duckdb")


def test_a_column_wider_than_the_numbers_of_feel_is_refused() -> None:
    with pytest.raises(NotPushed, match="numbers have 34"):
        decimal_type(38, 2)


def test_a_text_of_a_policy_never_becomes_a_statement(
    a_policy: Any, engine: Any, decided_by: Any, arrow_cases: Any
) -> None:
    hostile = "' OR 1=1; DROP TABLE cases; --\\"
    policy = a_policy([['"it\'s"'], ["note"]], inputs=["s"], results=["1", "2"])
    policy.parameters["note"] = hostile
    facts = {"s": TEXT}

    found = decided_by(
        engine[1], push(policy, facts, engine[0]), arrow_cases([{"s": hostile}, {"s": "it's"}, {"s": "a"}], facts)
    )

    assert [row for row, _ in found] == [2, 1, 0]


def test_a_table_whose_tree_would_be_far_wider_is_decided_row_by_row(
    a_policy: Any, typed_tables: Any, engine: Any, decided_by: Any, arrow_cases: Any, single_answer: Any
) -> None:
    facts = {name: fact.type for name, fact in typed_tables.FACTS.items()}
    rows = [[fact.cells[2] if name == own else "-" for own in facts] for name, fact in typed_tables.FACTS.items()]
    policy = a_policy(rows, inputs=list(facts), hit_policy=HitPolicy.UNIQUE)
    cases = [
        {
            name: fact.values[(number * step) % len(fact.values)]
            for step, (name, fact) in enumerate(typed_tables.FACTS.items(), 1)
        }
        for number in range(60)
    ]
    pushed = push(policy, facts, engine[0])

    found = decided_by(engine[1], pushed, arrow_cases(cases, facts))

    assert "LEAST" in pushed.row.sql()
    for case, answer in zip(cases, found, strict=True):
        codes, outputs = single_answer(policy, case)
        assert answer[0] in codes
        assert answer[1:] == outputs
