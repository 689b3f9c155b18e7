"""A replay says of every case what deciding it alone says, and adds up what follows."""

import random
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

import duckdb
import pyarrow as pa
import pytest
from sqlglot import exp

from tiffin.engines.decisions.dmn.plain import NotPlain
from tiffin.engines.decisions.dmn.tables import (
    Aggregation,
    HitPolicy,
    InputColumn,
    OutputColumn,
    Row,
    TableOf,
    outcome,
    permits,
    rows_that_hold,
)
from tiffin.engines.decisions.feel.calling import BUILT_INS
from tiffin.engines.decisions.feel.evaluating_members import MEMBERS
from tiffin.engines.decisions.feel.faults import FeelFault
from tiffin.engines.decisions.feel.from_python import feel_value
from tiffin.engines.decisions.feel.names import Names
from tiffin.engines.decisions.feel.parsing import parse_expression, parse_tests
from tiffin.engines.decisions.feel.run import Run
from tiffin.engines.decisions.feel.tree import Name
from tiffin.engines.decisions.feel.types import Kind
from tiffin.engines.decisions.feel.values import Scope
from tiffin.engines.decisions.policy import Domain, PolicyTable
from tiffin.engines.decisions.replaying.comparing import compare
from tiffin.engines.decisions.replaying.comparison import Comparison, Standing, Verdict, outcome_of
from tiffin.engines.decisions.replaying.conditions import WORD_BITS, conditions_of
from tiffin.engines.decisions.replaying.signing import is_telling
from tiffin.engines.decisions.replaying.stakes import Stakes
from tiffin.engines.decisions.replaying.statements import CaseColumns

Cells = Sequence[str]
Case = Mapping[str, Any]

NAMES = Names().with_variables((*BUILT_INS, "late", "problem", "rain", "km")).with_members(MEMBERS)
DOMAINS = (
    Domain("late", Kind.NUMBER, whole=True),
    Domain("problem", Kind.STRING),
    Domain("rain", Kind.BOOLEAN),
    Domain("km", Kind.NUMBER),
)
CHOICES: Mapping[str, tuple[str, ...]] = {
    "late": ("-", "-", "< 15", "[15..30)", "> 20", "not(3)", "15, 16", "null", "not(> 15)", ">= 29.5", "<= 15"),
    "problem": ("-", "-", '"cold"', '"cold", "wet"', 'not("wet")', "null", "not(null)"),
    "rain": ("-", "-", "true", "false", "not(true)", "null"),
    "km": ("-", "-", "< 2.5", ">= 2.5", "(1..3]", "2.5", "not(2.5)"),
}
PEOPLE = {"rider": "rider_id", "customer": "customer_id"}
SCHEMA = pa.schema(
    {
        "case_id": pa.string(),
        "at": pa.timestamp("us", "UTC"),
        "market": pa.string(),
        "currency": pa.string(),
        "refund_minor": pa.int64(),
        "rider_id": pa.string(),
        "customer_id": pa.string(),
        "late": pa.int64(),
        "problem": pa.string(),
        "rain": pa.bool_(),
        "km": pa.float64(),
    }
)


def a_policy(*rows: Cells, hit: HitPolicy = HitPolicy.UNIQUE, **changes: Any) -> PolicyTable:
    """Make a table of the four inputs; a row is four cells, then party, money, share and points."""
    made = tuple(
        Row(
            tuple(parse_tests(text, NAMES) for text in row[:4]),
            tuple(parse_expression(text, NAMES) for text in row[4:]),
            (f"row.{number}",),
        )
        for number, row in enumerate(rows, 1)
    )
    outputs = tuple(OutputColumn(name) for name in ("party", "money", "rider_share", "points"))
    table = TableOf(tuple(InputColumn(Name(one.name)) for one in DOMAINS), outputs, made, hit)
    return PolicyTable("test", replace(table, **changes), DOMAINS, {})


