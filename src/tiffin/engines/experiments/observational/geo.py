"""Geo test: what something done in some cities brought, by a mixture of the other cities."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from tiffin.engines.experiments.estimate import Caution, Estimate
from tiffin.engines.experiments.observational.augmented import Mixture, choose_penalty, mix
from tiffin.engines.experiments.observational.cautions import caution, together
from tiffin.engines.experiments.observational.conformal import Reordering, conformal_p
from tiffin.engines.experiments.observational.panels import Block, Floats, Panel, block_of
from tiffin.engines.experiments.observational.placebos import Placebo, from_error
from tiffin.engines.experiments.observational.synthetic_control import HEAVY, POOR_FIT, refuse_few

METHOD = "geo_augmented_synthetic_control"
LEAST_SHARE = 3
"""A placebo in time needs so many times as many times before as after."""
LEAST_STRETCHES, MOST_STRETCHES = 3, 10


@dataclass(frozen=True, slots=True, eq=False)
class GeoReading:
    """What a geo test says.

    Parameters
    ----------
    estimate : Estimate
        Average effect per treated city and time; its p and interval ask about the average.
    any_effect_p : float
        Of no effect at any time after the start, on average or in turns (the p that is commonly published).
    lift : float
        That effect as a share of what would have been.
    incremental : float
        Its sum over treated cities and times.
    scaled_miss : float
        Miss of the mixture before the start as a share of an even mixture's (the scaled L2 imbalance).
    weights : Mapping
        Of the donors with any.
    gaps : (n_times,)
        Treated less mixture, averages before taken out.
    counterfactual : (n_times,)
        What the average treated city would have had.
    placebos : tuple of Placebo
        `in_time`: the same reading of as long a stretch just before the start.
    """

    estimate: Estimate
    any_effect_p: float
    lift: float
    incremental: float
    scaled_miss: float
    weights: Mapping[str, float]
    gaps: Floats
    counterfactual: Floats
    placebos: tuple[Placebo, ...]


def geo_test(
    panel: Panel,
    *,
    ridge: bool = False,
    reordering: Reordering = Reordering.BLOCKS,
    level: float = 0.95,
    seed: int = 0,
) -> GeoReading:
    """Set the treated cities' average against the mixture of other cities that moved like it before the start.

    Parameters
    ----------
    ridge : bool
        Correct what the mixture misses by a ridge regression, with a penalty chosen at times left out; weights may then
        fall below zero.
    reordering : Reordering
        Of times, for the p of any effect.
    seed : int
        Of the reorderings drawn singly.

    Raises
    ------
    DesignRefused
        Where cities start at different times.
    InvalidData
        With fewer than two donors or times before.

    Notes
    -----
    Assumes that who moved like the treated before would have gone on so, that donors were left alone, and that the gap
    wanders after the start as it did before (which every p and the interval rest on). It breaks where demand crosses
    the border between a treated city and a donor, where a season differs between them that the time before did not
    show, and where donors were chosen after the result.

    References
    ----------
    Ben-Michael, Feller and Rothstein (2021), Journal of the American Statistical Association 116(536).
    Chernozhukov, Wuthrich and Zhu (2021), same journal and issue (the p of any effect); the same, "A t-test for
    synthetic controls", arXiv 1812.10820 (error and interval).
    """
    block = block_of(panel)
    refuse_few(block)
    penalty = choose_penalty(block.controls, block.mean, before=block.before) if ridge else float("inf")
    mixture = mix(block.controls, block.mean, before=block.before, penalty=penalty)
    after = block.controls.shape[1] - block.before
    effect = float(mixture.gaps[block.before :].mean())
    counterfactual = block.mean - mixture.gaps
    would = float(counterfactual[block.before :].mean())
    p = any_effect_p(block.controls, block.mean, after=after, reordering=reordering, penalty=penalty, seed=seed)
    in_time = _in_time(block, ridge=ridge, reordering=reordering, seed=seed)
    found = _estimate(block, effect, penalty, level=level)
    return GeoReading(
        replace(found, cautions=_cautions(block, mixture, found, in_time)),
        p,
        effect / would if would else float("nan"),
        effect * after * len(block.treated),
        mixture.scaled_miss,
        {name: float(one) for name, one in zip(block.donors, mixture.weights, strict=True) if one},
        mixture.gaps,
        counterfactual,
        (in_time,) if in_time else (),
    )


def _estimate(block: Block, effect: float, penalty: float, *, level: float) -> Estimate:
    """Give the effect the error of a t test: how unlike each other readings are that set a stretch before aside."""
    after = block.controls.shape[1] - block.before
    stretches = min(max(block.before // after, LEAST_STRETCHES), MOST_STRETCHES)
    length = min(block.before // stretches, after)
    n = block.controls.shape[1]
    if block.before < 2 * LEAST_STRETCHES:
        return Estimate(effect, np.nan, -np.inf, np.inf, np.nan, n, METHOD, level)
    found = np.array([_set_aside(block, k * length, length, penalty) for k in range(stretches)])
    spread = float(found.std(ddof=1)) * np.sqrt(1 + stretches * length / after)
    return from_error(
        effect, float(spread / np.sqrt(stretches)), n=n, method=METHOD, level=level, df=float(stretches - 1)
    )


def _set_aside(block: Block, shift: int, length: int, penalty: float) -> float:
    """Match without one stretch before the start; the effect is the gap after less the gap in that stretch."""
    first = block.before - shift - length
    aside = np.arange(first, first + length)
    order = np.concatenate([np.delete(np.arange(block.before), aside), aside, np.arange(block.before, len(block.mean))])
    kept = block.before - length
    gaps = mix(block.controls[:, order], block.mean[order], before=kept, penalty=penalty).gaps
    return float(gaps[block.before :].mean() - gaps[kept : block.before].mean())


def any_effect_p(
    controls: Floats, target: Floats, *, after: int, reordering: Reordering, penalty: float = np.inf, seed: int = 0
) -> float:
    """Give the conformal p of no effect at any of the last `after` times."""
    gaps = mix(controls, target, before=len(target), penalty=penalty).gaps
    return conformal_p(gaps, after, reordering=reordering, seed=seed)


def _in_time(block: Block, *, ridge: bool, reordering: Reordering, seed: int) -> Placebo | None:
    after = block.controls.shape[1] - block.before
    if block.before < LEAST_SHARE * after:
        return None
    earlier = block.untreated_part(block.before - after)
    penalty = choose_penalty(earlier.controls, earlier.mean, before=earlier.before) if ridge else float("inf")
    found = mix(earlier.controls, earlier.mean, before=earlier.before, penalty=penalty)
    p = any_effect_p(earlier.controls, earlier.mean, after=after, reordering=reordering, penalty=penalty, seed=seed)
    return Placebo("in_time", float(found.gaps[earlier.before :].mean()), p, block.before)


def _cautions(block: Block, mixture: Mixture, found: Estimate, in_time: Placebo | None) -> tuple[Caution, ...]:
    negative = float(-mixture.weights[mixture.weights < 0].sum())
    heaviest = int(mixture.weights.argmax())
    weight = float(mixture.weights[heaviest])
    return together(
        [
            caution("no_error", treated=len(block.treated), controls=len(block.controls))
            if np.isnan(found.se)
            else None,
            caution("poor_fit", scaled=mixture.scaled_miss) if mixture.scaled_miss > POOR_FIT else None,
            caution("heavy_weight", unit=block.donors[heaviest], weight=weight) if weight > HEAVY else None,
            caution("extrapolates", share=negative) if negative > 0 else None,
            caution("no_placebo", periods=block.before) if in_time is None else None,
            caution("placebo_in_time", effect=in_time.effect, p=in_time.p) if in_time and not in_time.passed else None,
        ]
    )
