"""A switchback read out after a burn-in that the data choose: the shortest interval that is honest about what is left.

References
----------
Hu & Wager (2022), Switchback experiments under geometric mixing, arXiv 2209.00197: difference in means after a burn-in.
Armstrong & Kolesar (2018), Optimal inference in a class of regression models: intervals that hold under a bounded bias.
"""

import math
from dataclasses import dataclass

import numpy as np
from scipy import special

from tiffin.engines.experiments.estimate import Caution, DesignRefused, Estimate
from tiffin.engines.experiments.switchback.carry_over import Profile, left_unseen, profile_of, ratios, seen_until
from tiffin.engines.experiments.switchback.windows import Buckets, Floats, Integers, Windows, bucketed

MOST_BUCKETS = 20
LEAST_BUCKETS = 8
LONGEST_BURN_IN = 0.75
"""Share of a window that may be dropped."""
LONGEST_HALF_LIFE = 1 / 8
"""Share of a window within which what carries over is meant to halve; where it does not, intervals widen."""
SEEN = 0.05
"""Chance of seeing carry-over anywhere in a window where there is none."""
SURELY_SEEN = 0.002
"""The same where a whole trial is refused for what is seen."""
BISECTIONS = 50


@dataclass(frozen=True, slots=True)
class BurnIn:
    """How much of the beginning of each window is not read, and why.

    Parameters
    ----------
    steps : int
    seen_steps : int
        Until when carry-over shows; 0 where none does.
    unseen : float
        How far what nobody sees any more may move the effect, in the metric's unit.
    profile : Profile
    """

    steps: int
    seen_steps: int
    unseen: float
    profile: Profile


