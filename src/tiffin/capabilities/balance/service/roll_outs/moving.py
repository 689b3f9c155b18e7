"""Roll-outs moved on: by people, one act each, and by the platform where a gate has spoken."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from tiffin.capabilities.balance.domain.roll_out import CityState, Holdout
from tiffin.capabilities.balance.models.roll_outs import RollOutRecord
from tiffin.capabilities.balance.queries.roll_outs import zones_in
from tiffin.capabilities.balance.service.roll_outs.cities import find_city, put, put_all
from tiffin.capabilities.balance.service.roll_outs.records import (
    RUNNING,
    RollOutState,
    city_rows,
    places_in,
    plan_in,
    roles_of,
    seen_record,
    state_of,
)
from tiffin.capabilities.cases.domain.roll_out_cases import PLANNERS, ROLL_OUT
from tiffin.capabilities.cases.service import act_as, act_for_platform
from tiffin.capabilities.experiments.service.places import Place, roles_in
from tiffin.kernel.errors import Conflict, Forbidden, WrongUse
from tiffin.kernel.messages import Message
from tiffin.runtime import audit
from tiffin.runtime.context import Context

CHANGE_CITY, START, TAKE_BACK, STOP = "change_city", "start_wave", "take_back", "stop_roll_out"
LET_GO_ON = "let_go_on"
_UNDECIDED = (RUNNING, "gate_overdue")
_FROM = {
    CityState.ON: (CityState.HELD,),
    CityState.HELD: (CityState.ON,),
    CityState.BACK: (CityState.ON, CityState.HELD),
}
"""From which states a person may bring a single city into another: none jumps its wave, and none comes back."""


def act(
    context: Context, name: str, action: str, values: Mapping[str, Any] | None = None, *, version: int | None = None
) -> RollOutState:
    """Move a roll-out on: ask for agreement, agree, begin a wave, stop, take back, or change one city.

    Raises
    ------
    NotFound
        There is no such roll-out that the actor may see.
    Forbidden
        It is not his to do, or he may not do both this and what he did before.
    Conflict
        It cannot be done now, or somebody else was first.
    WrongUse
        Something that has to be said is missing.
    """
    record = seen_record(context, name)
    said = dict(values or {})
    if action == CHANGE_CITY:
        return change_city(context, name, said, version=version)
    undecided = record.wave if record.state in _UNDECIDED else None
    held = roles_of(context, record)
    wanted = {role for one in ROLL_OUT.transitions if one.action == action for role in one.roles}
    role = next(iter(sorted(held & wanted)), None)
    if role is None:
        raise _not_yours(context)
    summary = act_as(context, record.case_id, action, said, role=role, version=version)
    record.state = summary.state
    _follow(context, record, action, undecided)
    audit.record(context, action="roll_out_moved", subject=record.name, details={"action": action})
    return state_of(context, record)


def change_city(context: Context, name: str, said: Mapping[str, Any], *, version: int | None = None) -> RollOutState:
    """Hold the remedy in one city, let it go on there again, or take it back there.

    Parameters
    ----------
    said : Mapping
        ``city``, ``to`` (`CityState`) and ``reason``.

    Raises
    ------
    NotFound, Forbidden, Conflict, WrongUse
        As `act`; also where the city cannot come from its state into that one.
    """
    record = seen_record(context, name)
    row, place = find_city(context, record, str(said.get("city", "")))
    role = next(iter(sorted(roles_in(context, [(place.country, place.city_id)]) & PLANNERS)), None)
    if role is None:
        raise _not_yours(context)
    try:
        to = CityState(str(said.get("to", "")))
    except ValueError:
        raise WrongUse(Message("Say whether the city is on, held or back.")) from None
    if CityState(row.state) not in _FROM.get(to, ()):
        raise Conflict(
            Message("{city} cannot be changed so: a city begins with its wave, and one that went back stays back.",
                    city=place.name)
        )  # fmt: skip
    act_as(context, record.case_id, CHANGE_CITY, said, role=role, version=version)
    put(context, row, place, to)
    details = {"city": place.city_id, "to": to.value}
    audit.record(context, action="roll_out_city_changed", subject=record.name, details=details)
    return state_of(context, record)


def move_by_platform(context: Context, record: RollOutRecord, action: str, values: Mapping[str, Any]) -> None:
    """Let the platform move a roll-out on, with what follows in its cities."""
    summary = act_for_platform(context, record.case_id, action, values)
    record.state = summary.state
    audit.record(context, action="roll_out_moved_by_itself", subject=record.name, details={"action": action})


def pass_on(context: Context, record: RollOutRecord) -> None:
    """Begin the next wave after a gate that let it go on, or end the roll-out after the last."""
    if record.wave + 1 < len(plan_in(record).waves):
        move_by_platform(context, record, "begin_wave", {"wave": record.wave + 2})
        begin_wave(context, record)
    else:
        move_by_platform(context, record, "complete_roll_out", {})


def begin_wave(context: Context, record: RollOutRecord) -> None:
    """Switch the remedy on in the cities of the next wave; its whole days count from tomorrow."""
    plan, known = plan_in(record), {place.city_id: place for place in places_in(record)}
    record.wave += 1
    rows = [row for row in city_rows(context, record).values() if row.wave == record.wave]
    zones = zones_by_city(context, tuple(row.city_id for row in rows)) if plan.holdout is Holdout.ZONE else {}
    for row in rows:
        row.zones = zones.get(row.city_id, [])
        put(context, row, known[row.city_id], CityState.ON)
    record.wave_first_day = min(_tomorrow(context, known[row.city_id]) for row in rows)
    record.due_day = record.wave_first_day + timedelta(days=plan.most_days - 1)


def zones_by_city(context: Context, cities: tuple[str, ...]) -> dict[str, list[str]]:
    """List the zones of each of some cities."""
    found: dict[str, list[str]] = {}
    for row in context.warehouse.query(zones_in(cities)).to_pylist():
        found.setdefault(row["city_id"], []).append(row["zone_id"])
    return found


def _follow(context: Context, record: RollOutRecord, action: str, undecided: int | None) -> None:
    """Do in the cities what an act of a person means there."""
    if action == START:
        begin_wave(context, record)
    elif action == TAKE_BACK:
        put_all(context, record, CityState.BACK, waves=range(record.wave + 1))
    elif action == STOP and undecided is not None:
        put_all(context, record, CityState.BACK, waves=(undecided,))
    elif action == LET_GO_ON and record.wave + 1 == len(plan_in(record).waves):
        move_by_platform(context, record, "complete_roll_out", {})


def _tomorrow(context: Context, place: Place) -> date:
    return place.moment(context.now)[0] + timedelta(days=1)


def _not_yours(context: Context) -> Forbidden:
    return Forbidden(Message("{name} may look at this roll-out and not do that.", name=context.actor.name))
