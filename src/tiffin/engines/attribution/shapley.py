"""What each factor contributes to a change of any function of at most eight factors, whatever their order."""

from collections.abc import Callable
from functools import lru_cache
from math import factorial

import numpy as np
from numpy.typing import NDArray

from tiffin.kernel.errors import WrongUse

FloatArray = NDArray[np.float64]

MAX_FACTORS = 8
"""Exact values need 2^n evaluations; beyond eight factors they are no longer cheap, nor readable."""


def shapley(value: Callable[[FloatArray], FloatArray], *, base: FloatArray, actual: FloatArray) -> FloatArray:
    """Split ``value(actual) - value(base)`` over the factors by their Shapley values.

    Parameters
    ----------
    value : callable
        Takes factors of shape (..., n_factors), gives values of shape (...).
    base, actual : (..., n_factors)
        Factors as usual and as they were. Leading axes are separate cases, solved at once.

    Returns
    -------
    (..., n_factors)
        Contributions; their sum over the last axis equals the change.

    Raises
    ------
    WrongUse
        More than eight factors, or shapes that differ.

    References
    ----------
    Shapley (1953), A value for n-person games, eq. 13; Shorrocks (2013), Decomposition procedures for
    distributional analysis, J. Economic Inequality 11, eq. 6.
    """
    base, actual = np.asarray(base, dtype=float), np.asarray(actual, dtype=float)
    factors = base.shape[-1]
    if base.shape != actual.shape or not 1 <= factors <= MAX_FACTORS:
        raise WrongUse(
            f"Two arrays of one shape with 1 to {MAX_FACTORS} factors in the last axis were expected; "
            f"{base.shape} and {actual.shape} were found. Join small factors first."
        )
    taken = _coalitions(factors)
    shape = (taken.shape[0], *(1,) * (base.ndim - 1), factors)
    values = value(np.where(taken.reshape(shape), actual, base))
    parts = np.moveaxis(np.tensordot(_weights(factors), values, axes=1), 0, -1)
    return add_up(parts, total=values[-1] - values[0])


def add_up(parts: FloatArray, *, total: FloatArray | float) -> FloatArray:
    """Give the rounding remainder to each case's largest part, so that parts add up to the total.

    Parameters
    ----------
    parts : (..., n)
        Contributions that equal the total up to rounding.
    total : (...)
        What they must add up to.
    """
    result = np.array(parts, dtype=float)
    largest = np.argmax(np.abs(result), axis=-1)[..., np.newaxis]
    for _ in range(2):
        remainder = (np.asarray(total) - result.sum(axis=-1))[..., np.newaxis]
        np.put_along_axis(result, largest, np.take_along_axis(result, largest, axis=-1) + remainder, axis=-1)
    return result


@lru_cache
def _coalitions(factors: int) -> NDArray[np.bool_]:
    """Give every subset of the factors, (2^n, n); the first is empty, the last is all of them."""
    return np.asarray((np.arange(2**factors)[:, np.newaxis] >> np.arange(factors)) % 2 == 1, dtype=bool)


@lru_cache
def _weights(factors: int) -> FloatArray:
    """Give the matrix (n, 2^n) that turns the values of all subsets into Shapley values."""
    taken = _coalitions(factors)
    sizes = taken.sum(axis=1)
    joined = np.array([factorial(s - 1) * factorial(factors - s) if s else 0 for s in sizes]) / factorial(factors)
    absent = np.array([factorial(s) * factorial(factors - s - 1) if s < factors else 0 for s in sizes])
    return np.asarray(np.where(taken.T, joined, -absent / factorial(factors)), dtype=float)
