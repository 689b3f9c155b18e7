"""Tell whether published causal answers are reproduced, to the digits printed, and how fast beside the same by hand.

Prints every published number beside ours: difference in differences, synthetic control and synthetic difference in
differences on cigarette sales in California; a geo test on made-up cities; staggered minimum wages; a labour market
programme; e-mails by lot. Then the CPU time of 200 placebos of the one and 38 of the other, after compilation, and of
`plain_causal.py` in the same run. Ends with 1 where a figure is missed.

Run: ``nice .venv/bin/python benchmarks/causal_answers.py [--shared DIR] [--no-peer]``.
"""

import argparse
import csv
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

sys.path.insert(0, str(Path(__file__).resolve().parent))

import numpy as np
import plain_causal

from tiffin.engines.experiments.observational import (
    arms,
    differences,
    geo,
    panels,
    qini,
    staggered,
    synthetic_control,
    synthetic_did,
    uplift,
    weighting,
)
from tiffin.engines.experiments.observational.augmented import mix
from tiffin.engines.experiments.observational.conformal import Reordering, conformal_p

Answer = TypeVar("Answer")
ASKED_DID_S, ASKED_CONTROL_S = 1.0, 0.3
ERROR_ROOM = 1.5
"""The placebo error varies with seed and repetitions."""
REPETITIONS = 5
GROUP_TIMES = {
    ("2004", "2004"): -0.0105,
    ("2004", "2005"): -0.0704,
    ("2004", "2006"): -0.1373,
    ("2004", "2007"): -0.1008,
    ("2006", "2004"): 0.0065,
    ("2006", "2005"): -0.0028,
    ("2006", "2006"): -0.0046,
    ("2006", "2007"): -0.0412,
    ("2007", "2004"): 0.0305,
    ("2007", "2005"): -0.0027,
    ("2007", "2006"): -0.0311,
    ("2007", "2007"): -0.0261,
}
EVENTS = {0: -0.0199, 1: -0.0510, 2: -0.1373, 3: -0.1008}
RATES = {
    "visit": {"Mens E-Mail": 0.1828, "Womens E-Mail": 0.1514, "No E-Mail": 0.1062},
    "conversion": {"Mens E-Mail": 0.01253, "Womens E-Mail": 0.00884, "No E-Mail": 0.00573},
    "spend": {"Mens E-Mail": 1.423, "Womens E-Mail": 1.077, "No E-Mail": 0.653},
}


@dataclass(frozen=True, slots=True)
class Figure:
    """A published number, ours, and whether they agree to the printed digits."""

    name: str
    asked: float
    found: float
    digits: int
    room: float = 0.0

    @property
    def holds(self) -> bool:
        """Whether ours lies within half a unit of the last digit printed, or within the room that chance needs."""
        return abs(self.found - self.asked) <= max(0.5 * 10.0**-self.digits + 1e-12, self.room)


def main() -> None:
    """Read the files, estimate, print."""
    given = _arguments()
    prop99 = california(given.shared)
    missed = 0
    for figures in (of_california(prop99), of_cities(given.shared), of_wages(given.shared)):
        missed += _tell(figures)
    missed += _tell(of_programme(given.shared)) + _tell(of_letters(given.shared))
    missed += _tell_times(prop99, peer=not given.no_peer)
    print(f"\n{missed} missed" if missed else "\nall hold")
    sys.exit(1 if missed else 0)


def california(shared: Path) -> panels.Panel:
    """Give cigarette sales, 39 states by 31 years."""
    rows = _rows(shared / "peers/causal/california_prop99.csv", delimiter=";")
    return panels.panel_from_rows((row["State"], row["Year"], row["PacksPerCapita"], row["treated"]) for row in rows)


def cities(shared: Path) -> panels.Panel:
    """Give made-up sales, 40 cities by 105 days, two treated on the last 15."""
    rows = list(_rows(shared / "peers/causal/GeoLift_Test.csv"))
    last = sorted({row["date"] for row in rows})[90:]
    return panels.panel_from_rows(
        (row["location"], row["date"], row["Y"], row["location"] in {"chicago", "portland"} and row["date"] in last)
        for row in rows
    )


def wages(shared: Path) -> panels.Panel:
    """Give teenage employment, 500 counties by five years, minimum wages raised in three of them."""
    rows = _rows(shared / "peers/causal/mpdta.csv")
    return panels.panel_from_rows(
        (row["countyreal"], row["year"], row["lemp"], 0 < float(row["first.treat"]) <= float(row["year"]))
        for row in rows
    )


