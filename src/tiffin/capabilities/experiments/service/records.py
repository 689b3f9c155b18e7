"""Trials in the database: found, and only by those who may see them."""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from tiffin.capabilities.cases.domain.case import CaseDetail
from tiffin.capabilities.cases.service import guided_case
from tiffin.capabilities.experiments.domain.trial import Trial, trial_from
from tiffin.capabilities.experiments.models import TrialRecord
from tiffin.capabilities.experiments.service.places import Place, roles_in
from tiffin.engines.cases.declaration import Transition
from tiffin.kernel.errors import NotFound
from tiffin.kernel.messages import Message
from tiffin.runtime.context import Context

RUNNING, ENDED, JUDGED = "trial_running", "trial_ended", "trial_judged"
READABLE = (RUNNING, ENDED, JUDGED)


@dataclass(frozen=True, slots=True)
class TrialState:
    """A trial as whoever may see it reads it.

    Parameters
    ----------
    actions : tuple of Transition
        What the actor may do with it now.
    """

    trial_id: int
    case_id: int
    trial: Trial
    places: tuple[Place, ...]
    state: str
    version: int
    created_by: str
    created_at: datetime
    starts_at: datetime | None
    ended_at: datetime | None
    due_at: datetime | None
    actions: tuple[Transition, ...]
    case: CaseDetail


def no_trial(name: str) -> NotFound:
    """Say that there is no such trial among those that the actor may see."""
    return NotFound(
        Message("There is no trial '{name}' that you may see. `tiffin experiments list` names those.", name=name)
    )


def record_of(context: Context, name: str) -> TrialRecord:
    """Find a trial by its name or the number of its case, whoever asks.

    Raises
    ------
    NotFound
        There is none.
    """
    wanted = TrialRecord.case_id == int(name) if name.isdigit() else TrialRecord.name == name
    found = context.session.scalar(select(TrialRecord).where(wanted))
    if found is None:
        raise no_trial(name)
    return found


def seen_record(context: Context, name: str) -> TrialRecord:
    """Find a trial that runs in a city that the actor may see.

    Raises
    ------
    NotFound
        There is none.
    """
    record = record_of(context, name)
    if not sees(context, record):
        raise no_trial(name)
    return record


def sees(context: Context, record: TrialRecord) -> bool:
    """Tell whether the actor sees any city of a trial as a whole."""
    return any(context.actor.may_see_city(country=one["country"], city_id=one["city_id"]) for one in record.places)


def sees_all(context: Context, record: TrialRecord) -> bool:
    """Tell whether the actor sees every city of a trial as a whole, so that its numbers are his to read."""
    return all(context.actor.may_see_city(country=one["country"], city_id=one["city_id"]) for one in record.places)


def roles_of(context: Context, record: TrialRecord) -> frozenset[str]:
    """Give the roles that the actor holds over all cities of a trial."""
    return roles_in(context, [(one["country"], one["city_id"]) for one in record.places])


def places_in(record: TrialRecord) -> tuple[Place, ...]:
    """Give the cities of a trial with their clocks."""
    return tuple(Place(**one) for one in record.places)


def plain_places(places: tuple[Place, ...]) -> list[dict[str, Any]]:
    """Give cities as they are kept."""
    return [asdict(one) for one in places]


def trial_in(record: TrialRecord) -> Trial:
    """Give the design of a trial."""
    return trial_from(record.design)


def state_of(context: Context, record: TrialRecord) -> TrialState:
    """Give a trial with where it stands and what the actor may do."""
    case = guided_case(context, record.case_id, roles=roles_of(context, record))
    return TrialState(
        trial_id=record.trial_id,
        case_id=record.case_id,
        trial=trial_in(record),
        places=places_in(record),
        state=case.summary.state,
        version=case.summary.version,
        created_by=record.created_by,
        created_at=record.created_at,
        starts_at=record.starts_at,
        ended_at=record.ended_at,
        due_at=case.summary.due_at,
        actions=case.actions,
        case=case,
    )
