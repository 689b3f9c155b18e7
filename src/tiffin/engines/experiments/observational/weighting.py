"""Matching by weights: what it did to those who had it, where who had it was nobody's lot."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from tiffin.engines.experiments.estimate import Caution, Estimate
from tiffin.engines.experiments.observational.cautions import caution, together
from tiffin.engines.experiments.observational.panels import Bools, Floats
from tiffin.engines.experiments.observational.placebos import Placebo, from_error
from tiffin.kernel.errors import InvalidData

UNBALANCED = 0.1
"""Standard deviations; above this a covariate still differs."""
FEW_EFFECTIVE = 0.1
NEWTON_STEPS = 100
SETTLED = 1e-9
ROUNDING = 1e-13
LEAST_UNITS = 2


class Adjustment(StrEnum):
    """How the untreated are made like the treated."""

    NONE = "none"
    PROPENSITY = "propensity"
    ENTROPY = "entropy"
    DOUBLY_ROBUST = "doubly_robust"


@dataclass(frozen=True, slots=True, eq=False)
class Sample:
    """Who had it, what came of it, and what was known before.

    Parameters
    ----------
    outcomes : (n,)
    treated : (n,)
    covariates : (n, n_covariates)
    names : tuple of str
        Of the covariates.
    """

    outcomes: Floats
    treated: Bools
    covariates: Floats
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class BalanceRow:
    """How far apart treated and untreated are in one covariate, in standard deviations of the treated."""

    name: str
    before: float
    after: float


@dataclass(frozen=True, slots=True, eq=False)
class WeightingReading:
    """What a weighted comparison says.

    Parameters
    ----------
    estimate : Estimate
        Average effect on the treated.
    balance : tuple of BalanceRow
    weights : (n_controls,)
        Sum one.
    effective : float
        How many evenly weighted controls these weights are worth (Kish).
    unlike : float
        Share of the treated whose propensity lies above every control's.
    placebos : tuple of Placebo
        One for each outcome from before the treatment: the effect on it has to be none.
    """

    estimate: Estimate
    balance: tuple[BalanceRow, ...]
    weights: Floats
    effective: float
    unlike: float
    placebos: tuple[Placebo, ...]


def sample_of(outcomes: ArrayLike, treated: ArrayLike, covariates: ArrayLike, *, names: Sequence[str]) -> Sample:
    """Make a sample, with covariates (n, n_covariates) as numbers.

    Raises
    ------
    InvalidData
        Where lengths differ, something is no number, a covariate never varies, or a side has fewer than two.
    """
    made = Sample(
        np.asarray(outcomes, dtype=np.float64),
        np.asarray(treated, dtype=bool),
        np.asarray(covariates, dtype=np.float64),
        tuple(names),
    )
    n = len(made.outcomes)
    if made.treated.shape != (n,) or made.covariates.shape != (n, len(made.names)):
        raise InvalidData(
            f"A sample has one outcome, one mark of treatment and {len(made.names)} covariates a row; found {n} "
            f"outcomes, {len(made.treated)} marks and covariates of {made.covariates.shape}. Hand in rows of "
            "one length."
        )
    sides = int(made.treated.sum()), int((~made.treated).sum())
    if min(sides) < LEAST_UNITS:
        raise InvalidData(
            f"A comparison needs at least {LEAST_UNITS} treated and {LEAST_UNITS} untreated; found {sides[0]} and "
            f"{sides[1]}. Hand in those who did not have the treatment too."
        )
    _refuse_columns(made)
    return made


def weighted_comparison(
    sample: Sample, adjustment: Adjustment, *, from_before: Sequence[str] = (), level: float = 0.95
) -> WeightingReading:
    """Compare the treated with untreated who are weighted to be like them.

    Parameters
    ----------
    adjustment : Adjustment
        `propensity` weighs by the odds of having had it (logit); `entropy` takes the weights nearest to even that make
        every average equal; `doubly_robust` also takes out what a regression among controls foretells, and is right if
        either the odds or the regression is.
    from_before : sequence of str
        Covariates that are the outcome at an earlier time. Each is read in turn as if it were the outcome, adjusted for
        the others: there was no treatment then.

    Raises
    ------
    InvalidData
        Where no weights make the averages equal, or `from_before` names no covariate.

    Notes
    -----
    Assumes that nothing outside the covariates moved both who had it and the outcome, and that for each treated there
    are untreated alike. It breaks on what is not measured (the more so, the more it is why they were chosen), on
    covariates that the treatment itself changed, and where no untreated are alike: `unlike` and `effective` tell.

    References
    ----------
    Hirano, Imbens and Ridder (2003), Econometrica 71(4). Hainmueller (2012), Political Analysis 20(1), equations 7-9.
    Zhao and Percival (2017), Journal of Causal Inference 5(1) (the error of entropy weights). Robins, Rotnitzky and
    Zhao (1994), Journal of the American Statistical Association 89(427).
    """
    _refuse_unknown(sample, from_before)
    chances = propensity(sample)
    weights = _weights(sample, adjustment, chances)
    effect, influence = _effect(sample, adjustment, weights, chances)
    found = from_error(
        effect,
        float(np.sqrt(influence @ influence)),
        n=len(influence),
        method=f"weighting_{adjustment.value}",
        level=level,
    )
    balance = _balance(sample, weights)
    unlike = float((chances[sample.treated] > chances[~sample.treated].max()).mean())
    placebos = tuple(_placebo(sample, adjustment, name) for name in from_before)
    effective = float(1 / (weights @ weights))
    warned = _cautions(balance, effective / len(weights), (unlike, len(weights)), placebos)
    return WeightingReading(replace(found, cautions=warned), balance, weights, effective, unlike, placebos)


def propensity(sample: Sample) -> Floats:
    """Give each unit's chance of being treated given its covariates, by a logit, (n,)."""
    design = _design(sample)
    wanted = sample.treated.astype(np.float64)
    slopes = np.zeros(design.shape[1])
    # A trace of a penalty keeps the slopes finite where a covariate parts treated and untreated wholly.
    trace = np.eye(design.shape[1]) * 1e-8 * len(design)
    for _ in range(NEWTON_STEPS):
        chances = special.expit(design @ slopes)
        bend = (design * (chances * (1 - chances))[:, None]).T @ design + trace
        step = np.linalg.solve(bend, design.T @ (wanted - chances) - trace @ slopes)
        slopes += step * min(1.0, 5.0 / float(np.abs(step).max() + SETTLED))
        if np.abs(step).max() < SETTLED:
            break
    fitted: Floats = special.expit(design @ slopes)
    return fitted


