"""Exemptions: which circumstances exempt whom, and whether one holds for an order."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from tiffin.capabilities.liability.domain.attribution import Circumstance
from tiffin.capabilities.liability.domain.parties import Party


class Scope(StrEnum):
    """What an exemption holds for."""

    CITY = "city"
    ZONE = "zone"
    MERCHANT = "merchant"
    ORDER = "order"


@dataclass(frozen=True, slots=True)
class ExemptionRule:
    """What a circumstance exempts from.

    Parameters
    ----------
    most : timedelta
        The longest for which it may be declared at once.
    exempts : frozenset of Party
        Who answers for nothing while it holds.
    """

    circumstance: Circumstance
    most: timedelta
    exempts: frozenset[Party]


@dataclass(frozen=True, slots=True, kw_only=True)
class Exemption:
    """A circumstance that was declared for a place and a time.

    Parameters
    ----------
    starts_at, ends_at : datetime
        UTC; half-open. Whoever ended it before its time moved the end.
    reference : str
        What it rests on: a command, a report, a notice of the weather service.
    """

    exemption_id: int
    city_id: str
    circumstance: Circumstance
    scope: Scope
    scope_id: str
    starts_at: datetime
    ends_at: datetime
    reference: str
    declared_at: datetime

    def holds(self, places: "OrderPlaces") -> bool:
        """Tell whether it holds for an order: something of it happened while and where the circumstance was."""
        if places.ended_at < self.starts_at or places.placed_at >= self.ends_at:
            return False
        named = {
            Scope.CITY: frozenset({places.city_id}),
            Scope.ZONE: places.zone_ids,
            Scope.MERCHANT: frozenset({places.merchant_id}),
            Scope.ORDER: frozenset({places.order_id}),
        }
        return self.scope_id in named[self.scope]


@dataclass(frozen=True, slots=True)
class OrderPlaces:
    """Where and when an order was, as far as an exemption asks."""

    order_id: str
    city_id: str
    merchant_id: str
    zone_ids: frozenset[str]
    placed_at: datetime
    ended_at: datetime


def first_that_holds(
    exemptions: Iterable[Exemption], places: OrderPlaces, top: Party, exempts: Mapping[Circumstance, frozenset[Party]]
) -> Circumstance | None:
    """Give the first declared circumstance that holds for an order and exempts its first party; None without.

    Notes
    -----
    A closed road exempts riders: it says nothing for a kitchen that was slow behind it. What is already nobody's stays
    with the circumstance that was declared.
    """
    for one in exemptions:
        if one.holds(places) and (top in exempts.get(one.circumstance, frozenset()) or top is Party.CIRCUMSTANCES):
            return one.circumstance
    return None
