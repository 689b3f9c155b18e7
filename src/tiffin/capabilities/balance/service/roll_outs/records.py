"""Roll-outs in the database: found, and only by those who may see them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from tiffin.capabilities.balance.domain.roll_out import CityState, Plan, plan_from
from tiffin.capabilities.balance.models.roll_outs import RollOutCity, RollOutGate, RollOutRecord
from tiffin.capabilities.cases.domain.case import CaseDetail
from tiffin.capabilities.cases.service import guided_case
from tiffin.capabilities.experiments.service.places import Place, roles_in
from tiffin.engines.cases.declaration import Transition
from tiffin.kernel.errors import NotFound
from tiffin.kernel.messages import Message
from tiffin.runtime.context import Context

DRAFTED, AGREED = "roll_out_drafted", "roll_out_agreed"
RUNNING, PASSED, OVERDUE, HALTED = "wave_running", "gate_passed", "gate_overdue", "roll_out_halted"
UNDER_WAY = (RUNNING, PASSED, OVERDUE, HALTED)


@dataclass(frozen=True, slots=True)
class CityOfRollOut:
    """One city of a roll-out as it stands.

    Parameters
    ----------
    version : int
        Grows with each change of its state.
    """

    place: Place
    wave: int
    state: CityState
    version: int
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class GateLook:
    """What the gate of a wave said at one look.

    Parameters
    ----------
    readings : tuple of mapping
        By metric its effect with the interval, in the metric's unit; None where nothing could be told.
    """

    wave: int
    through_day: date
    read_at: datetime
    days: int
    verdict: str
    because: tuple[str, ...]
    readings: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True, slots=True)
class RollOutState:
    """A roll-out as whoever may see it reads it.

    Parameters
    ----------
    wave : int
        That runs or ran last, from 0; -1 before the first.
    due_day : date or None
        By the end of which the running wave's gate has to have spoken.
    gates : tuple of GateLook
        The oldest look first; only for those who see all of its cities.
    actions : tuple of Transition
        What the actor may do with it now, as a whole.
    """

    roll_out_id: int
    case_id: int
    plan: Plan
    state: str
    version: int
    wave: int
    wave_first_day: date | None
    due_day: date | None
    created_at: datetime
    created_by: str
    cities: tuple[CityOfRollOut, ...]
    gates: tuple[GateLook, ...]
    actions: tuple[Transition, ...]
    case: CaseDetail

    @property
    def is_under_way(self) -> bool:
        """Tell whether it was begun and is not over."""
        return self.state in UNDER_WAY


def list_roll_outs(context: Context, state: str | None = None) -> tuple[RollOutState, ...]:
    """List the roll-outs that reach a city that the actor may see, the newest first."""
    asked = select(RollOutRecord).order_by(RollOutRecord.roll_out_id.desc())
    if state is not None:
        asked = asked.where(RollOutRecord.state == state)
    return tuple(state_of(context, one) for one in context.session.scalars(asked) if sees(context, one))


def find_roll_out(context: Context, name: str) -> RollOutState:
    """Find a roll-out by its name or the number of its case.

    Raises
    ------
    NotFound
        There is none that the actor may see.
    """
    return state_of(context, seen_record(context, name))


def seen_record(context: Context, name: str) -> RollOutRecord:
    """Find a roll-out that reaches a city that the actor may see.

    Raises
    ------
    NotFound
        There is none.
    """
    wanted = RollOutRecord.case_id == int(name) if name.isdecimal() else RollOutRecord.name == name
    found = context.session.scalar(select(RollOutRecord).where(wanted))
    if found is None or not sees(context, found):
        raise NotFound(
            Message("There is no roll-out '{name}' that you may see. `tiffin roll-outs list` names those.", name=name)
        )
    return found


def sees(context: Context, record: RollOutRecord) -> bool:
    """Tell whether the actor sees any of its cities as a whole."""
    return any(_sees(context, place) for place in places_in(record))


def sees_all(context: Context, record: RollOutRecord) -> bool:
    """Tell whether the actor sees every one of its cities as a whole, so that its numbers are his to read."""
    return all(_sees(context, place) for place in places_in(record))


def roles_of(context: Context, record: RollOutRecord) -> frozenset[str]:
    """Give the roles that the actor holds over all of its cities."""
    return roles_in(context, [(one.country, one.city_id) for one in places_in(record)])


def places_in(record: RollOutRecord) -> tuple[Place, ...]:
    """Give its cities with their clocks."""
    return tuple(Place(**one) for one in record.places)


def plan_in(record: RollOutRecord) -> Plan:
    """Give its plan."""
    return plan_from(record.plan)


def city_rows(context: Context, record: RollOutRecord) -> Mapping[str, RollOutCity]:
    """Give the row of each city."""
    asked = select(RollOutCity).where(RollOutCity.roll_out_id == record.roll_out_id)
    return {row.city_id: row for row in context.session.scalars(asked)}


def gates_of(context: Context, record: RollOutRecord) -> tuple[GateLook, ...]:
    """Give what its gates said, the oldest look first; nothing where the actor may not read it."""
    if not sees_all(context, record):
        return ()
    asked = select(RollOutGate).where(RollOutGate.roll_out_id == record.roll_out_id)
    rows = context.session.scalars(asked.order_by(RollOutGate.wave, RollOutGate.through_day))
    return tuple(
        GateLook(row.wave, row.through_day, row.read_at, row.days, row.verdict, tuple(row.because),
                 tuple(row.readings))
        for row in rows
    )  # fmt: skip


def state_of(context: Context, record: RollOutRecord) -> RollOutState:
    """Give a roll-out with where it stands and what the actor may do."""
    case = guided_case(context, record.case_id, roles=roles_of(context, record))
    return RollOutState(
        roll_out_id=record.roll_out_id,
        case_id=record.case_id,
        plan=plan_in(record),
        state=case.summary.state,
        version=case.summary.version,
        wave=record.wave,
        wave_first_day=record.wave_first_day,
        due_day=record.due_day,
        created_at=record.created_at,
        created_by=record.created_by,
        cities=_cities(context, record),
        gates=gates_of(context, record),
        actions=tuple(one for one in case.actions if one.action != "change_city"),
        case=case,
    )


def _cities(context: Context, record: RollOutRecord) -> tuple[CityOfRollOut, ...]:
    """Give the cities in the order of their waves; those that the actor does not see are left out."""
    rows = city_rows(context, record)
    known = {place.city_id: place for place in places_in(record)}
    return tuple(
        CityOfRollOut(known[city], rows[city].wave, CityState(rows[city].state), rows[city].version,
                      rows[city].changed_at)
        for city in plan_in(record).cities
        if city in rows and _sees(context, known[city])
    )  # fmt: skip


def _sees(context: Context, place: Place) -> bool:
    return context.actor.may_see_city(country=place.country, city_id=place.city_id)
