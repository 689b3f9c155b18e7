"""Simulated cities with known truth for liability: days of facts to learn from, and judged days with labels.

Everything here is simulated. A world is a city of the demo under a seed of its own: 28 days of history, then the
judged days. Disruptions are drawn as `planting.yaml` says, in history and judged days alike, and on three days in a
hundred the promise is wrong besides. The truth of every judged day is worked out, of undisturbed ones too, with what
each party's own chance does on the mean over the luck of the day; nothing that judges sees any of it.
"""

import pickle
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
from liability_truth_lucks import COLUMNS, Case, Meant, meant
from numpy.typing import NDArray
from scipy.special import ndtr

from tiffin.capabilities.rehearsals.domain.city_facts import city_facts
from tiffin.capabilities.rehearsals.domain.demo import scaled
from tiffin.capabilities.rehearsals.domain.drawn import Habits, KindHabit, drawn_disruptions
from tiffin.capabilities.rehearsals.domain.scenario import Planted, Scenario
from tiffin.capabilities.rehearsals.domain.scenario_run import ScenarioDays, run_scenario
from tiffin.capabilities.rehearsals.service.definitions import (
    calendar_days,
    read_habits,
    read_parameters,
    read_profiles,
    read_scenario,
)
from tiffin.engines.simulation.city_day import DayPlan
from tiffin.engines.simulation.disruptions import Disruption, Kind
from tiffin.engines.simulation.parameters import Parameters
from tiffin.engines.simulation.streams import Stream
from tiffin.engines.simulation.tables import Records, Status
from tiffin.engines.simulation.truth.delays import Parts, day_truth
from tiffin.engines.simulation.truth.parties import PARTY_OF, Party
from tiffin.engines.simulation.truth.stages import Stage, ended_s
from tiffin.engines.simulation.truth.worlds import Worlds
from tiffin.kernel.time import Days

Floats = NDArray[np.float64]

FIRST = date(2026, 1, 5)
HISTORY = 28
PARTIES = tuple(Party)
NOTHING = Disruption(kind=Kind.RAIN, zones=(0,), start_s=0, end_s=1800, strength=0.0)
"""A disruption that does nothing at all: with it the truth of an undisturbed day can be asked for."""
WRONG_PROMISE = KindHabit(share=1.0, strength=(-12.0, -6.0), zones=None)
WRONG_PROMISE_SHARE = 0.03
TABLES = ("orders", "dispatch_offers", "marketplace_slots", "weather", "refunds", "contacts")
LATE_S = 300
"""An order that comes this much after its promise is a case; as `late_tolerance_s` of the attribution."""
OWN_STAGES = ("acceptance", "preparation", "ride")
SLOW = 0.8
"""Share of a stage's draws above which it is slow; as `blame_quantile` of the attribution."""
KITCHEN = [tuple(Stage).index(stage) for stage in (Stage.ACCEPTANCE, Stage.PREPARATION)]


@dataclass(frozen=True, slots=True)
class Setting:
    """Which world: a city of the demo, a seed, the judged days after those to learn from, its size, its lucks.

    Parameters
    ----------
    lucks, most_lucks : in how many lucks of the day each case is replayed at first, and at most; see
        `liability_truth_lucks.py`
    """

    city_id: str
    seed: int
    judged: int
    history: int = HISTORY
    scale: float = 1.0
    lucks: int = 24
    most_lucks: int = 384


