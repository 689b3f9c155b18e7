"""Claims as a graph: shrinkage, leaving out, standing out, pairs and rings, on worlds drawn with known truth."""

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import stats

from tiffin.engines.claim_graphs.claims import NOBODY, Claims, Side, pair_codes
from tiffin.engines.claim_graphs.collusion import pair_lift, prior_shape
from tiffin.engines.claim_graphs.rates import base_rates, left_out, prior_strength
from tiffin.engines.claim_graphs.rings import rings
from tiffin.engines.claim_graphs.standing_out import named, two_groups

CHANCE = 0.03
ORDERS = 12_000


def a_city(seed: int = 1, *, liars: int = 0, league: int = 0) -> Claims:
    """A city's orders: everybody claims by chance, liars almost always, and a league of customers with one rider."""
    draw = np.random.default_rng(seed)
    customer = draw.integers(0, 3000, ORDERS)
    rider = draw.integers(0, 200, ORDERS)
    chance = np.where(customer < liars, 0.9, CHANCE)
    with_rider = (customer >= 3000 - league) & (draw.random(ORDERS) < 0.9)
    rider = np.where(with_rider, 0, rider)
    chance = np.where(with_rider, 0.9, chance)
    parties = {Side.CUSTOMER: customer, Side.RIDER: rider, Side.MERCHANT: draw.integers(0, 100, ORDERS)}
    return Claims(parties, draw.integers(0, 6, ORDERS), draw.random(ORDERS) < chance)


def a_base(claims: Claims) -> NDArray[np.float64]:
    return base_rates(claims.stratum, claims.is_claimed)


def test_strata_that_differ_by_chance_alone_are_drawn_to_the_middle() -> None:
    claims = a_city()
    base = a_base(claims)

    assert base.max() - base.min() < 0.004
    assert base.mean() == pytest.approx(claims.is_claimed.mean(), abs=1e-3)


def test_strata_that_differ_keep_their_own_rates() -> None:
    draw = np.random.default_rng(2)
    stratum = draw.integers(0, 4, ORDERS)
    rates = np.array([0.01, 0.05, 0.1, 0.3])
    base = base_rates(stratum, draw.random(ORDERS) < rates[stratum])

    assert [base[stratum == one].mean() for one in range(4)] == pytest.approx(rates, abs=0.015)


def test_how_alike_parties_are_is_learned() -> None:
    draw = np.random.default_rng(3)
    counts = np.full(4000, 30.0)
    claims = draw.binomial(30, draw.beta(20 * 0.1, 20 * 0.9, size=4000)).astype(float)
    shape = draw.poisson(draw.gamma(2.0, 1 / 2.0, size=4000) * 3.0).astype(float)

    assert prior_strength(claims, counts, np.full(4000, 0.1)) == pytest.approx(20, rel=0.25)
    assert prior_shape(shape, np.full(4000, 3.0)) == pytest.approx(2.0, rel=0.2)


def test_an_order_never_speaks_for_itself() -> None:
    claims = a_city(liars=20)
    customers, base = claims.parties[Side.CUSTOMER], a_base(claims)
    only = np.flatnonzero(np.bincount(customers)[customers] == 1)[0]
    turned = claims.is_claimed.copy()
    turned[only] = True

    found = left_out(customers, base, turned, sure=0.95)

    assert (found.others[only], found.claims[only], found.sure_lift[only]) == (0, 0, 0)
    assert found.rate[only] == pytest.approx(base[only])


def test_turning_a_claim_changes_nothing_that_its_own_order_is_told() -> None:
    claims = a_city(liars=20)
    at = int(np.flatnonzero(claims.parties[Side.CUSTOMER] == 3)[0])
    without = replace(claims, is_claimed=np.where(np.arange(ORDERS) == at, ~claims.is_claimed, claims.is_claimed))
    counts = [
        left_out(one.parties[Side.CUSTOMER], np.full(ORDERS, CHANCE), one.is_claimed, sure=0.95).claims[at]
        for one in (claims, without)
    ]

    assert counts[0] == counts[1]


