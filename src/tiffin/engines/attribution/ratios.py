"""What of a change of a ratio of sums lies in the groups' own rates, and what in their weights."""

from dataclasses import dataclass

import numpy as np

from tiffin.engines.attribution.shapley import FloatArray
from tiffin.kernel.errors import InvalidData


@dataclass(frozen=True, slots=True)
class MixAndRate:
    """Contributions of each group to the change of the whole ratio; all of them together add up to it.

    Parameters
    ----------
    rate : (n_groups,)
        From the group's own ratio having changed.
    mix : (n_groups,)
        From the group's weight having changed, against the whole's mean ratio.
    """

    rate: FloatArray
    mix: FloatArray


def mix_and_rate(
    *, base_numerator: FloatArray, base_denominator: FloatArray, numerator: FloatArray, denominator: FloatArray
) -> MixAndRate:
    """Split the change of ``sum(numerator) / sum(denominator)`` over groups, at the midpoint of both periods.

    A group that is absent from one period has no rate there: its rate of the other period stands for it, so that
    its coming or going is mix alone.

    Raises
    ------
    InvalidData
        The denominators of a period add up to nothing: there is no ratio to explain.

    References
    ----------
    Marshall (1887) and Edgeworth (1887) midpoint weights; Bennet (1920), The theory of measurement of changes in
    cost of living, eq. 3.
    """
    before, after = np.sum(base_denominator), np.sum(denominator)
    if before <= 0 or after <= 0:
        raise InvalidData(
            "A ratio needs a denominator above zero in both periods; "
            f"{before:g} and {after:g} were found. Choose periods in which something happened."
        )
    w0, w1 = base_denominator / before, denominator / after
    r0 = _rate(base_numerator, base_denominator, otherwise=(numerator, denominator))
    r1 = _rate(numerator, denominator, otherwise=(base_numerator, base_denominator))
    whole = (np.sum(base_numerator) / before + np.sum(numerator) / after) / 2
    return MixAndRate(rate=(w0 + w1) / 2 * (r1 - r0), mix=((r0 + r1) / 2 - whole) * (w1 - w0))


def _rate(numerator: FloatArray, denominator: FloatArray, *, otherwise: tuple[FloatArray, FloatArray]) -> FloatArray:
    there = denominator > 0
    other = np.divide(*otherwise, out=np.zeros_like(numerator, dtype=float), where=otherwise[1] > 0)
    return np.asarray(np.divide(numerator, denominator, out=other, where=there), dtype=float)
