"""What comparing groups asks of the facts: riders with what is known of each."""

from sqlglot import exp, parse_one

_RIDERS = "SELECT r.city_id, r.rider_id, r.vehicle, r.joined_at FROM riders AS r"


def riders() -> exp.Query:
    """Ask for all riders."""
    return parse_one(_RIDERS, into=exp.Select)
