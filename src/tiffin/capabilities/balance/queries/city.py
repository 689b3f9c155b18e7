"""A city, its zones, its calendar and the days on which it has facts."""

from sqlglot import exp

from tiffin.capabilities.balance.queries.building import statement

_CITIES = """
  SELECT city_id, name, country, timezone, timezone_known, cutoff_min, currency, is_simulated
  FROM cities ORDER BY country, city_id
"""

_CITY = """
  SELECT city_id, name, country, timezone, timezone_known, cutoff_min, currency, is_simulated
  FROM cities WHERE city_id = :city
"""

_ZONES = """
  SELECT zone_id, name, h3_cell, polygon, latitude, longitude FROM zones WHERE city_id = :city ORDER BY zone_id
"""

_ACTIVE = """
  SELECT DISTINCT business_date FROM orders WHERE city_id = :city
  UNION SELECT DISTINCT business_date FROM marketplace_slots WHERE city_id = :city
"""

_DAYS = f"""
  SELECT a.business_date, d.is_weekend, d.is_ramadan, d.holiday
  FROM ({_ACTIVE}) AS a LEFT JOIN city_days AS d ON d.city_id = :city AND d.business_date = a.business_date
  ORDER BY a.business_date
"""  # noqa: S608 - composed of this file's own texts; values come in as literals

_DAY_INDEX = """
  SELECT city_id, business_date, COUNT(*) AS orders FROM orders GROUP BY city_id, business_date
  UNION ALL
  SELECT city_id, business_date, 0 AS orders FROM marketplace_slots GROUP BY city_id, business_date
"""


def cities(*, dialect: str) -> exp.Query:
    """Ask for all cities."""
    return statement(_CITIES, dialect=dialect, values={})


def city(*, city_id: str, dialect: str) -> exp.Query:
    """Ask for one city."""
    return statement(_CITY, dialect=dialect, values={"city": city_id})


def zones(*, city_id: str, dialect: str) -> exp.Query:
    """Ask for the zones of a city."""
    return statement(_ZONES, dialect=dialect, values={"city": city_id})


def days_with_facts(*, city_id: str, dialect: str) -> exp.Query:
    """Ask for the business days of a city that have orders or slots, with what its calendar says of them."""
    return statement(_DAYS, dialect=dialect, values={"city": city_id})


def day_index(*, dialect: str) -> exp.Query:
    """Ask for every city's days with facts."""
    return statement(_DAY_INDEX, dialect=dialect, values={})
