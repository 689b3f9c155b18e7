"""Arms of units: which part of all units takes part, and how it is spread over the arms."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise

from tiffin.engines.experiments.assigning.chance import fractions

WHOLE = 10_000


@dataclass(frozen=True, slots=True)
class Allocation:
    """How units are spread over the arms of one trial.

    A unit's arm depends on nothing but what stands here and its name. Where `exposure_bp` grows, whoever took part
    keeps his arm; trials of one layer whose slices do not overlap have no unit in common.

    Parameters
    ----------
    seed : str
        Of this trial alone.
    arms : tuple of (str, int)
        Names with their shares of the units that take part, in basis points; they add up to 10,000.
    exposure_bp : int
        How many of 10,000 units of the slice take part.
    layer : str
        Trials that share units by slices share the layer.
    slice_bp : (int, int)
        First and, not included, last of the layer's 10,000 parts.
    """

    seed: str
    arms: tuple[tuple[str, int], ...]
    exposure_bp: int = WHOLE
    layer: str = ""
    slice_bp: tuple[int, int] = (0, WHOLE)

    def __post_init__(self) -> None:
        """Refuse shares that do not add up and slices that are none."""
        if sum(share for _, share in self.arms) != WHOLE or any(share < 0 for _, share in self.arms):
            raise ValueError("the shares of the arms are nought or more and add up to 10,000 basis points")
        if not 0 <= self.exposure_bp <= WHOLE or not 0 <= self.slice_bp[0] < self.slice_bp[1] <= WHOLE:
            raise ValueError("an exposure lies within 0 and 10,000, and so do both ends of a slice, the first below")


def arms_of(allocation: Allocation, units: Sequence[str]) -> list[str | None]:
    """Give the arm of each unit; None for those that take no part.

    Parameters
    ----------
    units : (n,) of str

    Returns
    -------
    (n,) list of str or None
    """
    names = [name for name, _ in allocation.arms]
    ends = list(accumulate(share / WHOLE for _, share in allocation.arms))
    chosen = [names[min(bisect_right(ends, at), len(names) - 1)] for at in fractions(allocation.seed, units)]
    low, high = (end / WHOLE for end in allocation.slice_bp)
    inside = [True] * len(units)
    if (low, high) != (0.0, 1.0):
        inside = [low <= at < high for at in fractions("layer\x1f" + allocation.layer, units)]
    if allocation.exposure_bp < WHOLE:
        most = allocation.exposure_bp / WHOLE
        exposed = fractions("exposure\x1f" + allocation.seed, units)
        inside = [is_in and at < most for is_in, at in zip(inside, exposed, strict=True)]
    return [arm if is_in else None for arm, is_in in zip(chosen, inside, strict=True)]


def arm_of(allocation: Allocation, unit: str) -> str | None:
    """Give the arm of one unit; None where it takes no part."""
    return arms_of(allocation, (unit,))[0]


def overlap(slices: Sequence[tuple[int, int]]) -> bool:
    """Tell whether any two slices of a layer have a part in common."""
    return any(first[1] > second[0] for first, second in pairwise(sorted(slices)))
