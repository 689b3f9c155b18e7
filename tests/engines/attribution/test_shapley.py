import itertools
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tiffin.engines.attribution.products import lmdi
from tiffin.engines.attribution.ratios import mix_and_rate
from tiffin.engines.attribution.shapley import FloatArray, shapley
from tiffin.kernel.errors import InvalidData, WrongUse

Periods = tuple[FloatArray, FloatArray]


@st.composite
def two_periods(draw: st.DrawFn, low: float = 0.01, max_factors: int = 8) -> Periods:
    n = draw(st.integers(1, max_factors))
    values = st.lists(st.floats(low, 50.0), min_size=n, max_size=n)
    return np.array(draw(values)), np.array(draw(values))


def waiting(x: FloatArray) -> FloatArray:
    return np.maximum(0.0, np.log1p(x).sum(axis=-1) - 2.0) ** 1.5


@given(two_periods())
def test_shapley_parts_add_up_to_the_change(periods: Periods) -> None:
    base, actual = periods
    parts = shapley(waiting, base=base, actual=actual)
    assert abs(parts.sum() - (waiting(actual) - waiting(base))) <= 1e-12


@given(two_periods())
def test_a_factor_that_did_not_change_explains_nothing(periods: Periods) -> None:
    base, actual = periods
    actual = np.concatenate([base[:1], actual[1:]])
    parts = shapley(waiting, base=base, actual=actual)
    if base.size > 1 and not np.allclose(parts, 0):
        assert abs(parts[0]) <= 1e-12


@given(two_periods(max_factors=5), st.randoms())
def test_the_order_of_factors_does_not_matter(periods: Periods, random: Random) -> None:
    base, actual = periods
    order = list(range(base.size))
    random.shuffle(order)
    there = shapley(waiting, base=base, actual=actual)
    here = shapley(waiting, base=base[order], actual=actual[order])
    np.testing.assert_allclose(here, there[order], atol=1e-12)


def test_shapley_is_the_mean_over_all_orders_in_which_factors_may_change() -> None:
    base, actual = np.array([1.0, 2.0, 3.0]), np.array([4.0, 1.0, 6.0])
    by_order = np.zeros(3)
    for order in itertools.permutations(range(3)):
        at = base.copy()
        for factor in order:
            before = waiting(at)
            at[factor] = actual[factor]
            by_order[factor] += (waiting(at) - before) / 6
    np.testing.assert_allclose(shapley(waiting, base=base, actual=actual), by_order, atol=1e-14)


def test_many_cases_are_split_at_once() -> None:
    rng = np.random.default_rng(3)
    base, actual = rng.uniform(0.1, 3, (2, 40, 50, 6))
    parts = shapley(waiting, base=base, actual=actual)
    assert parts.shape == (40, 50, 6)
    np.testing.assert_allclose(parts[7, 9], shapley(waiting, base=base[7, 9], actual=actual[7, 9]), atol=1e-14)


def test_more_than_eight_factors_are_refused() -> None:
    with pytest.raises(WrongUse, match="1 to 8 factors"):
        shapley(waiting, base=np.ones(9), actual=np.ones(9))


@given(two_periods(low=0.0))
def test_parts_of_a_product_add_up_even_with_zeros(periods: Periods) -> None:
    base, actual = periods
    parts = lmdi(base=base, actual=actual)
    change = actual.prod() - base.prod()
    assert abs(parts.sum() - change) <= 1e-12 * max(1.0, abs(actual.prod()), abs(base.prod()))


@given(two_periods())
def test_a_product_explained_backwards_has_the_opposite_parts(periods: Periods) -> None:
    base, actual = periods
    there, back = lmdi(base=base, actual=actual), lmdi(base=actual, actual=base)
    np.testing.assert_allclose(there, -back, rtol=1e-9, atol=1e-9)


@settings(max_examples=200)
@given(st.integers(1, 6), st.data())
def test_mix_and_rate_add_up_to_the_change_of_the_ratio(groups: int, data: st.DataObject) -> None:
    def draw(low: float) -> FloatArray:
        return np.array(data.draw(st.lists(st.floats(low, 100.0), min_size=groups, max_size=groups)))

    n0, n1, d0, d1 = draw(0.0), draw(0.0), draw(0.1), draw(0.1)
    if groups > 1:
        d0[0], n0[0] = 0.0, 0.0
    split = mix_and_rate(base_numerator=n0, base_denominator=d0, numerator=n1, denominator=d1)
    change = n1.sum() / d1.sum() - n0.sum() / d0.sum()
    assert abs(split.rate.sum() + split.mix.sum() - change) <= 1e-12 * max(
        1.0, n0.sum() / d0.sum(), n1.sum() / d1.sum()
    )
    if groups > 1:
        assert split.rate[0] == 0.0


def test_a_ratio_without_denominator_is_refused() -> None:
    zero, one = np.zeros(2), np.ones(2)
    with pytest.raises(InvalidData, match="denominator above zero"):
        mix_and_rate(base_numerator=one, base_denominator=zero, numerator=one, denominator=one)
