# ruff: noqa: E501 - meanings stand on one line, as the contract has them
"""Orders that customers placed, from the tap to the hand-over, with what was promised, who carried them and how the market stood.

Generated from the contract, never edited by hand.
"""

from datetime import date, datetime
from enum import StrEnum
from typing import TypedDict

from tiffin.kernel.contract import Classification, Column, LogicalType, Rule, TableContract


class Vehicle(StrEnum):
    """What the rider rides."""

    BICYCLE = "bicycle"
    MOTORCYCLE = "motorcycle"
    CAR = "car"
    VAN = "van"
    WALKER = "walker"
    SCOOTER = "scooter"
    OTHER = "other"


class Status(StrEnum):
    """How far the order came: placed (still open or outcome unknown), delivered, cancelled, returned."""

    PLACED = "placed"
    DELIVERED = "delivered"
    CANCELLED = "cancelled"
    RETURNED = "returned"


class CancelledBy(StrEnum):
    """Who ended the order before its hand-over."""

    CUSTOMER = "customer"
    MERCHANT = "merchant"
    RIDER = "rider"
    PLATFORM = "platform"


class CancelReason(StrEnum):
    """Why the order was cancelled; no_rider is a lost order, which nobody was there to carry."""

    NO_RIDER = "no_rider"
    CHANGED_MIND = "changed_mind"
    TOO_SLOW = "too_slow"
    ITEM_UNAVAILABLE = "item_unavailable"
    MERCHANT_CLOSED = "merchant_closed"
    MERCHANT_BUSY = "merchant_busy"
    WRONG_ADDRESS = "wrong_address"
    CUSTOMER_UNREACHABLE = "customer_unreachable"
    PAYMENT_FAILED = "payment_failed"
    FRAUD = "fraud"
    RIDER_DECLINED = "rider_declined"
    ACCIDENT = "accident"
    DUPLICATE = "duplicate"
    OTHER = "other"


class OrdersRow(TypedDict, total=False):
    """One row: one order of one city."""

    city_id: str
    order_id: str
    country: str
    zone_id: str | None
    dropoff_zone_id: str | None
    merchant_id: str | None
    customer_id: str | None
    rider_id: str | None
    category: str | None
    vehicle: str | None
    status: str
    cancelled_by: str | None
    cancel_reason: str | None
    placed_at: datetime | None
    accepted_at: datetime | None
    ready_at: datetime | None
    assigned_at: datetime | None
    arrived_at_merchant_at: datetime | None
    picked_up_at: datetime | None
    arrived_at_customer_at: datetime | None
    delivered_at: datetime | None
    cancelled_at: datetime | None
    returned_at: datetime | None
    promised_at: datetime | None
    distance_m: float | None
    item_count: int | None
    distinct_item_count: int | None
    is_asap: bool | None
    is_first_order: bool | None
    currency: str | None
    basket_minor: int | None
    delivery_fee_minor: int | None
    discount_minor: int | None
    tip_minor: int | None
    pickup_latitude: float | None
    pickup_longitude: float | None
    dropoff_latitude: float | None
    dropoff_longitude: float | None
    pickup_x_m: float | None
    pickup_y_m: float | None
    dropoff_x_m: float | None
    dropoff_y_m: float | None
    riders_on_shift: float | None
    riders_busy: float | None
    outstanding_orders: float | None
    predicted_travel_s: float | None
    predicted_place_s: float | None
    business_date: date
    local_hour: int
    slot_at: datetime
    source: str


