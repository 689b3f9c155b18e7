"""What the targets ask of simulated days beyond single times: shares, profiles, purchases, effects of rain."""

import numpy as np

from tiffin.capabilities.rehearsals.domain.calibration import Simulated, by_fifth, by_hour, relative
from tiffin.engines.simulation.calibrating import measures
from tiffin.engines.simulation.calibrating.readings import Reading, ratio_of, slope_of
from tiffin.engines.simulation.calibrating.shares import Share
from tiffin.engines.simulation.tables import Floats, Status


def items(simulated: Simulated) -> Floats:
    """Items of each order."""
    return np.concatenate([one.items for one in simulated.purchases]).astype(np.float64)


def basket(simulated: Simulated) -> Floats:
    """Logarithm of each basket over the median basket."""
    return relative(np.concatenate([one.basket for one in simulated.purchases]).astype(np.float64))


def discounted(simulated: Simulated) -> Share:
    """Orders with a discount."""
    return _share(np.concatenate([one.discount for one in simulated.purchases]) > 0)


def refunded(simulated: Simulated) -> Share:
    """Delivered orders with money back."""
    return _share(measures.refunded(simulated.days))


def refunds_by_fifth(simulated: Simulated) -> Floats:
    """Refunds among the fastest fifth of the orders, the next, and so on."""
    return by_fifth(measures.click_to_door_min(simulated.days), measures.refunded(simulated.days))


def placed_hours(simulated: Simulated) -> Floats:
    """Orders by hour since the business day began."""
    return measures.placed_hours(simulated.days)


def lost_hours(simulated: Simulated) -> Floats:
    """Orders that nobody carried, by hour in which they were placed."""
    lost = [
        day.simulated.orders.placed_s[day.simulated.happened.track.status == Status.NO_RIDER] // 3600
        for day in simulated.days
    ]
    return np.bincount(np.clip(np.concatenate(lost), 0, 23), minlength=24).astype(np.float64)


def weekday_profile(simulated: Simulated) -> Floats:
    """Orders by weekday: the simulated days follow each other as the file's do, whole weeks of them."""
    counts = measures.day_counts(simulated.days)
    weeks = counts[: len(counts) // 7 * 7].reshape(-1, 7)
    return np.asarray(np.roll(weeks.sum(axis=0), simulated.first_weekday - 1), dtype=np.float64)


def use_by_hour(simulated: Simulated) -> Floats:
    """Share of riders' time with an order, hour by hour."""
    return by_hour(*measures.hour_use(simulated.days))


def late(simulated: Simulated) -> Share:
    """Delivered orders after the promise."""
    return measures.late_share(simulated.days)


def very_late(simulated: Simulated) -> Share:
    """Delivered orders more than ten minutes after the promise."""
    return measures.late_share(simulated.days, over_min=10.0)


def without_rider(simulated: Simulated) -> Share:
    """Orders that nobody carried."""
    return measures.status_share(simulated.days, Status.NO_RIDER)


def declined(simulated: Simulated) -> Share:
    """Offers that riders declined, of those they answered."""
    return _share(measures.declined(simulated.days))


def failed_at_first(simulated: Simulated) -> Share:
    """Orders that could not be handed over at once, of those brought to the door."""
    return _share(measures.failed_at_first(simulated.days))


def nobody_near(simulated: Simulated) -> Floats:
    """Share of orders for which nobody was free near by when a rider was first sought, hour by hour."""
    return by_hour(*measures.hour_nobody_near(simulated.days))


def with_issue(simulated: Simulated) -> Share:
    """Delivered orders about which an issue made the customer write in or brought money back."""
    return _share(measures.with_issue(simulated.days))


def stars(simulated: Simulated) -> Floats:
    """Ratings of one to five stars."""
    return measures.stars(simulated.days)


def minutes_per_km(simulated: Simulated) -> Reading:
    """Minutes that an order takes longer for each straight kilometre."""
    away, took = measures.distance_m(simulated.days), measures.click_to_door_min(simulated.days)
    return slope_of(away / 1000.0, took)


def rain_on_demand(simulated: Simulated) -> Reading:
    """Factor of rain on orders."""
    return ratio_of(measures.day_counts(simulated.rain), measures.day_counts(simulated.days))


def rain_on_duration(simulated: Simulated) -> Reading:
    """Factor of rain on the time to the door."""
    return ratio_of(measures.click_to_door_min(simulated.rain), measures.click_to_door_min(simulated.days))


def _share(flags: np.ndarray[tuple[int, ...], np.dtype[np.bool_]]) -> Share:
    return Share(int(flags.sum()), len(flags))
