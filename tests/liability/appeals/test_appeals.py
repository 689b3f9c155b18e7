"""Appeals from lodging to the second instance: what acts, who decides, and what follows."""

from datetime import datetime, timedelta

import pytest
from tests.liability.appeals.conftest import NOW, RIDER, Entering, Posting

from tiffin.capabilities.cases.service import act_for_platform, guided_case
from tiffin.capabilities.cases.service.effects_now import do_at_once
from tiffin.capabilities.liability.domain.appeals import Appeal, AppealOutcome
from tiffin.capabilities.liability.domain.parties import Party
from tiffin.capabilities.liability.domain.verdict import DecidedBy
from tiffin.capabilities.liability.service import ledger
from tiffin.capabilities.liability.service.appeal_acting import HANDLERS, act
from tiffin.capabilities.liability.service.appeals import appeal_of, appeals_of, list_appeals, lodge, show_appeal
from tiffin.capabilities.liability.service.verdicts import latest, verdict_of
from tiffin.capabilities.scorecards.service.outbox import list_outbox
from tiffin.kernel.errors import Conflict, Forbidden, NotFound, WrongUse
from tiffin.runtime.actor import Party as OwnParty
from tiffin.runtime.actor import Role

pytestmark = pytest.mark.usefixtures("reviewers")

WHY = "The kitchen handed it over late; I waited outside."


def points(entering: Entering, now: datetime = NOW) -> int:
    with entering("admin", Role.ADMIN, now=now) as context:
        return ledger.balance(context, Party.RIDER, "rider-7", "riyadh").of("points").counted


@pytest.fixture
def lodged(as_rider: Entering, posted: Posting) -> Appeal:
    verdict = posted()
    with as_rider() as context:
        return lodge(context, verdict.verdict_id, WHY)


@pytest.fixture
def in_review(lodged: Appeal, as_rider: Entering, entering: Entering) -> Appeal:
    with as_rider() as context:
        act(context, lodged.case_id, "no_more_evidence")
    with entering() as context:
        return act(context, lodged.case_id, "take_appeal")


def test_lodging_stays_the_penalty_and_acknowledges_in_one_transaction(
    as_rider: Entering, entering: Entering, posted: Posting
) -> None:
    verdict = posted()
    assert points(entering) == 4

    with as_rider() as context:
        appeal = lodge(context, verdict.verdict_id, WHY)

    assert appeal.state == "evidence"
    assert points(entering) == 0


def test_nothing_is_stayed_when_lodging_fails_half_way(as_rider: Entering, entering: Entering, posted: Posting) -> None:
    verdict = posted()

    with pytest.raises(ZeroDivisionError), as_rider() as context:
        _ = lodge(context, verdict.verdict_id, WHY).case_id / 0

    assert points(entering) == 4


def test_lodging_twice_gives_the_same_appeal(lodged: Appeal, as_rider: Entering) -> None:
    with as_rider() as context:
        again = lodge(context, lodged.verdict_id, "Something else")

        assert again.case_id == lodged.case_id
        assert len(appeals_of(context, RIDER)) == 1


def test_support_lodges_on_behalf_and_cannot_review_then(
    entering: Entering, posted: Posting, as_rider: Entering
) -> None:
    verdict = posted()
    with entering("rita", Role.SUPPORT) as context:
        appeal = lodge(context, verdict.verdict_id, WHY, party=Party.RIDER)
    with as_rider() as context:
        act(context, appeal.case_id, "no_more_evidence")

    with entering("rita") as context, pytest.raises(Forbidden, match="judged this before"):
        act(context, appeal.case_id, "take_appeal")


def test_a_reviewer_lodges_nothing(entering: Entering, posted: Posting) -> None:
    verdict = posted()

    with entering() as context, pytest.raises(Forbidden, match="may not lodge"):
        lodge(context, verdict.verdict_id, WHY, party=Party.RIDER)


