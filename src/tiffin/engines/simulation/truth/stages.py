"""The stages into which an order's time is cut, in seconds; they follow one another and leave nothing out."""

from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from tiffin.engines.simulation.tables import NEVER, Records, Status

Whole = NDArray[np.int64]


class Stage(StrEnum):
    """A part of an order's time.

    ``WAITING`` is time in which the goods are ready and nobody is on his way to them, ``APPROACH`` time in which they
    are ready and a rider is. A rider who comes before the goods are ready costs no time: that is ``PREPARATION`` still.
    """

    ACCEPTANCE = "acceptance"
    PREPARATION = "preparation"
    WAITING = "waiting"
    APPROACH = "approach"
    PICKUP = "pickup"
    RIDE = "ride"
    HANDOVER = "handover"


def ended_s(track: Records) -> Whole:
    """Tell when each order ended: delivered, or else cancelled; seconds since the business day began."""
    return np.asarray(np.where(track.status == Status.DELIVERED, track.delivered_s, track.cancelled_s), dtype=np.int64)


def stage_seconds(orders: Records, track: Records) -> Whole:
    """Cut each order's time into stages.

    Returns
    -------
    (n_stages, n_orders), seconds, in the order of `Stage`; adds up to the time from placing to the end
    """
    end = ended_s(track)
    ready = _known(track.ready_s, end)
    borders = [
        orders.placed_s,
        _known(track.accepted_s, end),
        ready,
        np.maximum(ready, _known(track.assigned_s, end)),
        np.maximum(ready, _known(track.at_merchant_s, end)),
        _known(track.picked_up_s, end),
        _known(track.at_customer_s, end),
        end,
    ]
    in_order = np.maximum.accumulate(np.minimum(np.stack(borders), end), axis=0)
    return np.diff(in_order, axis=0)


def _known(at_s: Whole, end_s: Whole) -> Whole:
    """Count what was never reached when the order ended as reached at its end."""
    return np.where(at_s == NEVER, end_s, at_s)
