"""By how much a number changes for each unit that a part of it changes, on the way from usual to actual.

The slope of a part times its change is its contribution, and the contributions of all parts are the whole change. So
slopes multiply down a tree, and a part whose own parts cancel one another still tells of them.
"""

from collections.abc import Callable, Mapping

import numpy as np

from tiffin.engines.attribution.accounting.nodes import VALUE, Form, quotient
from tiffin.engines.attribution.shapley import FloatArray, shapley

Slopes = Callable[[FloatArray, FloatArray], FloatArray]


def _of_sum(base: FloatArray, _: FloatArray) -> FloatArray:
    return np.ones_like(base)


def _of_difference(base: FloatArray, _: FloatArray) -> FloatArray:
    slopes = -np.ones_like(base)
    slopes[..., 0] = 1.0
    return slopes


def _of_product(base: FloatArray, actual: FloatArray) -> FloatArray:
    """Split by logarithms where all factors are above nought on both sides, else evenly over all orders.

    References
    ----------
    Ang (2005), The LMDI approach to decomposition analysis, Energy Policy 33, eq. 4; Shorrocks (2013), Decomposition
    procedures for distributional analysis, J. Economic Inequality 11, eq. 6.
    """
    # Factors that are next to nothing multiply to nothing, whose logarithm nobody has.
    positive = ((base > 0) & (actual > 0)).all(axis=-1, keepdims=True)
    positive &= (base.prod(axis=-1, keepdims=True) > 0) & (actual.prod(axis=-1, keepdims=True) > 0)
    if positive.all():
        return _by_logarithms(base, actual)
    evenly = _by_orders(base, actual)
    if not positive.any():
        return evenly
    by_logarithms = _by_logarithms(np.where(positive, base, 1.0), np.where(positive, actual, 1.0))
    return np.where(positive, by_logarithms, evenly)


def _by_logarithms(base: FloatArray, actual: FloatArray) -> FloatArray:
    whole = logarithmic_mean(base.prod(axis=-1), actual.prod(axis=-1))
    return np.asarray(whole[..., np.newaxis] / logarithmic_mean(base, actual))


SERIES_BELOW = 1e-4


def logarithmic_mean(a: FloatArray, b: FloatArray) -> FloatArray:
    """Give the logarithmic mean of two positives to the last digits, however near they are.

    The quotient ``(b - a) / ln(b / a)`` loses digits where both are near; there a series in their relative distance
    takes its place (Carlson 1972, The logarithmic mean, American Mathematical Monthly 79).
    """
    low, high = np.minimum(a, b), np.maximum(a, b)
    gap = (high - low) / (high + low)
    near = gap < SERIES_BELOW
    # ln(b / a) = 2 artanh(gap), and artanh(x) = x (1 + x^2/3 + x^4/5 + ...)
    series = (low + high) / 2 / (1.0 + gap**2 / 3 + gap**4 / 5)
    logs = np.where(near, 1.0, np.log(high) - np.log(low))
    return np.where(near, series, (high - low) / logs)


def _by_orders(base: FloatArray, actual: FloatArray) -> FloatArray:
    """Give each factor the mean, over all orders of moving, of what the others then multiply to."""
    count = base.shape[-1]
    slopes = np.empty_like(base)
    for factor in range(count):
        # The others moved so far, as coefficients of a polynomial: how many have moved is what the order's weight asks.
        moved = [np.ones(base.shape[:-1])]
        for other in (o for o in range(count) if o != factor):
            stay, move = base[..., other], actual[..., other]
            nothing = [np.zeros(base.shape[:-1])]
            pairs = zip([*moved, *nothing], [*nothing, *moved], strict=True)
            moved = [kept * stay + more * move for kept, more in pairs]
        weights = [1.0 / (count * _ways(count - 1, size)) for size in range(count)]
        slopes[..., factor] = sum(weight * term for weight, term in zip(weights, moved, strict=True))
    return slopes


