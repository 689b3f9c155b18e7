"""What follows an order: contacts, refunds and ratings, by how late it came and what went wrong at the door."""

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from tiffin.engines.simulation.parameters import Parameters
from tiffin.engines.simulation.streams import Stream
from tiffin.engines.simulation.tables import NEVER, Floats, Mishap, Records, Seconds, Status

LATE_S = 600
VERY_LATE_S = 1200
_NO_STARS = 0

STAR_SHARES = (0.023, 0.023, 0.052, 0.115, 0.787)
"""Shares of one to five stars on orders in time (public grocery orders with an issue report, 13,827 rated)."""
LATE_STAR_SHARES = (0.14, 0.12, 0.20, 0.26, 0.28)
"""The same on orders that are very late; assumption."""


class Reason(IntEnum):
    """Why somebody wrote in, or got money back."""

    NONE = 0
    LATE = 1
    LOST = 2
    ISSUE = 3
    CANCELLED = 4
    QUESTION = 5
    HANDOVER = 6
    RETURNED = 7


@dataclass(frozen=True, slots=True)
class Aftermath:
    """What follows each order of a day; one row an order.

    Parameters
    ----------
    contact, refund : (n_orders,), reason as a number of `Reason`, NONE where there is none
    contact_after_s, rating_after_s : (n_orders,), seconds after the order ended
    refund_share : (n_orders,), share of the basket paid back
    stars : (n_orders,), 0 where nobody rated
    """

    contact: NDArray[np.int64]
    contact_after_s: Seconds
    refund: NDArray[np.int64]
    refund_share: Floats
    stars: NDArray[np.int64]
    rating_after_s: Seconds


@dataclass(frozen=True, slots=True)
class Wrongs:
    """What went wrong with each order of a day; one row an order.

    Parameters
    ----------
    lost : nobody carried it, or the merchant refused it
    failed : the hand-over failed at first, whatever came of it
    returned : the goods went back
    late_s : seconds after the promise, of those delivered
    issue : something is amiss with the goods
    """

    lost: NDArray[np.bool_]
    failed: NDArray[np.bool_]
    returned: NDArray[np.bool_]
    late_s: Seconds
    issue: NDArray[np.bool_]


def follow_up(orders: Records, track: Records, parameters: Parameters, stream: Stream) -> Aftermath:
    """Draw what follows the orders of a day."""
    counter = orders.counter
    delivered = track.status == Status.DELIVERED
    lost = np.isin(track.status, (Status.NO_RIDER, Status.MERCHANT_CANCELLED))
    went_wrong = Wrongs(
        lost=lost,
        failed=(orders.mishap != Mishap.NONE) & (track.at_customer_s != NEVER),
        returned=track.status == Status.RETURNED,
        late_s=np.where(delivered, track.delivered_s - track.promised_s, 0),
        issue=delivered & (stream.child("issue").uniform(counter) < parameters.issue_share),
    )
    contact = _contacts(went_wrong, parameters, stream.child("contact").uniform(counter))
    refund, share = _refunds(went_wrong, parameters, stream.child("refund").uniform(counter))
    rated = delivered & (stream.child("rating").uniform(counter) < parameters.rating_share)
    delay = stream.child("delay")
    return Aftermath(
        contact=contact,
        contact_after_s=60 + (delay.child("contact").exponential(counter) * 900).astype(np.int64),
        refund=refund,
        refund_share=share,
        stars=np.where(rated, _stars(went_wrong.late_s, stream.child("stars").uniform(counter)), _NO_STARS),
        rating_after_s=120 + (delay.child("rating").exponential(counter) * 3600).astype(np.int64),
    )


def _contacts(wrongs: Wrongs, parameters: Parameters, chance: Floats) -> NDArray[np.int64]:
    p, late, very_late = parameters, wrongs.late_s > LATE_S, wrongs.late_s > VERY_LATE_S
    likely = np.select(
        [wrongs.lost, wrongs.failed, very_late, late, wrongs.issue],
        [
            p.contact_lost_share,
            p.contact_failed_share,
            p.contact_very_late_share,
            p.contact_late_share,
            p.contact_late_share,
        ],
        p.contact_share,
    )
    reason = np.select(
        [wrongs.lost, wrongs.returned, wrongs.failed, late, wrongs.issue],
        [Reason.LOST, Reason.RETURNED, Reason.HANDOVER, Reason.LATE, Reason.ISSUE],
        Reason.QUESTION,
    )
    return np.where(chance < likely, reason, Reason.NONE).astype(np.int64)


def _refunds(wrongs: Wrongs, parameters: Parameters, chance: Floats) -> tuple[NDArray[np.int64], Floats]:
    p = parameters
    reasons = [
        (wrongs.lost, Reason.CANCELLED, 1.0, 1.0),
        (wrongs.returned, Reason.RETURNED, p.return_refund_share, 1.0),
        (wrongs.issue, Reason.ISSUE, p.issue_refund_share, p.partial_refund_share),
        (wrongs.late_s > VERY_LATE_S, Reason.LATE, p.late_refund_share, p.partial_refund_share),
    ]
    refund = np.zeros(len(chance), dtype=np.int64)
    share = np.zeros(len(chance))
    for struck, reason, likely, paid in reversed(reasons):
        given = struck & (chance < likely)
        refund[given], share[given] = reason, paid
    return refund, share


def _stars(late_s: Seconds, chance: Floats) -> NDArray[np.int64]:
    """Draw stars between the shares of timely and of very late orders, by how late the order was."""
    weight = np.clip(late_s / VERY_LATE_S, 0.0, 1.0)[:, None]
    cumulative = np.cumsum((1 - weight) * np.array(STAR_SHARES) + weight * np.array(LATE_STAR_SHARES), axis=1)
    stars = 1 + (chance[:, None] > cumulative).sum(axis=1)
    return np.asarray(np.minimum(len(STAR_SHARES), stars), dtype=np.int64)
