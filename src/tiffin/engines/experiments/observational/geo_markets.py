"""Before a geo test: which cities to treat, and what effect would then be found."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy import stats

from tiffin.engines.experiments.observational.augmented import mix
from tiffin.engines.experiments.observational.conformal import Reordering
from tiffin.engines.experiments.observational.geo import any_effect_p
from tiffin.engines.experiments.observational.panels import Floats
from tiffin.kernel.errors import InvalidData

ENOUGH = 0.8
"""A power with which a test is worth running."""
LEAST_BEFORE = 2


@dataclass(frozen=True, slots=True)
class MarketChoice:
    """A set of cities that could be treated, and how well a test of them would do.

    Parameters
    ----------
    cities : tuple of str
    duration : int
        Times treated.
    power : Mapping
        How often each effect (a share of the outcome) was found when put into stretches where nothing was done.
    false_alarms : float
        How often an effect was found where none was put in.
    smallest_effect : float
        The smallest asked effect from which on the power is enough; NaN where none is.
    scaled_miss : float
        Of the mixture before, on average over the stretches.
    off_at_zero : float
        The lift that is read on average where there is none, without sign.
    share : float
        Of the whole outcome that these cities are.
    """

    cities: tuple[str, ...]
    duration: int
    power: Mapping[float, float]
    false_alarms: float
    smallest_effect: float
    scaled_miss: float
    off_at_zero: float
    share: float


def rank_markets(
    history: Floats,
    cities: Sequence[str],
    *,
    sizes: Sequence[int],
    duration: int,
    effects: Sequence[float],
    lookback: int,
    level: float = 0.95,
) -> tuple[MarketChoice, ...]:
    """Rehearse a geo test on each promising set of cities, and put the best first.

    Parameters
    ----------
    history : (n_cities, n_times)
        Before anything was done.
    sizes : sequence of int
        How many cities a set has.
    duration : int
        Times that the test would run.
    effects : sequence of float
        Shares, as in 0.1.
    lookback : int
        So many stretches that end at the last times are rehearsed.

    Returns
    -------
    tuple of MarketChoice
        By the average of their ranks in smallest effect found, miss, and lift read where there is none.

    Raises
    ------
    InvalidData
        Where the history is too short for the asked stretches.

    Notes
    -----
    A set is a city with those that move most like it, so that what is left for the mixture moves like it too. It breaks
    where the test will run in another season than the history, and power is that of these cities and no others.
    """
    _refuse_short(history, cities, duration=duration, lookback=lookback)
    found = [
        rehearse_market(history, cities, chosen, duration=duration, effects=effects, lookback=lookback, level=level)
        for chosen in candidate_sets(history, sizes)
    ]
    columns = (
        [one.smallest_effect if np.isfinite(one.smallest_effect) else np.inf for one in found],
        [one.scaled_miss for one in found],
        [one.off_at_zero for one in found],
    )
    ranks = np.mean([stats.rankdata(column, method="dense") for column in columns], axis=0)
    return tuple(found[at] for at in np.argsort(ranks, kind="stable"))


def candidate_sets(history: Floats, sizes: Sequence[int]) -> tuple[tuple[int, ...], ...]:
    """Give each city with those whose history is most correlated with its own, once each."""
    alike = np.where(np.eye(len(history)) > 0, np.inf, np.nan_to_num(np.corrcoef(history), nan=-1.0))
    nearest = np.argsort(-alike, axis=1, kind="stable")
    sets = {tuple(sorted(row[:size].tolist())) for size in sizes for row in nearest if size < len(history)}
    return tuple(sorted(sets, key=lambda one: (len(one), one)))


def rehearse_market(
    history: Floats,
    cities: Sequence[str],
    chosen: Sequence[int],
    *,
    duration: int,
    effects: Sequence[float],
    lookback: int,
    level: float = 0.95,
) -> MarketChoice:
    """Put each effect into stretches of the cities' history where nothing was done, and count how often it is found.

    Parameters
    ----------
    chosen : sequence of int
        Positions of the cities.
    """
    treated = history[list(chosen)].mean(axis=0)
    controls = np.delete(history, list(chosen), axis=0)
    asked = [0.0, *sorted({float(effect) for effect in effects if effect != 0}, key=abs)]
    hits, misses, off = np.zeros((lookback, len(asked)), dtype=bool), np.zeros(lookback), np.zeros(lookback)
    for back in range(lookback):
        end = history.shape[1] - back
        past, target = controls[:, :end], treated[:end]
        mixture = mix(past, target, before=end - duration)
        misses[back] = mixture.scaled_miss
        off[back] = mixture.gaps[-duration:].mean() / (target - mixture.gaps)[-duration:].mean()
        hits[back] = [_found(past, target, effect, duration=duration, level=level) for effect in asked]
    power = dict(zip(asked, hits.mean(axis=0).tolist(), strict=True))
    return MarketChoice(
        tuple(cities[one] for one in chosen),
        duration,
        {effect: share for effect, share in power.items() if effect},
        power[0.0],
        _smallest(power),
        float(misses.mean()),
        abs(float(off.mean())),
        float(history[list(chosen)].sum() / history.sum()),
    )


def _found(controls: Floats, target: Floats, effect: float, *, duration: int, level: float) -> bool:
    with_effect = target.copy()
    with_effect[-duration:] *= 1 + effect
    return any_effect_p(controls, with_effect, after=duration, reordering=Reordering.BLOCKS) < 1 - level


def _smallest(power: Mapping[float, float]) -> float:
    smallest = float("nan")
    for effect in sorted((effect for effect in power if effect), key=abs, reverse=True):
        if power[effect] < ENOUGH:
            break
        smallest = effect
    return smallest


def _refuse_short(history: Floats, cities: Sequence[str], *, duration: int, lookback: int) -> None:
    if history.ndim != LEAST_BEFORE or history.shape[0] != len(cities) or not np.isfinite(history).all():
        raise InvalidData(
            f"A history has one number for each of {len(cities)} cities and each time; found {history.shape}, "
            f"{int((~np.isfinite(history)).sum())} of them no numbers. Hand in cities with all their times."
        )
    needed = 2 * duration + lookback
    if history.shape[1] < needed:
        raise InvalidData(
            f"Rehearsing {lookback} stretches of {duration} times needs at least {needed} times; the history has "
            f"{history.shape[1]}. Hand in more of it, or ask for fewer or shorter stretches."
        )
