"""The causes that a miss can have, as far as delivery facts can tell them apart."""

from enum import StrEnum


class Cause(StrEnum):
    """Why orders were late or lost.

    ``RIDERS_ELSEWHERE`` are riders missing here who sat idle in other zones within reach. ``MORE_REFUSALS`` are orders
    that merchants cancelled, ``MORE_WITHDRAWALS`` those that customers cancelled before they can have waited.
    ``SHORTER_PROMISE`` is time by which less was promised than usual: nothing took longer, and yet orders are late.
    ``BACKLOG`` stands where only open orders and riders are known: more orders stay open than arrivals foretell.
    ``AS_USUAL`` is what is lost on usual days too; ``UNEXPLAINED`` what the facts at hand do not explain. Neither is a
    cause of this day, and both are always shown after the causes.
    """

    MORE_DEMAND = "more_demand"
    FEWER_RIDERS = "fewer_riders"
    SLOWER_MERCHANTS = "slower_merchants"
    LONGER_TRAVEL = "longer_travel"
    SLOWER_HANDOVER = "slower_handover"
    BACKLOG = "backlog"
    SLOWER_CONFIRMATION = "slower_confirmation"
    LATER_ARRIVAL = "later_arrival"
    SLOWER_AFTER_ARRIVAL = "slower_after_arrival"
    MORE_RIDER_CANCELLATIONS = "more_rider_cancellations"
    RIDERS_ELSEWHERE = "riders_elsewhere"
    MORE_REFUSALS = "more_refusals"
    MORE_WITHDRAWALS = "more_withdrawals"
    SHORTER_PROMISE = "shorter_promise"
    AS_USUAL = "as_usual"
    UNEXPLAINED = "unexplained"

    @property
    def is_of_the_day(self) -> bool:
        """Tell whether it is a cause of this day, and not a remainder."""
        return self not in {Cause.AS_USUAL, Cause.UNEXPLAINED}


class Detail(StrEnum):
    """What a cause consists of, where facts tell it."""

    LONGER_DISTANCES = "longer_distances"
    SLOWER_TRAVEL = "slower_travel"
    NO_RIDER = "no_rider"
    CANCELLED_BY_RIDER = "cancelled_by_rider"


class Lack(StrEnum):
    """What the facts of a city and day lack, and the page therefore cannot say."""

    HISTORY = "history"
    DELIVERIES = "deliveries"
    PROMISES = "promises"
    RIDERS = "riders"
    STAGES = "stages"
    ZONES = "zones"
    REFUNDS = "refunds"
    LOST_ORDERS = "lost_orders"
    ORDERS = "orders"
    TIMEZONE = "timezone"
