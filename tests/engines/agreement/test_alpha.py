"""Krippendorff's alpha: published examples, laws, and how often its interval holds the truth."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from tiffin.engines.agreement.alpha import Scale, alpha
from tiffin.engines.agreement.intervals import LEAST_UNITS, agreement

NONE = np.nan
# Four observers and twelve units: Krippendorff (2011), section C.
PUBLISHED = np.array(
    [
        [1, 2, 3, 3, 2, 1, 4, 1, 2, NONE, NONE, NONE],
        [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, NONE, 3],
        [NONE, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, NONE],
        [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, NONE],
    ]
)
# Two observers and ten units with two values: the same, section A.
BINARY = np.array([[0, 1, 0, 0, 0, 0, 0, 0, 1, 0], [1, 1, 1, 0, 0, 1, 0, 0, 0, 0]], dtype=float)
# Two observers and twelve units of five names: the same, section B.
NAMES = np.array([[1, 1, 2, 2, 4, 3, 3, 3, 5, 4, 4, 1], [2, 1, 2, 2, 2, 3, 3, 3, 5, 4, 4, 4]], dtype=float)


@pytest.mark.parametrize(
    ("scale", "expected"),
    [(Scale.NOMINAL, 0.743), (Scale.ORDINAL, 0.815), (Scale.INTERVAL, 0.849), (Scale.RATIO, 0.797)],
)
def test_the_published_table_of_four_observers_gives_the_published_alphas(scale: Scale, expected: float) -> None:
    assert alpha(PUBLISHED, scale) == pytest.approx(expected, abs=5e-4)


@pytest.mark.parametrize(("table", "expected"), [(BINARY, 0.095), (NAMES, 0.692)])
def test_the_published_tables_of_two_observers_give_the_published_alphas(
    table: NDArray[np.float64], expected: float
) -> None:
    assert alpha(table, Scale.NOMINAL) == pytest.approx(expected, abs=5e-4)


def test_alpha_is_not_defined_where_nothing_can_differ() -> None:
    assert np.isnan(alpha(np.full((2, 9), 3.0), Scale.NOMINAL))
    assert np.isnan(alpha(np.array([[1.0, 2.0], [NONE, NONE]]), Scale.NOMINAL))
    assert agreement(np.empty((2, 0)), Scale.NOMINAL, level=0.95, seed=1).units == 0


TABLES = st.integers(0, 2**32 - 1).map(
    lambda seed: np.random.default_rng(seed).choice([1.0, 2.0, 3.0, 4.0, NONE], size=(3, 15))
)


@given(TABLES, st.sampled_from(Scale))
def test_alpha_knows_no_order_of_judges_or_units(table: NDArray[np.float64], scale: Scale) -> None:
    turned = table[::-1, ::-1]

    assert alpha(turned, scale) == pytest.approx(alpha(table, scale), nan_ok=True)


@given(TABLES)
def test_names_of_a_nominal_scale_may_be_numbered_in_any_way(table: NDArray[np.float64]) -> None:
    renamed = np.where(np.isfinite(table), 10 - 3 * table, NONE)

    assert alpha(renamed, Scale.NOMINAL) == pytest.approx(alpha(table, Scale.NOMINAL), nan_ok=True)


@given(TABLES, st.sampled_from((Scale.ORDINAL, Scale.INTERVAL)))
def test_alpha_of_steps_does_not_rest_on_where_they_begin(table: NDArray[np.float64], scale: Scale) -> None:
    assert alpha(5 + 2 * table, scale) == pytest.approx(alpha(table, scale), nan_ok=True)


def test_units_that_one_judge_saw_count_for_nothing() -> None:
    lone = np.array([[9.0], [NONE], [NONE], [NONE]])

    assert alpha(np.hstack([PUBLISHED, lone]), Scale.INTERVAL) == pytest.approx(alpha(PUBLISHED, Scale.INTERVAL))


def test_the_same_judgements_give_the_same_interval_and_few_give_none() -> None:
    assert agreement(PUBLISHED, Scale.NOMINAL, level=0.95, seed=1) == agreement(
        PUBLISHED, Scale.NOMINAL, level=0.95, seed=1
    )
    few = agreement(PUBLISHED[:, : LEAST_UNITS - 1], Scale.NOMINAL, level=0.95, seed=1)

    assert np.isfinite(few.alpha)
    assert np.isnan(few.low)


def test_where_all_agree_the_interval_still_says_how_little_was_seen() -> None:
    few = np.tile([0.0, 1.0], (2, 10))
    many = np.tile([0.0, 1.0], (2, 200))
    found = [agreement(table, Scale.NOMINAL, level=0.95, seed=1) for table in (few, many)]

    assert [one.high for one in found] == [1.0, 1.0]
    assert 0.5 < found[0].low < found[1].low < 1


def judged(chance: np.random.Generator, units: int, *, judges: int, sure: float, missing: float) -> NDArray[np.float64]:
    """Draw judgements: each judge knows the truth with a chance, and draws at random otherwise."""
    shares = [0.4, 0.3, 0.2, 0.1]
    truth = chance.choice(4, p=shares, size=units)
    found = np.where(chance.random((judges, units)) < sure, truth, chance.choice(4, p=shares, size=(judges, units)))
    return np.where(chance.random((judges, units)) < missing, NONE, found.astype(float))


@pytest.mark.parametrize("scale", [Scale.NOMINAL, Scale.INTERVAL])
@pytest.mark.parametrize(("judges", "sure", "missing"), [(2, 0.8, 0.0), (3, 0.9, 0.1)])
def test_the_interval_holds_the_true_alpha_as_often_as_it_says(
    scale: Scale, judges: int, sure: float, missing: float
) -> None:
    chance = np.random.default_rng(7)
    true = alpha(judged(chance, 200_000, judges=judges, sure=sure, missing=missing), scale)
    times = 150
    held = 0
    for seed in range(times):
        found = agreement(judged(chance, 80, judges=judges, sure=sure, missing=missing), scale, level=0.95, seed=seed)
        held += found.low <= true <= found.high

    # 95 % of 150 with three standard errors of chance.
    assert held / times > 0.95 - 3 * np.sqrt(0.95 * 0.05 / times)
