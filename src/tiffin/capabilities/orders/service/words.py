"""Codes of the facts in words: what stands in an order's file as people read it."""

from collections.abc import Mapping

from tiffin.runtime.i18n import NOTHING, mark, translate

STATUS = {
    "placed": mark("placed"),
    "delivered": mark("delivered"),
    "cancelled": mark("cancelled"),
    "returned": mark("returned"),
}

LEGS = {
    "acceptance": mark("Merchant accepts"),
    "preparation": mark("Preparation"),
    "rider_search": mark("Finding a rider"),
    "waiting": mark("Waiting for a rider"),
    "approach": mark("Rider on his way"),
    "pickup": mark("At the merchant"),
    "ride": mark("Ride to the customer"),
    "handover": mark("At the customer's door"),
}

AMOUNTS = {
    "basket": mark("Goods"),
    "delivery_fee": mark("Delivery fee"),
    "discount": mark("Discount"),
    "tip": mark("Tip"),
    "refund": mark("Given back"),
    "rider_pay": mark("Rider's pay"),
    "rider_incentive": mark("Rider's incentive"),
    "promotion": mark("Promotion"),
    "support": mark("Customer service"),
    "compensation": mark("Compensation"),
    "payment": mark("Cost of payment"),
    "equipment": mark("Equipment"),
    "other": mark("something else"),
}

PEOPLE = {
    "customer": mark("the customer"),
    "merchant": mark("the merchant"),
    "rider": mark("the rider"),
    "platform": mark("the platform"),
    "employee": mark("an employee"),
    "third_party": mark("a third party"),
    "schedule": mark("the opening hours"),
    "circumstances": mark("circumstances"),
}

CHANNELS = {
    "app": mark("in the app"),
    "chat": mark("by chat"),
    "phone": mark("by phone"),
    "email": mark("by e-mail"),
    "social": mark("on social media"),
    "in_person": mark("in person"),
    "other": mark("in another way"),
}

EVIDENCE = {
    "photo": mark("photo"),
    "position": mark("position"),
    "call": mark("call"),
    "message": mark("message"),
    "signature": mark("signature"),
    "receipt": mark("till receipt"),
    "stage_times": mark("times of the stages"),
    "statement": mark("statement"),
    "sensor": mark("sensor"),
    "other": mark("something else"),
}

GRADES = {
    "A": mark("A: seen by the platform itself"),
    "B": mark("B: confirmed by two sides"),
    "C": mark("C: said by one side"),
    "D": mark("D: hearsay"),
}

OFFERS = {
    "accepted": mark("taken"),
    "declined": mark("declined"),
    "expired": mark("not answered"),
    "withdrawn": mark("withdrawn"),
}

MERCHANT_STATES = {
    "open": mark("open"),
    "busy": mark("busy"),
    "paused": mark("paused"),
    "closed": mark("closed"),
}

RIDER_STATES = {
    "offline": mark("offline"),
    "idle": mark("without an order"),
    "to_merchant": mark("on the way to the merchant"),
    "at_merchant": mark("at the merchant"),
    "to_customer": mark("on the way to the customer"),
    "at_customer": mark("at the customer"),
}

SHOWN = {
    "list": mark("in the list of merchants"),
    "merchant": mark("on the merchant's page"),
    "checkout": mark("when ordering"),
    "tracking": mark("while following the order"),
    "message": mark("in a message"),
}

REASONS = {
    "first": mark("first promise"),
    "merchant_late": mark("the merchant was late"),
    "no_rider": mark("no rider was there"),
    "traffic": mark("traffic"),
    "weather": mark("weather"),
    "customer_asked": mark("the customer asked for it"),
    "too_far": mark("too far"),
    "low_pay": mark("too little pay"),
    "merchant_slow": mark("a slow merchant"),
    "area_unsafe": mark("an unsafe area"),
    "vehicle": mark("the vehicle"),
    "break": mark("a break"),
    "changed_mind": mark("the customer changed his mind"),
    "too_slow": mark("it took too long"),
    "item_unavailable": mark("something was not to be had"),
    "merchant_closed": mark("the merchant was closed"),
    "merchant_busy": mark("the merchant was too busy"),
    "wrong_address": mark("a wrong address"),
    "customer_unreachable": mark("the customer could not be reached"),
    "payment_failed": mark("the payment failed"),
    "fraud": mark("fraud"),
    "rider_declined": mark("the rider declined"),
    "accident": mark("an accident"),
    "duplicate": mark("ordered twice"),
    "handover_failed": mark("the hand-over failed"),
    "question": mark("a question"),
    "order_cancelled": mark("the order was cancelled"),
    "order_late": mark("the order was late"),
    "order_returned": mark("the order was taken back"),
    "item_issue": mark("something was wrong with the goods"),
    "late": mark("it was late"),
    "cancelled": mark("the order was cancelled"),
    "returned": mark("the order was taken back"),
    "other": mark("something else"),
}

INCIDENTS = {
    "late": mark("late"),
    "not_delivered": mark("not delivered"),
    "wrong_item": mark("wrong goods"),
    "missing_item": mark("goods missing"),
    "damaged": mark("goods damaged"),
    "spilled": mark("food spilled"),
    "cold": mark("food cold"),
    "rude": mark("rudeness"),
    "unsafe": mark("something unsafe"),
    "fraud_suspected": mark("suspicion of fraud"),
    "customer_unreachable": mark("customer not reached"),
    "wrong_address": mark("wrong address"),
    "merchant_closed": mark("merchant closed"),
    "out_of_stock": mark("out of stock"),
    "cash_dispute": mark("dispute over cash"),
}

EXEMPTIONS = {
    "weather": mark("severe weather"),
    "road_closed": mark("closed road"),
    "lift_broken": mark("broken lift"),
    "kitchen_overloaded": mark("overloaded kitchen"),
    "merchant_paused": mark("merchant paused"),
    "surge": mark("rush of orders"),
    "wrong_promise": mark("promise that could not be kept"),
    "rider_shortage": mark("too few riders"),
}


QUESTIONS = {
    "who_lost_the_time": mark("Who lost the time?"),
    "kitchen_or_rider": mark("Was it the kitchen or the rider?"),
    "kitchen_or_dispatch": mark("Was it the kitchen or the dispatch?"),
    "party_or_circumstances": mark("Was it somebody, or circumstances?"),
    "who_ended_it": mark("Who ended it?"),
    "milestones_missing": mark("Instants are missing."),
}


def said(words: Mapping[str, str], code: object, locale: str) -> str:
    """Give a code in words; one that nobody knows stays as its source wrote it, an empty one is a dash."""
    if code is None or code == "":
        return NOTHING
    found = words.get(str(code))
    return translate(locale, found) if found is not None else str(code)
