"""Whether what a remedy did in some cities tells what it does in the next: intervals, and the money lost.

    python benchmarks/carrying_over.py [--replications 1000]

Everything here is simulated. A world is 50 cities with a density of orders, a share of rainy hours and riders an order.
The remedy's true effect in a city (minutes of lateness avoided an order; it costs as much as 1.5 of them are worth)
follows density, rain and riders an order, with an interaction that the model does not know, and differs beyond that
from city to city. Each city had one trial, with an error of its own (the largest some six times the smallest), which is
itself estimated. Each city in turn is left out, the model is fitted to the others, and the city's true effect is held
against the 90 % prediction interval from its features. Rolling out pays where the effect is above its cost. The oracle
knows the truth; regret is the share of its gain that is lost by deciding from predictions of cities left out, and, told
beside it, from each city's own trial drawn towards the others, from the trial alone, and by rolling out everywhere.

Also told: coverage and regret where features tell less, with heavy tails, and for worlds of 5, 8 and 12 cities, where
only the average is fitted (8 and 12 also with one feature), and how much the best tenth of trials promises too much.
"""

import argparse
import sys
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tiffin.engines.experiments.pooling.prediction import Belief, of_new, of_tried
from tiffin.engines.experiments.pooling.random_effects import fit
from tiffin.engines.experiments.pooling.trials import Trials

LEVEL = 0.9
COVERED = (0.88, 0.92)
REGRET = 0.05
COST = 1.5
TENTH = 10
WAYS = ("oracle", "left out", "drawn", "trial", "everywhere")

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class World:
    """What is drawn.

    Parameters
    ----------
    cities : int
    beyond : float
        Standard deviation of true effects beyond what features explain; what they explain has one of about 1.6.
    tails : float
        Degrees of freedom of what is beyond; infinite is normal.
    used : int
        Features that the model is given.
    """

    cities: int = 50
    beyond: float = 0.7
    tails: float = np.inf
    used: int = 3


@dataclass
class Found:
    """What happened over the replications."""

    covered: list[float]
    widths: list[float]
    gains: dict[str, float]
    promised: list[tuple[float, float]]


def main() -> int:
    """Print the figures and say whether they hold."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--replications", type=int, default=1000)
    replications = parser.parse_args().replications
    found = run(World(), replications)
    coverage, lost = float(np.mean(found.covered)), regret(found, "left out")
    within = COVERED[0] <= coverage <= COVERED[1]
    error = 2 * float(np.std(found.covered)) / len(found.covered) ** 0.5
    print(
        f"50 cities, each left out in turn, {replications:,} worlds: 90 % prediction intervals asked to cover ", end=""
    )
    print(f"{COVERED}, found {coverage:.4f} (+-{error:.4f}): {'holds' if within else 'MISSED'}")
    print(f"regret of rolling out by predictions of cities left out: asked {REGRET:.0%} of the oracle's gain, ", end="")
    print(f"found {lost:.2%}: {'holds' if lost <= REGRET else 'MISSED'}")
    tell(found)
    tell_others(max(50, replications // 5), replications)
    return 0 if within and lost <= REGRET else 1


def tell(found: Found) -> None:
    """Print what was found beside the two figures."""
    print(f"    regret with each city's own trial drawn towards the others {regret(found, 'drawn'):.2%}, ", end="")
    print(f"by the trial alone {regret(found, 'trial'):.2%}, everywhere {regret(found, 'everywhere'):.2%}")
    raw, drawn = np.mean(found.promised, axis=0)
    print(f"    the best tenth of trials promises {raw:+.2f} too much, drawn towards the others {drawn:+.2f}")
    sys.stdout.flush()


def tell_others(few: int, many: int) -> None:
    """Print worlds in which less is known."""
    for name, world, replications in (
        ("features tell more: 0.4 beyond", World(beyond=0.4), few),
        ("features tell less: 1.2 beyond", World(beyond=1.2), few),
        ("features tell half: 1.6 beyond", World(beyond=1.6), few),
        ("heavy tails beyond (Student, 4)", World(tails=4), few),
        ("no feature given", World(used=0), few),
        ("5 cities, no feature", World(cities=5, used=0), many),
        ("8 cities, no feature", World(cities=8, used=0), many),
        ("8 cities, one feature", World(cities=8, used=1), many),
        ("12 cities, no feature", World(cities=12, used=0), many),
        ("12 cities, one feature", World(cities=12, used=1), many),
    ):
        found = run(world, replications)
        print(f"{name}: coverage {np.mean(found.covered):.3f}, width {np.mean(found.widths):.2f}, ", end="")
        print(f"regret {regret(found, 'left out'):.2%} ({replications:,} worlds)")
        sys.stdout.flush()


def run(world: World, replications: int) -> Found:
    """Draw worlds and leave each city out in turn."""
    rng = np.random.default_rng([17, world.cities, world.used, int(100 * world.beyond)])
    found = Found([], [], dict.fromkeys(WAYS, 0.0), [])
    for _ in range(replications):
        truth, trials = drawn(world, rng)
        predictions = [left_out(trials, city) for city in range(world.cities)]
        low, expected, high = np.array(
            [(p.quantile(0.05)[0], p.expected[0], p.quantile(0.95)[0]) for p in predictions]
        ).T
        found.covered.append(float(((low <= truth) & (truth <= high)).mean()))
        found.widths.append(float((high - low).mean()))
        own = of_tried(fit(trials)).expected
        for way, believed in (("oracle", truth), ("left out", expected), ("drawn", own), ("trial", trials.effects)):
            found.gains[way] += float((truth - COST)[believed > COST].sum())
        found.gains["everywhere"] += float((truth - COST).sum())
        best = np.argsort(trials.effects)[-max(1, world.cities // TENTH) :]
        found.promised.append((float((trials.effects - truth)[best].mean()), float((own - truth)[best].mean())))
    return found


def drawn(world: World, rng: np.random.Generator) -> tuple[Floats, Trials]:
    """Draw cities, their true effects and what their trials find."""
    n = world.cities
    density = np.exp(0.6 * rng.standard_normal(n))
    rain = rng.beta(2, 8, n)
    riders = 0.3 * np.exp(0.25 * rng.standard_normal(n))
    z = np.column_stack([np.log(density) / 0.6, (rain - 0.2) / 0.12, np.log(riders / 0.3) / 0.25])
    beyond = rng.standard_normal(n)
    if np.isfinite(world.tails):
        beyond = rng.standard_t(world.tails, n) / np.sqrt(world.tails / (world.tails - 2))
    truth = 3 + 1.1 * z[:, 0] + 0.9 * z[:, 1] - 0.7 * z[:, 2] + 0.2 * z[:, 0] * z[:, 1] + world.beyond * beyond
    errors = 0.7 * np.exp(0.4 * rng.standard_normal(n))
    told = errors * np.sqrt(rng.chisquare(80, n) / 80)
    return truth, Trials(truth + errors * rng.standard_normal(n), told, z[:, : world.used])


def left_out(trials: Trials, city: int) -> Belief:
    """Believe of one city from the trials of all others."""
    others = np.arange(len(trials.effects)) != city
    model = fit(Trials(trials.effects[others], trials.errors[others], trials.features[others]))
    return of_new(model, trials.features[[city]])


def regret(found: Found, way: str) -> float:
    """Give the share of the oracle's gain that a way of deciding loses."""
    return 1 - found.gains[way] / found.gains["oracle"]


if __name__ == "__main__":
    sys.exit(main())
