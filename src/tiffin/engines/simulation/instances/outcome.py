"""What a policy made of an instance, and the measures by which policies are compared."""

from dataclasses import dataclass

import numpy as np

from tiffin.engines.simulation.instances.instance import Instance
from tiffin.engines.simulation.tables import Indices

MINUTES_AN_HOUR = 60


@dataclass(frozen=True, slots=True)
class Outcome:
    """What happened to each order; (n_orders,) each, minutes, -1 where an order was not delivered.

    Parameters
    ----------
    courier : (n_orders,), number of the courier, or -1
    trip : (n_orders,), number of the assignment; the orders of a bundle share it, in the order of their drop-offs
    assigned_min : when it was settled who brings the order, and with which others
    departed_min : when the courier set off towards the restaurant
    arrived_min : when he came there
    pickup_min : goods in hand; he leaves half the pickup service later
    dropoff_min : goods handed over; he leaves half the drop-off service later
    """

    courier: Indices
    trip: Indices
    assigned_min: Indices
    departed_min: Indices
    arrived_min: Indices
    pickup_min: Indices
    dropoff_min: Indices
    events: int


@dataclass(frozen=True, slots=True)
class Figures:
    """The measures of Reyes et al. (2018), section 5, as the public evaluator takes them: means over delivered orders.

    Parameters
    ----------
    delivered : int
        Orders dropped off, however late; of some nothing else can be asked, they are ready too late.
    too_late : int
        Orders among them that were dropped off after the maximum click-to-door.
    cost_per_order : float
        Couriers' pay, the guarantee included, over delivered orders; the instance's currency.
    orders_per_bundle : float
        Orders that a courier picks up at once.
    """

    orders: int
    delivered: int
    too_late: int
    click_to_door_min: float
    ready_to_pickup_min: float
    overage_min: float
    cost_per_order: float
    orders_per_bundle: float

    @property
    def undelivered_share(self) -> float:
        """Share of the orders that were never dropped off."""
        return 1.0 - self.delivered / self.orders if self.orders else 0.0


def figures(instance: Instance, outcome: Outcome) -> Figures:
    """Measure an outcome."""
    click = outcome.dropoff_min - instance.placed_min
    done = outcome.dropoff_min >= 0
    orders = np.bincount(outcome.courier[done], minlength=len(instance.courier_ids))
    hours = (instance.off_min - instance.on_min) / MINUTES_AN_HOUR
    pay = np.maximum(instance.pay_per_order * orders, instance.guarantee_per_hour * hours).sum()
    delivered = int(done.sum())
    return Figures(
        orders=len(instance.order_ids),
        delivered=delivered,
        too_late=int((click[done] > instance.maximum_min).sum()),
        click_to_door_min=_mean(click[done]),
        ready_to_pickup_min=_mean((outcome.pickup_min - instance.ready_min)[done]),
        overage_min=_mean(np.maximum(0, click[done] - instance.target_min)),
        cost_per_order=float(pay) / max(1, delivered),
        orders_per_bundle=delivered / max(1, len(np.unique(outcome.trip[done]))),
    )


def _mean(minutes: Indices) -> float:
    return float(minutes.mean()) if len(minutes) else 0.0