def entropy_weights(controls: Floats, wanted: Floats) -> Floats:
    """Give the weights nearest to even under which the controls' averages are those wanted.

    Raises
    ------
    InvalidData
        Where no weights do: the wanted averages lie outside what controls are.
    """
    off = controls - wanted
    size = off.std(axis=0)
    off /= np.where(size > 0, size, 1.0)
    slopes = np.zeros(off.shape[1])
    for _ in range(NEWTON_STEPS):
        weights = special.softmax(off @ slopes)
        slope = weights @ off
        if np.abs(slope).max() < SETTLED:
            return np.asarray(weights, dtype=np.float64)
        bend = (off * weights[:, None]).T @ off - np.outer(slope, slope)
        step = -np.linalg.lstsq(bend, slope, rcond=None)[0]
        slopes += step * _shorter(off, slopes, step, float(slope @ step))
    raise InvalidData(
        "Weights were sought under which the untreated have the treated's averages, and there are none: some average "
        f"of the treated lies outside all {len(controls)} untreated. Leave out covariates, or treated who are like "
        "nobody."
    )


def _shorter(off: Floats, slopes: Floats, step: Floats, fall: float) -> float:
    """Halve a step until it wins something (Armijo)."""
    now, length = special.logsumexp(off @ slopes), 1.0
    # At the foot a win is smaller than what the sum of exponentials is rounded to, and a whole step is right.
    room = ROUNDING * max(1.0, abs(float(now)))
    while length > SETTLED and special.logsumexp(off @ (slopes + length * step)) > now + 1e-4 * length * fall + room:
        length /= 2
    return length


def _weights(sample: Sample, adjustment: Adjustment, chances: Floats) -> Floats:
    controls = ~sample.treated
    if adjustment is Adjustment.NONE:
        return np.full(int(controls.sum()), 1 / controls.sum())
    if adjustment is Adjustment.ENTROPY:
        return entropy_weights(sample.covariates[controls], sample.covariates[sample.treated].mean(axis=0))
    odds = chances[controls] / (1 - chances[controls])
    weights: Floats = odds / odds.sum()
    return weights


def _effect(sample: Sample, adjustment: Adjustment, weights: Floats, chances: Floats) -> tuple[float, Floats]:
    """Give the effect and each unit's part in its chance; the parts' squares sum to the squared error."""
    treated, controls = sample.treated, ~sample.treated
    residuals = sample.outcomes - _foretold(sample, adjustment, weights)
    gained, lost = float(residuals[treated].mean()), float(weights @ residuals[controls])
    influence = np.zeros(len(residuals))
    influence[treated] = (residuals[treated] - gained) / treated.sum()
    influence[controls] = -weights * (residuals[controls] - lost)
    if adjustment is Adjustment.PROPENSITY:
        influence += _of_odds(sample, weights * (residuals[controls] - lost), chances)
    return gained - lost, influence


