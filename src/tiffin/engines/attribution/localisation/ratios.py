"""Evidence from ratios of counts: each leaf's share now against its share in usual intervals."""

import numpy as np
from scipy.special import gammaln

from tiffin.engines.attribution.localisation.evidence import SEVERITIES, Direction, Evidence, bounded, one_sided
from tiffin.engines.attribution.localisation.leaves import FloatArray, Leaves
from tiffin.kernel.errors import InvalidData

BORROWED = 100.0
"""Events that a leaf's usual share borrows from the whole's: a leaf seen less often is mostly as the others."""

ALIKE = 4.0
"""How alike affected leaves are: their shares spread about the common change as among four observations."""

STEADINESS = np.array([30.0, 100.0, 300.0, 1000.0, 3000.0])
"""How steady shares may be from interval to interval, as observations' worth; which holds is learned."""

STRAY = 0.05
"""Share of usual intervals' leaves that were out of the ordinary themselves."""

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
        There is nothing usual, or a numerator is above its denominator.
    """
    if usual_denominator.sum() <= 0:
        raise InvalidData(
            "Earlier intervals were expected to tell what is usual, and none has a denominator above 0. Ask for a day "
            "with comparable days before it."
        )
    _check_shares(numerator, denominator)
    _check_shares(usual, usual_denominator)
    there = denominator > 0
    leaves, numerator, denominator = leaves.kept(there), numerator[there], denominator[there]
    calm = _calm(usual.sum(axis=1), usual_denominator.sum(axis=1))
    share = _usual_share(usual[calm], usual_denominator[calm])[there]
    steady = _steadiness(usual[calm][:, there], usual_denominator[calm][:, there], share)
    unaffected = _log_beta_binomial(numerator, denominator, share, steady)

    def nats(direction: Direction) -> FloatArray:
        affected = [
            _log_beta_binomial(numerator, denominator, _changed(share, direction, severity), ALIKE)
            for severity in SEVERITIES
        ]
        return bounded(np.logaddexp.reduce(affected, axis=0) - np.log(len(SEVERITIES)) - unaffected)

    fell, rose = nats(Direction.FALL), nats(Direction.RISE)
    above = numerator > denominator * share
    fall, rise = one_sided(fell, ~above), one_sided(rose, above)
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


def _calm(numerator: FloatArray, denominator: FloatArray) -> FloatArray:
    """Choose the half of the intervals that are nearest to the middle: one that was struck itself is not usual."""
    whole = numerator / np.maximum(denominator, 1.0)
    seen = denominator > 0
    away = np.abs(whole - np.median(whole[seen]))
    return np.asarray(seen & (away <= np.median(away[seen])))


def _usual_share(usual: FloatArray, denominator: FloatArray) -> FloatArray:
    whole = (usual.sum() + 0.5) / (denominator.sum() + 1.0)
    own = (usual.sum(axis=0) + BORROWED * whole) / (denominator.sum(axis=0) + BORROWED)
    return np.asarray(np.clip(own, 1e-4, 1 - 1e-4))


def _steadiness(usual: FloatArray, denominator: FloatArray, share: FloatArray) -> float:
    seen = denominator > 0
    numerators, denominators = usual[seen], denominator[seen]
    shares = np.broadcast_to(share, usual.shape)[seen]
    ways = gammaln(denominators + 1) - gammaln(numerators + 1) - gammaln(denominators - numerators + 1)
    stray = np.log(STRAY) - np.log1p(denominators) - ways
    likely = [
        np.logaddexp(np.log1p(-STRAY) + _log_beta_binomial(numerators, denominators, shares, s), stray).sum()
        for s in STEADINESS
    ]
    return float(STEADINESS[int(np.argmax(likely))])


def _log_beta_binomial(k: FloatArray, n: FloatArray, mean: FloatArray, worth: float) -> FloatArray:
    """Give the log-probability of k of n, when shares vary about a mean as a beta of that many observations' worth.

    The number of ways to choose k of n is left out: it is the same whether a leaf is affected or not.
    """
    a, b = mean * worth, (1 - mean) * worth
    return np.asarray(
        gammaln(k + a) + gammaln(n - k + b) - gammaln(n + worth) + gammaln(worth) - gammaln(a) - gammaln(b)
    )
