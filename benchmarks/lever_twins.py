"""Whether the twin of a day, made from its facts alone, says of levers what the scenario says that made the day.

Each planted day of the demo is written down as facts; a twin is made from these and from nothing else of the scenario.
The same levers are rehearsed on both. The scenario's replications draw the day's demand anew, the twin's draw from the
orders that there were, so the one tells of all such days and the other of this one: besides the intervals of the two
means, the range of the scenario's single days is told.

Asked: the twin comes near to the facts (see `twin_fit`); its means agree with the scenario's in most cases, that is
their difference is within its own 95 % interval; levers stand in the same order.

Run: nice -n 15 python benchmarks/lever_twins.py [--replications 40]
"""

import argparse
import time
from datetime import UTC, date, datetime

import lever_worlds
import numpy as np
from scipy.stats import spearmanr

from tiffin.capabilities.rehearsals.domain.demo import DEMO_SEED
from tiffin.capabilities.rehearsals.domain.lever_days import LeverDay, LeverStage, estimated, lever_day
from tiffin.capabilities.rehearsals.domain.rehearsing import Stage
from tiffin.capabilities.rehearsals.domain.scenario import day_start
from tiffin.capabilities.rehearsals.domain.twin_days import Twin
from tiffin.capabilities.rehearsals.domain.twin_facts import TwinFacts
from tiffin.capabilities.rehearsals.domain.twin_fit import TwinFit
from tiffin.capabilities.rehearsals.service import simulated_tables
from tiffin.capabilities.rehearsals.service.definitions import read_lever_parameters
from tiffin.capabilities.rehearsals.service.lever_sources import twin_of
from tiffin.capabilities.rehearsals.service.twin_facts import twin_facts
from tiffin.engines.simulation.levers import Pull
from tiffin.kernel.time import Days

QUANTITIES = ("late_avoided", "lateness_min_avoided", "lost_avoided", "fewer_orders")
MOST_CASES, MOST_INSIDE, LEAST_RANK = 0.5, 0.9, 0.8


def facts_of(stage: Stage, day: date) -> TwinFacts:
    """Write a day down as facts and read them as a twin does."""
    tables = simulated_tables(stage.scenario, Days(day, day), seed=DEMO_SEED)
    begins = datetime.fromisoformat(str(day_start(stage.scenario.city, day))).replace(tzinfo=UTC)
    return twin_facts(tables, begins=begins)


def in_the_twin(pulls: tuple[Pull, ...], stage: Stage, twin: Twin) -> tuple[Pull, ...]:
    """Give the same levers by the twin's numbers of the zones; a zone without facts is left out."""
    names = [zone.zone_id for zone in stage.scenario.zones]

    def numbers(zones: tuple[int, ...]) -> tuple[int, ...]:
        return tuple(twin.made.zone_of[names[zone]] for zone in zones if names[zone] in twin.made.zone_of)

    return tuple(
        Pull(one.lever, numbers(one.zones), one.start_s, one.end_s, one.strength, numbers(one.from_zones))
        for one in pulls
    )


def lived(source: Stage | Twin, day: date, pulls: list[tuple[Pull, ...]], replications: int) -> list[LeverDay]:
    """Live the replications of a day."""
    stage = LeverStage(source=source, levers=read_lever_parameters(day), candidates=tuple(pulls))
    return [lever_day(stage, replication) for replication in range(1, replications + 1)]


def compared(city_id: str, day: date, replications: int) -> tuple[list[bool], list[bool], float, TwinFit]:
    """Print one day; tell which cases agree, which lie in the range of single days, and the order of the levers."""
    stage = lever_worlds.stage_for(city_id, day)
    twin, fit = twin_of(facts_of(stage, day), day)
    pulls = lever_worlds.candidates_on(stage)
    truth = lived(stage, day, list(pulls.values()), replications)
    made = lived(twin, day, [in_the_twin(one, stage, twin) for one in pulls.values()], replications)
    agree, inside, ranks = [], [], ([], [])
    for number, name in enumerate(pulls):
        told = []
        for quantity in QUANTITIES:
            ours = np.array([one.outcomes[number][quantity] for one in made])
            theirs = np.array([one.outcomes[number][quantity] for one in truth])
            difference = ours.mean() - theirs.mean()
            error = np.sqrt(ours.var(ddof=1) / len(ours) + theirs.var(ddof=1) / len(theirs))
            low, high = np.quantile(theirs, [0.025, 0.975])
            agree.append(bool(abs(difference) <= 1.96 * error))
            inside.append(bool(low <= ours.mean() <= high))
            mean = estimated(list(theirs))
            told.append(f"{ours.mean():7.0f} / {mean.mean:6.0f} ({mean.low:.0f} to {mean.high:.0f})")
            if quantity == "lateness_min_avoided":
                ranks[0].append(float(ours.mean()))
                ranks[1].append(float(theirs.mean()))
        print(f"  {name:16s} " + "  ".join(f"{one:>32s}" for one in told[:3]))
    return agree, inside, float(spearmanr(*ranks).statistic), fit


def main(replications: int) -> None:
    """Print all days and what they come to."""
    begun = time.process_time()
    agree: list[bool] = []
    inside: list[bool] = []
    ranks: list[float] = []
    near: list[bool] = []
    for kind, where in lever_worlds.DAYS.items():
        for city_id, day in where:
            print(f"\n{kind}, {city_id} {day}: twin / scenario (95 %): late, minutes and lost avoided")
            agreed, lay, rank, fit = compared(city_id, day, replications)
            agree += agreed
            inside += lay
            ranks.append(rank)
            near.append(fit.is_near)
            late, lost, minutes = fit.late_share, fit.lost_share, fit.lateness_min
            print(
                f"  facts / twin: late {late[0]:.1%} / {late[1]:.1%}, lost {lost[0]:.2%} / {lost[1]:.2%}, minutes a"
                f" delivery {minutes[0]:.2f} / {minutes[1]:.2f}: {'near' if fit.is_near else 'NOT NEAR'};"
                f" order of levers {rank:.2f}; {np.mean(agreed):.0%} agree"
            )
    print(f"\n{replications} replications a day, {time.process_time() - begun:.0f} s of CPU")
    _say("twins near to their facts", sum(near), len(near), holds=all(near))
    _say("means that agree", sum(agree), len(agree), holds=np.mean(agree) > MOST_CASES)
    _say(
        "means within the range of the scenario's single days",
        sum(inside),
        len(inside),
        holds=np.mean(inside) >= MOST_INSIDE,
    )
    lowest = min(ranks)
    print(f"order of the levers, Spearman: mean {np.mean(ranks):.2f}, lowest {lowest:.2f}; asked {LEAST_RANK}: "
          f"{'holds' if lowest >= LEAST_RANK else 'DOES NOT HOLD'}")  # fmt: skip


def _say(what: str, found: int, of: int, *, holds: bool) -> None:
    print(f"{what}: {found} of {of} ({found / of:.0%}): {'holds' if holds else 'DOES NOT HOLD'}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--replications", type=int, default=40)
    main(parser.parse_args().replications)
