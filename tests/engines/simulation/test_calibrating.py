"""Distances tell the truth, intervals cover it, and what is fitted is what was put in."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import wasserstein_distance

from tiffin.engines.simulation.calibrating.distances import distance_between
from tiffin.engines.simulation.calibrating.market import Market, flat_traffic, round_town, simulate_market
from tiffin.engines.simulation.calibrating.measures import click_to_door_min, distance_m, prepare_min
from tiffin.engines.simulation.calibrating.moments import Unknown, fit_moments, redrawn_moments
from tiffin.engines.simulation.calibrating.readings import (
    Reading,
    day_spread_of,
    even_between,
    items_mean_of,
    median_of,
    ratio_within,
    share_of,
    slope_of,
    spread_of,
)
from tiffin.engines.simulation.calibrating.shares import Share, difference_of, profile_distance
from tiffin.engines.simulation.parameters import Parameters
from tiffin.engines.simulation.streams import Stream
from tiffin.engines.simulation.tables import SLOTS, Floats

STREAM = Stream.of_seed(20)
TIMES = 100
LEAST_COVERED = 0.87
"""Of 100 intervals of 95 %, fewer than this cover the truth in one of a thousand tests if they are right."""

values = st.lists(st.integers(-50, 50).map(float), min_size=1, max_size=40).map(np.array)


def lognormal(stream: Stream, count: int, *, median: float = 10.0, spread: float = 0.5) -> Floats:
    """Draw a sample."""
    return stream.lognormal(np.arange(count), median=median, spread=spread)


def covered(readings: list[Reading], truth: float) -> float:
    """Tell the share of intervals that hold the truth."""
    return float(np.mean([one.low <= truth <= one.high for one in readings]))


@given(values, values)
@settings(max_examples=60, deadline=None)
def test_both_distances_are_those_of_the_textbook(real: Floats, simulated: Floats) -> None:
    found = distance_between(real, simulated, STREAM, replications=2)

    assert found.moved == pytest.approx(wasserstein_distance(real, simulated), abs=1e-9)
    at = np.concatenate([real, simulated])
    gaps = [np.mean(real <= value) - np.mean(simulated <= value) for value in at]
    assert found.gap == pytest.approx(np.abs(gaps).max(), abs=1e-9)


def test_a_sample_moved_by_three_lies_three_apart() -> None:
    real = lognormal(STREAM, 500)
    found = distance_between(real, real + 3.0, STREAM)

    assert found.moved == pytest.approx(3.0)
    assert found.relative == pytest.approx(3.0 / np.median(real))
    assert found.low < 3.0 < found.high


def test_the_interval_of_a_distance_covers_it() -> None:
    # Of lognormal distributions of one spread, one above the other, the distance is the difference of the means.
    truth = 2.0 * np.exp(0.5**2 / 2)
    found = []
    for number in range(TIMES):
        of = STREAM.child("coverage", number)
        samples = lognormal(of.child("real"), 300), lognormal(of.child("simulated"), 300, median=12.0)
        distance = distance_between(*samples, of, replications=60)
        found.append(Reading(distance.moved, distance.low, distance.high))

    assert covered(found, truth) >= LEAST_COVERED


def test_equal_distributions_rarely_lie_farther_apart_than_chance() -> None:
    farther = 0
    for number in range(TIMES):
        of = STREAM.child("size", number)
        distance = distance_between(lognormal(of.child("a"), 200), lognormal(of.child("b"), 300), of, replications=60)
        farther += distance.moved > distance.by_chance

    assert farther <= 13  # of 100 at one in twenty, more come in one of a thousand tests


def test_shares_have_the_published_intervals() -> None:
    # Newcombe (1998): 81 of 263 in the paper on single proportions, 56 of 70 less 48 of 80 in that on differences.
    assert Share(81, 263).interval() == pytest.approx((0.2553, 0.3662), abs=5e-5)
    found = difference_of(Share(48, 80), Share(56, 70))
    assert (found.value, found.low, found.high) == pytest.approx((0.2, 0.0524, 0.3339), abs=5e-5)


def test_profiles_lie_as_far_apart_as_what_would_have_to_be_moved() -> None:
    real, simulated = np.array([200.0, 200.0, 400.0, 200.0]), np.array([400.0, 200.0, 200.0, 200.0])
    found = profile_distance(real, simulated, STREAM)

    assert found.moved == pytest.approx(0.2)
    assert found.low < 0.2 < found.high
    assert found.by_chance < 0.1
    assert profile_distance(real, real * 2, STREAM).moved == 0.0


def test_what_is_read_off_a_sample_covers_what_it_was_drawn_from() -> None:
    number = np.arange(400)
    medians, spreads, leasts, items, shares, slopes = [], [], [], [], [], []
    for time in range(TIMES):
        of = STREAM.child("readings", time)
        sample = lognormal(of, 400, median=190.0, spread=0.8)
        medians.append(median_of(sample))
        spreads.append(spread_of(sample))
        leasts.append(even_between(2.0 + 3.0 * of.child("even").uniform(number), "least", "most")["least"])
        items.append(items_mean_of(1.0 + np.floor(2.2 * of.child("items").exponential(number))))
        noise = (1.0 + number / 400) * of.child("noise").normal(number)
        slopes.append(slope_of(number / 100, 3.0 * number / 100 + noise))
        shares.append(share_of((of.child("share").uniform(number) < 0.04).astype(np.float64)))

    for found, truth in ((medians, 190.0), (spreads, 0.8), (leasts, 2.0), (items, 2.7), (shares, 0.04), (slopes, 3.0)):
        assert covered(found, truth) >= LEAST_COVERED, truth


def test_how_much_days_vary_is_told_from_counting_noise() -> None:
    weekday, found = np.arange(56) % 7, []
    mean = 300.0 * (1.0 + weekday / 10)
    for time in range(TIMES):
        of = STREAM.child("days", time)
        intensity = mean * np.exp(0.1 * of.child("day").normal(np.arange(56)))
        counts = np.rint(intensity + np.sqrt(intensity) * of.child("count").normal(np.arange(56)))
        found.append(day_spread_of(counts, weekday))

    assert covered(found, 0.1) >= LEAST_COVERED


def test_a_factor_is_read_within_groups_that_differ() -> None:
    # The struck hours lie where there is more anyway: comparing plain means would say 2.4.
    group = np.arange(4000) % 4
    struck = STREAM.child("struck").uniform(np.arange(4000)) < 0.2 * group
    value = (1.0 + group) * np.where(struck, 1.3, 1.0) * lognormal(STREAM.child("value"), 4000, median=1.0, spread=0.2)
    found = ratio_within(struck, value, group)

    assert found.low < 1.3 < found.high
    assert found.high - found.low < 0.1


def test_fitted_parameters_cover_those_that_the_sample_was_drawn_with() -> None:
    unknowns = (Unknown("median", 1.0, 100.0, 20.0), Unknown("spread", 0.05, 2.0, 0.9))
    found: dict[str, list[Reading]] = {"median": [], "spread": []}
    for time in range(60):
        of = STREAM.child("fit", time)
        real = redrawn_moments(
            lognormal(of.child("real"), 400)[:, None], _quantiles, np.abs, of.child("redrawn"), replications=60
        )

        def simulated(wanted: Mapping[str, float], of: Stream = of) -> Floats:
            return _quantiles(lognormal(of.child("simulated"), 800, **wanted)[:, None])

        for one in fit_moments(simulated, real, unknowns, relative_size=0.5).parameters:
            found[one.name].append(Reading(one.value, one.low, one.high))

    assert covered(found["median"], 10.0) >= 0.85
    assert covered(found["spread"], 0.5) >= 0.85


def test_days_of_known_parameters_give_them_back(parameters: Parameters) -> None:
    truth = {"prep_median_s": 1000.0, "prep_spread": 0.5, "drop_distance_m": 2400.0}
    market = a_market(days=3)
    alike = replace(parameters, prep_merchant_spread=0.0)

    def rows(wanted: Mapping[str, float], stream: Stream) -> Floats:
        days = simulate_market(market, replace(alike, **wanted), stream)
        return np.column_stack([measure(days) for measure in (prepare_min, distance_m, click_to_door_min)])

    real = redrawn_moments(rows(truth, STREAM.child("real")), _quantiles, np.abs, STREAM, replications=60)
    unknowns = tuple(Unknown(name, value / 5, value * 5, value * 0.6) for name, value in truth.items())
    fit = fit_moments(lambda wanted: _quantiles(rows(wanted, STREAM)), real, unknowns, relative_size=1.0)

    for one in fit.parameters:
        assert one.value == pytest.approx(truth[one.name], rel=0.1), one
        assert one.low < truth[one.name] < one.high, one


def test_a_market_has_the_same_days_alone_and_among_others(parameters: Parameters) -> None:
    few, many = (simulate_market(a_market(days=days), parameters, STREAM) for days in (1, 2))

    assert len(many) == 2
    assert few[0].simulated.orders.tobytes() == many[0].simulated.orders.tobytes()
    assert few[0].simulated.happened.track.tobytes() == many[0].simulated.happened.track.tobytes()


def a_market(*, days: int) -> Market:
    """Give a small town with a lunch and a dinner peak."""
    slot = np.arange(SLOTS)
    profile = np.exp(-(((slot - 16) / 4.0) ** 2)) + np.exp(-(((slot - 32) / 5.0) ** 2))
    return Market(
        layout=round_town(zones=7, apart_m=1700.0, merchants=60),
        orders=np.full(days, 300.0),
        profile=profile / profile.sum(),
        travel=flat_traffic(),
    )


def _quantiles(rows: Floats) -> Floats:
    return np.quantile(rows, [0.1, 0.25, 0.5, 0.75, 0.9], axis=0).ravel()
