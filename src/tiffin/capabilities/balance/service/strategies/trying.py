"""A strategy put on trial: a switchback of its zones with its metric and its guardrails, drafted for two people."""

from datetime import date
from typing import Any

from tiffin.capabilities.balance.models.strategies import StrategyRecord
from tiffin.capabilities.balance.service.strategies.library import read_levers
from tiffin.capabilities.balance.service.strategies.records import AGREED, Strategy, seen_record
from tiffin.capabilities.balance.service.strategies.strategies import move
from tiffin.capabilities.experiments.domain.trial import Design, Unit
from tiffin.capabilities.experiments.service.trials import propose
from tiffin.engines.simulation.levers import Lever
from tiffin.kernel.errors import Conflict
from tiffin.kernel.messages import Message
from tiffin.runtime import audit
from tiffin.runtime.context import Context

WINDOW_MIN = 180
WASHOUT_MIN = 60
"""Riders who were moved or called need about an hour to be where they were."""
TODAY, TRIED = "as today", "with the lever"


def put_on_trial(context: Context, case_id: int, *, first: date, last: date, version: int | None = None) -> Strategy:
    """Draft the trial of an agreed strategy; its own two people approve it before anything changes for anybody.

    Raises
    ------
    NotFound
        There is no such strategy that the actor may see.
    Forbidden
        It is not his to do.
    Conflict
        The strategy is not agreed to, or a trial of its name is there.
    WrongUse
        The days make no sense, or the metric cannot be read by zone and hour.
    """
    record = seen_record(context, case_id)
    if record.state != AGREED:
        raise Conflict(Message("Strategy {number} is not agreed to, or on trial already.", number=case_id))
    trial = propose(context, trial_design(context, record, first=first, last=last))
    record.trial = trial.trial.name
    audit.record(context, action="strategy_tried", subject=f"strategy {case_id} in {record.city_id}")
    return move(context, record, "try_strategy", {"trial": record.trial}, version=version)


def trial_design(context: Context, record: StrategyRecord, *, first: date, last: date) -> dict[str, Any]:
    """Give the design of a strategy's trial, as `tiffin.capabilities.experiments.domain.trial.trial_from` reads it."""
    lever = Lever(record.levers[0])
    definition = next(one for one in read_levers(context.workspace, record.day) if one.lever is lever)
    return {
        "name": f"strategy-{record.case_id}-{lever.value}",
        "question": f"Does {record.option} lower {definition.metric} in {record.city_id}?",
        "design": Design.SWITCHBACK.value,
        "unit": Unit.ZONE.value,
        "arms": [{"name": TODAY, "share_bp": 5000}, {"name": TRIED, "share_bp": 5000}],
        "cities": [record.city_id],
        "zones": list(record.finding["zones"]),
        "first": first.isoformat(),
        "last": last.isoformat(),
        "metric": definition.metric,
        "smallest_effect": definition.smallest_effect,
        "guardrails": [{"metric": one.metric, "most_worse": one.most_worse} for one in definition.guardrails],
        "window_min": WINDOW_MIN,
        "washout_min": WASHOUT_MIN,
    }
