"""Trials: proposed, changed while they are designed, moved on by people, begun and ended by the calendar."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from tiffin.capabilities.cases.domain.case import NewCase
from tiffin.capabilities.cases.domain.severity import Severity
from tiffin.capabilities.cases.domain.trial_cases import TRIAL, TRIERS
from tiffin.capabilities.cases.service import act_as, act_for_platform, open_case
from tiffin.capabilities.experiments.domain.trial import Design, Trial, Unit, trial_from
from tiffin.capabilities.experiments.models import TrialRecord
from tiffin.capabilities.experiments.service.laying_out import laid_out
from tiffin.capabilities.experiments.service.places import Place, places_of, roles_in, zones_of
from tiffin.capabilities.experiments.service.records import (
    ENDED,
    RUNNING,
    TrialState,
    no_trial,
    places_in,
    plain_places,
    roles_of,
    seen_record,
    sees,
    state_of,
    trial_in,
)
from tiffin.capabilities.metrics.service import dimensions_of
from tiffin.capabilities.metrics.service.parts import has_parts, is_kept_by, not_weighed
from tiffin.engines.experiments.assigning.allocation import overlap
from tiffin.kernel.errors import Conflict, Forbidden, WrongUse
from tiffin.kernel.messages import Message
from tiffin.runtime import audit
from tiffin.runtime.context import Context
from tiffin.runtime.i18n import mark

HEADLINE = mark("Trial {name}")
DIMENSION_OF = {"merchant": "merchant_id", "rider": "rider_id", "zone": "zone_id", "city": "city_id"}
"""Dimension of the metrics by which a trial's units are told apart; customers are none of them."""
_ALIVE = ("trial_designed", "trial_submitted", "trial_approved", "trial_running")


def propose(context: Context, plain: Mapping[str, Any]) -> TrialState:
    """Propose a trial; it is being designed until somebody asks for its approval.

    Parameters
    ----------
    plain : Mapping
        As `Trial.plain` gives it.

    Raises
    ------
    WrongUse
        The design makes no sense.
    NotFound
        It names a city or a metric that is not there for the actor.
    Forbidden
        He designs no trials in these cities.
    Conflict
        There is a trial of this name, or one of the same layer that has some of its units.
    """
    trial = trial_from(plain)
    places = places_of(context, trial.cities)
    if not roles_in(context, [(one.country, one.city_id) for one in places]) & TRIERS:
        raise Forbidden(Message("Trials are designed by analysts, city managers and stewards of all their cities."))
    if context.session.scalar(select(TrialRecord).where(TrialRecord.name == trial.name)) is not None:
        raise Conflict(Message("There is a trial of the name '{name}'. Choose another name.", name=trial.name))
    trial = laid_out(context, trial)
    _check(context, trial)
    case = open_case(context, _case(trial, places))
    record = TrialRecord(
        case_id=case.case_id,
        name=trial.name,
        state=TRIAL.first,
        design=trial.plain(),
        places=plain_places(places),
        version=1,
        first_day=trial.first,
        last_day=trial.last,
        created_at=context.now,
        created_by=context.actor.name,
    )
    context.session.add(record)
    context.session.flush()
    audit.record(context, action="trial_proposed", subject=trial.name)
    return state_of(context, record)


def revise(context: Context, name: str, plain: Mapping[str, Any], *, version: int | None = None) -> TrialState:
    """Change the design of a trial that nobody was asked to approve yet.

    Parameters
    ----------
    version : int or None
        Version of the case that the actor saw.

    Raises
    ------
    Conflict
        It is no longer being designed, or somebody else changed it meanwhile.
    NotFound, WrongUse, Forbidden
        As `propose`.
    """
    record = seen_record(context, name)
    trial = trial_from({**plain, "name": record.name})
    if record.state != TRIAL.first:
        raise Conflict(Message("Trial '{name}' is no longer being designed. Send it back first.", name=record.name))
    places = places_of(context, trial.cities)
    if not roles_in(context, [(one.country, one.city_id) for one in places]) & roles_of(context, record) & TRIERS:
        raise Forbidden(Message("Trials are designed by analysts, city managers and stewards of all their cities."))
    trial = laid_out(context, trial)
    _check(context, trial, but=record.trial_id)
    _act(context, record, "note", {"text": "design changed"}, version=version)
    record.design, record.places = trial.plain(), plain_places(places)
    record.first_day, record.last_day, record.version = trial.first, trial.last, record.version + 1
    audit.record(context, action="trial_revised", subject=record.name, details={"version": record.version})
    return state_of(context, record)


def act(
    context: Context, name: str, action: str, values: Mapping[str, Any] | None = None, *, version: int | None = None
) -> TrialState:
    """Move a trial on: ask for approval, approve, send back, start, stop, judge, withdraw, or add a note.

    Raises
    ------
    NotFound
        There is no such trial that the actor may see.
    Forbidden
        It is not his to do, or he may not do both this and what he did before.
    Conflict
        It cannot be done now, or somebody else was first.
    WrongUse
        Something that has to be said is missing.
    """
    record = seen_record(context, name)
    _act(context, record, action, values or {}, version=version)
    state = state_of(context, record)
    _follow(context, record, state.state)
    audit.record(context, action="trial_moved", subject=record.name, details={"action": action})
    return state


