"""Whether a switchback's interval holds the truth under carry-over, with a burn-in that the data choose.

    python benchmarks/switchback_carryover.py [--replications 2000]

The market is the simulated one of Hu & Wager (`switchback_chain.py`), the truth its global average treatment effect,
computed without chance. Each window has a coin of its own. Beside the burn-in chosen by the data stand no burn-in, and
fixed ones of a quarter and a half of the window, which know nothing of the market either; the error of simulating is
told as two standard errors. The last line shows windows too short for the slow market: they have to be refused.
"""

import argparse
import sys
from contextlib import suppress
from dataclasses import dataclass, field

import numpy as np
from switchback_chain import conditions, global_effect, outcomes

from tiffin.engines.experiments.estimate import DesignRefused, Estimate
from tiffin.engines.experiments.switchback.burn_in import critical, difference, effect_after_burn_in
from tiffin.engines.experiments.switchback.stays import effect_of_stays
from tiffin.engines.experiments.switchback.windows import Windows, bucketed

ASKED = 0.94
LEVEL = 0.95
SIZES = ((8_000, 200), (20_000, 200), (20_000, 100), (40_000, 200))
"""Steps of the trial, steps of a window; the second is that of the published table."""
TOO_SHORT = (20_000, 25)
REFUSED = 0.95
"""Share of trials with too short windows that have to be refused."""
WAYS = ("chosen by the data", "no burn-in", "a quarter", "a half", "windows that kept their arm")


@dataclass
class Tally:
    """What was found over the replications."""

    held: dict[str, list[bool]] = field(default_factory=lambda: {way: [] for way in WAYS})
    widths: dict[str, list[float]] = field(default_factory=lambda: {way: [] for way in WAYS})
    burn_ins: list[float] = field(default_factory=list)
    refused: int = 0


def main() -> int:
    """Print the figures and say whether they hold."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--replications", type=int, default=2000)
    replications = parser.parse_args().replications
    held = True
    for is_slow in (True, False):
        for n_steps, window in SIZES:
            held &= told(is_slow=is_slow, n_steps=n_steps, window=window, replications=replications)
    held &= told_too_short(replications=max(200, replications // 10))
    return 0 if held else 1


def told(*, is_slow: bool, n_steps: int, window: int, replications: int) -> bool:
    """Run one size in one regime and print it."""
    tally = run(is_slow=is_slow, n_steps=n_steps, window=window, replications=replications)
    found = float(np.mean(tally.held[WAYS[0]]))
    error = 2 * (found * (1 - found) / len(tally.held[WAYS[0]])) ** 0.5
    holds = found >= ASKED
    print(
        f"{'slow' if is_slow else 'fast'} mixing, {n_steps:,} steps in windows of {window}: coverage asked {ASKED}, "
        f"found {found:.4f} (+-{error:.4f}): {'holds' if holds else 'MISSED'}; burn-in "
        f"{np.percentile(tally.burn_ins, [5, 50, 95]).astype(int).tolist()} (5, 50, 95 %), refused {tally.refused}"
    )
    for way in WAYS:
        print(f"    {way}: coverage {np.mean(tally.held[way]):.3f}, width {np.mean(tally.widths[way]):.3f}")
    sys.stdout.flush()
    return holds


def run(*, is_slow: bool, n_steps: int, window: int, replications: int) -> Tally:
    """Let trials happen and read each in all ways."""
    rng = np.random.default_rng([7, n_steps, window, is_slow])
    condition = conditions(n_steps, seed=n_steps)
    truth, tally = global_effect(condition, is_slow=is_slow), Tally()
    for _ in range(replications):
        windows = trial(condition, window, is_slow=is_slow, rng=rng)
        try:
            chosen = effect_after_burn_in(windows, washout_steps=0, level=LEVEL)
        except DesignRefused:
            tally.refused += 1
            continue
        tally.burn_ins.append(float(chosen.cautions[0].values["burn_in_steps"]))
        note(tally, WAYS[0], truth, chosen)
        note_fixed(tally, windows, truth)
        with suppress(DesignRefused):
            note(tally, WAYS[4], truth, effect_of_stays(windows, level=LEVEL))
    return tally


def trial(condition: np.ndarray, window: int, *, is_slow: bool, rng: np.random.Generator) -> Windows:
    """Let one trial happen, a coin for each window."""
    coins = rng.integers(0, 2, len(condition) // window)
    found = outcomes(condition, np.repeat(coins, window), is_slow=is_slow, rng=rng).reshape(1, -1, window)
    return Windows(found, np.ones_like(found), coins.astype(bool)[None])


def note(tally: Tally, way: str, truth: float, found: Estimate) -> None:
    """Note whether an interval holds the truth, and how wide it is."""
    tally.held[way].append(found.low <= truth <= found.high)
    tally.widths[way].append(found.high - found.low)


def note_fixed(tally: Tally, windows: Windows, truth: float) -> None:
    """Read a trial with burn-ins that were fixed before."""
    buckets = bucketed(windows, 20)
    for way, share in zip(WAYS[1:4], (0, 0.25, 0.5), strict=True):
        effect, variance, df = difference(buckets, int(share * buckets.n_buckets))
        half = float(critical(np.zeros(1), df, LEVEL)[0]) * variance**0.5
        note(tally, way, truth, Estimate(effect, variance**0.5, effect - half, effect + half, 1.0, 1, way))


def told_too_short(*, replications: int) -> bool:
    """Count how often windows are refused that end before the slow market has settled."""
    n_steps, window = TOO_SHORT
    tally = run(is_slow=True, n_steps=n_steps, window=window, replications=replications)
    found = tally.refused / replications
    print(
        f"slow mixing in windows of {window}, too short: refused asked {REFUSED}, found {found:.3f}: "
        f"{'holds' if found >= REFUSED else 'MISSED'}"
    )
    return found >= REFUSED


if __name__ == "__main__":
    sys.exit(main())
