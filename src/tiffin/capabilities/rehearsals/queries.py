"""What rehearsals ask of the fact tables."""

from sqlglot import exp, parse_one

_PLANTED = """
  SELECT d.disruption_id, d.city_id, c.name AS city, c.country, c.timezone, d.business_date, d.kind, d.cause,
    d.zone_ids, d.starts_at, d.ends_at, d.strength
  FROM disruptions AS d JOIN cities AS c ON c.city_id = d.city_id
  ORDER BY c.country, c.name, d.starts_at
"""

_OUTCOMES = "SELECT o.* FROM rehearsal_outcomes AS o"

_ZONES = "SELECT z.city_id, z.zone_id, z.name FROM zones AS z"


def planted() -> exp.Query:
    """Ask for every planted disruption with its city."""
    return _parsed(_PLANTED)


def zone_names() -> exp.Query:
    """Ask for the names of all zones."""
    return _parsed(_ZONES)


def outcomes(rehearsal_id: str) -> exp.Query:
    """Ask for what the days of a rehearsal came to."""
    asked = exp.EQ(this=exp.column("rehearsal_id", table="o"), expression=exp.Literal.string(rehearsal_id))
    return _parsed(_OUTCOMES).where(asked).order_by("o.replication", "o.variant")


def _parsed(sql: str) -> exp.Query:
    query = parse_one(sql, dialect="duckdb")
    assert isinstance(query, exp.Query)  # noqa: S101 - the texts above are queries
    return query
