"""Where orders happened and where their rows come from, asked once for the days that are published."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from tiffin.capabilities.liability.domain.outcomes import OWN_SOURCE
from tiffin.capabilities.liability.queries.outcomes import order_places
from tiffin.kernel.people import SIMULATED
from tiffin.runtime.context import Context

_TOGETHER = timedelta(days=31)
"""Days that lie nearer than this are asked for at once."""


@dataclass(frozen=True, slots=True)
class Place:
    """Zone of an order, and what stands in ``source`` of outcomes about it."""

    zone_id: str | None = None
    source: str = OWN_SOURCE


_UNKNOWN = Place()


class Places:
    """What the facts say of orders, by city and order; what they do not know has no zone."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._known: dict[tuple[str, str], Place] = {}
        self._asked: set[tuple[str, date]] = set()

    def learn(self, days: Iterable[tuple[str, date]]) -> None:
        """Ask for the orders of some days of cities, each day once."""
        if "orders" not in self._context.warehouse.versions():
            return
        new = sorted({*days} - self._asked)
        self._asked.update(new)
        for city, first, last in _spans(new):
            for row in self._context.warehouse.query(order_places(city, first, last)).to_pylist():
                source = row["source"] or ""
                told = source if source.startswith(SIMULATED) else OWN_SOURCE
                self._known[row["city_id"], row["order_id"]] = Place(row["zone_id"], told)

    def of(self, city_id: str, order_id: str) -> Place:
        """Give what is known of an order."""
        return self._known.get((city_id, order_id), _UNKNOWN)


def _spans(days: Iterable[tuple[str, date]]) -> list[tuple[str, date, date]]:
    found: list[tuple[str, date, date]] = []
    for city, day in days:
        if found and found[-1][0] == city and day - found[-1][2] <= _TOGETHER:
            found[-1] = (city, found[-1][1], day)
        else:
            found.append((city, day, day))
    return found
