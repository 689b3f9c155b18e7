"""How long it takes to tell the power of a switchback from its history, and whether that is the power it has.

    python benchmarks/experiment_power.py

67,200 simulated orders (10 cities, 4 weeks, 10 orders an hour) with shocks that last for hours; windows of three hours,
1,000 trials. The peer stands below, by hand: for each trial it draws arms, adds the effect to the treated orders and
regresses all orders on the arm with errors clustered by window. Processor time of both is measured in the same run, and
the powers have to agree within three standard errors of simulating. With the same coins both give the same statistics.
"""

import sys
import time
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from scipy import special

from tiffin.engines.experiments.power.curve import power_of
from tiffin.engines.experiments.power.designs import Asked, Switchback
from tiffin.engines.experiments.power.history import History
from tiffin.engines.experiments.power.simulated import compared

CITIES, DAYS, PER_HOUR, WINDOW_MIN = 10, 28, 10, 180
TRIALS = 1000
ASKED_S = 0.5
SAME, FAIR = 1e-8, 0.5
LASTING = 0.9
"""Share of an hour's shock that is still there an hour later."""
EFFECTS = (0.0, 0.6, 1.2)

Floats = NDArray[np.float64]


def main() -> int:
    """Measure both and say whether the figures hold."""
    history = orders(np.random.default_rng(3))
    asked = Asked(durations_days=(DAYS,), simulations=TRIALS)
    design = Switchback(window_min=WINDOW_MIN)
    power_of(design, history, asked)  # reads libraries in
    times = []
    for _ in range(5):
        begun = time.process_time()
        curve = power_of(design, history, asked)
        times.append(time.process_time() - begun)
    took = float(np.median(times))
    print(
        f"{len(history.day):,} orders, {TRIALS:,} trials of a switchback: asked {ASKED_S} s of processor time, ", end=""
    )
    print(f"found {took:.3f} s: {'holds' if took <= ASKED_S else 'MISSED'}")
    print(
        f"smallest effect found in 8 of 10 trials: {curve.points[0].smallest_effect:.3f} min (spread of orders 8 min)"
    )
    same = agreement(history, curve.points[0].test.power, took)
    return 0 if took <= ASKED_S and same else 1


def orders(rng: np.random.Generator) -> History:
    """Draw minutes of delivery with a city's level, an hour's level, a shock of the hour that lasts, and noise."""
    hours = CITIES * DAYS * 24
    shock = np.empty((CITIES, DAYS * 24))
    shock[:, 0] = rng.standard_normal(CITIES)
    for hour in range(1, DAYS * 24):
        shock[:, hour] = LASTING * shock[:, hour - 1] + np.sqrt(1 - LASTING**2) * rng.standard_normal(CITIES)
    level = 30 + 3 * rng.standard_normal(CITIES)[:, None] + np.tile(2 * np.sin(np.arange(24) / 4), DAYS) + 3 * shock
    hour = np.repeat(np.arange(hours), PER_HOUR)
    area, of_city = np.divmod(hour, DAYS * 24)
    minute = of_city % 24 * 60 + rng.integers(0, 60, len(hour))
    minutes = np.repeat(level.reshape(-1), PER_HOUR) + 8 * rng.standard_normal(len(hour))
    return History(hour, area, of_city // 24, minute, minutes, np.ones(len(hour)))


def agreement(history: History, power_at: Callable[[float], float], took: float) -> bool:
    """Let the peer find the power of each effect, and hold both against each other."""
    cluster = (history.area * DAYS + history.day) * (24 * 60 // WINDOW_MIN) + history.minute // WINDOW_MIN
    holds, begun = same_statistics(history, cluster), time.process_time()
    for effect in EFFECTS:
        rng, rejected = np.random.default_rng([11, int(10 * effect)]), 0
        for _ in range(TRIALS):
            estimate, se = regressed(history.numerator, rng.random(cluster.max() + 1) < FAIR, cluster, effect)
            rejected += abs(estimate / se) > special.stdtrit(cluster.max(), 0.975)
        found, told = rejected / TRIALS, power_at(effect)
        error = 3 * np.sqrt(2 * max(found * (1 - found), 1 / TRIALS) / TRIALS)
        agrees = abs(found - told) <= error
        holds &= agrees
        print(f"effect {effect} min: peer {found:.3f}, found {told:.3f}, within {error:.3f}: ", end="")
        print("holds" if agrees else "MISSED")
    peer = (time.process_time() - begun) / len(EFFECTS)
    print(f"the peer by hand takes {peer:.1f} s for {TRIALS:,} trials of one effect, {peer / took:.0f} times as long")
    return holds


def regressed(
    minutes: Floats, treated: NDArray[np.bool_], cluster: NDArray[np.int64], effect: float
) -> tuple[float, float]:
    """Regress orders on their arm, with errors clustered by window (CR1 within each arm)."""
    arm = treated[cluster].astype(float)
    outcome = minutes + effect * arm
    design = np.column_stack([np.ones(len(arm)), arm])
    bread = np.linalg.inv(design.T @ design)
    beta = bread @ (design.T @ outcome)
    residual = outcome - design @ beta
    scores = np.column_stack([np.bincount(cluster, design[:, j] * residual) for j in range(2)])
    clusters = {True: int(treated.sum()), False: int((~treated).sum())}
    scores *= np.sqrt([clusters[bool(t)] / (clusters[bool(t)] - 1) for t in treated])[:, None]
    variance = bread @ scores.T @ scores @ bread
    return float(beta[1]), float(np.sqrt(variance[1, 1]))


def same_statistics(history: History, cluster: NDArray[np.int64]) -> bool:
    """Hold estimates and errors of a few trials against the peer's under the same coins."""
    rng = np.random.default_rng(5)
    coins = rng.random((20, cluster.max() + 1)) < FAIR
    rest = np.bincount(cluster, history.numerator - history.metric)
    ours = np.array(compared(rest, np.bincount(cluster).astype(float), coins.astype(float))[:2]).T
    peers = np.array([regressed(history.numerator, coin, cluster, 0.0) for coin in coins])
    apart = float(np.abs(ours / peers - 1).max())
    print(f"with the same coins: asked within {SAME:g} of the peer, found {apart:.1e}: ", end="")
    print("holds" if apart <= SAME else "MISSED")
    return apart <= SAME


if __name__ == "__main__":
    sys.exit(main())
