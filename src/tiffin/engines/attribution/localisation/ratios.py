"""Evidence from ratios of counts: each leaf's share now against its share in usual intervals."""

import numpy as np
from scipy.special import gammaln

from tiffin.engines.attribution.localisation.evidence import ALIKE, SEVERITIES, Direction, Evidence, bounded, one_sided
from tiffin.engines.attribution.localisation.leaves import FloatArray, Leaves, check_numbers
from tiffin.engines.attribution.localisation.shrinking import (
    STEADINESS,
    calm,
    log_beta_binomial,
    nothing_usual,
    steadiest,
)
from tiffin.kernel.errors import InvalidData

BORROWED = 100.0
"""Events that a leaf's usual share borrows from the whole's: a leaf seen less often is mostly as the others."""

MATERIAL = 0.2
"""What explains less than a fifth of a ratio's whole change is told only as a first cause: it is a side effect."""


def evidence_of_ratios(
    leaves: Leaves, *, numerator: FloatArray, denominator: FloatArray, usual: FloatArray, usual_denominator: FloatArray
) -> Evidence:
    """Say what each leaf's share says, against its shares in earlier intervals.

    Parameters
    ----------
    numerator, denominator : (n_leaves,), now.
    usual, usual_denominator : (n_intervals, n_leaves), numerators and denominators of comparable intervals.

    Raises
    ------
    InvalidData
        There is nothing usual, a number is missing or negative, or a numerator is above its denominator.
    """
    sides = {"numerators": numerator, "denominators": denominator}
    earlier = {"earlier numerators": usual, "earlier denominators": usual_denominator}
    check_numbers(sides | earlier, n_leaves=leaves.codes.shape[1])
    if usual_denominator.sum() <= 0:
        raise nothing_usual()
    _check_shares(numerator, denominator)
    _check_shares(usual, usual_denominator)
    there = denominator > 0
    leaves, numerator, denominator = leaves.kept(there), numerator[there], denominator[there]
    wholes, seen = usual_denominator.sum(axis=1), usual_denominator.sum(axis=1) > 0
    quiet = calm(usual.sum(axis=1) / np.maximum(wholes, 1.0), seen)
    share = _usual_share(usual[quiet], usual_denominator[quiet])[there]
    steady = _steadiness(usual[quiet][:, there], usual_denominator[quiet][:, there], share)
    unaffected = log_beta_binomial(numerator, denominator, share, steady)

    def nats(direction: Direction) -> FloatArray:
        affected = [
            log_beta_binomial(numerator, denominator, _changed(share, direction, severity), ALIKE)
            for severity in SEVERITIES
        ]
        return bounded(np.logaddexp.reduce(affected, axis=0) - np.log(len(SEVERITIES)) - unaffected)

    fell, rose = nats(Direction.FALL), nats(Direction.RISE)
    above = numerator > denominator * share
    fall, rise = one_sided(fell, rose, ~above), one_sided(rose, fell, above)
    return Evidence(leaves, fall, rise, numerator, denominator * share, denominator, None, MATERIAL)


def _check_shares(numerator: FloatArray, denominator: FloatArray) -> None:
    above = numerator > denominator
    if above.any():
        raise InvalidData(
            f"A share of events was expected, and in {int(above.sum())} rows the numerator is above the denominator. "
            "Of a sum over events, such as minutes, ask for the sum itself against its forecast."
        )


def _changed(share: FloatArray, direction: Direction, severity: float) -> FloatArray:
    return share + (1 - share) * severity if direction is Direction.RISE else share * (1 - severity)


def _usual_share(usual: FloatArray, denominator: FloatArray) -> FloatArray:
    whole = (usual.sum() + 0.5) / (denominator.sum() + 1.0)
    own = (usual.sum(axis=0) + BORROWED * whole) / (denominator.sum(axis=0) + BORROWED)
    return np.asarray(np.clip(own, 1e-4, 1 - 1e-4))


def _steadiness(usual: FloatArray, denominator: FloatArray, share: FloatArray) -> float:
    seen = denominator > 0
    k, n = usual[seen], denominator[seen]
    shares = np.broadcast_to(share, usual.shape)[seen]
    ways = gammaln(n + 1) - gammaln(k + 1) - gammaln(n - k + 1)
    return steadiest([log_beta_binomial(k, n, shares, s) for s in STEADINESS], -np.log1p(n) - ways)
