"""Dispatchers of a city day by name: when riders are asked, who, and how many orders one may carry."""

from collections.abc import Mapping
from typing import NamedTuple

NEAREST = "nearest"
ALONE, TOGETHER = 1, 3


class Manner(NamedTuple):
    """How a dispatcher goes about it.

    Parameters
    ----------
    batch : whether orders and riders are matched every so many seconds; else each order is offered at once
    bundle_most : orders that a rider may carry together
    """

    batch: bool
    bundle_most: int


CITY_DISPATCHERS: Mapping[str, Manner] = {
    NEAREST: Manner(batch=False, bundle_most=ALONE),
    "bundling": Manner(batch=False, bundle_most=TOGETHER),
    "batched": Manner(batch=True, bundle_most=ALONE),
    "batched-bundling": Manner(batch=True, bundle_most=TOGETHER),
}
"""`nearest`: an order is offered to the nearest idle rider some minutes before it is ready.
`bundling`: first to a rider who fetches at the same merchant, where that delays nobody much.
`batched`: waiting orders and riders, idle or soon free, are matched every half minute at the least cost.
`batched-bundling`: both."""