def test_an_appeal_of_somebody_else_is_as_if_it_were_not_there(lodged: Appeal, entering: Entering) -> None:
    with entering("other", party=OwnParty("rider", "riyadh", "rider-8")) as context:
        with pytest.raises(NotFound):
            show_appeal(context, lodged.case_id)
        with pytest.raises(NotFound):
            lodge(context, lodged.verdict_id, WHY)
        assert appeal_of(context, lodged.verdict_id) is None


@pytest.mark.parametrize("said", ["", "   ", "a" * 4001])
def test_an_appeal_says_why(as_rider: Entering, posted: Posting, said: str) -> None:
    verdict = posted()

    with as_rider() as context, pytest.raises(WrongUse, match="own words"):
        lodge(context, verdict.verdict_id, said)


def test_a_verdict_that_puts_nothing_on_the_party_cannot_be_appealed(as_rider: Entering, posted: Posting) -> None:
    verdict = posted(shares={Party.MERCHANT: 10_000}, points={})

    with as_rider() as context, pytest.raises(WrongUse, match="nothing on the rider"):
        lodge(context, verdict.verdict_id, WHY)


def test_a_verdict_without_points_or_money_can_be_appealed_too(
    as_rider: Entering, entering: Entering, posted: Posting
) -> None:
    verdict = posted(points={}, recovery_minor={}, compensation_minor=0)
    with as_rider() as context:
        appeal = lodge(context, verdict.verdict_id, WHY)
        act(context, appeal.case_id, "no_more_evidence")

    with entering() as context:
        act(context, appeal.case_id, "take_appeal")
        found = act(context, appeal.case_id, "overturn", {"reason": "It was the kitchen."})
        assert verdict_of(context, found.current_verdict_id).shares[Party.PLATFORM] == 6000


def test_a_late_appeal_is_refused_with_the_date(as_rider: Entering, posted: Posting) -> None:
    verdict = posted()

    with as_rider(now=NOW + timedelta(days=30)) as context:
        assert lodge(context, verdict.verdict_id, WHY).state == "evidence"
    other = posted("o-2")
    with as_rider(now=NOW + timedelta(days=31)) as context, pytest.raises(Conflict, match="2026-03-18"):
        lodge(context, other.verdict_id, WHY)


def test_the_reply_is_due_within_two_weeks(lodged: Appeal) -> None:
    assert lodged.reply_due_at == NOW + timedelta(days=14)


def test_waiting_for_an_answer_does_not_count_towards_the_reply(
    in_review: Appeal, entering: Entering, as_rider: Entering
) -> None:
    with entering(now=NOW + timedelta(days=1)) as context:
        asked = act(context, in_review.case_id, "ask_evidence", {"question": "Which door?"})
    with as_rider(now=NOW + timedelta(days=3)) as context:
        answered = act(context, in_review.case_id, "answer_question", {"text": "The back door."})

    assert asked.reply_due_at is None
    assert answered.reply_due_at == NOW + timedelta(days=16)


def test_the_party_is_asked_no_more_than_twice(in_review: Appeal, entering: Entering, as_rider: Entering) -> None:
    for question in ("Which door?", "Which bell?"):
        with entering() as context:
            act(context, in_review.case_id, "ask_evidence", {"question": question})
        with as_rider() as context:
            act(context, in_review.case_id, "answer_question", {"text": "The back one."})

    with entering() as context, pytest.raises(Conflict, match="2 times already"):
        act(context, in_review.case_id, "ask_evidence", {"question": "And which floor?"})


