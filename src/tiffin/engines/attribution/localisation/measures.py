"""Evidence from measured amounts: the noise is relative, unknown, and learned from the leaves themselves."""

import math

import numpy as np

from tiffin.engines.attribution.localisation.evidence import AMISS, Direction, Evidence, bounded, one_sided
from tiffin.engines.attribution.localisation.leaves import FloatArray, IntArray, Leaves, check_numbers

LEAST_NOISE = 0.002
"""A forecast that is right to the last digit is right by construction; 0.2 % is as good as any can be."""

MEDIAN_OF_A_NORMAL = 0.6745

PRIOR_SPREAD, PRIOR_LEAVES = 0.1, 2.0
"""How far the changes of a combination's leaves lie apart, as long as there are few to learn it from."""

LEAST_SPREAD = 0.02

LEAVES_PER_SIZE = 500
"""Leaves that it takes to learn the noise of one size; a robust spread is then good to about 6 %."""


def evidence_of_measures(leaves: Leaves, *, actual: FloatArray, expected: FloatArray) -> Evidence:
    """Say what each leaf's amount says, against its forecast.

    Deviations are ``(expected - actual) / max(expected, actual)``, so that a fall to nothing and a rise from nothing
    are equally far. Leaves that expected nothing and had nothing say nothing.

    Raises
    ------
    InvalidData
        An amount or a forecast is missing or negative.
    """
    check_numbers({"amounts": actual, "forecasts": expected}, n_leaves=leaves.codes.shape[1])
    there = (actual > 0) | (expected > 0)
    leaves, actual, expected = leaves.kept(there), actual[there], expected[there]
    size = np.maximum(actual, expected)
    deviation = (expected - actual) / np.where(size > 0, size, 1.0)
    usual = _log_normal(deviation, 0.0, _noise(deviation, np.where(expected > 0, expected, actual)))
    unaffected_by_chance = usual - size / 2

    def general(sign: int) -> FloatArray:
        affected = np.where(sign * deviation > 0, 0.0, math.log(AMISS / 2))
        affected = np.logaddexp(affected, math.log(AMISS / 2))
        return bounded(np.logaddexp(affected, unaffected_by_chance) - usual)

    fell, rose = general(1), general(-1)
    falls, rises = one_sided(fell, rose, deviation > 0), one_sided(rose, fell, deviation < 0)

    def sharpen(which: IntArray, direction: Direction) -> FloatArray:
        own, other = (rises, falls) if direction is Direction.RISE else (falls, rises)
        nats = _sharpened(deviation[which], usual[which], size[which], own[which])
        return one_sided(nats, other[which], direction * deviation[which] < 0)

    return Evidence(leaves, falls, rises, actual, expected, expected, sharpen, 0.0)


def _sharpened(deviation: FloatArray, usual: FloatArray, size: FloatArray, first: FloatArray) -> FloatArray:
    """Learn the common change and its spread from the leaves that are affected, and judge all by it.

    A leaf of few things shows no change at all when by chance none of the few is missing: with ``exp(-change * size)``.
    """
    nats, affected = first, first > 0
    for _ in range(3):
        if not affected.any():
            return nats
        change = float(deviation[affected].mean())
        spread = _spread(deviation[affected])
        common = np.logaddexp(math.log1p(-AMISS) + _log_normal(deviation, change, spread), math.log(AMISS / 2))
        nats = bounded(np.logaddexp(common, usual - size * abs(change)) - usual)
        nats = np.where(deviation * change > 0, nats, np.minimum(nats, 0.0))
        affected = nats > 0
    return nats


def _spread(deviation: FloatArray) -> float:
    own = max(float(deviation.std()), LEAST_SPREAD)
    weighed = deviation.size * own**2 + PRIOR_LEAVES * PRIOR_SPREAD**2
    return math.sqrt(weighed / (deviation.size + PRIOR_LEAVES))


def _noise(deviation: FloatArray, size: FloatArray) -> FloatArray:
    """Learn the noise of each leaf from the leaves of about its size."""
    n_sizes = int(np.clip(deviation.size // LEAVES_PER_SIZE, 1, 8))
    order = np.argsort(size, kind="stable")
    noise = np.empty(deviation.size)
    for part in np.array_split(order, n_sizes):
        noise[part] = _noise_of(deviation[part])
    return noise


def _noise_of(deviation: FloatArray) -> float:
    """Take the calmer side: what struck lies on one side of the forecast more than on the other."""
    sides = (deviation[deviation > 0], -deviation[deviation < 0])
    spreads = [float(np.median(side)) / MEDIAN_OF_A_NORMAL for side in sides if 10 * side.size > deviation.size]
    return max(min(spreads, default=0.0), LEAST_NOISE)


def _log_normal(x: FloatArray, mean: float, spread: FloatArray | float) -> FloatArray:
    return np.asarray(-0.5 * ((x - mean) / spread) ** 2 - np.log(spread) - 0.5 * math.log(2 * math.pi))
