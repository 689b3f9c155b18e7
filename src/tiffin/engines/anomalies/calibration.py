"""How far off is too far: the threshold that so many ordinary days in a thousand pass.

References
----------
Pickands (1975): beyond a high threshold the tail is taken as exponential, its scale estimated from the largest ordinary
values; here between two quantiles, so that the few days that really are faulty have no say.
"""

import numpy as np
from numpy.typing import NDArray
from scipy import stats

Floats = NDArray[np.float64]

_LOW, _HIGH = 0.90, 0.985
_LEAST = 200


def threshold_for(scores: Floats, rate: float) -> float:
    """Give the size of a score that a share of ordinary days passes, on either side.

    Parameters
    ----------
    scores : any shape, nan for none
    rate : float
        Share of ordinary days that may be called out of the ordinary.

    Notes
    -----
    With fewer than 200 scores the normal distribution's own threshold is given. It is never less than that.
    """
    sizes = np.abs(scores[np.isfinite(scores)])
    normal = float(stats.norm.isf(rate / 2))
    if sizes.size < _LEAST:
        return normal
    low, high = np.quantile(sizes, [_LOW, _HIGH])
    # Size as a function of log(1 / share beyond) is a straight line for an exponential tail, and flatter for a normal
    # one: the line through the two quantiles is the wider of the two.
    slope = (high - low) / np.log((1 - _LOW) / (1 - _HIGH))
    return max(normal, float(high + slope * np.log((1 - _HIGH) / rate)))
