"""Past cases are gathered once, as first known, and versions are tried on those that the reader may see."""

import json
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from tests.policies.replaying.conftest import (
    DAY,
    LATE,
    LIABLE,
    NOW,
    a_refund,
    an_order,
    cases_in,
    copied,
    entering,
    write,
)

from tiffin.capabilities.policies.domain.case_source import case_source
from tiffin.capabilities.policies.domain.decision import Decision
from tiffin.capabilities.policies.domain.policy import Effective
from tiffin.capabilities.policies.service.backtest import Backtest, backtest, compare_versions, impact, limits_of
from tiffin.capabilities.policies.service.deciding import decide
from tiffin.capabilities.policies.service.history import gather, gather_everything, history_of
from tiffin.capabilities.policies.service.library import in_force
from tiffin.capabilities.policies.service.past_cases import find_case
from tiffin.cli.composition import compose
from tiffin.engines.decisions.dmn.tables import InputColumn
from tiffin.engines.decisions.feel import tree
from tiffin.engines.decisions.feel.types import Kind
from tiffin.engines.decisions.policy import Domain
from tiffin.kernel.contract import Classification
from tiffin.kernel.errors import Forbidden, InvalidDefinition, NotFound, WrongUse
from tiffin.runtime.actor import Grant, Role
from tiffin.runtime.context import Context
from tiffin.runtime.workspace import Workspace


def test_a_case_is_gathered_once(facts: Workspace) -> None:
    with entering(facts) as context:
        first = gather(context, LATE)
    with entering(facts) as context:
        second = gather(context, LATE)

    assert (first.found, first.added) == (89, 89)
    assert (second.found, second.added, second.version) == (89, 0, first.version)


def test_a_case_stays_as_it_was_first_known(facts: Workspace) -> None:
    with entering(facts) as context:
        gather(context, LATE)
    write(facts, "orders", an_order(21, late_min=77), an_order(500, late_min=3))
    with entering(facts, now=NOW + timedelta(days=1)) as context:
        gather(context, LATE)

    found = {one["case_id"]: one for one in cases_in(facts, LATE)}
    assert (found["riyadh/o21"]["minutes_late"], found["riyadh/o21"]["known_at"]) == (21, NOW)
    assert (found["riyadh/o500"]["minutes_late"], found["riyadh/o500"]["known_at"]) == (3, NOW + timedelta(days=1))


def test_a_case_that_is_said_to_have_happened_at_another_time_stays_as_it_was_first_known(facts: Workspace) -> None:
    with entering(facts) as context:
        gather(context, LATE)
    before = cases_in(facts, LATE)
    order = an_order(21, late_min=77)
    moved = {name: order[name] - timedelta(days=40) for name in ("promised_at", "delivered_at")}
    write(facts, "orders", order | moved)
    with entering(facts, now=NOW + timedelta(days=1)) as context:
        again = gather(context, LATE)

    assert again.added == 0
    assert sorted(map(repr, cases_in(facts, LATE))) == sorted(map(repr, before))


def test_of_two_who_gather_at_once_the_first_makes_a_case_known(facts: Workspace) -> None:
    with entering(facts) as context:
        gather(context, LATE)
    write(facts, "orders", an_order(501, late_min=5), an_order(503, late_min=5))
    told: list[int] = []

    def come_first(_: float) -> None:
        if not told:
            told.append(0)
            write(facts, "orders", an_order(501, late_min=77))
            with entering(facts, now=NOW + timedelta(minutes=1)) as context:
                told.append(gather(context, LATE).added)

    with entering(facts, now=NOW + timedelta(minutes=2)) as context:
        second = gather(context, LATE, come_first)

    found = {one["case_id"]: one for one in cases_in(facts, LATE)}
    assert (told, second.added) == ([0, 2], 0)
    assert (found["riyadh/o501"]["minutes_late"], found["riyadh/o501"]["known_at"]) == (77, NOW + timedelta(minutes=1))


def test_a_case_is_not_taken_up_before_it_has_settled(facts: Workspace) -> None:
    soon = an_order(700)
    write(facts, "orders", soon)
    for minutes, expected in ((59, False), (61, True)):
        with entering(facts, now=soon["delivered_at"] + timedelta(minutes=minutes)) as context:
            gather(context, LATE)
        assert ("riyadh/o700" in {one["case_id"] for one in cases_in(facts, LATE)}) is expected


