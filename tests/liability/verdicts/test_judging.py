"""Incidents are judged once, by what was known; a person decides what is not sure, and can undo a slip."""

import json
from datetime import timedelta

import pytest
from tests.liability.verdicts.conftest import DAY, NOW, Entering, an_incident

from tiffin.capabilities.cases.service import guided_case
from tiffin.capabilities.liability.domain.incident import IncidentType
from tiffin.capabilities.liability.domain.parties import WHOLE, Party
from tiffin.capabilities.liability.domain.routing import Decision
from tiffin.capabilities.liability.domain.verdict import DecidedBy, Verdict
from tiffin.capabilities.liability.service import ledger
from tiffin.capabilities.liability.service.incidents import report
from tiffin.capabilities.liability.service.judging import judge, judge_day
from tiffin.capabilities.liability.service.judging_facts import order_row
from tiffin.capabilities.liability.service.judging_people import confirm, decide, options_for, undo
from tiffin.capabilities.liability.service.judging_rulings import rule_on
from tiffin.capabilities.liability.service.routing import file_of, list_waiting, next_waiting
from tiffin.capabilities.liability.service.verdicts import latest, list_verdicts, verdicts_of_order
from tiffin.engines.ledger.entries import POINTS
from tiffin.kernel.errors import Conflict, Forbidden, NotFound, WrongUse
from tiffin.kernel.time import Days
from tiffin.runtime.actor import Party as OwnParty
from tiffin.runtime.actor import Role
from tiffin.runtime.context import Context

SMALL, LARGE = {"at_stake_minor": 1500}, {"at_stake_minor": 9000}
KEY = "riyadh|o1|missing_item"


def merchants_points(context: Context) -> int:
    """Tell how many points count against the merchant."""
    return ledger.balance(context, Party.MERCHANT, "shop-1", "riyadh").of(POINTS).counted


def test_an_incident_that_is_told_again_is_the_same_case_with_the_same_verdict(entering: Entering) -> None:
    with entering() as context:
        first = report(context, an_incident(**SMALL))
    with entering("others", Role.SUPPORT) as context:
        again = report(context, an_incident(**LARGE))
        found = verdicts_of_order(context, "riyadh", "o1")

    assert first == again
    assert [one.verdict_id for one in found] == [f"{KEY}|1"]


def test_what_is_sure_closes_by_itself_without_points_where_nothing_is_proven(entering: Entering) -> None:
    with entering() as context:
        case_id = report(context, an_incident(**SMALL))
        verdict, state = judge(context, case_id), guided_case(context, case_id).summary.state

    assert verdict is not None
    assert (state, verdict.row, verdict.decided_by) == ("decided", "items.unproven_small", DecidedBy.POLICY)
    assert (dict(verdict.shares), dict(verdict.points)) == ({Party.PLATFORM: WHOLE}, {})
    assert verdict.compensation_minor == 0  # 15 riyals are at stake, and 15 were given back already


def test_a_merchant_answers_for_what_is_missing_from_a_sealed_bag(entering: Entering) -> None:
    with entering() as context:
        report(context, an_incident(is_confirmed=True, seal="sealed", **SMALL))
        verdict = latest(context, KEY)
        standing = merchants_points(context)

    assert verdict is not None
    assert (verdict.row, dict(verdict.points)) == ("items.sealed", {Party.MERCHANT: 1})
    assert dict(verdict.recovery_minor) == {}  # the country has not taken the option of fees
    assert standing == 1


def test_what_is_not_sure_waits_for_a_person_with_its_question(entering: Entering) -> None:
    with entering() as context:
        case_id = report(context, an_incident(is_confirmed=True, seal="open", **LARGE))
        [waiting] = list_waiting(context)

    assert (waiting.case_id, waiting.question, waiting.skill) == (case_id, "where_was_the_bag_opened", "goods")
    with entering() as context:
        assert latest(context, KEY) is None
        assert next_waiting(context) == case_id


