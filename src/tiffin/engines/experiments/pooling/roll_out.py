"""Which cities get a remedy, in which order, and what each wave is to teach: pure arithmetic over what is believed.

A city is worth rolling out where its expected effect is above its cost. Cities go first that gain much for what they
risk, and whose outcome tells much about the cities that come after them.

References
----------
Raiffa & Schlaifer (1961), Applied statistical decision theory: the expected value of sample information, section 5.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import special

from tiffin.engines.experiments.estimate import Caution, DesignRefused
from tiffin.engines.experiments.pooling.prediction import Belief, of_new
from tiffin.engines.experiments.pooling.random_effects import RandomEffects
from tiffin.engines.experiments.pooling.trials import Flags, Floats

TINY = float(np.finfo(float).tiny)
FARTHEST = 30.0


@dataclass(frozen=True, slots=True)
class Candidates:
    """Cities that may get the remedy.

    Parameters
    ----------
    names : tuple of str
    features : (n_cities, n_features)
    orders : (n_cities,)
        That the remedy reaches in the time that is planned for.
    costs : (n_cities,)
        Of the remedy for an order, in the unit of the effect.
    """

    names: tuple[str, ...]
    features: Floats
    orders: Floats
    costs: Floats

    def __post_init__(self) -> None:
        """Refuse candidates of which something is not told."""
        n = len(self.names)
        if len(set(self.names)) != n or not n:
            raise ValueError("A roll-out names a city at least, and each city once.")
        if not len(self.features) == len(self.orders) == len(self.costs) == n or (self.orders < 0).any():
            raise ValueError(f"Each of the {n} cities has features, orders of nought or more, and a cost an order.")


@dataclass(frozen=True, slots=True)
class Step:
    """One city of a wave; amounts are effects less costs, over all its orders.

    Parameters
    ----------
    city : str
    gain : float
        Expected.
    risk : float
        Expected loss, counted where the effect turns out below the cost.
    learning : float
        What knowing its outcome is worth to deciding about the other cities.
    chance_of_loss : float
    """

    city: str
    gain: float
    risk: float
    learning: float
    chance_of_loss: float


@dataclass(frozen=True, slots=True)
class RollOut:
    """Waves in their order, what is kept untreated in each, and what is not rolled out.

    Parameters
    ----------
    waves : tuple of tuple of Step
    holdout_share : float
        Of zones or users of every city that go on without the remedy, so that its effect can still be read.
    left_out : tuple of Step
        Cities whose expected gain is nought or less.
    """

    waves: tuple[tuple[Step, ...], ...]
    holdout_share: float
    left_out: tuple[Step, ...]


def planned(
    model: RandomEffects, candidates: Candidates, *, wave_shares: Sequence[float], holdout_share: float
) -> RollOut:
    """Lay out a roll-out in waves.

    Parameters
    ----------
    wave_shares : sequence of float
        Share of the orders to reach that is reached by the end of each wave, ascending, the last of them 1. A wave has
        one city at least.
    holdout_share : float

    Raises
    ------
    DesignRefused
        Where no city is expected to gain.
    """
    if list(wave_shares) != sorted(set(wave_shares)) or not wave_shares or wave_shares[0] <= 0 or wave_shares[-1] != 1:
        raise ValueError("Waves reach ascending shares of the orders, above 0, and the last of them reaches 1.")
    if not 0 <= holdout_share < 1:
        raise ValueError("The share of a city that is held out is 0 or more and below 1.")
    belief = of_new(model, candidates.features)
    steps, worth = _steps(model, candidates, belief)
    order = np.argsort(-worth, kind="stable")
    going = [int(i) for i in order if steps[i].gain > 0]
    if not going:
        best = float(max(step.gain for step in steps))
        raise DesignRefused(Caution("no_city_gains", {"cities": len(steps), "best_gain": best}))
    return RollOut(
        waves=_waves([steps[i] for i in going], candidates.orders[going], wave_shares),
        holdout_share=holdout_share,
        left_out=tuple(steps[int(i)] for i in order if steps[i].gain <= 0),
    )


def chosen(belief: Belief, costs: Floats) -> Flags:
    """Tell by expectation which cities are worth rolling out: (n_cities,), True where the effect is above the cost."""
    found: Flags = belief.expected > costs
    return found


def _steps(model: RandomEffects, candidates: Candidates, belief: Belief) -> tuple[list[Step], Floats]:
    gain = (belief.expected - candidates.costs) * candidates.orders
    risk = belief.shortfall(candidates.costs) * candidates.orders
    learning = worth_of_knowing(model, candidates, belief)
    losing = belief.below(candidates.costs)
    steps = [
        Step(name, *(float(part[i]) for part in (gain, risk, learning, losing)))
        for i, name in enumerate(candidates.names)
    ]
    # Two cities that risk nothing are told apart by what they gain.
    floor = max(float(np.abs(gain).max()), TINY) * 1e-6
    return steps, (gain + learning) / np.maximum(risk, floor)


def worth_of_knowing(model: RandomEffects, candidates: Candidates, belief: Belief) -> Floats:
    """Give what knowing each city's true effect is worth to deciding about all others: (n_cities,), nought or more.

    Notes
    -----
    Cities share what features do and how large the average is. What one teaches moves the expectation of another by a
    normal amount; a decision is worth more for it only where that may turn it.
    """
    rows = model.trials.explained(candidates.features)
    shared = np.einsum("np,tpq,mq->tnm", rows, model.covariances, rows)
    own = np.maximum(np.einsum("tnn->tn", shared) + model.spreads[:, None] ** 2, TINY)
    moved = np.sqrt(model.weights @ (shared**2 / own[:, :, None]).reshape(len(model.weights), -1)).reshape(
        len(rows), -1
    )
    np.fill_diagonal(moved, 0.0)
    # Beyond so many standard deviations nothing is turned any more, and what moves nothing turns nothing.
    gap = np.minimum(np.abs(belief.expected - candidates.costs), FARTHEST * moved)
    distance = gap / np.maximum(moved, TINY)
    turned = np.exp(-(distance**2) / 2) / np.sqrt(2 * np.pi) - distance * special.ndtr(-distance)
    found: Floats = (moved * np.maximum(turned, 0)) @ candidates.orders
    return found


def _waves(steps: Sequence[Step], orders: Floats, shares: Sequence[float]) -> tuple[tuple[Step, ...], ...]:
    reached = np.cumsum(orders) / max(float(orders.sum()), TINY)
    waves: list[tuple[Step, ...]] = []
    first = 0
    for share in shares:
        # An order more or less is no reason to put a city off; the first city of a wave always goes.
        last = max(int(np.searchsorted(reached, share * (1 + 1e-9), side="right")), min(first + 1, len(steps)))
        if share == shares[-1]:
            last = len(steps)
        if last > first:
            waves.append(tuple(steps[first:last]))
        first = last
    return tuple(waves)
