"""Nearest first in plain Python, written from its description: the peer that the compiled day is measured against."""

import heapq
import math

from tiffin.engines.simulation.instances.instance import Instance
from tiffin.engines.simulation.instances.nearest import LEAD_MIN


class _Day:
    """One day: an agenda, who waits, what waits."""

    def __init__(self, instance: Instance) -> None:
        self.i = instance
        self.agenda: list[tuple[int, int, str, int]] = []
        self.put = self.outstanding = self.delivered = 0
        self.idle: dict[int, tuple[float, float]] = {}
        self.queue: set[int] = set()
        self.courier: dict[int, int] = {}
        self.dropoff = [-1] * len(instance.order_ids)

    def schedule(self, minute: int, kind: str, subject: int) -> None:
        heapq.heappush(self.agenda, (minute, self.put, kind, subject))
        self.put += 1

    def happen(self) -> None:
        for courier in range(len(self.i.courier_ids)):
            self.schedule(int(self.i.on_min[courier]), "come", courier)
            self.schedule(int(self.i.off_min[courier]), "go", courier)
        for order in range(len(self.i.order_ids)):
            self.schedule(int(self.i.placed_min[order]), "place", order)
        while self.agenda:
            now, _, kind, subject = heapq.heappop(self.agenda)
            getattr(self, kind)(now, subject)

    def place(self, now: int, order: int) -> None:
        self.schedule(max(now, int(self.i.ready_min[order]) - LEAD_MIN), "offer", order)

    def free(self, now: int, order: int) -> None:
        self.seek(now, self.courier[order], (self.i.order_x[order], self.i.order_y[order]))

    def come(self, now: int, courier: int) -> None:
        self.seek(now, courier, (self.i.courier_x[courier], self.i.courier_y[courier]))

    def go(self, _now: int, courier: int) -> None:
        self.idle.pop(courier, None)

    def pick_up(self, _now: int, _order: int) -> None:
        self.outstanding -= 1

    def drop_off(self, _now: int, _order: int) -> None:
        self.delivered += 1

    def offer(self, now: int, order: int) -> None:
        near = [(self.away(place, order), c) for c, place in self.idle.items()]
        fit = [(away, c) for away, c in near if self.pickup(now, away, order) <= self.i.off_min[c]]
        if not fit:
            self.queue.add(order)
            return
        away, courier = min(fit)
        del self.idle[courier]
        self.send(now, courier, order, away)

    def seek(self, now: int, courier: int, place: tuple[float, float]) -> None:
        if now >= self.i.off_min[courier]:
            return
        near = [(self.away(place, order), order) for order in self.queue]
        fit = [(away, o) for away, o in near if self.pickup(now, away, o) <= self.i.off_min[courier]]
        if not fit:
            self.idle[courier] = place
            return
        away, order = min(fit)
        self.queue.remove(order)
        self.send(now, courier, order, away)

    def away(self, place: tuple[float, float], order: int) -> float:
        at = self.i.restaurant[order]
        east, north = self.i.restaurant_x[at] - place[0], self.i.restaurant_y[at] - place[1]
        return math.sqrt(east * east + north * north)

    def pickup(self, now: int, away: float, order: int) -> int:
        arrived = now + math.ceil(away / self.i.metres_per_minute)
        return max(int(self.i.ready_min[order]), arrived + self.i.pickup_min // 2)

    def send(self, now: int, courier: int, order: int, away: float) -> None:
        leaves = self.pickup(now, away, order) + self.i.pickup_min - self.i.pickup_min // 2
        ride = self.away((self.i.order_x[order], self.i.order_y[order]), order)
        self.courier[order] = courier
        self.dropoff[order] = leaves + math.ceil(ride / self.i.metres_per_minute) + self.i.dropoff_min // 2
        self.schedule(leaves, "pick_up", order)
        self.schedule(self.dropoff[order], "drop_off", order)
        self.schedule(self.dropoff[order] + self.i.dropoff_min - self.i.dropoff_min // 2, "free", order)


def plain_nearest_first(instance: Instance) -> list[int]:
    """Tell when each order is dropped off, -1 where nobody brings it."""
    day = _Day(instance)
    day.happen()
    return day.dropoff
