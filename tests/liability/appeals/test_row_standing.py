"""How rows stand by their appeals: bounds that hold at all times, demotion, restoring by two people, mending."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.liability.appeals.conftest import NOW, RIDER, Entering, Posting

from tiffin.capabilities.liability.domain.row_standing import (
    RowState,
    SettledAppeal,
    bounds_of,
    first_past,
    sequence_of,
)
from tiffin.capabilities.liability.service.appeal_acting import act
from tiffin.capabilities.liability.service.appeals import lodge
from tiffin.capabilities.liability.service.row_learning import (
    act_on_demotion,
    demotion_case,
    row_standings,
    standing_of,
    take_up_mended,
)
from tiffin.capabilities.liability.service.row_standing import is_demoted
from tiffin.capabilities.scorecards.service.outbox import list_outbox
from tiffin.kernel.errors import Forbidden, NotFound
from tiffin.runtime.actor import Role
from tiffin.runtime.workspace import Workspace

POLICY, ROW = "liability", "late.rider"


def coverage(rate: float, *, runs: int, appeals: int, seed: int) -> float:
    """Simulate how often the bounds hold after every single appeal of a row."""
    draws = np.random.default_rng(seed).random((runs, appeals)) < rate
    totals = draws.cumsum(axis=1)
    known: dict[tuple[int, int], bool] = {}
    held = 0
    for row in totals:
        held += all(_holds(known, int(failed), number, rate) for number, failed in enumerate(row, 1))
    return held / runs


def _holds(known: dict[tuple[int, int], bool], failed: int, appeals: int, rate: float) -> bool:
    key = (failed, appeals)
    if key not in known:
        lower, upper = bounds_of(failed, appeals, 0.95)
        known[key] = lower <= rate <= upper
    return known[key]


@pytest.mark.parametrize(("rate", "seed"), [(0.02, 1), (0.2, 2), (0.5, 3)])
def test_the_bounds_hold_after_every_appeal_at_once_in_at_least_95_percent(rate: float, seed: int) -> None:
    assert coverage(rate, runs=400, appeals=150, seed=seed) >= 0.95


@pytest.mark.full
@pytest.mark.parametrize("rate", [0.01, 0.05, 0.1, 0.2, 0.3, 0.5, 0.8])
def test_the_bounds_hold_at_all_times_over_a_thousand_appeals(rate: float) -> None:
    assert coverage(rate, runs=2000, appeals=1000, seed=11) >= 0.95


def test_plain_intervals_looked_at_after_each_appeal_would_not_hold() -> None:
    draws = np.random.default_rng(5).random((400, 300)) < 0.2
    counts = np.arange(1, 301)
    rates = draws.cumsum(axis=1) / counts
    misses = np.abs(rates - 0.2) > 1.96 * np.sqrt(0.2 * 0.8 / counts)

    assert 1 - misses.any(axis=1).mean() < 0.8


@given(st.integers(0, 300).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_bounds_enclose_the_rate_and_more_failures_raise_both(drawn: tuple[int, int]) -> None:
    failed, appeals = drawn
    lower, upper = bounds_of(failed, appeals, 0.95)

    assert 0 <= lower <= upper <= 1
    if appeals:
        assert lower <= failed / appeals <= upper
    if failed < appeals:
        more = bounds_of(failed + 1, appeals, 0.95)
        assert more.lower >= lower
        assert more.upper >= upper


def test_a_row_within_its_limit_is_never_past_it_and_a_bad_one_soon_is() -> None:
    at = datetime(2026, 1, 1, tzinfo=UTC)
    good = [SettledAppeal(at + timedelta(hours=n), has_stood=n % 10 != 0) for n in range(200)]
    bad = [SettledAppeal(at + timedelta(hours=n), has_stood=n % 4 == 0) for n in range(40)]

    assert first_past(sequence_of(good, 0.95), 0.2) is None
    passed = first_past(sequence_of(bad, 0.95), 0.2)
    assert passed is not None
    assert passed <= 12


def settled(
    entering: Entering, as_rider: Entering, posted: Posting, *, decisions: str, first: int = 0, now: datetime = NOW
) -> None:
    """Let appeals against verdicts of one row be decided: o for overturned, u for upheld."""
    for number, decided in enumerate(decisions, first):
        verdict = posted(f"o-{number}", decided_at=now)
        with as_rider(now=now) as context:
            case_id = lodge(context, verdict.verdict_id, "It was the kitchen.").case_id
            act(context, case_id, "no_more_evidence")
        with entering(now=now) as context:
            act(context, case_id, "take_appeal")
            act(context, case_id, {"o": "overturn", "u": "uphold"}[decided], {"reason": "As the trail shows."})


class TestDemotion:
    """A row that lost too many appeals."""

    @pytest.fixture(autouse=True)
    def _demoted(self, reviewers: None, entering: Entering, as_rider: Entering, posted: Posting) -> None:  # noqa: ARG002 - reviewers are there first
        settled(entering, as_rider, posted, decisions="ooooo")

    def case_id(self, entering: Entering) -> int:
        with entering("steward", Role.STEWARD) as context:
            found = standing_of(context, POLICY, ROW).case_id
        assert found is not None
        return found

    def test_people_decide_in_its_place_and_its_owner_is_told(self, entering: Entering) -> None:
        with entering("steward", Role.STEWARD) as context:
            (found,) = row_standings(context)
            assert (found.state, found.appeals, found.failed) == (RowState.DEMOTED, 5, 5)
            assert found.bounds.lower > found.limit.limit
            assert is_demoted(context, POLICY, ROW)
            assert not is_demoted(context, POLICY, "late.door")
            told = [one.subject for one in list_outbox(context)]
        assert told == [f"The row {ROW} of {POLICY} no longer decides by itself"]

    def test_failing_further_opens_no_second_case(
        self, entering: Entering, as_rider: Entering, posted: Posting
    ) -> None:
        before = self.case_id(entering)
        settled(entering, as_rider, posted, decisions="o", first=50)

        assert self.case_id(entering) == before
        with entering("steward", Role.STEWARD) as context:
            _, case = demotion_case(context, before)
            assert {one.action for one in case.trail[1:]} == {"fails_further"}

    def test_two_people_restore_it_and_it_counts_anew(
        self, entering: Entering, as_rider: Entering, posted: Posting
    ) -> None:
        case_id, later = self.case_id(entering), NOW + timedelta(days=1)
        with entering("owner", Role.STEWARD, now=later) as context:
            act_on_demotion(context, case_id, "restore", {"reason": "The photos were misread; reviewers were taught."})
        with entering("owner", Role.STEWARD, now=later) as context, pytest.raises(Forbidden, match="second person"):
            act_on_demotion(context, case_id, "restore_too")
        with entering("colleague", Role.STEWARD, now=later) as context:
            found = act_on_demotion(context, case_id, "restore_too")
            assert (found.state, found.appeals) == (RowState.RESTORED, 0)
            assert not is_demoted(context, POLICY, ROW)

        settled(entering, as_rider, posted, decisions="ooooo", first=60, now=later + timedelta(days=1))
        with entering("steward", Role.STEWARD) as context:
            assert is_demoted(context, POLICY, ROW)

    def test_nobody_else_restores_it(self, entering: Entering) -> None:
        case_id = self.case_id(entering)
        with entering("rita") as context, pytest.raises(Forbidden, match="does not answer"):
            act_on_demotion(context, case_id, "restore", {"reason": "I like it."})
        with entering("rider-account", party=RIDER) as context, pytest.raises(NotFound):
            demotion_case(context, case_id)

    def test_a_version_that_writes_it_otherwise_lets_it_decide_again(
        self, workspace: Workspace, entering: Entering
    ) -> None:
        with entering("steward", Role.STEWARD) as context:
            assert take_up_mended(context) == ()

        folder = workspace.overlay("policies") / POLICY
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "parameters.yaml").write_text(
            "parameters:\n  - {name: rider_tolerance_min, value: 12, unit: min, from: 2026-01-02, source: test}\n"
        )
        with entering("steward", Role.STEWARD) as context:
            assert not is_demoted(context, POLICY, ROW)
            assert take_up_mended(context) == ((POLICY, ROW),)
            assert row_standings(context)[0].state is RowState.MENDED
            assert not is_demoted(context, POLICY, ROW)


@pytest.mark.usefixtures("reviewers")
def test_a_row_whose_verdicts_stand_keeps_deciding(entering: Entering, as_rider: Entering, posted: Posting) -> None:
    settled(entering, as_rider, posted, decisions="uou")

    with entering("steward", Role.STEWARD) as context:
        found = standing_of(context, POLICY, ROW)
        assert (found.state, found.appeals, found.open_appeals) == (RowState.TRUSTED, 1, 2)
        assert not is_demoted(context, POLICY, ROW)