def _ways(of: int, chosen: int) -> float:
    ways = 1.0
    for k in range(chosen):
        ways = ways * (of - k) / (k + 1)
    return round(ways)


def _of_ratio(base: FloatArray, actual: FloatArray) -> FloatArray:
    """Split at the midpoint of both sides; where one side divides by nothing, evenly over both orders."""
    (a0, b0), (a1, b1) = (np.moveaxis(side, -1, 0) for side in (base, actual))
    above = (quotient(np.ones_like(b0), b0) + quotient(np.ones_like(b1), b1)) / 2
    below = -(quotient(quotient(a0, b0), b1) + quotient(quotient(a1, b1), b0)) / 2
    from_nothing = (b0 == 0) != (b1 == 0)
    jump = (quotient(a0, b1) - quotient(a0, b0) + quotient(a1, b1) - quotient(a1, b0)) / 2
    return np.stack([above, np.where(from_nothing, quotient(jump, b1 - b0), below)], axis=-1)


def mix_and_rate(base: FloatArray, actual: FloatArray) -> FloatArray:
    """Give what weights and rates contribute to the change of a mean, at the midpoint of both sides.

    A weight counts as far as its share of all weights changed and its rate differs from the whole's mean, so that
    weights which all grow alike contribute nothing. The rate of a group that one side lacks is that of the other side:
    its coming or going is its weight's doing alone. Over no weights at all the mean is nought.

    References
    ----------
    Kitagawa (1955), Components of a difference between two rates, JASA 50, eq. 5; Bennet (1920), The theory of
    measurement of changes in cost of living, eq. 3.
    """
    w0, w1, r0, r1 = base[..., ::2], actual[..., ::2], base[..., 1::2], actual[..., 1::2]
    s0, s1 = (quotient(weights, weights.sum(axis=-1, keepdims=True)) for weights in (w0, w1))
    both = (w0 > 0) & (w1 > 0)
    middle = np.where(both, (r0 + r1) / 2, np.where(w1 > 0, r1, np.where(w0 > 0, r0, 0.0)))
    whole = (middle * (s0 + s1)).sum(axis=-1, keepdims=True) / 2
    # Where one side has no weight at all, its shares do not add up to one, and there is no mean to differ from.
    there = (w0 > 0).any(axis=-1, keepdims=True) & (w1 > 0).any(axis=-1, keepdims=True)
    parts = np.empty_like(base)
    parts[..., ::2] = (middle - np.where(there, whole, 0.0)) * (s1 - s0)
    parts[..., 1::2] = slopes_of_rates(base, actual) * (r1 - r0)
    return parts


def slopes_of_rates(base: FloatArray, actual: FloatArray) -> FloatArray:
    """Give by how much a mean changes for each unit that a rate changes: its mean share of the weights."""
    w0, w1 = base[..., ::2], actual[..., ::2]
    s0, s1 = (quotient(weights, weights.sum(axis=-1, keepdims=True)) for weights in (w0, w1))
    return np.where((w0 > 0) & (w1 > 0), (s0 + s1) / 2, 0.0)


def _of_mix(base: FloatArray, actual: FloatArray) -> FloatArray:
    slopes = np.zeros_like(base)
    slopes[..., 1::2] = slopes_of_rates(base, actual)
    return slopes


def _of_latest(base: FloatArray, actual: FloatArray) -> FloatArray:
    """Split the largest by Shapley values; no path moves it by more than it moves itself."""
    parts = shapley(VALUE[Form.LATEST], base=base, actual=actual)
    return np.asarray(np.clip(quotient(parts, actual - base), 0.0, 1.0))


SLOPES: Mapping[Form, Slopes] = {
    Form.SUM: _of_sum,
    Form.DIFFERENCE: _of_difference,
    Form.PRODUCT: _of_product,
    Form.RATIO: _of_ratio,
    Form.MIX: _of_mix,
    Form.LATEST: _of_latest,
}
"""Slopes of each form's parts, from (..., n_parts) as usual and as they were. The weights of a mix have none: what they
contribute follows from all of them together (``mix_and_rate``)."""
