"""Instances of the meal delivery routing problem, run by the same event loop as the simulated cities.

References
----------
Reyes, Erera, Savelsbergh, Sahasrabudhe, O'Neil (2018), The meal delivery routing problem. Times are whole minutes,
riding times are rounded up, a courier may not pick up after his shift, nothing is decided before it is known.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

import numpy as np

from tiffin.engines.simulation.day import morning, until_evening
from tiffin.engines.simulation.tables import (
    FACTORS,
    MERCHANTS,
    NEVER,
    ORDERS,
    SESSIONS,
    SLOTS,
    Floats,
    Happened,
    Indices,
    Records,
    Rules,
    Status,
    records,
)

MINUTE_S = 60
NEAREST = "nearest"
POLICIES = (NEAREST,)
LEAD_MIN: Mapping[str, int] = {NEAREST: 12}
"""Minutes before it is ready at which an order is offered; on the 168 public instances 10 to 18 differ little."""
EVERYWHERE_M = 1e9


@dataclass(frozen=True, slots=True)
class Instance:
    """A day of orders, couriers and restaurants; times in minutes since the day began, places in metres.

    Parameters
    ----------
    restaurant : (n_orders,), number of the restaurant of each order
    """

    order_ids: tuple[str, ...]
    order_x: Floats
    order_y: Floats
    placed_min: Indices
    ready_min: Indices
    restaurant: Indices
    courier_ids: tuple[str, ...]
    courier_x: Floats
    courier_y: Floats
    on_min: Indices
    off_min: Indices
    restaurant_ids: tuple[str, ...]
    restaurant_x: Floats
    restaurant_y: Floats
    metres_per_minute: float
    pickup_min: int
    dropoff_min: int
    target_min: int
    maximum_min: int
    pay_per_order: float
    guarantee_per_hour: float


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a policy made of an instance; (n_orders,) each, minutes, -1 where an order was not delivered.

    Parameters
    ----------
    courier : (n_orders,), number of the courier, or -1
    pickup_min : goods in hand; the courier leaves half the pickup service later
    """

    courier: Indices
    assigned_min: Indices
    arrived_min: Indices
    pickup_min: Indices
    dropoff_min: Indices
    events: int


@dataclass(frozen=True, slots=True)
class Figures:
    """The measures of Reyes et al. (2018), section 5: means over delivered orders, minutes."""

    orders: int
    delivered: int
    click_to_door_min: float
    ready_to_pickup_min: float
    overage_min: float
    cost_per_order: float

    @property
    def undelivered_share(self) -> float:
        """Share of the orders that were never dropped off, or too late."""
        return 1.0 - self.delivered / self.orders if self.orders else 0.0


def solve(instance: Instance, policy: str = NEAREST) -> Outcome:
    """Run an instance under a policy."""
    return _outcome(instance, prepared(instance, policy)())


def prepared(instance: Instance, policy: str = NEAREST) -> Callable[[], Happened]:
    """Set an instance up, so that it can be run, once."""
    world = morning(
        orders=_orders(instance),
        merchants=_merchants(instance),
        sessions=_sessions(instance),
        factors=_free_roads(),
        near=np.ones((1, 1), dtype=np.bool_),
        rules=_rules(instance, LEAD_MIN[policy]),
    )
    return partial(until_evening, world)


def figures(instance: Instance, outcome: Outcome) -> Figures:
    """Measure an outcome; an order dropped off after the maximum counts as undelivered."""
    click = outcome.dropoff_min - instance.placed_min
    done = (outcome.dropoff_min >= 0) & (click <= instance.maximum_min)
    orders = np.bincount(outcome.courier[done], minlength=len(instance.courier_ids))
    hours = (instance.off_min - instance.on_min) / MINUTE_S
    pay = np.maximum(instance.pay_per_order * orders, instance.guarantee_per_hour * hours).sum()
    delivered = int(done.sum())
    return Figures(
        orders=len(instance.order_ids),
        delivered=delivered,
        click_to_door_min=_mean(click[done]),
        ready_to_pickup_min=_mean((outcome.pickup_min - instance.ready_min)[done]),
        overage_min=_mean(np.maximum(0, click[done] - instance.target_min)),
        cost_per_order=float(pay) / max(1, delivered),
    )


def _mean(minutes: Indices) -> float:
    return float(minutes.mean()) if len(minutes) else 0.0


def _orders(instance: Instance) -> Records:
    count = len(instance.order_ids)
    zero, never = np.zeros(count, dtype=np.int64), np.full(count, NEVER, dtype=np.int64)
    # Whoever is not with a rider by then would be dropped off after the maximum.
    patience = np.full(count, instance.maximum_min * MINUTE_S, dtype=np.int64)
    return records(
        ORDERS,
        counter=np.arange(count, dtype=np.int64),
        origin=never,
        placed_s=instance.placed_min * MINUTE_S,
        merchant=instance.restaurant,
        drop_zone=zero,
        drop_x=instance.order_x,
        drop_y=instance.order_y,
        accept_s=zero,
        prep_s=(instance.ready_min - instance.placed_min) * float(MINUTE_S),
        pickup_s=zero + instance.pickup_min * MINUTE_S,
        dropoff_s=zero + instance.dropoff_min * MINUTE_S,
        approach_noise=np.ones(count),
        ride_noise=np.ones(count),
        patience_s=patience,
        regret_s=never,
        no_rider_s=patience,
        refused=zero,
    )


def _merchants(instance: Instance) -> Records:
    count = len(instance.restaurant_ids)
    return records(
        MERCHANTS,
        x=instance.restaurant_x,
        y=instance.restaurant_y,
        zone=np.zeros(count, dtype=np.int64),
        capacity=np.ones(count),
        expected_prep_s=np.zeros(count),
    )


def _sessions(instance: Instance) -> Records:
    count = len(instance.courier_ids)
    return records(
        SESSIONS,
        shift=np.arange(count, dtype=np.int64),
        on_s=instance.on_min * MINUTE_S,
        off_s=instance.off_min * MINUTE_S,
        zone=np.zeros(count, dtype=np.int64),
        x=instance.courier_x,
        y=instance.courier_y,
        speed_m_s=np.full(count, instance.metres_per_minute / MINUTE_S),
    )


def _free_roads() -> Records:
    ones = np.ones((1, SLOTS))
    return records(FACTORS, travel=ones, usual_travel=ones, prep=ones)


def _rules(instance: Instance, lead_min: int) -> Rules:
    return Rules(
        lead_s=lead_min * MINUTE_S,
        radius_m=EVERYWHERE_M,
        home_s=0,
        slowdown=0.0,
        promise_buffer_s=instance.maximum_min * MINUTE_S,
        promise_load_s=0.0,
        usual_load=0.0,
        promise_step_s=MINUTE_S,
        usual_speed_m_s=instance.metres_per_minute / MINUTE_S,
        usual_approach_s=0,
        age_m_s=0.0,
        round_s=MINUTE_S,
        grace_s=0,
        goes_home=False,
    )


def _outcome(instance: Instance, happened: Happened) -> Outcome:
    track = happened.track
    done = track.status == Status.DELIVERED

    def minutes(seconds: Indices) -> Indices:
        return np.where(done, seconds // MINUTE_S, NEVER)

    return Outcome(
        courier=np.where(done, track.session, NEVER),
        assigned_min=minutes(track.assigned_s),
        arrived_min=minutes(track.at_merchant_s),
        pickup_min=minutes(track.picked_up_s - (instance.pickup_min - instance.pickup_min // 2) * MINUTE_S),
        dropoff_min=minutes(track.delivered_s),
        events=happened.events,
    )
