"""Facts of what followed simulated orders: contacts, refunds, ratings."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from tiffin.capabilities.rehearsals.domain.ledger import NOBODY, Instants, Ledger, picked
from tiffin.capabilities.rehearsals.domain.order_facts import Columns
from tiffin.engines.simulation.aftermath import Reason
from tiffin.engines.simulation.tables import Status

CONTACT_REASONS: Mapping[Reason, str] = {
    Reason.NONE: "",
    Reason.LATE: "order_late",
    Reason.LOST: "order_cancelled",
    Reason.ISSUE: "item_issue",
    Reason.CANCELLED: "order_cancelled",
    Reason.QUESTION: "question",
    Reason.HANDOVER: "handover_failed",
    Reason.RETURNED: "order_returned",
}
REFUND_REASONS: Mapping[Reason, str] = {
    Reason.NONE: "",
    Reason.LATE: "late",
    Reason.LOST: "cancelled",
    Reason.ISSUE: "item_issue",
    Reason.CANCELLED: "cancelled",
    Reason.QUESTION: "goodwill",
    Reason.HANDOVER: "handover_failed",
    Reason.RETURNED: "returned",
}
CHANNELS = ("app", "chat", "chat", "phone")
REFUND_AFTER_S = 1800


def contact_columns(ledger: Ledger) -> Columns:
    """Write the table ``contacts``."""
    reason = ledger.gathered("aftermath", "contact")
    rows = np.flatnonzero(reason != Reason.NONE)
    names = np.array([CONTACT_REASONS[known] for known in Reason], dtype=object)
    after = ledger.gathered("aftermath", "contact_after_s").astype("timedelta64[s]")
    return {
        "contact_id": _renamed(ledger, rows, "contact"),
        "order_id": ledger.order_ids[rows],
        "contacted_at": (_ended_at(ledger) + after)[rows],
        "channel": np.array(CHANNELS, dtype=object)[ledger.orders.counter[rows] % len(CHANNELS)],
        "reason": names[reason[rows]],
        **_parties(ledger, rows),
    }


def refund_columns(ledger: Ledger) -> Columns:
    """Write the table ``refunds``."""
    reason = ledger.gathered("aftermath", "refund")
    rows = np.flatnonzero(reason != Reason.NONE)
    names = np.array([REFUND_REASONS[known] for known in Reason], dtype=object)
    paid = ledger.gathered("purchases", "basket") - ledger.gathered("purchases", "discount")
    share = ledger.gathered("aftermath", "refund_share")
    return {
        "refund_id": _renamed(ledger, rows, "refund"),
        "order_id": ledger.order_ids[rows],
        "refunded_at": _ended_at(ledger)[rows] + np.timedelta64(REFUND_AFTER_S, "s"),
        "amount_minor": np.rint(paid * share).astype(np.int64)[rows],
        "currency": ledger.run.scenario.city.currency,
        "reason": names[reason[rows]],
        **_parties(ledger, rows),
    }


def rating_columns(ledger: Ledger) -> Columns:
    """Write the table ``ratings``."""
    stars = ledger.gathered("aftermath", "stars")
    rows = np.flatnonzero(stars)
    after = ledger.gathered("aftermath", "rating_after_s").astype("timedelta64[s]")
    return {
        "order_id": ledger.order_ids[rows],
        "rated_at": (_ended_at(ledger) + after)[rows],
        "stars": stars[rows],
        **_parties(ledger, rows),
    }


def _ended_at(ledger: Ledger) -> Instants:
    track = ledger.track
    return ledger.order_instant(np.where(track.status == Status.DELIVERED, track.delivered_s, track.cancelled_s))


def _renamed(ledger: Ledger, rows: NDArray[np.int64], what: str) -> NDArray[np.object_]:
    return np.array([f"{order}-{what}" for order in ledger.order_ids[rows]], dtype=object)


def _parties(ledger: Ledger, rows: NDArray[np.int64]) -> Columns:
    rider = np.append(ledger.rider_of_session, NOBODY)[ledger.session_of_order[rows]]
    days = np.array([day.calendar.day for day in ledger.run.days], dtype="datetime64[D]")
    return {
        "zone_id": picked(ledger.zone_ids, ledger.pickup_zone[rows]),
        "merchant_id": picked(ledger.merchant_ids, ledger.orders.merchant[rows]),
        "rider_id": picked(ledger.rider_ids, rider),
        # The business date of the order: a refund after midnight belongs to the evening that caused it.
        "business_date": days[ledger.order_day[rows]],
    }
