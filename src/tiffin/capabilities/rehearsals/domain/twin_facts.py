"""What facts tell of a city's day, as columns of numbers: what a twin of the day is made from."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tiffin.engines.simulation.tables import Floats

Texts = NDArray[np.object_]

ORDER_TIMES = (
    *("placed_at", "accepted_at", "ready_at", "assigned_at", "arrived_at_merchant_at", "picked_up_at"),
    *("arrived_at_customer_at", "delivered_at", "cancelled_at", "promised_at"),
)
ORDER_NUMBERS = (
    *("straight_m", "distance_m", "pickup_latitude", "pickup_longitude", "pickup_x_m", "pickup_y_m"),
    *("riders_on_shift", "outstanding_orders"),
)
ORDER_NAMES = ("merchant_id", "zone_id", "dropoff_zone_id", "rider_id", "vehicle", "status", "cancelled_by")


@dataclass(frozen=True, slots=True)
class TwinFacts:
    """A day as its facts tell it.

    Parameters
    ----------
    orders : mapping
        `ORDER_TIMES` as seconds since the business day began and `ORDER_NUMBERS`, not-a-number where not known;
        `ORDER_NAMES`, None where not known.
    sessions : mapping
        ``on_at`` and ``off_at`` in seconds; ``zone_id``, ``vehicle`` and ``rider_id``.
    visits : mapping
        ``asked_at`` in seconds and ``zone_id`` of customers who saw a delivery time and did not order.
    """

    orders: Mapping[str, NDArray[Any]]
    sessions: Mapping[str, NDArray[Any]]
    visits: Mapping[str, NDArray[Any]]

    def at(self, name: str) -> Floats:
        """Give a time or a number of each order."""
        return np.asarray(self.orders[name], dtype=np.float64)

    @property
    def delivered(self) -> NDArray[np.bool_]:
        """Which orders were delivered."""
        return ~np.isnan(self.at("delivered_at"))

    def by(self, party: str) -> NDArray[np.bool_]:
        """Tell which orders a party cancelled."""
        return np.asarray(
            (self.orders["status"] == "cancelled") & (self.orders["cancelled_by"] == party), dtype=np.bool_
        )


WAITED_S = 600.0
"""As of simulated days: who cancels later than that has waited."""


def facts_counted(facts: TwinFacts) -> Mapping[str, float]:
    """Count what the day came to, as days under levers are counted."""
    done, promised = facts.delivered, facts.at("promised_at")
    over_s = np.where(done & ~np.isnan(promised), np.maximum(0.0, facts.at("delivered_at") - promised), 0.0)
    waited = facts.by("customer") & (facts.at("cancelled_at") - facts.at("placed_at") >= WAITED_S)
    return {
        "orders": float(len(done)),
        "delivered": float(done.sum()),
        "late": float((over_s > 0.0).sum()),
        "lateness_min": float(over_s.sum()) / 60.0,
        "lost": float((facts.by("platform") | waited).sum()),
    }
