"""Verdicts judged a second time: drawn by nobody's choice, blind, settled by a third, told by their agreement."""

import json
from dataclasses import asdict

import pytest
from tests.liability.quality.conftest import NOW, Entering, Giving

from tiffin.capabilities.liability.domain.incident import IncidentType
from tiffin.capabilities.liability.domain.parties import Party
from tiffin.capabilities.liability.domain.quality import blind_facts, lot
from tiffin.capabilities.liability.domain.verdict import DecidedBy
from tiffin.capabilities.liability.models.quality import SecondLookRecord
from tiffin.capabilities.liability.service import gold, quality, quality_drawing, quality_looks
from tiffin.capabilities.liability.service.quality_plan import plan_on
from tiffin.kernel.errors import Conflict, Forbidden, NotFound, WrongUse
from tiffin.runtime.actor import Party as OwnParty
from tiffin.runtime.actor import Role
from tiffin.runtime.workspace import Workspace


def drawn(entering: Entering) -> list[int]:
    with entering() as context:
        quality_drawing.draw(context)
        return [one.case_id for one in context.session.query(SecondLookRecord).order_by(SecondLookRecord.look_id)]


def judged(entering: Entering, case_id: int, by: str, liable: Party) -> None:
    with entering(by, Role.REVIEWER) as context:
        quality_looks.judge(context, case_id, liable, confidence=0.9)


def test_the_shipped_plan_draws_more_where_more_is_at_stake(workspace: Workspace) -> None:
    (workspace.overlay("parameters") / "quality.yaml").unlink()
    plan = plan_on(workspace, NOW.date())

    assert plan.share_of(IncidentType.LATE, DecidedBy.POLICY, 0.95) == 0.02
    assert plan.share_of(IncidentType.LATE, DecidedBy.POLICY, 0.6) == pytest.approx(0.06)
    assert plan.share_of(IncidentType.LATE, DecidedBy.PERSON, 1.0) == 0.1
    assert plan.share_of(IncidentType.UNSAFE, DecidedBy.POLICY, 0.5) == 1.0


def test_lots_are_drawn_evenly_and_only_with_the_key() -> None:
    lots = [lot("key", str(number)) for number in range(4000)]

    assert sum(one < 0.1 for one in lots) / 4000 == pytest.approx(0.1, abs=0.015)
    assert lots == [lot("key", str(number)) for number in range(4000)]
    assert lots[:5] != [lot("other", str(number)) for number in range(5)]


def test_drawing_again_draws_nothing_twice(entering: Entering, given_verdict: Giving) -> None:
    for number in range(4):
        given_verdict(f"o-{number}")

    assert len(drawn(entering)) == 4
    with entering() as context:
        assert quality_drawing.draw(context).drawn == 0


def test_a_judge_sees_what_happened_and_nothing_of_what_was_decided(entering: Entering, given_verdict: Giving) -> None:
    given_verdict("o-77", rider="rider-secret")
    (case_id,) = drawn(entering)
    with entering("rita", Role.REVIEWER) as context:
        seen = quality_looks.blind_case(context, case_id)

    assert seen.facts == {"kitchen_delay_min": 3, "rider_delay_min": 21, "is_sealed": True}
    told = json.dumps(asdict(seen), default=str)
    assert not [word for word in ("o-77", "secret", "adam", "shares", "because", "late.rider") if word in told]


def test_facts_that_lead_back_are_left_out() -> None:
    assert blind_facts({"photo_url": "x", "party": "rider", "minutes": 4, "list": [1], "is_late": True}) == {
        "minutes": 4,
        "is_late": True,
    }


def test_whoever_gave_the_verdict_does_not_see_that_it_was_drawn(entering: Entering, given_verdict: Giving) -> None:
    given_verdict(decider="adam")
    (case_id,) = drawn(entering)
    with entering("adam", Role.ADJUDICATOR) as context:
        assert quality_looks.waiting_looks(context) == ()
        with pytest.raises(Forbidden):
            quality_looks.judge(context, case_id, Party.RIDER, confidence=1.0)
    with entering("rita", Role.REVIEWER) as context:
        assert [one.case_id for one in quality_looks.waiting_looks(context)] == [case_id]


def test_judged_alike_closes_and_judged_otherwise_asks_a_third(entering: Entering, given_verdict: Giving) -> None:
    given_verdict("o-1")
    given_verdict("o-2")
    first, second = drawn(entering)
    judged(entering, first, "rita", Party.RIDER)
    judged(entering, second, "rita", Party.MERCHANT)

    with entering("rita", Role.REVIEWER) as context:
        assert quality_looks.waiting_looks(context) == ()
        with pytest.raises(Forbidden):
            quality_looks.judge(context, second, Party.MERCHANT, confidence=1.0)
    with entering("saad", Role.REVIEWER) as context:
        assert [one.case_id for one in quality_looks.waiting_looks(context)] == [second]
    judged(entering, second, "saad", Party.MERCHANT)
    with entering() as context:
        found = quality.report(context)

    assert (found.overall.alike, found.overall.settled_otherwise, found.disputed) == (1, 1, 0)
    with entering("tom", Role.REVIEWER) as context, pytest.raises(Conflict):
        quality_looks.judge(context, second, Party.RIDER, confidence=1.0)