def programme(shared: Path) -> weighting.Sample:
    """Give earnings after a programme, 185 who took part and 429 of a survey."""
    rows = list(_rows(shared / "peers/causal/lalonde.csv"))
    plain = ("age", "educ", "married", "nodegree", "re74", "re75")
    covariates = [
        [*(float(row[name]) for name in plain), row["race"] == "black", row["race"] == "hispan"] for row in rows
    ]
    return weighting.sample_of(
        [float(row["re78"]) for row in rows],
        [row["treat"] == "1" for row in rows],
        covariates,
        names=(*plain, "black", "hispan"),
    )


def of_california(panel: panels.Panel) -> Iterator[Figure]:
    """Compare the three estimates of California's law."""
    print("California's cigarette tax (Arkhangelsky et al. 2021)")
    found = differences.difference_in_differences(panel)
    yield Figure("difference in differences", -27.3491, found.estimate.effect, 4)
    published = synthetic_control.synthetic_control(panel, solver=synthetic_control.Solver.PUBLISHED)
    yield Figure("synthetic control, published stop", -19.6197, published.estimate.effect, 4)
    exact = synthetic_control.synthetic_control(panel)
    print(
        f"  synthetic control at the optimum        {exact.estimate.effect:10.4f}, "
        f"misses before {exact.itself.miss_before:.4f}, "
        f"at the published stop {published.itself.miss_before:.4f}; p {exact.estimate.p:.3f}, "
        f"interval {exact.estimate.low:.1f} to {exact.estimate.high:.1f}"
    )
    by_both = synthetic_did.synthetic_did(panel)
    yield Figure("synthetic difference in differences", -15.6038, by_both.estimate.effect, 4)
    yield Figure("its placebo error, 200 repetitions", 10.0, by_both.estimate.se, 0, room=ERROR_ROOM)
    print(f"  rank p of that difference {by_both.rank_p:.3f}; exact p {exact.estimate.p:.3f} of the synthetic control")


def of_cities(shared: Path) -> Iterator[Figure]:
    """Compare the geo test."""
    print("\nGeo test (GeoLift's walk-through)")
    panel = cities(shared)
    found = geo.geo_test(panel, reordering=Reordering.SINGLY)
    yield Figure("average effect", 155.556, found.estimate.effect, 3)
    yield Figure("lift", 0.054, found.lift, 3)
    yield Figure("incremental", 4667, found.incremental, 0)
    yield Figure("scaled L2", 0.1636, found.scaled_miss, 4)
    for city, weight in (("cincinnati", 0.2272), ("miami", 0.2028), ("baton rouge", 0.1335)):
        yield Figure(f"weight of {city}", weight, found.weights[city], 4)
    block = panels.block_of(panel)
    gaps = mix(block.controls, block.mean, before=len(block.mean)).gaps
    many = conformal_p(gaps, 15, reordering=Reordering.SINGLY, draws=100_000)
    yield Figure("p of any effect, 100,000 reorderings", 0.01, many, 2)
    shifts, ridge = geo.geo_test(panel), geo.geo_test(panel, ridge=True)
    print(
        f"  by whole shifts p {shifts.any_effect_p:.4f}; t test of the average {shifts.estimate.p:.4f}, "
        f"{shifts.estimate.low:.1f} to {shifts.estimate.high:.1f}; "
        f"with ridge {ridge.estimate.effect:.3f}"
    )


def of_wages(shared: Path) -> Iterator[Figure]:
    """Compare group-time effects and their averages."""
    print("\nMinimum wages (Callaway and Sant'Anna 2021, without covariates)")
    panel = wages(shared)
    simple = staggered.staggered_differences(panel)
    for cell in simple.group_times:
        key = panel.times[cell.start], panel.times[cell.time]
        yield Figure(f"ATT({', '.join(key)})", GROUP_TIMES[key], cell.estimate.effect, 4)
    for event in simple.events:
        if event.after >= 0:
            yield Figure(f"event time {event.after}", EVENTS[event.after], event.estimate.effect, 4)
    dynamic = staggered.staggered_differences(panel, weighing=staggered.Weighing.DYNAMIC)
    yield Figure("dynamic", -0.0772, dynamic.estimate.effect, 4)
    yield Figure("simple", -0.03995, simple.estimate.effect, 5)
    print(f"  pre-trend p {simple.placebos[0].p:.5f}; errors {dynamic.estimate.se:.4f}, {simple.estimate.se:.4f}")


