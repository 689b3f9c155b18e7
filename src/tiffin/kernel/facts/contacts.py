# ruff: noqa: E501 - meanings stand on one line, as the contract has them
"""Contacts of customers, merchants and riders with customer service about an order, and issues they reported.

Generated from the contract, never edited by hand.
"""

from datetime import date, datetime
from enum import StrEnum
from typing import TypedDict

from tiffin.kernel.contract import Classification, Column, LogicalType, TableContract


class Channel(StrEnum):
    """How the contact came."""

    APP = "app"
    CHAT = "chat"
    PHONE = "phone"
    EMAIL = "email"
    SOCIAL = "social"
    IN_PERSON = "in_person"
    OTHER = "other"


class ContactsRow(TypedDict, total=False):
    """One row: one contact."""

    city_id: str
    contact_id: str
    order_id: str | None
    contacted_at: datetime
    channel: str | None
    reason: str
    zone_id: str | None
    merchant_id: str | None
    rider_id: str | None
    business_date: date
    source: str


CONTACTS = TableContract(
    name="contacts",
    version="1.0.0",
    meaning={
        "en": "Contacts of customers, merchants and riders with customer service about an order, and issues they reported.",
    },
    grain="one contact",
    key=("city_id", "contact_id"),
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
            name="contact_id",
            type=LogicalType.STRING,
            meaning={
                "en": "Identifier of the contact.",
            },
            required=True,
            max_length=128,
        ),
        Column(
            name="order_id",
            type=LogicalType.STRING,
            meaning={
                "en": "Order it belongs to.",
            },
            max_length=128,
            references="orders.order_id",
        ),
        Column(
            name="contacted_at",
            type=LogicalType.TIMESTAMP,
            meaning={
                "en": "When the contact began.",
            },
            required=True,
        ),
        Column(
            name="channel",
            type=LogicalType.STRING,
            meaning={
                "en": "How the contact came.",
            },
            values=("app", "chat", "phone", "email", "social", "in_person", "other"),
        ),
        Column(
            name="reason",
            type=LogicalType.STRING,
            meaning={
                "en": "Reason of the contact, in the source's own words or codes.",
            },
            required=True,
            max_length=200,
        ),
        Column(
            name="zone_id",
            type=LogicalType.STRING,
            meaning={
                "en": "Zone where it happened.",
            },
            max_length=128,
            references="zones.zone_id",
        ),
        Column(
            name="merchant_id",
            type=LogicalType.STRING,
            meaning={
                "en": "Merchant it concerns.",
            },
            max_length=128,
            references="merchants.merchant_id",
        ),
        Column(
            name="rider_id",
            type=LogicalType.STRING,
            meaning={
                "en": "Pseudonym of the rider it concerns.",
            },
            max_length=128,
            classification=Classification.PERSONAL,
            references="riders.rider_id",
        ),
        Column(
            name="business_date",
            type=LogicalType.DATE,
            meaning={
                "en": "Business day of the order it concerns; where the order's instant is not known, of the row's own instant.",
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
    event_at=("contacted_at",),
    owner="customer-service",
    retention_months=36,
)
"""Contract of the table contacts."""
