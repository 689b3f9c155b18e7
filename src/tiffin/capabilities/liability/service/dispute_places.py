"""What a customer paid for an order: no settlement gives back more."""

from tiffin.capabilities.liability.domain.verdict import Verdict
from tiffin.capabilities.liability.queries.outcomes import order_payment
from tiffin.runtime.context import Context


def paid_for(context: Context, verdict: Verdict) -> int:
    """Give what the customer paid, minor units; where the facts do not say, what the verdict gives him."""
    incident, known = verdict.incident, verdict.compensation_minor
    if "orders" not in context.warehouse.versions():
        return known
    rows = context.warehouse.query(
        order_payment(incident.city_id, incident.order_id, incident.business_date)
    ).to_pylist()
    parts = [rows[0][name] or 0 for name in ("basket_minor", "delivery_fee_minor", "tip_minor")] if rows else []
    return max(known, sum(parts) - (rows[0]["discount_minor"] or 0)) if rows else known
