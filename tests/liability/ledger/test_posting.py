"""What verdicts do to the ledger: once, balanced, taken back by reversal alone."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from tests.liability.ledger.conftest import NOW, Entering

from tiffin.capabilities.liability.domain.parties import Party
from tiffin.capabilities.liability.domain.verdict import DecidedBy, Verdict
from tiffin.capabilities.liability.service import ledger
from tiffin.kernel.errors import Conflict, InvalidData, NotFound
from tiffin.runtime.context import Context

VERDICT = Callable[..., Verdict]


def counted(context: Context, party: Party, party_id: str, unit: str) -> int:
    return ledger.balance(context, party, party_id, "riyadh").of(unit).counted


def standing(context: Context) -> tuple[int, int, int]:
    """Points of the rider, money of the merchant and of the customer."""
    rider = counted(context, Party.RIDER, "rider-7", "points")
    merchant = counted(context, Party.MERCHANT, "shop-3", "SAR")
    return rider, merchant, counted(context, Party.CUSTOMER, "c-9", "SAR")


def test_a_verdict_is_booked_on_every_party_it_names(entering: Entering, a_verdict: VERDICT) -> None:
    with entering() as context:
        assert ledger.post_verdict(context, a_verdict()).is_new

        assert standing(context) == (2, 6000, -6000)


def test_a_verdict_posted_again_is_booked_once(entering: Entering, a_verdict: VERDICT) -> None:
    with entering() as context:
        ledger.post_verdict(context, a_verdict())
    with entering() as context:
        again = ledger.post_verdict(context, a_verdict())

        assert not again.is_new
        assert standing(context) == (2, 6000, -6000)


def test_the_same_policy_asked_again_about_an_incident_books_nothing_more(
    entering: Entering, a_verdict: VERDICT
) -> None:
    with entering() as context:
        ledger.post_verdict(context, a_verdict())

        assert not ledger.post_verdict(context, a_verdict(2)).is_new


def test_another_version_of_a_policy_books_nothing_unless_it_supersedes(entering: Entering, a_verdict: VERDICT) -> None:
    changed = a_verdict(2, policy_version="v2", points={Party.RIDER: 5})
    with entering() as context:
        ledger.post_verdict(context, a_verdict())
        with pytest.raises(Conflict, match="supersedes"):
            ledger.post_verdict(context, changed)
        ledger.replace(context, a_verdict().verdict_id, changed)

        assert standing(context) == (5, 6000, -6000)


def test_what_was_taken_back_does_not_come_back_by_a_retry(entering: Entering, a_verdict: VERDICT) -> None:
    with entering() as context:
        ledger.post_verdict(context, a_verdict())
        ledger.reverse(context, a_verdict().verdict_id, "the road was closed")
        again = [ledger.post_verdict(context, a_verdict()), ledger.post_verdict(context, a_verdict(2))]

        assert [one.is_new for one in again] == [False, False]
        assert standing(context) == (0, 0, 0)


def test_a_verdict_that_comes_after_its_successor_is_refused(entering: Entering, a_verdict: VERDICT) -> None:
    first, third = a_verdict(), a_verdict(3, policy_version="v3", supersedes="riyadh|o-1|late|2")
    with entering() as context:
        ledger.post_verdict(context, first)
        ledger.post_verdict(context, third)
        with pytest.raises(Conflict):
            ledger.post_verdict(context, a_verdict(2, policy_version="v2", supersedes=first.verdict_id))


def test_a_decision_of_a_person_is_booked_again_where_it_takes_the_place_of_another(
    entering: Entering, a_verdict: VERDICT
) -> None:
    first = a_verdict(decided_by=DecidedBy.PERSON)
    second = a_verdict(2, decided_by=DecidedBy.PERSON, points={Party.RIDER: 1}, supersedes=first.verdict_id)
    third = a_verdict(3, decided_by=DecidedBy.PERSON, supersedes=second.verdict_id)
    with entering() as context:
        done = [ledger.post_verdict(context, one).is_new for one in (first, second, second, third, second, first)]

        assert done == [True, True, False, True, False, False]
        assert standing(context) == (2, 6000, -6000)


def test_while_a_stay_holds_nothing_counts_against_anybody_and_nothing_is_taken_away(
    entering: Entering, a_verdict: VERDICT
) -> None:
    with entering() as context:
        ledger.post_verdict(context, a_verdict())
        assert ledger.stay(context, a_verdict().verdict_id, "appeal").is_new
        assert not ledger.stay(context, a_verdict().verdict_id, "appeal").is_new

        assert standing(context) == (0, 0, -6000)
        assert ledger.balance(context, Party.RIDER, "rider-7", "riyadh").of("points").stayed == 2

        ledger.lift_stay(context, a_verdict().verdict_id)
        assert not ledger.lift_stay(context, a_verdict().verdict_id).is_new
        assert standing(context) == (2, 6000, -6000)


def test_what_is_reversed_while_it_is_stayed_leaves_nothing_anywhere(entering: Entering, a_verdict: VERDICT) -> None:
    with entering() as context:
        ledger.post_verdict(context, a_verdict())
        ledger.stay(context, a_verdict().verdict_id, "appeal")
        ledger.reverse(context, a_verdict().verdict_id, "upheld")
        ledger.reverse(context, a_verdict().verdict_id, "upheld")
        ledger.lift_stay(context, a_verdict().verdict_id)

        assert standing(context) == (0, 0, 0)
        assert ledger.balance(context, Party.RIDER, "rider-7", "riyadh").of("points").stayed == 0
        with pytest.raises(Conflict):
            ledger.stay(context, a_verdict().verdict_id, "again")


def test_what_was_never_posted_cannot_be_stayed_reversed_or_replaced(entering: Entering, a_verdict: VERDICT) -> None:
    with entering() as context:
        for act in (
            lambda: ledger.stay(context, "riyadh|o-1|late|1", "x"),
            lambda: ledger.lift_stay(context, "riyadh|o-1|late|1"),
            lambda: ledger.reverse(context, "riyadh|o-1|late|1", "x"),
            lambda: ledger.replace(context, "riyadh|o-1|late|1", a_verdict(2)),
        ):
            with pytest.raises(NotFound):
                act()


def test_riders_and_customers_pay_only_where_their_country_says_so(entering: Entering, a_verdict: VERDICT) -> None:
    fined = a_verdict(recovery_minor={Party.RIDER: 500})
    with entering() as context:
        with pytest.raises(InvalidData, match="no rule of SA allows"):
            ledger.post_verdict(context, fined)
        own = context.workspace.overlay("parameters") / "ledger.yaml"
        own.parent.mkdir(exist_ok=True)
        stated = "from: 2026-02-01, source: a law, country: SA, party: rider, money: {is_allowed: true}"
        own.write_text(f"terms:\n  - {{{stated}}}\n", encoding="utf-8")

        assert ledger.post_verdict(context, fined).is_new


@pytest.mark.parametrize(
    "changes",
    [
        {"currency": "AED"},
        {"incident": {"rider_id": None}},
        {"points": {Party.RIDER: -1}},
        {"compensation_minor": -1},
    ],
)
def test_what_cannot_be_booked_is_refused(entering: Entering, a_verdict: VERDICT, changes: dict[str, object]) -> None:
    with entering() as context, pytest.raises(InvalidData):
        ledger.post_verdict(context, a_verdict(**changes))


def test_points_expire_and_are_capped_when_they_are_read(entering: Entering, a_verdict: VERDICT) -> None:
    with entering() as context:
        for number in range(4):
            ledger.post_verdict(context, a_verdict(order=f"o-{number}"))
        found = ledger.balance(context, Party.RIDER, "rider-7", "riyadh").of("points")
        later = ledger.balance(context, Party.RIDER, "rider-7", "riyadh", as_of=NOW + timedelta(days=90)).of("points")

    assert (found.booked, found.counted, found.capped, found.expired) == (8, 6, 2, 0)
    assert (later.booked, later.counted, later.capped, later.expired) == (8, 0, 2, 6)
