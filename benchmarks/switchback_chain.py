"""The simulated market of Hu & Wager (2022): 21 states that drift up under treatment, read with noise, in two regimes.

Built from section 5.1 of arXiv 2209.00197 and the parameters of its replication code (github.com/yuchenhhu/switchback):
a state from 0 to 20 climbs by the market's condition (1 to 3, drawn anew in half of the steps) with probability 0.7
under treatment and 0.3 without, and else falls by it (slow mixing) or to 0 (fast mixing). The outcome is the state,
half as much again under treatment, plus noise of standard deviation 3.
"""

import numba
import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

STATES = 21
CLIMB = {True: 0.7, False: 0.3}
LIFT = 0.5
NOISE = 3.0


def conditions(n_steps: int, *, seed: int) -> Integers:
    """Draw the market's condition of each step: 1, 2 or 3, kept from the step before half of the time."""
    rng = np.random.default_rng(seed)
    drawn, anew = rng.integers(1, 4, n_steps), rng.random(n_steps) < 0.5  # noqa: PLR2004
    anew[0] = True
    return drawn[np.maximum.accumulate(np.where(anew, np.arange(n_steps), 0))]


def outcomes(condition: Integers, treated: Integers, *, is_slow: bool, rng: np.random.Generator) -> Floats:
    """Let the market run once under a treatment for each step: (n_steps,)."""
    n = len(condition)
    state = walked(int(rng.integers(STATES)), condition, treated, rng.random(n), is_slow)
    return state * (1 + LIFT * treated) + NOISE * rng.standard_normal(n)


@numba.njit(cache=True)
def walked(state: int, condition: Integers, treated: Integers, chance: Floats, is_slow: bool) -> Floats:  # noqa: FBT001
    """Walk the states of one run."""
    found = np.empty(len(condition))
    found[0] = state
    for t in range(1, len(condition)):
        if chance[t] < (0.7 if treated[t] else 0.3):
            state = min(state + condition[t], 20)
        elif is_slow:
            state = max(state - condition[t], 0)
        else:
            state = 0
        found[t] = state
    return found


def global_effect(condition: Integers, *, is_slow: bool) -> float:
    """Give the truth without chance: the mean outcome under treatment always, less that under treatment never."""
    return mean_outcome(condition, is_treated=True, is_slow=is_slow) - mean_outcome(
        condition, is_treated=False, is_slow=is_slow
    )


def mean_outcome(condition: Integers, *, is_treated: bool, is_slow: bool) -> float:
    """Carry the probabilities of all states through the steps."""
    states = np.arange(STATES)
    moves = {
        c: moved(np.minimum(states + c, 20), np.maximum(states - c, 0) if is_slow else 0 * states, CLIMB[is_treated])
        for c in (1, 2, 3)
    }
    chance, total = np.full(STATES, 1 / STATES), 0.0
    for step, c in enumerate(condition):
        if step:
            chance = chance @ moves[int(c)]
        total += float(chance @ states)
    return total / len(condition) * (1 + LIFT * is_treated)


def moved(up: Integers, down: Integers, climb: float) -> Floats:
    """Give the chances of moving from each state to each."""
    found = np.zeros((STATES, STATES))
    for state in range(STATES):
        found[state, up[state]] += climb
        found[state, down[state]] += 1 - climb
    return found
