"""What rehearsals ask of the fact tables."""

from datetime import date

from sqlglot import exp, parse_one

_PLANTED = """
  SELECT d.disruption_id, d.city_id, c.name AS city, c.country, c.timezone, d.business_date, d.kind, d.cause,
    d.zone_ids, d.starts_at, d.ends_at, d.strength
  FROM disruptions AS d JOIN cities AS c ON c.city_id = d.city_id
  ORDER BY c.country, c.name, d.starts_at
"""

_OUTCOMES = "SELECT o.* FROM rehearsal_outcomes AS o"

_ORDER_TIMES = """
  SELECT o.order_id, o.placed_at, COALESCE(o.delivered_at, o.cancelled_at) AS ended_at
  FROM orders AS o
"""

_ZONES = "SELECT z.city_id, z.zone_id, z.name FROM zones AS z"


def planted() -> exp.Query:
    """Ask for every planted disruption with its city."""
    return _parsed(_PLANTED)


def zone_names() -> exp.Query:
    """Ask for the names of all zones."""
    return _parsed(_ZONES)


def order_times(city_id: str, day: date) -> exp.Query:
    """Ask when each order of a city's day was placed, and when it ended."""
    of_city = exp.EQ(this=exp.column("city_id", table="o"), expression=exp.Literal.string(city_id))
    of_day = exp.EQ(this=exp.column("business_date", table="o"), expression=_day(day))
    return _parsed(_ORDER_TIMES).where(of_city, of_day)


def outcomes(rehearsal_id: str) -> exp.Query:
    """Ask for what the days of a rehearsal came to."""
    asked = exp.EQ(this=exp.column("rehearsal_id", table="o"), expression=exp.Literal.string(rehearsal_id))
    return _parsed(_OUTCOMES).where(asked).order_by("o.replication", "o.variant")


def _day(day: date) -> exp.Expression:
    return exp.cast(exp.Literal.string(day.isoformat()), "date")


def _parsed(sql: str) -> exp.Query:
    query = parse_one(sql, dialect="duckdb")
    assert isinstance(query, exp.Query)  # noqa: S101 - the texts above are queries
    return query
