"""Looks after every hour of 28 days: how often trials without an effect stop, and how soon those with one do.

A city of ten zones is switched and looked at hour by hour; from the tenth day on the trial may stop. Two
ways to assign are tried: half of the zones in each hour, and the platform's own schedule, where each hour of a zone has
one arm on one day of a pair and the other on the other. Outcomes hang together in time and over zones. The fixed trial
is read once, after 28 days; the effect is the one that it finds in 80 of 100 trials at a nominal 5 %.

Splits, whose units keep their arm, are looked at once a day: by the boundary of daily looks, and by dividing the chance
of an error over the days, which is wider.

Run: ``nice .venv/bin/python benchmarks/experiment_looks.py [TRIALS [REGIME ...]]`` (20,000 in each regime; minutes; all
regimes unless some are named by their number, from 0, the splits last). Exits with 1 where a figure is missed.
"""

import sys
import time
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.stats import norm
from split_looks import SPLITS, Split, false_looks

from tiffin.engines.experiments.sequential.daily import level_of_looks
from tiffin.engines.experiments.sequential.grids import Grid
from tiffin.engines.experiments.sequential.watching import Plan, Watched, watch

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

TRIALS = 20_000
TOGETHER = 50
ZONES, DAYS, HOURS = 10, 28, 24
WINDOWS = DAYS * HOURS
ORDERS = 12.0
NOISE = 3.0
PLAN = Plan(windows=WINDOWS, earliest=10 * HOURS)
ENDLESS = replace(PLAN, is_endless=True)
ENDLESS_TRIALS = 1_000
FALSE_STOPS, FAIR = 0.05, 0.5
SHORTER = 0.30
POWER = 0.80
NEEDED = float(norm.ppf(0.975) + norm.ppf(POWER))


@dataclass(frozen=True, slots=True)
class Regime:
    """How outcomes hang together (`rho` over hours, `common` share over zones), and how zones were switched."""

    name: str
    rho: float
    common: float = 0.0
    is_paired: bool = False


REGIMES = (
    Regime("pairs of days, .95, common", 0.95, common=0.8, is_paired=True),
    Regime("half of the zones, .5", 0.5),
    Regime("half of the zones, .95", 0.95),
    Regime("pairs of days, 0", 0.0, is_paired=True),
    Regime("half of the zones, .9, common", 0.9, common=0.8),
    Regime("half of the zones, 0", 0.0),
)


def main() -> None:
    """Print a row for each regime."""
    asked = [int(one) for one in sys.argv[1:]]
    trials, wanted = (asked or [TRIALS])[0], asked[1:] or range(len(REGIMES) + len(SPLITS))
    print(f"asked: false stops at most {FALSE_STOPS:.0%}, median run at least {SHORTER:.0%} shorter than {DAYS} days")
    print(
        f"{'regime':<32}{'trials':>8}{'false stops':>12}{'endless':>9}{'effect':>8}{'fixed power':>12}{'power':>7}"
        f"{'median d':>9}{'shorter':>9}{'covered':>9}{'cpu s':>7}"
    )
    holds = True
    for number in wanted:
        if number < len(REGIMES):
            holds &= told(REGIMES[number], trials, seed=number)
        else:
            holds &= split_told(SPLITS[number - len(REGIMES)], trials, seed=number)
    sys.exit(0 if holds else 1)


