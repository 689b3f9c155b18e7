"""What is measured on simulated days, in the units of the files that they are set against."""

from collections.abc import Callable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from tiffin.engines.simulation.aftermath import Reason
from tiffin.engines.simulation.calibrating.market import MarketDay
from tiffin.engines.simulation.calibrating.shares import Share
from tiffin.engines.simulation.ledger import minutes_by_slot
from tiffin.engines.simulation.tables import SLOTS, Floats, Mishap, Outcome, Status

MINUTE_S = 60.0
Days = Sequence[MarketDay]


def _delivered(days: Days, seconds: Callable[[MarketDay], NDArray[np.int64]]) -> Floats:
    """Gather a time of delivered orders over days, in minutes."""
    parts = []
    for day in days:
        done = day.simulated.happened.track.status == Status.DELIVERED
        parts.append(seconds(day)[done])
    return np.concatenate(parts) / MINUTE_S


def accept_min(days: Days) -> Floats:
    """Minutes from placing to acceptance."""
    return _delivered(days, lambda day: day.simulated.happened.track.accepted_s - day.simulated.orders.placed_s)


def prepare_min(days: Days) -> Floats:
    """Minutes from placing to readiness."""
    return _delivered(days, lambda day: day.simulated.happened.track.ready_s - day.simulated.orders.placed_s)


def to_merchant_min(days: Days) -> Floats:
    """Minutes from placing until the rider stands at the merchant."""
    return _delivered(days, lambda day: day.simulated.happened.track.at_merchant_s - day.simulated.orders.placed_s)


def from_merchant_min(days: Days) -> Floats:
    """Minutes from the rider's arrival at the merchant to the delivery."""
    return _delivered(
        days, lambda day: day.simulated.happened.track.delivered_s - day.simulated.happened.track.at_merchant_s
    )


def click_to_door_min(days: Days) -> Floats:
    """Minutes from placing to delivery."""
    return _delivered(days, lambda day: day.simulated.happened.track.delivered_s - day.simulated.orders.placed_s)


def promised_min(days: Days) -> Floats:
    """Minutes promised."""
    return _delivered(days, lambda day: day.simulated.happened.track.promised_s - day.simulated.orders.placed_s)


def late_min(days: Days) -> Floats:
    """Minutes after the promise; negative before it."""
    return _delivered(
        days, lambda day: day.simulated.happened.track.delivered_s - day.simulated.happened.track.promised_s
    )


def distance_m(days: Days) -> Floats:
    """Straight metres from merchant to customer, of delivered orders."""
    parts = []
    for day in days:
        orders, merchants = day.simulated.orders, day.city.merchants
        of = merchants[orders.merchant]
        away = np.hypot(orders.drop_x - of.x, orders.drop_y - of.y)
        parts.append(away[day.simulated.happened.track.status == Status.DELIVERED])
    return np.concatenate(parts)


def ride_min(days: Days) -> Floats:
    """Minutes of the ride from merchant to customer."""
    return _delivered(
        days, lambda day: day.simulated.happened.track.at_customer_s - day.simulated.happened.track.picked_up_s
    )


def session_min(days: Days) -> Floats:
    """Minutes of riders' planned sessions."""
    return np.concatenate([(day.simulated.sessions.off_s - day.simulated.sessions.on_s) / MINUTE_S for day in days])


def outstanding_per_rider(days: Days) -> Floats:
    """Outstanding orders per rider on shift around each order, when it was placed."""
    return _by_rider(days, "outstanding")


def busy_share(days: Days) -> Floats:
    """Share of the riders on shift around each order that had work when it was placed."""
    return _by_rider(days, "riders_busy")


def _by_rider(days: Days, counted: str) -> Floats:
    tracks = [day.simulated.happened.track for day in days]
    amount = np.concatenate([track[counted] for track in tracks]).astype(np.float64)
    riders = np.concatenate([track.riders_on_shift for track in tracks])
    known = riders > 0
    return np.asarray(amount[known] / riders[known], dtype=np.float64)


