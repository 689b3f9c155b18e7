"""Parameters that can be read off a file in closed form, each with its standard error."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from tiffin.engines.simulation.calibrating.shares import Share, Z
from tiffin.engines.simulation.tables import Floats

_QUARTILES_APART = float(ndtri(0.75) - ndtri(0.25))
"""Quartiles of a standard normal distribution lie so far apart."""
_MEDIAN_ERROR = float(np.sqrt(np.pi / 2))
"""Standard error of a normal sample's median, in those of its mean."""
_SPREAD_ERROR = 1.167
"""Standard error of a normal spread read off its quartiles, times the root of n over the spread (Mosteller, 1946)."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A value read off a file, with its interval of 95 %."""

    value: float
    low: float
    high: float


def median_of(values: Floats) -> Reading:
    """Read the median of positive values, as of a lognormal distribution."""
    logs = np.log(values)
    middle, error = float(np.median(logs)), _MEDIAN_ERROR * spread_of(values).value / np.sqrt(len(values))
    return Reading(float(np.exp(middle)), float(np.exp(middle - Z * error)), float(np.exp(middle + Z * error)))


def spread_of(values: Floats) -> Reading:
    """Read the standard deviation of the logarithm off its quartiles: outliers do not count."""
    low, high = np.quantile(np.log(values), [0.25, 0.75])
    spread = float(high - low) / _QUARTILES_APART
    return _within(spread, _SPREAD_ERROR * spread / float(np.sqrt(len(values))))


def mean_of(values: Floats) -> Reading:
    """Read a mean."""
    return _within(float(values.mean()), float(values.std(ddof=1) / np.sqrt(len(values))))


def items_mean_of(items: Floats) -> Reading:
    """Read the number behind simulated item counts: one plus the whole part of an exponential of this mean less a half.

    References
    ----------
    The whole part of an exponential is geometric: its share of zeros is ``1 - exp(-1 / mean)``, its mean
    ``1 / (exp(1 / mean) - 1)``, inverted here (Johnson, Kemp and Kotz, 2005, section 5.2).
    """
    extra = mean_of(items - 1.0)
    low, value, high = (float(1.0 / np.log1p(1.0 / mean)) + 0.5 for mean in (extra.low, extra.value, extra.high))
    return Reading(value, low, high)


def basket_spread_of(basket: Floats, items: Floats) -> Reading:
    """Read how much baskets of the same number of items spread, as a logarithm.

    Parameters
    ----------
    basket : (n,), amounts
    items : (m,), item counts that the simulated baskets will have

    Notes
    -----
    Simulated baskets grow with the root of their items; what that alone spreads is taken off the whole spread.
    """
    whole = spread_of(basket)
    of_items = float(np.var(np.log(items) / 2))
    low, value, high = (float(np.sqrt(max(0.0, one**2 - of_items))) for one in (whole.low, whole.value, whole.high))
    return Reading(value, low, high)


def day_spread_of(counts: Floats, weekday: NDArray[np.int64]) -> Reading:
    """Read how much days vary around their weekday's mean beyond what counting alone does, as a logarithm's spread.

    Parameters
    ----------
    counts : (n_days,), orders a day
    weekday : (n_days,)

    References
    ----------
    Of a mixed Poisson count the variance is ``m + m² s²`` (Johnson, Kemp and Kotz, 2005, section 8.3.2); s is solved by
    moments. The interval is that of a variance of so many independent days (chi-squared by Wilson and Hilferty, 1931).
    """
    means = np.array([counts[weekday == day].mean() for day in weekday])
    free = len(counts) - len(np.unique(weekday))
    varied = float((((counts - means) / means) ** 2).sum() / free)
    counting = float((1.0 / means).mean())
    cube = [(1 - 2 / (9 * free) + sign * Z * np.sqrt(2 / (9 * free))) ** 3 for sign in (1.0, -1.0)]
    low, value, high = (
        float(np.sqrt(max(0.0, one - counting))) for one in (varied / cube[0], varied, varied / cube[1])
    )
    return Reading(value, low, high)


def ratio_within(struck: NDArray[np.bool_], value: Floats, group: NDArray[np.int64]) -> Reading:
    """Read by which factor struck observations differ from others of their own group (such as hour and weekday).

    Parameters
    ----------
    value : (n,), positive amounts, such as orders of an hour or minutes of a delivery
    group : (n,), whole numbers from zero

    Notes
    -----
    Sums of the struck over what their group's others would lead one to expect; the error is taken over groups.
    """
    groups = int(group.max()) + 1
    sums = [np.bincount(group[which], value[which], minlength=groups) for which in (struck, ~struck)]
    sizes = [np.bincount(group[which], minlength=groups) for which in (struck, ~struck)]
    known = (sizes[0] > 0) & (sizes[1] > 0)
    expected = sums[1][known] / sizes[1][known] * sizes[0][known]
    found = sums[0][known]
    factor = float(found.sum() / expected.sum())
    left = found - factor * expected
    error = float(np.sqrt((left**2).sum() * len(left) / max(1, len(left) - 1)) / expected.sum())
    return _within(factor, error)


def ratio_of(above: Floats, below: Floats) -> Reading:
    """Compare two samples' means as their ratio, by the delta method.

    Notes
    -----
    Samples that share their random numbers move together; their ratio is then surer than this interval says.
    """
    factor = float(above.mean() / below.mean())
    relative = [values.std(ddof=1) / values.mean() / np.sqrt(len(values)) for values in (above, below)]
    return _within(factor, factor * float(np.hypot(*relative)))


def slope_of(along: Floats, values: Floats) -> Reading:
    """Read by how much values grow with each unit along, by least squares.

    References
    ----------
    White (1980), A heteroskedasticity-consistent covariance matrix estimator: late orders vary more.
    """
    centred = along - along.mean()
    total = float((centred**2).sum())
    slope = float((centred * values).sum()) / total
    left = values - values.mean() - slope * centred
    return _within(slope, float(np.sqrt(((centred * left) ** 2).sum())) / total)


def inverse(reading: Reading, amount: float) -> Reading:
    """Divide an amount by a reading that is surely above zero."""
    return Reading(amount / reading.value, amount / reading.high, amount / reading.low)


def share_of(flags: Floats) -> Reading:
    """Read a share with Wilson's interval."""
    share = Share(int(flags.sum()), len(flags))
    return Reading(share.value, *share.interval())


def even_between(values: Floats, least: str, most: str) -> dict[str, Reading]:
    """Read the bounds of an even spread off mean and standard deviation, under the two names given.

    Notes
    -----
    An even spread over ``[a, b]`` has mean ``(a + b) / 2`` and variance ``(b - a)² / 12``.
    """
    middle, half = mean_of(values), float(np.sqrt(3.0) * values.std(ddof=1))
    # The half width's own error, of a sample with the kurtosis of an even spread (1.8), joins that of the mean.
    error = np.hypot(middle.high - middle.value, Z * half * np.sqrt(0.8 / len(values)) / 2)
    return {
        name: Reading(
            middle.value + side * half, middle.value + side * half - error, middle.value + side * half + error
        )
        for name, side in ((least, -1.0), (most, 1.0))
    }


def times(reading: Reading, factor: float) -> Reading:
    """Change the unit of a reading."""
    return Reading(reading.value * factor, reading.low * factor, reading.high * factor)


def plus(reading: Reading, amount: float) -> Reading:
    """Shift a reading."""
    return Reading(reading.value + amount, reading.low + amount, reading.high + amount)


def _within(value: float, error: float) -> Reading:
    return Reading(value, value - Z * error, value + Z * error)
