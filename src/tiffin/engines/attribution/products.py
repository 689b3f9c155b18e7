"""What each factor contributes to the change of a product, such as distance times minutes a metre."""

import numpy as np

from tiffin.engines.attribution.shapley import FloatArray, add_up

TINY = 1e-12
"""Stands for a zero factor, relative to the largest value of that factor (Ang & Liu 2007, table 2)."""


def lmdi(*, base: FloatArray, actual: FloatArray) -> FloatArray:
    """Split the change of the product of the last axis over its factors, additively and without a remainder.

    Parameters
    ----------
    base, actual : (..., n_factors)
        Factors as usual and as they were, zero or more.

    Returns
    -------
    (..., n_factors)
        Contributions; their sum equals the change of the product.

    References
    ----------
    Ang (2005), The LMDI approach to decomposition analysis: a practical guide, Energy Policy 33, eq. 4;
    Ang & Liu (2007), Handling zero values in the LMDI approach, Energy Policy 35.
    """
    base, actual = np.asarray(base, dtype=float), np.asarray(actual, dtype=float)
    total = actual.prod(axis=-1) - base.prod(axis=-1)
    floor = TINY * np.maximum(np.maximum(base, actual), 1.0)
    x0, x1 = np.maximum(base, floor), np.maximum(actual, floor)
    ratio = np.log(x1) - np.log(x0)
    mean = logarithmic_mean(x1.prod(axis=-1), x0.prod(axis=-1))
    return add_up(mean[..., np.newaxis] * ratio, total=total)


def logarithmic_mean(a: FloatArray, b: FloatArray) -> FloatArray:
    """Give the logarithmic mean of two positives: ``(a - b) / (ln a - ln b)``, and ``a`` where they are equal."""
    a, b = np.asarray(a, dtype=float), np.asarray(b, dtype=float)
    logs = np.log(a) - np.log(b)
    near = np.abs(logs) < 1e-9  # noqa: PLR2004 - below this the quotient loses its digits; the mean of both is exact to 1e-18
    return np.where(near, (a + b) / 2, (a - b) / np.where(near, 1.0, logs))