def test_who_looks_after_other_countries_sees_no_case_here(entering: Entering, given_verdict: Giving) -> None:
    given_verdict()
    (case_id,) = drawn(entering)
    with entering("rita", Role.REVIEWER, countries=("KW",)) as context:
        assert quality_looks.waiting_looks(context) == ()
        with pytest.raises(NotFound):
            quality_looks.blind_case(context, case_id)
    with entering("mona", countries=("KW",)) as context:
        assert quality.report(context).drawn == 0
        assert quality_drawing.draw(context).verdicts == 0


@pytest.mark.parametrize("confidence", [-0.1, 1.1])
def test_a_confidence_is_a_share(entering: Entering, given_verdict: Giving, confidence: float) -> None:
    given_verdict()
    (case_id,) = drawn(entering)
    with entering("rita", Role.REVIEWER) as context, pytest.raises(WrongUse):
        quality_looks.judge(context, case_id, Party.RIDER, confidence=confidence)


def test_known_cases_need_two_people_and_are_mixed_in_unseen(entering: Entering, given_verdict: Giving) -> None:
    made_of = given_verdict("o-gold", decider=None)
    with entering("mona") as context:
        number = gold.make_gold(context, made_of.verdict_id, Party.MERCHANT, "The kitchen was closed.")
        with pytest.raises(Forbidden):
            gold.agree_gold(context, number)
    with entering("nura") as context:
        gold.agree_gold(context, number)
        with pytest.raises(Conflict):
            gold.agree_gold(context, number)
    for each in range(12):
        given_verdict(f"o-{each}")
    with entering() as context:
        found = quality_drawing.draw(context)
        golden = [one.case_id for one in context.session.query(SecondLookRecord) if one.gold_id is not None]
    assert found.gold == len(golden) > 5
    for case_id in golden:
        judged(entering, case_id, "rita", Party.MERCHANT if case_id == golden[0] else Party.RIDER)

    with entering() as context:
        (score,) = quality.report(context).gold
        # Nobody is asked a third time about what is known.
        assert all(one.case_id not in golden for one in quality_looks.waiting_looks(context))
    assert (score.judge, score.right, score.count) == ("rita", 1, len(golden))


def test_the_report_tells_agreement_by_type_reviewer_and_week(entering: Entering, given_verdict: Giving) -> None:
    for number in range(12):
        given_verdict(
            f"o-{number}",
            liable=Party.RIDER if number % 2 else Party.MERCHANT,
            decider="adam" if number < 6 else None,
            confidence=1.0 if number < 6 else 0.7,
            incident=IncidentType.LATE if number < 6 else IncidentType.COLD,
        )
    cases = drawn(entering)
    for case_id in cases[:-1]:
        with entering() as context:
            look = context.session.query(SecondLookRecord).filter_by(case_id=case_id).one()
            said = quality_looks.known_answer(context, look)
        judged(entering, case_id, "rita", said)
    with entering() as context:
        found = quality.report(context)

    assert (found.drawn, found.waiting) == (12, 1)
    assert found.overall.found.alpha == pytest.approx(1.0)
    assert 0 < found.overall.found.low < 1
    assert {one.name for one in found.types} == {"late", "cold"}
    assert {one.name: one.found.units for one in found.reviewers} == {"adam": 6, "policy": 5}
    assert [one.name for one in found.weeks] == ["2026-02-16"]
    assert sum(one.count for one in found.calibration.bins) == 11
    assert [(one.dimension, one.group) for one in found.groups] == []


def test_groups_that_are_too_small_are_withheld(entering: Entering, given_verdict: Giving) -> None:
    for number in range(8):
        given_verdict(f"r-{number}", liable=Party.RIDER if number < 4 else Party.MERCHANT)
    for number in range(3):
        given_verdict(f"j-{number}", city="jeddah")
    with entering() as context:
        rows = {one.group: one for one in quality.report(context).groups if one.dimension == "city"}

    assert rows["jeddah"].found is None
    assert rows["jeddah"].verdicts == 0
    assert rows["riyadh"].found is not None


def test_parties_and_adjudicators_read_no_report(entering: Entering) -> None:
    with entering("rider", party=OwnParty("rider", "riyadh", "rider-7")) as context, pytest.raises(Forbidden):
        quality.report(context)
    with entering("adam", Role.ADJUDICATOR) as context, pytest.raises(Forbidden):
        quality.report(context)
    with entering("adam", Role.ADJUDICATOR) as context, pytest.raises(Forbidden):
        quality_drawing.draw(context)
