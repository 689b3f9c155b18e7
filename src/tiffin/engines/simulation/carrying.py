"""How a rider carries orders: to the merchant, out with the goods, from door to door, back with what is left."""

from tiffin.engines.simulation.agenda import schedule
from tiffin.engines.simulation.bundles import insert
from tiffin.engines.simulation.compiled import inner
from tiffin.engines.simulation.idle import list_of, put_in, take_out
from tiffin.engines.simulation.riding import arrival_s, leaving_s, metres, ride_s
from tiffin.engines.simulation.tables import NEVER
from tiffin.engines.simulation.world import BUSY, NOBODY, World

NO_MISHAP, ABSENT, WRONG_ADDRESS = range(3)
HANDED_OVER, LEFT, BROUGHT_BACK = range(3)
DELIVERED, RETURNED = 1, 5


@inner
def plan_leaving(world: World, now: int, rider: int, code: int) -> None:
    """Tell a rider when he will leave the merchant: when he has the goods of all his orders."""
    leaves, order = now, world.riders[rider].first
    for _ in range(world.riders[rider].load):
        leaves = max(leaves, leaving_s(world, order, world.track[order].at_merchant_s))
        order = world.work[order].next
    if leaves != world.riders[rider].leaves_s:
        world.riders[rider].leaves_s = leaves
        schedule(world, leaves, code, rider)


@inner
def send(world: World, now: int, order: int, rider: int, place: int) -> None:
    """Send a rider to fetch an order, or let it join those that he fetches already.

    Parameters
    ----------
    place : int
        Its place in his route, NOBODY for a rider without work.
    """
    if place == NOBODY:
        reaches = arrival_s(world, rider, order, now)
        world.riders[rider].state, world.riders[rider].fetching = BUSY, 1
        world.riders[rider].reaches_s, world.riders[rider].leaves_s = reaches, NEVER
        world.riders[rider].job += 1
        world.riders[rider].merchant = world.orders[order].merchant
        world.riders[rider].first, world.riders[rider].load = NOBODY, 0
        world.zones[world.sessions[rider].zone].busy += 1
        put_in(world, rider, list_of(world, world.orders[order].merchant))
    insert(world, rider, order, max(place, 0))
    world.track[order].assigned_s, world.track[order].session = now, rider
    world.track[order].job = world.riders[rider].job
    world.track[order].at_merchant_s = max(now, world.riders[rider].reaches_s)


@inner
def _hand_over(world: World, rider: int, order: int, zone: int, arrives: int) -> int:
    """Let a rider hand an order over, or fail to; tell when he goes on."""
    goods, half = world.orders[order], world.orders[order].dropoff_s // 2
    world.track[order].at_customer_s = arrives
    begins = arrives
    if goods.mishap != NO_MISHAP:
        begins += goods.mishap_s
        if goods.ending == BROUGHT_BACK:
            world.track[order].cancelled_s, world.track[order].status = begins, RETURNED
            return int(begins)
        away = metres(goods.drop_x, goods.drop_y, goods.right_x, goods.right_y)
        begins += ride_s(world, rider, zone, away, goods.ride_noise, begins)
    world.track[order].delivered_s, world.track[order].status = begins + half, DELIVERED
    world.track[order].freed_s = begins + goods.dropoff_s
    return int(begins + goods.dropoff_s)


@inner
def deliver(world: World, now: int, rider: int, code: int) -> None:
    """Let a rider leave the merchant: from now on nobody can cancel, and his way to the end is settled."""
    take_out(world, rider)
    world.riders[rider].fetching = 0
    merchant = world.riders[rider].merchant
    zone = world.merchants[merchant].zone
    x, y, time = world.merchants[merchant].x, world.merchants[merchant].y, now
    order, back = world.riders[rider].first, NOBODY
    for _ in range(world.riders[rider].load):
        goods = world.orders[order]
        world.track[order].picked_up_s = now
        time += ride_s(world, rider, zone, metres(x, y, goods.drop_x, goods.drop_y), goods.ride_noise, time)
        time = _hand_over(world, rider, order, zone, time)
        x, y = goods.drop_x, goods.drop_y
        if world.track[order].status == RETURNED:
            back = order
        else:
            x, y = goods.right_x, goods.right_y
        order = world.work[order].next
    if back != NOBODY:
        away = metres(x, y, world.merchants[merchant].x, world.merchants[merchant].y)
        time += ride_s(world, rider, zone, away, world.orders[back].ride_noise, time)
        x, y = world.merchants[merchant].x, world.merchants[merchant].y
    order = world.riders[rider].first
    for _ in range(world.riders[rider].load):
        if world.track[order].status == RETURNED:
            world.track[order].returned_s = time
            world.track[order].freed_s = time + world.rules.return_service_s
        schedule(world, world.track[order].freed_s, code, order)
        order = world.work[order].next
    if back != NOBODY:
        time += world.rules.return_service_s
    world.riders[rider].x, world.riders[rider].y, world.riders[rider].free_s = x, y, time