@dataclass(frozen=True, slots=True)
class World:
    """Facts of all days, and labels of the judged ones.

    Parameters
    ----------
    facts : Mapping
        Columns by table, as the contracts name them.
    order_id : (n,), late and lost orders of the judged days
    lateness_s : (n, n_parties), seconds that each party added to the lateness: its time less what the promise moved
    ordinary_s : (n,), lateness that is left when all parties are taken out: the usual course and the day's luck
    lost : (n, n_parties), share of the loss of orders that were not delivered: by how much each made it likelier
    ordinary_lost : (n,)
    slowness : (n, n_stages), for each of `OWN_STAGES` the share of its draws that are no longer, in the merchant's and
        the rider's own distribution
    lucks : (n,), in how many lucks of its day each was replayed
    is_open : (n,), whether its outcome is not clear after the most of them
    """

    setting: Setting
    facts: Mapping[str, Mapping[str, Any]]
    order_id: NDArray[np.object_]
    lateness_s: Floats
    ordinary_s: Floats
    lost: Floats
    ordinary_lost: Floats
    slowness: Floats
    lucks: NDArray[np.int64]
    is_open: NDArray[np.bool_]


def made(setting: Setting, kept: Path | None = None) -> World:
    """Make a world, or read it where it was kept."""
    path = kept / f"{setting.city_id}-{setting.seed}-{setting.judged}.pickle" if kept else None
    if path is not None and path.is_file():
        with path.open("rb") as file:
            found: World = pickle.load(file)  # noqa: S301 - written by this script
        return found
    world = _made(setting)
    if path is not None:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(pickle.dumps(world))
    return world


def _made(setting: Setting) -> World:
    days = Days(FIRST, FIRST + timedelta(days=setting.history + setting.judged - 1))
    profiles, parameters = read_profiles(), read_parameters(days.first)
    stream = Stream.of_seed(setting.seed).child(setting.city_id)
    scenario = replace(scaled(read_scenario(setting.city_id, profiles=profiles), setting.scale), planted=())
    calendar = calendar_days(scenario, days)
    habits = read_habits()
    wrong = Habits(WRONG_PROMISE_SHARE, habits.half_hours, {Kind.RAIN: WRONG_PROMISE})
    planted = [
        *drawn_disruptions(scenario, calendar, habits=habits, profiles=profiles, stream=stream),
        *map(_as_promise, drawn_disruptions(scenario, calendar, habits=wrong, profiles=profiles,
                                            stream=stream.child("promise"))),
    ]  # fmt: skip
    scenario = replace(scenario, planted=tuple(planted))
    found = run_scenario(scenario, calendar, profiles=profiles, parameters=parameters, stream=stream)
    facts = city_facts(found.run, found.parameters, found.stream)
    parts = list(_labels(found, scenario, facts["orders"], setting))
    joined = [np.concatenate(part) for part in zip(*parts, strict=True)]
    orders = dict(facts["orders"])
    # None of the cities moves its clocks within these days.
    orders["local_hour"] = _local_hours(orders["placed_at"], scenario)
    return World(setting, {**{name: facts[name] for name in TABLES}, "orders": orders}, *joined)


def _as_promise(planted: Planted) -> Planted:
    return replace(
        planted,
        kind=Kind.WRONG_PROMISE,
        strength=float(round(planted.strength)),
        party=PARTY_OF[Kind.WRONG_PROMISE],
    )


def _local_hours(placed_at: Any, scenario: Scenario) -> NDArray[np.int64]:
    offset = datetime(FIRST.year, FIRST.month, FIRST.day, tzinfo=ZoneInfo(scenario.city.timezone)).utcoffset()
    shifted = np.asarray(placed_at, dtype="datetime64[us]") + np.timedelta64(offset or timedelta())
    return np.asarray(shifted.astype("datetime64[h]").astype(np.int64) % 24, dtype=np.int64)


def _labels(
    found: ScenarioDays, scenario: Scenario, orders: Mapping[str, Any], setting: Setting
) -> Iterator[tuple[Any, ...]]:
    business_date = np.asarray(orders["business_date"], dtype="datetime64[D]")
    for day, plan in found.plans.items():
        if (day - FIRST).days >= setting.history:
            names = np.asarray(orders["order_id"], dtype=object)[business_date == np.datetime64(day)]
            causes = [(planted.kind, planted.party) for planted, _ in scenario.disruptions_on(day)]
            yield _labelled(found, plan, day, names, causes or [(Kind.RAIN, Party.CIRCUMSTANCES)], setting)


