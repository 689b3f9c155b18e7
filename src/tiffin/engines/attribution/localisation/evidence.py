"""Evidence: how much likelier each leaf's number is if the leaf is affected than if it is not."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum

import numpy as np

from tiffin.engines.attribution.localisation.leaves import BoolArray, FloatArray, IntArray, Leaves

MOST = 20.0
"""Nats that one leaf may say for or against a combination. Naming a leaf among the most that are ever asked for costs
about 15: a leaf that says more than that is simply affected, and how far beyond chance it lies must not outweigh
whether its neighbours are affected too."""

AMISS = 0.05
"""Share of an affected combination's leaves that may show anything at all: none is affected without exception."""

SEVERITIES = np.array([0.05, 0.1, 0.2, 0.4, 0.8])
"""Relative changes that an affected leaf may have, in octaves and equally likely: nothing is known beforehand."""

ALIKE = 4.0
"""How alike affected leaves are: they spread about the common change as four observations' worth do."""


class Direction(IntEnum):
    """Whether a figure fell below what was expected or rose above it."""

    FALL = -1
    RISE = 1


@dataclass(frozen=True, slots=True)
class Evidence:
    """What each leaf says.

    Parameters
    ----------
    leaves : those that say anything.
    fall, rise : (n_leaves,), nats for being affected in this direction, at most `MOST`.
    actual, expected : (n_leaves,), in the figure's own unit; of a ratio, numerators.
    weight : (n_leaves,), what a relative change is relative to: the expected count, or a ratio's denominator.
    sharpen : gives the nats of some leaves once their common change is learned from themselves.
    material : share of the whole change that a combination must explain to be told beside a first one.
    """

    leaves: Leaves
    fall: FloatArray
    rise: FloatArray
    actual: FloatArray
    expected: FloatArray
    weight: FloatArray
    sharpen: Callable[[IntArray, Direction], FloatArray] | None
    material: float

    def of(self, direction: Direction) -> FloatArray:
        """Give the nats for one direction."""
        return self.rise if direction is Direction.RISE else self.fall


def bounded(nats: FloatArray) -> FloatArray:
    """Bound what single leaves say."""
    return np.clip(nats, -MOST, MOST)


def one_sided(nats: FloatArray, other: FloatArray, moved: BoolArray) -> FloatArray:
    """Let leaves that moved the other way speak against a combination as they speak for one of their own direction.

    Parameters
    ----------
    nats, other : (n_leaves,), for being affected in this direction, and in the other.
    moved : (n_leaves,), whether the leaf moved in this one.
    """
    return np.where(moved, nats, np.minimum(nats, -np.maximum(other, 0.0)))