def drawn_cases(count: int, seed: int) -> list[Case]:
    """Draw cases, at the edges of cells more often than elsewhere."""
    chance = random.Random(seed)  # noqa: S311 - draws of a test
    return [
        {
            "case_id": f"c{number:05d}",
            "at": chance.randrange(10**15),
            "market": chance.choice(("SA", "KW")),
            "currency": "SAR",
            "refund_minor": chance.choice((None, 999, 1000, 12345)),
            "rider_id": chance.choice((None, "r1", "r2", "r3")),
            "customer_id": f"u{chance.randrange(40)}",
            "late": chance.choice((None, 2, 3, 4, 14, 15, 16, 20, 21, 29, 30, 31)),
            "problem": chance.choice((None, "cold", "wet", "lost")),
            "rain": chance.choice((None, True, False)),
            "km": chance.choice((None, 0.5, 1.0, 2.5, 2.75, 3.0, 9.5)),
        }
        for number in range(count)
    ]


def drawn_rows(count: int, seed: int) -> list[Cells]:
    """Draw rows; with results of a few values, so that different rows often say the same."""
    chance = random.Random(seed)  # noqa: S311 - draws of a test
    return [
        (
            *(chance.choice(CHOICES[domain.name]) for domain in DOMAINS),
            chance.choice(('"rider"', '"platform"', '"both"')),
            chance.choice(("0", "500", "700")),
            chance.choice(("0", "33.33", "50")),
            chance.choice(("0", "1", "2.5")),
        )
        for _ in range(count)
    ]


def asking(cases: Sequence[Case]) -> Callable[[exp.Query], Mapping[str, Any]]:
    """Give what asks DuckDB of cases."""
    connection = duckdb.connect()
    connection.register("cases", pa.Table.from_pylist(list(cases), schema=SCHEMA))
    return lambda statement: connection.sql(statement.sql(dialect="duckdb")).to_arrow_table().to_pydict()


STAKES = Stakes(
    money="money",
    amount="refund_minor",
    shares={"rider": "rider_share"},
    party="party",
    joint={"both": ("rider", "platform")},
    points="points",
)
COLUMNS = CaseColumns("cases", currency="currency", amount="refund_minor", people=PEOPLE)


def replayed(base: PolicyTable, draft: PolicyTable, cases: Sequence[Case], **changes: Any) -> Comparison:
    return compare(base, draft, replace(COLUMNS, **changes), STAKES, asking(cases))


def alone(policy: PolicyTable, case: Case) -> Verdict:
    """Decide one case as the interpreter does."""
    table, scope = policy.table, Scope({})
    values = [feel_value(case[domain.name]) for domain in policy.domains]
    if not all(permits(column, value, scope, Run()) for column, value in zip(table.inputs, values, strict=True)):
        return Verdict(Standing.OUTSIDE)
    hits = rows_that_hold(table, values, scope, Run())
    ids = tuple(row.annotations[0] for row in hits)
    try:
        found = outcome(table, hits, scope, Run())
    except FeelFault:
        return Verdict(Standing.CONTRADICTION, ids)
    outputs = found if isinstance(found, dict) else {"": found} if found is not None else {}
    first = ids[:1] if table.hit_policy is HitPolicy.FIRST else ids
    return Verdict(Standing.DECIDED if hits else Standing.GAP, first, outputs)


def told(base: Verdict, draft: Verdict) -> tuple[str, ...]:
    return tuple(repr((one.rows, outcome_of(one))) for one in (base, draft))


def counted(found: Comparison) -> Counter[tuple[str, ...]]:
    return Counter({told(one.base, one.draft): one.cases for one in found.transitions})


HITS = (
    (HitPolicy.UNIQUE, {}),
    (HitPolicy.FIRST, {}),
    (HitPolicy.ANY, {}),
    (HitPolicy.RULE_ORDER, {}),
    (HitPolicy.COLLECT, {"aggregation": Aggregation.COUNT}),
    (HitPolicy.UNIQUE, {"tiers": (0, 1, 0, 2, 1, 0)}),
)