def test_overturned_the_points_come_back_and_the_platform_bears_the_share(
    in_review: Appeal, entering: Entering
) -> None:
    with entering() as context:
        act(context, in_review.case_id, "overturn", {"reason": "The kitchen was late, the photo shows it."})

    assert points(entering) == 0
    with entering() as context:
        appeal = show_appeal(context, in_review.case_id)
        found = verdict_of(context, appeal.current_verdict_id)
    assert appeal.outcome is AppealOutcome.OVERTURNED
    assert found.shares == {Party.MERCHANT: 4000, Party.PLATFORM: 6000}
    assert found.points == {}
    assert found.recovery_minor == {Party.MERCHANT: 6000}
    assert found.compensation_minor == 6000
    assert (found.decided_by, found.decider, found.supersedes) == (DecidedBy.PERSON, "rita", in_review.verdict_id)
    assert "The kitchen was late" in found.reason["en"]


def test_upheld_the_penalty_acts_only_once_the_second_instance_is_over(in_review: Appeal, entering: Entering) -> None:
    with entering() as context:
        act(context, in_review.case_id, "uphold", {"reason": "The trail shows a stop of twenty minutes."})
    assert points(entering) == 0

    with entering("admin", Role.ADMIN, now=NOW + timedelta(days=14)) as context:
        act_for_platform(context, in_review.case_id, "become_final", {})
        do_at_once(context, in_review.case_id, HANDLERS)

    assert points(entering, now=NOW + timedelta(days=14)) == 4
    with entering() as context:
        assert show_appeal(context, in_review.case_id).settled_at is not None


def test_varied_the_party_bears_less_and_points_shrink_in_its_favour(in_review: Appeal, entering: Entering) -> None:
    with entering() as context:
        appeal = act(context, in_review.case_id, "vary", {"reason": "Half of it was the kitchen.", "share": "25"})
        found = verdict_of(context, appeal.current_verdict_id)

    assert found.shares == {Party.RIDER: 2500, Party.MERCHANT: 4000, Party.PLATFORM: 3500}
    assert found.points == {Party.RIDER: 1}
    assert points(entering) == 0  # until it is final


@pytest.mark.parametrize("share", ["60", "75", "-1", "nan", "a lot"])
def test_nothing_becomes_worse_by_an_appeal(in_review: Appeal, entering: Entering, share: str) -> None:
    with entering() as context, pytest.raises(WrongUse):
        act(context, in_review.case_id, "vary", {"reason": "Because.", "share": share})


@pytest.mark.parametrize("action", ["uphold", "vary", "overturn"])
def test_a_decision_without_a_reason_is_refused(in_review: Appeal, entering: Entering, action: str) -> None:
    with entering() as context, pytest.raises(WrongUse, match="reason"):
        act(
            context, in_review.case_id, action, {"reason": "  ", "share": "10"} if action == "vary" else {"reason": " "}
        )


def test_the_second_instance_is_decided_by_somebody_else(
    in_review: Appeal, entering: Entering, as_rider: Entering
) -> None:
    with entering() as context:
        act(context, in_review.case_id, "uphold", {"reason": "The trail shows it."})
    with as_rider() as context:
        act(context, in_review.case_id, "lodge_second", {"reason": "The trail is of another order."})
    with entering() as context, pytest.raises(Forbidden, match="judged this before"):
        act(context, in_review.case_id, "take_second")

    with entering("saad") as context:
        act(context, in_review.case_id, "take_second")
        appeal = act(context, in_review.case_id, "overturn_second", {"reason": "It is of another order."})

    assert (appeal.state, appeal.outcome) == ("second_overturned", AppealOutcome.OVERTURNED)
    assert points(entering) == 0


def test_the_judge_of_the_verdict_cannot_review_it(entering: Entering, as_rider: Entering, posted: Posting) -> None:
    verdict = posted(decided_by=DecidedBy.PERSON, decider="rita")
    with as_rider() as context:
        appeal = lodge(context, verdict.verdict_id, WHY)
        act(context, appeal.case_id, "no_more_evidence")

    with entering() as context, pytest.raises(Forbidden, match="judged this before"):
        act(context, appeal.case_id, "take_appeal")


