"""Quantiles under conditions, pooled from coarse to fine: what few cases say counts little."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Codes = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class ConditionalQuantiles:
    """Quantiles of something positive by condition.

    Parameters
    ----------
    probabilities : (k,), in (0, 1), ascending
    overall : (k,), of everything
    levels : sequence of Mapping
        One for each level, coarse to fine: quantiles, (k,), by the level's condition.
    """

    probabilities: tuple[float, ...]
    overall: Floats
    levels: Sequence[Mapping[int, Floats]]

    def at(self, conditions: Sequence[Codes]) -> Floats:
        """Give the quantiles under conditions, of the finest level that knows them.

        Parameters
        ----------
        conditions : sequence of (n,), one array a level, as they were learned with

        Returns
        -------
        (k, n)
        """
        found = np.repeat(self.overall[:, None], len(conditions[0]), axis=1)
        for known, codes in zip(self.levels, conditions, strict=True):
            if known:
                keys = np.array(sorted(known), dtype=np.int64)
                values = np.stack([known[int(key)] for key in keys], axis=1)
                place = np.minimum(np.searchsorted(keys, codes), len(keys) - 1)
                hit = keys[place] == codes
                found[:, hit] = values[:, place[hit]]
        return found


def learn(
    values: Floats, conditions: Sequence[Codes], *, probabilities: Sequence[float], weight: float
) -> ConditionalQuantiles:
    """Learn quantiles from past cases.

    Parameters
    ----------
    values : (n,), above zero; NaN is left out
    conditions : sequence of (n,), one array a level, coarse to fine; below zero is unknown and left out of its level
    probabilities : sequence of float
        Ascending, in (0, 1).
    weight : float
        How many cases the coarser level counts for: a condition with as many cases lies halfway between both.

    Notes
    -----
    Levels are joined in logarithms. Each order statistic is taken at (n + 1) p, so that of n cases and one more, the
    one more lies below with chance p, as far as n cases can tell; what lies beyond the largest of few is left to the
    coarser level, whose weight such a condition has.

    References
    ----------
    Hyndman and Fan (1996), Sample quantiles in statistical packages, definition 6. Gelman and Hill (2007), Data
    analysis using regression and multilevel models, eq. 12.1: partial pooling.
    """
    at = tuple(probabilities)
    is_known = np.isfinite(values) & (values > 0)
    logs = np.log(values[is_known])
    overall = _quantiles(logs, at) if len(logs) else np.zeros(len(at))
    levels: list[dict[int, Floats]] = []
    table = ConditionalQuantiles(at, np.exp(overall), levels)
    for number, codes in enumerate(conditions):
        coarser = np.log(table.at([codes_of[is_known] for codes_of in conditions[:number]])) if number else None
        levels.append(_level(logs, codes[is_known], at, weight, overall if coarser is None else coarser))
    return table


def _level(logs: Floats, codes: Codes, at: tuple[float, ...], weight: float, coarser: Floats) -> dict[int, Floats]:
    if not len(codes):  # nothing is known yet, as on a city's first day
        return {}
    order = np.argsort(codes, kind="stable")
    codes, logs = codes[order], logs[order]
    above = coarser[:, order] if coarser.ndim == 2 else np.repeat(coarser[:, None], len(logs), axis=1)  # noqa: PLR2004 - axes
    borders = np.flatnonzero(np.diff(codes, prepend=np.iinfo(np.int64).min))
    found = {}
    for begin, end in zip(borders, np.append(borders[1:], len(codes)), strict=True):
        if codes[begin] >= 0:
            trust = (end - begin) / (end - begin + weight)
            own = _quantiles(logs[begin:end], at)
            found[int(codes[begin])] = np.exp(trust * own + (1.0 - trust) * above[:, begin])
    return found


def _quantiles(values: Floats, at: tuple[float, ...]) -> Floats:
    return np.asarray(np.quantile(values, at, method="weibull"), dtype=np.float64)
