"""How often a test rejects under an effect: by formula, or counted over simulated trials."""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy import special

from tiffin.engines.experiments.power.history import Floats

BISECTIONS = 60


@dataclass(frozen=True, slots=True)
class StudentTest:
    """A two-sided test whose statistic is Student's around the effect.

    Parameters
    ----------
    se : float
        Of the effect, in the metric's unit.
    df : float
    level : float
    """

    se: float
    df: float
    level: float

    def power(self, effect: float) -> float:
        """Give the chance that the test finds an effect of this size.

        Examples
        --------
        >>> round(StudentTest(se=1.0, df=1e6, level=0.95).power(2.8), 2)
        0.8
        """
        critical = float(special.stdtrit(self.df, 0.5 + self.level / 2))
        if self.se <= 0:
            return 1.0 if effect else 1 - self.level
        off = abs(effect) / self.se
        return float(1 - special.nctdtr(self.df, off, critical) + special.nctdtr(self.df, off, -critical))

    @property
    def scale(self) -> float:
        """Give the standard error."""
        return self.se


@dataclass(frozen=True, slots=True)
class SimulatedTest:
    """A two-sided test as it went in simulated trials without an effect; one adds to the estimate and to nothing else.

    Parameters
    ----------
    estimates, errors : (n_simulations,)
    critical : float
        Standard errors from which on the test rejects.
    """

    estimates: Floats
    errors: Floats
    critical: float

    def power(self, effect: float) -> float:
        """Give the share of trials in which an effect of this size, up or down, is found."""
        bars = self.critical * self.errors
        up, down = np.abs(self.estimates + effect) > bars, np.abs(self.estimates - effect) > bars
        return float(up.mean() + down.mean()) / 2

    @property
    def scale(self) -> float:
        """Give the standard deviation of the estimates."""
        return float(np.sqrt(np.mean(self.estimates**2)))

    @property
    def error(self) -> float:
        """Give the standard error of a share that is counted, at most."""
        return 0.5 / math.sqrt(len(self.estimates))


Test = StudentTest | SimulatedTest


def smallest_effect(test: Test, power: float) -> float:
    """Give the smallest effect that a test finds with the asked chance; infinite where it finds none so often."""
    return smallest(test.power, power, test.scale)


def smallest(power_of: Callable[[float], float], power: float, scale: float) -> float:
    """Find where a power that grows with the effect reaches what is asked."""
    low, high = 0.0, max(scale, np.finfo(float).tiny)
    for _ in range(BISECTIONS):
        if power_of(high) >= power:
            break
        low, high = high, 2 * high
    else:
        return math.inf
    for _ in range(BISECTIONS):
        middle = (low + high) / 2
        if not low < middle < high:
            break
        low, high = (low, middle) if power_of(middle) >= power else (middle, high)
    return high
