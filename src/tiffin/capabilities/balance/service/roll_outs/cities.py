"""The remedy in one city: switched on, held and taken back, and what other systems are told of it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from tiffin.capabilities.balance.domain.roll_out import CityState, Holdout, Plan
from tiffin.capabilities.balance.domain.roll_out_holdouts import is_unit_held_out, zones_held_out
from tiffin.capabilities.balance.models.roll_outs import RollOutCity, RollOutRecord
from tiffin.capabilities.balance.service.roll_outs.records import city_rows, places_in, plan_in, seen_record
from tiffin.capabilities.experiments.service.places import Place
from tiffin.kernel.errors import NotFound
from tiffin.kernel.messages import Message
from tiffin.kernel.people import PersonKind
from tiffin.runtime import people
from tiffin.runtime.context import Context


@dataclass(frozen=True, slots=True)
class CityNow:
    """What a system outside has to know before it acts in a city.

    Parameters
    ----------
    is_on : bool
        The remedy holds there; of a unit, for this unit now.
    unit : str or None
        Zone, merchant or rider that was asked for.
    until : datetime or None
        When this may change for a zone; None where it holds until somebody changes it.
    version : int
        Grows with each change of the city.
    """

    city_id: str
    state: CityState
    is_on: bool
    version: int
    changed_at: datetime
    unit: str | None = None
    until: datetime | None = None


def city_now(context: Context, name: str, city_id: str, unit: str | None = None) -> CityNow:
    """Tell whether a roll-out's remedy is on in a city now, or for one of its zones, merchants or riders.

    Raises
    ------
    NotFound
        There is no such roll-out or city that the actor may see.
    """
    record = seen_record(context, name)
    row, place = find_city(context, record, city_id)
    state = CityState(row.state)
    is_on, until = state is CityState.ON, None
    if unit is not None and is_on:
        is_out, until = _held_out(context, plan_in(record), row, place, unit)
        is_on = not is_out
    return CityNow(city_id, state, is_on, row.version, row.changed_at, unit, until)


def find_city(context: Context, record: RollOutRecord, city_id: str) -> tuple[RollOutCity, Place]:
    """Find a city of a roll-out that the actor may see.

    Raises
    ------
    NotFound
        There is none.
    """
    row = city_rows(context, record).get(city_id)
    place = next((one for one in places_in(record) if one.city_id == city_id), None)
    if row is None or place is None or not context.actor.may_see_city(country=place.country, city_id=city_id):
        raise NotFound(Message("There is no city '{city}' that you may see. Choose one of the list.", city=city_id))
    return row, place


def put(context: Context, row: RollOutCity, place: Place, state: CityState) -> bool:
    """Bring a city into a state; nothing changes where it is in it already.

    A business day counts where the remedy was on from its beginning to its end.
    """
    if row.state == state:
        return False
    today = place.moment(context.now)[0]
    if row.state == CityState.ON:
        row.spells = _ended(row.spells, today - timedelta(days=1))
    if state is CityState.ON:
        row.spells = [*row.spells, [(today + timedelta(days=1)).isoformat(), None]]
    row.state, row.version, row.changed_at = state.value, row.version + 1, context.now
    return True


def put_all(context: Context, record: RollOutRecord, state: CityState, *, waves: Iterable[int]) -> tuple[str, ...]:
    """Bring every city of some waves that has the remedy, or is held, into a state; name those that changed."""
    wanted, known = set(waves), {place.city_id: place for place in places_in(record)}
    return tuple(
        city_id
        for city_id, row in city_rows(context, record).items()
        if row.wave in wanted and row.state in (CityState.ON, CityState.HELD)
        and put(context, row, known[city_id], state)
    )  # fmt: skip


def days_on(row: RollOutCity, through: date) -> frozenset[date]:
    """Give the whole business days through another on which the remedy was on in a city."""
    found: set[date] = set()
    for first, last in row.spells:
        begun = date.fromisoformat(str(first))
        ended = min(through, date.fromisoformat(last)) if last else through
        found |= {begun + timedelta(days=number) for number in range((ended - begun).days + 1)}
    return frozenset(found)


def _ended(spells: list[list[str | None]], last: date) -> list[list[str | None]]:
    *earlier, (first, _) = spells
    if date.fromisoformat(str(first)) > last:
        return earlier
    return [*earlier, [first, last.isoformat()]]


def _held_out(context: Context, plan: Plan, row: RollOutCity, place: Place, unit: str) -> tuple[bool, datetime | None]:
    if plan.holdout is not Holdout.ZONE:
        return is_unit_held_out(plan, f"{place.city_id}/{_named(context, plan, place, unit)}"), None
    if unit not in row.zones:
        raise NotFound(Message("There is no zone '{zone}' in this city.", zone=unit))
    day, minute = place.moment(context.now)
    window = minute // plan.window_min
    until = context.now + timedelta(minutes=(window + 1) * plan.window_min - minute)
    is_out = unit in zones_held_out(plan, place.city_id, row.zones, day, window)
    return is_out, until.replace(second=0, microsecond=0)


def _named(context: Context, plan: Plan, place: Place, unit: str) -> str:
    """Give the name under which facts know a unit; somebody who was forgotten has none, and is like anybody else."""
    if plan.holdout is not Holdout.RIDER or place.is_simulated:
        return unit
    return people.pseudonyms(context.unit, PersonKind.RIDER, (unit,))[unit] or unit
