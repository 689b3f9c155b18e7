"""What was ordered, line by line.

Generated from the contract, never edited by hand.
"""

from enum import StrEnum
from typing import TypedDict

from tiffin.kernel.contract import Classification, Column, LogicalType, Rule, TableContract


class Outcome(StrEnum):
    """What became of the line."""

    DELIVERED = "delivered"
    REPLACED = "replaced"
    MISSING = "missing"
    WRONG = "wrong"
    DAMAGED = "damaged"
    REFUNDED = "refunded"
    UNKNOWN = "unknown"


class OrderItemsRow(TypedDict, total=False):
    """One row: one line of one order."""

    city_id: str
    order_id: str
    line: int
    item_id: str | None
    name: str | None
    category: str | None
    quantity: float
    unit_price_minor: int | None
    total_minor: int | None
    currency: str | None
    outcome: str | None
    source: str


ORDER_ITEMS = TableContract(
    name="order_items",
    version="1.0.0",
    meaning={
        "en": "What was ordered, line by line.",
    },
    grain="one line of one order",
    key=("city_id", "order_id", "line"),
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
                "en": "Order it belongs to.",
            },
            required=True,
            max_length=128,
            references="orders.order_id",
        ),
        Column(
            name="line",
            type=LogicalType.INTEGER,
            meaning={
                "en": "Number of the line within the order.",
            },
            required=True,
            minimum=0,
            maximum=100000,
        ),
        Column(
            name="item_id",
            type=LogicalType.STRING,
            meaning={
                "en": "Item as the merchant knows it.",
            },
            max_length=128,
        ),
        Column(
            name="name",
            type=LogicalType.STRING,
            meaning={
                "en": "Name of the item.",
            },
            max_length=500,
        ),
        Column(
            name="category",
            type=LogicalType.STRING,
            meaning={
                "en": "Group of items, as the merchant sorts them.",
            },
            max_length=200,
        ),
        Column(
            name="quantity",
            type=LogicalType.NUMBER,
            meaning={
                "en": "Pieces or weight ordered.",
            },
            required=True,
            unit="items",
            minimum=0,
        ),
        Column(
            name="unit_price_minor",
            type=LogicalType.INTEGER,
            meaning={
                "en": "Price of one piece.",
            },
            unit="minor units",
            minimum=0,
            classification=Classification.CONFIDENTIAL,
        ),
        Column(
            name="total_minor",
            type=LogicalType.INTEGER,
            meaning={
                "en": "Price of the line after its own discount.",
            },
            unit="minor units",
            minimum=0,
            classification=Classification.CONFIDENTIAL,
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
            name="outcome",
            type=LogicalType.STRING,
            meaning={
                "en": "What became of the line.",
            },
            values=("delivered", "replaced", "missing", "wrong", "damaged", "refunded", "unknown"),
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
            name="line_money_needs_currency",
            expression="currency IS NOT NULL OR (unit_price_minor IS NULL AND total_minor IS NULL)",
            meaning={
                "en": "An amount stands without its currency.",
            },
        ),
    ),
    owner="marketplace-operations",
    retention_months=36,
)
"""Contract of the table order_items."""
