"""The difference of two arms' values of one linear or linearised metric, with Student's interval."""

import math

import numpy as np
from scipy.stats import t as student

from tiffin.engines.experiments.estimate import Caution, DesignRefused, Estimate
from tiffin.engines.experiments.readout.moments import Floats, Moments, refuse_small

LEVEL = 0.95


def difference_of_means(treated: Moments, control: Moments, *, variable: int = 0, level: float = LEVEL) -> Estimate:
    """Compare the mean of one variable over the units of two arms, whose variances may differ.

    Raises
    ------
    DesignRefused
        An arm has fewer than two units.

    References
    ----------
    Welch (1947), The generalization of Student's problem when several different population variances are involved.
    """
    refuse_small(treated, control)
    weights = np.zeros(len(treated.sums))
    weights[variable] = 1.0
    return linear_difference(
        treated,
        control,
        weights=(weights, weights),
        effect=float(treated.means[variable] - control.means[variable]),
        method="difference of means",
        level=level,
    )


def difference_of_ratios(
    treated: Moments, control: Moments, *, numerator: int = 0, denominator: int = 1, level: float = LEVEL
) -> Estimate:
    """Compare a ratio of sums, as late orders over orders, between two arms whose units bring both parts.

    Raises
    ------
    DesignRefused
        An arm has fewer than two units, or nothing in its denominator.

    References
    ----------
    Deng, Knoblich & Lu (2018), Applying the delta method in metric analytics, section 2.
    """
    refuse_small(treated, control)
    weights = tuple(linearised(arm, numerator=numerator, denominator=denominator) for arm in (treated, control))
    ratios = [float(arm.sums[numerator] / arm.sums[denominator]) for arm in (treated, control)]
    return linear_difference(
        treated,
        control,
        weights=(weights[0], weights[1]),
        effect=ratios[0] - ratios[1],
        method="difference of ratios, delta method",
        level=level,
    )


def linearised(arm: Moments, *, numerator: int, denominator: int) -> Floats:
    """Give the weights by which a unit's variables make its part in an arm's ratio: (x - R d) over the mean of d.

    Raises
    ------
    DesignRefused
        The arm has nothing in its denominator.
    """
    if arm.sums[denominator] == 0:
        raise DesignRefused(Caution("empty_denominator", {"units": arm.n}))
    weights = np.zeros(len(arm.sums))
    weights[numerator] += 1.0
    weights[denominator] -= arm.sums[numerator] / arm.sums[denominator]
    return weights * arm.n / float(arm.sums[denominator])


def linear_difference(
    treated: Moments,
    control: Moments,
    *,
    weights: tuple[Floats, Floats],
    effect: float,
    method: str,
    level: float,
) -> Estimate:
    """Say how sure an effect is whose variance is that of linear combinations of each arm's variables."""
    variances = [
        max(float(row @ arm.covariance @ row), 0.0) / arm.n
        for arm, row in zip((treated, control), weights, strict=True)
    ]
    df = welch(variances, (treated.n - 1, control.n - 1))
    return student_estimate(
        effect, math.sqrt(sum(variances)), df=df, n=treated.n + control.n, method=method, level=level
    )


def welch(variances: list[float], dfs: tuple[int, int]) -> float:
    """Give the degrees of freedom of a sum of variances that were each estimated (Welch 1947)."""
    below = sum(variance**2 / df for variance, df in zip(variances, dfs, strict=True))
    return sum(variances) ** 2 / below if below > 0 else float(sum(dfs))


def student_estimate(
    effect: float,
    se: float,
    *,
    df: float,
    n: int,
    method: str,
    level: float,
    cautions: tuple[Caution, ...] = (),
) -> Estimate:
    """Give Student's interval and two-sided chance; an effect without any variation is sure."""
    half = float(student.ppf((1 + level) / 2, df)) * se
    p = float(2 * student.sf(abs(effect) / se, df)) if se > 0 else float(effect == 0)
    return Estimate(effect, se, effect - half, effect + half, p, n, method, level, cautions)