def test_it_is_said_and_escalated_when_nobody_is_left_to_review(entering: Entering, posted: Posting) -> None:
    verdict = posted(decided_by=DecidedBy.PERSON, decider="rita")

    with entering("saad", Role.SUPPORT) as context:
        appeal = lodge(context, verdict.verdict_id, WHY, party=Party.RIDER)
        trail = [one.action for one in guided_case(context, appeal.case_id).trail]

    assert trail == ["opened", "acknowledge", "nobody_left"]
    with entering("steward", Role.STEWARD) as context:
        assert [one.subject for one in list_outbox(context)] == [f"Nobody may decide appeal {appeal.case_id}"]


def test_withdrawn_the_penalty_acts_again(lodged: Appeal, as_rider: Entering, entering: Entering) -> None:
    with as_rider() as context:
        act(context, lodged.case_id, "withdraw_appeal")

    assert points(entering) == 4


def test_the_stay_lasts_as_long_as_anybody_appeals_the_verdict(
    lodged: Appeal, as_rider: Entering, entering: Entering
) -> None:
    with entering("shop", party=OwnParty("merchant", "riyadh", "shop-3")) as context:
        lodge(context, lodged.verdict_id, "We were on time.")
    with as_rider() as context:
        act(context, lodged.case_id, "withdraw_appeal")

    assert points(entering) == 0


def test_what_one_party_wins_leaves_the_stay_for_the_other(in_review: Appeal, entering: Entering) -> None:
    with entering("shop", party=OwnParty("merchant", "riyadh", "shop-3")) as context:
        merchants = lodge(context, in_review.verdict_id, "We were on time.")
    with entering() as context:
        act(context, in_review.case_id, "overturn", {"reason": "The rider was there in time."})

        held = show_appeal(context, merchants.case_id)
        verdict = latest(context, verdict_of(context, held.verdict_id).incident.key)
        owed = ledger.balance(context, Party.MERCHANT, "shop-3", "riyadh").of("SAR")
    assert verdict is not None
    assert held.current_verdict_id == verdict.verdict_id
    assert (owed.counted, owed.stayed) == (0, 6000)


@pytest.mark.parametrize(
    ("country", "city", "currency", "state", "counts"),
    [
        ("SA", "riyadh", "SAR", "overdue", 0),
        ("BR", "sao_paulo", "BRL", "granted_by_silence", 0),
    ],
)
def test_silence_grants_the_appeal_only_where_the_country_says_so(
    entering: Entering, posted: Posting, country: str, city: str, currency: str, state: str, counts: int
) -> None:
    verdict = posted(country=country, city=city, currency=currency, recovery_minor={}, compensation_minor=0)
    with entering("rider-account", party=OwnParty("rider", city, "rider-7")) as context:
        appeal = lodge(context, verdict.verdict_id, WHY)

    with entering("admin", Role.ADMIN, now=NOW + timedelta(days=14)) as context:
        act_for_platform(context, appeal.case_id, "close_evidence", {})
        act_for_platform(context, appeal.case_id, "reply_overdue", {})
        do_at_once(context, appeal.case_id, HANDLERS)
        found = show_appeal(context, appeal.case_id)
        balance = ledger.balance(context, Party.RIDER, "rider-7", city).of("points")

    assert found.state == state
    assert balance.counted == counts


def test_a_reviewer_sees_the_appeals_of_his_places_alone(lodged: Appeal, entering: Entering) -> None:
    with entering(countries=("SA",)) as context:
        assert [one.case_id for one in list_appeals(context)] == [lodged.case_id]
    with entering(countries=("BR",)) as context:
        assert list_appeals(context) == ()


def test_of_two_reviewers_at_once_the_second_is_told(in_review: Appeal, entering: Entering) -> None:
    with entering() as context:
        version = guided_case(context, in_review.case_id).summary.version
        act(context, in_review.case_id, "uphold", {"reason": "The trail shows it."}, version=version)

    with entering("saad") as context, pytest.raises(Conflict):
        act(context, in_review.case_id, "overturn", {"reason": "No."}, version=version)
