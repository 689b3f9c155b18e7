"""Customers' promotions and riders' incentives.

Generated from the contract, never edited by hand.
"""

from datetime import datetime
from enum import StrEnum
from typing import TypedDict

from tiffin.kernel.contract import Classification, Column, LogicalType, Rule, TableContract


class Audience(StrEnum):
    """Whom it is for."""

    CUSTOMERS = "customers"
    RIDERS = "riders"
    MERCHANTS = "merchants"


class Mechanic(StrEnum):
    """How it gives."""

    PERCENT_OFF = "percent_off"
    AMOUNT_OFF = "amount_off"
    FREE_DELIVERY = "free_delivery"
    POINTS = "points"
    GUARANTEE = "guarantee"
    PER_ORDER = "per_order"
    QUEST = "quest"
    SURGE_BONUS = "surge_bonus"
    REFERRAL = "referral"
    OTHER = "other"


class Status(StrEnum):
    """State of the campaign."""

    DRAFT = "draft"
    APPROVED = "approved"
    RUNNING = "running"
    PAUSED = "paused"
    ENDED = "ended"


class CampaignsRow(TypedDict, total=False):
    """One row: one campaign."""

    campaign_id: str
    city_id: str | None
    name: str
    audience: str
    mechanic: str
    starts_at: datetime
    ends_at: datetime | None
    budget_minor: int | None
    currency: str | None
    experiment_id: str | None
    owner_id: str | None
    status: str
    source: str


CAMPAIGNS = TableContract(
    name="campaigns",
    version="1.0.0",
    meaning={
        "en": "Customers' promotions and riders' incentives.",
    },
    grain="one campaign",
    key=("campaign_id",),
    columns=(
        Column(
            name="campaign_id",
            type=LogicalType.STRING,
            meaning={
                "en": "Identifier of the campaign.",
            },
            required=True,
            max_length=128,
        ),
        Column(
            name="city_id",
            type=LogicalType.STRING,
            meaning={
                "en": "City that it concerns; empty where it concerns all.",
            },
            max_length=128,
            references="cities.city_id",
        ),
        Column(
            name="name",
            type=LogicalType.STRING,
            meaning={
                "en": "Name of the campaign.",
            },
            required=True,
            max_length=200,
        ),
        Column(
            name="audience",
            type=LogicalType.STRING,
            meaning={
                "en": "Whom it is for.",
            },
            required=True,
            values=("customers", "riders", "merchants"),
        ),
        Column(
            name="mechanic",
            type=LogicalType.STRING,
            meaning={
                "en": "How it gives.",
            },
            required=True,
            values=(
                "percent_off",
                "amount_off",
                "free_delivery",
                "points",
                "guarantee",
                "per_order",
                "quest",
                "surge_bonus",
                "referral",
                "other",
            ),
        ),
        Column(
            name="starts_at",
            type=LogicalType.TIMESTAMP,
            meaning={
                "en": "When it begins.",
            },
            required=True,
        ),
        Column(
            name="ends_at",
            type=LogicalType.TIMESTAMP,
            meaning={
                "en": "When it ends; empty while open-ended.",
            },
        ),
        Column(
            name="budget_minor",
            type=LogicalType.INTEGER,
            meaning={
                "en": "Budget; empty where none is set.",
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
            name="experiment_id",
            type=LogicalType.STRING,
            meaning={
                "en": "Experiment that tests it.",
            },
            max_length=128,
        ),
        Column(
            name="owner_id",
            type=LogicalType.STRING,
            meaning={
                "en": "Pseudonym of the employee who owns it.",
            },
            max_length=128,
            classification=Classification.PERSONAL,
            references="employees.employee_id",
        ),
        Column(
            name="status",
            type=LogicalType.STRING,
            meaning={
                "en": "State of the campaign.",
            },
            required=True,
            values=("draft", "approved", "running", "paused", "ended"),
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
            name="campaign_ends_after_start",
            expression="ends_at > starts_at",
            meaning={
                "en": "The campaign ends before it begins.",
            },
        ),
        Rule(
            name="budget_needs_currency",
            expression="budget_minor IS NULL OR currency IS NOT NULL",
            meaning={
                "en": "An amount stands without its currency.",
            },
        ),
    ),
    owner="campaign-management",
    retention_months=84,
)
"""Contract of the table campaigns."""
