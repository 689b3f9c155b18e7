import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tiffin.engines.simulation.ledger import count_by_slot, minutes_by_slot

interval = st.tuples(st.integers(0, 86_000), st.integers(0, 20_000), st.integers(0, 2))


@given(st.lists(interval, min_size=1, max_size=30))
def test_minutes_over_slots_add_up_to_the_intervals(intervals: list[tuple[int, int, int]]) -> None:
    start, length, group = (np.array(column, dtype=np.int64) for column in zip(*intervals, strict=True))
    shared = minutes_by_slot(start, start + length, group, groups=3, slots=100)

    assert shared.sum() == pytest.approx(length.sum() / 60)
    assert shared.sum(axis=1) == pytest.approx(np.bincount(group, weights=length, minlength=3) / 60)


def test_an_interval_is_cut_at_the_borders_of_slots_and_left_out_after_the_last() -> None:
    shared = minutes_by_slot(np.array([1700, 3600]), np.array([3700, 99_999]), np.array([0, 1]), groups=2, slots=3)

    assert shared.tolist() == [[100 / 60, 30.0, 100 / 60], [0.0, 0.0, 30.0]]


def test_instants_are_counted_where_they_lie() -> None:
    counted = count_by_slot(np.array([0, 1799, 1800, 7200]), np.array([0, 0, 0, 0]), groups=1, slots=3)

    assert counted.tolist() == [[2, 1, 0]]
