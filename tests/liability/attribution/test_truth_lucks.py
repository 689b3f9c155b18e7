"""When the truth about a case is clear, and whose a planted overload is."""

import numpy as np
import pytest
from liability_truth_lucks import MERCHANT, ORDINARY, RIDER, is_open
from liability_truth_worlds import KITCHEN, PARTIES, Setting, World, made, planted_parts

from tiffin.engines.simulation.disruptions import Kind
from tiffin.engines.simulation.truth.delays import Parts
from tiffin.engines.simulation.truth.parties import Party
from tiffin.engines.simulation.truth.stages import Stage

PLATFORM = PARTIES.index(Party.PLATFORM)


def opened(seconds: dict[int, float], *, error_s: float, is_slow: bool = True) -> bool:
    """Tell whether a case is open in which the merchant's mean is off by so much and the ordinary takes the rest."""
    parts = np.zeros((1, ORDINARY + 1))
    for party, value in seconds.items():
        parts[0, party] = value
    onto = np.zeros(ORDINARY + 1)
    onto[MERCHANT], onto[ORDINARY] = 1.0, -1.0
    return bool(is_open(parts, (error_s**2 * np.outer(onto, onto))[None], np.array([[is_slow, is_slow]]))[0])


def test_a_case_far_from_every_border_is_clear() -> None:
    assert not opened({MERCHANT: 900.0, ORDINARY: 100.0}, error_s=50.0)
    assert not opened({MERCHANT: 450.0, ORDINARY: 550.0}, error_s=1.0)


@pytest.mark.parametrize("merchant", [590.0, 510.0])
def test_a_case_near_most_of_it_or_near_a_tie_is_open(merchant: float) -> None:
    assert opened({MERCHANT: merchant, ORDINARY: 1000.0 - merchant}, error_s=50.0)


def test_a_third_matters_only_where_his_stage_was_slow() -> None:
    seconds = {MERCHANT: 330.0, ORDINARY: 670.0}
    assert opened(seconds, error_s=10.0, is_slow=True)
    assert not opened(seconds, error_s=10.0, is_slow=False)


def test_what_is_below_zero_in_the_mean_is_in_no_border() -> None:
    assert not opened({MERCHANT: 800.0, RIDER: -400.0, ORDINARY: -100.0}, error_s=50.0)


def test_cases_near_a_border_are_replayed_more_often_and_no_others() -> None:
    world: World = made(Setting("doha", 8, 1, history=7, scale=0.3, lucks=4, most_lucks=16))
    assert set(world.lucks.tolist()) <= {4, 8, 16}
    assert (world.lucks[world.is_open] == 16).all()
    assert (world.lucks == 4).mean() > 0.3


def test_an_overload_is_the_merchants_as_far_as_his_own_kitchen_took_longer() -> None:
    delay_s, kitchen_s = np.array([[600, 600, 100, 500]]), np.array([600, 0, 300, 200])
    stage_s = np.zeros((1, len(Stage), 4), dtype=np.int64)
    stage_s[0, KITCHEN[1]] = kitchen_s
    stage_s[0, list(Stage).index(Stage.WAITING)] = delay_s[0] - kitchen_s
    struck = Parts(delay_s, stage_s, np.zeros((1, 4), dtype=np.int64), np.array([[0.0, 1.0, 0.0, 1.0]]))
    late_s, lost = planted_parts(struck, np.arange(4), [(Kind.MERCHANT_OVERLOAD, Party.MERCHANT)])
    assert late_s[:, MERCHANT].tolist() == [600, 0, 100, 200]
    assert lost[:, MERCHANT].tolist() == [0, 0, 0, 1]
    late_s, _ = planted_parts(struck, np.arange(4), [(Kind.RIDER_SHORTAGE, Party.PLATFORM)])
    assert late_s[:, PLATFORM].tolist() == [600, 600, 100, 500]
