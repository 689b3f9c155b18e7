"""A city's window of days as sums by business date, zone and local hour."""

from collections.abc import Sequence
from datetime import date

from sqlglot import exp

from tiffin.capabilities.balance.queries.building import Value, statement

WITHDRAWN_MIN = 10
"""A customer who cancels sooner than that has not yet waited for anything: no queue is the reason."""

LONGEST_MIN = 240
"""A delivery of more than four hours is no slow delivery but another thing (a wrong stamp, a scheduled order): it
counts as an order, and not in the mean of minutes."""

_STAGES = (
    *("kitchen_min", "wait_min", "approach_min", "gap_min", "late_min"),
    *("idle_min", "service_min", "ride_min", "handover_min"),
)
_LEGS = ("confirm_min", "reach_min", "rest_min")
_HAS_LEGS = f"door_min IS NOT NULL AND {' + '.join(_LEGS)} IS NOT NULL"

_PER_ORDER = f"""
    SELECT
      order_id, business_date, COALESCE(zone_id, '') AS zone_id, local_hour,
      CASE WHEN status = 'cancelled' AND cancelled_by = 'platform' AND cancel_reason = 'no_rider'
        THEN 1 ELSE 0 END AS lost,
      CASE WHEN status = 'cancelled' AND cancelled_by = 'rider' THEN 1 ELSE 0 END AS rider_cancelled,
      CASE WHEN status = 'cancelled' AND cancelled_by = 'merchant' THEN 1 ELSE 0 END AS refused,
      CASE WHEN status = 'cancelled' AND cancelled_by = 'customer'
        AND minutes_between(placed_at, cancelled_at) < {WITHDRAWN_MIN} THEN 1 ELSE 0 END AS withdrawn,
      CASE WHEN delivered_at IS NOT NULL THEN minutes_between(placed_at, promised_at) END AS promise_min,
      CASE WHEN delivered_at IS NOT NULL AND promised_at IS NOT NULL THEN 1 ELSE 0 END AS promised,
      CASE WHEN delivered_at > promised_at THEN 1 ELSE 0 END AS late,
      CASE WHEN delivered_at > promised_at THEN minutes_between(promised_at, delivered_at) END AS overdue_min,
      CASE WHEN COALESCE(is_asap, TRUE) AND minutes_between(placed_at, delivered_at) BETWEEN 0 AND {LONGEST_MIN}
        THEN minutes_between(placed_at, delivered_at) END AS door_min,
      CASE WHEN placed_at IS NOT NULL AND ready_at IS NOT NULL AND assigned_at IS NOT NULL
        AND arrived_at_merchant_at IS NOT NULL AND picked_up_at IS NOT NULL AND arrived_at_customer_at IS NOT NULL
        AND delivered_at IS NOT NULL THEN 1 ELSE 0 END AS path,
      minutes_between(placed_at, ready_at) AS kitchen_min,
      minutes_between(placed_at, assigned_at) AS wait_min,
      minutes_between(assigned_at, arrived_at_merchant_at) AS approach_min,
      minutes_between(ready_at, arrived_at_merchant_at) AS late_min,
      GREATEST(minutes_between(ready_at, arrived_at_merchant_at), 0.0) AS gap_min,
      GREATEST(minutes_between(arrived_at_merchant_at, ready_at), 0.0) AS idle_min,
      minutes_between(GREATEST(ready_at, arrived_at_merchant_at), picked_up_at) AS service_min,
      minutes_between(picked_up_at, arrived_at_customer_at) AS ride_min,
      minutes_between(arrived_at_customer_at, delivered_at) AS handover_min,
      COUNT(*) OVER (PARTITION BY rider_id, picked_up_at) AS carried,
      minutes_between(placed_at, accepted_at) AS confirm_min,
      minutes_between(accepted_at, arrived_at_merchant_at) AS reach_min,
      minutes_between(arrived_at_merchant_at, delivered_at) AS rest_min,
      COALESCE(distance_m, straight_m, 111195.0 * SQRT(
        POWER(dropoff_latitude - pickup_latitude, 2)
        + POWER((dropoff_longitude - pickup_longitude) * COS(RADIANS(pickup_latitude)), 2))) AS distance_m,
      predicted_travel_s / 60.0 AS predicted_travel_min,
      riders_on_shift, outstanding_orders
    FROM orders
    WHERE city_id = :city AND business_date IN (:days)
"""  # noqa: S608 - composed of this file's own texts; values come in as literals

_STAGE_SUMS = ", ".join(f"SUM(CASE WHEN door_min IS NOT NULL AND path = 1 THEN {s} END) AS {s}" for s in _STAGES)
_SQUARES = ", ".join(
    f"SUM(CASE WHEN door_min IS NOT NULL AND path = 1 THEN {what} END) AS {name}"
    for name, what in {
        "alone": "CASE WHEN carried = 1 THEN 1 END",
        "alone_ride_min": "CASE WHEN carried = 1 THEN ride_min END",
        "alone_distance_m": "CASE WHEN carried = 1 THEN distance_m END",
        "service_min2": "service_min * service_min",
        "handover_min2": "handover_min * handover_min",
        "late_min2": "late_min * late_min",
        "kitchen_min2": "kitchen_min * kitchen_min",
        "ride_min2": "ride_min * ride_min",
        "ride_distance": "ride_min * distance_m",
        "path_distance_m": "distance_m",
        "path_distance_m2": "distance_m * distance_m",
    }.items()
)
_LEG_SUMS = ", ".join(f"SUM(CASE WHEN {_HAS_LEGS} THEN {leg} END) AS {leg}" for leg in _LEGS)

