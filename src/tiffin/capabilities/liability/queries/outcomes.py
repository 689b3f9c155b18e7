"""What publishing outcomes asks of the facts: where orders happened, and where their rows come from."""

from datetime import date

from sqlglot import exp, parse_one

_PAYMENT = "SELECT o.basket_minor, o.delivery_fee_minor, o.tip_minor, o.discount_minor FROM orders AS o"
_PLACES = "SELECT o.city_id, o.order_id, o.zone_id, o.source FROM orders AS o"


def order_places(city_id: str, first: date, last: date) -> exp.Query:
    """Ask for zone and source of the orders of a city's days, both included."""
    found = parse_one(_PLACES, into=exp.Select)
    day = exp.column("business_date", table="o")
    return found.where(
        exp.column("city_id", table="o").eq(exp.Literal.string(city_id)),
        day >= exp.cast(exp.Literal.string(first.isoformat()), exp.DType.DATE),
        day <= exp.cast(exp.Literal.string(last.isoformat()), exp.DType.DATE),
    )


def order_payment(city_id: str, order_id: str, day: date) -> exp.Query:
    """Ask what a customer paid for one order of a day."""
    found = parse_one(_PAYMENT, into=exp.Select)
    return found.where(
        exp.column("city_id", table="o").eq(exp.Literal.string(city_id)),
        exp.column("order_id", table="o").eq(exp.Literal.string(order_id)),
        exp.column("business_date", table="o").eq(exp.cast(exp.Literal.string(day.isoformat()), exp.DType.DATE)),
    )