@pytest.mark.parametrize(("hit", "changes"), HITS, ids=lambda one: str(one) if isinstance(one, HitPolicy) else "")
@pytest.mark.parametrize("seed", range(4))
def test_a_replay_decides_each_case_as_alone(hit: HitPolicy, changes: Mapping[str, Any], seed: int) -> None:
    rows, cases = drawn_rows(6, seed), drawn_cases(400, seed)
    edited = [*drawn_rows(1, seed + 99), *rows[1:]]
    base, draft = a_policy(*rows, hit=hit, **changes), a_policy(*edited, hit=hit, **changes)

    found = compare(base, draft, COLUMNS, Stakes(), asking(cases))

    expected = Counter(told(alone(base, case), alone(draft, case)) for case in cases)
    assert counted(found) == expected


def test_more_conditions_than_a_word_holds_are_decided_alike() -> None:
    rows = [(str(number), "-", "-", "-", '"rider"', "500", "0", "1") for number in range(WORD_BITS + 20)]
    base, draft = a_policy(*rows), a_policy(*rows[:-1])
    last = WORD_BITS + 19
    cases = [{**one, "late": number} for number, one in enumerate(drawn_cases(last + 1, 1))]

    found = replayed(base, draft, cases)

    assert conditions_of(base, draft).words == 2
    assert (found.cases, found.changed) == (last + 1, 1)
    (changed,) = [one for one in found.transitions if one.is_changed]
    assert changed.base.rows == (f"row.{last + 1}",)
    assert changed.draft.standing is Standing.GAP
    assert changed.examples == (f"c{last:05d}",)


def test_values_that_an_input_may_not_have_are_outside() -> None:
    row = ("-", "-", "-", "-", '"rider"', "500", "0", "1")
    free = a_policy(row)
    inputs = (replace(free.table.inputs[0], allowed=parse_tests("[0..20]", NAMES)), *free.table.inputs[1:])
    bound = a_policy(row, inputs=inputs)
    cases = [{**one, "late": late} for one, late in zip(drawn_cases(3, 1), (None, 20, 21), strict=True)]

    found = replayed(bound, free, cases)

    assert Counter({one.base.standing: one.cases for one in found.transitions}) == {
        Standing.DECIDED: 2,
        Standing.OUTSIDE: 1,
    }
    assert found.changed == 1


@pytest.mark.parametrize("seed", range(4))
def test_money_and_points_are_what_cases_add_up_to(seed: int) -> None:
    rows, cases = drawn_rows(5, seed), drawn_cases(300, seed)
    base = a_policy(*rows, hit=HitPolicy.FIRST)
    draft = a_policy(*drawn_rows(2, seed + 50), *rows[2:], hit=HitPolicy.FIRST)

    found = replayed(base, draft, cases)

    for market in ("SA", "KW"):
        for party in ("rider", "platform"):
            stake = next((one for one in found.stakes if (one.market, one.party) == (market, party)), None)
            mine = [case for case in cases if case["market"] == market]
            before, after = (sum(put_on(party, alone(one, case), case)[0] for case in mine) for one in (base, draft))
            points = [sum(put_on(party, alone(one, case), case)[1] for case in mine) for one in (base, draft)]
            money = (stake.base_minor, stake.draft_minor) if stake else (0, 0)
            assert money == (round(before), round(after))
            assert ([stake.base_points, stake.draft_points] if stake else [0, 0]) == points


