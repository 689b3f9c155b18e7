"""The words of a day-book, as messages to translate; the figures come from the day-book itself."""

from collections.abc import Mapping

from tiffin.capabilities.balance.domain.cause import Cause, Detail, Lack
from tiffin.capabilities.scorecards.domain import Comparison, Standing
from tiffin.runtime.i18n import mark

CAUSES: Mapping[Cause, str] = {
    Cause.MORE_DEMAND: mark("More demand than usual"),
    Cause.FEWER_RIDERS: mark("Fewer riders than usual"),
    Cause.SLOWER_MERCHANTS: mark("Slower merchants"),
    Cause.LONGER_TRAVEL: mark("Longer travel"),
    Cause.SLOWER_HANDOVER: mark("Slower hand-over"),
    Cause.BACKLOG: mark("More orders open than usual"),
    Cause.SLOWER_CONFIRMATION: mark("Later confirmation"),
    Cause.LATER_ARRIVAL: mark("Rider later at the merchant"),
    Cause.SLOWER_AFTER_ARRIVAL: mark("Slower from the merchant to the door"),
    Cause.MORE_RIDER_CANCELLATIONS: mark("More cancellations by riders"),
    Cause.RIDERS_ELSEWHERE: mark("Riders idle in other zones"),
    Cause.MORE_REFUSALS: mark("More orders refused by merchants"),
    Cause.MORE_WITHDRAWALS: mark("More orders withdrawn at once"),
    Cause.SHORTER_PROMISE: mark("Less time promised than usual"),
    Cause.AS_USUAL: mark("Lost on usual days too"),
    Cause.UNEXPLAINED: mark("Not explained by these facts"),
}

REMAINDERS: Mapping[Cause, str] = {
    Cause.AS_USUAL: mark("{share} of the miss is lost on usual days too."),
    Cause.UNEXPLAINED: mark("{share} of the miss is not explained by these facts."),
}

DETAILS: Mapping[Detail, str] = {
    Detail.LONGER_DISTANCES: mark("longer distances"),
    Detail.SLOWER_TRAVEL: mark("slower travel"),
    Detail.NO_RIDER: mark("no rider"),
    Detail.CANCELLED_BY_RIDER: mark("cancelled by riders"),
}

LACKS: Mapping[Lack, str] = {
    Lack.ORDERS: mark("No single orders, only counts by hour: times, stages and promises cannot be told."),
    Lack.HISTORY: mark("No other day of this city: nothing can be called usual, and no cause be found."),
    Lack.DELIVERIES: mark("No deliveries: whether orders came late or were lost cannot be told."),
    Lack.PROMISES: mark(
        "No promised times: a delay is measured against the usual time to the door, and no order can be called late."
    ),
    Lack.RIDERS: mark("No riders on shift: missing riders cannot be told from anything else that makes orders wait."),
    Lack.STAGES: mark(
        "Not all stages of an order are recorded: merchants, riders and hand-over cannot all be told apart."
    ),
    Lack.LOST_ORDERS: mark("No lost orders are recorded: either there were none, or nobody counted them."),
    Lack.REFUNDS: mark("No refunds: what the misses cost in money cannot be told."),
    Lack.ZONES: mark("Only one zone: there is no map."),
    Lack.TIMEZONE: mark("The source does not state the city's time zone: hours are those of the file."),
}

STAGES: Mapping[str, str] = {
    "kitchen_min": mark("The food is made"),
    "gap_min": mark("The food waits for the rider"),
    "service_min": mark("Handed to the rider"),
    "ride_min": mark("Ride to the customer"),
    "handover_min": mark("Handed to the customer"),
    "confirm_min": mark("Placed until confirmed"),
    "reach_min": mark("Confirmed until the rider is at the merchant"),
    "rest_min": mark("Rider at the merchant until the door"),
}

FACTORS: Mapping[str, str] = {
    "orders_an_hour": mark("Orders an hour"),
    "people_an_hour": mark("People asking an hour"),
    "riders_on_shift": mark("Riders on shift"),
    "open_orders": mark("Open orders"),
    "distance": mark("Distance to the customer"),
    "rain": mark("Rain an hour"),
}

