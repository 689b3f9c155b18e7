"""The sums of a trial."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Sums:
    """What is to be known of one metric.

    Parameters
    ----------
    names : tuple of str
        Of the units, or of the areas of the windows.
    arm : (n,)
        Number of each one's arm in the trial.
    numerator, denominator : (n,)
        A sum has a denominator of one for each.
    stratum : (n,)
        Within which arms were dealt out: the two days of a pair at one time of one area; all units of a split.
    window : (n,) or None
        Of a switchback, the number of each window since the trial's first.
    before : (n, 2) or None
        Both parts of the same units in the days before the trial.
    """

    names: tuple[str, ...]
    arm: Integers
    numerator: Floats
    denominator: Floats
    stratum: Integers
    window: Integers | None = None
    before: Floats | None = None
