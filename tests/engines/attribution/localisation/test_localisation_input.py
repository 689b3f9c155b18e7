import numpy as np
import pytest

from tiffin.engines.attribution.localisation.leaves import check_numbers, leaves_of
from tiffin.engines.attribution.localisation.means import evidence_of_means
from tiffin.engines.attribution.localisation.measures import evidence_of_measures
from tiffin.engines.attribution.localisation.ratios import evidence_of_ratios
from tiffin.engines.attribution.localisation.search import localise
from tiffin.engines.attribution.localisation.tallies import evidence_of_tallies
from tiffin.kernel.errors import InvalidData

TWO = {"a": ["x", "y"]}


@pytest.mark.parametrize(
    ("columns", "told"),
    [
        ({}, "At least one dimension"),
        ({"a": []}, "at least one"),
        ({"a": ["x"], "b": ["p", "q"]}, "Equally many rows"),
        ({"a": ["x", None]}, "dimension a was expected, and at least one has none"),
        ({f"d{k}": ["x"] for k in range(11)}, "At most 10 dimensions"),
    ],
)
def test_dimensions_that_cannot_be_read_are_refused_in_words(columns: dict[str, list[str]], told: str) -> None:
    with pytest.raises(InvalidData, match=told):
        leaves_of(columns)


@pytest.mark.parametrize(
    ("numbers", "told"),
    [
        ([1.0], "2 numbers of orders were expected, one a leaf; found 1"),
        ([np.nan, np.nan], "every row lacks one"),
        ([1.0, np.nan], "1 of 2 rows lack one"),
        ([1.0, -3.0], "1 are negative, the least is -3"),
    ],
)
def test_numbers_that_cannot_be_read_are_refused_in_words(numbers: list[float], told: str) -> None:
    with pytest.raises(InvalidData, match=told):
        check_numbers({"orders": np.array(numbers)}, n_leaves=2)


def test_without_anything_usual_nothing_is_said() -> None:
    leaves, two, none = leaves_of(TWO), np.ones(2), np.zeros((3, 2))
    with pytest.raises(InvalidData, match="Earlier intervals"):
        evidence_of_tallies(leaves, actual=two, usual=none)
    with pytest.raises(InvalidData, match="Earlier intervals"):
        evidence_of_ratios(leaves, numerator=two, denominator=two, usual=none, usual_denominator=none)
    with pytest.raises(InvalidData, match="Earlier intervals"):
        evidence_of_means(leaves, total=two, count=two, usual=none, usual_count=none)


def test_a_share_above_one_is_refused() -> None:
    with pytest.raises(InvalidData, match="in 1 rows the numerator is above the denominator"):
        evidence_of_ratios(
            leaves_of(TWO),
            numerator=np.array([3.0, 1.0]),
            denominator=np.array([2.0, 2.0]),
            usual=np.ones((2, 2)),
            usual_denominator=np.full((2, 2), 2.0),
        )


def test_leaves_in_which_nothing_was_expected_and_nothing_happened_say_nothing() -> None:
    evidence = evidence_of_measures(leaves_of({"a": ["x", "y", "z"]}), actual=np.zeros(3), expected=np.zeros(3))
    assert evidence.actual.size == 0
    assert localise(evidence).ranked == ()
