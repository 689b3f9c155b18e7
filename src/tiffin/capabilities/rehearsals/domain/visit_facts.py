"""Facts of the customers who were shown a delivery time: what they were promised, and whether they ordered."""

import numpy as np

from tiffin.capabilities.rehearsals.domain.ledger import Ledger, instants, picked
from tiffin.capabilities.rehearsals.domain.order_facts import Columns
from tiffin.engines.simulation.parameters import Parameters
from tiffin.engines.simulation.streams import Stream
from tiffin.engines.simulation.tables import NEVER

MINUTE_S = 60.0


def visit_columns(ledger: Ledger, orders: Columns, parameters: Parameters, stream: Stream) -> Columns:
    """Write the table ``customer_sessions``: one row for each customer who was shown a delivery time.

    Who went away without an order has no name: the marketplace knows nobody who has never ordered there.

    Parameters
    ----------
    orders : Columns
        Of the table ``orders``.
    stream : Stream
        Of the city; a day's visits have a stream of their own below it.
    """
    days = ledger.run.days
    visits = np.concatenate([day.simulated.visits for day in days]).view(np.recarray)
    sizes = [len(day.simulated.visits) for day in days]
    starts = np.repeat(ledger.starts, sizes)
    came_s = [
        day.simulated.visits.placed_s
        - stream.child("day", day.calendar.day.isoformat(), "visits").exponential(day.simulated.visits.counter)
        * parameters.visit_mean_s
        for day in days
    ]
    ordered = visits.order != NEVER
    # Orders follow one another as their visits do, day by day.
    order = np.where(ordered, np.cumsum(ordered) - 1, NEVER)
    names = [ledger.numbered(day, size, "v") for day, size in zip(days, sizes, strict=True)]
    asked_at = instants(starts, visits.placed_s)
    return {
        "session_id": np.concatenate(names),
        "customer_id": picked(orders["customer_id"], order),
        "seen_at": instants(starts, np.maximum(0, np.concatenate(came_s)).astype(np.int64)),
        "asked_at": asked_at,
        "placed_at": instants(starts, np.where(ordered, visits.placed_s, NEVER)),
        "order_id": picked(ledger.order_ids, order),
        "zone_id": picked(ledger.zone_ids, ledger.run.city.merchants.zone[visits.merchant]),
        "shown_min": (visits.promised_s - visits.placed_s) / MINUTE_S,
        "is_served": np.ones(len(visits), dtype=bool),
    }


def promise_columns(ledger: Ledger, orders: Columns) -> Columns:
    """Write the table ``promises``: the one that each customer saw when he ordered."""
    return {
        "order_id": ledger.order_ids,
        "made_at": orders["placed_at"],
        "promised_at": orders["promised_at"],
        "shown": "checkout",
        "reason": "first",
        "zone_id": orders["zone_id"],
    }
