"""Roll-outs over worlds of simulated cities: how often harm is stopped, and what does none, and what is gained.

    nice -n 15 .venv/bin/python benchmarks/roll_outs.py [--worlds 1000]

Everything here is simulated, and decided by the code that the service calls: trials are brought together and waves laid
out by `roll_out_evidence`, hold-outs drawn by `roll_out_holdouts`, each day of each wave read and judged by
`roll_out_gates`. A world has 8 cities in which the remedy was tried and 8 in which it was not; each has 8 zones, 8
windows of two hours a day and some 1,600 orders a day. Orders of a zone and of a window hang together. The remedy moves
the share of late orders (which decides; it has to better it by .5 points to be worth its cost) and the share of
cancelled orders (the guardrail, 1 point of harm is put up with). A gate looks at each of at most 28 days; where it says
nothing in time the roll-out stays as it is.

Asked: what does no harm beyond the guardrail is stopped for harm in at most 5 % of roll-outs, over all looks of all
waves together, also where the harm is exactly what is put up with. Told: how many harmful ones are stopped and after
how many orders with the remedy; and over a year what is gained of what an oracle gains, against all cities at once.
"""

import argparse
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from tiffin.capabilities.balance.domain.roll_out import Limit, Plan
from tiffin.capabilities.balance.domain.roll_out_evidence import Found, pooled, waves_by_prediction
from tiffin.capabilities.balance.domain.roll_out_gates import EFFECT, read_wave, spoken
from tiffin.capabilities.balance.domain.roll_out_holdouts import zones_held_out
from tiffin.capabilities.experiments.domain.sums import Sums
from tiffin.engines.experiments.estimate import DesignRefused
from tiffin.engines.experiments.pooling.gates import Verdict
from tiffin.engines.metrics.definitions import Direction

Floats = NDArray[np.float64]
TRIED, UNTRIED, ZONES, WINDOWS, ORDERS = 8, 8, 8, 8, 25.0
A_DAY = ZONES * WINDOWS * ORDERS
LATE, CANCELLED = 0.25, 0.06
MARGIN, COST = 0.01, 0.005
YEAR = 365
MOST_FALSE = 0.05
FIRST = date(2026, 3, 2)
DIRECTIONS = {"late_share": Direction.DOWN, "cancellation_rate": Direction.DOWN}
ZONE_NAMES = tuple(f"z{number}" for number in range(ZONES))


@dataclass(frozen=True)
class World:
    """What is drawn.

    Parameters
    ----------
    better : float or None
        Mean over cities by which fewer orders are late; None draws it for each world, now good, now bad.
    harm : float
        By which more orders are cancelled, in every city.
    """

    name: str
    better: float | None
    harm: float
    together: float = 0.3


@dataclass
class Outcome:
    """What became of one roll-out."""

    is_stopped_for_harm: bool
    is_stopped: bool
    orders: float
    gained: float
    oracle: float
    at_once: float


