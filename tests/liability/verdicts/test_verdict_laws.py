"""What holds of every verdict: shares add up, nobody pays for circumstances, no machine suspends."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.liability.verdicts.conftest import NOW

from tiffin.capabilities.cases.domain.incident_cases import DELIVERY_INCIDENT
from tiffin.capabilities.liability.domain.incident import IncidentType
from tiffin.capabilities.liability.domain.judging import LATENESS, POLICIES, Split, Stake, judged
from tiffin.capabilities.liability.domain.parties import WHOLE, Party, split_whole
from tiffin.capabilities.liability.domain.routing import options_of
from tiffin.capabilities.policies.domain.plain import value_as_plain
from tiffin.capabilities.policies.service.deciding import desk_of
from tiffin.capabilities.policies.service.library import in_force
from tiffin.capabilities.policies.service.pushing import refused_by_sql
from tiffin.engines.cases.checking import faults_of
from tiffin.engines.decisions.explaining.settling import outputs_of
from tiffin.runtime.context import Context
from tiffin.runtime.edge import open_context
from tiffin.runtime.workspace import Workspace

TABLES = sorted(set(POLICIES.values()))
ALL = frozenset(Party)
COUNTS = st.integers(0, 10_000)
STAKES = st.builds(
    Stake,
    currency=st.just("SAR"),
    at_stake_minor=COUNTS,
    basket_minor=COUNTS,
    delivery_fee_minor=st.integers(0, 2_000),
    refunded_minor=COUNTS,
)
WEIGHTS = st.lists(st.integers(0, 100), min_size=5, max_size=5).filter(any)
SPLITS = st.builds(
    lambda weights, sure: Split(dict(zip(Party, split_whole(WHOLE, weights), strict=True)), sure),
    WEIGHTS,
    st.integers(0, 100),
)
OUTPUTS: st.SearchStrategy[dict[str, Any]] = st.fixed_dictionaries(
    {"party": st.sampled_from([*(one.value for one in Party), "by_attribution", "shared"])},
    optional={
        "merchant_points": st.integers(0, 24),
        "rider_points": st.integers(0, 24),
        "merchant_fee_minor": COUNTS,
        "merchant_repays_percent": st.integers(0, 100),
        "rider_repays_up_to_minor": COUNTS,
        "compensation_percent": st.integers(0, 100),
        "is_fee_back": st.booleans(),
    },
)


@pytest.fixture
def context(tmp_path: Path, new_workspace: Callable[[Path], Workspace]) -> Iterator[Context]:
    with open_context(new_workspace(tmp_path / "workspace").root, now=NOW) as opened:
        yield opened


@given(OUTPUTS, STAKES, SPLITS, st.frozensets(st.sampled_from(Party)))
def test_shares_add_up_and_only_who_bears_some_gets_points_or_pays(
    outputs: dict[str, Any], stake: Stake, split: Split, known: frozenset[Party]
) -> None:
    found = judged(outputs, stake=stake, split=split, known=known)

    assert sum(found.shares.values()) == WHOLE
    for party in {*found.points, *found.recovery_minor}:
        assert found.shares.get(party, 0) > 0
        assert party in known
        assert party in (Party.MERCHANT, Party.RIDER)


@given(STAKES, SPLITS, OUTPUTS)
def test_nobody_pays_for_what_falls_to_circumstances_alone(stake: Stake, split: Split, outputs: dict[str, Any]) -> None:
    found = judged({**outputs, "party": "circumstances"}, stake=stake, split=split, known=ALL)

    assert dict(found.shares) == {Party.CIRCUMSTANCES: WHOLE}
    assert (dict(found.points), dict(found.recovery_minor)) == ({}, {})


@given(STAKES, SPLITS, OUTPUTS)
def test_nothing_is_given_back_twice(stake: Stake, split: Split, outputs: dict[str, Any]) -> None:
    found = judged(outputs, stake=stake, split=split, known=ALL)

    most = stake.at_stake_minor + stake.delivery_fee_minor
    assert 0 <= found.compensation_minor <= max(0, most - stake.refunded_minor)


@given(STAKES, SPLITS, OUTPUTS)
def test_a_person_can_decide_nothing_whose_shares_do_not_add_up(
    stake: Stake, split: Split, outputs: dict[str, Any]
) -> None:
    proposed = judged(outputs, stake=stake, split=split, known=ALL)
    options = options_of(proposed, known=ALL, points={Party.RIDER: 1, Party.MERCHANT: 1}, owed_minor=7)

    assert len({one.name for one in options}) == len(options)
    assert all(sum(one.judged.shares.values()) == WHOLE for one in options)


@pytest.mark.parametrize("name", TABLES)
def test_no_row_takes_money_from_a_rider_or_merchant_while_no_country_took_the_option(
    context: Context, name: str
) -> None:
    for outputs in every_outcome(context, name):
        assert not outputs.get("rider_repays_up_to_minor")
        assert not outputs.get("merchant_fee_minor")
        assert not outputs.get("merchant_repays_percent")


@pytest.mark.parametrize("name", TABLES)
def test_a_table_asks_with_a_question_and_closes_without_one(context: Context, name: str) -> None:
    for outputs in every_outcome(context, name):
        assert (outputs["route"] == "ask_person") == (outputs["question"] != "none")


def test_a_suspicion_of_fraud_always_asks_and_never_charges(context: Context) -> None:
    found = [
        outputs
        for facts, outputs in outcomes(context, "verdict-conduct")
        if facts["incident"] == IncidentType.FRAUD_SUSPECTED
    ]

    assert found
    for outputs in found:
        assert outputs["route"] == "ask_person"
        assert (outputs["rider_points"], outputs["merchant_points"], outputs["party"]) == (0, 0, "platform")


def test_points_are_given_without_a_person_only_where_attribution_is_sure(context: Context) -> None:
    for name in ("verdict-late", "verdict-not-delivered"):
        for facts, outputs in outcomes(context, name):
            if outputs["route"] == "close" and (outputs["rider_points"] or outputs["merchant_points"]):
                assert facts["is_certain"]
                assert facts["exemption"] is None


def test_nothing_in_judging_suspends_anybody() -> None:
    assert "suspend" in DELIVERY_INCIDENT.reserved
    assert faults_of(DELIVERY_INCIDENT) == ()
    assert not any("suspend" in one.effects for one in DELIVERY_INCIDENT.transitions)


def test_every_type_of_incident_has_a_table_that_sql_can_decide(context: Context) -> None:
    assert set(POLICIES) == set(IncidentType)
    on = context.now.date()
    assert [refused_by_sql(in_force(context, name, on)) for name in (*TABLES, LATENESS)] == [""] * (len(TABLES) + 1)


def outcomes(context: Context, name: str) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    """Give cases in which every condition of a table is seen to matter, with what came of them."""
    desk = desk_of(in_force(context, name, context.now.date()))
    found = []
    for case in desk.suite.cases:
        facts = {one: value_as_plain(value) for one, value in zip(desk.suite.inputs, case.values, strict=True)}
        outputs = outputs_of(desk.effective.table.table, case.value)
        found.append((facts, {one: value_as_plain(value) for one, value in outputs.items()}))
    return found


def every_outcome(context: Context, name: str) -> list[dict[str, Any]]:
    return [outputs for _, outputs in outcomes(context, name)]