def test_every_verdict_is_decided_again_the_same_to_the_byte(entering: Entering) -> None:
    with entering() as context:
        judge_day(context, "riyadh", Days(DAY, DAY))
        report(context, an_incident("o4", IncidentType.SPILLED, is_confirmed=True, packing="poor"))
        verdicts = list_verdicts(context)
        again = rule_on(context, [(one.incident, one.facts) for one in verdicts], known_at=NOW)

    assert len(verdicts) >= 2
    for before, ruling in zip(verdicts, again, strict=True):
        repeated = ruling.verdict(before.verdict_id, at=before.decided_at, case_id=before.case_id)
        assert as_bytes(repeated) == as_bytes(before)


def as_bytes(one: Verdict) -> bytes:
    """Write everything that was decided."""
    said = [one.verdict_id, one.policy, one.policy_version, one.row, dict(one.reason), one.confidence, one.exemption]
    shares = [{party.value: part[party] for party in sorted(part)} for part in (one.shares, one.points)]
    money = [{party.value: one.recovery_minor[party] for party in sorted(one.recovery_minor)}, one.compensation_minor]
    return json.dumps([*said, *shares, *money, one.currency, dict(one.facts)], sort_keys=True).encode()


def test_the_incidents_of_a_day_are_found_in_its_facts_and_judged_once(entering: Entering) -> None:
    with entering() as context:
        first = judge_day(context, "riyadh", Days(DAY, DAY))
        again = judge_day(context, "riyadh", Days(DAY, DAY))
        found = {one.incident.key: one.row for one in list_verdicts(context)}

    assert (first.found, first.known, again.known, again.closed, again.asked) == (2, 0, 2, 0, 0)
    assert found["riyadh|o2|merchant_closed"] == "closed.merchant"
    assert found[KEY] == "items.unproven_small"


def test_whoever_decides_otherwise_than_proposed_says_why(entering: Entering) -> None:
    with entering() as context:
        case_id = report(context, an_incident(is_confirmed=True, seal="open", **LARGE))
    with entering() as context, pytest.raises(WrongUse, match="says why"):
        decide(context, case_id, Decision("merchant"))
    with entering() as context:
        verdict = decide(context, case_id, Decision("merchant", "evidence_says_otherwise", "The seal was weak.", 42))
        handled = file_of(context, case_id).handling_s

    assert verdict is not None
    assert (verdict.decided_by, verdict.decider, dict(verdict.shares)) == ("person", "adam", {Party.MERCHANT: WHOLE})
    assert "The seal was weak." in verdict.reason["ar"]
    assert handled == 42


def test_of_two_who_decide_what_both_saw_the_second_is_told(entering: Entering) -> None:
    with entering() as context:
        case_id = report(context, an_incident(is_confirmed=True, seal="open", **LARGE))
        version = guided_case(context, case_id).summary.version
    with entering() as context:
        decide(context, case_id, Decision("proposal"), version)
    with entering("berta") as context, pytest.raises(Conflict):
        decide(context, case_id, Decision("platform", "goodwill"), version)
    with entering() as context:
        assert len(verdicts_of_order(context, "riyadh", "o1")) == 1


def test_above_an_amount_a_second_person_confirms_and_never_the_first(entering: Entering) -> None:
    with entering() as context:
        case_id = report(context, an_incident("o3", is_confirmed=True, seal="open", at_stake_minor=80_000))
        assert decide(context, case_id, Decision("proposal")) is None
    with entering() as context, pytest.raises(Forbidden):
        confirm(context, case_id)
    with entering("berta") as context:
        verdict = confirm(context, case_id)

    assert (verdict.decider, verdict.compensation_minor) == ("adam", 80_000)


