"""The words of the calibration: quantities, how each is read and measured, why some cannot be compared."""

from collections.abc import Mapping

from tiffin.runtime.i18n import mark

MEASURES: Mapping[str, str] = {
    "accept_min": mark("Placing to acceptance"),
    "to_merchant_min": mark("Placing until the rider is at the merchant"),
    "from_merchant_min": mark("Rider at the merchant to delivery"),
    "click_to_door_min": mark("Placing to delivery"),
    "hours": mark("Orders by hour of the day"),
    "weekdays": mark("Orders by weekday"),
    "basket": mark("Spread of baskets"),
    "discounted": mark("Orders with a discount"),
    "refunded": mark("Orders with a refund"),
    "refunds_by_fifth": mark("Refunds by how long orders took"),
    "distance_m": mark("Distance from merchant to customer"),
    "promised_min": mark("Promised time"),
    "late_min": mark("Delivery after the promise"),
    "late": mark("Delivered after the promise"),
    "very_late": mark("Delivered more than ten minutes after the promise"),
    "minutes_per_km": mark("Minutes for each kilometre more"),
    "items": mark("Items in an order"),
    "rain_on_demand": mark("Rain and the number of orders"),
    "rain_on_duration": mark("Rain and the time to the door"),
    "ride_min": mark("Ride from merchant to customer"),
    "busy_share": mark("Share of riders with work"),
    "outstanding_per_rider": mark("Outstanding orders per rider"),
    "prepare_min": mark("Placing until the order is ready"),
    "session_min": mark("Length of riders' sessions"),
    "use_by_hour": mark("Riders' time with work, by hour"),
    "nobody_near": mark("Nobody free near by, by hour"),
    "without_rider": mark("Orders that nobody carried"),
    "lost_hours": mark("Orders that nobody carried, by hour of the day"),
    "declined": mark("Declined by the rider"),
    "with_issue": mark("Orders with a reported issue"),
    "issue_kinds": mark("Issues by kind"),
    "stars": mark("Ratings by stars"),
    "bundled": mark("Orders carried together"),
    "failed_at_first": mark("Hand-over failed at first"),
    "cancelled_invoices": mark("Goods sent back"),
}

_STATED = mark("As the file states it.")
_HOURS = mark("Orders by local hour of placing.")
_PALO_ALTO = mark("Orders wanted at once in Palo Alto: between two instants of the file.")
_BASKET = mark("Logarithm of each basket over the median basket, so that no currency is left.")

READ: Mapping[str, str] = {
    "doordash_ops.accept_min": mark("Orders wanted at once: from placing until the order goes to the restaurant."),
    "doordash_ops.to_merchant_min": _PALO_ALTO,
    "doordash_ops.from_merchant_min": _PALO_ALTO,
    "doordash_ops.click_to_door_min": _PALO_ALTO,
    "doordash_ops.hours": _HOURS,
    "doordash_ops.basket": _BASKET,
    "doordash_ops.discounted": mark("Orders wanted at once with a discount above zero."),
    "doordash_ops.refunded": mark("Orders wanted at once with money back above zero."),
    "doordash_ops.refunds_by_fifth": mark(
        "Refunds among the fastest fifth of the orders, the next, up to the slowest."
    ),
    "wolt_2020.distance_m": mark("Straight line between venue and customer; both are rounded to about 100 m."),
    "wolt_2020.minutes_per_km": mark("By how much the time to the door grows with the straight distance."),
    "wolt_2020.click_to_door_min": mark("As the file states it, in whole minutes."),
    "wolt_2020.promised_min": mark("As the file states it, in whole minutes."),
    "wolt_2020.late_min": mark("As the file states it, in whole minutes."),
    "wolt_2020.late": mark("Actual minutes above the estimate."),
    "wolt_2020.very_late": mark("Actual minutes more than ten above the estimate."),
    "wolt_2020.hours": _HOURS,
    "wolt_2020.weekdays": mark("Orders of a mean day of each weekday."),
    "wolt_2020.items": _STATED,
    "wolt_2020.rain_on_demand": mark("Hours with rain against dry hours of the same hour and weekday."),
    "wolt_2020.rain_on_duration": mark("Orders in rain against dry ones of the same hour and weekday."),
    "doordash_eta.click_to_door_min": mark("Between two instants of the file, to which its makers added noise."),
    "doordash_eta.ride_min": mark("The driving time that the makers' own model predicted, not a measured one."),
    "doordash_eta.busy_share": mark("Busy riders over riders present within ten miles, where most is ordered."),
    "doordash_eta.outstanding_per_rider": mark("Outstanding orders over riders present within ten miles."),
    "doordash_eta.hours": _HOURS,
    "doordash_eta.items": _STATED,
    "doordash_eta.basket": _BASKET,
    "grubhub_mdrp.prepare_min": mark("Ready time less placing in one instance; scheduled orders are among them."),
    "grubhub_mdrp.distance_m": mark("Straight line between restaurant and customer in one instance."),
    "grubhub_mdrp.session_min": mark("Planned sessions of one instance's riders."),
    "bolt_hourly.use_by_hour": mark("Hours with a booking over hours online, hour by hour."),
    "bolt_hourly.nobody_near": mark("People who saw no car over all who looked, hour by hour."),
    "uber_requests.without_rider": mark("Requests that found no car."),
    "uber_requests.lost_hours": mark("Requests that found no car, by local hour."),
    "uber_requests.declined": mark("Requests that the driver cancelled, of those that found one."),
    "instacart_issues.with_issue": mark("Orders with at least one reported issue."),
    "instacart_issues.stars": mark("Ratings of one to five; what a zero means is not stated, and it is left out."),
    "parl_redelivery.failed_at_first": mark("Parcels that had to be delivered again."),
    "uci_online_retail.cancelled_invoices": mark("Invoices that cancel another, of all invoices."),
}
"""How each quantity is read off its file."""

