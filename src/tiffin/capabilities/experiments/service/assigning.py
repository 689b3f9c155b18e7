"""Arms given to units: the same one always, noted when it is given for the first time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from tiffin.capabilities.cases.service.upserting import insert_into
from tiffin.capabilities.experiments.domain.trial import Design, Trial, Unit
from tiffin.capabilities.experiments.models import TrialExposure, TrialRecord
from tiffin.capabilities.experiments.service.places import Place
from tiffin.capabilities.experiments.service.records import RUNNING, places_in, roles_of, seen_record, trial_in
from tiffin.engines.experiments.assigning.allocation import arms_of
from tiffin.engines.experiments.assigning.windows import placed
from tiffin.kernel.errors import Conflict, Forbidden, WrongUse
from tiffin.kernel.messages import Message
from tiffin.kernel.people import PersonKind
from tiffin.runtime import people
from tiffin.runtime.context import Context

MOST = 10_000
_EXPOSURES: Any = TrialExposure.__table__
PEOPLE = {Unit.CUSTOMER: PersonKind.CUSTOMER, Unit.RIDER: PersonKind.RIDER}


@dataclass(frozen=True, slots=True)
class Assigned:
    """What a unit has.

    Parameters
    ----------
    unit : str
        As it was asked for.
    arm : str or None
        None where it takes no part.
    until : datetime or None
        When a switchback may change it; None for a unit that keeps its arm.
    is_washed_out : bool
        What happens now is not read out.
    """

    unit: str
    arm: str | None
    until: datetime | None = None
    is_washed_out: bool = False


def assign(context: Context, name: str, units: Sequence[str]) -> tuple[Assigned, ...]:
    """Give units of a running trial their arms.

    Customers and riders are named as the sources of facts name them, merchants, zones and cities as facts do.

    Raises
    ------
    NotFound
        There is no such trial that the actor may see.
    Forbidden
        He holds no role over all of its cities.
    Conflict
        It does not run.
    WrongUse
        Too many units at once, or an area that is none of the trial's.
    """
    record = seen_record(context, name)
    if not roles_of(context, record):
        raise Forbidden(Message("Arms are given to whoever works in all cities of the trial."))
    if record.state != RUNNING:
        raise Conflict(Message("Trial '{name}' does not run now; nothing is changed for anybody.", name=record.name))
    if len(units) > MOST or not all(units):
        raise WrongUse(Message("Ask for at most {most} units at once, each with a name.", most=MOST))
    trial = trial_in(record)
    if trial.design is Design.SWITCHBACK:
        return tuple(_in_window(context, trial, places_in(record), unit) for unit in units)
    if trial.design.is_of_areas_for_good:
        return tuple(_begun(context, trial, places_in(record), unit) for unit in units)
    return _kept(context, record, trial, units)


def _begun(context: Context, trial: Trial, places: Sequence[Place], area: str) -> Assigned:
    """Give an area the arm of those that have begun, or of those that have not."""
    place = next((one for one in places if one.city_id == area.partition("/")[0]), None)
    if place is None:
        raise WrongUse(
            Message("'{area}' is no area of this trial. Name a zone as city/zone, and a city by itself.", area=area)
        )
    start = next((one.day for one in trial.starts if one.area == area), None)
    day, _ = place.moment(context.now)
    return Assigned(area, trial.arms[start is not None and day >= start].name)


def _kept(context: Context, record: TrialRecord, trial: Trial, units: Sequence[str]) -> tuple[Assigned, ...]:
    named = _named(context, record, trial.unit, units)
    known = _known(context, record.trial_id, [one for one in named.values() if one])
    wanted = [one for one in dict.fromkeys(named.values()) if one and one not in known]
    drawn = dict(zip(wanted, arms_of(trial.allocation(), wanted), strict=True))
    new = {unit: arm for unit, arm in drawn.items() if arm is not None}
    if new:
        rows = [
            {"trial_id": record.trial_id, "unit": unit, "arm": arm, "first_at": context.now}
            for unit, arm in new.items()
        ]
        added: Any = context.session.execute(insert_into(context, _EXPOSURES).on_conflict_do_nothing(), rows)
        if added.rowcount != len(new):  # somebody else asked for one of them at the same moment
            drawn |= _known(context, record.trial_id, list(new))
    arms = drawn | known
    return tuple(Assigned(unit, arms.get(named[unit] or "")) for unit in units)


def _named(context: Context, record: TrialRecord, unit: Unit, units: Sequence[str]) -> dict[str, str | None]:
    """Give the names under which facts know the units; None for people who were forgotten."""
    kind = None if all(place.is_simulated for place in places_in(record)) else PEOPLE.get(unit)
    return people.pseudonyms(context.unit, kind, units) if kind is not None else {one: one for one in units}


def _known(context: Context, trial_id: int, units: Sequence[str]) -> dict[str, str]:
    # Of the table itself: one arm is asked for thousands of times a minute, and objects cost more than the rest.
    wanted = _EXPOSURES.c.unit == units[0] if len(units) == 1 else _EXPOSURES.c.unit.in_(units)
    asked = select(_EXPOSURES.c.unit, _EXPOSURES.c.arm).where(_EXPOSURES.c.trial_id == trial_id, wanted)
    return {row.unit: row.arm for row in context.unit.execute(asked)}


def _in_window(context: Context, trial: Trial, places: Sequence[Place], area: str) -> Assigned:
    city_id, _, zone_id = area.rpartition("/") if trial.unit is Unit.ZONE else (area, "", "")
    place = next((one for one in places if one.city_id == city_id), None)
    if place is None or (trial.zones and zone_id not in trial.zones):
        raise WrongUse(
            Message("'{area}' is no area of this trial. Name a zone as city/zone, and a city by itself.", area=area)
        )
    day, minute = place.moment(context.now)
    found = placed(trial.schedule(), area, (day - trial.first).days, minute)
    until = context.now + timedelta(minutes=found.until_min - minute)
    return Assigned(area, found.arm, until.replace(second=0, microsecond=0), found.is_washed_out)
