"""Who gained: segments by an honest tree, and a score a unit by two regressions."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy import stats

from tiffin.engines.experiments.estimate import Estimate
from tiffin.engines.experiments.observational.cautions import caution
from tiffin.engines.experiments.observational.panels import Bools, Floats, Integers
from tiffin.engines.experiments.observational.placebos import from_error
from tiffin.engines.experiments.observational.weighting import Sample

CUTS = 16
FOLDS = 5
RIDGE = 1e-3


@dataclass(frozen=True, slots=True)
class Bound:
    """A covariate within bounds: above `low`, at most `high`."""

    name: str
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Segment:
    """Units within bounds, and the effect on them.

    Parameters
    ----------
    bounds : tuple of Bound
        None for everybody.
    share : float
        Of all units.
    estimate : Estimate
    """

    bounds: tuple[Bound, ...]
    share: float
    estimate: Estimate


@dataclass(frozen=True, slots=True)
class UpliftReading:
    """Which segments gained.

    Parameters
    ----------
    segments : tuple of Segment
        By effect, greatest first. Errors hold although segments were searched for: other units found them.
    differ_p : float
        Of all segments having one effect (Cochran's Q); 1 with a single segment.
    """

    segments: tuple[Segment, ...]
    differ_p: float


def honest_segments(
    sample: Sample, *, depth: int = 2, least: int = 100, level: float = 0.95, seed: int = 0
) -> UpliftReading:
    """Search segments whose effects differ in one half of the units, and read the effects in the other.

    Parameters
    ----------
    sample : Sample
        Of a lot with two arms; `covariates` are what segments may be made of.
    depth : int
        How many bounds a segment may have.
    least : int
        Treated, and untreated, that each half of a segment needs.
    seed : int
        Of the halves.

    Notes
    -----
    Assumes that the lot decided who was treated. Honest halves cost power, and in turn an interval of a segment means
    what it says. It breaks where segments are afterwards chosen by their effect: the best of several is too good.

    References
    ----------
    Athey and Imbens (2016), PNAS 113(27), equation 5 (the criterion with its cost of variance).
    Cochran (1954), Biometrics 10(1).
    """
    half = np.random.default_rng(seed).permutation(len(sample.outcomes)) % 2 == 0
    cuts = [np.unique(np.quantile(column, np.arange(1, CUTS) / CUTS)) for column in sample.covariates.T]
    leaves: list[tuple[Bools, tuple[Bound, ...]]] = []
    waiting: list[tuple[Bools, tuple[Bound, ...]]] = [(np.ones(len(half), dtype=bool), ())]
    while waiting:
        inside, bounds = waiting.pop()
        split = _best_split(sample, inside & half, cuts, least) if len(bounds) < depth else None
        parts = _parted(sample, inside, split) if split else ()
        if parts and all(_enough(sample, part & ~half, least) for part, _ in parts):
            waiting.extend((part, (*bounds, bound)) for part, bound in parts)
        else:
            leaves.append((inside, bounds))
    return _told(sample, leaves, ~half, level)


def two_regressions(sample: Sample, *, folds: int = FOLDS, seed: int = 0) -> Floats:
    """Give each unit the difference of what two regressions foretell, treated and not, made without that unit, (n,).

    Parameters
    ----------
    folds : int
        Units of one fold are scored by regressions among the others.

    References
    ----------
    Kunzel, Sekhon, Bickel and Yu (2019), PNAS 116(10) (the T-learner).
    """
    center, size = sample.covariates.mean(axis=0), sample.covariates.std(axis=0)
    design = np.column_stack([np.ones(len(sample.outcomes)), (sample.covariates - center) / size])
    fold = np.random.default_rng(seed).permutation(len(design)) % folds
    scores = np.empty(len(design))
    for one in range(folds):
        others = fold != one
        slopes = [
            _ridge(design[others & arm], sample.outcomes[others & arm]) for arm in (sample.treated, ~sample.treated)
        ]
        scores[fold == one] = design[fold == one] @ (slopes[0] - slopes[1])
    return scores


def _ridge(design: Floats, outcomes: Floats) -> Floats:
    penalty = RIDGE * len(design) * np.eye(design.shape[1])
    penalty[0, 0] = 0.0
    return np.asarray(np.linalg.solve(design.T @ design + penalty, design.T @ outcomes), dtype=np.float64)


def _parted(sample: Sample, inside: Bools, split: tuple[int, float]) -> tuple[tuple[Bools, Bound], ...]:
    at, cut = split
    below, name = sample.covariates[:, at] <= cut, sample.names[at]
    return (inside & below, Bound(name, -np.inf, cut)), (inside & ~below, Bound(name, cut, np.inf))


def _enough(sample: Sample, inside: Bools, least: int) -> bool:
    treated = int((inside & sample.treated).sum())
    return min(treated, int(inside.sum()) - treated) >= least


def _best_split(sample: Sample, inside: Bools, cuts: Sequence[Floats], least: int) -> tuple[int, float] | None:
    """Give the covariate and the cut that win most by the honest criterion, None where none wins."""
    treated, outcomes = sample.treated[inside], sample.outcomes[inside]
    best, split = _worth(_moments(treated, outcomes, np.zeros(len(outcomes), dtype=np.int64), 1).sum(axis=1)), None
    for at, marks in enumerate(cuts):
        bins = np.searchsorted(marks, sample.covariates[inside, at], side="left")
        sums = np.cumsum(_moments(treated, outcomes, bins, len(marks) + 1), axis=1)
        low, high = sums[:, :-1], sums[:, -1:] - sums[:, :-1]
        room = np.minimum.reduce([low[0], low[3], high[0], high[3]]) >= least
        if not room.any():
            continue
        worth = np.where(room, _worth(low) + _worth(high), -np.inf)
        if worth.max() > best:
            best, split = worth.max(), (at, float(marks[worth.argmax()]))
    return split


def _moments(treated: Bools, outcomes: Floats, bins: Integers, n_bins: int) -> Floats:
    """Give counts, sums and sums of squares of treated, then of untreated, (6, n_bins)."""
    powers = (np.ones(len(outcomes)), outcomes, outcomes**2)
    return np.array(
        [
            np.bincount(bins[arm], weights=power[arm], minlength=n_bins)
            for arm in (treated, ~treated)
            for power in powers
        ]
    )


def _worth(sums: Floats) -> Floats:
    """Give the squared effect less twice its variance, by units: halves are alike, so both cost the same."""
    count = np.maximum(sums[[0, 3]], 1.0)
    total, squares = sums[[1, 4]], sums[[2, 5]]
    means = total / count
    variances: Floats = np.maximum(squares / count - means**2, 0.0) / count
    worth: Floats = (sums[0] + sums[3]) * ((means[0] - means[1]) ** 2 - 2 * variances.sum(axis=0))
    return worth


def _told(
    sample: Sample, leaves: Sequence[tuple[Bools, tuple[Bound, ...]]], read: Bools, level: float
) -> UpliftReading:
    warned = (caution("many_comparisons", arms=len(leaves)),) if len(leaves) > 1 else ()
    segments = [
        Segment(_joined(bounds), float(inside.mean()), replace(_effect(sample, inside & read, level), cautions=warned))
        for inside, bounds in leaves
    ]
    effects = np.array([one.estimate.effect for one in segments])
    precision = 1 / np.array([max(one.estimate.se, 1e-300) for one in segments]) ** 2
    q = float(precision @ (effects - precision @ effects / precision.sum()) ** 2)
    p = float(stats.chi2.sf(q, len(segments) - 1)) if len(segments) > 1 else 1.0
    return UpliftReading(tuple(sorted(segments, key=lambda one: -one.estimate.effect)), p)


def _joined(bounds: Sequence[Bound]) -> tuple[Bound, ...]:
    """Bring the bounds of one covariate together."""
    joined: dict[str, Bound] = {}
    for one in bounds:
        known = joined.get(one.name, Bound(one.name, -np.inf, np.inf))
        joined[one.name] = Bound(one.name, max(known.low, one.low), min(known.high, one.high))
    return tuple(joined.values())


def _effect(sample: Sample, inside: Bools, level: float) -> Estimate:
    treated, others = sample.outcomes[inside & sample.treated], sample.outcomes[inside & ~sample.treated]
    se = np.sqrt(treated.var(ddof=1) / len(treated) + others.var(ddof=1) / len(others))
    effect = float(treated.mean() - others.mean())
    return from_error(effect, float(se), n=int(inside.sum()), method="honest_segment", level=level)
