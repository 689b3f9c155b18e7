"""A gate judged by the platform's own confidence sequence over windows."""

import numpy as np

from tiffin.engines.experiments.assigning.windows import Schedule, table_of
from tiffin.engines.experiments.estimate import Estimate
from tiffin.engines.experiments.pooling.gates import Gate, Guardrail, Verdict, followed
from tiffin.engines.experiments.sequential.grids import Grid
from tiffin.engines.experiments.sequential.watching import Plan, estimate_after, watch

DAYS, AREAS, WINDOWS = 14, 4, 12
GATE = Gate(least_days=7, cost=-100.0, guardrails=(Guardrail("minutes", 0.5, is_better_high=False),))
PLAN = Plan(windows=DAYS * WINDOWS, earliest=48, level=0.9)
FINE = Estimate(1.0, 0.1, 0.8, 1.2, 0.0, 100, "a test's")


def a_wave(harm: float, seed: int) -> Verdict:
    """Two weeks of a wave whose hours differ and last, watched after each window."""
    rng = np.random.default_rng(seed)
    table = table_of(Schedule(f"wave {seed}", ("today", "tried"), 120), [f"zone {i}" for i in range(AREAS)], DAYS)
    arm = np.array(table).reshape(AREAS, -1).T.astype(np.int64)
    window, area = np.indices(arm.shape)
    stratum = (area * (DAYS // 2) + window // (2 * WINDOWS)) * WINDOWS + window % WINDOWS
    shock = rng.standard_normal(arm.shape)
    for step in range(1, len(shock)):
        shock[step] = 0.7 * shock[step - 1] + 0.7 * shock[step]
    orders = rng.poisson(40, arm.shape).astype(float)
    minutes = 30 + 3 * np.sin(window / 2) + shock + harm * arm + rng.standard_normal(arm.shape)
    grid = Grid(minutes * orders, orders, arm, stratum)
    watched = watch(grid, PLAN)
    looks = [
        (1 + place // WINDOWS, FINE, [estimate_after(watched, place, grid=grid, plan=PLAN)])
        for place in range(PLAN.earliest, PLAN.windows)
    ]
    return followed(GATE, looks)[1].verdict


def test_harm_stops_a_wave_and_what_is_put_up_with_does_not() -> None:
    harmed, spared = ([a_wave(harm, seed) for seed in range(25)] for harm in (3.0, 0.0))

    assert harmed.count(Verdict.STOP) >= 24
    assert spared.count(Verdict.STOP) <= 2
    assert spared.count(Verdict.GO_ON) >= 15
