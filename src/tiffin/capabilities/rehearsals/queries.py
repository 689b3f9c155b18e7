"""What rehearsals ask of the fact tables."""

from datetime import date

from sqlglot import exp, parse_one

_PLANTED = """
  SELECT d.disruption_id, d.city_id, c.name AS city, c.country, c.timezone, d.business_date, d.kind, d.cause, d.party,
    d.zone_ids, d.starts_at, d.ends_at, d.strength
  FROM disruptions AS d JOIN cities AS c ON c.city_id = d.city_id
  ORDER BY c.country, c.name, d.starts_at
"""

_OUTCOMES = "SELECT o.* FROM rehearsal_outcomes AS o"

_DELAYS = """
  SELECT d.cause_id, d.disruption_id, d.party,
    SUM(CASE WHEN d.duration_s <> 0 OR d.promise_s <> 0 OR d.lost_share <> 0 THEN 1 ELSE 0 END) AS orders,
    SUM(d.duration_s) AS duration_s,
    SUM(d.acceptance_s) AS acceptance_s, SUM(d.preparation_s) AS preparation_s, SUM(d.waiting_s) AS waiting_s,
    SUM(d.approach_s) AS approach_s, SUM(d.pickup_s) AS pickup_s, SUM(d.ride_s) AS ride_s,
    SUM(d.handover_s) AS handover_s, SUM(d.promise_s) AS promise_s, SUM(d.lost_share) AS lost_share,
    MIN(CAST(d.is_exact AS INT)) AS is_exact, COUNT(t.order_id) AS touched,
    SUM(CASE WHEN t.order_id IS NOT NULL THEN d.duration_s ELSE 0 END) AS touched_s
  FROM delay_causes AS d
  LEFT JOIN (
    SELECT DISTINCT city_id, order_id FROM delay_causes
    WHERE disruption_id IS NOT NULL AND (duration_s <> 0 OR promise_s <> 0 OR lost_share <> 0)
  ) AS t ON t.city_id = d.city_id AND t.order_id = d.order_id
  GROUP BY d.cause_id, d.disruption_id, d.party
"""

_DELAY_ROWS = "SELECT d.* FROM delay_causes AS d"

_PLANTED_ROWS = """
  SELECT p.disruption_id, p.what, p.table_name, COUNT(*) AS n FROM planted_rows AS p
  GROUP BY p.disruption_id, p.what, p.table_name ORDER BY p.disruption_id, p.what, p.table_name
"""

_ORDER_TIMES = """
  SELECT o.order_id, o.placed_at, COALESCE(o.delivered_at, o.cancelled_at) AS ended_at
  FROM orders AS o
"""

_CITY_ORDERS = """
  SELECT o.order_id, o.merchant_id, o.zone_id, o.dropoff_zone_id, o.placed_at, o.ready_at, o.straight_m, o.pickup_x_m,
    o.pickup_y_m, o.dropoff_x_m, o.dropoff_y_m, o.pickup_latitude, o.pickup_longitude, o.dropoff_latitude,
    o.dropoff_longitude
  FROM orders AS o
"""

_CITY_SESSIONS = "SELECT s.rider_id, s.zone_id, s.on_at, s.off_at FROM rider_sessions AS s"

_TWIN_ORDERS = """
  SELECT o.merchant_id, o.zone_id, o.dropoff_zone_id, o.rider_id, o.vehicle, o.status, o.cancelled_by, o.placed_at,
    o.accepted_at, o.ready_at, o.assigned_at, o.arrived_at_merchant_at, o.picked_up_at, o.arrived_at_customer_at,
    o.delivered_at, o.cancelled_at, o.promised_at, o.straight_m, o.distance_m, o.pickup_latitude, o.pickup_longitude,
    o.pickup_x_m, o.pickup_y_m, o.riders_on_shift, o.outstanding_orders
  FROM orders AS o
"""

_TWIN_SESSIONS = "SELECT s.rider_id, s.zone_id, s.vehicle, s.on_at, s.off_at FROM rider_sessions AS s"

_TWIN_VISITS = "SELECT v.zone_id, v.asked_at FROM customer_sessions AS v"

