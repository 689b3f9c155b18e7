"""Laws of standing: one incident less never hurts, what is stayed counts for nothing, tiers fall slowly, steps help."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tiffin.capabilities.cases.domain.coaching_cases import COACHING
from tiffin.capabilities.liability.domain.incident import IncidentType
from tiffin.capabilities.liability.domain.standards import (
    Levels,
    OwnIncident,
    Standard,
    Standing,
    Step,
    standing_on,
)
from tiffin.capabilities.liability.domain.tiers import (
    HELD_DAYS,
    PERIOD_DAYS,
    Criterion,
    Served,
    Tier,
    Tiers,
    lower_bound,
    rank_of,
    tier_on,
)

FIRST = date(2026, 1, 1)
TODAY = FIRST + timedelta(days=120)
STANDARD = Standard("on_time", "*", frozenset({IncidentType.LATE}), 2, 14, (Step.NOTE, Step.LESSON, Step.TALK), 21)
TIERS = Tiers(
    "*",
    0.95,
    (
        Tier("entry", 0, 0.0, asks_no_breach=False, gives=("every_order",)),
        Tier("silver", 20, 0.8, asks_no_breach=False, gives=("every_order", "longer")),
        Tier("gold", 60, 0.9, asks_no_breach=True, gives=("every_order", "longer", "first")),
    ),
)
days = st.lists(st.integers(0, 120), max_size=14)


def an_incident(day: int, number: int = 0, *, is_stayed: bool = False) -> OwnIncident:
    key = f"riyadh|o-{day}-{number}|late"
    at = FIRST + timedelta(days=day)
    return OwnIncident(key, f"{key}|1", f"o-{day}-{number}", IncidentType.LATE, at, is_stayed)


def incidents(of: list[int]) -> list[OwnIncident]:
    return [an_incident(day, number) for number, day in enumerate(of)]


def standing(of: list[int], day: date = TODAY) -> Standing:
    return standing_on(STANDARD, incidents(of), day)


standards = st.builds(
    lambda count, within, forgotten, steps: replace(
        STANDARD, count=count, within_days=within, forgotten_after_days=forgotten, steps=(Step.NOTE,) * steps
    ),
    st.integers(1, 4),
    st.integers(1, 30),
    st.integers(1, 40),
    st.integers(1, 5),
)


@given(of=days.filter(bool), data=st.data(), standard=standards)
@settings(max_examples=100)
def test_one_incident_less_never_makes_a_standing_worse(of: list[int], data: st.DataObject, standard: Standard) -> None:
    every = incidents(of)
    left = [one for one in every if one is not data.draw(st.sampled_from(every))]
    day = FIRST + timedelta(days=data.draw(st.integers(0, 160)))

    before, after = standing_on(standard, every, day), standing_on(standard, left, day)

    assert after.level <= before.level
    if after.level == before.level and after.level:
        assert after.forgotten_on is not None
        assert before.forgotten_on is not None
        assert after.forgotten_on <= before.forgotten_on


def test_without_its_first_incident_a_breach_that_then_comes_later_is_not_remembered_longer() -> None:
    assert standing([1, 5, 9], FIRST + timedelta(days=27)).level == 1
    assert standing([5, 9], FIRST + timedelta(days=27)).level == 1
    assert standing([1, 5, 9], FIRST + timedelta(days=30)).level == 0


@given(of=days, stayed=days)
@settings(max_examples=60)
def test_what_an_appeal_holds_back_counts_for_nothing(of: list[int], stayed: list[int]) -> None:
    held_back = [an_incident(day, 100 + number, is_stayed=True) for number, day in enumerate(stayed)]

    assert standing_on(STANDARD, [*incidents(of), *held_back], TODAY) == standing(of)


@given(of=days)
@settings(max_examples=60)
def test_breaches_share_no_incident_and_each_is_one(of: list[int]) -> None:
    found = standing(of)

    taken = [one.key for breach in found.breaches for one in breach.incidents]
    assert len(taken) == len(set(taken)) == STANDARD.count * len(found.breaches)
    for breach in found.breaches:
        assert (breach.day - breach.incidents[0].day).days < STANDARD.within_days
    assert bool(found.level) == bool(found.breaches)


@given(of=days.filter(lambda of: standing(of).level > 0))
@settings(max_examples=40)
def test_a_step_is_forgotten_on_the_day_that_is_told_and_not_before(of: list[int]) -> None:
    found = standing(of)

    assert found.forgotten_on is not None
    assert standing(of, found.forgotten_on - timedelta(days=1)).level == found.level
    assert standing(of, found.forgotten_on).level == found.level - 1


@given(of=days)
@settings(max_examples=60)
def test_so_many_incidents_as_are_told_make_the_next_breach(of: list[int]) -> None:
    found = standing(of)
    if found.level == len(STANDARD.steps):
        return

    more = [120] * found.until_next

    assert standing([*of, *more]).level == found.level + 1
    assert standing([*of, *more[1:]]).level == found.level
    assert found.next_step is STANDARD.steps[found.level]


def test_each_breach_leads_one_step_further_and_the_last_step_repeats() -> None:
    of = [day for start in (60, 75, 90, 105) for day in (start, start + 1)]

    assert [standing(of[: 2 * count], FIRST + timedelta(days=107)).step for count in (4,)] == [Step.TALK]
    assert [Levels(STANDARD, incidents(of)).level_on(FIRST + timedelta(days=day)) for day in (61, 76, 91, 106)] == [
        1, 2, 3, 3,
    ]  # fmt: skip


def test_each_count_of_deliveries_has_its_lower_bound() -> None:
    assert lower_bound(0, 0, 0.95) == 0
    assert lower_bound(3, 3, 0.95) < lower_bound(30, 30, 0.95) < lower_bound(300, 300, 0.95) < 1
    assert lower_bound(9, 10, 0.95) < lower_bound(90, 100, 0.95) < 0.9


@given(served=st.builds(Served, st.integers(0, 300), st.integers(1, 40), st.booleans()), fewer=st.integers(1, 40))
@settings(max_examples=100)
def test_fewer_own_incidents_never_reach_a_lower_tier(served: Served, fewer: int) -> None:
    before = rank_of(TIERS, served)

    assert rank_of(TIERS, replace(served, with_incident=max(0, served.with_incident - fewer))) >= before
    assert rank_of(TIERS, replace(served, has_breach=False)) >= before


def served_by(counts: list[int]) -> Callable[[date], Served]:
    def served(day: date) -> Served:
        last = (day - FIRST).days
        return Served(sum(counts[max(0, last - PERIOD_DAYS + 1) : last + 1]) if last >= 0 else 0, 0, has_breach=False)

    return served


@given(counts=st.lists(st.integers(0, 6), min_size=60, max_size=150))
@settings(max_examples=25, deadline=None)
def test_a_tier_is_lost_only_after_two_periods_in_which_it_was_never_reached(counts: list[int]) -> None:
    served, names = served_by(counts), [one.name for one in TIERS.every]
    held = [names.index(tier_on(TIERS, FIRST + timedelta(days=day), served).held.name) for day in range(len(counts))]
    reached = [rank_of(TIERS, served(FIRST + timedelta(days=day))) for day in range(len(counts))]

    for day, (before, after) in enumerate(pairwise(held), 1):
        assert after >= reached[day]
        if after < before:
            assert max(reached[max(0, day - HELD_DAYS + 1) : day + 1]) < before


def test_a_kept_tier_is_told_with_its_last_day_and_what_is_missing() -> None:
    counts = [3] * 40 + [0] * 80

    found = tier_on(TIERS, FIRST + timedelta(days=70), served_by(counts))

    assert (found.held.name, found.reached.name) == ("gold", "entry")
    assert [one.criterion for one in found.missing_held] == [Criterion.DELIVERIES, Criterion.CLEAN_SHARE]
    assert found.kept_until is not None
    kept = [tier_on(TIERS, found.kept_until + timedelta(days=after), served_by(counts)).held.name for after in (0, 1)]
    assert kept[0] == "gold"
    assert kept[1] != "gold"


@given(of=days, counts=st.lists(st.integers(0, 6), min_size=1, max_size=60))
@settings(max_examples=30, deadline=None)
def test_nothing_that_can_come_out_suspends_fines_or_ends_anything(of: list[int], counts: list[int]) -> None:
    tier = tier_on(TIERS, FIRST + timedelta(days=len(counts) - 1), served_by(counts))

    assert standing(of).step in {None, Step.NOTE, Step.LESSON, Step.TALK, Step.RIDE_ALONG}
    assert {*TIERS.every[0].gives} <= {*tier.held.gives}


def test_nothing_follows_from_a_case_of_coaching_whatever_is_done_with_it() -> None:
    assert {effect for one in COACHING.transitions for effect in one.effects} == set()
    assert not [clock for clock in COACHING.clocks if clock.on_expiry]
    assert COACHING.reserved >= {"suspend", "fine", "end"}


@pytest.mark.parametrize("name", ["standards", "coaching", "standard_reading", "standard_rules", "standard_words"])
def test_no_code_of_standards_reaches_for_money_or_accounts(project_root: Path, name: str) -> None:
    path = project_root / "src" / "tiffin" / "capabilities" / "liability" / "service" / f"{name}.py"
    imported = [line for line in path.read_text(encoding="utf-8").splitlines() if line.startswith(("from", "import"))]

    wrong = ("ledger ", "ledger_posting", "ledger_writing", "capabilities.access", "party_accounts", "runtime.models")
    assert [line for line in imported if any(part in line for part in wrong)] == []
