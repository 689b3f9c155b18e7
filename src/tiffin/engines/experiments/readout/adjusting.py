"""Effects made surer by what was known of each unit before the trial: CUPED, and Lin's regression."""

import math
from collections.abc import Sequence

import numpy as np

from tiffin.engines.experiments.estimate import Estimate
from tiffin.engines.experiments.readout.contrasts import LEVEL, linear_difference, linearised, student_estimate, welch
from tiffin.engines.experiments.readout.moments import Floats, Moments, refuse_small


def cuped_means(
    treated: Moments, control: Moments, *, variable: int, before: Sequence[int], level: float = LEVEL
) -> Estimate:
    """Compare means after taking out what the units' values before the trial foretell.

    Parameters
    ----------
    before : sequence of int
        Variables that the treatment cannot have touched, as the same metric in the weeks before.

    Raises
    ------
    DesignRefused
        An arm has fewer than two units.

    References
    ----------
    Deng, Xu, Kohavi & Walker (2013), Improving the sensitivity of online controlled experiments by utilizing
    pre-experiment data, equation 4.
    """
    refuse_small(treated, control)
    outcome = np.eye(len(treated.sums))[[variable]]
    past = np.eye(len(treated.sums))[list(before)]
    return _cuped((treated, control), (outcome[0], outcome[0]), (past, past), "difference of means, CUPED", level)


def cuped_ratios(
    treated: Moments, control: Moments, *, now: tuple[int, int], before: tuple[int, int], level: float = LEVEL
) -> Estimate:
    """Compare ratios of sums after taking out what the same units' ratio before the trial foretells.

    Parameters
    ----------
    now, before : (int, int)
        Numerator and denominator during and before the trial.

    Raises
    ------
    DesignRefused
        An arm has fewer than two units, or nothing in a denominator.

    Notes
    -----
    Both ratios are linearised first; what is taken out is the difference of the arms' ratios before.
    """
    refuse_small(treated, control)
    arms = (treated, control)
    outcomes = [linearised(arm, numerator=now[0], denominator=now[1]) for arm in arms]
    pasts = [linearised(arm, numerator=before[0], denominator=before[1])[None, :] for arm in arms]
    differences = []
    for numerator, denominator in (now, before):
        ratios = [arm.sums[numerator] / arm.sums[denominator] for arm in arms]
        differences.append(float(ratios[0] - ratios[1]))
    theta = _theta(arms, (outcomes[0], outcomes[1]), (pasts[0], pasts[1]))
    weights = [outcome - theta @ past for outcome, past in zip(outcomes, pasts, strict=True)]
    return linear_difference(
        treated,
        control,
        weights=(weights[0], weights[1]),
        effect=differences[0] - float(theta[0]) * differences[1],
        method="difference of ratios, CUPED and delta method",
        level=level,
    )


def _cuped(
    arms: tuple[Moments, Moments],
    outcomes: tuple[Floats, Floats],
    pasts: tuple[Floats, Floats],
    method: str,
    level: float,
) -> Estimate:
    theta = _theta(arms, outcomes, pasts)
    weights = [outcome - theta @ past for outcome, past in zip(outcomes, pasts, strict=True)]
    effect = float(weights[0] @ arms[0].means - weights[1] @ arms[1].means)
    return linear_difference(
        arms[0], arms[1], weights=(weights[0], weights[1]), effect=effect, method=method, level=level
    )


def _theta(arms: tuple[Moments, Moments], outcomes: tuple[Floats, Floats], pasts: tuple[Floats, Floats]) -> Floats:
    """Regress what is on what was, within arms; what was and does not vary takes out nothing."""
    inner = sum((arm.n - 1) * (past @ arm.covariance @ past.T) for arm, past in zip(arms, pasts, strict=True))
    outer = sum(
        (arm.n - 1) * (past @ arm.covariance @ outcome)
        for arm, past, outcome in zip(arms, pasts, outcomes, strict=True)
    )
    return np.asarray(np.linalg.pinv(inner, hermitian=True) @ outer, dtype=np.float64)


def lin_adjusted(
    treated: Moments, control: Moments, *, variable: int, covariates: Sequence[int], level: float = LEVEL
) -> Estimate:
    """Compare means by a regression with the covariates, centred, and their products with the treatment.

    Raises
    ------
    DesignRefused
        An arm has fewer than two units.

    References
    ----------
    Lin (2013), Agnostic notes on regression adjustments to experimental data, section 4: never less sure, for many
    units, than the plain difference of means.
    """
    refuse_small(treated, control)
    whole = treated + control
    centre = whole.means[list(covariates)]
    parts = [_regressed(arm, variable, list(covariates), centre) for arm in (treated, control)]
    slopes = parts[0][2] - parts[1][2]
    spread = float(slopes @ whole.covariance[np.ix_(list(covariates), list(covariates))] @ slopes) / whole.n
    variances = [part[1] for part in parts]
    df = welch(variances, (treated.n - 1 - len(covariates), control.n - 1 - len(covariates)))
    return student_estimate(
        parts[0][0] - parts[1][0],
        math.sqrt(sum(variances) + spread),
        df=df,
        n=whole.n,
        method="Lin's regression",
        level=level,
    )


def _regressed(arm: Moments, variable: int, covariates: list[int], centre: Floats) -> tuple[float, float, Floats]:
    """Give an arm's mean at the centre of the covariates, the variance of that mean, and the slopes."""
    covariance = arm.covariance
    slopes = (
        np.linalg.pinv(covariance[np.ix_(covariates, covariates)], hermitian=True) @ covariance[covariates, variable]
    )
    mean = float(arm.means[variable] - slopes @ (arm.means[covariates] - centre))
    left = covariance[variable, variable] - slopes @ covariance[covariates, variable]
    df = max(arm.n - 1 - len(covariates), 1)
    return mean, max(float(left), 0.0) * (arm.n - 1) / df / arm.n, slopes
