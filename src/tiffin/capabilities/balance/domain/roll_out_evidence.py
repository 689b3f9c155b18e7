"""What one remedy did where it was tried, brought together, and what it is going to do where it was not."""

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from tiffin.capabilities.balance.domain.roll_out import Outlook
from tiffin.engines.experiments.estimate import Caution, DesignRefused, Estimate
from tiffin.engines.experiments.pooling.average import average_effect
from tiffin.engines.experiments.pooling.prediction import predicted, shrunk
from tiffin.engines.experiments.pooling.random_effects import RandomEffects, fit
from tiffin.engines.experiments.pooling.roll_out import Candidates, planned
from tiffin.engines.experiments.pooling.trials import SPARE_CITIES, Floats, Trials

LEVEL = 0.9
UNLIKE = "unlike_the_tried_cities"


@dataclass(frozen=True, slots=True)
class Found:
    """What one trial found in one city, how much for the better in the metric's unit, with its standard error."""

    city_id: str
    better: float
    se: float


@dataclass(frozen=True, slots=True)
class Tried:
    """A city in which the remedy was tried.

    Parameters
    ----------
    better, se : float
        Of all its trials together.
    trials : int
    drawn : Estimate or None
        The same drawn towards cities like it; None with too few cities.
    """

    city_id: str
    better: float
    se: float
    trials: int
    drawn: Estimate | None = None


@dataclass(frozen=True, slots=True)
class Pooled:
    """What is believed of a remedy.

    Parameters
    ----------
    average : Estimate or None
        In a city whose features are those of the average of the tried ones.
    spread : float
        Standard deviation between cities beyond what features explain.
    features : tuple of str
        Metrics that the effects are explained by; as many as the cities bear.
    refused : Caution or None
        Why nothing is brought together.
    """

    tried: tuple[Tried, ...]
    average: Estimate | None
    spread: float
    features: tuple[str, ...]
    refused: Caution | None
    model: RandomEffects | None = None


def pooled(found: Sequence[Found], features: Mapping[str, Mapping[str, float]]) -> Pooled:
    """Bring what trials found together.

    Parameters
    ----------
    features : mapping of str to mapping of str to float
        By metric, the most telling first, its value in each city; one that is not known everywhere is left out.
    """
    tried = tuple(_one_city(city, rows) for city, rows in sorted(_by_city(found).items()))
    cities = [one.city_id for one in tried]
    room = max(len(tried) - 1 - SPARE_CITIES, 0)
    usable = [name for name, values in features.items() if _tells(values, cities)][:room]
    effects, errors = (np.array([getattr(one, part) for one in tried], dtype=np.float64) for part in ("better", "se"))
    while True:
        try:
            model = fit(Trials(effects, errors, table(features, usable, cities)))
        except DesignRefused as refusal:
            if refusal.caution.key == "features_tell_the_same" and usable:
                usable = usable[:-1]
                continue
            return Pooled(tried, None, math.nan, (), refusal.caution)
        break
    drawn = [
        Tried(one.city_id, one.better, one.se, one.trials, to)
        for one, to in zip(tried, shrunk(model, level=LEVEL), strict=True)
    ]
    average = average_effect(model.trials, level=LEVEL)
    return Pooled(tuple(drawn), average, model.spread, tuple(usable), None, model)


def foretold(
    found: Pooled, features: Mapping[str, Mapping[str, float]], cities: Sequence[str]
) -> Mapping[str, Estimate]:
    """Foretell the remedy in cities in which it was not tried, with an interval for each; nothing with too few."""
    known = [city for city in cities if all(city in features[name] for name in found.features)]
    if found.model is None or not known:
        return {}
    told = predicted(found.model, table(features, found.features, known), level=LEVEL)
    return dict(zip(known, told, strict=True))


