"""Whether each lever helps where it should, and not where it should not, and its intervals hold what they promise.

Each lever is pulled in the zones and hours of a planted disruption, and on the same day without the disruption. What it
avoids there beyond what it avoids on the undisturbed day, replication by replication, is what it does about the
disruption; orders that a lever keeps away count for nothing in it. Coverage: many replications give the expectation;
intervals of 20 of them are drawn again and again.

Asked: where a lever is the remedy, it avoids more than on the undisturbed day in at least 9 of 10 cases; where it is
none, in at most 1 of 10. Paired 95 % intervals hold the expectation in 93 to 97 of 100.

Run: nice -n 15 python benchmarks/levers.py [--replications 40] [--many 1200]
"""

import argparse
import time
from collections.abc import Mapping, Sequence

import lever_worlds
import numpy as np

from tiffin.capabilities.rehearsals.domain.lever_days import LeverDay, LeverStage, estimated, lever_day, under_levers
from tiffin.capabilities.rehearsals.domain.rehearsing import Stage
from tiffin.capabilities.rehearsals.service.definitions import read_lever_parameters
from tiffin.engines.simulation.instances.replications import interval
from tiffin.engines.simulation.levers import Pull

REMEDIES: Mapping[str, frozenset[str]] = {
    "rider_shortage": frozenset({"move_riders", "incentive", "shift_top_up", "radius", "throttle", "steer_elsewhere"}),
    "demand_surge": frozenset({"move_riders", "incentive", "shift_top_up", "radius", "throttle", "steer_elsewhere"}),
    "merchant_overload": frozenset({"merchant_pacing", "promise", "throttle"}),
    "rain": frozenset({"incentive", "shift_top_up", "radius", "promise"}),
}
"""What should help more than on the undisturbed day."""
NO_REMEDIES: Mapping[str, frozenset[str]] = {
    "rider_shortage": frozenset({"merchant_pacing"}),
    "demand_surge": frozenset(),
    "merchant_overload": frozenset({"move_riders", "incentive", "shift_top_up", "radius"}),
    "rain": frozenset({"merchant_pacing"}),
}
"""What should not: riders and ways are not what kitchens lack, nor kitchens what riders lack."""
LOST_MIN = 30.0
"""Minutes of lateness that weigh as much as a lost order."""
GROUP, DRAWS = 20, 4000
LEAST_HELD, MOST_HELD = 0.93, 0.97


def weighed(rows: Mapping[str, float]) -> float:
    """Weigh what a lever avoided in one replication, in minutes."""
    return rows["relieved_min"] + LOST_MIN * rows["lost_avoided"]


def lived(stage: Stage, pulls: Sequence[tuple[Pull, ...]], replications: int) -> list[LeverDay]:
    """Live the replications of a day."""
    levers = LeverStage(source=stage, levers=read_lever_parameters(stage.calendar.day), candidates=tuple(pulls))
    return [lever_day(levers, replication) for replication in range(1, replications + 1)]


def table(replications: int) -> None:  # noqa: PLR0915 - one table, written row by row
    """Print lever by disruption, and how often each stands as it should."""
    helped: list[bool] = []
    idle: list[bool] = []
    days = 0
    begun = time.process_time()
    print(
        f"Minutes of lateness avoided of orders delivered either way, and {LOST_MIN:.0f} for each lost order avoided;"
    )
    print(f"{replications} replications, paired 95 %.")
    for kind, where in lever_worlds.DAYS.items():
        for city_id, day in where:
            stage = lever_worlds.stage_for(city_id, day)
            pulls = lever_worlds.candidates_on(stage)
            struck = lived(stage, list(pulls.values()), replications)
            calm = lived(lever_worlds.without_disruption(stage), list(pulls.values()), replications)
            days += 2 * replications * (1 + len(pulls))
            late = np.mean([one.without["late"] for one in struck])
            print(f"\n{kind}, {city_id} {day}: {late:.0f} late orders, {_mean(struck, 'lost'):.0f} lost")
            print(f"  {'lever':16s} {'under it':>24s} {'undisturbed':>24s} {'about it':>24s} {'orders fewer':>13s}")
            for number, name in enumerate(pulls):
                here = [weighed(one.outcomes[number]) for one in struck]
                there = [weighed(one.outcomes[number]) for one in calm]
                about = estimated([a - b for a, b in zip(here, there, strict=True)])
                fewer = np.mean([one.outcomes[number]["fewer_orders"] for one in struck])
                said = ""
                if name in REMEDIES[kind]:
                    helped.append(about.low is not None and about.low > 0)
                    said = "as it should" if helped[-1] else "SHOULD HELP"
                elif name in NO_REMEDIES[kind]:
                    idle.append(about.low is not None and about.low > 0)
                    said = "SHOULD NOT HELP" if idle[-1] else "as it should"
                print(
                    f"  {name:16s} {_told(here):>24s} {_told(there):>24s}"
                    f" {f'{about.mean:.0f} ({about.low:.0f} to {about.high:.0f})':>24s} {fewer:13.0f}  {said}"
                )
    for city_id, day in lever_worlds.MISPLACED:
        helped.append(_moved_back(lever_worlds.stage_for(city_id, day), replications))
    cpu = time.process_time() - begun
    print(f"\n{days} days in {cpu:.1f} s of CPU: {1000 * cpu / days:.1f} ms a day")
    _verdict(
        "a remedy helps more than on the undisturbed day",
        sum(helped),
        len(helped),
        holds=sum(helped) >= 0.9 * len(helped),
    )
    _verdict("what is no remedy seems to be one", sum(idle), len(idle), holds=sum(idle) <= 0.1 * len(idle))


