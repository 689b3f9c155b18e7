"""A switchback read from the windows alone whose arm was the same as that of the window before."""

import math

import numpy as np
from scipy import special

from tiffin.engines.experiments.estimate import Caution, DesignRefused, Estimate
from tiffin.engines.experiments.switchback.carry_over import ratios
from tiffin.engines.experiments.switchback.windows import Flags, Floats, Windows, kinds

LEAST_STAYS = 4
"""Windows that kept their arm, by arm, below which their spread says nothing."""


def effect_of_stays(windows: Windows, *, level: float) -> Estimate:
    """Tell the effect of the treatment everywhere and always, from windows that went on as the one before them.

    It holds whatever carries over from one window into the next, however slowly, and pays for that with half of the
    windows. It is what a plan with `optimal_switches` is read by.

    Raises
    ------
    DesignRefused
        Where too few windows of an arm kept it.

    References
    ----------
    Bojinov, Simchi-Levi & Zhao (2023), Design and analysis of switchback experiments, Management Science 69:
    outcomes weighted by whether the whole of what reaches them had one arm; here with the arms' own means, so that the
    level of the metric is no noise.
    """
    totals, counts = windows.totals.sum(axis=2), windows.counts.sum(axis=2)
    kind = kinds(windows.treated)
    on, off = kind == 0, kind == 3  # noqa: PLR2004 -- places in KINDS
    fewest = int(min(on.sum(), off.sum()))
    if fewest < LEAST_STAYS:
        raise DesignRefused(Caution("too_few_windows_of_a_kind", {"windows": fewest, "least": LEAST_STAYS}))
    treated, pull_on = _pull(totals, counts, on)
    untreated, pull_off = _pull(totals, counts, off)
    effect, se = treated - untreated, math.sqrt(_variance(pull_on - pull_off))
    df = fewest - 1
    half = se * float(special.stdtrit(df, 0.5 + level / 2))
    return Estimate(
        effect=effect,
        se=se,
        low=effect - half,
        high=effect + half,
        p=float(2 * special.stdtr(df, -abs(effect) / se)) if se > 0 else float(effect == 0),
        n=int(on.sum() + off.sum()),
        method="switchback, windows that kept their arm",
        level=level,
    )


def _pull(totals: Floats, counts: Floats, kept: Flags) -> tuple[float, Floats]:
    """Give a mean and by how much each window pulls it: (n_units, n_windows)."""
    if counts[kept].sum() <= 0:
        raise DesignRefused(Caution("empty_denominator", {"units": int(kept.sum())}))
    mean, residuals = ratios(totals[kept][:, None], counts[kept][:, None])
    pulls = np.zeros(kept.shape)
    n = int(kept.sum())
    pulls[kept] = residuals[:, 0] / math.sqrt(n * (n - 1))
    return float(mean[0]), pulls


def _variance(pulls: Floats) -> float:
    """Sum squares, and products of neighbours: two windows in a row share a coin, so they are kept or left together."""
    squares = float((pulls**2).sum())
    neighbours = float((pulls[:, 1:] * pulls[:, :-1]).sum())
    return squares + 2 * max(neighbours, 0.0)
