"""The zones of cities in which a remedy is rolled out."""

from sqlglot import exp


def zones_in(city_ids: tuple[str, ...]) -> exp.Select:
    """Ask for the zones of some cities."""
    wanted = [exp.Literal.string(one) for one in city_ids]
    asked = exp.select("city_id", "zone_id").from_("zones").where(exp.column("city_id").isin(*wanted))
    return asked.order_by("city_id", "zone_id")