ORDERS = TableContract(
    name="orders",
    version="1.0.0",
    meaning={
        "en": "Orders that customers placed, from the tap to the hand-over, with what was promised, who carried them and how the market stood.",
    },
    grain="one order of one city",
    key=("city_id", "order_id"),
    columns=(
        Column(
            name="city_id",
            type=LogicalType.STRING,
            meaning={
                "en": "City in which it happened.",
            },
            required=True,
            max_length=128,
            references="cities.city_id",
        ),
        Column(
            name="order_id",
            type=LogicalType.STRING,
            meaning={
                "en": "Identifier of the order.",
            },
            required=True,
            max_length=128,
        ),
        Column(
            name="country",
            type=LogicalType.STRING,
            meaning={
                "en": "ISO 3166-1 code of the country; ZZ where the source does not say.",
            },
            required=True,
            derived=True,
            pattern="^[A-Z]{2}$",
            classification=Classification.PUBLIC,
        ),
        Column(
            name="zone_id",
            type=LogicalType.STRING,
            meaning={
                "en": "Zone of the pickup place.",
            },
            derived=True,
            max_length=128,
            references="zones.zone_id",
        ),
        Column(
            name="dropoff_zone_id",
            type=LogicalType.STRING,
            meaning={
                "en": "Zone of the customer's place.",
            },
            derived=True,
            max_length=128,
            references="zones.zone_id",
        ),
        Column(
            name="merchant_id",
            type=LogicalType.STRING,
            meaning={
                "en": "Merchant that prepares the order.",
            },
            max_length=128,
            references="merchants.merchant_id",
        ),
        Column(
            name="customer_id",
            type=LogicalType.STRING,
            meaning={
                "en": "Pseudonym of the customer.",
            },
            max_length=128,
            classification=Classification.PERSONAL,
        ),
        Column(
            name="rider_id",
            type=LogicalType.STRING,
            meaning={
                "en": "Pseudonym of the rider who carried the order.",
            },
            max_length=128,
            classification=Classification.PERSONAL,
            references="riders.rider_id",
        ),
        Column(
            name="category",
            type=LogicalType.STRING,
            meaning={
                "en": "What the merchant sells: a kitchen, a grocery, a pharmacy.",
            },
            max_length=200,
        ),
        Column(
            name="vehicle",
            type=LogicalType.STRING,
            meaning={
                "en": "What the rider rides.",
            },
            values=("bicycle", "motorcycle", "car", "van", "walker", "scooter", "other"),
        ),
        Column(
            name="status",
            type=LogicalType.STRING,
            meaning={
                "en": "How far the order came: placed (still open or outcome unknown), delivered, cancelled, returned.",
            },
            required=True,
            values=("placed", "delivered", "cancelled", "returned"),
        ),
        Column(
            name="cancelled_by",
            type=LogicalType.STRING,
            meaning={
                "en": "Who ended the order before its hand-over.",
            },
            values=("customer", "merchant", "rider", "platform"),
        ),
        Column(
            name="cancel_reason",
            type=LogicalType.STRING,
            meaning={
                "en": "Why the order was cancelled; no_rider is a lost order, which nobody was there to carry.",
            },
            values=(
                "no_rider",
                "changed_mind",
                "too_slow",
                "item_unavailable",
                "merchant_closed",
                "merchant_busy",
                "wrong_address",
                "customer_unreachable",
                "payment_failed",
                "fraud",
                "rider_declined",
                "accident",
                "duplicate",
                "other",
            ),
        ),
        Column(
            name="placed_at",
            type=LogicalType.TIMESTAMP,
            meaning={
                "en": "When the customer placed the order.",
            },
        ),
        Column(
            name="accepted_at",
            type=LogicalType.TIMESTAMP,
            meaning={
                "en": "When the merchant accepted the order, or got it from the platform.",
            },
        ),
        Column(
            name="ready_at",
            type=LogicalType.TIMESTAMP,
            meaning={
                "en": "When the merchant had the order ready.",
            },
        ),
        Column(
            name="assigned_at",
            type=LogicalType.TIMESTAMP,
            meaning={
                "en": "When a rider took the order.",
            },
        ),
        Column(
            name="arrived_at_merchant_at",
            type=LogicalType.TIMESTAMP,
            meaning={
                "en": "When the rider arrived at the merchant.",
            },
        ),
        Column(
            name="picked_up_at",
            type=LogicalType.TIMESTAMP,
            meaning={
                "en": "When the rider left the merchant with the order.",
            },
        ),
        Column(
            name="arrived_at_customer_at",
            type=LogicalType.TIMESTAMP,
            meaning={
                "en": "When the rider arrived at the customer.",
            },
        ),
        Column(
            name="delivered_at",
            type=LogicalType.TIMESTAMP,
            meaning={
                "en": "When the order was handed over.",
            },
        ),
        Column(
            name="cancelled_at",
            type=LogicalType.TIMESTAMP,
            meaning={
                "en": "When the order was cancelled.",
            },
        ),
        Column(
            name="returned_at",
            type=LogicalType.TIMESTAMP,
            meaning={
                "en": "When the goods were back with the merchant or the platform.",
            },
        ),
        Column(
            name="promised_at",
            type=LogicalType.TIMESTAMP,
            meaning={
                "en": "Latest instant of hand-over promised to the customer when the order was placed.",
            },
        ),
        Column(
            name="distance_m",
            type=LogicalType.NUMBER,
            meaning={
                "en": "Distance from merchant to customer.",
            },
            unit="m",
            minimum=0,
            maximum=1000000,
        ),
        Column(
            name="item_count",
            type=LogicalType.INTEGER,
            meaning={
                "en": "Pieces ordered.",
            },
            unit="items",
            minimum=0,
            maximum=100000,
        ),
        Column(
            name="distinct_item_count",
            type=LogicalType.INTEGER,
            meaning={
                "en": "Different things ordered.",
            },
            unit="items",
            minimum=0,
            maximum=100000,
        ),
        Column(
            name="is_asap",
            type=LogicalType.BOOLEAN,
            meaning={
                "en": "Whether the customer wanted it at once, not at a later time.",
            },
        ),
        Column(
            name="is_first_order",
            type=LogicalType.BOOLEAN,
            meaning={
                "en": "Whether it is the customer's first order.",
            },
        ),
        Column(
            name="currency",
            type=LogicalType.STRING,
            meaning={
                "en": "ISO 4217 code of the currency of the amounts.",
            },
            pattern="^[A-Z]{3}$",
        ),
        Column(
            name="basket_minor",
            type=LogicalType.INTEGER,
            meaning={
                "en": "Price of the goods before discount, fees and tip.",
            },
            unit="minor units",
            minimum=0,
            classification=Classification.CONFIDENTIAL,
        ),
        Column(
            name="delivery_fee_minor",
            type=LogicalType.INTEGER,
            meaning={
                "en": "What the customer pays for delivery.",
            },
            unit="minor units",
            minimum=0,
            classification=Classification.CONFIDENTIAL,
        ),
        Column(
            name="discount_minor",
            type=LogicalType.INTEGER,
            meaning={
                "en": "Discount given to the customer.",
            },
            unit="minor units",
            minimum=0,
            classification=Classification.CONFIDENTIAL,
        ),
        Column(
            name="tip_minor",
            type=LogicalType.INTEGER,
            meaning={
                "en": "Tip for the rider.",
            },
            unit="minor units",
            minimum=0,
            classification=Classification.CONFIDENTIAL,
        ),
        Column(
            name="pickup_latitude",
            type=LogicalType.NUMBER,
            meaning={
                "en": "Latitude of the pickup place (WGS 84).",
            },
            unit="degrees",
            minimum=-90,
            maximum=90,
        ),
        Column(
            name="pickup_longitude",
            type=LogicalType.NUMBER,
            meaning={
                "en": "Longitude of the pickup place (WGS 84).",
            },
            unit="degrees",
            minimum=-180,
            maximum=180,
        ),
        Column(
            name="dropoff_latitude",
            type=LogicalType.NUMBER,
            meaning={
                "en": "Latitude of the customer's place (WGS 84).",
            },
            unit="degrees",
            minimum=-90,
            maximum=90,
            classification=Classification.PERSONAL,
        ),
        Column(
            name="dropoff_longitude",
            type=LogicalType.NUMBER,
            meaning={
                "en": "Longitude of the customer's place (WGS 84).",
            },
            unit="degrees",
            minimum=-180,
            maximum=180,
            classification=Classification.PERSONAL,
        ),
        Column(
            name="pickup_x_m",
            type=LogicalType.NUMBER,
            meaning={
                "en": "Distance of the pickup place east of the city's origin, where places are given on a plane.",
            },
            unit="m",
        ),
        Column(
            name="pickup_y_m",
            type=LogicalType.NUMBER,
            meaning={
                "en": "Distance of the pickup place north of the city's origin, where places are given on a plane.",
            },
            unit="m",
        ),
        Column(
            name="dropoff_x_m",
            type=LogicalType.NUMBER,
            meaning={
                "en": "Distance of the customer's place east of the city's origin, where places are given on a plane.",
            },
            unit="m",
            classification=Classification.PERSONAL,
        ),
        Column(
            name="dropoff_y_m",
            type=LogicalType.NUMBER,
            meaning={
                "en": "Distance of the customer's place north of the city's origin, where places are given on a plane.",
            },
            unit="m",
            classification=Classification.PERSONAL,
        ),
        Column(
            name="riders_on_shift",
            type=LogicalType.NUMBER,
            meaning={
                "en": "Riders on shift in the order's area when it was placed.",
            },
            unit="riders",
            minimum=0,
        ),
        Column(
            name="riders_busy",
            type=LogicalType.NUMBER,
            meaning={
                "en": "Riders with an order in hand in the order's area when it was placed.",
            },
            unit="riders",
            minimum=0,
        ),
        Column(
            name="outstanding_orders",
            type=LogicalType.NUMBER,
            meaning={
                "en": "Orders placed and not yet delivered in the order's area when it was placed.",
            },
            unit="orders",
            minimum=0,
        ),
        Column(
            name="predicted_travel_s",
            type=LogicalType.NUMBER,
            meaning={
                "en": "Travel time from merchant to customer predicted when the order was placed.",
            },
            unit="s",
            minimum=0,
        ),
        Column(
            name="predicted_place_s",
            type=LogicalType.NUMBER,
            meaning={
                "en": "Time predicted for passing the order to the merchant.",
            },
            unit="s",
            minimum=0,
        ),
        Column(
            name="business_date",
            type=LogicalType.DATE,
            meaning={
                "en": "Business day of the city to which it belongs, by the city's time zone and day cut-off.",
            },
            required=True,
            derived=True,
        ),
        Column(
            name="local_hour",
            type=LogicalType.INTEGER,
            meaning={
                "en": "Hour of the local clock in which it happened.",
            },
            required=True,
            derived=True,
            unit="h",
            minimum=0,
            maximum=23,
        ),
        Column(
            name="slot_at",
            type=LogicalType.TIMESTAMP,
            meaning={
                "en": "Start of the city's local half hour in which it happened, as UTC.",
            },
            required=True,
            derived=True,
        ),
        Column(
            name="source",
            type=LogicalType.STRING,
            meaning={
                "en": "Where the row comes from: a feed's name, or simulated: and the scenario for simulated facts.",
            },
            required=True,
            max_length=128,
        ),
    ),
    rules=(
        Rule(
            name="has_an_instant",
            expression="placed_at IS NOT NULL OR delivered_at IS NOT NULL OR cancelled_at IS NOT NULL",
            meaning={
                "en": "The order needs at least one of the instants placed, delivered or cancelled, or it belongs to no day.",
            },
        ),
        Rule(
            name="delivered_has_time",
            expression="status <> 'delivered' OR delivered_at IS NOT NULL",
            meaning={
                "en": "A delivered order needs the instant of its hand-over.",
            },
        ),
        Rule(
            name="delivered_at_needs_status",
            expression="delivered_at IS NULL OR status IN ('delivered', 'returned')",
            meaning={
                "en": "An instant of hand-over stands on an order that is neither delivered nor returned.",
            },
        ),
        Rule(
            name="accepted_after_placed",
            expression="accepted_at >= placed_at",
            meaning={
                "en": "The order was accepted before it was placed.",
            },
        ),
        Rule(
            name="ready_after_placed",
            expression="ready_at >= placed_at",
            meaning={
                "en": "The order was ready before it was placed.",
            },
        ),
        Rule(
            name="assigned_after_placed",
            expression="assigned_at >= placed_at",
            meaning={
                "en": "The order was assigned before it was placed.",
            },
        ),
        Rule(
            name="at_merchant_after_placed",
            expression="arrived_at_merchant_at >= placed_at",
            meaning={
                "en": "The rider was at the merchant before the order was placed.",
            },
        ),
        Rule(
            name="picked_up_after_placed",
            expression="picked_up_at >= placed_at",
            meaning={
                "en": "The order was picked up before it was placed.",
            },
        ),
        Rule(
            name="picked_up_after_at_merchant",
            expression="picked_up_at >= arrived_at_merchant_at",
            meaning={
                "en": "The order was picked up before the rider was at the merchant.",
            },
        ),
        Rule(
            name="at_customer_after_picked_up",
            expression="arrived_at_customer_at >= picked_up_at",
            meaning={
                "en": "The rider was at the customer before picking the order up.",
            },
        ),
        Rule(
            name="delivered_after_placed",
            expression="delivered_at >= placed_at",
            meaning={
                "en": "The order was delivered before it was placed.",
            },
        ),
        Rule(
            name="delivered_after_picked_up",
            expression="delivered_at >= picked_up_at",
            meaning={
                "en": "The order was delivered before it was picked up.",
            },
        ),
        Rule(
            name="delivered_after_at_merchant",
            expression="delivered_at >= arrived_at_merchant_at",
            meaning={
                "en": "The order was delivered before the rider was at the merchant.",
            },
        ),
        Rule(
            name="delivered_within_a_week",
            expression="seconds_between(placed_at, delivered_at) <= 604800 OR is_asap = false",
            meaning={
                "en": "The order took more than a week from the tap to the hand-over and was not asked for later.",
            },
        ),
        Rule(
            name="cancelled_after_placed",
            expression="cancelled_at >= placed_at",
            meaning={
                "en": "The order was cancelled before it was placed.",
            },
        ),
        Rule(
            name="returned_after_placed",
            expression="returned_at >= placed_at",
            meaning={
                "en": "The order was returned before it was placed.",
            },
        ),
        Rule(
            name="promised_after_placed",
            expression="promised_at >= placed_at",
            meaning={
                "en": "The promised instant lies before the order was placed.",
            },
        ),
        Rule(
            name="cancel_needs_status",
            expression="(cancelled_by IS NULL AND cancel_reason IS NULL AND cancelled_at IS NULL) OR status IN ('cancelled', 'returned')",
            meaning={
                "en": "A cancellation is described on an order that was not cancelled.",
            },
        ),
        Rule(
            name="money_needs_currency",
            expression="currency IS NOT NULL OR (basket_minor IS NULL AND delivery_fee_minor IS NULL AND discount_minor IS NULL AND tip_minor IS NULL)",
            meaning={
                "en": "An amount stands without its currency.",
            },
        ),
        Rule(
            name="distinct_within_items",
            expression="distinct_item_count <= item_count",
            meaning={
                "en": "More different things than pieces were ordered.",
            },
        ),
    ),
    event_at=("placed_at", "delivered_at", "cancelled_at"),
    owner="marketplace-operations",
    retention_months=84,
    usage="The denominator of almost every governed metric.",
    limitations="A source that gives only the hand-over's instant fills delivered_at alone; its business day and hour are then those of the hand-over.",
)
"""Contract of the table orders."""
