"""Levers that a city manager pulls in a day, and what each of them means in a simulated one."""

from dataclasses import dataclass
from enum import StrEnum

from tiffin.engines.simulation.tables import SLOT_S


class Lever(StrEnum):
    """What can be done about a day while it lasts, or before it begins."""

    MOVE_RIDERS = "move_riders"
    INCENTIVE = "incentive"
    SHIFT_TOP_UP = "shift_top_up"
    RADIUS = "radius"
    PROMISE = "promise"
    THROTTLE = "throttle"
    MERCHANT_PACING = "merchant_pacing"
    DEMAND_STEERING = "demand_steering"


@dataclass(frozen=True, slots=True)
class Pull:
    """A lever pulled: where, when and how far.

    Parameters
    ----------
    zones : tuple of int
        Numbers of the zones that it is for. Riders of these zones, and orders of merchants in them.
    start_s, end_s : int
        Seconds since the business day began, on slot borders.
    strength : float
        With strength 0 a lever does nothing at all.

        Move riders: share of the riders of `from_zones`, between 0 and 1, who work in `zones` in these hours; each
        rides to the nearest of them when he has no order in hand, and back after the hours.
        Incentive: pay on top of each order, in usual pays (0.3: three tenths of what the usual order pays); riders
        decline less, and more of them come, by an elasticity.
        Shift top-up: riders on top in each of the zones, throughout the hours; a broken number is drawn by chance.
        Radius: metres; an order is not offered to a customer who lives farther from the merchant than that. The fewer
        metres the stronger, but for 0, which sets no limit.
        Promise: minutes by which the shown promise is longer; fewer customers order at it.
        Throttle: share of the customers, between 0 and 1, who are turned away.
        Merchant pacing: how full a kitchen counts as busy: one that has as many orders in preparation as its capacity
        divided by the strength takes no more until it has less in hand. 1 keeps it at its capacity, 0.5 at twice that.
        Demand steering: share of the customers, between 0 and 1, who are asked to order from a merchant in `from_zones`
        instead, which those do who have one near enough; or later from the same one where no zones are given.
    from_zones : tuple of int
        Move riders: whose riders. Demand steering: whose merchants take the orders.
    """

    lever: Lever
    zones: tuple[int, ...]
    start_s: int
    end_s: int
    strength: float
    from_zones: tuple[int, ...] = ()

    @property
    def hours(self) -> float:
        """How long it is pulled."""
        return (self.end_s - self.start_s) / HOUR_S

    @property
    def slots(self) -> slice:
        """The half hours in which it is pulled."""
        return slice(self.start_s // SLOT_S, -(-self.end_s // SLOT_S))


HOUR_S = 3600.0
SHARES = frozenset({Lever.MOVE_RIDERS, Lever.THROTTLE, Lever.DEMAND_STEERING})
"""Levers whose strength is a share."""


@dataclass(frozen=True, slots=True)
class LeverParameters:
    """What people do when levers are pulled; values live in ``capabilities/rehearsals/levers.yaml`` with their source.

    Parameters
    ----------
    incentive_elasticity : float
        Rider hours that come on top, as a share of those planned, for each usual pay on top of the usual one.
    nearer_share : float
        Of the customers to whom their merchant is no longer offered, who order from a nearer one; all others are lost.
    farther_m : float
        A customer who is asked to order elsewhere does so where a merchant is no farther than that beyond his own.
    later_s : float
        By how much later a customer orders who is asked to order later.
    """

    incentive_elasticity: float
    nearer_share: float
    farther_m: float
    later_s: float
