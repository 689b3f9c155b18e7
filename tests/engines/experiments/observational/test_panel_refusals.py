from collections.abc import Callable

import numpy as np
import pytest

from tiffin.engines.experiments.estimate import DesignRefused
from tiffin.engines.experiments.observational.arms import compare_arms
from tiffin.engines.experiments.observational.cautions import caution
from tiffin.engines.experiments.observational.differences import difference_in_differences
from tiffin.engines.experiments.observational.geo_markets import rank_markets
from tiffin.engines.experiments.observational.panels import panel_from_rows
from tiffin.engines.experiments.observational.qini import qini
from tiffin.engines.experiments.observational.staggered import staggered_differences
from tiffin.engines.experiments.observational.synthetic_control import synthetic_control
from tiffin.engines.experiments.observational.synthetic_did import Errors, synthetic_did
from tiffin.engines.experiments.observational.weighting import Adjustment, sample_of, weighted_comparison
from tiffin.kernel.errors import InvalidData

Row = tuple[str, str, str | float, str | float | bool]
GOOD: list[Row] = [
    (unit, str(time), str(time + len(unit)), unit == "aa" and time > 2)
    for unit in ("aa", "b", "c")
    for time in range(5)
]


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        (GOOD[:-1], "1 are missing, the first that of c at 4"),
        ([*GOOD, GOOD[0]], "the second of aa at 0"),
        ([*GOOD[:3], ("aa", "3", "many", "1"), *GOOD[4:]], "Row 4 has the outcome 'many'"),
        ([*GOOD[:3], ("aa", "3", "nan", "1"), *GOOD[4:]], "that of aa at 3 is nan"),
        ([(unit, time, value, unit == "aa") for unit, time, value, _ in GOOD], "aa is treated from the start"),
        ([(unit, time, value, False) for unit, time, value, _ in GOOD], "none of the 3 units is"),
        ([(unit, time, value, unit == "aa" and time == "2") for unit, time, value, _ in GOOD], "aa stops after 2"),
        ([row for row in GOOD if row[1] == "3"], "found 1 time in all"),
        ([row for row in GOOD if row[0] == "aa"], "aa stands alone"),
        ([], "none was found"),
    ],
)
def test_rows_that_make_no_panel_are_told_in_one_paragraph(rows: list[Row], told: str) -> None:
    with pytest.raises(InvalidData) as refused:
        panel_from_rows(rows)

    assert told in str(refused.value)
    assert "\n" not in str(refused.value)


def test_times_are_put_in_order_as_numbers() -> None:
    rows = [(unit, str(time), 1.0, unit == "a" and time > 9) for unit in ("a", "b") for time in (10, 9, 11)]

    assert panel_from_rows(rows).times == ("9", "10", "11")


def test_a_single_donor_makes_no_mixture() -> None:
    panel = panel_from_rows([row for row in GOOD if row[0] != "c"])

    with pytest.raises(InvalidData, match="at least 2 donors"):
        synthetic_control(panel)
    with pytest.raises(InvalidData, match="at least 2 donors"):
        synthetic_did(panel)


def test_nobody_untreated_is_refused() -> None:
    panel = panel_from_rows([(unit, time, value, int(time) > 2) for unit, time, value, _ in GOOD])

    with pytest.raises(InvalidData, match="All 3 units are treated"):
        difference_in_differences(panel)
    with pytest.raises(InvalidData, match="are 2 of the 3 units untreated"):
        staggered_differences(panel)


def test_several_starts_are_refused_where_one_is_read() -> None:
    panel = panel_from_rows([(u, t, v, u != "c" and int(t) > len(u)) for u, t, v, _ in GOOD])

    with pytest.raises(DesignRefused) as refused:
        difference_in_differences(panel)

    assert refused.value.caution.key == "several_starts"


def test_a_jackknife_of_one_treated_unit_is_refused() -> None:
    with pytest.raises(DesignRefused) as refused:
        synthetic_did(panel_from_rows(GOOD), errors=Errors.JACKKNIFE)

    assert refused.value.caution.key == "no_error"


ROWS = np.arange(12.0).reshape(6, 2) ** 2
HALF = [True, False] * 3


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        (lambda: sample_of([1.0] * 6, HALF[:5], ROWS, names=("a", "b")), "found 6 outcomes, 5 marks"),
        (lambda: sample_of([1.0] * 6, [True] * 6, ROWS, names=("a", "b")), "found 6 and 0"),
        (lambda: sample_of([1.0] * 6, HALF, ROWS * [1, 0], names=("a", "b")), "b is 0 in all 6 rows"),
        (lambda: sample_of([np.nan] * 6, HALF, ROWS, names=("a", "b")), "6 of outcome are not"),
        (lambda: compare_arms([1.0, 2.0, 3.0], ["a", "a", "b"], without="b"), "two units each"),
        (lambda: compare_arms([1.0, np.nan], ["a", "b"], without="b"), "first in row 2"),
        (lambda: compare_arms([1.0], ["a", "b"], without="b"), "found 1 outcomes and 2 arms"),
        (lambda: qini(np.ones(3), np.ones(3), np.ones(3, dtype=bool)), "both arms"),
        (
            lambda: rank_markets(np.ones((3, 9)), "abc", sizes=[1], duration=4, effects=[0.1], lookback=2),
            "needs at least 10 times",
        ),
        (
            lambda: weighted_comparison(
                sample_of(range(6), HALF, ROWS, names=("a", "b")), Adjustment.NONE, from_before=("c",)
            ),
            "found 'c'",
        ),
    ],
)
def test_what_cannot_be_compared_is_told_in_one_paragraph(asked: Callable[[], object], told: str) -> None:
    with pytest.raises(InvalidData) as refused:
        asked()

    assert told in str(refused.value)
    assert "\n" not in str(refused.value)


def test_averages_outside_all_controls_have_no_entropy_weights() -> None:
    covariates = np.array([[9.0, 1], [8, 0], [1, 1], [2, 0], [3, 1], [1, 0]])
    sample = sample_of(np.arange(6.0), [True, True, False, False, False, False], covariates, names=("a", "b"))

    with pytest.raises(InvalidData, match="outside all 4 untreated"):
        weighted_comparison(sample, Adjustment.ENTROPY)


def test_a_caution_that_is_not_listed_is_a_bug() -> None:
    with pytest.raises(KeyError):
        caution("few_treated", units=3)
