"""What trials found of each remedy by city: read out once after a trial's end, kept, and brought together."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from tiffin.capabilities.balance.domain.roll_out_evidence import Found, Pooled, foretold, pooled
from tiffin.capabilities.balance.models.roll_outs import RemedyEffect
from tiffin.capabilities.balance.models.strategies import StrategyRecord
from tiffin.capabilities.balance.service.roll_outs.features import Features, features_of, orders_a_day
from tiffin.capabilities.cases.service.upserting import insert_into
from tiffin.capabilities.experiments.service.effects_by_city import CityEffect, effects_by_city
from tiffin.capabilities.experiments.service.records import ENDED, JUDGED, TrialState
from tiffin.capabilities.experiments.service.trials import list_trials
from tiffin.capabilities.metrics.service import find_metric
from tiffin.engines.experiments.estimate import Estimate
from tiffin.engines.metrics.definitions import Direction
from tiffin.kernel.errors import Conflict, Forbidden, WrongUse
from tiffin.runtime.context import Context

_EFFECTS: Any = RemedyEffect.__table__


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is known of one remedy by one metric.

    Parameters
    ----------
    rows : tuple of RemedyEffect
        In cities that the actor sees whole; those of which nothing could be read out too.
    foretold : mapping of str to Estimate
        By city that the actor sees and in which it was not tried, for the better, with a prediction interval.
    """

    remedy: str
    metric: str
    rows: tuple[RemedyEffect, ...]
    pooled: Pooled
    foretold: Mapping[str, Estimate]
    features: Features
    orders: Mapping[str, float]


def remedy_of(context: Context, trial: str, arm: str) -> str:
    """Name the remedy that an arm of a trial tries.

    It is what the trial's strategy pulls where it comes from one, else the arm's own name, however it is written.
    """
    asked = select(StrategyRecord.levers).where(StrategyRecord.trial == trial).limit(1)
    levers = context.session.scalar(asked)
    return " + ".join(sorted(levers)) if levers else " ".join(arm.split()).casefold()


def gather(context: Context) -> tuple[TrialState, ...]:
    """Read trials that are over out by city where that was not done yet, and list them."""
    over = tuple(one for one in list_trials(context) if one.state in (ENDED, JUDGED))
    asked = select(RemedyEffect.trial_case, RemedyEffect.city_id)
    known = {(row.trial_case, row.city_id) for row in context.session.execute(asked)}
    for one in over:
        seen = [place for place in one.places
                if context.actor.may_see_city(country=place.country, city_id=place.city_id)]  # fmt: skip
        if any((one.case_id, place.city_id) not in known for place in seen):
            _keep(context, one)
    return over


def effects_seen(context: Context, *, remedy: str = "", metric: str = "") -> tuple[RemedyEffect, ...]:
    """List what was found of remedies in the cities that the actor sees whole, by remedy, city and day."""
    asked = select(RemedyEffect)
    asked = asked.where(RemedyEffect.remedy == remedy) if remedy else asked
    asked = asked.where(RemedyEffect.metric == metric) if metric else asked
    rows = context.session.scalars(asked.order_by(RemedyEffect.remedy, RemedyEffect.city_id, RemedyEffect.last_day))
    return tuple(one for one in rows if context.actor.may_see_city(country=one.country, city_id=one.city_id))


def evidence_of(context: Context, remedy: str, metric: str, candidates: Sequence[str] = ()) -> Evidence:
    """Bring together what is known of a remedy, and foretell it for other cities.

    Raises
    ------
    NotFound
        There is no such metric.
    """
    rows = effects_seen(context, remedy=remedy, metric=metric)
    tried = {row.city_id for row in rows}
    cities = tuple(sorted(tried | set(candidates)))
    orders = orders_a_day(context, cities) if cities else {}
    features = features_of(context, cities, orders) if cities else {}
    found = pooled([one for row in rows for one in _found(context, row)], features)
    others = [city for city in candidates if city not in {one.city_id for one in found.tried}]
    return Evidence(remedy, metric, rows, found, foretold(found, features, others), features, orders)


def better_by(context: Context, metric: str, effect: float) -> float:
    """Give how much for the better an effect on a metric is; what it is where neither way is better."""
    return -effect if find_metric(context, metric).direction is Direction.DOWN else effect


def _found(context: Context, row: RemedyEffect) -> tuple[Found, ...]:
    if row.effect is None or not row.se:
        return ()
    return (Found(row.city_id, better_by(context, row.metric, row.effect), row.se),)


def _keep(context: Context, state: TrialState) -> None:
    try:
        found = effects_by_city(context, state.trial.name)
    except (Conflict, Forbidden, WrongUse):
        # It ended before a day of it was over, or is read out of a file: the register shows it without an effect.
        return
    rows = [_row(context, state, one) for one in found]
    if rows:
        # Two who look at the same moment read the same out; the first is kept.
        context.session.execute(insert_into(context, _EFFECTS).on_conflict_do_nothing(), rows)


def _row(context: Context, state: TrialState, one: CityEffect) -> Mapping[str, Any]:
    estimate = one.estimate
    return {
        "trial_case": state.case_id,
        "arm": one.arm,
        "city_id": one.place.city_id,
        "remedy": remedy_of(context, state.trial.name, one.arm),
        "trial": state.trial.name,
        "country": one.place.country,
        "city": one.place.name,
        "metric": one.metric,
        "first_day": one.first,
        "last_day": one.through,
        "units": estimate.n if estimate else 0,
        "size": one.size,
        "detail": {
            "method": estimate.method if estimate else None,
            "refused": {"key": one.refused.key, "values": dict(one.refused.values)} if one.refused else None,
        },
        "read_at": context.now,
        **{name: _finite(getattr(estimate, name)) if estimate else None for name in ("effect", "se", "low", "high")},
    }


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None