def _moved_back(stage: Stage, replications: int) -> bool:
    """Print what it does to move riders back from where they are not wanted."""
    levers, here, there = read_lever_parameters(stage.calendar.day), [], []
    for replication in range(1, replications + 1):
        astray, calm, back = lever_worlds.misplaced(stage, replication)
        here.append(weighed(under_levers(astray, [back], levers).outcomes[0]))
        there.append(weighed(under_levers(calm, [back], levers).outcomes[0]))
    about = estimated([a - b for a, b in zip(here, there, strict=True)])
    holds = about.low is not None and about.low > 0
    print(f"\nmisplaced_riders, {stage.scenario.city.city_id} {stage.calendar.day}")
    print(
        f"  {'move_riders':16s} {_told(here):>24s} {_told(there):>24s}"
        f" {f'{about.mean:.0f} ({about.low:.0f} to {about.high:.0f})':>24s} {'':13s}  "
        + ("as it should" if holds else "SHOULD HELP")
    )
    return holds


def coverage(many: int) -> None:
    """Print how often paired intervals of 20 replications hold the expectation."""
    begun = time.process_time()
    rng = np.random.default_rng(1)
    print(f"\nCoverage of paired 95 % intervals of {GROUP} replications, expectation over {many}")
    shares = []
    for kind in ("rider_shortage", "merchant_overload"):
        city_id, day = lever_worlds.DAYS[kind][1]
        stage = lever_worlds.stage_for(city_id, day)
        pulls = lever_worlds.candidates_on(stage)
        days = lived(stage, list(pulls.values()), many)[1:]
        for number, name in enumerate(pulls):
            told = []
            for quantity in ("late_avoided", "lateness_min_avoided", "lost_avoided"):
                values = np.array([one.outcomes[number][quantity] for one in days])
                told.append(_held(values, rng))
            shares.append(told)
            print(f"  {kind:18s} {name:16s} late {told[0]:.1%}  minutes {told[1]:.1%}  lost {told[2]:.1%}")
    mean = np.mean(shares, axis=0)
    print(
        f"  in all: late {mean[0]:.1%}, minutes {mean[1]:.1%}, lost {mean[2]:.1%};"
        f" {time.process_time() - begun:.0f} s of CPU"
    )
    for name, share in zip(("late orders", "minutes of lateness", "lost orders"), mean, strict=True):
        said = "holds" if LEAST_HELD <= share <= MOST_HELD else "DOES NOT HOLD"
        print(f"  asked 93-97 %, {name}: found {share:.1%}: {said}")


def _held(values: np.ndarray, rng: np.random.Generator) -> float:
    truth, held = float(values.mean()), 0
    for _ in range(DRAWS):
        found = interval(values[rng.choice(len(values), GROUP, replace=False)])
        held += found.low <= truth <= found.high
    return held / DRAWS


def _told(values: Sequence[float]) -> str:
    found = estimated(values)
    return f"{found.mean:.0f} ({found.low:.0f} to {found.high:.0f})"


def _mean(days: Sequence[LeverDay], name: str) -> float:
    return float(np.mean([one.without[name] for one in days]))


def _verdict(what: str, found: int, of: int, *, holds: bool) -> None:
    print(f"{what}: {found} of {of}: {'holds' if holds else 'DOES NOT HOLD'}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--replications", type=int, default=40)
    parser.add_argument("--many", type=int, default=1200)
    asked = parser.parse_args()
    table(asked.replications)
    coverage(asked.many)
