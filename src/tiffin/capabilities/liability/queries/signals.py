"""What looking at claims asks of the facts: orders with their parties, and what was claimed of them."""

from datetime import date

from sqlglot import exp, parse_one

_ORDERS = """
  SELECT o.order_id, o.customer_id, o.rider_id, o.merchant_id, o.category, o.basket_minor, o.business_date, o.placed_at
  FROM orders AS o
"""
_CONTACTS = "SELECT t.order_id, t.reason, t.contacted_at AS at FROM contacts AS t"
_REFUNDS = "SELECT t.order_id, t.reason, t.refunded_at AS at FROM refunds AS t"
_ORDER_DAY = "SELECT o.business_date FROM orders AS o"
_CITIES = "SELECT c.city_id, c.name, c.country FROM cities AS c"
_LAST_DAY = "SELECT MAX(o.business_date) AS last FROM orders AS o"


def orders(city_id: str, first: date, last: date) -> exp.Query:
    """Ask for the orders of a city's days, both included, that were not cancelled."""
    kept = exp.column("status", table="o").neq(exp.Literal.string("cancelled"))
    return _of_days(_ORDERS, "o", city_id, first, last).where(kept).order_by("o.placed_at", "o.order_id")


def contacts(city_id: str, first: date, last: date) -> exp.Query:
    """Ask what customers wrote in about, for orders of a city's days."""
    return _of_days(_CONTACTS, "t", city_id, first, last)


def refunds(city_id: str, first: date, last: date) -> exp.Query:
    """Ask what was refunded, for orders of a city's days."""
    return _of_days(_REFUNDS, "t", city_id, first, last)


def order_day(city_id: str, order_id: str) -> exp.Query:
    """Ask for the business day of an order."""
    found = exp.column("order_id", table="o").eq(exp.Literal.string(order_id))
    return _parsed(_ORDER_DAY).where(_of_city("o", city_id), found)


def last_day(city_id: str) -> exp.Query:
    """Ask for the last day of which a city has orders."""
    return _parsed(_LAST_DAY).where(_of_city("o", city_id))


def cities() -> exp.Query:
    """Ask for all cities."""
    return _parsed(_CITIES).order_by("c.country", "c.name")


def _of_days(sql: str, table: str, city_id: str, first: date, last: date) -> exp.Query:
    day = exp.column("business_date", table=table)
    return _parsed(sql).where(_of_city(table, city_id), day >= _day(first), day <= _day(last))


def _of_city(table: str, city_id: str) -> exp.Expression:
    return exp.column("city_id", table=table).eq(exp.Literal.string(city_id))


def _day(day: date) -> exp.Expression:
    return exp.cast(exp.Literal.string(day.isoformat()), exp.DType.DATE)


def _parsed(sql: str) -> exp.Query:
    return parse_one(sql, into=exp.Select)