def told(regime: Regime, trials: int, *, seed: int) -> bool:
    """Measure a regime, print its row, and tell whether both figures hold."""
    begun = time.process_time()
    rng = np.random.default_rng([2027, seed])
    effect = NEEDED * typical_error(regime, np.random.default_rng(7))
    false, endless, stops, fixed, covered = [], [], [], [], []
    for _ in range(-(-trials // TOGETHER)):
        grid = drawn(regime, rng)
        false.append(watch(grid, PLAN).stopped >= 0)
        if len(endless) < ENDLESS_TRIALS // TOGETHER:
            endless.append(watch(grid, ENDLESS).stopped >= 0)
        with_effect = watch(replace(grid, numerator=grid.numerator + effect * grid.arm * grid.denominator), PLAN)
        stops.append(np.where(with_effect.stopped >= 0, with_effect.stopped + 1, WINDOWS))
        fixed.append(np.abs(with_effect.effect[:, -1] / with_effect.se[:, -1]) > norm.ppf(0.975))
        covered.append(holds_throughout(with_effect, effect))
    stopped = np.concatenate(stops)[:trials]
    size, forever, power, covers = (float(np.concatenate(x)[:trials].mean()) for x in (false, endless, fixed, covered))
    shorter = 1 - float(np.median(stopped)) / WINDOWS
    holds = size <= FALSE_STOPS and shorter >= SHORTER
    print(
        f"{regime.name:<32}{trials:>8,}{size:>12.2%}{forever:>9.2%}{effect:>8.3f}{power:>12.1%}"
        f"{(stopped < WINDOWS).mean():>7.1%}{np.median(stopped) / HOURS:>9.1f}{shorter:>9.1%}{covers:>9.2%}"
        f"{time.process_time() - begun:>7.0f}  {'holds' if holds else 'MISSED'}",
        flush=True,
    )
    return holds


def split_told(split: Split, trials: int, *, seed: int) -> bool:
    """Measure looks at a split, print its row, and tell whether the figure holds."""
    begun = time.process_time()
    size, divided = false_looks(split, trials, np.random.default_rng([2027, seed]))
    narrower = 1 - norm.isf((1 - level_of_looks(DAYS, 0.95)) / 2) / norm.isf(0.05 / DAYS / 2)
    holds = size <= FALSE_STOPS
    print(
        f"{split.name:<32}{trials:>8,}{size:>12.2%}  divided over days {divided:.2%}, "
        f"intervals narrower by {narrower:.1%}{time.process_time() - begun:>20.0f}  {'holds' if holds else 'MISSED'}",
        flush=True,
    )
    return holds


def holds_throughout(watched: Watched, effect: float) -> NDArray[np.bool_]:
    """Tell which trials' intervals hold the effect at every look."""
    return np.asarray((np.abs(np.nan_to_num(watched.effect - effect)) <= watched.radius).all(axis=-1))


def typical_error(regime: Regime, rng: np.random.Generator) -> float:
    """Give the standard error that a fixed trial of this regime has in the end."""
    found = [watch(drawn(regime, rng), PLAN).se[:, -1] for _ in range(8)]
    return float(np.sqrt(np.mean(np.concatenate(found) ** 2)))


def drawn(regime: Regime, rng: np.random.Generator) -> Grid:
    """Draw trials without an effect that share orders and arms."""
    window, zone = np.indices((WINDOWS, ZONES))
    day, hour = np.divmod(window, HOURS)
    if regime.is_paired:
        stratum = (day // 2 * HOURS + hour) * ZONES + zone
        first = rng.random(int(stratum.max()) + 1) < FAIR
        arm = (first[stratum] ^ (day % 2 == 1)).astype(np.int64)
    else:
        stratum = window
        arm = (rng.random((WINDOWS, ZONES)).argsort(axis=1) < ZONES // 2).astype(np.int64)
    level = 0.4 + 1.2 * np.sin(np.pi * np.arange(HOURS) / HOURS)
    orders = rng.poisson(ORDERS * level[hour] * (0.6 + 0.8 * np.arange(ZONES) / ZONES)).astype(float)
    shocks = np.sqrt(1 - regime.common) * chain(regime.rho, (TOGETHER, WINDOWS, ZONES), rng)
    shocks += np.sqrt(regime.common) * chain(regime.rho, (TOGETHER, WINDOWS, 1), rng)
    noise = NOISE * rng.standard_normal(shocks.shape)
    return Grid(orders * shocks + np.sqrt(orders) * noise, orders, arm, stratum)


def chain(rho: float, shape: tuple[int, int, int], rng: np.random.Generator) -> Floats:
    """Draw shocks of variance one, each a part of the hour before."""
    found = rng.standard_normal(shape)
    fresh = np.sqrt(1 - rho**2)
    for window in range(1, shape[1]):
        found[:, window] = rho * found[:, window - 1] + fresh * found[:, window]
    return found


if __name__ == "__main__":
    main()
