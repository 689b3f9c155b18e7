"""Ranking: what is surely good stands before nothing, nothing before what is not, and ratios tell their uncertainty."""

from math import inf

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tiffin.capabilities.balance.domain.strategy_ranking import (
    NOTHING,
    Rehearsed,
    Span,
    fieller,
    plain_span,
    rank,
    span_from,
)

N = 12
CHANCE = np.random.default_rng(11)


def an_option(name: str, avoided: float, outlay: float, *, spread: float = 5.0, saved: float = 0.0) -> Rehearsed:
    noise = CHANCE.normal(0, spread, N)
    return Rehearsed(name, avoided + noise, np.full(N, outlay), np.full(N, saved))


def ranked(*options: Rehearsed) -> list[str]:
    return [one.name for one in rank(options, minor_digits=2, seed=1)]


def test_more_minutes_for_the_same_money_stand_first_and_harm_after_nothing() -> None:
    found = ranked(an_option("harm", -80, 100), an_option("good", 100, 5000), an_option("better", 200, 5000))

    assert found == ["better", "good", NOTHING, "harm"]


def test_what_costs_nothing_stands_first_and_has_no_ratio() -> None:
    found = rank([an_option("paid", 500, 1000), an_option("free", 20, 0, spread=1)], minor_digits=2, seed=1)

    assert [one.name for one in found] == ["free", "paid", NOTHING]
    assert found[0].is_free
    assert found[0].ratio is None


def test_an_option_is_dominated_when_another_does_more_for_less() -> None:
    found = {
        one.name: one.is_dominated
        for one in rank([an_option("dear", 90, 9000), an_option("cheap", 100, 5000)], minor_digits=2, seed=1)
    }

    assert found == {"dear": True, "cheap": False, NOTHING: False}


def test_a_cost_that_may_be_nought_is_said_and_its_ratio_has_no_end() -> None:
    outlay = CHANCE.normal(10, 400, N)
    found = rank([Rehearsed("unsure", CHANCE.normal(100, 5, N), outlay - outlay.mean() + 10, np.zeros(N))],
                 minor_digits=2, seed=1)[0]  # fmt: skip

    assert found.may_be_free
    assert found.ratio is not None
    assert found.ratio.high == inf


def test_the_shares_of_being_best_add_up_to_one() -> None:
    found = rank([an_option("a", 100, 5000), an_option("b", 102, 5000), an_option("c", 0, 10)], minor_digits=2, seed=1)

    assert sum(one.best for one in found) == pytest.approx(1.0)


def test_without_options_nothing_is_the_best() -> None:
    assert [(one.name, one.best) for one in rank([], minor_digits=2, seed=1)] == [(NOTHING, 1.0)]


def test_the_interval_of_a_ratio_holds_the_truth_as_often_as_it_says() -> None:
    chance = np.random.default_rng(3)
    held = 0
    for _ in range(2000):
        shared = chance.normal(0, 3, N)
        found = fieller(40 + 2 * shared + chance.normal(0, 6, N), 20 + shared + chance.normal(0, 2, N))
        held += found.low <= 2.0 <= found.high

    assert held / 2000 == pytest.approx(0.95, abs=0.015)


@given(scale=st.floats(0.01, 1000))
def test_the_ranking_does_not_depend_on_the_unit_of_money(scale: float) -> None:
    options = [an_option("a", 100, 5000), an_option("b", 150, 6000), an_option("c", 10, 7000)]
    scaled = [Rehearsed(one.name, one.avoided_min, one.outlay_minor * scale, one.saved_minor) for one in options]

    assert ranked(*options) == ranked(*scaled)


def test_a_span_without_end_is_kept_as_null() -> None:
    assert span_from(plain_span(Span(1.0, -inf, 3.0))) == Span(1.0, -inf, 3.0)
