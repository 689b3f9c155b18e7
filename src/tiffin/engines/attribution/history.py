"""How far a value lies from its own history, told by numbers that one odd day cannot spoil."""

from dataclasses import dataclass

import numpy as np

from tiffin.engines.attribution.shapley import FloatArray

TO_SIGMA = 1.4826
"""Median absolute deviation to standard deviation of a normal distribution (Rousseeuw & Croux 1993)."""


@dataclass(frozen=True, slots=True)
class Usual:
    """The middle and the spread of a history.

    Parameters
    ----------
    median : float
        Middle value.
    spread : float or None
        Scaled median absolute deviation; None when fewer than three values are known.
    count : int
        Number of values.
    """

    median: float
    spread: float | None
    count: int


def usual(values: FloatArray) -> Usual | None:
    """Give the median and the robust spread of a history, or None when there is none; gaps (NaN) do not count."""
    known = np.asarray(values, dtype=float)
    known = known[np.isfinite(known)]
    if known.size == 0:
        return None
    median = float(np.median(known))
    enough = known.size >= 3  # noqa: PLR2004 - two values have a distance, no spread
    spread = float(np.median(np.abs(known - median)) * TO_SIGMA) if enough else None
    return Usual(median, spread, int(known.size))
