"""Whether a day's values have the shares that they usually have, days differing from each other as they always do.

The distance of a day from its reference days is Pearson's chi-square. No two days of a marketplace are draws from one
urn, so the statistic is measured against how far those reference days lie from each other: the quotient is taken as an
F with as many degrees of freedom below as there are reference days. A sure difference that nobody would notice is none.

References
----------
McCullagh and Nelder (1989), Generalized Linear Models, 2nd edition, section 4.5.2 (over-dispersion by a factor that is
estimated from replicates, and the F test that follows).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import stats

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class DriftSettings:
    """How strict the test is.

    Parameters
    ----------
    rate : float
        Share of ordinary days of a city that one column may call drifted.
    window : int
        So many days before, alike in kind and not drifted themselves, are the reference.
    least_days : int
        With fewer reference days nothing is said.
    least_rows : int
        Of a day with fewer rows nothing is said.
    least_effect : float
        Total variation distance below which a difference is no drift, however sure it is.
    least_expected : float
        Values expected fewer times than this are taken together.
    stays : int
        So many drifted days of one kind in a row are what is usual from then on.
    """

    rate: float = 1e-4
    window: int = 28
    least_days: int = 10
    least_rows: int = 50
    least_effect: float = 0.05
    least_expected: float = 5.0
    stays: int = 14


@dataclass(frozen=True, slots=True)
class DayDrift:
    """How one day compares with its reference days.

    Parameters
    ----------
    day : int
        Place of the day.
    distance : float
        Total variation distance, 0 to 1: the share of rows that would have to have another value.
    chance : float
        Of a distance as large among ordinary days.
    """

    day: int
    distance: float
    chance: float
    is_drifted: bool


def drifts(counts: Floats, sorts: Sequence[int], settings: DriftSettings | None = None) -> tuple[DayDrift, ...]:
    """Compare each day with the days before it; a day that cannot be judged is left out.

    Parameters
    ----------
    counts : (n_days, n_values)
        Rows by value; a day without rows is nought throughout.
    sorts : (n_days,)
        Which days are alike.
    """
    stated = settings or DriftSettings()
    sizes = counts.sum(axis=1)
    usual: dict[int, list[int]] = {}
    drifted: dict[int, list[int]] = {}
    found = []
    for day, sort in enumerate(sorts):
        if sizes[day] < stated.least_rows:
            continue
        before = usual.setdefault(sort, [])
        reference = before[-stated.window :]
        if len(reference) < stated.least_days:
            before.append(day)
            continue
        one = _judged(day, counts, reference, stated)
        found.append(one)
        run = [*drifted.get(sort, ()), day] if one.is_drifted else []
        drifted[sort] = run
        if not run:
            before.append(day)
        elif len(run) >= stated.stays:
            before[:] = run
    return tuple(found)


def _judged(day: int, counts: Floats, reference: Sequence[int], settings: DriftSettings) -> DayDrift:
    rows = counts[list(reference)]
    total = rows.sum(axis=0)
    shares = total / total.sum()
    today = counts[day]
    distance = float(np.abs(today / today.sum() - shares).sum() / 2)
    least = min(float(today.sum()), float(np.median(rows.sum(axis=1))))
    groups = _grouped(shares, least, settings.least_expected)
    freedom = groups.max()
    if freedom < 1:
        # Hardly anything ever has another value: only how much is new today can be told.
        chance = 0.0 if distance >= settings.least_effect else 1.0
        return DayDrift(day, distance, chance, chance == 0.0)
    member = np.eye(int(freedom) + 1)[groups]
    own = _distances((today @ member)[None], (total @ member)[None])[0]
    scale = max(1.0, float(_distances(rows @ member, (total - rows) @ member).mean()))
    chance = float(stats.f.sf(own / scale, min(int(freedom), 4), len(reference)))
    return DayDrift(day, distance, chance, chance < settings.rate and distance >= settings.least_effect)


def _grouped(shares: Floats, rows: float, least: float) -> NDArray[np.int64]:
    """Give each value its group: one of its own, or the one of all that are rarely expected."""
    order = np.argsort(-shares)
    common = order[shares[order] * rows >= least]
    groups = np.full(shares.size, len(common), dtype=np.int64)
    groups[common] = np.arange(len(common))
    rare = float(shares[groups == len(common)].sum()) * rows
    if len(common) and rare < least:
        groups[groups == len(common)] = len(common) - 1
    return groups


def _distances(seen: Floats, usual: Floats) -> Floats:
    """Give Pearson's chi-square of each day by degree of freedom, its reference being a sample too.

    Parameters
    ----------
    seen, usual : (n_days, n_groups)
        Rows of the day, and of its reference.
    """
    sizes, others = seen.sum(axis=1, keepdims=True), usual.sum(axis=1, keepdims=True)
    expected = usual / others * sizes
    with np.errstate(divide="ignore", invalid="ignore"):
        parts = np.where(expected > 0, (seen - expected) ** 2 / expected, 0.0)
    freedom = max(seen.shape[1] - 1, 1)
    found: Floats = parts.sum(axis=1) / freedom / (1 + sizes[:, 0] / others[:, 0])
    return found
