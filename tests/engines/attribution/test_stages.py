"""Laws of stages, quantiles under conditions, credits along the critical path, and trust."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray

from tiffin.engines.attribution.stages.around import around
from tiffin.engines.attribution.stages.crediting import Parts, credits_of, shares_of, tier_shares
from tiffin.engines.attribution.stages.quantiles import learn
from tiffin.engines.attribution.stages.times import Milestones, stage_seconds, waits_for_rider
from tiffin.engines.attribution.stages.trust import chance_at, monotone_fit, upper_bound
from tiffin.kernel.errors import WrongUse

Floats = NDArray[np.float64]

SECONDS = st.floats(-1800, 1800).map(lambda value: round(value, 1))
MATRIX = arrays(np.float64, (4, 5), elements=SECONDS)
VECTOR = arrays(np.float64, 4, elements=SECONDS)


def some_parts(kitchen: Floats, coming: Floats, after: Floats, slack: Floats) -> Parts:
    return Parts(kitchen_s=kitchen, coming_s=coming, after_s=after, slack_s=slack)


def path_s(parts: Parts, taken: list[int], row: int) -> float:
    waits = max(0.0, parts.coming_s[row, taken].sum() - parts.slack_s[row])
    return float(parts.kitchen_s[row, taken].sum() + waits + parts.after_s[row, taken].sum())


@given(MATRIX, MATRIX, MATRIX, VECTOR)
def test_credits_add_up_to_the_path_less_its_fair_length(
    kitchen: Floats, coming: Floats, after: Floats, slack: Floats
) -> None:
    parts = some_parts(kitchen, coming, after, slack)
    found = credits_of(parts)
    for row in range(4):
        lost = path_s(parts, [0, 1, 2, 3, 4], row) - path_s(parts, [], row)
        assert found[row].sum() == pytest.approx(lost, abs=1e-6)


@given(MATRIX, MATRIX, MATRIX, VECTOR)
def test_credits_are_the_mean_over_all_orders_of_joining(
    kitchen: Floats, coming: Floats, after: Floats, slack: Floats
) -> None:
    from itertools import permutations  # noqa: PLC0415 - an oracle of this test alone

    parts = some_parts(kitchen, coming, after, slack)
    found, row = credits_of(parts), 0
    expected = np.zeros(5)
    turns = list(permutations(range(5)))
    for turn in turns:
        for place, party in enumerate(turn):
            joined = path_s(parts, list(turn[: place + 1]), row) - path_s(parts, list(turn[:place]), row)
            expected[party] += joined / len(turns)
    assert found[row] == pytest.approx(expected, abs=1e-6)


@given(MATRIX, MATRIX, MATRIX, VECTOR, st.permutations(range(5)))
def test_credits_follow_the_parties_whatever_their_order(
    kitchen: Floats, coming: Floats, after: Floats, slack: Floats, order: list[int]
) -> None:
    plain = credits_of(some_parts(kitchen, coming, after, slack))
    turned = credits_of(some_parts(kitchen[:, order], coming[:, order], after[:, order], slack))
    assert turned == pytest.approx(plain[:, order], abs=1e-6)


@given(MATRIX, MATRIX, MATRIX, VECTOR, st.integers(0, 4), st.floats(0, 900))
def test_who_loses_more_gets_no_smaller_credit(
    kitchen: Floats, coming: Floats, after: Floats, slack: Floats, party: int, more: float
) -> None:
    before = credits_of(some_parts(kitchen, coming, after, slack))[:, party]
    later = coming.copy()
    later[:, party] += more
    assert (credits_of(some_parts(kitchen, later, after, slack))[:, party] >= before - 1e-6).all()


def test_who_came_before_the_goods_were_ready_lost_nothing_by_it() -> None:
    coming = np.array([[0.0, 0.0, 200.0, 0.0, 0.0]])
    found = credits_of(some_parts(np.zeros((1, 5)), coming, np.zeros((1, 5)), np.array([300.0])))
    assert found.tolist() == [[0.0] * 5]


def test_more_than_five_parties_are_refused() -> None:
    wide = np.zeros((1, 6))
    with pytest.raises(WrongUse, match="At most 5"):
        credits_of(some_parts(wide, wide, wide, np.zeros(1)))


@given(MATRIX)
def test_shares_blame_nobody_for_a_credit_below_zero_and_add_up_to_one(credits_s: Floats) -> None:
    shares = shares_of(credits_s)
    assert (shares[credits_s <= 0] == 0).all()
    total = shares.sum(axis=1)
    assert np.where((credits_s > 0).any(axis=1), np.abs(total - 1) < 1e-9, total == 0).all()


@given(MATRIX, VECTOR)
def test_tiers_are_split_to_the_last_unit(credits_s: Floats, fair_late_s: Floats) -> None:
    def tier(late_s: Floats) -> Floats:
        return np.select([late_s > 1200, late_s > 600], [1000.0, 400.0], 0.0)

    shares = tier_shares(credits_s, tier, fair_late_s=fair_late_s)
    whole = tier(fair_late_s + np.maximum(0, credits_s).sum(axis=1)) - tier(fair_late_s)
    assert shares.sum(axis=1) == pytest.approx(whole, abs=1e-6)
    assert (shares >= -1e-9).all()


def test_four_in_five_later_cases_stay_within_the_blame_time_however_few_were_seen() -> None:
    chance = np.random.default_rng(20260223)
    merchants = 400
    median = 700 * np.exp(0.25 * chance.normal(size=merchants))
    seen = np.repeat(np.arange(merchants), chance.integers(1, 60, merchants))
    later = np.repeat(np.arange(merchants), 50)
    took = median[seen] * np.exp(0.4 * chance.normal(size=len(seen)))
    takes = median[later] * np.exp(0.4 * chance.normal(size=len(later)))
    table = learn(took, [np.zeros_like(seen), seen], probabilities=(0.5, 0.8), weight=8)
    fair, blame = table.at([np.zeros_like(later), later])
    assert (takes <= fair).mean() == pytest.approx(0.5, abs=0.02)
    assert (takes <= blame).mean() == pytest.approx(0.8, abs=0.02)


def test_a_condition_never_seen_gets_what_is_known_of_the_coarser_one() -> None:
    zone, hour = np.array([0, 0, 0, 1]), np.array([1, 1, 2, 3])
    table = learn(np.array([10.0, 12.0, 14.0, 99.0]), [zone, hour], probabilities=(0.5,), weight=2)
    assert table.at([np.array([0]), np.array([7])])[0, 0] == table.at([np.array([0]), np.array([-1])])[0, 0]
    assert table.at([np.array([5]), np.array([7])])[0, 0] == pytest.approx(np.exp(np.log([12.0, 14.0]).mean()))


@given(st.floats(0.1, 10))
def test_quantiles_scale_with_the_unit(factor: float) -> None:
    values, codes = np.array([3.0, 5.0, 8.0, 13.0, 21.0]), np.array([0, 0, 1, 1, 1])
    plain, scaled = (learn(v, [codes], probabilities=(0.5, 0.8), weight=3) for v in (values, values * factor))
    assert scaled.at([codes]) == pytest.approx(plain.at([codes]) * factor)


def an_order(**changes: float) -> Milestones:
    known = {
        "placed_s": 0, "accepted_s": 100, "ready_s": 900, "assigned_s": 500, "at_merchant_s": 700,
        "picked_up_s": 1000, "at_customer_s": 1500, "ended_s": 1600, "promised_s": 1300,
    }  # fmt: skip
    return Milestones(**{name: np.array([float(value)]) for name, value in (known | changes).items()})


@given(st.lists(st.one_of(st.just(float("nan")), st.floats(0, 5000)), min_size=6, max_size=6))
def test_stages_leave_nothing_out_whatever_is_missing(at: list[float]) -> None:
    names = ("accepted_s", "ready_s", "assigned_s", "at_merchant_s", "picked_up_s", "at_customer_s")
    stages = stage_seconds(an_order(**dict(zip(names, at, strict=True)), ended_s=4000.0))
    assert stages.sum() == pytest.approx(4000.0)
    assert (stages >= 0).all()


def test_the_binding_branch_is_who_came_last() -> None:
    assert not waits_for_rider(an_order())[0]
    assert waits_for_rider(an_order(at_merchant_s=950))[0]


def test_what_is_around_a_case_leaves_its_own_subject_out() -> None:
    chance = np.random.default_rng(7)
    zone, slot, value = chance.integers(0, 4, 200), chance.integers(0, 9, 200), chance.normal(size=200)
    merchant = chance.integers(0, 5, 200) * 4 + zone
    value[::9] = np.nan
    near = np.abs(np.arange(4)[:, None] - np.arange(4)) <= 1
    found = around(value, zone, slot, own=merchant, near=near, reach=1)
    for case in range(200):
        others = near[zone[case], zone] & (np.abs(slot - slot[case]) <= 1) & (merchant != merchant[case])
        others &= np.isfinite(value)
        assert found.others[case] == others.sum()
        assert found.mean[case] == pytest.approx(value[others].mean() if others.any() else 0.0)


@given(st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=1, max_size=200))
def test_a_fitted_chance_rises_with_the_score_and_is_never_certain(cases: list[tuple[float, bool]]) -> None:
    scores, right = np.array([score for score, _ in cases]), np.array([float(one) for _, one in cases])
    chances = chance_at(np.linspace(0, 1, 50), monotone_fit(scores, right, steps=10))
    assert (np.diff(chances) >= -1e-12).all()
    assert (chances > 0).all()
    assert (chances < 1).all()


def test_the_upper_bound_is_that_of_clopper_and_pearson() -> None:
    assert upper_bound(0, 598, confidence=0.95) == pytest.approx(1 - 0.05 ** (1 / 598))
    assert upper_bound(10, 10, confidence=0.95) == 1.0
