"""The windows of a running switchback on the present business day of each of its areas."""

from dataclasses import dataclass

from tiffin.capabilities.experiments.domain.trial import Unit
from tiffin.capabilities.experiments.models import TrialRecord
from tiffin.capabilities.experiments.queries import places as ask
from tiffin.capabilities.experiments.service.places import Place
from tiffin.capabilities.experiments.service.records import places_in, trial_in
from tiffin.engines.experiments.assigning.windows import DAY_MIN, is_treated
from tiffin.runtime.context import Context


@dataclass(frozen=True, slots=True)
class AreaToday:
    """One area of a switchback today.

    Parameters
    ----------
    zone_id : str or None
        None where whole cities change their arm.
    arms : tuple of int
        Number of the arm in each window of the business day, 0 for what is done today.
    now : int
        The window that runs.
    """

    city_id: str
    city: str
    zone_id: str | None
    arms: tuple[int, ...]
    now: int


@dataclass(frozen=True, slots=True)
class WindowsToday:
    """All areas that the actor sees, with the times at which their windows begin.

    Parameters
    ----------
    begins_min : tuple of int
        Minutes after local midnight.
    """

    begins_min: tuple[int, ...]
    areas: tuple[AreaToday, ...]


def windows_today(context: Context, record: TrialRecord) -> WindowsToday:
    """Lay out today's windows of a switchback for the areas of the cities that the actor sees as a whole."""
    trial, places = trial_in(record), places_in(record)
    seen = [one for one in places if context.actor.may_see_city(country=one.country, city_id=one.city_id)]
    zones: dict[str, list[str | None]] = {one.city_id: [None] for one in seen}
    if trial.unit is Unit.ZONE:
        rows = context.warehouse.query(ask.zones(tuple(zones))).to_pylist()
        zones = {
            one.city_id: [
                row["zone_id"]
                for row in rows
                if row["city_id"] == one.city_id and (not trial.zones or row["zone_id"] in trial.zones)
            ]
            for one in seen
        }
    begins = tuple((seen[0].cutoff_min + at) % DAY_MIN for at in range(0, DAY_MIN, trial.window_min)) if seen else ()
    areas = [_area(context, record, place, zone) for place in seen for zone in zones[place.city_id]]
    return WindowsToday(begins, tuple(areas))


def _area(context: Context, record: TrialRecord, place: Place, zone: str | None) -> AreaToday:
    trial = trial_in(record)
    schedule = trial.schedule()
    day, minute = place.moment(context.now)
    name = place.city_id if zone is None else f"{place.city_id}/{zone}"
    number = (day - trial.first).days
    arms = tuple(int(is_treated(schedule, name, number, window)) for window in range(schedule.per_day))
    return AreaToday(place.city_id, place.name, zone, arms, minute // trial.window_min)