COMPARISONS: Mapping[Comparison, str] = {
    Comparison.SAME_WEEKDAY: mark("Compared with the same weekday of the weeks before. Days compared: {count}."),
    Comparison.SAME_TYPE_BEFORE: mark(
        "Fewer than three earlier days of this weekday have facts, so it is compared with earlier days of the same "
        "kind (working day or day off, in Ramadan or not). Days compared: {count}."
    ),
    Comparison.SAME_TYPE_AROUND: mark(
        "Fewer than three earlier days of the same kind have facts, so it is compared with days of the same kind "
        "before and after it. Days compared: {count}."
    ),
    Comparison.ANY_AROUND: mark(
        "Fewer than three days of the same kind have facts, so it is compared with all days around it. "
        "Days compared: {count}."
    ),
    Comparison.NONE: mark("This city has no other day with facts, so there is nothing to compare with."),
}

STANDINGS: Mapping[Standing, str] = {
    Standing.USUAL: mark("as usual"),
    Standing.BETTER: mark("better than usual"),
    Standing.WORSE: mark("worse than usual"),
    Standing.HIGHER: mark("higher than usual"),
    Standing.LOWER: mark("lower than usual"),
    Standing.UNKNOWN: "",
}

ADVICE: Mapping[str, str] = {
    "plan_for_demand": mark(
        "More was asked for than usual. If you knew of a reason, plan riders for it next time; if it comes again,"
        " raise the forecast of these zones before shifts are offered."
    ),
    "fill_shifts": mark(
        "Fewer riders than usual were on shift. Find out who was missing and why, fill these shifts, or bring "
        "riders from quieter zones."
    ),
    "pace_merchants": mark(
        "The food was ready later than usual. Ask the merchants of these zones why, and pace or pause orders "
        "where a kitchen cannot keep up."
    ),
    "lengthen_promise": mark(
        "Rides took longer for the same distance. While that lasts, promise a later time and put more riders on: "
        "each of them carries fewer orders."
    ),
    "shrink_radius": mark("Orders went farther than usual. Think about a smaller delivery radius in these hours."),
    "look_at_handover": mark(
        "Handing over took longer than usual. Look at entrances, parking and collection points in these zones."
    ),
    "look_at_backlog": mark(
        "Orders stayed open longer than arrivals and riders foretell. Why cannot be told until the stages of an order "
        "are recorded."
    ),
    "look_at_confirmation": mark(
        "Orders reached the merchants later than usual. Look at the way orders are passed on to them."
    ),
    "record_riders": mark(
        "Riders came later to the merchants. Whether they were too few, too far or slower cannot be told until "
        "riders on shift and assignments are recorded."
    ),
    "record_stages": mark(
        "It took longer from the rider's arrival to the door. Record when food is ready, taken and brought, to "
        "tell merchants from roads."
    ),
    "ask_riders": mark("Riders cancelled more than usual. Ask those who did, before changing anything."),
    "move_riders": mark(
        "Riders were missing here while others sat idle in zones within reach. Move them before the hours in question, "
        "or offer these shifts in the other zones first."
    ),
    "ask_merchants": mark(
        "Merchants refused more orders than usual. Ask whether they had closed or run out, and take what they cannot "
        "make off the menu."
    ),
    "look_at_checkout": mark(
        "Customers withdrew more orders than usual within minutes of placing them. Look at payments and at what the "
        "application told them."
    ),
    "look_at_promise": mark(
        "Less time was promised than usual, and deliveries were not faster. Look at what changed in the promise."
    ),
    "standing_shortage": mark(
        "Orders are lost here on usual days too: a standing shortage, not an incident. Plan shifts for these "
        "hours anew."
    ),
    "standing_cancellations": mark(
        "Riders cancel here on usual days too: a standing problem, not an incident. Find out what makes these "
        "trips unwanted."
    ),
    "look_closer": mark("A large part is not explained by the facts at hand. Look at single orders before acting."),
}
