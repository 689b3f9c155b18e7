"""What a daily number should have been: a robust dynamic regression, one day ahead, for many series at once.

Level and slope drift; weekday, month and year have their shapes; each festival has an effect that is kept until it
comes again. A value that is out of the ordinary hardly moves the model, so yesterday's fault does not hide today's; a
change that stays for some days is taken as the new level.

References
----------
West and Harrison (1997), Bayesian Forecasting and Dynamic Models, chapters 6 to 8 and 11 (dynamic regression,
seasonal forms, monitoring); Huber (1981) for the bounded influence of an outlier.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


class Nature(StrEnum):
    """What sort of number a series holds; it decides the scale on which effects add."""

    COUNT = "count"
    AMOUNT = "amount"
    SHARE = "share"


@dataclass(frozen=True, slots=True)
class Series:
    """One number, day by day.

    Parameters
    ----------
    values : (n_days,), nan where there is none
    sizes : (n_days,) or None
        What a share is taken of, or what a mean is taken over; None where unknown.
    weights : sequence of mappings
        What is special about each day (`tiffin.engines.anomalies.festivals.weights_of`).
    """

    nature: Nature
    days: Sequence[date]
    values: Floats
    weights: Sequence[Mapping[str, float]]
    sizes: Floats | None = None


@dataclass(frozen=True, slots=True)
class Settings:
    """How fast things may change, as standard deviations on the series' own scale.

    Parameters
    ----------
    level, slope, weekday : float
        Drift a day.
    effect : float
        How large a festival's unknown effect may be.
    noise : float
        First guess of a day's own noise; learned from then on.
    bound : float
        Standardised size from which a value's influence is bounded.
    stays : int
        Days in a row out of the ordinary on one side after which a new level is believed.
    warm_up : int
        Days before anything is called out of the ordinary.
    """

    level: float = 0.012
    slope: float = 0.0002
    weekday: float = 0.004
    effect: float = 0.35
    noise: float = 0.10
    bound: float = 2.5
    stays: int = 4
    warm_up: int = 56


@dataclass(frozen=True, slots=True)
class Forecast:
    """What was expected of each day before it came, and how far it was off.

    Parameters
    ----------
    score : (n_series, n_days)
        Standardised error; nan where there was no value or nothing could be expected yet.
    expected : (n_series, n_days)
        On the numbers' own scale.
    effect : (n_series, n_days)
        Error on the scale on which effects add: logarithm, or logit for shares.
    """

    score: Floats
    expected: Floats
    effect: Floats


_BASE = 2
_WEEK = 7
_WAVES = 6
_LEARN_FIRST, _LEARN = 0.08, 0.025
_LEARN_DAYS = 60
_FESTIVE_NOISE = 2.0
_REOPENED = 0.15
_CLIPPED_MEAN = 0.938
"""Mean of min(z², 2.5²) of a standard normal z."""


def forecast(series: Sequence[Series], settings: Settings = Settings()) -> Forecast:
    """Forecast each day of some series from the days before it; all series span the same number of days."""
    scaled = [_scaled(one) for one in series]
    observed = np.stack([values for values, _ in scaled])
    sampling = np.nan_to_num(np.stack([variance for _, variance in scaled]), nan=0.0, posinf=0.0)
    design, prior, festive = _designs(series, settings)
    model = _Model(observed, design, prior, settings)
    score, mean, effect = model.run(sampling, festive)
    expected = np.stack([_unscaled(one, row) for one, row in zip(series, mean, strict=True)])
    return Forecast(score, expected, effect)


class _Model:
    """The state of all series: means (s, p), covariances (s, p, p), noise (s,)."""

    def __init__(self, observed: Floats, design: Floats, prior: Floats, settings: Settings) -> None:
        first = np.array([row[np.isfinite(row)][:14].mean() if np.isfinite(row).any() else 0.0 for row in observed])
        self.observed, self.design, self.settings = observed, design, settings
        count, _, size = design.shape
        self.mean = np.zeros((count, size))
        self.mean[:, 0] = first
        self.spread = np.zeros((count, size, size))
        self.spread[:, range(size), range(size)] = prior**2
        self.noise = np.full(count, settings.noise**2)
        self.run_length = np.zeros(count)
        self.seen = np.zeros(count)
        self.drift = np.zeros(size)
        self.drift[:_BASE] = settings.level**2, settings.slope**2
        self.drift[_BASE : _BASE + _WEEK] = settings.weekday**2

    def run(self, sampling: Floats, festive: NDArray[np.bool_]) -> tuple[Floats, Floats, Floats]:
        shape = self.observed.shape
        score, mean, effect = np.full(shape, np.nan), np.full(shape, np.nan), np.full(shape, np.nan)
        for day in range(shape[1]):
            self._drift()
            x = self.design[:, day]
            reach = np.einsum("spq,sq->sp", self.spread, x)
            expected = np.einsum("sp,sp->s", self.mean, x)
            own = sampling[:, day] + self.noise * np.where(festive[:, day], _FESTIVE_NOISE, 1.0)
            total = np.einsum("sp,sp->s", reach, x) + own
            error = self.observed[:, day] - expected
            z = error / np.sqrt(total)
            ready = self.seen >= self.settings.warm_up
            score[:, day] = np.where(ready, z, np.nan)
            mean[:, day], effect[:, day] = expected, error
            self._learn(reach, error, z, total)
        return score, mean, effect

    def _drift(self) -> None:
        size = self.mean.shape[1]
        self.mean[:, 0] += self.mean[:, 1]
        self.spread[:, 0, :] += self.spread[:, 1, :]
        self.spread[:, :, 0] += self.spread[:, :, 1]
        self.spread[:, range(size), range(size)] += self.drift

    def _learn(self, reach: Floats, error: Floats, z: Floats, total: Floats) -> None:
        """Take a day in, the less the further it is off; one that is missing teaches nothing."""
        there = np.isfinite(z)
        z, error = np.where(there, z, 0.0), np.where(there, error, 0.0)
        bound = self.settings.bound
        side = np.where(np.abs(z) > bound, np.sign(z), 0.0)
        goes_on = (side != 0) & (np.sign(self.run_length) == side)
        self.run_length = np.where(there, np.where(goes_on, self.run_length + side, side), self.run_length)
        stays = np.abs(self.run_length) >= self.settings.stays
        self.spread[stays, 0, 0] += _REOPENED**2
        # Beyond the bound the pull falls with the square: a doubled day must not lift tomorrow's expectation.
        pull = np.where(np.abs(z) > bound, (bound / np.maximum(np.abs(z), 1e-9)) ** 2, 1.0)
        pull = np.where(stays, 1.0, pull) * there
        gain = reach / total[:, None] * pull[:, None]
        self.mean += gain * error[:, None]
        self.spread -= np.einsum("sp,sq->spq", gain, reach)
        self.seen += there
        rate = np.where(self.seen < _LEARN_DAYS, _LEARN_FIRST, _LEARN) * there
        surprise = np.minimum(z**2, bound**2) / _CLIPPED_MEAN
        self.noise = np.clip(self.noise * (1 + rate * (surprise - 1)), 1e-6, 4.0)


def _scaled(one: Series) -> tuple[Floats, Floats]:
    """Give a series on the scale on which effects add, with the variance of its sampling."""
    values = np.asarray(one.values, dtype=np.float64)
    sizes = np.full(values.shape, np.inf) if one.sizes is None else np.maximum(one.sizes, 1.0)
    if one.nature is Nature.SHARE:
        hits = np.clip(values, 0, 1) * np.where(np.isfinite(sizes), sizes, 1e6)
        misses = np.where(np.isfinite(sizes), sizes, 1e6) - hits
        return np.log((hits + 0.5) / (misses + 0.5)), 1 / (hits + 0.5) + 1 / (misses + 0.5)
    if one.nature is Nature.COUNT:
        return np.log(np.maximum(values, 0.5)), 1 / np.maximum(values, 1.0)
    with np.errstate(invalid="ignore", divide="ignore"):
        logs = np.log(np.where(values > 0, values, np.nan))
    return logs, 1 / sizes


def _unscaled(one: Series, mean: Floats) -> Floats:
    return np.asarray(1 / (1 + np.exp(-mean)) if one.nature is Nature.SHARE else np.exp(mean))


def _designs(series: Sequence[Series], settings: Settings) -> tuple[Floats, Floats, NDArray[np.bool_]]:
    """Give the regressors (s, t, p), the prior deviations (s, p) and which days are festive (s, t)."""
    names = [sorted({name for day in one.weights for name in day}) for one in series]
    size = _BASE + _WEEK + _WAVES + max(map(len, names), default=0)
    design = np.zeros((len(series), len(series[0].days), size))
    festive = np.zeros(design.shape[:2], dtype=np.bool_)
    shapes: dict[int, Floats] = {}
    for row, (one, listed) in enumerate(zip(series, names, strict=True)):
        key = id(one.days)
        if key not in shapes:
            shapes[key] = _shape(one.days)
        design[row, :, : _BASE + _WEEK + _WAVES] = shapes[key]
        for place, name in enumerate(listed):
            design[row, :, _BASE + _WEEK + _WAVES + place] = [day.get(name, 0.0) for day in one.weights]
        festive[row] = [bool(day) for day in one.weights]
    prior = np.full((len(series), size), settings.effect)
    prior[:, :_BASE] = 0.5, 0.002
    prior[:, _BASE : _BASE + _WEEK] = 0.25
    prior[:, _BASE + _WEEK : _BASE + _WEEK + _WAVES] = 0.05
    return design, prior, festive


def _shape(days: Sequence[date]) -> Floats:
    found = np.zeros((len(days), _BASE + _WEEK + _WAVES))
    found[:, 0] = 1.0
    for row, day in enumerate(days):
        found[row, _BASE + day.weekday()] = 1.0
    month = np.array([2 * np.pi * (day.day - 1) / 30.4 for day in days])
    year = np.array([2 * np.pi * day.timetuple().tm_yday / 365.25 for day in days])
    waves = [np.cos(month), np.sin(month), np.cos(year), np.sin(year), np.cos(2 * year), np.sin(2 * year)]
    found[:, _BASE + _WEEK :] = np.stack(waves, axis=1)
    return found
