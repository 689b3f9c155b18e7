"""What a test says that should find nothing, and how two groups of units are compared."""

from dataclasses import dataclass

import numpy as np
from scipy import stats

from tiffin.engines.experiments.estimate import Estimate
from tiffin.engines.experiments.observational.panels import Floats

FAILS_AT = 0.05
"""A placebo test with a smaller p found something where there is nothing."""
FEW_TREATED = 5
"""With fewer treated units their own spread says too little, and that of the controls stands in for it."""
SEEN = 2.8
"""Standard errors from which a difference is found four times in five at 5 %."""


@dataclass(frozen=True, slots=True)
class Placebo:
    """The outcome of a test that should find nothing.

    Parameters
    ----------
    name : str
        `pre_trend`, `in_time`, or the name of an outcome from before.
    effect : float
        What was found where there is nothing; NaN where the test gives only a p.
    p : float
    n : int
        Units, periods or groups that it rests on.
    unseen : float
        The smallest untruth that such a test finds four times in five; NaN where that is not known.
    """

    name: str
    effect: float
    p: float
    n: int
    unseen: float = float("nan")

    @property
    def passed(self) -> bool:
        """Whether nothing was found."""
        return not self.p < FAILS_AT


def compare(treated: Floats, controls: Floats, *, level: float, method: str) -> Estimate:
    """Compare one number a unit between the two groups, by a t test that does not ask for equal spreads.

    With fewer treated than `FEW_TREATED` the controls' spread is taken for both, as Conley and Taber do. With a single
    control there is no error and the interval has no ends.

    References
    ----------
    Welch (1947), Biometrika 34; Conley and Taber (2011), Review of Economics and Statistics 93(1).
    """
    effect = float(treated.mean() - controls.mean())
    n = len(treated) + len(controls)
    if len(controls) < 2:  # noqa: PLR2004 - a spread takes two
        return Estimate(effect, np.nan, -np.inf, np.inf, np.nan, n, method, level)
    of_controls = float(controls.var(ddof=1)) / len(controls)
    if len(treated) < FEW_TREATED:
        of_treated, df = float(controls.var(ddof=1)) / len(treated), float(len(controls) - 1)
    else:
        of_treated = float(treated.var(ddof=1)) / len(treated)
        df = _welch(of_treated, len(treated), of_controls, len(controls))
    return from_error(effect, float(np.sqrt(of_treated + of_controls)), n=n, method=method, level=level, df=df)


def from_error(effect: float, se: float, *, n: int, method: str, level: float, df: float = np.inf) -> Estimate:
    """Give the estimate that follows from a standard error and its degrees of freedom."""
    if not np.isfinite(se):
        return Estimate(effect, np.nan, -np.inf, np.inf, np.nan, n, method, level)
    width = float(stats.t.ppf(0.5 + level / 2, df)) * se
    p = 2 * float(stats.t.sf(abs(effect) / se, df)) if se > 0 else float(effect == 0)
    return Estimate(effect, se, effect - width, effect + width, p, n, method, level)


def _welch(of_treated: float, n_treated: int, of_controls: float, n_controls: int) -> float:
    whole = of_treated + of_controls
    parts = of_treated**2 / (n_treated - 1) + of_controls**2 / (n_controls - 1)
    return whole**2 / parts if parts > 0 else float(n_treated + n_controls - 2)
