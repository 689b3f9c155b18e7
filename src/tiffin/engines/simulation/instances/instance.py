"""An instance of the meal delivery routing problem: a day of orders, couriers and restaurants.

References
----------
Reyes, Erera, Savelsbergh, Sahasrabudhe, O'Neil (2018), The meal delivery routing problem. Times are whole minutes,
riding times are rounded up, a courier may not pick up after his shift, nothing is decided before it is known.
"""

from dataclasses import dataclass

from tiffin.engines.simulation.tables import Floats, Indices


@dataclass(frozen=True, slots=True)
class Instance:
    """A day of orders, couriers and restaurants; times in minutes since the day began, places in metres.

    Parameters
    ----------
    restaurant : (n_orders,), number of the restaurant of each order
    pickup_min, dropoff_min : service times; half passes before the goods change hands, half after
    target_min, maximum_min : click-to-door that is aimed at, and the last that counts as delivered
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