@pytest.mark.parametrize("seed", range(4))
def test_the_most_affected_are_those_whose_changed_cases_add_up_to_most(seed: int) -> None:
    rows, cases = drawn_rows(5, seed), drawn_cases(300, seed)
    base = a_policy(*rows, hit=HitPolicy.FIRST)
    draft = a_policy(*drawn_rows(2, seed + 50), *rows[2:], hit=HitPolicy.FIRST)

    found = replayed(base, draft, cases)

    riders = next(one for one in found.people if one.kind == "rider")
    sums: dict[str, list[Decimal]] = {}
    for case in cases:
        sides = alone(base, case), alone(draft, case)
        if outcome_of(sides[0]) != outcome_of(sides[1]) and case["rider_id"]:
            before, after = (put_on("rider", one, case) for one in sides)
            known = sums.setdefault(case["rider_id"], [Decimal(0), Decimal(0), Decimal(0)])
            known[0] += after[0] - before[0]
            known[1] += after[1] - before[1]
            known[2] += 1
    assert riders.people == len(sums)
    assert {one.person: [one.money_minor, one.points, one.cases] for one in riders.most} == {
        person: [round(money), points, count] for person, (money, points, count) in sums.items()
    }
    assert [abs(one.money_minor) for one in riders.most] == sorted(
        (abs(one.money_minor) for one in riders.most), reverse=True
    )


def put_on(party: str, verdict: Verdict, case: Case) -> tuple[Decimal, Decimal]:
    """Tell what a verdict puts on a party, as a person would work it out."""
    if verdict.standing is not Standing.DECIDED:
        return Decimal(0), Decimal(0)
    outputs = verdict.outputs
    bears = outputs["party"] in (party, "both")
    money = outputs["money"] if bears else Decimal(0)
    if party == "rider":
        money += outputs["rider_share"] * Decimal(case["refund_minor"] or 0) / 100
    return money, outputs["points"] if bears else Decimal(0)


def test_only_cases_that_meet_an_edited_row_are_looked_at_again() -> None:
    rows = drawn_rows(12, 5)
    base, draft = a_policy(*rows), a_policy(*rows[:-1], (*rows[-1][:5], "123", *rows[-1][6:]))

    conditions = conditions_of(base, draft)

    assert conditions.telling == (conditions.rows[0][-1],)
    assert is_telling(conditions) is not None


def test_a_table_that_says_the_same_in_another_order_changes_nothing() -> None:
    rows = drawn_rows(6, 3)
    found = replayed(a_policy(*rows), a_policy(*reversed(rows)), drawn_cases(300, 3))

    assert found.changed == 0
    assert sum(one.changed for one in found.stakes) == 0
    assert all(one.people == 0 for one in found.people)


def test_an_input_that_one_version_lacks_is_not_tested_by_it() -> None:
    whole = a_policy(("> 15", "-", "-", "< 2.5", '"rider"', "500", "0", "1"))
    rows = tuple(replace(row, tests=row.tests[:3]) for row in whole.table.rows)
    narrow = replace(
        whole, table=replace(whole.table, inputs=whole.table.inputs[:3], rows=rows), domains=whole.domains[:3]
    )
    cases = [{**one, "late": 20, "km": km} for one, km in zip(drawn_cases(2, 1), (1.0, 9.0), strict=True)]

    found = replayed(narrow, whole, cases)

    assert (found.cases, found.changed) == (2, 1)


def test_examples_are_looked_for_near_at_hand_first_and_then_everywhere() -> None:
    base = a_policy(("-", "-", "true", "-", '"rider"', "500", "0", "1"))
    draft = a_policy(("-", "-", "true", "-", '"rider"', "600", "0", "1"))
    cases = [
        {**one, "rain": True, "market": market} for one, market in zip(drawn_cases(2, 1), ("SA", "KW"), strict=True)
    ]

    near = replayed(base, draft, cases, part=exp.column("market").eq("KW"))
    rare = replayed(base, draft, cases, part=exp.column("market").eq("XX"))

    assert [one.examples for one in near.transitions] == [("c00001",)]
    assert set(rare.transitions[0].examples) == {"c00000", "c00001"}


def test_results_that_rest_on_the_case_are_refused() -> None:
    policy = a_policy(("-", "-", "-", "-", '"rider"', "late * 100", "0", "1"))

    with pytest.raises(NotPlain):
        replayed(policy, policy, drawn_cases(3, 1))
