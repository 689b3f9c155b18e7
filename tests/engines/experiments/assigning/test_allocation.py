"""Arms of units follow from a seed and a name alone."""

import subprocess
import sys
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tiffin.engines.experiments.assigning.allocation import Allocation, arm_of, arms_of, overlap
from tiffin.engines.experiments.assigning.chance import fraction, fractions

NAMES = [f"rider-{number}" for number in range(20_000)]
EVEN = (("today", 5_000), ("new", 5_000))


def test_arms_are_the_same_in_another_process() -> None:
    asked = (
        "from tiffin.engines.experiments.assigning.allocation import Allocation, arms_of;"
        "print(arms_of(Allocation('seed', (('today', 5000), ('new', 5000)), 7000), [f'rider-{n}' for n in range(500)]))"
    )
    there = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert there.stdout.strip() == str(arms_of(Allocation("seed", EVEN, 7_000), NAMES[:500]))


def test_arms_do_not_change_with_the_program() -> None:
    """What was assigned by an earlier Tiffin is assigned so still."""
    found = arms_of(Allocation("free delivery", EVEN), ["a", "b", "c", "ريم", "d", "e", "f", "g"])
    assert found == ["today", "today", "today", "today", "new", "new", "new", "new"]


def test_shares_hold() -> None:
    found = Counter(arms_of(Allocation("shares", (("a", 1_000), ("b", 2_500), ("c", 6_500))), NAMES))
    for name, share in (("a", 0.1), ("b", 0.25), ("c", 0.65)):
        assert found[name] / len(NAMES) == pytest.approx(share, abs=4 * (share * (1 - share) / len(NAMES)) ** 0.5)


def test_two_trials_are_dealt_out_independently() -> None:
    both = Counter(zip(arms_of(Allocation("one", EVEN), NAMES), arms_of(Allocation("two", EVEN), NAMES), strict=True))
    assert all(abs(count / len(NAMES) - 0.25) < 0.015 for count in both.values())
    assert len(both) == 4


@given(st.integers(0, 10_000), st.integers(0, 10_000))
@settings(max_examples=40)
def test_whoever_takes_part_keeps_his_arm_when_more_take_part(first: int, second: int) -> None:
    less, more = sorted((first, second))
    before = arms_of(Allocation("grows", EVEN, less), NAMES[:400])
    after = arms_of(Allocation("grows", EVEN, more), NAMES[:400])
    assert all(new == old for old, new in zip(before, after, strict=True) if old is not None)


def test_slices_of_a_layer_share_no_unit() -> None:
    first = arms_of(Allocation("one", EVEN, layer="fees", slice_bp=(0, 4_000)), NAMES)
    second = arms_of(Allocation("two", EVEN, layer="fees", slice_bp=(4_000, 10_000)), NAMES)
    assert all((one is None) != (other is None) for one, other in zip(first, second, strict=True))
    assert overlap([(0, 4_000), (3_999, 5_000)])
    assert not overlap([(4_000, 5_000), (0, 4_000)])


@given(st.lists(st.text(min_size=1, max_size=30), max_size=20))
def test_many_at_once_get_what_each_gets_alone(names: list[str]) -> None:
    allocation = Allocation("batch", EVEN, 9_000, "layer", (1_000, 9_500))
    assert arms_of(allocation, names) == [arm_of(allocation, name) for name in names]
    assert fractions("seed", names) == [fraction("seed", name) for name in names]


@given(st.text(max_size=20), st.text(max_size=20))
def test_fractions_lie_between_nought_and_one(seed: str, name: str) -> None:
    assert 0 <= fraction(seed, name) < 1


@pytest.mark.parametrize(
    ("arms", "exposure", "part"),
    [((("a", 5_000),), 10_000, (0, 10_000)), (EVEN, 10_001, (0, 10_000)), (EVEN, 10_000, (5_000, 5_000))],
)
def test_shares_that_make_no_whole_are_refused(
    arms: tuple[tuple[str, int], ...], exposure: int, part: tuple[int, int]
) -> None:
    with pytest.raises(ValueError, match="10,000"):
        Allocation("seed", arms, exposure, "", part)
