"""What a simulated day comes to."""

from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from tiffin.capabilities.rehearsals.domain.city_run import CityRun
from tiffin.capabilities.rehearsals.domain.scenario import CAUSE_OF, Planted
from tiffin.engines.simulation.tables import Status
from tiffin.engines.simulation.trails import jobs

MINUTE_S = 60.0


@dataclass(frozen=True, slots=True)
class PlantedFigures:
    """A planted disruption as a rehearsal tells it."""

    kind: str
    cause: str
    starts_min: int
    ends_min: int
    factor: float
    zone_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DayFigures:
    """Measures of a simulated day; means over delivered orders, minutes; shares of all orders but `late_share`.

    Parameters
    ----------
    lost : int
        Orders that nobody could be found to carry.
    late_share : float
        Of delivered orders, after the promise.
    utilisation : float
        Riders' minutes with an order, of their minutes on shift.
    """

    city_id: str
    business_date: date
    seed: int
    orders: int
    delivered: int
    lost: int
    cancelled: int
    click_to_door_min: float
    ready_to_pickup_min: float
    late_share: float
    utilisation: float
    events: int
    cpu_s: float
    disruptions: tuple[PlantedFigures, ...]


def day_figures(run: CityRun, *, seed: int, cpu_s: float) -> DayFigures:
    """Measure the only day of a run."""
    day = run.days[0]
    orders, track, sessions = day.simulated.orders, day.simulated.happened.track, day.simulated.sessions
    done = track.status == Status.DELIVERED
    worked = jobs(day.simulated)
    busy_s = (worked.end_s - worked.start_s).sum()
    online_s = (day.simulated.happened.ended_s - sessions.on_s).sum()
    return DayFigures(
        city_id=run.scenario.city.city_id,
        business_date=day.calendar.day,
        seed=seed,
        orders=len(orders),
        delivered=int(done.sum()),
        lost=int((track.status == Status.NO_RIDER).sum()),
        cancelled=int(np.isin(track.status, (Status.CUSTOMER_CANCELLED, Status.MERCHANT_CANCELLED)).sum()),
        click_to_door_min=_mean_min((track.delivered_s - orders.placed_s)[done]),
        ready_to_pickup_min=_mean_min((track.picked_up_s - track.ready_s)[done]),
        late_share=float((track.delivered_s > track.promised_s)[done].mean()) if done.any() else 0.0,
        utilisation=float(busy_s / online_s) if online_s else 0.0,
        events=day.simulated.happened.events,
        cpu_s=cpu_s,
        disruptions=tuple(_told(planted) for planted, _ in run.scenario.disruptions_on(day.calendar.day)),
    )


def _mean_min(seconds: NDArray[np.int64]) -> float:
    return float(seconds.mean() / MINUTE_S) if len(seconds) else 0.0


def _told(planted: Planted) -> PlantedFigures:
    return PlantedFigures(
        kind=planted.kind.value,
        cause=CAUSE_OF[planted.kind].value,
        starts_min=planted.starts_min,
        ends_min=planted.ends_min,
        factor=planted.factor,
        zone_ids=planted.zone_ids,
    )
