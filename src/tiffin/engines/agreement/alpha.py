"""Krippendorff's alpha: how far judges agree beyond what chance alone would give.

References
----------
Krippendorff (2011), Computing Krippendorff's Alpha-Reliability: coincidences, differences by scale, alpha.
Hayes and Krippendorff (2007), Answering the call for a standard reliability measure for coding data.
"""

from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


class Scale(StrEnum):
    """What the values that judges give mean, and so by how much two of them differ."""

    NOMINAL = "nominal"
    ORDINAL = "ordinal"
    INTERVAL = "interval"
    RATIO = "ratio"


def alpha(judgements: Floats, scale: Scale) -> float:
    """Give Krippendorff's alpha: 1 where all agree, 0 where they agree as chance would, below where they do so less.

    Parameters
    ----------
    judgements : (n_judges, n_units), nan where a judge said nothing
        Names of a nominal scale are numbered in any way.

    Returns
    -------
    float
        nan where it is not defined: no unit with two judgements, or all of them the same value.
    """
    values, units = counted(judgements)
    if not len(units):
        return float("nan")
    of_units = unit_coincidences(units)
    return float(alphas(of_units.sum(axis=0)[None], values, scale)[0])


def counted(judgements: Floats) -> tuple[Floats, Floats]:
    """Count how often each value was given to each unit that has at least two judgements.

    Returns
    -------
    values : (n_values,), ascending
    units : (n_units, n_values)
    """
    table = np.asarray(judgements, dtype=np.float64)
    pairable = table[:, np.isfinite(table).sum(axis=0) > 1]
    values = np.unique(pairable[np.isfinite(pairable)])
    units = (pairable[:, :, None] == values).sum(axis=0).astype(np.float64)
    return values, units


def unit_coincidences(units: Floats) -> Floats:
    """Give the coincidences of values within each unit: pairs of judgements, each weighing one over the others.

    Parameters
    ----------
    units : (n_units, n_values), judgements

    Returns
    -------
    (n_units, n_values, n_values)
    """
    pairs = units[:, :, None] * units[:, None, :]
    values = np.arange(units.shape[1])
    pairs[:, values, values] -= units
    found: Floats = pairs / (units.sum(axis=1) - 1)[:, None, None]
    return found


def alphas(coincidences: Floats, values: Floats, scale: Scale) -> Floats:
    """Give alpha of each of many tables of coincidences.

    Parameters
    ----------
    coincidences : (n_tables, n_values, n_values)
    values : (n_values,), ascending

    Returns
    -------
    (n_tables,), nan where it is not defined
    """
    given = coincidences.sum(axis=2)
    total = given.sum(axis=1)
    differences = _differences(values, given, scale)
    observed = (coincidences * differences).sum(axis=(1, 2))
    expected = np.einsum("ti,tj,tij->t", given, given, differences)
    with np.errstate(invalid="ignore", divide="ignore"):
        found: Floats = np.where(expected > 0, 1 - (total - 1) * observed / expected, np.nan)
    return found


def _differences(values: Floats, given: Floats, scale: Scale) -> Floats:
    """Square the differences of values, (n_tables, n_values, n_values).

    Of an ordinal scale they rest on how often each value was given.
    """
    steps = values[:, None] - values[None, :]
    if scale is Scale.NOMINAL:
        squared: Floats = (steps != 0).astype(np.float64)
    elif scale is Scale.INTERVAL:
        squared = steps**2
    elif scale is Scale.RATIO:
        sums = values[:, None] + values[None, :]
        squared = (np.divide(steps, sums, out=np.zeros_like(steps), where=sums != 0)) ** 2
    else:
        # The values between two, with half of each of both.
        middles = np.cumsum(given, axis=1) - given / 2
        return np.asarray((middles[:, :, None] - middles[:, None, :]) ** 2, dtype=np.float64)
    return np.broadcast_to(squared, (len(given), *squared.shape))
