"""What roll-outs ask of a city on a day: for the city's own page."""

from dataclasses import dataclass
from datetime import date

from tiffin.capabilities.balance.domain.roll_out import CityState
from tiffin.capabilities.balance.service.roll_outs.records import RUNNING, RollOutState, list_roll_outs
from tiffin.runtime.context import Context


@dataclass(frozen=True, slots=True)
class GateDue:
    """One roll-out that is under way and has something to do with a city.

    Parameters
    ----------
    state : str
        Of the roll-out, a name with words in `cases.service.words`.
    city_state : CityState
    wave : int
        That runs or ran last, from 1.
    due_day : date or None
        By the end of which its gate has to have spoken; None unless a wave runs.
    is_due : bool
        The day has come, or a person has to decide.
    verdict : str or None
        What the gate said last; None where it said nothing, or its numbers are not the actor's.
    """

    case_id: int
    name: str
    remedy: str
    state: str
    city_state: CityState
    wave: int
    due_day: date | None
    is_due: bool
    verdict: str | None
    because: tuple[str, ...]


def gates_due(context: Context, city_id: str, day: date) -> tuple[GateDue, ...]:
    """List the roll-outs under way that reach a city, those that are due first."""
    found = [
        _due(state, city.state, day)
        for state in list_roll_outs(context)
        if state.is_under_way
        for city in state.cities
        if city.place.city_id == city_id
    ]
    return tuple(sorted(found, key=lambda one: (not one.is_due, one.due_day or date.max, one.case_id)))


def _due(state: RollOutState, city_state: CityState, day: date) -> GateDue:
    last = state.gates[-1] if state.gates and state.gates[-1].wave == state.wave else None
    is_running = state.state == RUNNING
    return GateDue(
        case_id=state.case_id,
        name=state.plan.name,
        remedy=state.plan.remedy,
        state=state.state,
        city_state=city_state,
        wave=state.wave + 1,
        due_day=state.due_day if is_running else None,
        is_due=not is_running or (state.due_day is not None and state.due_day <= day),
        verdict=last.verdict if last else None,
        because=tuple(last.because) if last else (),
    )
