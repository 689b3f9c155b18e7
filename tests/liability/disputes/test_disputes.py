"""Customer, merchant and rider settle what went wrong among themselves, to the minor unit, or a person decides."""

import re
import unicodedata
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.liability.appeals.conftest import NOW, Entering, Posting

from tiffin.capabilities.cases.service.workers import run_once
from tiffin.capabilities.liability.domain.disputes import (
    Terms,
    agrees_by_itself,
    even_split,
    settled_verdict,
    terms_said,
    who_must_agree,
)
from tiffin.capabilities.liability.domain.parties import WHOLE, Party
from tiffin.capabilities.liability.domain.verdict import Verdict
from tiffin.capabilities.liability.service import disputes, ledger
from tiffin.capabilities.liability.service.appeals import lodge
from tiffin.capabilities.liability.service.notices import notices_of
from tiffin.capabilities.liability.service.verdicts import latest
from tiffin.cli.working import composed_handlers
from tiffin.kernel.errors import Conflict, Forbidden, NotFound, WrongUse
from tiffin.runtime.actor import Party as Own
from tiffin.runtime.actor import Role

CUSTOMER, MERCHANT = Own("customer", "riyadh", "c-9"), Own("merchant", "riyadh", "shop-3")
STRANGER = Own("merchant", "riyadh", "shop-4")
TERMS = {"customer_gets_minor": "6000", "merchant_pays_minor": "3500", "rider_pays_minor": "0"}


@pytest.fixture
def verdict(posted: Posting) -> Verdict:
    """The customer gets sixty riyals, of which the merchant pays fifty."""
    return posted(recovery_minor={Party.MERCHANT: 5000}, compensation_minor=6000)


@pytest.fixture
def opened(entering: Entering, verdict: Verdict) -> int:
    with entering("shop", party=MERCHANT) as context:
        return disputes.open_dispute(context, verdict.verdict_id, "The bag was sealed.").case_id


def test_a_dispute_is_opened_once_and_seen_by_its_parties_alone(
    entering: Entering, verdict: Verdict, opened: int
) -> None:
    with entering("customer", party=CUSTOMER) as context:
        again = disputes.open_dispute(context, verdict.verdict_id, "It was cold.")
        assert (again.case_id, again.opened_by) == (opened, Party.MERCHANT)
        assert [one.text for one in again.thread] == ["The bag was sealed."]
        assert disputes.disputes_of(context, CUSTOMER) == (again,)
    with entering("other", party=STRANGER) as context, pytest.raises(NotFound):
        disputes.show_dispute(context, opened)
    with entering("far", Role.ADJUDICATOR, countries=("KW",)) as context, pytest.raises(NotFound):
        disputes.show_dispute(context, opened)


def test_what_all_agree_on_is_booked_at_once(entering: Entering, verdict: Verdict, opened: int) -> None:
    # The merchant would pay 35 instead of 50, and the platform 25 instead of 10: that needs a person.
    with entering("shop", party=MERCHANT) as context:
        disputes.act(context, opened, "propose", TERMS)
    with entering("customer", party=CUSTOMER) as context:
        assert disputes.act(context, opened, "accept").state == "proposed"
        disputes.act(context, opened, "reject", {"text": "Too little."})
    with entering("shop", party=MERCHANT) as context:
        fair = {"customer_gets_minor": "4001", "merchant_pays_minor": "3001", "rider_pays_minor": "0"}
        disputes.act(context, opened, "propose", fair)
    with entering("customer", party=CUSTOMER) as context:
        settled = disputes.act(context, opened, "accept")

        assert settled.state == "settled"
        now = latest(context, verdict.incident.key)
        assert now is not None
        assert (now.verdict_id, now.supersedes) == (settled.verdict_id, verdict.verdict_id)
        assert (now.compensation_minor, dict(now.recovery_minor)) == (4001, {Party.MERCHANT: 3001})
        assert (sum(now.shares.values()), dict(now.points)) == (WHOLE, {})
    with entering("clerk", Role.ADJUDICATOR) as context:
        assert ledger.balance(context, Party.MERCHANT, "shop-3", "riyadh").of("SAR").booked == 3001


@pytest.mark.usefixtures("reviewers")
def test_a_person_decides_what_nobody_settles_and_had_no_part_in_it(entering: Entering, opened: int) -> None:
    with entering("customer", party=CUSTOMER) as context:
        assert disputes.act(context, opened, "ask_person", {"text": "We do not agree."}).state == "with_person"
    with entering("shop", party=MERCHANT) as context, pytest.raises(Forbidden):
        disputes.act(context, opened, "decide_dispute", {**TERMS, "reason": "Mine."})
    with entering("rita", Role.REVIEWER) as context:
        decided = disputes.act(context, opened, "decide_dispute", {**TERMS, "reason": "The seal was whole."})

        assert decided.state == "dispute_decided"
        assert decided.thread[-1].by == "person"
        assert "rita" not in str(decided.thread)


def test_workers_end_a_proposal_and_then_the_talks_by_silence(entering: Entering, opened: int) -> None:
    with entering("shop", party=MERCHANT) as context:
        disputes.act(context, opened, "propose", TERMS)
    states = []
    for days in (2, 4, 11):
        with entering("worker", Role.ADMIN, now=NOW + timedelta(days=days)) as context:
            run_once(context, composed_handlers())
            states.append(disputes.show_dispute(context, opened).state)

    assert states == ["proposed", "talking", "with_person"]


