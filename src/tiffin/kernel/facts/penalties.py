"""Entries of the ledger of penalties, and their reversals.

Generated from the contract, never edited by hand.
"""

from datetime import date, datetime
from enum import StrEnum
from typing import TypedDict

from tiffin.kernel.contract import Classification, Column, LogicalType, Rule, TableContract


class Party(StrEnum):
    """Who bears it."""

    CUSTOMER = "customer"
    MERCHANT = "merchant"
    RIDER = "rider"


class Kind(StrEnum):
    """What it consists of."""

    MONEY = "money"
    POINTS = "points"
    WARNING = "warning"
    SUSPENSION = "suspension"
    REVERSAL = "reversal"


class PenaltiesRow(TypedDict, total=False):
    """One row: one entry of the ledger."""

    city_id: str
    penalty_id: str
    verdict_id: str
    entered_at: datetime
    party: str
    party_id: str
    kind: str
    amount_minor: int | None
    currency: str | None
    points: float | None
    reverses: str | None
    appeal_until: datetime | None
    business_date: date
    source: str


PENALTIES = TableContract(
    name="penalties",
    version="1.0.0",
    meaning={
        "en": "Entries of the ledger of penalties, and their reversals.",
    },
    grain="one entry of the ledger",
    key=("city_id", "penalty_id"),
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
            name="penalty_id",
            type=LogicalType.STRING,
            meaning={
                "en": "Identifier of the entry.",
            },
            required=True,
            max_length=128,
        ),
        Column(
            name="verdict_id",
            type=LogicalType.STRING,
            meaning={
                "en": "Decision on which it rests.",
            },
            required=True,
            max_length=128,
            references="verdicts.verdict_id",
        ),
        Column(
            name="entered_at",
            type=LogicalType.TIMESTAMP,
            meaning={
                "en": "When it was entered.",
            },
            required=True,
        ),
        Column(
            name="party",
            type=LogicalType.STRING,
            meaning={
                "en": "Who bears it.",
            },
            required=True,
            values=("customer", "merchant", "rider"),
        ),
        Column(
            name="party_id",
            type=LogicalType.STRING,
            meaning={
                "en": "Pseudonym or identifier of who bears it.",
            },
            required=True,
            max_length=128,
            classification=Classification.PERSONAL,
        ),
        Column(
            name="kind",
            type=LogicalType.STRING,
            meaning={
                "en": "What it consists of.",
            },
            required=True,
            values=("money", "points", "warning", "suspension", "reversal"),
        ),
        Column(
            name="amount_minor",
            type=LogicalType.INTEGER,
            meaning={
                "en": "Amount; a reversal is negative.",
            },
            unit="minor units",
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
            name="points",
            type=LogicalType.NUMBER,
            meaning={
                "en": "Points given; a reversal is negative.",
            },
            unit="points",
            classification=Classification.CONFIDENTIAL,
        ),
        Column(
            name="reverses",
            type=LogicalType.STRING,
            meaning={
                "en": "Entry that this one takes back.",
            },
            max_length=128,
            references="penalties.penalty_id",
        ),
        Column(
            name="appeal_until",
            type=LogicalType.TIMESTAMP,
            meaning={
                "en": "Latest instant of an appeal.",
            },
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
            name="penalty_money_needs_currency",
            expression="amount_minor IS NULL OR currency IS NOT NULL",
            meaning={
                "en": "An amount stands without its currency.",
            },
        ),
        Rule(
            name="reversal_names_entry",
            expression="kind <> 'reversal' OR reverses IS NOT NULL",
            meaning={
                "en": "A reversal does not say what it takes back.",
            },
        ),
        Rule(
            name="appeal_after_entry",
            expression="appeal_until >= entered_at",
            meaning={
                "en": "The term of appeal ends before the entry.",
            },
        ),
    ),
    event_at=("entered_at",),
    owner="liability",
    retention_months=120,
)
"""Contract of the table penalties."""