def _labelled(
    found: ScenarioDays,
    plan: DayPlan,
    day: date,
    names: NDArray[np.object_],
    causes: list[tuple[Kind, Party]],
    setting: Setting,
) -> tuple[Any, ...]:
    """Work out the truth of a day, and give the labels of its cases."""
    struck = plan if plan.disruptions else replace(plan, disruptions=(NOTHING,))
    of_day = found.stream.child("day", day.isoformat())
    worlds = Worlds(found.run.city, struck, found.parameters, of_day)
    truth = day_truth(worlds, of_day.child("truth"))
    orders, track = truth.actual.orders, truth.actual.happened.track
    is_lost = track.status != Status.DELIVERED
    which = np.flatnonzero(is_lost | (track.delivered_s - track.promised_s > LATE_S))
    usual_prep_s = found.run.city.merchants.expected_prep_s[orders.merchant[which]]
    slowness = _slowness(orders[which], track[which], usual_prep_s, found.parameters)
    late_s = (ended_s(track) - track.promised_s)[which]
    lateness, lost = planted_parts(truth.disruptions, which, causes)
    cases = Case(
        is_lost=is_lost[which],
        total=np.where(is_lost[which], 1.0, late_s),
        planted=np.where(is_lost[which][:, None], lost, lateness),
        is_slow=np.column_stack([slowness[:, :2].max(axis=1) > SLOW, slowness[:, 2] > SLOW]),
    )
    chance: Meant = meant(
        worlds, truth.actual, which, cases, lucks=(setting.lucks, max(setting.lucks, setting.most_lucks)), stream=of_day
    )
    lateness[:, COLUMNS] += chance.late_s
    lost[:, COLUMNS] += chance.lost
    return (
        names[which],
        lateness,
        late_s - lateness.sum(axis=1),
        lost,
        is_lost[which] - lost.sum(axis=1),
        slowness,
        chance.lucks,
        chance.is_open,
    )


def planted_parts(struck: Parts, which: NDArray[np.int64], causes: list[tuple[Kind, Party]]) -> tuple[Floats, Floats]:
    """Give what was planted did to the cases, by party: seconds late, and share of the loss; (n, n_parties) each.

    Notes
    -----
    An overload of merchants is an order's own merchant's as far as his kitchen took longer over this order, and only as
    far as the order was later by it. What it did through riders who stood at other kitchens is no party's of this
    order, and stays with the ordinary.
    """
    lateness, lost = (np.zeros((len(which), len(PARTIES))) for _ in range(2))
    for number, (kind, party) in enumerate(causes):
        late_s, of_loss = (struck.delay_s - struck.promise_s)[number, which], struck.lost[number, which]
        if kind is Kind.MERCHANT_OVERLOAD:
            kitchen_s = np.maximum(0, struck.stage_s[number][KITCHEN][:, which].sum(axis=0))
            late_s = np.clip(late_s, 0, kitchen_s)
            of_loss = np.where(kitchen_s > 0, of_loss, 0.0)
        lateness[:, PARTIES.index(party)] += late_s
        lost[:, PARTIES.index(party)] += of_loss
    return lateness, lost


def _slowness(orders: Records, track: Records, usual_prep_s: Floats, parameters: Parameters) -> Floats:
    """Tell where the stages lie in the distributions that they were drawn from; what was never ready, as it was drawn.

    Notes
    -----
    A kitchen that was slowed, by others' orders or by a disruption of its own, is measured by what it really took.
    """
    took_s = np.where(track.ready_s > 0, track.ready_s - track.accepted_s, orders.prep_s)
    factors = (orders.accept_s / parameters.accept_median_s, took_s / usual_prep_s, orders.ride_noise)
    spreads = (parameters.accept_spread, parameters.prep_spread, parameters.ride_spread)
    return np.column_stack([ndtr(np.log(one) / spread) for one, spread in zip(factors, spreads, strict=True)])
