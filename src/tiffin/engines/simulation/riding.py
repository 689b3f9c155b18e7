"""How long riders take, and whether one can take an order."""

import numpy as np

from tiffin.engines.simulation.compiled import inner
from tiffin.engines.simulation.tables import SLOT_S, SLOTS
from tiffin.engines.simulation.world import World


@inner
def metres(ax: float, ay: float, bx: float, by: float) -> float:
    """Measure a straight line."""
    return float(np.sqrt((ax - bx) * (ax - bx) + (ay - by) * (ay - by)))


@inner
def slot_of(time_s: int) -> int:
    """Find the half hour of an instant; what lies outside the day counts to its border."""
    return min(max(time_s // SLOT_S, 0), SLOTS - 1)


@inner
def ride_s(world: World, distance_m: float, speed_m_s: float, factor: float) -> int:
    """Tell how long a ride takes, rounded up as the rules say."""
    unit = world.rules.round_s
    # A ride of a whole number of units stays one, whatever the last bit of the division says.
    return int(np.ceil(distance_m / speed_m_s * factor / unit - 1e-9)) * unit


@inner
def arrival_s(world: World, rider: int, order: int, now_s: int) -> int:
    """Tell when a rider who is told now reaches the order's merchant."""
    merchant = world.orders[order].merchant
    start: int = max(now_s, world.riders[rider].free_s)
    away = metres(
        world.riders[rider].x, world.riders[rider].y, world.merchants[merchant].x, world.merchants[merchant].y
    )
    factor = world.factors[world.merchants[merchant].zone, slot_of(start)].travel * world.orders[order].approach_noise
    return start + ride_s(world, away, world.sessions[rider].speed_m_s, factor)


@inner
def handed_over_s(world: World, order: int, at_merchant_s: int) -> int:
    """Tell when the goods are in the rider's hands: not before they are ready, nor before half the pickup service."""
    handed_over: int = max(at_merchant_s + world.orders[order].pickup_s // 2, world.track[order].ready_s)
    return handed_over


@inner
def can_take(world: World, rider: int, order: int, now_s: int) -> bool:
    """Tell whether a rider would have the goods before he must not pick up any more."""
    latest: int = world.sessions[rider].off_s + world.rules.grace_s
    return handed_over_s(world, order, arrival_s(world, rider, order, now_s)) <= latest