def of_programme(shared: Path) -> Iterator[Figure]:
    """Compare the naive difference, and tell what adjustments make of it."""
    print("\nLabour market programme (the experiment itself gave 1,794)")
    sample = programme(shared)
    for adjustment in weighting.Adjustment:
        found = weighting.weighted_comparison(sample, adjustment, from_before=("re74", "re75"))
        one, worst = found.estimate, max(abs(row.after) for row in found.balance)
        earlier = ", ".join(f"{placebo.name} p {placebo.p:.3f}" for placebo in found.placebos)
        print(
            f"  {adjustment.value:14}{one.effect:9.2f}  error {one.se:6.1f}, from {one.low:8.0f} to {one.high:6.0f}, "
            f"worst imbalance {worst:.3f}, worth {found.effective:.0f} controls; placebos {earlier}"
        )
        if adjustment is weighting.Adjustment.NONE:
            yield Figure("naive difference", -635.03, one.effect, 2)


def of_letters(shared: Path) -> Iterator[Figure]:
    """Compare rates by arm, and tell who gained."""
    print("\nE-mails by lot (Hillstrom)")
    rows = list(_rows(shared / "data/hillstrom/hillstrom.csv"))
    drawn = [row["segment"] for row in rows]
    for outcome, rates in RATES.items():
        found = arms.compare_arms([float(row[outcome]) for row in rows], drawn, without="No E-Mail")
        for arm, rate in rates.items():
            digits = {"visit": 4, "conversion": 5, "spend": 3}[outcome]
            yield Figure(f"{outcome}, {arm}", rate, found.means[arm], digits)
    for arm in ("Mens E-Mail", "Womens E-Mail"):
        _tell_gain(arm, [row for row in rows if row["segment"] in {arm, "No E-Mail"}])


def _tell_gain(arm: str, rows: list[dict[str, str]]) -> None:
    plain = ("recency", "history", "mens", "womens", "newbie")
    covariates = [
        [*(float(row[name]) for name in plain), row["zip_code"] == "Rural", row["channel"] == "Web"] for row in rows
    ]
    sample = weighting.sample_of(
        [float(row["visit"]) for row in rows],
        [row["segment"] == arm for row in rows],
        covariates,
        names=(*plain, "rural", "web"),
    )
    found = qini.qini(uplift.two_regressions(sample), sample.outcomes, sample.treated, shuffles=50)
    split = uplift.honest_segments(sample)
    told = "; ".join(f"{one.share:.0%}: {one.estimate.effect:+.3f}" for one in split.segments)
    print(
        f"  {arm}: Qini {found.coefficient:.4f} a unit, {found.of_best:.3f} of the best order, p {found.p:.3f}; {told}"
    )


def _tell_times(panel: panels.Panel, *, peer: bool) -> int:
    block = panels.block_of(panel)
    print("\nCPU time after compilation, median of several")
    own_did, _ = _timed(lambda: synthetic_did.synthetic_did(panel, replications=200))
    own_control, _ = _timed(lambda: synthetic_control.synthetic_control(panel))
    missed = _tell_time("synthetic DiD, 200 placebos", own_did, ASKED_DID_S)
    missed += _tell_time("synthetic control, 38 placebos", own_control, ASKED_CONTROL_S)
    if peer:
        did, error = _timed(
            lambda: plain_causal.did_placebos(block.controls, block.mean, block.before, replications=200, seed=0),
            times=1,
        )
        control, misses = _timed(lambda: plain_causal.control_placebos(block.controls, block.before), times=1)
        ours = np.array([one.miss_before for one in synthetic_control.synthetic_control(panel).donors])
        print(
            f"  by hand: {did:.1f} s ({did / own_did:.0f} x, error {error:.2f}); {control:.2f} s "
            f"({control / own_control:.0f} x; ours misses by {float((ours - misses).max()):+.1e} at most more before, "
            f"and by {float((ours - misses).min()):+.1e} at best)"
        )
    return missed


def _timed(run: Callable[[], Answer], *, times: int = REPETITIONS) -> tuple[float, Answer]:
    taken = []
    for _ in range(times):
        start = time.process_time()
        answer = run()
        taken.append(time.process_time() - start)
    return float(np.median(taken)), answer


def _tell_time(name: str, found: float, asked: float) -> int:
    holds = found <= asked
    print(f"  {name:38}{asked:12g}{found:12.3f}  {'holds' if holds else 'MISSED'}")
    return int(not holds)


def _tell(figures: Iterator[Figure]) -> int:
    missed = 0
    for one in figures:
        told = "holds" if one.holds else "MISSED"
        print(f"  {one.name:38}{one.asked:12.{one.digits}f}{one.found:12.{one.digits + 1}f}  {told}")
        missed += not one.holds
    return missed


def _rows(path: Path, delimiter: str = ",") -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        yield from csv.DictReader(lines, delimiter=delimiter)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shared", type=Path, default=Path(__file__).resolve().parents[2] / "shared")
    parser.add_argument("--no-peer", action="store_true", help="leave out the slow hand-written form")
    return parser.parse_args()


if __name__ == "__main__":
    main()
