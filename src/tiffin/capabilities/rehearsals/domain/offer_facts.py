"""Facts of the offers that riders of a simulated city got, and of what they answered."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from tiffin.capabilities.rehearsals.domain.ledger import Ledger, Texts, instants, picked
from tiffin.capabilities.rehearsals.domain.order_facts import Columns
from tiffin.engines.simulation.parameters import Parameters
from tiffin.engines.simulation.tables import BICYCLE, Outcome, Records

KM = 1000.0
OUTCOMES: Mapping[Outcome, str] = {
    Outcome.ACCEPTED: "accepted",
    Outcome.DECLINED: "declined",
    Outcome.EXPIRED: "expired",
    Outcome.WITHDRAWN: "withdrawn",
}
WEIGHED = ("too_far", "low_pay", "vehicle")
"""Reasons to decline that the engine knows; a rider gives the one that weighs most with him."""
OTHERWISE = ("break", "merchant_slow", "other")
"""What riders say when none of them weighs at all; by the number of the offer."""


def offer_columns(ledger: Ledger, parameters: Parameters) -> Columns:
    """Write the table ``dispatch_offers``."""
    days = ledger.run.days
    parts = [day.simulated.happened.offers for day in days]
    offers = np.concatenate(parts).view(np.recarray)
    day = np.repeat(np.arange(len(days), dtype=np.int64), [len(part) for part in parts])
    order = offers.order + _before(ledger.order_day, len(days))[day]
    session = offers.session + _before(ledger.session_day, len(days))[day]
    starts, fee = ledger.starts[day], ledger.run.scenario.delivery_fee_minor
    names = np.array([OUTCOMES[outcome] for outcome in Outcome], dtype=object)
    return {
        "order_id": ledger.order_ids[order],
        "rider_id": picked(ledger.rider_ids, ledger.rider_of_session[session]),
        "offered_at": instants(starts, offers.offered_s),
        "answered_at": instants(starts, offers.answered_s),
        "outcome": names[offers.outcome],
        "decline_reason": _reasons(ledger, offers, order, session, parameters),
        "distance_m": np.rint(offers.away_m * parameters.detour_factor),
        # The usual order pays what the customer pays for its delivery.
        "pay_minor": np.rint(offers.pay * fee).astype(np.int64),
        "currency": ledger.run.scenario.city.currency,
        "zone_id": picked(ledger.zone_ids, ledger.pickup_zone[order]),
        # As all that follows an order: an offer after the cut-off belongs to the evening that its order was placed in.
        "business_date": np.array([one.calendar.day for one in days], dtype="datetime64[D]")[day],
    }


def _before(day: NDArray[np.int64], days: int) -> NDArray[np.int64]:
    """Count the rows of the days before each."""
    sizes = np.bincount(day, minlength=days)
    return np.cumsum(sizes) - sizes


def _reasons(
    ledger: Ledger,
    offers: Records,
    order: NDArray[np.int64],
    session: NDArray[np.int64],
    parameters: Parameters,
) -> Texts:
    """Say why riders declined."""
    reasons = np.full(len(offers), None, dtype=object)
    declined = np.flatnonzero(offers.outcome == Outcome.DECLINED)
    own, goods = offers[declined], ledger.orders[order[declined]]
    merchants = ledger.run.city.merchants[goods.merchant]
    way_m = own.away_m + np.hypot(merchants.x - goods.drop_x, merchants.y - goods.drop_y)
    rides = ledger.sessions.vehicle[session[declined]] == BICYCLE
    weights = np.stack(
        [
            parameters.decline_per_km * (way_m - parameters.offer_usual_way_m) / KM,
            parameters.decline_per_pay * (1.0 - own.pay),
            np.where(rides, parameters.decline_bicycle_per_km * way_m / KM, 0.0),
        ]
    )
    heaviest = np.array(WEIGHED, dtype=object)[weights.argmax(axis=0)]
    said = np.array(OTHERWISE, dtype=object)[declined % len(OTHERWISE)]
    reasons[declined] = np.where(weights.max(axis=0) > 0, heaviest, said)
    return reasons
