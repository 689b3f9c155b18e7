"""What customers buy in a simulated day, and what it costs them."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tiffin.capabilities.rehearsals.domain.scenario import Scenario
from tiffin.engines.simulation.parameters import Parameters
from tiffin.engines.simulation.streams import Stream
from tiffin.engines.simulation.tables import Floats, Records

ORDERS_A_CUSTOMER = 0.4
"""Customers of a zone for each order of an ordinary day there; the busiest order most."""
DISCOUNT_SHARE = 0.25
TIP_SHARE = 0.08
MOST_ITEMS = 40


@dataclass(frozen=True, slots=True)
class Purchases:
    """What each order of a day is made of; one row an order, money in minor units.

    Parameters
    ----------
    customer : (n_orders,), number of the customer inside the drop-off zone
    """

    customer: NDArray[np.int64]
    items: NDArray[np.int64]
    distinct: NDArray[np.int64]
    basket: NDArray[np.int64]
    discount: NDArray[np.int64]
    tip: NDArray[np.int64]


def draw_purchases(scenario: Scenario, orders: Records, parameters: Parameters, stream: Stream) -> Purchases:
    """Draw what each order is made of; prices stand on the country's usual steps."""
    p, counter = parameters, orders.counter
    customers = 14 * scenario.orders_per_day * ORDERS_A_CUSTOMER / len(scenario.zones)
    items = np.minimum(MOST_ITEMS, 1 + np.floor(stream.child("items").exponential(counter) * (p.items_mean - 0.5)))
    size = np.sqrt(items / p.items_mean)
    basket = scenario.median_basket_minor * size * np.exp(p.basket_spread * stream.child("basket").normal(counter))
    discounted = stream.child("discount").uniform(counter) < p.discount_share
    tipped = stream.child("tip").uniform(counter) < p.tip_share
    repeated = np.floor(items * stream.child("distinct").uniform(counter) * 0.5)
    step = scenario.price_step_minor
    return Purchases(
        customer=np.floor(stream.child("customer").uniform(counter) ** 1.5 * customers).astype(np.int64),
        items=items.astype(np.int64),
        distinct=np.maximum(1, items - repeated).astype(np.int64),
        basket=np.maximum(step, _stepped(basket, step)),
        discount=np.where(discounted, _stepped(basket * DISCOUNT_SHARE, step), 0),
        tip=np.where(tipped, _stepped(basket * TIP_SHARE, step), 0),
    )


def _stepped(amount: Floats, step: int) -> NDArray[np.int64]:
    return np.rint(amount / step).astype(np.int64) * step
