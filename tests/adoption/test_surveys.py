"""The survey: rhythm, pseudonyms, small groups, and intervals that cover what they say."""

from collections.abc import Callable
from datetime import datetime, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import update

from tiffin.capabilities.adoption.domain.satisfaction import NORMAL_95, STATEMENTS, Answer, by_group, content, wilson
from tiffin.capabilities.adoption.models import SurveyAnswer
from tiffin.capabilities.adoption.service import surveys
from tiffin.kernel.errors import Conflict, Forbidden, WrongUse
from tiffin.runtime.actor import Role
from tiffin.runtime.models import AuditEntry
from tiffin.runtime.tables import ACCOUNTS

FOURS = dict.fromkeys(STATEMENTS, 4)


@pytest.mark.parametrize("share", [0.05, 0.3, 0.5, 0.8, 0.95])
@pytest.mark.parametrize("people", [10, 40, 200])
def test_the_interval_covers_the_truth_as_often_as_it_says(share: float, people: int) -> None:
    drawn = np.random.default_rng(11).binomial(people, share, size=4000)
    counts = np.bincount(drawn, minlength=people + 1)
    covered = sum(
        times for found, times in enumerate(counts) if (one := wilson(found, people)).low <= share <= one.high
    )

    # Wilson's interval covers 95 % on average over shares; at one share and few people it moves around that.
    assert 0.90 <= covered / 4000 <= 0.99


def test_the_interval_covers_ninety_five_percent_over_all_shares() -> None:
    draw = np.random.default_rng(5)
    shares, people = draw.uniform(0.02, 0.98, 8000), draw.integers(5, 120, 8000)
    drawn = draw.binomial(people, shares)
    covered = np.mean(
        [
            (one := wilson(int(found), int(n))).low <= share <= one.high
            for found, n, share in zip(drawn, people, shares, strict=True)
        ]
    )

    assert 0.94 <= covered <= 0.96


@given(st.integers(1, 500).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_an_interval_lies_around_its_share_and_within_the_possible(found: tuple[int, int]) -> None:
    one, narrow = wilson(*found), wilson(*found, normal=NORMAL_95 / 2)

    assert 0 <= one.low <= one.share + 1e-12
    assert one.share - 1e-12 <= one.high <= 1
    assert one.low <= narrow.low + 1e-12


@given(st.lists(st.tuples(st.sampled_from("abcd"), st.integers(1, 5)), max_size=40), st.integers(2, 6))
def test_no_small_group_is_shown_or_follows_from_the_others(said: list, minimum: int) -> None:
    grouped: dict[str, tuple[Answer, ...]] = {}
    for name, points in said:
        answer = Answer("2026Q1", name, "*", dict.fromkeys(STATEMENTS, points))
        grouped[name] = (*grouped.get(name, ()), answer)

    found = by_group(grouped, minimum=minimum)

    withheld = [one.group for one in found if one.content is None]
    assert all(one.content.people >= minimum for one in found if one.content is not None)
    assert sum(len(grouped[name]) for name in withheld) >= minimum or len(withheld) in (0, len(grouped))
    assert content(tuple(a for group in grouped.values() for a in group), minimum=len(said) + 1) is None


def test_somebody_is_asked_once_a_quarter_and_left_alone_when_he_says_so(entering: Callable, now: datetime) -> None:
    with entering("vic") as context:
        first = surveys.is_due(context)
        until = surveys.put_off(context)
        paused = surveys.is_due(context)
    with entering("vic", now=now + timedelta(days=14)) as context:
        again = surveys.is_due(context)
        surveys.answer(context, FOURS)
        after = surveys.is_due(context)
    with entering("vic", now=now + timedelta(days=104)) as context:
        next_quarter = surveys.is_due(context)

    assert (first, paused, again, after, next_quarter) == (True, False, True, False, True)
    assert (until - now.date()).days == 14


def test_a_new_account_is_asked_after_two_weeks(entering: Callable, now: datetime) -> None:
    with entering("vic") as context:
        context.unit.execute(update(ACCOUNTS).where(ACCOUNTS.c.name == "vic").values(created_at=now))
        asked = surveys.is_due(context)
    with entering("vic", now=now + timedelta(days=14)) as context:
        asked_later = surveys.is_due(context)

    assert (asked, asked_later) == (False, True)


def test_nobody_answers_twice_in_a_quarter(entering: Callable) -> None:
    with entering("vic") as context:
        surveys.answer(context, FOURS)

    with pytest.raises(Conflict), entering("vic") as context:
        surveys.answer(context, FOURS)


def test_no_name_stands_beside_an_answer_nor_in_the_trail(entering: Callable) -> None:
    with entering("vic") as context:
        surveys.answer(context, FOURS, remark="Faster search")
    with entering("sam") as context:
        row = context.session.query(SurveyAnswer).one()
        trail = [one.actor for one in context.session.query(AuditEntry).filter_by(action="survey_answered")]

    assert "vic" not in (row.pseudonym, row.role, row.country, row.remark)
    assert trail == [f"pseudonym:{row.pseudonym[:16]}"]


def test_scores_are_shown_from_the_smallest_group_on_and_remarks_to_stewards(entering: Callable) -> None:
    for number in range(5):
        with entering(f"u{number}", Role.ANALYST if number == 0 else Role.VIEWER, countries=("SA",)) as context:
            surveys.answer(context, FOURS if number else dict.fromkeys(STATEMENTS, 1), remark="Faster" * (number == 1))
            few = surveys.results(context)[0].content
    with entering("vic") as context:
        shown = surveys.results(context)[0]
    with entering("sam") as context:
        remarks = surveys.results(context)[0].remarks

    assert few is not None
    assert (shown.people, shown.content.share, shown.remarks) == (5, 0.8, ())
    assert [(one.group, one.content) for one in shown.by_role] == [("analyst", None), ("viewer", None)]
    assert shown.by_country[0].content.share == 0.8
    assert remarks == ("Faster",)


@pytest.mark.parametrize("wrong", [{}, FOURS | {"speed": 6}, FOURS | {"luck": 3}])
def test_an_answer_is_five_numbers_of_one_to_five(entering: Callable, wrong: dict) -> None:
    with pytest.raises(WrongUse), entering("vic") as context:
        surveys.answer(context, wrong)


def test_whoever_has_no_grant_is_not_asked_and_answers_nothing(entering: Callable) -> None:
    with entering("eve", countries=()) as context:
        assert not surveys.is_due(context)
    with pytest.raises(Forbidden), entering("eve", countries=()) as context:
        surveys.answer(context, FOURS)