def main() -> int:
    """Print the figures and say whether they hold."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--worlds", type=int, default=1000)
    worlds = parser.parse_args().worlds
    holds = True
    for world in (
        World("no harm at all", 0.03, 0.0),
        World("harm just as much as is put up with", 0.03, MARGIN),
        World("the same, orders hang together more", 0.03, MARGIN, together=1.0),
    ):
        found = run(world, worlds)
        share = float(np.mean([one.is_stopped_for_harm for one in found]))
        error = 1.645 * (MOST_FALSE * (1 - MOST_FALSE) / worlds) ** 0.5
        holds &= share <= MOST_FALSE + error
        print(f"{world.name}: stopped for harm, asked at most {MOST_FALSE:.0%}, found {share:.1%} of {worlds} ", end="")
        print(f"({'holds' if share <= MOST_FALSE else 'within chance' if share <= MOST_FALSE + error else 'MISSED'})")
        sys.stdout.flush()
    for harm in (0.03, 0.045, 0.06):
        tell_harm(run(World("harm", 0.03, harm), max(50, worlds // 3)), harm)
    tell_gain("good and bad remedies alike", run(World("drawn", None, 0.0), worlds))
    tell_gain("a good remedy", run(World("good", 0.03, 0.0), max(50, worlds // 3)))
    tell_gain("a remedy that does nothing and costs", run(World("idle", 0.0, 0.0), max(50, worlds // 3)))
    return 0 if holds else 1


def tell_harm(found: Sequence[Outcome], harm: float) -> None:
    """Print how soon harm is stopped."""
    stopped = [one for one in found if one.is_stopped_for_harm]
    median = float(np.median([one.orders for one in stopped])) if stopped else float("nan")
    print(f"{harm:.1%} more cancelled in each city ({MARGIN:.0%} put up with): stopped for harm ", end="")
    print(f"{len(stopped) / len(found):.1%} of {len(found)}, at the median after {median:,.0f} orders with it")
    sys.stdout.flush()


def tell_gain(name: str, found: Sequence[Outcome]) -> None:
    """Print what was gained over a year, in late orders avoided less what they cost."""
    gained, oracle, at_once = (float(np.mean([getattr(one, part) for one in found]))
                               for part in ("gained", "oracle", "at_once"))  # fmt: skip
    worst = float(np.quantile([one.gained for one in found], 0.05))
    worst_once = float(np.quantile([one.at_once for one in found], 0.05))
    print(f"{name}, {len(found)} worlds, late orders avoided in a year less their cost: by waves and gates ", end="")
    print(f"{gained:,.0f} ({gained / oracle:.0%} of an oracle's {oracle:,.0f}), all at once {at_once:,.0f}; ", end="")
    print(f"worst twentieth {worst:,.0f} against {worst_once:,.0f}")
    sys.stdout.flush()


def run(world: World, worlds: int) -> list[Outcome]:
    """Roll a remedy out in many worlds."""
    begun = time.process_time()
    chance = np.random.default_rng([2026, len(world.name), round(1e4 * world.harm)])
    found = [rolled_out(world, chance, number) for number in range(worlds)]
    print(f"    [{time.process_time() - begun:.0f} s of processor time]", file=sys.stderr)
    return found


def rolled_out(world: World, chance: np.random.Generator, number: int) -> Outcome:
    """Try a remedy, lay it out and roll it out, as the service would."""
    names = [f"c{at}" for at in range(TRIED + UNTRIED)]
    feature = chance.normal(size=len(names))
    mean = chance.normal(0.005, 0.03) if world.better is None else world.better
    better = dict(zip(names, mean + 0.012 * feature + chance.normal(0, 0.008, len(names)), strict=True))
    features = {"orders": dict(zip(names, feature, strict=True))}
    errors = chance.uniform(0.008, 0.02, TRIED)
    trials = [Found(city, better[city] + chance.normal(0, se), se) for city, se in zip(names, errors, strict=False)]
    others = names[TRIED:]
    oracle = sum(max(better[city] - COST, 0.0) for city in others) * A_DAY * YEAR
    at_once = sum(better[city] - COST for city in others) * A_DAY * YEAR
    try:
        waves, _ = waves_by_prediction(
            pooled(trials, features), features, dict.fromkeys(others, A_DAY * 28), dict.fromkeys(others, COST),
            wave_shares=(0.15, 0.5, 1.0), holdout_share=0.2,
        )  # fmt: skip
    except DesignRefused:
        return Outcome(False, False, 0.0, 0.0, oracle, at_once)
    plan = Plan(
        name=f"world {number}",
        remedy="remedy",
        metric="late_share",
        waves=tuple(tuple(one.city_id for one in wave) for wave in waves),
        limits=(Limit("cancellation_rate", MARGIN),),
        cost=COST,
        seed=f"{world.name}{world.harm}{number}",
    )
    return followed(plan, world, better, chance, oracle=oracle, at_once=at_once)


def followed(
    plan: Plan, world: World, better: Mapping[str, float], chance: np.random.Generator, *, oracle: float,
    at_once: float,
) -> Outcome:  # fmt: skip
    """Follow a roll-out wave by wave."""
    today, gained, orders = 0, 0.0, 0.0
    told = Outcome(False, False, 0.0, 0.0, oracle, at_once)
    for wave in plan.waves:
        days, verdict, because = gate(plan, wave, world, better, chance, today)
        worth = sum(better[city] - COST for city in wave) * A_DAY * (1 - plan.holdout_bp / 1e4)
        orders += len(wave) * A_DAY * days * (1 - plan.holdout_bp / 1e4)
        is_back = verdict is Verdict.STOP
        gained += worth * (days if is_back else YEAR - today)
        today += days + 1
        told = replace(told, orders=orders, gained=gained, is_stopped=is_back,
                       is_stopped_for_harm=is_back and because != (EFFECT,))  # fmt: skip
        if verdict is not Verdict.GO_ON:
            break
    return told


def gate(
    plan: Plan, wave: Sequence[str], world: World, better: Mapping[str, float], chance: np.random.Generator, begin: int
) -> tuple[int, Verdict, tuple[str, ...]]:
    """Look day by day: the days until the gate spoke, and its word."""
    first = FIRST + timedelta(days=begin)
    drawn = cells(plan, wave, world, better, chance, first)
    for days in range(6, plan.most_days + 1):
        readings = {
            metric: read_wave(plan, metric, until(whole, days), first=first, days_over=days)
            for metric, whole in drawn.items()
        }
        found = spoken(plan, DIRECTIONS, readings, days_over=days)
        if found.verdict is not Verdict.WAIT:
            return days, found.verdict, found.because
    return plan.most_days, Verdict.WAIT, ()


def cells(
    plan: Plan, wave: Sequence[str], world: World, better: Mapping[str, float], chance: np.random.Generator, first: date
) -> dict[str, Sums]:
    """Draw a wave's whole time, both metrics: (days, windows, cities, zones) laid flat."""
    days, shape = plan.most_days, (plan.most_days, WINDOWS, len(wave), ZONES)
    arm = np.ones(shape, dtype=np.int64)
    for day in range(days):
        for window in range(WINDOWS):
            for at, city in enumerate(wave):
                out = zones_held_out(plan, city, ZONE_NAMES, first + timedelta(days=day), window)
                arm[day, window, at] = [zone not in out for zone in ZONE_NAMES]
    placed = chance.poisson(ORDERS, shape)
    common = chance.normal(size=(days, WINDOWS, len(wave), 1)) * world.together
    zone = chance.normal(size=(1, 1, len(wave), ZONES)) * 0.3
    noise = chance.normal(size=shape) * world.together
    helped = np.array([better[city] for city in wave])[:, None]
    rates = {
        "late_share": _share(LATE, common + zone + noise) - arm * helped,
        "cancellation_rate": _share(CANCELLED, common + zone + noise) + arm * world.harm,
    }
    names = [f"{city}/{name}" for city in wave for name in ZONE_NAMES] * (days * WINDOWS)
    stratum = np.repeat(np.arange(days * WINDOWS * len(wave)), ZONES)
    window = np.repeat(np.arange(days * WINDOWS), len(wave) * ZONES)
    return {
        metric: Sums(
            names=tuple(names),
            arm=arm.ravel(),
            numerator=chance.binomial(placed, np.clip(rate, 0, 1)).ravel().astype(np.float64),
            denominator=placed.ravel().astype(np.float64),
            stratum=stratum,
            window=window,
        )
        for metric, rate in rates.items()
    }


def until(whole: Sums, days: int) -> Sums:
    """Give what was known after some days; a zone in which nobody ordered leaves no row."""
    window = np.asarray(whole.window)
    kept = np.flatnonzero((window < days * WINDOWS) & (whole.denominator > 0))
    return Sums(
        names=tuple(whole.names[at] for at in kept),
        arm=whole.arm[kept],
        numerator=whole.numerator[kept],
        denominator=whole.denominator[kept],
        stratum=whole.stratum[kept],
        window=window[kept],
    )


def _share(base: float, moved: Floats) -> Floats:
    """Move a share on the scale of its odds."""
    odds = np.log(base / (1 - base)) + moved
    return np.asarray(1 / (1 + np.exp(-odds)))


if __name__ == "__main__":
    sys.exit(main())