def _foretold(sample: Sample, adjustment: Adjustment, weights: Floats) -> Floats:
    """Regress among weighted controls; under entropy weights this changes no effect and only tells its error."""
    if adjustment in {Adjustment.NONE, Adjustment.PROPENSITY}:
        return np.zeros(len(sample.outcomes))
    design, controls = _design(sample), ~sample.treated
    root = np.sqrt(weights)
    slopes = np.linalg.lstsq(design[controls] * root[:, None], sample.outcomes[controls] * root, rcond=None)[0]
    foretold: Floats = design @ slopes
    return foretold


def _of_odds(sample: Sample, parts: Floats, chances: Floats) -> Floats:
    """Give what it adds to each unit's part that the odds are themselves estimated."""
    design = _design(sample)
    bend = (design * (chances * (1 - chances))[:, None]).T @ design
    slope = -parts @ design[~sample.treated]
    added: Floats = (design * (sample.treated - chances)[:, None]) @ np.linalg.lstsq(bend, slope, rcond=None)[0]
    return added


def _design(sample: Sample) -> Floats:
    centered = sample.covariates - sample.covariates.mean(axis=0)
    return np.column_stack([np.ones(len(centered)), centered / centered.std(axis=0)])


def _balance(sample: Sample, weights: Floats) -> tuple[BalanceRow, ...]:
    treated, controls = sample.covariates[sample.treated], sample.covariates[~sample.treated]
    spread = treated.std(axis=0, ddof=1)
    size = np.where(spread > 0, spread, sample.covariates.std(axis=0))
    before = (treated.mean(axis=0) - controls.mean(axis=0)) / size
    after = (treated.mean(axis=0) - weights @ controls) / size
    return tuple(BalanceRow(*row) for row in zip(sample.names, before.tolist(), after.tolist(), strict=True))


def _placebo(sample: Sample, adjustment: Adjustment, name: str) -> Placebo:
    at = sample.names.index(name)
    others = tuple(one for one in sample.names if one != name)
    earlier = Sample(sample.covariates[:, at], sample.treated, np.delete(sample.covariates, at, axis=1), others)
    found = weighted_comparison(earlier, adjustment).estimate
    return Placebo(name, found.effect, found.p, found.n, unseen=2.8 * found.se)


def _refuse_columns(sample: Sample) -> None:
    columns = [("outcome", sample.outcomes), *zip(sample.names, sample.covariates.T, strict=True)]
    for name, column in columns:
        if not np.isfinite(column).all():
            raise InvalidData(
                f"Every value of a sample is a number; {int((~np.isfinite(column)).sum())} of {name} are not, the "
                f"first in row {int((~np.isfinite(column)).argmax()) + 1}. Fill them, or leave out those rows."
            )
    for name, column in columns[1:]:
        if np.ptp(column) == 0:
            raise InvalidData(
                f"The covariate {name} is {column[0]:g} in all {len(column)} rows, so nothing can be adjusted for it. "
                "Leave it out."
            )


def _refuse_unknown(sample: Sample, names: Sequence[str]) -> None:
    unknown = [name for name in names if name not in sample.names]
    if unknown:
        raise InvalidData(
            f"An outcome from before is one of the covariates {', '.join(sample.names)}; found {unknown[0]!r}. "
            "Hand it in as a covariate too."
        )


def _cautions(
    balance: tuple[BalanceRow, ...], effective: float, sides: tuple[float, int], placebos: tuple[Placebo, ...]
) -> tuple[Caution, ...]:
    unlike, controls = sides
    worst = max(balance, key=lambda row: abs(row.after), default=BalanceRow("", 0.0, 0.0))
    failed = [caution("placebo_outcome", name=one.name, p=one.p) for one in placebos if not one.passed]
    return together(
        [
            caution("unmeasured"),
            caution("imbalance", name=worst.name, difference=worst.after) if abs(worst.after) > UNBALANCED else None,
            caution("poor_overlap", share=unlike) if unlike > 0 else None,
            caution("small_effective_sample", effective=effective * controls, controls=controls)
            if effective < FEW_EFFECTIVE
            else None,
            caution("no_placebo", periods=0) if not placebos else None,
            *failed,
        ]
    )