def test_inputs_are_what_the_facts_say(facts: Workspace) -> None:
    write(facts, "orders", an_order(800, late_min=20.9, customer_id="c-new"))
    earlier = an_order(801, customer_id="c-new", status="cancelled")
    write(facts, "orders", earlier)
    at = an_order(800, late_min=20.9)["delivered_at"]
    for number, days in ((800, 89), (801, 91), (802, -1)):
        write(facts, "refunds", a_refund(number, earlier, refunded_at=at - timedelta(days=days)))
    with entering(facts) as context:
        gather(context, LATE)

    (case,) = [one for one in cases_in(facts, LATE) if one["case_id"] == "riyadh/o800"]
    assert (case["minutes_late"], case["refunds_90_days"], case["is_first_order"]) == (20, 1, False)
    assert (case["market"], case["city"], case["currency"], case["customer_id"]) == ("SA", "riyadh", "SAR", "c-new")


def test_gathering_takes_an_analyst_or_steward_over_everything(facts: Workspace) -> None:
    for grants in ((), (Grant(Role.VIEWER, ("*",), ("*",)),), (Grant(Role.STEWARD, ("SA",), ()),)):
        with entering(facts, grants) as context, pytest.raises(Forbidden):
            gather(context, LATE)


def test_every_policy_that_says_where_its_cases_come_from_is_gathered(facts: Workspace) -> None:
    done: list[float] = []
    with entering(facts) as context:
        found = gather_everything(context, done.append)

    assert {one.policy: one.added > 0 for one in found} == {LATE: True, LIABLE: True}
    assert sum(done) == pytest.approx(1)


@pytest.mark.parametrize("policy", [LATE, LIABLE])
def test_a_backtest_decides_each_case_as_alone(gathered: Workspace, policy: str) -> None:
    with entering(gathered) as context:
        effective = in_force(context, policy, DAY)
        found = compare_versions(context, effective, effective)
        alone = Counter(told(decided(context, effective, case)) for case in cases_in(gathered, policy))

    assert found.comparison.changed == 0
    assert (
        Counter(
            {
                (one.base.rows, tuple(sorted(one.base.outputs.items()))): one.cases
                for one in found.comparison.transitions
            }
        )
        == alone
    )
    assert len(alone) > 5


def decided(context: Context, effective: Effective, case: dict[str, Any]) -> Decision:
    given = {one.name: case[one.name] for one in effective.stated.inputs}
    return decide(context, effective.name, given, market=case["market"], city=case["city"], on=DAY)


def told(decision: Decision) -> tuple[Any, ...]:
    return decision.rows, tuple(sorted(decision.outputs.items()))


def tried(context: Context, change: tuple[str, str] = ("(tolerance_min..30)", "(tolerance_min..25)")) -> Backtest:
    """Try the policy of late orders with another text in its file."""
    folder = context.workspace.overlay("policies") / LATE
    if not folder.is_dir():
        folder.mkdir(parents=True)
        shipped = in_force(context, LATE, DAY)
        text = (
            Path(__file__).parents[3] / "src/tiffin/capabilities/policies/policies" / LATE / "2026-01-01.yaml"
        ).read_text()
        assert change[0] in text
        text = text.replace(*change).replace("[30..60)", "[25..60)").partition("\nworked_cases:")[0]
        (folder / "2026-05-01.yaml").write_text(text + "\n")
        assert shipped.digest
    return backtest(context, LATE, on=date(2026, 5, 1))


def test_a_change_is_told_by_row_market_and_person(gathered: Workspace) -> None:
    with entering(gathered) as context:
        compared = tried(context).comparison
        reading = context.unit.reading.assets

    moved = [
        one
        for one in cases_in(gathered, LATE)
        if 25 <= one["minutes_late"] < 30 and one["cause"] not in ("customer", "weather")
    ]
    assert compared.changed == len(moved) > 0
    assert {one.draft.rows for one in compared.transitions if one.is_changed} == {("late.much",)}
    assert {one.market: one.changed for one in compared.markets if one.changed} == Counter(
        one["market"] for one in moved
    )
    (customers,) = compared.people
    assert customers.people == len({(one["customer_id"], one["currency"]) for one in moved})
    assert {case for one in compared.transitions for case in one.examples} <= {one["case_id"] for one in moved}
    assert {"policy:late-compensation", "table:orders"} <= set(reading)


def test_only_cases_of_the_readers_cities_count(gathered: Workspace) -> None:
    grants = (Grant(Role.STEWARD, ("SA",), ()), Grant(Role.STEWARD, (), ("sao-paulo",)))
    with entering(gathered) as context:
        whole = tried(context).comparison
    with entering(gathered, grants) as context:
        part = tried(context).comparison

    assert {one.market for one in part.markets} == {"SA", "BR"}
    assert part.cases == sum(one.cases for one in whole.markets if one.market in ("SA", "BR")) < whole.cases
    assert all("kuwait" not in case for one in part.transitions for case in one.examples)


