"""The difference between two arms within strata, quickly: for parts of a trial, of which there are many."""

import math

import numpy as np

from tiffin.engines.experiments.estimate import Caution, DesignRefused, Estimate
from tiffin.engines.experiments.readout.cells import Cells, absorb
from tiffin.engines.experiments.readout.contrasts import LEVEL, student_estimate
from tiffin.engines.experiments.readout.moments import Integers

LEAST_DF = 2
LEAST_IN_ARM = 2


def difference_within(cells: Cells, stratum: Integers, *, level: float = LEVEL) -> Estimate:
    """Compare the arms' ratios within each stratum and bring the strata together, each with the weight of its orders.

    Parameters
    ----------
    cells : Cells
        A row a unit or a window.
    stratum : (n,)
        Any numbers; a stratum that has one arm alone tells nothing and is left out.

    Raises
    ------
    DesignRefused
        Nothing is left to compare, or too little to say how it varies.

    Notes
    -----
    Weighted least squares with a mean for each stratum, its variance robust to units that vary unlike each other and
    raised by the degrees of freedom (HC1; White 1980). For the result of a trial `assigned` asks what might have come
    instead, which holds with few units too.
    """
    kept, groups = _with_both_arms(cells, stratum)
    least = min(int((kept.arm == arm).sum()) for arm in (0, 1))
    df = len(kept.arm) - int(groups.max(initial=-1)) - 2
    if least < LEAST_IN_ARM or df < LEAST_DF:
        raise DesignRefused(Caution("too_few_units", {"units": least, "least": LEAST_IN_ARM}))
    moved = absorb(kept.arm * kept.denominator, kept.denominator, (groups,))
    left = absorb(kept.numerator, kept.denominator, (groups,))
    weight = moved / kept.denominator
    scale = float(weight @ moved)
    effect = float(weight @ left) / scale
    pulls = weight * (left - effect * moved)
    se = math.sqrt(float(pulls @ pulls) * len(pulls) / df) / scale
    return student_estimate(
        effect, se, df=df, n=len(pulls), method="difference of ratios within strata, robust errors", level=level
    )


def _with_both_arms(cells: Cells, stratum: Integers) -> tuple[Cells, Integers]:
    has_orders = cells.denominator > 0
    _, numbers = np.unique(stratum, return_inverse=True)
    size = np.bincount(numbers, weights=has_orders)
    treated = np.bincount(numbers, weights=cells.arm * has_orders)
    kept = has_orders & ((treated > 0) & (treated < size))[numbers]
    _, groups = np.unique(numbers[kept], return_inverse=True)
    return Cells(cells.numerator[kept], cells.denominator[kept], cells.arm[kept]), groups.astype(np.int64)