def folded(text: str) -> str:
    """Write all digits as Latin ones."""
    return "".join(str(unicodedata.digit(one)) if one.isdigit() else one for one in text)


def test_the_others_are_told_what_is_proposed_and_all_what_is_settled(entering: Entering, opened: int) -> None:
    fair = {"customer_gets_minor": "4001", "merchant_pays_minor": "3001", "rider_pays_minor": "0"}
    with entering("shop", party=MERCHANT) as context:
        disputes.act(context, opened, "propose", fair)
    with entering("customer", party=CUSTOMER) as context:
        disputes.act(context, opened, "accept")
        mine = {one.kind: one.body for one in notices_of(context, CUSTOMER)}
        theirs = {one.kind: one.body for one in notices_of(context, MERCHANT)}

    assert set(mine) == {"dispute_proposed", "dispute_settled"}
    assert set(theirs) == {"dispute_settled"}
    assert all(re.search("40.01", folded(text)) for text in mine.values())
    assert re.search("30.01", folded(theirs["dispute_settled"]))


@pytest.mark.usefixtures("reviewers")
def test_a_decision_is_told_with_its_reason_and_without_who_took_it(entering: Entering, opened: int) -> None:
    with entering("customer", party=CUSTOMER) as context:
        disputes.act(context, opened, "ask_person", {"text": "We do not agree."})
    with entering("rita", Role.REVIEWER) as context:
        disputes.act(context, opened, "decide_dispute", {**TERMS, "reason": "The seal was whole."})
        told = [notices_of(context, one)[0] for one in (CUSTOMER, MERCHANT)]

    assert [one.kind for one in told] == ["dispute_decided"] * 2
    assert all("The seal was whole." in one.body and "rita" not in one.body for one in told)


@pytest.mark.usefixtures("reviewers")
def test_an_open_appeal_comes_first(entering: Entering, verdict: Verdict) -> None:
    with entering("shop", party=MERCHANT) as context:
        lodge(context, verdict.verdict_id, "It was not us.")
        with pytest.raises(Conflict, match="appeal"):
            disputes.open_dispute(context, verdict.verdict_id, "It was not us.")


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"customer_gets_minor": "-1"}, "whole number"),
        ({"customer_gets_minor": "12.5"}, "whole number"),
        ({"merchant_pays_minor": "6001"}, "more than the customer gets"),
        ({"customer_gets_minor": "6001"}, "cannot get back"),
        ({"rider_pays_minor": "100"}, "Riders pay no money"),
    ],
)
def test_terms_that_do_not_add_up_are_refused(
    entering: Entering, opened: int, changed: dict[str, str], said: str
) -> None:
    with entering("shop", party=MERCHANT) as context, pytest.raises(WrongUse, match=said):
        disputes.act(context, opened, "propose", TERMS | changed)


def test_who_opened_it_drops_it_and_nobody_else(entering: Entering, opened: int) -> None:
    with entering("customer", party=CUSTOMER) as context, pytest.raises(Forbidden):
        disputes.act(context, opened, "drop")
    with entering("shop", party=MERCHANT) as context:
        assert disputes.act(context, opened, "drop").ended_at == NOW


amounts = st.integers(0, 10**7)


@given(amounts, st.permutations([Party.MERCHANT, Party.RIDER, Party.PLATFORM]), st.integers(1, 3))
def test_an_even_split_loses_no_minor_unit(amount: int, payers: list[Party], count: int) -> None:
    terms = even_split(amount, payers[:count])
    paid = [terms.paid_by(one) for one in payers[:count]]

    assert sum(paid) == amount
    assert max(paid) - min(paid) <= 1


@given(data=st.data())
def test_a_settlement_moves_exactly_what_was_agreed(data: st.DataObject, a_verdict: Verdict) -> None:
    gets = data.draw(amounts)
    merchant = data.draw(st.integers(0, gets))
    rider = data.draw(st.integers(0, gets - merchant))
    said = Terms(gets, merchant, rider)
    terms = terms_said(said.values, most=10**7, rider_may_pay=True)
    new = settled_verdict(
        a_verdict, terms, verdict_id="x|2", reason={"en": "agreed"}, by="x", at=NOW, row="agreed", currency="SAR"
    )

    assert terms == said
    assert new.compensation_minor == sum(new.recovery_minor.values()) + terms.platform_pays
    assert sum(new.shares.values()) == WHOLE
    if gets:
        assert new.shares.get(Party.RIDER, 0) > 0 or rider * WHOLE < gets
    assert agrees_by_itself(terms, a_verdict) is (terms.platform_pays <= 1000)
    needed = who_must_agree(terms, [Party.CUSTOMER, Party.MERCHANT, Party.RIDER], a_verdict)
    assert {Party.CUSTOMER, Party.MERCHANT} <= needed
    assert (Party.RIDER in needed) is (rider > 0)


@pytest.fixture(scope="session")
def a_verdict() -> Verdict:
    from tests.liability.appeals.conftest import _plain  # noqa: PLC0415 - one law needs it

    from tiffin.capabilities.liability.domain.incident import Incident, IncidentType  # noqa: PLC0415 - the same

    about = Incident("riyadh", "SA", "o-1", IncidentType.LATE, NOW, NOW.date(), NOW, "customer", "r", "m", "c")
    return replace(_plain(about, 1), recovery_minor={Party.MERCHANT: 5000}, compensation_minor=6000, currency="SAR")
