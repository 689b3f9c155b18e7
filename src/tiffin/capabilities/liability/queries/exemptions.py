"""What exemptions ask of the facts: whether a place is one of the city's."""

from tiffin.capabilities.liability.domain.exemptions import Scope
from tiffin.capabilities.liability.queries.ledger import Question

_ZONE = (
    "SELECT 1 AS found FROM zones WHERE city_id = ? AND zone_id = ? "
    "UNION ALL SELECT 1 AS found FROM orders WHERE city_id = ? AND zone_id = ? LIMIT 1"
)
_MERCHANT = (
    "SELECT 1 AS found FROM merchants WHERE city_id = ? AND merchant_id = ? "
    "UNION ALL SELECT 1 AS found FROM orders WHERE city_id = ? AND merchant_id = ? LIMIT 1"
)
PLACES = {Scope.ZONE: _ZONE, Scope.MERCHANT: _MERCHANT}
"""Scopes whose places the facts know before anything happens there; an order may be newer than the last load."""


def place(scope: Scope, city_id: str, scope_id: str) -> Question:
    """Ask whether the facts know a zone or merchant of a city."""
    return Question(PLACES[scope], (city_id, scope_id) * 2)