def waves_by_prediction(
    found: Pooled,
    features: Mapping[str, Mapping[str, float]],
    orders: Mapping[str, float],
    costs: Mapping[str, float],
    *,
    wave_shares: Sequence[float],
    holdout_share: float,
) -> tuple[tuple[tuple[Outlook, ...], ...], tuple[Outlook, ...]]:
    """Lay out waves by what each city gains and teaches for what it risks.

    Parameters
    ----------
    orders : mapping of str to float
        By candidate city, that the remedy reaches in the time that is planned for.
    costs : mapping of str to float
        Of the remedy for an order there, in the metric's unit.

    Returns
    -------
    tuple
        The waves, and the cities that are not expected to gain.

    Raises
    ------
    DesignRefused
        Too few cities were tried, or no city is expected to gain.
    """
    if found.model is None:
        raise DesignRefused(found.refused or Caution("too_few_cities", {"cities": 0, "least": 1 + SPARE_CITIES}))
    told = foretold(found, features, tuple(orders))
    names = tuple(told)
    if not names:
        raise DesignRefused(Caution("too_few_cities", {"cities": 0, "least": 1}))
    candidates = Candidates(
        names=names,
        features=table(features, found.features, names),
        orders=np.array([orders[one] for one in names]),
        costs=np.array([costs[one] for one in names]),
    )
    laid = planned(found.model, candidates, wave_shares=wave_shares, holdout_share=holdout_share)
    outlooks = {
        step.city: Outlook(
            city_id=step.city,
            orders=orders[step.city],
            expected=told[step.city].effect,
            low=told[step.city].low,
            high=told[step.city].high,
            gain=step.gain,
            risk=step.risk,
            learning=step.learning,
            chance_of_loss=step.chance_of_loss,
            is_unlike=is_unlike(told[step.city]),
        )
        for step in (*(one for wave in laid.waves for one in wave), *laid.left_out)
    }
    waves = tuple(tuple(outlooks[step.city] for step in wave) for wave in laid.waves)
    return waves, tuple(outlooks[step.city] for step in laid.left_out)


def waves_by_size(orders: Mapping[str, float], wave_shares: Sequence[float]) -> tuple[tuple[str, ...], ...]:
    """Lay out waves where nothing can be foretold: the smallest city first, since least is at stake there."""
    names = sorted(orders, key=lambda city: (orders[city], city))
    ends = [max(1, math.ceil(share * len(names) - 1e-9)) for share in wave_shares]
    first, waves = 0, []
    for end in ends:
        if end > first:
            waves.append(tuple(names[first:end]))
            first = end
    return tuple(waves)


def is_unlike(estimate: Estimate) -> bool:
    """Tell whether a city is unlike every one in which the remedy was tried."""
    return any(one.key == UNLIKE for one in estimate.cautions)


def table(features: Mapping[str, Mapping[str, float]], names: Sequence[str], cities: Sequence[str]) -> Floats:
    """Lay features out as (n_cities, n_features)."""
    rows = [[features[name][city] for name in names] for city in cities]
    return np.array(rows, dtype=np.float64).reshape(len(cities), len(names))


def _by_city(found: Sequence[Found]) -> Mapping[str, list[Found]]:
    by_city: dict[str, list[Found]] = defaultdict(list)
    for one in found:
        by_city[one.city_id].append(one)
    return by_city


def _one_city(city_id: str, rows: Sequence[Found]) -> Tried:
    """Weigh a city's trials by how sure they are; the error is wider where they differ by more than that.

    References
    ----------
    Birge (1932), The calculation of errors by the method of least squares: the ratio by which errors are widened.
    """
    weights = np.array([row.se**-2 for row in rows])
    values = np.array([row.better for row in rows])
    mean = float(weights @ values / weights.sum())
    misfit = float(weights @ (values - mean) ** 2)
    widened = max(1.0, misfit / (len(rows) - 1)) if len(rows) > 1 else 1.0
    return Tried(city_id, mean, math.sqrt(widened / float(weights.sum())), len(rows))


def _tells(values: Mapping[str, float], cities: Sequence[str]) -> bool:
    known = [values.get(city, math.nan) for city in cities]
    return all(math.isfinite(one) for one in known) and len(set(known)) > 1
