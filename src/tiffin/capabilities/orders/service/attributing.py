"""Who lost an order's time, as attribution tells it from the facts: stages against what is fair, and shares."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from tiffin.capabilities.liability.domain.attribution import OrderAttribution
from tiffin.capabilities.liability.service.attribution import attribute_order
from tiffin.capabilities.orders.domain.order_file import LegTime, OrderFile
from tiffin.kernel.errors import InvalidData, NotFound
from tiffin.runtime.context import Context


@dataclass(frozen=True, slots=True)
class Attributed:
    """An order's stages one after the other, each against its conditions, and whose the lost time is.

    Parameters
    ----------
    by_party : mapping of str to int
        Basis points, those without any left out.
    question : str or None
        What the facts leave open, so that a person should look.
    """

    legs: tuple[LegTime, ...]
    by_party: Mapping[str, int]
    confidence_percent: int
    question: str | None
    exemption: str | None


def attributed(context: Context, file: OrderFile) -> Attributed | None:
    """Attribute an order's time for whoever works here; None where its facts do not tell enough."""
    if not file.is_staff or file.order["placed_at"] is None:
        return None
    try:
        found = attribute_order(context, file.city.city_id, file.order_id)
    except (NotFound, InvalidData):
        return None
    if not found.stages:
        return None
    return Attributed(
        legs=_legs(found),
        by_party={party.value: share for party, share in found.shares_bp.items() if share},
        confidence_percent=found.confidence_percent,
        question=found.question.value if found.question else None,
        exemption=found.exemption.value if found.exemption else None,
    )


def _legs(found: OrderAttribution) -> tuple[LegTime, ...]:
    """Lay the stages end to end from placing: they follow one another and add up to the order's time."""
    legs, at = [], found.placed_at
    for name, stage in found.stages.items():
        end = at + timedelta(seconds=stage.actual_s)
        legs.append(LegTime(name, at, end, stage.fair_s, stage.blame_s))
        at = end
    return tuple(legs)
