"""Facts of who took how many seconds of each order: the table ``delay_causes``, from days replayed in parts."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tiffin.capabilities.rehearsals.domain.ledger import Ledger, picked
from tiffin.capabilities.rehearsals.domain.order_facts import Columns
from tiffin.capabilities.rehearsals.domain.scenario import Planted, disruption_ids
from tiffin.engines.simulation.city import City
from tiffin.engines.simulation.city_day import DayPlan
from tiffin.engines.simulation.parameters import Parameters
from tiffin.engines.simulation.streams import Stream
from tiffin.engines.simulation.truth.delays import DayTruth, Parts, day_truth
from tiffin.engines.simulation.truth.own import OWN
from tiffin.engines.simulation.truth.stages import Stage
from tiffin.engines.simulation.truth.worlds import Worlds

ORDINARY = "ordinary"
"""Cause and party of what an order takes when every disruption, and every chance that was asked for, is taken out."""

CHANCE_OF = "chance-"
"""Before the name of the party whose own chance is the cause."""

_Rows = dict[str, Any]


def day_truths(
    city: City,
    plans: Mapping[date, DayPlan],
    *,
    parameters: Parameters,
    stream: Stream,
    with_chance: bool,
) -> Mapping[date, DayTruth]:
    """Replay each day that something strikes with every subset of what strikes it.

    Parameters
    ----------
    plans : Mapping
        The plan of each day, as it was simulated.
    stream : Stream
        The city's, as its days were simulated with.
    with_chance : bool
        Whether the undisturbed day is split further, over each party's own chance and what is ordinary.
    """
    truths = {}
    for day, plan in plans.items():
        if plan.disruptions:
            of_day = stream.child("day", day.isoformat())
            worlds = Worlds(city, plan, parameters, of_day)
            truths[day] = day_truth(worlds, of_day.child("truth"), with_chance=with_chance)
    return truths


def delay_columns(ledger: Ledger, truths: Mapping[date, DayTruth]) -> Columns:
    """Write the table ``delay_causes``: of each order of a disturbed day what is ordinary, and what each cause did."""
    scenario = ledger.run.scenario
    named = dict(zip(scenario.planted, disruption_ids(scenario.city.city_id, scenario.planted), strict=True))
    parts: list[_Rows] = []
    for number, day in enumerate(ledger.run.days):
        truth = truths.get(day.calendar.day)
        if truth is not None:
            rows = np.flatnonzero(ledger.order_day == number)
            planted = [one for one, _ in scenario.disruptions_on(day.calendar.day)]
            parts += _of_day(rows, truth, [(named[one], one) for one in planted])
    if not parts:
        return {}
    columns = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
    return {**columns, **_places(ledger, columns.pop("row"))}


def _of_day(rows: NDArray[np.int64], truth: DayTruth, planted: Sequence[tuple[str, Planted]]) -> list[_Rows]:
    of_ordinary = (truth.ordinary_s, truth.ordinary_promise_s, truth.ordinary_lost)
    parts = [_part(rows, of_ordinary, (ORDINARY, None, ORDINARY), truth)]
    causes: list[tuple[Parts, int, tuple[str, str | None, str]]] = [
        (truth.disruptions, number, (name, name, one.party.value)) for number, (name, one) in enumerate(planted)
    ]
    if truth.chance is not None:
        causes += [(truth.chance, n, (f"{CHANCE_OF}{party}", None, party.value)) for n, party in enumerate(OWN)]
    for of_all, number, cause in causes:
        stage_s, promise_s, lost = of_all.stage_s[number], of_all.promise_s[number], of_all.lost[number]
        did = stage_s.any(axis=0) | (promise_s != 0) | (lost != 0)
        parts.append(_part(rows[did], (stage_s[:, did], promise_s[did], lost[did]), cause, truth))
    return parts


def _part(
    rows: NDArray[np.int64],
    did: tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]],
    cause: tuple[str, str | None, str],
    truth: DayTruth,
) -> _Rows:
    stage_s, promise_s, lost = did
    cause_id, disruption_id, party = (np.full(len(rows), text, dtype=object) for text in cause)
    return {
        "row": rows,
        "cause_id": cause_id,
        "disruption_id": disruption_id,
        "party": party,
        "duration_s": stage_s.sum(axis=0),
        **{f"{stage.value}_s": stage_s[number] for number, stage in enumerate(Stage)},
        "promise_s": promise_s,
        "lost_share": lost,
        "is_exact": np.full(len(rows), truth.is_exact),
    }


def _places(ledger: Ledger, row: NDArray[np.int64]) -> Columns:
    days = np.array([day.calendar.day for day in ledger.run.days], dtype="datetime64[D]")
    return {
        "order_id": ledger.order_ids[row],
        "zone_id": picked(ledger.zone_ids, ledger.pickup_zone[row]),
        "merchant_id": picked(ledger.merchant_ids, ledger.orders.merchant[row]),
        "placed_at": ledger.order_instant(ledger.orders.placed_s)[row],
        "business_date": days[ledger.order_day[row]],
    }
