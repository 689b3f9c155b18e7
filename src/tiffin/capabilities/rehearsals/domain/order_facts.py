"""Facts of simulated orders, column by column, named as the contracts name them."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tiffin.capabilities.rehearsals.domain.city_run import EARTH_M_PER_DEGREE, metres_per_longitude
from tiffin.capabilities.rehearsals.domain.ledger import NOBODY, Instants, Ledger, Texts, picked
from tiffin.engines.simulation.city import UNREACHABLE_M
from tiffin.engines.simulation.parameters import Parameters
from tiffin.engines.simulation.tables import Floats, Mishap, Status

Columns = Mapping[str, Any]

ENDINGS: Mapping[Status, tuple[str, str | None, str | None]] = {
    Status.OPEN: ("placed", None, None),
    Status.DELIVERED: ("delivered", None, None),
    Status.CUSTOMER_CANCELLED: ("cancelled", "customer", "too_slow"),
    Status.MERCHANT_CANCELLED: ("cancelled", "merchant", "merchant_busy"),
    Status.NO_RIDER: ("cancelled", "platform", "no_rider"),
    Status.RETURNED: ("returned", "customer", "customer_unreachable"),
}
"""Status, who cancelled and why, by how an order ended."""

STAGES = {
    "placed": "placed_at",
    "accepted": "accepted_at",
    "ready": "ready_at",
    "assigned": "assigned_at",
    "arrived_at_merchant": "arrived_at_merchant_at",
    "picked_up": "picked_up_at",
    "arrived_at_customer": "arrived_at_customer_at",
    "delivered": "delivered_at",
    "cancelled": "cancelled_at",
    "returned": "returned_at",
}
"""Column of the table orders that holds the instant of each stage."""


def order_columns(ledger: Ledger, parameters: Parameters) -> Columns:
    """Write the table ``orders``."""
    return {
        **_names(ledger),
        **_ending(ledger),
        **_times(ledger),
        **_places(ledger, parameters),
        **_money(ledger),
        **_customers(ledger, parameters),
        **_surroundings(ledger, parameters),
    }


def stage_columns(orders: Columns) -> Columns:
    """Write the table ``order_stages`` from the columns of ``orders``: one row for each stage that was reached."""
    instants = np.stack([orders[column] for column in STAGES.values()], axis=1)
    # Order by order, and so day by day: rows that come in the order in which they are read need no sorting.
    row, stage = np.nonzero(~np.isnat(instants))
    return {
        "order_id": orders["order_id"][row],
        "stage": np.array(list(STAGES), dtype=object)[stage],
        "at": instants[row, stage],
        "rider_id": orders["rider_id"][row],
        "business_date": orders["business_date"][row],
    }


def _names(ledger: Ledger) -> Columns:
    scenario, orders = ledger.run.scenario, ledger.orders
    rider = np.append(ledger.rider_of_session, NOBODY)[ledger.session_of_order]
    days = np.array([day.calendar.day for day in ledger.run.days], dtype="datetime64[D]")
    categories = category_of(ledger)
    return {
        "order_id": ledger.order_ids,
        "country": scenario.city.country,
        "zone_id": picked(ledger.zone_ids, ledger.pickup_zone),
        "dropoff_zone_id": picked(ledger.zone_ids, orders.drop_zone),
        "merchant_id": picked(ledger.merchant_ids, orders.merchant),
        "category": categories[orders.merchant],
        "rider_id": picked(ledger.rider_ids, rider),
        "vehicle": picked(np.array(ledger.run.rider_vehicle, dtype=object), rider),
        "business_date": days[ledger.order_day],
        "is_asap": np.ones(len(orders), dtype=bool),
    }


def category_of(ledger: Ledger) -> Texts:
    """Name each merchant's category."""
    shares = ledger.run.scenario.categories
    borders = np.cumsum(list(shares.values())) / sum(shares.values())
    number = np.minimum(np.searchsorted(borders, ledger.run.city.category), len(shares) - 1)
    return np.array(list(shares), dtype=object)[number]


def _ending(ledger: Ledger) -> Columns:
    columns = [np.array([ENDINGS[status][part] for status in Status], dtype=object) for part in range(3)]
    status, by, reason = (column[ledger.track.status] for column in columns)
    # Who cancels before the promise changed his mind; who cancels after it waited too long.
    early = (ledger.track.status == Status.CUSTOMER_CANCELLED) & (ledger.track.cancelled_s < ledger.track.promised_s)
    reason[early] = "changed_mind"
    returned = ledger.track.status == Status.RETURNED
    reason[returned & (ledger.orders.mishap == Mishap.WRONG_ADDRESS)] = "wrong_address"
    return {"status": status, "cancelled_by": by, "cancel_reason": reason}


