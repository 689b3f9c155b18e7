"""Quantiles of subjects that differ in pace and hardly in spread: each has its own middle, all have one shape."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Codes = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class LocatedQuantiles:
    """Quantiles of something positive by subject.

    Parameters
    ----------
    probabilities : (k,), in (0, 1), ascending
    shape : (k,), logarithms of what lies above or below a subject's middle
    overall : float
        Logarithm of the middle of a subject that nothing is known of.
    overall_error : float
        How far such a subject's own middle lies from it.
    middle, error : (n_subjects,), logarithm of each one's middle, and its standard error
    """

    probabilities: tuple[float, ...]
    shape: Floats
    overall: float
    overall_error: float
    middle: Floats
    error: Floats

    def at(self, subject: Codes) -> Floats:
        """Give the quantiles of subjects; (k, n)."""
        middle = self._of(subject, self.middle, self.overall)
        return np.asarray(np.exp(middle[None, :] + self.shape[:, None]), dtype=np.float64)

    def error_at(self, subject: Codes) -> Floats:
        """Tell by how much the quantiles of subjects are off by chance, as logarithms; (n,)."""
        return self._of(subject, self.error, self.overall_error)

    def _of(self, subject: Codes, known: Floats, unknown: float) -> Floats:
        is_known = (subject >= 0) & (subject < len(known))
        padded = np.append(known, unknown)
        return np.asarray(padded[np.where(is_known, subject, len(known))], dtype=np.float64)


def learn_located(values: Floats, subject: Codes, *, probabilities: tuple[float, ...]) -> LocatedQuantiles:
    """Learn from past cases how long each subject takes.

    Parameters
    ----------
    values : (n,), above zero; NaN is left out
    subject : (n,), numbers from 0; below zero is unknown and left out

    Notes
    -----
    A subject's middle is the mean of its logarithms, drawn towards that of all by how much subjects differ and how few
    cases it has; both are learned. The quantiles around it are those of everybody's cases around their own middles,
    which a few hundred cases of one subject would tell far worse.

    References
    ----------
    Efron and Morris (1975), Data analysis using Stein's estimator. DerSimonian and Laird (1986), eq. 8: the variance
    between subjects.
    """
    is_known = np.isfinite(values) & (values > 0) & (subject >= 0)
    logs, of = np.log(values[is_known]), subject[is_known]
    if not len(logs):
        return LocatedQuantiles(probabilities, np.zeros(len(probabilities)), 0.0, 0.0, np.zeros(0), np.zeros(0))
    count = np.bincount(of).astype(np.float64)
    mean = np.bincount(of, weights=logs) / np.maximum(1.0, count)
    within = float(((logs - mean[of]) ** 2).sum() / max(1.0, len(logs) - float((count > 0).sum())))
    between = _between(count, mean, within)
    # Of how many cases the middle of all is worth, beside a subject's own.
    worth = within / between if between > 0 else np.inf
    trust = count / (count + worth) if np.isfinite(worth) else np.zeros(len(count))
    overall = float((count * mean).sum() / count.sum())
    if between > 0:
        weights = np.where(count > 0, 1.0 / (between + within / np.maximum(1.0, count)), 0.0)
        overall = float((weights * mean).sum() / weights.sum())
    middle = trust * mean + (1.0 - trust) * overall
    error = np.sqrt((1.0 - trust) * between)
    shape = np.quantile(logs - middle[of], probabilities, method="weibull")
    return LocatedQuantiles(
        tuple(probabilities), np.asarray(shape, dtype=np.float64), overall, float(np.sqrt(between)), middle, error
    )


def _between(count: Floats, mean: Floats, within: float) -> float:
    """Give the variance of subjects' middles, by moments."""
    there = count > 0
    n, total = int(there.sum()), float(count.sum())
    overall = float((count * mean).sum() / total)
    apart = float((count[there] * (mean[there] - overall) ** 2).sum())
    scale = total - float((count**2).sum()) / total
    return max(0.0, (apart - (n - 1) * within) / scale) if scale > 0 else 0.0
