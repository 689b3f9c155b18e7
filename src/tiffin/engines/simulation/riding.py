"""How long riders take."""

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
def ride_s(world: World, rider: int, zone: int, distance_m: float, noise: float, start_s: int) -> int:
    """Tell how long a ride takes that begins at an instant in a zone, in whole seconds."""
    factor = world.travel[world.sessions[rider].vehicle, zone, slot_of(start_s)] * noise
    return int(np.ceil(distance_m / world.sessions[rider].speed_m_s * factor))


@inner
def away_m(world: World, rider: int, order: int) -> float:
    """Measure the way from where a rider is, or will be when he is free, to an order's merchant."""
    merchant = world.orders[order].merchant
    return metres(
        world.riders[rider].x, world.riders[rider].y, world.merchants[merchant].x, world.merchants[merchant].y
    )


@inner
def out_m(world: World, order: int) -> float:
    """Measure the way from an order's merchant to its customer."""
    merchant = world.orders[order].merchant
    return metres(
        world.merchants[merchant].x, world.merchants[merchant].y, world.orders[order].drop_x, world.orders[order].drop_y
    )


@inner
def arrival_s(world: World, rider: int, order: int, now_s: int) -> int:
    """Tell when a rider who is sent now reaches the order's merchant."""
    zone = world.merchants[world.orders[order].merchant].zone
    start: int = max(now_s, world.riders[rider].free_s)
    return start + ride_s(world, rider, zone, away_m(world, rider, order), world.orders[order].approach_noise, start)


@inner
def leaving_s(world: World, order: int, at_merchant_s: int) -> int:
    """Tell when a rider leaves with the goods: handed over when ready, half the pickup service in at soonest."""
    half = world.orders[order].pickup_s // 2
    handed_over = max(at_merchant_s + half, world.track[order].ready_s)
    return int(handed_over + world.orders[order].pickup_s - half)