def effect_after_burn_in(windows: Windows, *, washout_steps: int, level: float) -> Estimate:
    """Tell the effect of having the treatment everywhere and always against nowhere and never.

    Parameters
    ----------
    washout_steps : int
        Burn-in that the plan has settled; the data may ask for more, never for less.
    level : float

    Returns
    -------
    Estimate
        Its interval is wider than its standard error alone would have it, by what may be left unseen.

    Raises
    ------
    DesignRefused
        Where carry-over outlasts the windows, or too few windows of a kind are there.

    Notes
    -----
    What carries over reaches into the next window only, and halves at some rate, however slow. Steps of the burn-in
    are not read, so the effect is that of the steps that are; where it differs between the beginning of windows and
    their end, the plan has to move the windows.
    """
    buckets = bucketed(windows, MOST_BUCKETS)
    chosen = choose(buckets, washout_steps=washout_steps, level=level)
    effect, variance, df = difference(buckets, chosen.steps // buckets.steps)
    se = math.sqrt(variance)
    half = se * float(critical(np.array([chosen.unseen / max(se, np.finfo(float).tiny)]), df, level)[0])
    return Estimate(
        effect=effect,
        se=se,
        low=effect - half,
        high=effect + half,
        p=p_value(effect, se, df, chosen.unseen),
        n=len(buckets.treated),
        method="switchback, difference in means after a burn-in chosen by the data",
        level=level,
        cautions=_cautions(chosen, se, windows.n_steps),
    )


def choose(buckets: Buckets, *, washout_steps: int, level: float) -> BurnIn:
    """Choose the burn-in with the shortest honest interval, after the last bucket in which carry-over is seen.

    Raises
    ------
    DesignRefused
        Where carry-over is seen until the longest burn-in, or windows have too few steps to see it in.
    """
    n, steps = buckets.n_buckets, buckets.steps
    if n < LEAST_BUCKETS:
        raise DesignRefused(Caution("too_few_steps_in_a_window", {"steps": n, "least": LEAST_BUCKETS}))
    profile = profile_of(buckets)
    seen = seen_until(profile, chance=SEEN)
    # One bucket more than seen: the last of what shows is at the edge of what can be seen.
    earliest = max(-(-washout_steps // steps), seen + 1 if seen else 0)
    latest = int(LONGEST_BURN_IN * n)
    if washout_steps > latest * steps or seen_until(profile, chance=SURELY_SEEN) > latest:
        raise DesignRefused(
            Caution("carry_over_outlasts_windows", {"seen_steps": seen * steps, "window_steps": n * steps})
        )
    unseen = left_unseen(profile, seen, LONGEST_HALF_LIFE * n)
    places: Integers = np.arange(latest + 1)
    planned = _planned_errors(buckets, places)
    lengths = planned * critical(unseen[places] / planned, profile.df, level)
    earliest = min(earliest, latest)
    best = earliest + int(np.argmin(lengths[earliest:]))
    return BurnIn(best * steps, seen * steps, float(unseen[best]), profile)


def _planned_errors(buckets: Buckets, places: Integers) -> Floats:
    """Give the standard error to expect of each burn-in: smooth, so that none is chosen for a lucky one."""
    found = np.sqrt([difference(buckets, int(place))[1] for place in places])
    shape = 1 / np.sqrt(1 - places / buckets.n_buckets)
    return np.maximum(float(np.mean(found / shape)) * shape, np.finfo(float).tiny)


def difference(buckets: Buckets, first: int) -> tuple[float, float, float]:
    """Compare the arms from a bucket on: effect, variance and degrees of freedom.

    Raises
    ------
    DesignRefused
        Where an arm has no order.

    Notes
    -----
    The degrees of freedom are those of the smaller arm alone, fewer than Welch's: states at the edge of what is
    possible (all riders busy, none busy) make windows skewed, and with twenty windows an arm Welch's interval holds the
    truth 93 times in 100.
    """
    totals, counts = buckets.totals[:, first:].sum(axis=1), buckets.counts[:, first:].sum(axis=1)
    means, variances, dfs = [], [], []
    for arm in (buckets.treated, ~buckets.treated):
        if counts[arm].sum() <= 0:
            raise DesignRefused(Caution("empty_denominator", {"units": int(arm.sum())}))
        mean, residuals = ratios(totals[arm][:, None], counts[arm][:, None])
        means.append(float(mean[0]))
        dfs.append(len(residuals) - 1)
        variances.append(float((residuals**2).sum()) / len(residuals) / dfs[-1])
    return means[0] - means[1], sum(variances), float(min(dfs))


def critical(bias: Floats, df: float, level: float) -> Floats:
    """Give how many standard errors an interval reaches to hold the truth under a bias of so many standard errors.

    Examples
    --------
    >>> critical(np.array([0.0, 1.0]), 1e6, 0.95).round(2)
    array([1.96, 2.65])
    """
    low, high = np.zeros_like(bias), bias + float(special.stdtrit(df, 0.5 + level / 2))
    for _ in range(BISECTIONS):
        middle = (low + high) / 2
        holds = special.stdtr(df, middle - bias) - special.stdtr(df, -middle - bias) >= level
        low, high = np.where(holds, low, middle), np.where(holds, middle, high)
    return high


def p_value(effect: float, se: float, df: float, bias: float) -> float:
    """Give the chance of an effect so far from zero where there is none but a bias of up to so much."""
    if se <= 0:
        return float(abs(effect) <= bias)
    away, bias = abs(effect) / se, bias / se
    return float(special.stdtr(df, bias - away) + special.stdtr(df, -bias - away))


def _cautions(chosen: BurnIn, se: float, n_steps: int) -> tuple[Caution, ...]:
    found = [Caution("burn_in_chosen", {"burn_in_steps": chosen.steps, "window_steps": n_steps})]
    if chosen.seen_steps:
        found.append(Caution("carry_over_seen", {"steps": chosen.seen_steps, "window_steps": n_steps}))
    if chosen.unseen > se:
        found.append(Caution("carry_over_may_remain", {"bias": chosen.unseen, "se": se}))
    return tuple(found)
