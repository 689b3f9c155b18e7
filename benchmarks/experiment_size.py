"""How often trials without any effect are called effects, and how often intervals hold the truth, by simulation.

Each regime draws trials by the platform's own ways to assign (windows switched between the two days of a pair in each
zone; zones that keep their arm), and outcomes that hang together in time and space. Nulls are compared at a nominal
5 %; the same outcomes with an effect are asked whether the interval holds it. Beside it stands what comes of taking
each order for a unit. Designs that cannot hold their size have to be refused.

Run: ``nice .venv/bin/python benchmarks/experiment_size.py [NULLS [REGIME ...]]`` (20,000 in each regime; minutes; all
regimes unless some are named by their number, from 0). Exits with 1 where a figure is missed.
"""

import math
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.stats import norm

from tiffin.engines.experiments.estimate import DesignRefused
from tiffin.engines.experiments.readout.assigned import SHOCKS_A_DRAW, Reading, read_assigned, read_together
from tiffin.engines.experiments.readout.cells import Cells
from tiffin.engines.experiments.readout.clusters import Clustered, cr2
from tiffin.engines.experiments.readout.randomisation import Randomisation

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

NULLS = 20_000
TOGETHER = 100
"""Outcomes that are drawn for one assignment: 200 assignments make 20,000."""

ALPHA, FAIR = 0.05, 0.5
FEW_CLUSTERS = 8
"""Of eight there are 35 pairs of ways to deal the arms out."""
SIZE = (0.045, 0.055)
COVERAGE = (0.94, 0.96)
DRAWS = 399
EFFECT = 0.25
NOISE = 3.0
"""Standard deviation of one order beside its window's shock, which has one."""

ZONES, DAYS, WINDOWS = 10, 28, 6
ORDERS = 40.0


@dataclass(frozen=True, slots=True)
class Regime:
    """One way in which outcomes hang together, and in which arms are given.

    Parameters
    ----------
    rho : float
        Correlation of a zone's shock with that of the window before.
    common : float
        Share of the shocks' variance that all zones have together.
    is_synchronised : bool
        All zones are switched at once.
    clusters : int
        Zones that keep their arm for the whole trial; 0 for switched windows.
    unequal : float
        Standard deviation of the logarithm of zones' orders.
    """

    name: str
    rho: float = 0.0
    common: float = 0.0
    is_synchronised: bool = False
    clusters: int = 0
    unequal: float = 0.0


REGIMES = (
    Regime("switchback, autocorrelation 0"),
    Regime("switchback, autocorrelation .5", rho=0.5),
    Regime("switchback, autocorrelation .9", rho=0.9),
    Regime("switchback, autocorrelation .95", rho=0.95),
    Regime("switchback, shocks of all zones", rho=0.9, common=0.8),
    Regime("the same, all zones switched at once", rho=0.9, common=0.8, is_synchronised=True),
    Regime("switchback, unequal zones, ratio", rho=0.9, common=0.3, unequal=1.0),
    Regime("28 clusters", clusters=28, rho=0.95),
    Regime("14 clusters", clusters=14, rho=0.95),
    Regime("8 clusters", clusters=8, rho=0.95),
    Regime("14 unequal clusters, ratio", clusters=14, rho=0.95, unequal=0.5),
    Regime("8 unequal clusters, ratio", clusters=8, rho=0.95, unequal=0.5),
)


@dataclass(frozen=True, slots=True)
class Found:
    """What came of one regime."""

    size: float
    coverage: float
    by_orders: float
    agreeing: float
    refused: int

    @property
    def holds(self) -> bool:
        """Tell whether both figures do."""
        is_in = SIZE[0] <= self.size <= SIZE[1] and COVERAGE[0] <= self.coverage <= COVERAGE[1]
        return is_in and self.agreeing == 1.0


def main() -> None:
    """Print a row for each regime and each design that has to be refused."""
    asked = [int(one) for one in sys.argv[1:]]
    nulls, wanted = (asked or [NULLS])[0], asked[1:] or range(len(REGIMES))
    print(f"asked: false alarms {SIZE[0]:.1%} to {SIZE[1]:.1%}, coverage {COVERAGE[0]:.0%} to {COVERAGE[1]:.0%}")
    print(f"{'regime':<40}{'nulls':>8}{'false alarms':>14}{'coverage':>10}{'by orders':>11}{'refused':>9}{'cpu s':>8}")
    holds = True
    for number in wanted:
        regime, begun = REGIMES[number], time.process_time()
        found = measure(regime, nulls, seed=number)
        holds &= found.holds
        print(
            f"{regime.name:<40}{nulls:>8,}{found.size:>14.2%}{found.coverage:>10.2%}{found.by_orders:>11.1%}"
            f"{found.refused:>9}{time.process_time() - begun:>8.0f}  {'holds' if found.holds else 'MISSED'}",
            flush=True,
        )
    for name, refuse in REFUSED.items():
        reason = refuse()
        holds &= bool(reason)
        print(f"{name:<40}{'refused: ' + reason if reason else 'NOT REFUSED: MISSED'}")
    sys.exit(0 if holds else 1)