def test_people_are_counted_and_not_named_to_whom_no_grant_opens_them(gathered: Workspace) -> None:
    with entering(gathered) as context:
        named = tried(context)
    with entering(gathered, (Grant(Role.ANALYST, ("*",), ("*",)),)) as context:
        hidden = tried(context)

    assert (named.hides_people, hidden.hides_people) == (False, True)
    assert named.comparison.people[0].most
    assert hidden.comparison.people == tuple(replace(one, most=()) for one in named.comparison.people)


@pytest.mark.parametrize(
    "grant",
    [
        Grant(Role.VIEWER, ("*",), ("*",)),
        Grant(Role.STEWARD, ("*",), ("*",), rows=(("zone_id", ("z",)),)),
        Grant(Role.STEWARD, ("*",), ("*",), minimum_size=20),
    ],
)
def test_whoever_may_not_see_single_cases_may_not_replay_them(gathered: Workspace, grant: Grant) -> None:
    with entering(gathered, (grant,)) as context, pytest.raises(Forbidden):
        backtest(context, LATE, on=DAY)


def test_a_column_that_is_guarded_more_closes_the_replay_to_whom_it_is_closed(gathered: Workspace) -> None:
    closed = Grant(Role.STEWARD, ("*",), ("*",), opens=())
    with entering(gathered, (closed,)) as context:
        assert backtest(context, LATE, on=DAY).hides_people
        source = case_source(in_force(context, LATE, DAY))
        assert source is not None
        money = replace(source.columns["minutes_late"], reads=frozenset({("orders", "basket_minor")}))
        guarded = replace(source, columns={**source.columns, "minutes_late": money})
        with pytest.raises(Forbidden, match=Classification.CONFIDENTIAL.value):
            sight_over(context, guarded)


def sight_over(context: Context, source: Any) -> Any:
    from tiffin.capabilities.policies.service.history_rights import sight_of  # noqa: PLC0415 - beside its only use

    return sight_of(context, source)


def test_a_sample_is_told_as_one(gathered: Workspace) -> None:
    with entering(gathered) as context:
        effective = in_force(context, LATE, DAY)
        whole, part = compare_versions(context, effective, effective), impact(context, effective, effective, sample=30)

    assert whole.share == 1
    assert part.share == pytest.approx(30 / 89, abs=0.001)
    assert 0 < part.comparison.cases < whole.comparison.cases
    assert len(limits_of(part, "en")) == len(limits_of(whole, "en")) + 1


def test_outputs_that_are_not_in_the_money_are_named(gathered: Workspace) -> None:
    with entering(gathered) as context:
        effective = in_force(context, LATE, DAY)
        found = compare_versions(context, effective, effective)
        counting = replace(effective, stated=replace(effective.stated, outputs=effective.stated.outputs[:2]))
        complete = compare_versions(context, counting, counting)

    (said,) = [one for one in limits_of(found, "pt_BR") if "names" in one.values]
    assert said.values["names"] == "Parte do valor devolvida · Taxa de entrega devolvida"
    assert not any("names" in one.values for one in limits_of(complete, "en"))


def test_while_somebody_edits_counts_and_money_are_told_without_people(gathered: Workspace) -> None:
    with entering(gathered) as context:
        whole = tried(context).comparison
        base, draft = in_force(context, LATE, DAY), in_force(context, LATE, date(2026, 5, 1))
        brief = impact(context, base, draft).comparison

    assert (brief.cases, brief.changed, brief.stakes) == (whole.cases, whole.changed, whole.stakes)
    assert brief.markets == whole.markets
    assert not any(one.people for one in brief.people)


def test_either_engine_gathers_and_replays_alike(gathered: Workspace, facts_once: Workspace, tmp_path: Path) -> None:
    other = copied(facts_once, tmp_path / "other")
    with entering(other, engine="spark") as context:
        gather(context, LATE)
    with entering(other, engine="spark") as context:
        distributed = tried(context).comparison
    with entering(gathered) as context:
        embedded = tried(context).comparison

    one, another = (sorted(map(repr, cases_in(workspace, LATE))) for workspace in (gathered, other))
    assert one == another
    assert distributed == embedded
    assert embedded.changed > 0