SAME = mark("The same of simulated orders.")
_RHYTHM = mark("The simulated market expects the file's rhythm; only chance is seen here.")
_RAIN = mark("The same days with rain from morning to night, as strong as in the demo, against dry ones.")

MEASURED: Mapping[str, str] = {
    "hours": _RHYTHM,
    "weekdays": _RHYTHM,
    "rain_on_demand": _RAIN,
    "rain_on_duration": _RAIN,
    "ride_min": mark("From the pickup to the customer's door."),
    "busy_share": mark("Riders with work over riders on shift in the whole market, seen at each order."),
    "outstanding_per_rider": mark("Outstanding orders over riders on shift in the whole market, seen at each order."),
    "session_min": mark("Planned sessions of the simulated roster."),
    "use_by_hour": mark("Riders' minutes with an order over their minutes on shift, hour by hour."),
    "nobody_near": mark("Orders for which nobody was free near by when a rider was first sought, hour by hour."),
    "without_rider": mark("Orders that the platform gave up because nobody came."),
    "lost_hours": mark("Orders that the platform gave up because nobody came."),
    "declined": mark("Offers that riders declined, of those that they answered."),
    "with_issue": mark("Orders with an issue about which somebody wrote in, or that brought money back."),
    "failed_at_first": mark("Orders brought to a door where nobody answered, or to a wrong one."),
}
"""How it is measured on simulated days, where that is not simply the same."""

CAVEATS: Mapping[str, str] = {
    "bolt_hourly.use_by_hour": mark("These are rides of people, not meals."),
    "bolt_hourly.nobody_near": mark("These are rides of people, not meals: looking is not ordering."),
    "uber_requests.without_rider": mark("These are rides of people, not meals."),
    "uber_requests.lost_hours": mark("These are rides of people, not meals."),
    "uber_requests.declined": mark("These are rides of people, not meals."),
    "instacart_issues.with_issue": mark("Groceries: baskets many times larger than meals, so this is no target."),
    "instacart_issues.stars": mark("Groceries, and only orders that were rated."),
    "parl_redelivery.failed_at_first": mark("Parcels come unannounced, meals are waited for, so this is no target."),
}
"""What to keep in mind with a comparison."""

REASONS: Mapping[str, str] = {
    "kinds": mark("The simulated city knows that something was wrong with an order, not what."),
    "only_input": mark("The files are what a dispatcher is given; what was bundled is not in them."),
    "invoices": mark("Goods sent back days later are another process than meals that cannot be handed over."),
}
"""Why a quantity cannot be compared."""

HOW: Mapping[str, str] = {"read": mark("read off the file"), "fitted": mark("fitted")}

FIFTHS = (mark("fastest"), mark("fast"), mark("middle"), mark("slow"), mark("slowest"))
