"""Evidence from whole numbers of things: chance is that of counting, and what days add to it."""

import math

import numpy as np

from tiffin.engines.attribution.localisation.evidence import (
    ALIKE,
    SEVERITIES,
    Direction,
    Evidence,
    bounded,
    one_sided,
)
from tiffin.engines.attribution.localisation.leaves import FloatArray, IntArray, Leaves, check_numbers
from tiffin.engines.attribution.localisation.shrinking import (
    BORROWED_DAYS,
    STEADINESS,
    log_negative_binomial,
    nothing_usual,
    steadiest,
)


def evidence_of_tallies(leaves: Leaves, *, actual: FloatArray, usual: FloatArray) -> Evidence:
    """Say what each leaf's count says, against its counts in earlier intervals.

    Parameters
    ----------
    actual : (n_leaves,), now.
    usual : (n_intervals, n_leaves), in comparable intervals.

    Raises
    ------
    InvalidData
        Nothing ever happened in them, or a count is missing or negative.
    """
    check_numbers({"counts": actual, "usual counts": usual}, n_leaves=leaves.codes.shape[1])
    if usual.size == 0 or usual.sum() <= 0:
        raise nothing_usual()
    n_intervals = usual.shape[0]
    expected = (usual.sum(axis=0) + BORROWED_DAYS * usual.mean()) / (n_intervals + BORROWED_DAYS)
    steady = _steadiness(usual, expected)
    # What is usual is itself known only as well as it was counted.
    worth = 1 / (1 / (n_intervals * expected) + 1 / steady)
    unaffected = log_negative_binomial(actual, expected, worth)

    def nats(direction: Direction) -> FloatArray:
        affected = [log_negative_binomial(actual, _changed(expected, direction, s), ALIKE) for s in SEVERITIES]
        return bounded(np.logaddexp.reduce(affected, axis=0) - np.log(len(SEVERITIES)) - unaffected)

    fell, rose = nats(Direction.FALL), nats(Direction.RISE)
    falls, rises = one_sided(fell, rose, actual < expected), one_sided(rose, fell, actual > expected)

    def sharpen(which: IntArray, direction: Direction) -> FloatArray:
        own, other = (rises, falls) if direction is Direction.RISE else (falls, rises)
        common = _in_common(actual[which], expected[which], worth[which]) - unaffected[which]
        # Half for leaves that all changed alike, half for leaves that did not.
        found = bounded(np.logaddexp(common, own[which]) - math.log(2))
        return one_sided(found, other[which], direction * (actual[which] - expected[which]) > 0)

    return Evidence(leaves, falls, rises, actual, expected, np.ones_like(actual), sharpen, 0.0)


def _in_common(actual: FloatArray, expected: FloatArray, worth: FloatArray) -> FloatArray:
    """Give the log-probabilities when all of these leaves changed by what they changed by together."""
    factor = max(float(actual.sum()), 0.5) / float(expected.sum())
    return log_negative_binomial(actual, expected * factor, worth)


def _changed(expected: FloatArray, direction: Direction, severity: float) -> FloatArray:
    return expected / (1 - severity) if direction is Direction.RISE else expected * (1 - severity)


def _steadiness(usual: FloatArray, expected: FloatArray) -> float:
    means = np.broadcast_to(expected, usual.shape)
    stray = log_negative_binomial(usual, means, 1.0)
    return steadiest([log_negative_binomial(usual, means, s) for s in STEADINESS], stray)
