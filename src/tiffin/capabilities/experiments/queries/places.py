"""Where and by which clock a trial runs."""

from sqlglot import exp


def cities(city_ids: tuple[str, ...]) -> exp.Select:
    """Ask for some cities with their clocks."""
    names = ("city_id", "name", "country", "timezone", "cutoff_min", "currency", "is_simulated")
    wanted = [exp.Literal.string(one) for one in city_ids]
    return exp.select(*names).from_("cities").where(exp.column("city_id").isin(*wanted)).order_by("city_id")


def zones(city_ids: tuple[str, ...]) -> exp.Select:
    """Ask for the zones of some cities."""
    wanted = [exp.Literal.string(one) for one in city_ids]
    asked = exp.select("city_id", "zone_id").from_("zones").where(exp.column("city_id").isin(*wanted))
    return asked.order_by("city_id", "zone_id")
