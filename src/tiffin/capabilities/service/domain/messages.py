"""What is told to systems outside: messages of few kinds, each small, and of people no more than its receiver knows."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any


class Kind(StrEnum):
    """What happened."""

    INCIDENT_REPORTED = "incident.reported"
    VERDICT_GIVEN = "verdict.given"
    APPEAL_LODGED = "appeal.lodged"
    APPEAL_DECIDED = "appeal.decided"
    TEST = "test"


class Audience(StrEnum):
    """Whose system listens; a merchant's hears of his own orders alone, and of nobody's rider or customer."""

    CUSTOMER_SERVICE = "customer_service"
    MERCHANT = "merchant"


@dataclass(frozen=True, slots=True)
class Happening:
    """Something that systems outside may be told.

    Parameters
    ----------
    key : str
        Names it for ever: it is told once under it.
    data : mapping
        What everybody may be told who hears of it, as plain JSON values.
    inner : mapping
        What only the own customer service is told besides.
    """

    kind: Kind
    key: str
    at: datetime
    city_id: str
    country: str
    merchant_id: str | None
    data: Mapping[str, Any]
    inner: Mapping[str, Any]


def message_body(happening: Happening, audience: Audience) -> Mapping[str, Any]:
    """Give what one audience is told."""
    more = happening.inner if audience is Audience.CUSTOMER_SERVICE else {}
    place = {"city_id": happening.city_id, "country": happening.country}
    return {
        "type": happening.kind.value,
        "timestamp": happening.at.isoformat(),
        "data": {**place, **happening.data, **more},
    }
