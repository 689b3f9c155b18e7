"""One business day of a city by zone and slot: its market, its orders, its visitors and its riders' sessions."""

from datetime import date

from sqlglot import exp

from tiffin.capabilities.balance.queries.building import statement

_MARKET = """
  SELECT zone_id, slot_at, slot_min, demand_orders, lost_orders, people_asked, people_unserved,
    COALESCE(online_min, riders_on_shift * slot_min) AS online_min,
    COALESCE(busy_min, riders_busy * slot_min) AS busy_min, orders_finished
  FROM marketplace_slots WHERE city_id = :city AND business_date IN (:days)
"""

_ORDERS = """
  SELECT COALESCE(zone_id, '') AS zone_id, slot_at, COUNT(*) AS placed,
    SUM(CASE WHEN status = 'delivered' THEN 1 ELSE 0 END) AS served,
    SUM(CASE WHEN status = 'placed' THEN 1 ELSE 0 END) AS still_open,
    SUM(CASE WHEN status = 'cancelled' AND cancelled_by = 'platform' AND cancel_reason = 'no_rider'
      THEN 1 ELSE 0 END) AS lost,
    SUM(CASE WHEN delivered_at IS NOT NULL AND promised_at IS NOT NULL THEN 1 ELSE 0 END) AS promised,
    SUM(CASE WHEN delivered_at > promised_at THEN 1 ELSE 0 END) AS late,
    SUM(CASE WHEN delivered_at > promised_at THEN minutes_between(promised_at, delivered_at) ELSE 0 END) AS late_min,
    SUM(CASE WHEN delivered_at > promised_at AND arrived_at_merchant_at > ready_at THEN 1 ELSE 0 END) AS waited,
    COUNT(ready_at) AS prepared, SUM(minutes_between(placed_at, ready_at)) AS kitchen_min,
    SUM(CASE WHEN distance_m > 0 THEN minutes_between(picked_up_at, arrived_at_customer_at) END) AS ride_min,
    SUM(CASE WHEN picked_up_at IS NOT NULL AND arrived_at_customer_at IS NOT NULL THEN distance_m END) AS ride_m
  FROM orders WHERE city_id = :city AND business_date IN (:days)
  GROUP BY COALESCE(zone_id, ''), slot_at
"""

_VISITS = """
  SELECT COALESCE(zone_id, '') AS zone_id, slot_at, COUNT(*) AS seen, COUNT(asked_at) AS asked
  FROM customer_sessions WHERE city_id = :city AND business_date IN (:days)
  GROUP BY COALESCE(zone_id, ''), slot_at
"""

_RIDERS = """
  SELECT COALESCE(zone_id, '') AS zone_id, on_at, off_at
  FROM rider_sessions WHERE city_id = :city AND business_date IN (:days)
"""


def market(*, city_id: str, day: date, dialect: str) -> exp.Query:
    """Ask what the market counted: demand, lost, people, rider minutes."""
    return statement(_MARKET, dialect=dialect, values={"city": city_id, "days": (day,)})


def orders(*, city_id: str, day: date, dialect: str) -> exp.Query:
    """Ask what became of the orders placed in each slot."""
    return statement(_ORDERS, dialect=dialect, values={"city": city_id, "days": (day,)})


def visits(*, city_id: str, day: date, dialect: str) -> exp.Query:
    """Ask how many people looked and how many asked to order."""
    return statement(_VISITS, dialect=dialect, values={"city": city_id, "days": (day,)})


def riders(*, city_id: str, day: date, dialect: str) -> exp.Query:
    """Ask when riders were on shift, for cities whose market does not count them."""
    return statement(_RIDERS, dialect=dialect, values={"city": city_id, "days": (day,)})
