"""What is believed of one city: of one that was tried, drawn towards the others, and of one that was not."""

from dataclasses import dataclass

import numpy as np
from scipy import special

from tiffin.engines.experiments.estimate import Caution, Estimate
from tiffin.engines.experiments.pooling.random_effects import RandomEffects
from tiffin.engines.experiments.pooling.trials import Floats

BISECTIONS = 45
REACH = 9.0
"""Standard deviations within which all that is believed lies."""
FEW_CITIES = 10


@dataclass(frozen=True, slots=True)
class Belief:
    """Beliefs on the true effects of some cities: for each possible spread a normal one.

    Parameters
    ----------
    means, sds : (n_cities, n_spreads)
    weights : (n_spreads,)
    """

    means: Floats
    sds: Floats
    weights: Floats

    @property
    def expected(self) -> Floats:
        """Give the expected effect of each city."""
        found: Floats = self.means @ self.weights
        return found

    @property
    def sd(self) -> Floats:
        """Give the standard deviation of what is believed of each city."""
        away = self.means - self.expected[:, None]
        found: Floats = np.sqrt((self.sds**2 + away**2) @ self.weights)
        return found

    def below(self, values: Floats) -> Floats:
        """Give for each city the chance that its effect is below a value."""
        chances: Floats = special.ndtr((values[:, None] - self.means) / self.sds)
        found: Floats = chances @ self.weights
        return found

    def quantile(self, share: float) -> Floats:
        """Give for each city the effect that its own is below with this chance."""
        low = (self.means - REACH * self.sds).min(axis=1)
        high = (self.means + REACH * self.sds).max(axis=1)
        for _ in range(BISECTIONS):
            middle = (low + high) / 2
            is_low = self.below(middle) < share
            low, high = np.where(is_low, middle, low), np.where(is_low, high, middle)
        found: Floats = high
        return found

    def shortfall(self, costs: Floats) -> Floats:
        """Give what each city is expected to lose against a cost: nought where its effect is above."""
        short = costs[:, None] - self.means
        ratio = short / self.sds
        lost = self.sds * np.exp(-(ratio**2) / 2) / np.sqrt(2 * np.pi) + short * special.ndtr(ratio)
        found: Floats = np.maximum(lost, 0) @ self.weights
        return found


def of_new(model: RandomEffects, features: Floats) -> Belief:
    """Believe of cities that were not tried: (n_cities, n_features) as in the trials."""
    rows = model.trials.explained(features)
    own = np.einsum("np,tpq,nq->nt", rows, model.covariances, rows)
    return Belief(rows @ model.coefficients.T, np.sqrt(own + model.spreads**2), model.weights)


def of_tried(model: RandomEffects) -> Belief:
    """Believe of the tried cities: each trial counts by how sure it is, and the rest is what cities like it show.

    The largest of many effects is large by luck too; drawn so, it is not expected to shrink when it is tried again.
    """
    rows, trials = model.trials.design, model.trials
    spread2 = model.spreads**2
    trust = spread2 / (spread2 + trials.errors[:, None] ** 2)
    expected = rows @ model.coefficients.T
    own = np.einsum("np,tpq,nq->nt", rows, model.covariances, rows)
    variance = trust * trials.errors[:, None] ** 2 + (1 - trust) ** 2 * own
    means = expected + trust * (trials.effects[:, None] - expected)
    return Belief(means, np.sqrt(np.maximum(variance, np.finfo(float).tiny)), model.weights)


def predicted(model: RandomEffects, features: Floats, *, level: float) -> tuple[Estimate, ...]:
    """Tell the effect to expect in cities not tried yet, with an interval for the city and not for the average."""
    far = _leverage(model, features) > _leverage(model, model.trials.features).max()
    told = _told(of_new(model, features), model, level, "prediction for a city, random effects")
    return tuple(
        _with(e, Caution("unlike_the_tried_cities", {"cities": e.n})) if is_far else e
        for e, is_far in zip(told, far, strict=True)
    )


def shrunk(model: RandomEffects, *, level: float) -> tuple[Estimate, ...]:
    """Tell the effect of each tried city, drawn towards what cities like it show."""
    return _told(of_tried(model), model, level, "trial drawn towards cities like it, random effects")


def _told(belief: Belief, model: RandomEffects, level: float, method: str) -> tuple[Estimate, ...]:
    n = len(model.trials.effects)
    cautions = (Caution("few_cities", {"cities": n}),) if n < FEW_CITIES else ()
    bounds = belief.quantile(0.5 - level / 2), belief.quantile(0.5 + level / 2)
    return tuple(
        Estimate(
            effect=float(effect),
            se=float(sd),
            low=float(low),
            high=float(high),
            p=float("nan"),
            n=n,
            method=method,
            level=level,
            cautions=cautions,
        )
        for effect, sd, low, high in zip(belief.expected, belief.sd, *bounds, strict=True)
    )


def _leverage(model: RandomEffects, features: Floats) -> Floats:
    rows, design = model.trials.explained(features), model.trials.design
    found: Floats = np.einsum("np,pq,nq->n", rows, np.linalg.inv(design.T @ design), rows)
    return found * (1 - 1e-9)


def _with(estimate: Estimate, caution: Caution) -> Estimate:
    kept = {name: getattr(estimate, name) for name in estimate.__dataclass_fields__}
    return Estimate(**{**kept, "cautions": (*estimate.cautions, caution)})