def test_whoever_has_no_customer_is_told_nothing() -> None:
    nobody = np.full(20, NOBODY)
    found = left_out(nobody, np.full(20, CHANCE), np.ones(20, dtype=bool), sure=0.95)

    assert not found.chance.any()
    assert (found.lift == 1).all()


def test_liars_stand_out_and_the_lower_bound_of_their_lift_is_far_above_one() -> None:
    claims = a_city(liars=30)
    customers = claims.parties[Side.CUSTOMER]
    found = left_out(customers, a_base(claims), claims.is_claimed, sure=0.95)
    liars = (customers < 30) & (found.others >= 4)

    assert (found.chance[liars] > 0.5).mean() > 0.9
    assert np.median(found.sure_lift[liars]) > 3
    assert (found.chance[customers >= 30] > 0.5).mean() < 0.002


def test_where_nobody_lies_hardly_anybody_stands_out() -> None:
    for seed in range(5):
        claims = a_city(seed)
        customers = claims.parties[Side.CUSTOMER]
        found = left_out(customers, a_base(claims), claims.is_claimed, sure=0.95)

        assert named(found.chance, 0.2).mean() < 0.002


def test_the_share_of_liars_is_learned_and_chances_mean_what_they_say() -> None:
    draw = np.random.default_rng(4)
    is_liar = draw.random(20_000) < 0.02
    counts = draw.integers(1, 12, 20_000).astype(float)
    rate = np.where(is_liar, draw.uniform(CHANCE, 1, 20_000), CHANCE)
    claims = draw.binomial(counts.astype(int), rate).astype(float)
    groups = two_groups(claims, counts, np.full(20_000, CHANCE))
    chance = groups.chance(claims, counts, np.full(20_000, CHANCE))

    assert groups.share == pytest.approx(0.02, abs=0.005)
    for low, high in ((0.1, 0.5), (0.5, 0.9), (0.9, 1.0)):
        inside = (chance > low) & (chance <= high)
        assert is_liar[inside].mean() == pytest.approx(chance[inside].mean(), abs=0.12)


@pytest.mark.parametrize("false_share", [0.05, 0.2, 0.5])
def test_of_those_named_no_more_are_wrong_than_asked(false_share: float) -> None:
    draw = np.random.default_rng(6)
    chance = draw.beta(0.1, 0.4, 5000)
    is_right = draw.random(5000) < chance
    chosen = named(chance, false_share)

    wrong, count = int((~is_right[chosen]).sum()), int(chosen.sum())
    assert not count or stats.binomtest(wrong, count, false_share, alternative="greater").pvalue > 0.01
    assert chance[chosen].min() >= chance[~chosen].max()
    assert not named(np.zeros(4), 0.5).any()


def test_a_league_with_a_rider_is_found_and_chance_pairs_are_not() -> None:
    claims = a_city(league=40)
    customer, rider, base = claims.parties[Side.CUSTOMER], claims.parties[Side.RIDER], a_base(claims)
    ones = np.ones(ORDERS)
    found = pair_lift((rider, customer), (ones, ones), base, claims.is_claimed, sure=0.95, false_share=0.1)
    in_league = (rider == 0) & (customer >= 2960) & (found.together >= 1)

    assert found.stands_out[in_league].mean() > 0.8
    assert (found.stands_out & ~in_league & (found.together >= 1)).sum() <= 3
    assert found.sure_lift[in_league].mean() > 2


def test_pairs_are_numbered_and_nobody_makes_none() -> None:
    found = pair_codes(np.array([0, 0, 1, NOBODY, 0]), np.array([5, 5, 5, 5, NOBODY]))

    assert found.tolist() == [0, 0, 1, NOBODY, NOBODY]


def test_a_ring_is_customers_with_a_rider_in_common() -> None:
    claims = a_city(league=40)
    customer = claims.parties[Side.CUSTOMER]
    suspects = {Side.CUSTOMER: (customer >= 2960) & (claims.parties[Side.RIDER] == 0)}

    (ring, *others) = rings(claims, suspects, least=3)

    assert (Side.RIDER, 0) in ring.members
    assert sum(side is Side.CUSTOMER for side, _ in ring.members) >= 30
    assert not others
    assert rings(claims, {Side.CUSTOMER: np.zeros(ORDERS, dtype=bool)}, least=3) == ()