def move_by_calendar(context: Context) -> tuple[int, int]:
    """Begin approved trials whose first day has come in all their cities, and end those whose last day is over.

    Returns
    -------
    (int, int)
        How many began, and how many ended.
    """
    waiting = context.session.scalars(select(TrialRecord).where(TrialRecord.state.in_(("trial_approved", RUNNING))))
    begun = ended = 0
    for record in waiting.all():
        days = [place.moment(context.now)[0] for place in places_in(record)]
        if record.state == "trial_approved" and min(days) >= record.first_day:
            end_or_begin(context, record, "begin_trial", {})
            begun += 1
        elif record.state == RUNNING and min(days) > record.last_day:
            end_or_begin(context, record, "complete_trial", {})
            ended += 1
    return begun, ended


def end_or_begin(context: Context, record: TrialRecord, action: str, values: Mapping[str, Any]) -> None:
    """Let the platform move a trial on."""
    summary = act_for_platform(context, record.case_id, action, values)
    _follow(context, record, summary.state)


def list_trials(context: Context, state: str | None = None) -> tuple[TrialState, ...]:
    """List the trials that run, ran or are to run in a city that the actor may see, the newest first."""
    asked = select(TrialRecord).order_by(TrialRecord.trial_id.desc())
    if state is not None:
        asked = asked.where(TrialRecord.state == state)
    return tuple(state_of(context, record) for record in context.session.scalars(asked) if sees(context, record))


def find_trial(context: Context, name: str) -> TrialState:
    """Find a trial by its name or the number of its case.

    Raises
    ------
    NotFound
        There is none that the actor may see.
    """
    return state_of(context, seen_record(context, name))


def _act(
    context: Context, record: TrialRecord, action: str, values: Mapping[str, Any], *, version: int | None = None
) -> None:
    held = roles_of(context, record)
    wanted = {role for one in TRIAL.transitions if one.action == action for role in one.roles}
    role = next(iter(sorted(held & wanted)), None)
    if role is None:
        raise Forbidden(Message("{name} may look at this trial and not do that.", name=context.actor.name))
    act_as(context, record.case_id, action, values, role=role, version=version)


def _follow(context: Context, record: TrialRecord, state: str) -> None:
    if state == RUNNING and record.state != RUNNING:
        record.starts_at = context.now
    if state == ENDED and record.state != ENDED:
        record.ended_at = context.now
    record.state = state


def _check(context: Context, trial: Trial, *, but: int | None = None) -> None:
    """Refuse what can be neither assigned nor read out, while it still costs nothing."""
    for name in trial.metrics:
        if not has_parts(context, name):
            raise not_weighed(name)
    if trial.unit is Unit.CUSTOMER:
        _check_people(context, trial)
    else:
        shared = {one.name for one in dimensions_of(context, *trial.metrics)}
        needed = {DIMENSION_OF[trial.unit.value]}
        needed |= {"business_date", "local_hour"} if trial.design is Design.SWITCHBACK else {"business_date"}
        if not needed <= shared:
            raise WrongUse(
                Message("These metrics cannot be split by {names} together: choose others, or another unit.",
                        names=", ".join(sorted(needed - shared)))
            )  # fmt: skip
    strange = set(trial.zones) - set(zones_of(context, trial.cities)) if trial.zones else set()
    if strange:
        raise WrongUse(
            Message("These zones are none of the trial's cities: {names}.", names=", ".join(sorted(strange)))
        )
    _check_layer(context, trial, but)


def _check_people(context: Context, trial: Trial) -> None:
    for name in trial.metrics:
        if not is_kept_by(context, name, "customer_id"):
            raise WrongUse(
                Message("'{metric}' is made of facts that name no customer, so customers cannot be compared by it. "
                        "Choose another.", metric=name)
            )  # fmt: skip


def _check_layer(context: Context, trial: Trial, but: int | None) -> None:
    if not trial.layer:
        return
    alive = context.session.scalars(
        select(TrialRecord).where(TrialRecord.state.in_(_ALIVE), TrialRecord.last_day >= trial.first,
                                  TrialRecord.first_day <= trial.last)
    )  # fmt: skip
    others = [trial_in(one) for one in alive if one.trial_id != but]
    slices = [one.slice_bp for one in others if one.layer == trial.layer and one.unit == trial.unit]
    if overlap([*slices, trial.slice_bp]):
        raise Conflict(
            Message("Another trial of layer '{layer}' has some of these units at the same time. Choose another slice.",
                    layer=trial.layer)
        )  # fmt: skip


def _case(trial: Trial, places: tuple[Place, ...]) -> NewCase:
    countries = {one.country for one in places}
    only = places[0] if len(places) == 1 else None
    return NewCase(
        case_type=TRIAL.name,
        key=f"trial|{trial.name}",
        headline=HEADLINE,
        values={"name": trial.name},
        country=next(iter(countries)) if len(countries) == 1 else None,
        city_id=only.city_id if only else None,
        subject=trial.metric,
        severity=Severity.MINOR,
        timezone=places[0].timezone,
    )


__all__ = ["DIMENSION_OF", "act", "find_trial", "list_trials", "move_by_calendar", "no_trial", "propose", "revise"]