def test_a_policy_without_cases_or_gathering_says_what_to_do(facts: Workspace) -> None:
    with entering(facts) as context:
        with pytest.raises(NotFound, match="tiffin policies gather late-compensation"):
            history_of(context, in_force(context, LATE, DAY))
        with pytest.raises(NotFound, match="`cases:`"):
            gather(context, "surge-actions")
        with pytest.raises(WrongUse):
            backtest(context, LATE)


def test_an_input_that_cases_do_not_bring_is_named(gathered: Workspace) -> None:
    with entering(gathered) as context:
        late, liable = (in_force(context, one, DAY) for one in (LATE, LIABLE))
        with pytest.raises(InvalidDefinition, match="door_wait_min"):
            compare_versions(context, late, replace(liable, name=LATE))


def deciding_by_person(context: Context) -> Effective:
    """Make a version that asks for the customer."""
    found = in_force(context, LATE, DAY)
    table = found.table
    column = InputColumn(tree.Name("customer_id"))
    rows = tuple(replace(row, tests=(*row.tests, tree.Tests(()))) for row in table.table.rows)
    asking = replace(table.table, inputs=(*table.table.inputs, column), rows=rows)
    domains = (*table.domains, Domain("customer_id", Kind.STRING))
    return replace(found, table=replace(table, table=asking, domains=domains))


@pytest.mark.parametrize("run", [compare_versions, impact])
def test_a_trial_singles_no_person_out(gathered: Workspace, run: Callable[..., Backtest]) -> None:
    with entering(gathered) as context:
        late, personal = in_force(context, LATE, DAY), deciding_by_person(context)
        with pytest.raises(InvalidDefinition, match="customer_id, which tells people apart"):
            run(context, late, personal)


def test_a_policy_that_decides_by_person_is_replayed_by_whom_people_are_open_to(gathered: Workspace) -> None:
    with entering(gathered) as context:
        assert compare_versions(context, deciding_by_person(context), in_force(context, LATE, DAY)).comparison.cases
    with entering(gathered, (Grant(Role.ANALYST, ("*",), ("*",)),)) as context:
        personal = deciding_by_person(context)
        with pytest.raises(Forbidden, match=Classification.PERSONAL.value):
            compare_versions(context, personal, in_force(context, LATE, DAY))
        with pytest.raises(Forbidden, match=Classification.PERSONAL.value):
            find_case(context, personal, "riyadh/o21")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"from": "nothing"}, "`nothing` means nothing here"),
        ({"from": "fleets"}, "belongs to no city|means nothing"),
        ({"at": "status"}, "`status` means nothing here"),
        ({"where": "minutes_late"}, "means nothing here"),
        ({"where": "item_count"}, "is no condition"),
        ({"inputs": {"minutes_late": "status"}}, "gives a text"),
        ({"inputs": {"cause": "sky.nothing"}}, "`sky.nothing` means nothing"),
        ({"inputs": {"cause": "upper(status)"}}, "not in the vocabulary"),
        ({"settle_hours": -1}, "whole number from 0"),
        ({"columns": {"bucket": "status"}}, "by itself"),
        ({"amount": "nothing"}, "`nothing` means nothing"),
        ({"shares": {"rider": "nothing"}}, "`nothing` means nothing"),
        ({"join": {"x": {"table": "weather", "by": ["order_id"]}}}, "`order_id` means nothing"),
        ({"unheard": 1}, "`unheard` means nothing"),
    ],
)
def test_a_wrong_section_of_cases_is_told_with_the_reason(
    gathered: Workspace, change: dict[str, Any], said: str
) -> None:
    with entering(gathered) as context:
        found = in_force(context, LATE, DAY)
    stated = replace(found.stated, cases={**found.stated.cases, **change})

    with pytest.raises(InvalidDefinition, match=said):
        case_source(replace(found, stated=stated))


def test_the_commands_tell_what_changes(gathered: Workspace) -> None:
    runner = CliRunner()
    where = ["--workspace", str(gathered.root), "--json"]
    made = json.loads(runner.invoke(compose(), ["policies", "gather", LATE, *where]).stdout)
    tested = json.loads(runner.invoke(compose(), ["policies", "backtest", LATE, "--on", "2026-03-20", *where]).stdout)
    compared = json.loads(
        runner.invoke(compose(), ["policies", "diff", LATE, "2026-03-19", "2026-03-20", *where]).stdout
    )

    assert (made["policy"], made["added"]) == (LATE, 0)
    assert (tested["cases"], tested["changed"]) == (89, 0)
    assert compared["transitions"] == tested["transitions"]
    assert len(tested["limits"]) == 4
