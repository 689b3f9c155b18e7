"""What standing by standards asks of the facts: deliveries of riders by day, and the last day that is known."""

from datetime import date

from sqlglot import exp, parse_one

_DELIVERED = """
  SELECT o.rider_id, o.business_date, COUNT(*) AS delivered FROM orders AS o
  WHERE o.status = 'delivered' AND NOT o.rider_id IS NULL
  GROUP BY o.rider_id, o.business_date
"""
_LAST_DAY = "SELECT MAX(o.business_date) AS last FROM orders AS o"


def deliveries(city_id: str, first: date, last: date, rider_id: str | None) -> exp.Query:
    """Ask how many orders each rider of a city handed over on each day, both ends included; or one rider alone."""
    day = exp.column("business_date", table="o")
    parts = [_is("city_id", city_id), day >= _day(first), day <= _day(last)]
    if rider_id is not None:
        parts.append(_is("rider_id", rider_id))
    return parse_one(_DELIVERED, into=exp.Select).where(*parts)


def last_day(city_id: str) -> exp.Query:
    """Ask for the last day of which a city has orders."""
    return parse_one(_LAST_DAY, into=exp.Select).where(_is("city_id", city_id))


def _is(name: str, value: str) -> exp.Expression:
    return exp.column(name, table="o").eq(exp.Literal.string(value))


def _day(day: date) -> exp.Expression:
    return exp.cast(exp.Literal.string(day.isoformat()), exp.DType.DATE)
