"""Plans of roll-outs: suggested from what trials found, changed by people, and put before a second person."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import select

from tiffin.capabilities.balance.domain.roll_out import Basis, CityState, Holdout, Limit, Outlook, Plan, plan_from
from tiffin.capabilities.balance.domain.roll_out_evidence import waves_by_prediction, waves_by_size
from tiffin.capabilities.balance.models.roll_outs import RollOutCity, RollOutRecord
from tiffin.capabilities.balance.service.roll_outs.evidence import Evidence, evidence_of, gather, remedy_of
from tiffin.capabilities.balance.service.roll_outs.features import DAYS
from tiffin.capabilities.balance.service.roll_outs.records import (
    DRAFTED,
    RollOutState,
    plan_in,
    roles_of,
    seen_record,
    state_of,
)
from tiffin.capabilities.cases.domain.case import NewCase
from tiffin.capabilities.cases.domain.roll_out_cases import PLANNERS, ROLL_OUT
from tiffin.capabilities.cases.domain.severity import Severity
from tiffin.capabilities.cases.service import act_as, open_case
from tiffin.capabilities.experiments.service.places import Place, places_of, roles_in
from tiffin.capabilities.experiments.service.records import plain_places
from tiffin.capabilities.experiments.service.trials import find_trial
from tiffin.capabilities.metrics.service import dimensions_of, find_metric
from tiffin.capabilities.metrics.service.cities import visible_cities
from tiffin.capabilities.metrics.service.parts import has_parts, not_weighed
from tiffin.engines.experiments.assigning.allocation import WHOLE
from tiffin.engines.experiments.estimate import Caution, DesignRefused
from tiffin.engines.metrics.definitions import Direction
from tiffin.kernel.errors import Conflict, Forbidden, WrongUse
from tiffin.kernel.messages import Message
from tiffin.runtime import audit
from tiffin.runtime.context import Context
from tiffin.runtime.i18n import mark

HEADLINE = mark("Roll-out {name}")
WAVE_SHARES = (0.1, 0.4, 1.0)
"""Of the orders to reach, by the end of each wave."""
DIMENSIONS: Mapping[Holdout, tuple[str, ...]] = {
    Holdout.ZONE: ("city_id", "zone_id", "business_date", "local_hour"),
    Holdout.MERCHANT: ("city_id", "merchant_id", "business_date"),
    Holdout.RIDER: ("city_id", "rider_id", "business_date"),
}
"""By which the metrics of a gate have to be kept."""


@dataclass(frozen=True, slots=True)
class Suggested:
    """A plan that nobody wrote yet, with what it rests on.

    Parameters
    ----------
    refused : Caution or None
        Why nothing could be foretold, so that the waves go by size.
    """

    plan: Plan
    evidence: Evidence
    refused: Caution | None


def suggest(
    context: Context, trial: str, *, cost: float = 0.0, wave_shares: Sequence[float] = WAVE_SHARES,
    cities: Sequence[str] = (), holdout_bp: int = 2000,
) -> Suggested:  # fmt: skip
    """Lay a roll-out of a trial's remedy out over the cities in which the actor may plan one.

    Parameters
    ----------
    trial : str
        Its name or the number of its case.
    cost : float
        Of the remedy for an order, in the unit of the trial's metric.
    cities : sequence of str
        Candidates; all cities of the actor in which it was not tried where none is named.

    Raises
    ------
    NotFound
        There is no such trial or city that the actor may see.
    Conflict
        There is no city left, or none is expected to gain.
    """
    state = find_trial(context, trial)
    gather(context)
    design = state.trial
    remedy = remedy_of(context, design.name, design.arms[1].name)
    known = _candidates(context, cities, but=design.cities)
    found = evidence_of(context, remedy, design.metric, known)
    orders = {city: found.orders[city] * DAYS for city in known if found.orders.get(city)}
    if not orders:
        raise Conflict(Message("No city is left in which you may roll it out and of which there are facts."))
    laid, refused = _laid_out(found, orders, cost, tuple(wave_shares), holdout_bp)
    plan = Plan(
        name=_free_name(context, remedy),
        remedy=remedy,
        metric=design.metric,
        waves=laid.waves,
        limits=tuple(Limit(one.metric, one.most_worse) for one in design.guardrails),
        left_out=laid.left_out,
        cost=cost,
        holdout_bp=holdout_bp,
        trial=design.name,
        basis=Basis.BY_SIZE if refused else Basis.PREDICTED,
        outlooks=laid.outlooks,
    )
    return Suggested(plan_from(plan.plain()), found, refused)


def draft(context: Context, plain: Mapping[str, Any]) -> RollOutState:
    """Write a roll-out down; it is being laid out until a second person is asked to agree.

    Parameters
    ----------
    plain : Mapping
        As `Plan.plain` gives it.

    Raises
    ------
    WrongUse
        The plan makes no sense, or names a metric that cannot be read so.
    NotFound
        It names a city, metric or trial that is not there for the actor.
    Forbidden
        He plans nothing in one of these cities.
    Conflict
        There is a roll-out of this name, or the remedy is rolled out in one of the cities already.
    """
    plan = plan_from(plain)
    if context.session.scalar(select(RollOutRecord).where(RollOutRecord.name == plan.name)) is not None:
        raise Conflict(Message("There is a roll-out of the name '{name}'. Choose another name.", name=plan.name))
    places = _checked(context, plan)
    case = open_case(context, _case(plan, places))
    record = RollOutRecord(
        case_id=case.case_id,
        name=plan.name,
        remedy=plan.remedy,
        state=ROLL_OUT.first,
        plan=plan.plain(),
        places=plain_places(places),
        version=1,
        wave=-1,
        created_at=context.now,
        created_by=context.actor.name,
    )
    context.session.add(record)
    context.session.flush()
    _put_down(context, record, plan)
    audit.record(context, action="roll_out_drafted", subject=plan.name)
    return state_of(context, record)


def revise(context: Context, name: str, plain: Mapping[str, Any], *, version: int | None = None) -> RollOutState:
    """Change a plan that nobody was asked to agree to yet.

    Raises
    ------
    Conflict
        It is no longer being laid out, or somebody else changed it meanwhile.
    NotFound, WrongUse, Forbidden
        As `draft`.
    """
    record = seen_record(context, name)
    if record.state != DRAFTED:
        raise Conflict(Message("Roll-out '{name}' is no longer being laid out. Send it back first.", name=record.name))
    before = plan_in(record)
    plan = plan_from({**plain, "name": record.name})
    if plan.waves != before.waves:
        plan = replace(plan, basis=Basis.BY_HAND)
    role = next(iter(sorted(roles_of(context, record) & PLANNERS)), None)
    if role is None:
        raise _not_here()
    places = _checked(context, plan, but=record.roll_out_id)
    act_as(context, record.case_id, "note", {"text": "plan changed"}, role=role, version=version)
    record.plan, record.places, record.version = plan.plain(), plain_places(places), record.version + 1
    record.remedy = plan.remedy
    _put_down(context, record, plan)
    audit.record(context, action="roll_out_revised", subject=record.name, details={"version": record.version})
    return state_of(context, record)


def planned_in(context: Context) -> tuple[str, ...]:
    """Name the cities in which the actor may plan roll-outs."""
    return tuple(
        one.city_id for one in visible_cities(context) if roles_in(context, [(one.country, one.city_id)]) & PLANNERS
    )


def _candidates(context: Context, cities: Sequence[str], *, but: Sequence[str]) -> tuple[str, ...]:
    if cities:
        return tuple(one.city_id for one in places_of(context, tuple(cities)))
    mine = planned_in(context)
    return tuple(city for city in mine if city not in but) or mine


@dataclass(frozen=True, slots=True)
class _Laid:
    waves: tuple[tuple[str, ...], ...]
    left_out: tuple[str, ...] = ()
    outlooks: tuple[Outlook, ...] = ()


def _laid_out(
    found: Evidence, orders: Mapping[str, float], cost: float, wave_shares: tuple[float, ...], holdout_bp: int
) -> tuple[_Laid, Caution | None]:
    """Lay waves out by prediction; by size where nothing can be foretold, with the reason."""
    costs = dict.fromkeys(orders, cost)
    try:
        waves, left_out = waves_by_prediction(
            found.pooled, found.features, orders, costs, wave_shares=wave_shares, holdout_share=holdout_bp / WHOLE
        )
    except DesignRefused as refusal:
        if refusal.caution.key == "no_city_gains":
            raise Conflict(Message("None of the cities is expected to gain more than it costs.")) from None
        return _Laid(waves_by_size(orders, wave_shares)), refusal.caution
    laid = _Laid(
        waves=tuple(tuple(one.city_id for one in wave) for wave in waves),
        left_out=tuple(one.city_id for one in left_out),
        outlooks=tuple(one for wave in waves for one in wave) + left_out,
    )
    return laid, None


def _free_name(context: Context, remedy: str) -> str:
    taken = set(context.session.scalars(select(RollOutRecord.name)))
    base = remedy[:70]
    return next(name for name in (base, *(f"{base} {number}" for number in range(2, len(taken) + 3)))
                if name not in taken)  # fmt: skip


def _checked(context: Context, plan: Plan, *, but: int | None = None) -> tuple[Place, ...]:
    places = places_of(context, plan.cities)
    if not roles_in(context, [(one.country, one.city_id) for one in places]) & PLANNERS:
        raise _not_here()
    for name in plan.metrics:
        if not has_parts(context, name):
            raise not_weighed(name)
        if find_metric(context, name).direction is Direction.NEITHER:
            raise WrongUse(Message("Neither way is better for '{metric}': a gate cannot judge by it.", metric=name))
    shared = {one.name for one in dimensions_of(context, *plan.metrics)}
    missing = sorted(set(DIMENSIONS[plan.holdout]) - shared)
    if missing:
        raise WrongUse(
            Message("These metrics cannot be split by {names} together: choose others, or another unit.",
                    names=", ".join(missing))
        )  # fmt: skip
    if plan.trial:
        find_trial(context, plan.trial)
    _refuse_twice(context, plan, but)
    return places


def _refuse_twice(context: Context, plan: Plan, but: int | None) -> None:
    asked = (
        select(RollOutCity.city_id, RollOutRecord.name)
        .join(RollOutRecord, RollOutRecord.roll_out_id == RollOutCity.roll_out_id)
        .where(
            RollOutRecord.remedy == plan.remedy,
            RollOutRecord.roll_out_id != (but or 0),
            RollOutCity.city_id.in_(plan.cities),
            RollOutCity.state.in_((CityState.ON, CityState.HELD)),
        )
    )
    taken = context.session.execute(asked).first()
    if taken is not None:
        raise Conflict(
            Message("The remedy is on in {city} already, by the roll-out '{name}'. Leave the city out.",
                    city=taken[0], name=taken[1])
        )  # fmt: skip


def _put_down(context: Context, record: RollOutRecord, plan: Plan) -> None:
    """Write the cities of a plan anew; nothing of it is on yet."""
    rows = context.session.scalars(select(RollOutCity).where(RollOutCity.roll_out_id == record.roll_out_id))
    for row in rows.all():
        context.session.delete(row)
    context.session.flush()
    context.session.add_all(
        RollOutCity(roll_out_id=record.roll_out_id, city_id=city, wave=number, state=CityState.WAITING.value,
                    version=1, changed_at=context.now, spells=[], zones=[])
        for number, wave in enumerate(plan.waves)
        for city in wave
    )  # fmt: skip
    context.session.flush()


def _case(plan: Plan, places: Sequence[Place]) -> NewCase:
    countries = {one.country for one in places}
    return NewCase(
        case_type=ROLL_OUT.name,
        key=f"roll_out|{plan.name}",
        headline=HEADLINE,
        values={"name": plan.name},
        country=next(iter(countries)) if len(countries) == 1 else None,
        city_id=places[0].city_id if len(places) == 1 else None,
        subject=plan.metric,
        severity=Severity.MINOR,
        timezone=places[0].timezone,
    )


def _not_here() -> Forbidden:
    return Forbidden(Message("Roll-outs are planned by analysts, city managers and stewards of all their cities."))
