# ruff: noqa: E501 - meanings stand on one line, as the contract has them
"""What is known about an incident: who said or recorded what, when.

Generated from the contract, never edited by hand.
"""

from datetime import date, datetime
from enum import StrEnum
from typing import TypedDict

from tiffin.kernel.contract import Classification, Column, LogicalType, TableContract


class Kind(StrEnum):
    """What it is."""

    PHOTO = "photo"
    POSITION = "position"
    CALL = "call"
    MESSAGE = "message"
    SIGNATURE = "signature"
    RECEIPT = "receipt"
    STAGE_TIMES = "stage_times"
    STATEMENT = "statement"
    SENSOR = "sensor"
    OTHER = "other"


class ProvidedBy(StrEnum):
    """Who gave it."""

    CUSTOMER = "customer"
    MERCHANT = "merchant"
    RIDER = "rider"
    PLATFORM = "platform"
    EMPLOYEE = "employee"
    THIRD_PARTY = "third_party"


class Grade(StrEnum):
    """How far it can be trusted: A seen by the platform itself, B confirmed by two sides, C said by one side, D hearsay."""

    A = "A"
    B = "B"
    C = "C"
    D = "D"


class EvidenceRow(TypedDict, total=False):
    """One row: one piece of evidence."""

    city_id: str
    evidence_id: str
    order_id: str | None
    recorded_at: datetime
    kind: str
    provided_by: str
    states: str | None
    grade: str | None
    digest: str | None
    rider_id: str | None
    merchant_id: str | None
    zone_id: str | None
    business_date: date
    source: str


EVIDENCE = TableContract(
    name="evidence",
    version="1.0.0",
    meaning={
        "en": "What is known about an incident: who said or recorded what, when.",
    },
    grain="one piece of evidence",
    key=("city_id", "evidence_id"),
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
            name="evidence_id",
            type=LogicalType.STRING,
            meaning={
                "en": "Identifier of the piece.",
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
            name="recorded_at",
            type=LogicalType.TIMESTAMP,
            meaning={
                "en": "When it was recorded.",
            },
            required=True,
        ),
        Column(
            name="kind",
            type=LogicalType.STRING,
            meaning={
                "en": "What it is.",
            },
            required=True,
            values=(
                "photo",
                "position",
                "call",
                "message",
                "signature",
                "receipt",
                "stage_times",
                "statement",
                "sensor",
                "other",
            ),
        ),
        Column(
            name="provided_by",
            type=LogicalType.STRING,
            meaning={
                "en": "Who gave it.",
            },
            required=True,
            values=("customer", "merchant", "rider", "platform", "employee", "third_party"),
        ),
        Column(
            name="states",
            type=LogicalType.STRING,
            meaning={
                "en": "What it shows, in words or codes.",
            },
            max_length=4000,
            classification=Classification.SPECIAL,
        ),
        Column(
            name="grade",
            type=LogicalType.STRING,
            meaning={
                "en": "How far it can be trusted: A seen by the platform itself, B confirmed by two sides, C said by one side, D hearsay.",
            },
            values=("A", "B", "C", "D"),
        ),
        Column(
            name="digest",
            type=LogicalType.STRING,
            meaning={
                "en": "SHA-256 of the file that it stands for.",
            },
            pattern="^[0-9a-f]{64}$",
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
            name="merchant_id",
            type=LogicalType.STRING,
            meaning={
                "en": "Merchant it concerns.",
            },
            max_length=128,
            references="merchants.merchant_id",
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
    event_at=("recorded_at",),
    owner="liability",
    retention_months=36,
    limitations="Pictures and recordings themselves are kept elsewhere; here stands what they show.",
)
"""Contract of the table evidence."""