_ORDERS = f"""
  SELECT
    business_date, zone_id, local_hour,
    COUNT(*) AS placed, SUM(lost) AS lost, SUM(rider_cancelled) AS rider_cancelled,
    SUM(refused) AS refused, SUM(withdrawn) AS withdrawn,
    COUNT(promise_min) AS promises, SUM(promise_min) AS promise_min, SUM(promise_min * promise_min) AS promise_min2,
    SUM(promised) AS promised, SUM(late) AS late, SUM(overdue_min) AS overdue_min,
    COUNT(door_min) AS delivered, SUM(door_min) AS door_min, SUM(door_min * door_min) AS door_min2,
    SUM(CASE WHEN door_min IS NOT NULL THEN path ELSE 0 END) AS path,
    {_STAGE_SUMS},
    COUNT(CASE WHEN {_HAS_LEGS} THEN 1 END) AS legs,
    {_LEG_SUMS},
    {_SQUARES},
    COUNT(door_min + distance_m) AS distances,
    SUM(CASE WHEN door_min IS NOT NULL THEN distance_m END) AS distance_m,
    SUM(CASE WHEN door_min IS NOT NULL THEN distance_m * distance_m END) AS distance_m2,
    SUM(door_min * distance_m) AS door_distance,
    COUNT(CASE WHEN door_min IS NOT NULL THEN predicted_travel_min END) AS predictions,
    SUM(CASE WHEN door_min IS NOT NULL THEN predicted_travel_min END) AS predicted_travel_min,
    COUNT(CASE WHEN riders_on_shift >= 0 AND outstanding_orders >= 0 THEN 1 END) AS snapshots,
    SUM(CASE WHEN riders_on_shift >= 0 AND outstanding_orders >= 0 THEN riders_on_shift END) AS seen_riders,
    SUM(CASE WHEN riders_on_shift >= 0 AND outstanding_orders >= 0 THEN outstanding_orders END) AS seen_outstanding
  FROM ({_PER_ORDER}) AS o
  GROUP BY business_date, zone_id, local_hour
"""  # noqa: S608 - composed of this file's own texts; values come in as literals

_PICKUPS = f"""
  SELECT business_date, zone_id, local_hour, kitchen_min, wait_min, approach_min, service_min, carried
  FROM ({_PER_ORDER}) AS o
  WHERE path = 1 AND door_min IS NOT NULL AND zone_id IN (:zones) AND local_hour IN (:hours)
  ORDER BY business_date, order_id
"""  # noqa: S608 - composed of this file's own texts; values come in as literals

_SLOTS = """
  SELECT
    business_date, zone_id, local_hour,
    COUNT(*) AS slots, AVG(riders_on_shift) AS riders_on_shift,
    SUM(demand_orders) AS demand, SUM(lost_orders) AS lost, SUM(people_asked) AS asked,
    SUM(people_unserved) AS unserved, SUM(online_min) AS online_min, SUM(busy_min) AS busy_min,
    SUM(slot_min) AS slot_min, SUM(orders_finished) AS finished
  FROM marketplace_slots
  WHERE city_id = :city AND business_date IN (:days)
  GROUP BY business_date, zone_id, local_hour
"""

_REFUNDS = """
  SELECT COALESCE(o.zone_id, r.zone_id, '') AS zone_id, o.local_hour, r.business_date,
    SUM(r.amount_minor) AS amount_minor, MAX(r.currency) AS currency
  FROM refunds AS r LEFT JOIN orders AS o
    ON o.city_id = r.city_id AND o.order_id = r.order_id AND o.city_id = :city AND o.business_date IN (:days)
  WHERE r.city_id = :city AND r.business_date IN (:days)
  GROUP BY COALESCE(o.zone_id, r.zone_id, ''), o.local_hour, r.business_date
"""

_WEATHER = """
  SELECT business_date, local_hour, AVG(precipitation_mm) AS precipitation_mm
  FROM weather WHERE city_id = :city AND business_date IN (:days) AND precipitation_mm IS NOT NULL
  GROUP BY business_date, local_hour
"""

_SESSIONS = """
  SELECT business_date, rider_id, on_at, off_at FROM rider_sessions
  WHERE city_id = :city AND business_date IN (:days) AND off_at IS NOT NULL
"""


def orders_by_cell(*, city_id: str, days: Sequence[date], dialect: str) -> exp.Query:
    """Ask for counts and summed minutes of orders."""
    return statement(_ORDERS, dialect=dialect, values={"city": city_id, "days": days})


def pickups(
    *, city_id: str, days: Sequence[date], zones: Sequence[str], hours: Sequence[int], dialect: str
) -> exp.Query:
    """Ask when food and rider came together, order by order, in some zones and hours."""
    values: dict[str, Value] = {"city": city_id, "days": days, "zones": zones, "hours": hours}
    return statement(_PICKUPS, dialect=dialect, values=values)


def slots_by_cell(*, city_id: str, days: Sequence[date], dialect: str) -> exp.Query:
    """Ask for the market's balance: demand, lost, people, riders."""
    return statement(_SLOTS, dialect=dialect, values={"city": city_id, "days": days})


def refunds_by_cell(*, city_id: str, days: Sequence[date], dialect: str) -> exp.Query:
    """Ask for refunds by the order's zone and hour."""
    return statement(_REFUNDS, dialect=dialect, values={"city": city_id, "days": days})


def rain_by_hour(*, city_id: str, days: Sequence[date], dialect: str) -> exp.Query:
    """Ask for precipitation by hour."""
    return statement(_WEATHER, dialect=dialect, values={"city": city_id, "days": days})


def sessions(*, city_id: str, days: Sequence[date], dialect: str) -> exp.Query:
    """Ask for riders' sessions."""
    return statement(_SESSIONS, dialect=dialect, values={"city": city_id, "days": days})
