"""Evidence from means, such as minutes an order: each leaf's mean now against its mean in usual intervals."""

import math

import numpy as np

from tiffin.engines.attribution.localisation.evidence import SEVERITIES, Direction, Evidence, bounded, one_sided
from tiffin.engines.attribution.localisation.leaves import FloatArray, Leaves, check_numbers
from tiffin.engines.attribution.localisation.ratios import BORROWED, MATERIAL
from tiffin.engines.attribution.localisation.shrinking import calm, nothing_usual

MEDIAN_OF_A_NORMAL = 0.6745

LEAST_SHARE_OF_MEAN = 0.01
"""No mean is steadier among single things than a hundredth of itself."""


def evidence_of_means(
    leaves: Leaves, *, total: FloatArray, count: FloatArray, usual: FloatArray, usual_count: FloatArray
) -> Evidence:
    """Say what each leaf's mean says, against its means in earlier intervals.

    How far single things spread is learned from how far the usual intervals' means lie apart.

    Parameters
    ----------
    total, count : (n_leaves,), now.
    usual, usual_count : (n_intervals, n_leaves), in comparable intervals.

    Raises
    ------
    InvalidData
        There is nothing usual, or a count is missing or negative.
    """
    check_numbers({"counts": count, "usual counts": usual_count}, n_leaves=leaves.codes.shape[1])
    if usual_count.sum() <= 0:
        raise nothing_usual()
    there = count > 0
    leaves, total, count = leaves.kept(there), total[there], count[there]
    wholes = usual_count.sum(axis=1)
    quiet = calm(usual.sum(axis=1) / np.maximum(wholes, 1.0), wholes > 0)
    usual, usual_count = usual[quiet][:, there], usual_count[quiet][:, there]
    mean, seen = _usual_mean(usual, usual_count)
    variance = _spread(usual, usual_count, mean, seen) ** 2 * (1 / count + 1 / seen)
    away = total / count - mean
    unaffected = _log_normal(away, 0.0, variance)

    def nats(direction: Direction) -> FloatArray:
        changes = [direction * s * np.abs(mean) for s in SEVERITIES]
        affected = [_log_normal(away, change, variance + (change / 2) ** 2) for change in changes]
        return bounded(np.logaddexp.reduce(affected, axis=0) - math.log(len(SEVERITIES)) - unaffected)

    fell, rose = nats(Direction.FALL), nats(Direction.RISE)
    falls, rises = one_sided(fell, rose, away < 0), one_sided(rose, fell, away > 0)
    return Evidence(leaves, falls, rises, total, count * mean, count, None, MATERIAL)


def _usual_mean(usual: FloatArray, count: FloatArray) -> tuple[FloatArray, FloatArray]:
    whole = usual.sum() / max(count.sum(), 1.0)
    own = count.sum(axis=0)
    # A tenth of what shares borrow: a mean of some things is known sooner than a rare share of them.
    borrowed = BORROWED / 10
    return (usual.sum(axis=0) + borrowed * whole) / (own + borrowed), own + borrowed


def _spread(usual: FloatArray, count: FloatArray, mean: FloatArray, known: FloatArray) -> float:
    """Learn how far single things spread; intervals lie nearer to a mean that they are part of themselves."""
    seen = count > 0
    means = np.broadcast_to(mean, usual.shape)[seen]
    freedom = 1 - count[seen] / np.broadcast_to(known, usual.shape)[seen]
    apart = np.abs(usual[seen] / count[seen] - means) * np.sqrt(count[seen] / freedom)
    least = LEAST_SHARE_OF_MEAN * abs(float(np.median(means)))
    return max(float(np.median(apart)) / MEDIAN_OF_A_NORMAL, least, 1e-9)


def _log_normal(away: FloatArray, change: FloatArray | float, variance: FloatArray) -> FloatArray:
    return np.asarray(-0.5 * (away - change) ** 2 / variance - 0.5 * np.log(2 * math.pi * variance))
