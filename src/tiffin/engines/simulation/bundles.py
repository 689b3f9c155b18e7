"""Bundling: a rider who fetches at a merchant may take another order of the same merchant along."""

import numpy as np

from tiffin.engines.simulation.compiled import inner
from tiffin.engines.simulation.idle import list_of, was_asked
from tiffin.engines.simulation.offers import may_be_asked_to_join
from tiffin.engines.simulation.riding import leaving_s, metres
from tiffin.engines.simulation.world import NOBODY, World

ALONE = 1


@inner
def _tried(world: World, rider: int, order: int, place: int) -> float:
    """Tell by how many seconds an order makes a route longer at a place; infinite where a customer loses much."""
    merchant, speed = world.orders[order].merchant, world.sessions[rider].speed_m_s
    x, y = world.merchants[merchant].x, world.merchants[merchant].y
    before_x, before_y = x, y
    with_it, without, worst = 0.0, 0.0, 0.0
    member = world.riders[rider].first
    for step in range(world.riders[rider].load + 1):
        goods = order if step == place else member
        drop_x, drop_y = world.orders[goods].drop_x, world.orders[goods].drop_y
        with_it += metres(x, y, drop_x, drop_y) / speed
        if step == place:
            alone = metres(world.merchants[merchant].x, world.merchants[merchant].y, drop_x, drop_y) / speed
            worst = max(worst, with_it - alone)
        else:
            without += metres(before_x, before_y, drop_x, drop_y) / speed
            worst = max(worst, with_it - without)
            without += world.orders[goods].dropoff_s
            before_x, before_y = drop_x, drop_y
            member = world.work[member].next
        with_it += world.orders[goods].dropoff_s
        x, y = drop_x, drop_y
    return with_it - without if worst <= world.rules.bundle_detour_s else np.inf


@inner
def best_place(world: World, now: int, rider: int, order: int) -> tuple[int, float]:
    """Find where in a rider's route another order costs least: its place, or NOBODY, and the seconds that it adds."""
    best, least = NOBODY, np.inf
    riders, size = world.riders, world.riders[rider].load
    if riders[rider].fetching == 0 or size == 0 or size >= world.rules.bundle_most:
        return best, least
    if leaving_s(world, order, max(now, riders[rider].reaches_s)) > riders[rider].leaves_s + world.rules.bundle_wait_s:
        return best, least
    for place in range(size + 1):
        adds = _tried(world, rider, order, place)
        if adds < least:
            best, least = place, adds
    return best, least


@inner
def best_to_join(world: World, now: int, order: int) -> int:
    """Find the rider who fetches at the order's merchant and for whom it adds least, or NOBODY."""
    best, least = NOBODY, np.inf
    if world.rules.bundle_most == ALONE or not may_be_asked_to_join(world, order):
        return best
    rider = world.head[list_of(world, world.orders[order].merchant)]
    while rider != NOBODY:
        _, adds = best_place(world, now, rider, order)
        if adds < least and now < world.sessions[rider].off_s and not was_asked(world, rider, order):
            best, least = rider, adds
        rider = world.riders[rider].after
    return best


@inner
def insert(world: World, rider: int, order: int, place: int) -> None:
    """Put an order into a rider's route."""
    if place == 0:
        world.work[order].next = world.riders[rider].first
        world.riders[rider].first = order
    else:
        before = world.riders[rider].first
        for _ in range(place - 1):
            before = world.work[before].next
        world.work[order].next = world.work[before].next
        world.work[before].next = order
    world.riders[rider].load += 1


@inner
def remove(world: World, rider: int, order: int) -> None:
    """Take an order out of a rider's route."""
    world.riders[rider].load -= 1
    if world.riders[rider].first == order:
        world.riders[rider].first = world.work[order].next
        return
    before = world.riders[rider].first
    while world.work[before].next != order:
        before = world.work[before].next
    world.work[before].next = world.work[order].next