def placed_hours(days: Days) -> Floats:
    """Orders placed in each hour since the business day began, shape (24,)."""
    hours = np.concatenate([day.simulated.orders.placed_s // 3600 for day in days])
    return np.bincount(np.clip(hours, 0, 23), minlength=24).astype(np.float64)


def day_counts(days: Days) -> Floats:
    """Orders of each day."""
    return np.array([float(len(day.simulated.orders)) for day in days])


def hour_use(days: Days) -> tuple[Floats, Floats]:
    """Riders' minutes with an order and on shift, by hour since the business day began, each of shape (n_days, 24)."""
    busy, online = [], []
    for day in days:
        track, sessions = day.simulated.happened.track, day.simulated.sessions
        carried = track[track.session >= 0]
        zero = np.zeros(len(carried), dtype=np.int64)
        none = np.zeros(len(sessions), dtype=np.int64)
        begun, ended = carried.assigned_s, np.maximum(carried.freed_s, carried.assigned_s)
        worked = minutes_by_slot(begun, ended, zero, groups=1, slots=SLOTS)[0]
        on = minutes_by_slot(sessions.on_s, day.simulated.happened.ended_s, none, groups=1, slots=SLOTS)[0]
        busy.append(worked.reshape(24, 2).sum(axis=1))
        online.append(on.reshape(24, 2).sum(axis=1))
    return np.array(busy), np.array(online)


def hour_nobody_near(days: Days) -> tuple[Floats, Floats]:
    """Orders for which nobody was free near by when a rider was first sought, and all for which one was, by hour."""
    nobody, sought = [], []
    for day in days:
        track, orders, offers = (
            day.simulated.happened.track,
            day.simulated.orders,
            day.simulated.happened.offers,
        )
        offered_s = np.full(len(orders), np.iinfo(np.int64).max)
        np.minimum.at(offered_s, offers.order, offers.offered_s)
        lost = track.status == Status.NO_RIDER
        looked_for = lost | (track.session >= 0)
        # Whoever is free is offered an order at the very second in which somebody is sought.
        waited = looked_for & (offered_s > np.maximum(track.accepted_s, track.ready_s - day.lead_s))
        waited &= lost | (track.ready_s > 0)
        hour = np.clip(orders.placed_s // 3600, 0, 23)
        nobody.append(np.bincount(hour[waited], minlength=24))
        sought.append(np.bincount(hour[looked_for], minlength=24))
    return np.array(nobody, dtype=np.float64), np.array(sought, dtype=np.float64)


def declined(days: Days) -> NDArray[np.bool_]:
    """Which of the answered offers were declined."""
    outcomes = np.concatenate([day.simulated.happened.offers.outcome for day in days])
    answered = (outcomes == Outcome.ACCEPTED) | (outcomes == Outcome.DECLINED)
    return np.asarray(outcomes[answered] == Outcome.DECLINED)


def failed_at_first(days: Days) -> NDArray[np.bool_]:
    """Which of the orders that came to the door could not be handed over at once: nobody there, or a wrong address."""
    parts = []
    for day in days:
        came = np.isin(day.simulated.happened.track.status, (Status.DELIVERED, Status.RETURNED))
        parts.append(day.simulated.orders.mishap[came] != Mishap.NONE)
    return np.concatenate(parts)


def late_share(days: Days, *, over_min: float = 0.0) -> Share:
    """Delivered orders later than the promise by more than some minutes."""
    late = late_min(days)
    return Share(int((late > over_min).sum()), len(late))


def status_share(days: Days, status: Status) -> Share:
    """Orders that ended in a way."""
    ended = np.concatenate([day.simulated.happened.track.status for day in days])
    return Share(int((ended == status).sum()), len(ended))


def refunded(days: Days) -> NDArray[np.bool_]:
    """Which delivered orders got money back."""
    return np.concatenate(
        [day.aftermath.refund[day.simulated.happened.track.status == Status.DELIVERED] != Reason.NONE for day in days]
    )


def with_issue(days: Days) -> NDArray[np.bool_]:
    """Which delivered orders had an issue that somebody heard of."""
    parts = []
    for day in days:
        told = (day.aftermath.contact == Reason.ISSUE) | (day.aftermath.refund == Reason.ISSUE)
        parts.append(told[day.simulated.happened.track.status == Status.DELIVERED])
    return np.concatenate(parts)


def stars(days: Days) -> Floats:
    """Ratings of one to five stars, counted, shape (5,)."""
    given = np.concatenate([day.aftermath.stars for day in days])
    return np.bincount(given[given > 0], minlength=6)[1:].astype(np.float64)


MEASURES: Mapping[str, Callable[[Days], Floats]] = {
    "accept_min": accept_min,
    "prepare_min": prepare_min,
    "to_merchant_min": to_merchant_min,
    "from_merchant_min": from_merchant_min,
    "click_to_door_min": click_to_door_min,
    "promised_min": promised_min,
    "late_min": late_min,
    "distance_m": distance_m,
    "ride_min": ride_min,
    "session_min": session_min,
    "outstanding_per_rider": outstanding_per_rider,
    "busy_share": busy_share,
}
"""Measures that give one number an order or session, by name."""