_CITY = "SELECT c.city_id, c.country, c.timezone, c.cutoff_min, c.is_simulated FROM cities AS c"

_ORDER_IDS = "SELECT o.order_id FROM orders AS o"

_ZONES = "SELECT z.city_id, z.zone_id, z.name FROM zones AS z"


def city(city_id: str) -> exp.Query:
    """Ask for a city."""
    return _parsed(_CITY).where(_of_city(city_id, table="c"))


def planted() -> exp.Query:
    """Ask for every planted disruption with its city."""
    return _parsed(_PLANTED)


def zone_names() -> exp.Query:
    """Ask for the names of all zones."""
    return _parsed(_ZONES)


def order_times(city_id: str, day: date) -> exp.Query:
    """Ask when each order of a city's day was placed, and when it ended."""
    return _parsed(_ORDER_TIMES).where(*_of(city_id, day, table="o"))


def day_orders(city_id: str, day: date) -> exp.Query:
    """Ask who ordered what from where, in the order of placing."""
    return _parsed(_CITY_ORDERS).where(*_of(city_id, day, table="o")).order_by("o.placed_at", "o.order_id")


def day_sessions(city_id: str, day: date) -> exp.Query:
    """Ask who rode from when to when, in the order of coming on."""
    return _parsed(_CITY_SESSIONS).where(*_of(city_id, day, table="s")).order_by("s.on_at", "s.rider_id")


def twin_orders(city_id: str, day: date) -> exp.Query:
    """Ask what a day's orders were and how each went, in the order of placing; nothing of who ordered, or where to."""
    return _parsed(_TWIN_ORDERS).where(*_of(city_id, day, table="o")).order_by("o.placed_at", "o.order_id")


def twin_sessions(city_id: str, day: date) -> exp.Query:
    """Ask who rode from when to when on what, in the order of coming on."""
    return _parsed(_TWIN_SESSIONS).where(*_of(city_id, day, table="s")).order_by("s.on_at", "s.rider_id")


def twin_visits(city_id: str, day: date) -> exp.Query:
    """Ask when customers saw a delivery time and did not order."""
    visits = _parsed(_TWIN_VISITS).where(*_of(city_id, day, table="v"))
    return visits.where("v.order_id IS NULL AND v.asked_at IS NOT NULL").order_by("v.asked_at", "v.session_id")


def order_ids(city_id: str) -> exp.Query:
    """Ask for the orders of a city."""
    return _parsed(_ORDER_IDS).where(_of_city(city_id, table="o"))


def delays(city_id: str, day: date) -> exp.Query:
    """Ask what each cause did to the orders of a city's day, all of them and those that a disruption touched."""
    return _parsed(_DELAYS).where(*_of(city_id, day, table="d"))


def delay_rows(city_id: str, day: date) -> exp.Query:
    """Ask for the causes of each order of a city's day."""
    return _parsed(_DELAY_ROWS).where(*_of(city_id, day, table="d")).order_by("d.order_id", "d.cause_id")


def planted_rows(city_id: str, day: date) -> exp.Query:
    """Count what was planted in the facts of a city's day when it was over."""
    return _parsed(_PLANTED_ROWS).where(*_of(city_id, day, table="p"))


def outcomes(rehearsal_id: str) -> exp.Query:
    """Ask for what the days of a rehearsal came to."""
    asked = exp.EQ(this=exp.column("rehearsal_id", table="o"), expression=exp.Literal.string(rehearsal_id))
    return _parsed(_OUTCOMES).where(asked).order_by("o.replication", "o.variant")


def _of(city_id: str, day: date, *, table: str) -> tuple[exp.Expression, exp.Expression]:
    return _of_city(city_id, table=table), exp.EQ(this=exp.column("business_date", table=table), expression=_day(day))


def _of_city(city_id: str, *, table: str) -> exp.Expression:
    return exp.EQ(this=exp.column("city_id", table=table), expression=exp.Literal.string(city_id))


def _day(day: date) -> exp.Expression:
    return exp.cast(exp.Literal.string(day.isoformat()), "date")


def _parsed(sql: str) -> exp.Query:
    query = parse_one(sql, dialect="duckdb")
    assert isinstance(query, exp.Query)  # noqa: S101 - the texts above are queries
    return query
