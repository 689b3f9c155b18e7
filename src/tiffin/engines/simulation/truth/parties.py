"""Who answers for what was planted: the party to which the seconds of a disruption count."""

from collections.abc import Mapping
from enum import StrEnum

from tiffin.engines.simulation.disruptions import Kind


class Party(StrEnum):
    """Who can make an order late. Circumstances are nobody: weather, a match, a crowd."""

    CUSTOMER = "customer"
    MERCHANT = "merchant"
    RIDER = "rider"
    PLATFORM = "platform"
    CIRCUMSTANCES = "circumstances"


PARTY_OF: Mapping[Kind, Party] = {
    Kind.RAIN: Party.CIRCUMSTANCES,
    Kind.DEMAND_SURGE: Party.CIRCUMSTANCES,
    Kind.MERCHANT_OVERLOAD: Party.MERCHANT,
    # No single rider is to blame for those who are not there: the platform sees to it that enough ride.
    Kind.RIDER_SHORTAGE: Party.PLATFORM,
    Kind.WRONG_PROMISE: Party.PLATFORM,
    Kind.FRAUD_RING: Party.CUSTOMER,
    Kind.BROKEN_FEED: Party.PLATFORM,
}
"""The party of a kind, unless a scenario names another."""
