"""What attribution asks of the facts of a city: its orders and the market around them, and no planted truth."""

from datetime import date

from sqlglot import exp

from tiffin.capabilities.liability.domain.attribution_facts import ORDER_COLUMNS

OFFER_COLUMNS = ("order_id", "offered_at", "outcome", "distance_m")
SLOT_COLUMNS = ("zone_id", "slot_at", "riders_on_shift")
WEATHER_COLUMNS = ("observed_at", "precipitation_mm")


def orders(city_id: str, first: date, last: date) -> exp.Query:
    """Ask for the orders of a city's days, both included, in order of placing."""
    placed = exp.column("placed_at").is_(exp.null()).not_()
    return _of_days("orders", ORDER_COLUMNS, city_id, first, last).where(placed).order_by("placed_at", "order_id")


def offers(city_id: str, first: date, last: date) -> exp.Query:
    """Ask for the offers that riders got for those orders."""
    return _of_days("dispatch_offers", OFFER_COLUMNS, city_id, first, last)


def slots(city_id: str, first: date, last: date) -> exp.Query:
    """Ask for riders on shift by zone and half hour."""
    return _of_days("marketplace_slots", SLOT_COLUMNS, city_id, first, last)


def weather(city_id: str, first: date, last: date) -> exp.Query:
    """Ask for the rain of the days."""
    return _of_days("weather", WEATHER_COLUMNS, city_id, first, last)


def country_of(city_id: str) -> exp.Query:
    """Ask for the country of a city."""
    return exp.select("country").from_("cities").where(_is("city_id", city_id))


def day_of(city_id: str, order_id: str) -> exp.Query:
    """Ask for the business day of an order."""
    return exp.select("business_date").from_("orders").where(_is("city_id", city_id), _is("order_id", order_id))


def _of_days(table: str, columns: tuple[str, ...], city_id: str, first: date, last: date) -> exp.Select:
    day = exp.column("business_date")
    return exp.select(*columns).from_(table).where(_is("city_id", city_id), day >= _day(first), day <= _day(last))


def _is(column: str, value: str) -> exp.Expression:
    return exp.column(column).eq(exp.Literal.string(value))


def _day(day: date) -> exp.Expression:
    return exp.cast(exp.Literal.string(day.isoformat()), exp.DType.DATE)