def measure(regime: Regime, nulls: int, *, seed: int) -> Found:
    """Draw trials of a regime and read each out, without and with an effect."""
    rng = np.random.default_rng([2026, seed])
    alarms, covers, by_orders, agreeing = [], [], [], []
    refused = 0
    while sum(map(len, alarms)) < nulls:
        cells, design, out = drawn(regime, rng)
        outcomes = drawn_outcomes(regime, cells, rng)
        reading = Reading(draws=DRAWS, seed=int(rng.integers(2**31)))
        try:
            if is_few(regime):
                part = few_read(cells, outcomes, design, reading)
            else:
                part = read(cells, outcomes, design, out, reading)
        except DesignRefused:
            refused += 1
            continue
        alarms.append(part[0])
        covers.append(part[1])
        agreeing.append(part[2])
        by_orders.append(order_alarms(cells, outcomes))
    return Found(
        *(float(np.concatenate(parts)[:nulls].mean()) for parts in (alarms, covers, by_orders)),
        agreeing=float(np.mean(agreeing)),
        refused=refused,
    )


def is_few(regime: Regime) -> bool:
    """Tell whether a regime has so few clusters that assignments alone cannot reach the size."""
    return 0 < regime.clusters <= FEW_CLUSTERS


def drawn(regime: Regime, rng: np.random.Generator) -> tuple[Cells, Randomisation, tuple[Integers, ...]]:
    """Assign one trial: cells with their orders and arms, how they were randomised, and what is taken out."""
    if regime.clusters:
        count = regime.clusters
        arm = np.zeros(count, dtype=np.int64)
        arm[rng.permutation(count)[: count // 2]] = 1
        orders = rng.poisson(ORDERS * DAYS * WINDOWS * np.exp(regime.unequal * rng.standard_normal(count))) + 1.0
        design = Randomisation(np.arange(count), np.zeros(count, dtype=np.int64))
        return Cells(np.zeros(count), orders, arm), design, ()
    zone, day, window = (part.ravel() for part in np.indices((ZONES, DAYS, WINDOWS)))
    pair = (zone * (not regime.is_synchronised) * DAYS + day // 2) * WINDOWS + window
    strata = np.unique(pair, return_inverse=True)[1]
    arm = (rng.random(strata.max() + 1) < FAIR)[strata] ^ (day % 2 == 1)
    sizes = np.exp(regime.unequal * rng.standard_normal(ZONES))[zone]
    orders = rng.poisson(ORDERS * sizes * (0.4 + 1.2 * rng.random(WINDOWS))[window]).astype(float)
    cells = Cells(np.zeros(len(zone)), orders, arm.astype(np.int64))
    if not regime.is_synchronised:
        return cells, Randomisation(np.arange(len(zone)), strata), (zone * DAYS + day, day * WINDOWS + window)
    unit, belongs = np.unique(day * WINDOWS + window, return_inverse=True)
    pairs = np.unique(unit // WINDOWS // 2 * WINDOWS + unit % WINDOWS, return_inverse=True)[1]
    return cells, Randomisation(belongs, pairs), (zone * DAYS + day,)


def drawn_outcomes(regime: Regime, cells: Cells, rng: np.random.Generator) -> Floats:
    """Draw what so many trials without an effect bring: (TOGETHER, n_cells), sums over orders."""
    orders = cells.denominator
    if regime.clusters:
        shocks = rng.standard_normal((TOGETHER, regime.clusters)) * mean_of_chain(regime.rho)
    else:
        own = chain(regime.rho, (TOGETHER, ZONES), rng)
        shared = chain(regime.rho, (TOGETHER, 1), rng)
        shocks = math.sqrt(1 - regime.common) * own + math.sqrt(regime.common) * shared
        shocks = shocks.reshape(TOGETHER, -1)
    return np.asarray(orders * shocks + np.sqrt(orders) * NOISE * rng.standard_normal((TOGETHER, len(orders))))


def chain(rho: float, shape: tuple[int, int], rng: np.random.Generator) -> Floats:
    """Draw shocks of all windows, each a part of the one before: (*shape, DAYS * WINDOWS), variance one."""
    found = rng.standard_normal((*shape, DAYS * WINDOWS))
    fresh = math.sqrt(1 - rho**2)
    for window in range(1, found.shape[-1]):
        found[..., window] = rho * found[..., window - 1] + fresh * found[..., window]
    return found


def mean_of_chain(rho: float) -> float:
    """Give the standard deviation of the mean of such shocks over a whole trial."""
    count = DAYS * WINDOWS
    lags = np.arange(1, count)
    return math.sqrt((1 + 2 * float(((1 - lags / count) * rho**lags).sum())) / count)


def read(
    cells: Cells, outcomes: Floats, design: Randomisation, out: tuple[Integers, ...], reading: Reading
) -> tuple[NDArray[np.bool_], NDArray[np.bool_], bool]:
    """Read many outcomes of one trial: false alarms, whether intervals hold the effect, and one read by itself."""
    moved = outcomes + EFFECT * cells.arm * cells.denominator
    found = read_together(cells, np.concatenate([outcomes, moved]), design, out=out, reading=reading)
    p = found.p(np.repeat([0.0, EFFECT], len(outcomes)))
    alarms, covers = p[: len(outcomes)] <= ALPHA, p[len(outcomes) :] > ALPHA
    alone = read_assigned(replace(cells, numerator=moved[0]), design, out=out, reading=reading)
    return alarms, covers, bool((alone.low <= EFFECT <= alone.high) == covers[0])


def few_read(
    cells: Cells, outcomes: Floats, design: Randomisation, reading: Reading
) -> tuple[NDArray[np.bool_], NDArray[np.bool_], bool]:
    """Read outcomes of few clusters together: what clusters of these sizes may show is the same for all of them.

    The first two are read by themselves too, and have to say the same.
    """
    shift = EFFECT * cells.arm * cells.denominator
    alone = [read_assigned(replace(cells, numerator=one), design, reading=reading) for one in outcomes[:2]]
    found = cr2(outcomes[0], cells.denominator, cells.arm, design.stratum)
    draws = SHOCKS_A_DRAW * (reading.draws + 1) - 1
    reference = np.sort(found.reference(draws=draws, seed=reading.seed))
    nulls, moved = (_statistics(found, rows / cells.denominator) for rows in (outcomes, outcomes + shift))
    p = (1 + draws - np.searchsorted(reference, (nulls[0] / nulls[1]) ** 2, side="left")) / (1 + draws)
    half = math.sqrt(float(np.quantile(reference, reading.level))) * moved[1]
    covers = np.abs(moved[0] - EFFECT) <= half
    same = all(math.isclose(one.p, p[at]) and math.isclose(one.se, nulls[1][at]) for at, one in enumerate(alone))
    return p <= ALPHA, covers, same


def _statistics(found: Clustered, ratios: Floats) -> tuple[Floats, Floats]:
    """Give effects and standard errors of many outcomes, (n_outcomes, n_clusters), by what each cluster pulls."""
    return ratios @ found.pull, np.sqrt(((ratios @ found.parts.T) ** 2).sum(axis=1))


def order_alarms(cells: Cells, outcomes: Floats) -> NDArray[np.bool_]:
    """Tell where a comparison that takes each order for a unit calls an effect."""
    sizes = [float(cells.denominator[cells.arm == arm].sum()) for arm in (1, 0)]
    ratios = [outcomes[:, cells.arm == arm].sum(axis=1) / size for arm, size in zip((1, 0), sizes, strict=True)]
    spread = np.sqrt((1 + NOISE**2) * sum(1 / size for size in sizes))
    return np.asarray(np.abs(ratios[0] - ratios[1]) / spread > norm.ppf(1 - ALPHA / 2))


def refused(sizes: list[float], treated: int) -> str:
    """Give the reason for which a trial of such clusters is refused; empty where it is not."""
    count = len(sizes)
    arm = np.zeros(count, dtype=np.int64)
    arm[:treated] = 1
    design = Randomisation(np.arange(count), np.zeros(count, dtype=np.int64))
    try:
        read_assigned(Cells(np.arange(count) * 1.0, np.array(sizes), arm), design)
    except DesignRefused as error:
        return str(error).removeprefix("the design is refused: ")
    return ""


REFUSED: dict[str, Callable[[], str]] = {
    "8 clusters, one with half of the orders": lambda: refused([700.0, *[100.0] * 7], 4),
    "28 clusters, one with 2/3 of the orders": lambda: refused([5400.0, *[100.0] * 27], 14),
    "4 clusters": lambda: refused([100.0] * 4, 2),
    "8 clusters, one of them treated": lambda: refused([100.0] * 8, 1),
    "8 clusters, none treated": lambda: refused([100.0] * 8, 0),
}

if __name__ == "__main__":
    main()
