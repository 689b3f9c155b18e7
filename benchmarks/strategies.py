"""Tell whether a proposal ranks first what an oracle ranks first, and how much processor it takes.

The oracle rehearses every candidate of the same proposal many times over, on other replications than the proposal had.
Run: ``python benchmarks/strategies.py --workspace WS`` with the demo loaded.
"""

import argparse
import os
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np

from tiffin.capabilities.balance.domain.lever_costs import rehearsed
from tiffin.capabilities.balance.domain.strategy_candidates import Candidate
from tiffin.capabilities.balance.domain.strategy_ranking import NOTHING, Ranked, Rehearsed, rank
from tiffin.capabilities.balance.service.strategies.questions import REPLICATIONS, Question, ask_about
from tiffin.capabilities.balance.service.strategies.rehearsing import SEED, options_of
from tiffin.capabilities.rehearsals.domain.levers import LeverRehearsal
from tiffin.capabilities.rehearsals.service import levers
from tiffin.capabilities.rehearsals.service.levers import rehearse_levers
from tiffin.kernel.errors import NotFound
from tiffin.kernel.money import MINOR_DIGITS
from tiffin.runtime.edge import open_context

DAYS = (
    *(("riyadh", "2026-02-24"), ("riyadh", "2026-02-26"), ("riyadh", "2026-03-01")),
    *(("dubai", "2026-02-23"), ("dubai", "2026-02-25"), ("dubai", "2026-02-27")),
    *(("doha", "2026-02-24"), ("doha", "2026-02-25"), ("doha", "2026-03-01")),
    *(("kuwait-city", "2026-02-23"), ("kuwait-city", "2026-02-24"), ("kuwait-city", "2026-03-01")),
    *(("hong-kong", "2026-02-23"), ("hong-kong", "2026-02-25"), ("hong-kong", "2026-02-27")),
    *(("sao-paulo", "2026-02-24"), ("sao-paulo", "2026-02-25"), ("sao-paulo", "2026-02-27")),
)
"""The days of the demo on which something is planted."""
ORACLE = 40
MANY = 10**9
ASKED_SHARE = 0.9


def main() -> None:
    """Propose on each day, ask the oracle, and tell how often they agree."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--workspace", type=Path, required=True)
    parser.add_argument("--replications", type=int, default=REPLICATIONS)
    parser.add_argument("--oracle", type=int, default=ORACLE)
    parser.add_argument("--days", type=int, default=len(DAYS))
    asked = parser.parse_args()
    found = [one for place in DAYS[: asked.days] if (one := _day(asked, *place))]
    agreed = sum(one[0] for one in found)
    levers = sum(one[1] for one in found)
    regrets = [one[2] for one in found]
    seconds = [one[3] for one in found]
    print(f"days: {len(found)} with a miss and at least one option; {asked.replications} replications, "
          f"oracle on {asked.oracle} others")  # fmt: skip
    share = agreed / max(len(found), 1)
    print(f"first option is the oracle's: {agreed} of {len(found)} ({share:.0%}); asked {ASKED_SHARE:.0%}; "
          f"{'holds' if share >= ASKED_SHARE else 'does not hold'}")  # fmt: skip
    print(f"first lever is the oracle's: {levers} of {len(found)}")
    print(f"regret, share of the oracle's minutes for the money: mean {np.mean(regrets):.1%}, worst {max(regrets):.1%}")
    print(f"CPU for a proposal, diagnosis included: median {np.median(seconds):.1f} s, worst {max(seconds):.1f} s")


def _day(asked: argparse.Namespace, city: str, day: str) -> tuple[bool, bool, float, float] | None:
    with open_context(asked.workspace) as context:
        try:
            before = _cpu()
            question = replace(ask_about(context, city, date.fromisoformat(day)), replications=asked.replications)
            options = options_of(context, question)
        except NotFound:
            return None
        if not options:
            return None
        finding, total = question.finding, asked.replications + asked.oracle
        pulls = [one.pulls for one in options]
        # In this very process, so that all of its time is counted.
        levers.ALONE = MANY
        few = rehearse_levers(context, finding.city_id, finding.day, pulls, replications=asked.replications)
        proposed = _ranked(question, options, few, slice(None))
        spent = _cpu() - before
        levers.ALONE = 0
        many = rehearse_levers(context, finding.city_id, finding.day, pulls, replications=total)
        truth = _ranked(question, options, many, slice(asked.replications, None))
    mine, best = proposed[0], truth[0]
    regret = _regret(mine, truth)
    print(f"{city} {day}: proposed {mine.name}, oracle {best.name}, regret {regret:.1%}, {spent:.1f} s CPU", flush=True)
    by_name = {one.name: one.lever.value for one in options} | {NOTHING: NOTHING}
    return mine.name == best.name, by_name[mine.name] == by_name[best.name], regret, spent


def _ranked(question: Question, options: Sequence[Candidate], found: LeverRehearsal, kept: slice) -> tuple[Ranked, ...]:
    drawn = [
        _part(rehearsed(one.name, one.pulls, outcome.draws, question.prices,
                        lost_order_min=question.lost_order_min), kept)
        for one, outcome in zip(options, found.outcomes, strict=True)
    ]  # fmt: skip
    return rank(drawn, minor_digits=MINOR_DIGITS.get(question.prices.currency, 2), seed=SEED)


def _part(one: Rehearsed, kept: slice) -> Rehearsed:
    return Rehearsed(one.name, one.avoided_min[kept], one.outlay_minor[kept], one.saved_minor[kept])


def _regret(mine: Ranked, truth: Sequence[Ranked]) -> float:
    """Give the share of the oracle's minutes for the money that the proposed option misses."""
    best = truth[0]
    same = next(one for one in truth if one.name == mine.name)
    if mine.name == best.name:
        return 0.0
    if best.ratio is None or same.ratio is None:
        return 1.0
    return max(1.0 - same.ratio.mean / best.ratio.mean, 0.0)


def _cpu() -> float:
    """Give the seconds of processor of this process."""
    spent = os.times()
    return spent.user + spent.system


if __name__ == "__main__":
    main()