def test_a_slip_is_undone_within_minutes_and_what_it_led_to_is_reversed(entering: Entering) -> None:
    with entering() as context:
        case_id = report(context, an_incident(is_confirmed=True, seal="open", **LARGE))
        decide(context, case_id, Decision("merchant", "party_admitted"))
        assert merchants_points(context) == 1
    with entering("berta") as context, pytest.raises(Conflict, match="undone"):
        undo(context, case_id)
    with entering(now=NOW + timedelta(hours=1)) as context, pytest.raises(Conflict, match="undone"):
        undo(context, case_id)
    with entering(now=NOW + timedelta(minutes=2)) as context:
        undo(context, case_id)
        assert merchants_points(context) == 0
        verdict = decide(context, case_id, Decision("rider", "evidence_says_otherwise"))

    assert verdict is not None
    assert (verdict.verdict_id, verdict.supersedes) == (f"{KEY}|2", f"{KEY}|1")


def test_each_option_tells_what_it_costs_whom(entering: Entering) -> None:
    with entering() as context:
        case_id = report(context, an_incident(is_confirmed=True, seal="open", **LARGE))
        options = {one.name: one.judged for one in options_for(context, case_id)}

    assert set(options) == {
        "proposal", "customer", "merchant", "rider", "platform", "circumstances", "merchant_and_rider",
    }  # fmt: skip
    assert (options["customer"].compensation_minor, options["merchant"].compensation_minor) == (0, 7500)
    assert options["rider"].points == {Party.RIDER: 1}
    assert all(sum(one.shares.values()) == WHOLE and not one.recovery_minor for one in options.values())


@pytest.mark.parametrize("cities", [("dubai",), ()])
def test_whoever_has_no_grant_over_the_city_sees_and_decides_nothing(
    entering: Entering, cities: tuple[str, ...]
) -> None:
    with entering() as context:
        case_id = report(context, an_incident(is_confirmed=True, seal="open", **LARGE))
    with entering("far", cities=cities) as context:
        for attempt in (
            lambda: file_of(context, case_id),
            lambda: report(context, an_incident("o4")),
            lambda: decide(context, case_id, Decision("proposal")),
        ):
            with pytest.raises(NotFound):
                attempt()
        assert (list_waiting(context), list_verdicts(context)) == ((), ())


@pytest.mark.parametrize("role", [Role.SUPPORT, Role.CITY_MANAGER, Role.VIEWER])
def test_only_those_who_judge_decide(entering: Entering, role: Role) -> None:
    with entering() as context:
        case_id = report(context, an_incident(is_confirmed=True, seal="open", **LARGE))
    with entering("other", role) as context, pytest.raises(Forbidden):
        decide(context, case_id, Decision("proposal"))


def test_a_customer_reports_his_own_order_alone_and_his_word_proves_nothing(entering: Entering) -> None:
    with entering() as context:
        pseudonym = order_row(context, "riyadh", "o1")["customer_id"]
    own, other = OwnParty("customer", "riyadh", pseudonym), OwnParty("customer", "riyadh", "somebody-else")
    with entering("c2", party=other) as context, pytest.raises(NotFound):
        report(context, an_incident(is_confirmed=True, seal="sealed"))
    with entering("c1", party=own) as context:
        report(context, an_incident(is_confirmed=True, seal="sealed"))
    with entering() as context:
        verdict = latest(context, KEY)

    assert verdict is not None
    assert verdict.row == "items.unproven_small"
    assert verdict.incident.reported_by == "customer"


def test_a_report_that_says_what_its_table_does_not_ask_is_refused(entering: Entering) -> None:
    with entering() as context, pytest.raises(WrongUse, match="seal"):
        report(context, an_incident(suspend=True))


def test_a_suspicion_costs_nobody_anything_until_a_person_has_decided(entering: Entering) -> None:
    with entering() as context:
        case_id = report(context, an_incident(incident=IncidentType.FRAUD_SUSPECTED, accused="rider"))
        found = file_of(context, case_id)

    assert found.proposed is not None
    assert (found.question, found.verdict) == ("what_supports_the_suspicion", None)
    assert (dict(found.proposed.points), dict(found.proposed.recovery_minor)) == ({}, {})