def _times(ledger: Ledger) -> Columns:
    track = ledger.track

    def at(seconds: NDArray[np.int64]) -> Instants:
        return ledger.order_instant(seconds)

    return {
        "placed_at": at(ledger.orders.placed_s),
        "accepted_at": at(track.accepted_s),
        "ready_at": at(track.ready_s),
        "assigned_at": at(track.assigned_s),
        "arrived_at_merchant_at": at(track.at_merchant_s),
        "picked_up_at": at(track.picked_up_s),
        "arrived_at_customer_at": at(track.at_customer_s),
        "delivered_at": at(track.delivered_s),
        "cancelled_at": at(track.cancelled_s),
        "returned_at": at(track.returned_s),
        "promised_at": at(track.promised_s),
    }


def _places(ledger: Ledger, parameters: Parameters) -> Columns:
    orders, merchants = ledger.orders, ledger.run.city.merchants
    shift = apart_m(ledger)[ledger.pickup_zone]
    x, y = merchants.x[orders.merchant] - shift, merchants.y[orders.merchant]
    drop_x, drop_y = orders.drop_x - shift, orders.drop_y
    pickup, dropoff = degrees(ledger, x, y), degrees(ledger, drop_x, drop_y)
    return {
        "distance_m": np.rint(np.hypot(x - drop_x, y - drop_y) * parameters.detour_factor),
        "pickup_latitude": pickup[0],
        "pickup_longitude": pickup[1],
        "dropoff_latitude": dropoff[0],
        "dropoff_longitude": dropoff[1],
        "pickup_x_m": np.rint(x),
        "pickup_y_m": np.rint(y),
        "dropoff_x_m": np.rint(drop_x),
        "dropoff_y_m": np.rint(drop_y),
    }


def apart_m(ledger: Ledger) -> Floats:
    """Tell how far the engine moved each zone east to keep districts apart."""
    return np.array([zone.district * UNREACHABLE_M for zone in ledger.run.scenario.zones])


def degrees(ledger: Ledger, x_m: Floats, y_m: Floats) -> tuple[Floats, Floats]:
    """Turn metres around the city's centre into latitude and longitude, to about a metre."""
    scenario = ledger.run.scenario
    latitude = scenario.latitude + y_m / EARTH_M_PER_DEGREE
    longitude = scenario.longitude + x_m / metres_per_longitude(scenario.latitude)
    return np.round(latitude, 5), np.round(longitude, 5)


def _money(ledger: Ledger) -> Columns:
    scenario = ledger.run.scenario
    return {
        "currency": scenario.city.currency,
        "basket_minor": ledger.gathered("purchases", "basket"),
        "delivery_fee_minor": np.full(len(ledger.orders), scenario.delivery_fee_minor, dtype=np.int64),
        "discount_minor": ledger.gathered("purchases", "discount"),
        "tip_minor": ledger.gathered("purchases", "tip"),
        "item_count": ledger.gathered("purchases", "items"),
        "distinct_item_count": ledger.gathered("purchases", "distinct"),
    }


def _customers(ledger: Ledger, parameters: Parameters) -> Columns:
    number = ledger.orders.drop_zone * 100_000 + ledger.gathered("purchases", "customer")
    distinct, first, code = np.unique(number, return_index=True, return_inverse=True)
    names = np.array([f"{ledger.run.scenario.city.city_id}-c-{customer:07d}" for customer in distinct], dtype=object)
    is_first = np.zeros(len(number), dtype=bool)
    # Of those who order for the first time in these days, every so many-th is new to the marketplace.
    every = max(1, round(len(distinct) / (parameters.first_order_share * len(number))))
    is_first[np.sort(first)[::every]] = True
    return {"customer_id": names[code], "is_first_order": is_first}


def _surroundings(ledger: Ledger, parameters: Parameters) -> Columns:
    track, orders, merchants = ledger.track, ledger.orders, ledger.run.city.merchants
    straight = np.hypot(merchants.x[orders.merchant] - orders.drop_x, merchants.y[orders.merchant] - orders.drop_y)
    return {
        "riders_on_shift": track.riders_on_shift.astype(np.float64),
        "riders_busy": track.riders_busy.astype(np.float64),
        "outstanding_orders": track.outstanding.astype(np.float64),
        "predicted_travel_s": np.rint(straight / parameters.speed_m_min * 60.0),
        "predicted_place_s": np.full(len(orders), np.rint(parameters.accept_median_s)),
    }
