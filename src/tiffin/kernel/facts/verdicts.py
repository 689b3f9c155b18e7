# ruff: noqa: E501 - meanings stand on one line, as the contract has them
"""Decisions on who is responsible for a failed or late delivery.

Generated from the contract, never edited by hand.
"""

from datetime import date, datetime
from enum import StrEnum
from typing import TypedDict

from tiffin.kernel.contract import Classification, Column, LogicalType, Rule, TableContract


class Incident(StrEnum):
    """What went wrong."""

    LATE = "late"
    NOT_DELIVERED = "not_delivered"
    WRONG_ITEM = "wrong_item"
    MISSING_ITEM = "missing_item"
    DAMAGED = "damaged"
    WRONG_ADDRESS = "wrong_address"
    UNSAFE = "unsafe"
    FRAUD = "fraud"
    OTHER = "other"


class Liable(StrEnum):
    """Who is responsible."""

    CUSTOMER = "customer"
    MERCHANT = "merchant"
    RIDER = "rider"
    PLATFORM = "platform"
    NOBODY = "nobody"
    SHARED = "shared"
    UNDECIDED = "undecided"


class DecidedBy(StrEnum):
    """Whether a policy or a person decided."""

    POLICY = "policy"
    PERSON = "person"


class VerdictsRow(TypedDict, total=False):
    """One row: one decision on one incident."""

    city_id: str
    verdict_id: str
    case_id: str
    order_id: str
    decided_at: datetime
    incident: str
    liable: str
    share: float
    reason: str
    policy: str | None
    policy_version: str | None
    decided_by: str
    decider_id: str | None
    supersedes: str | None
    rider_id: str | None
    merchant_id: str | None
    zone_id: str | None
    business_date: date
    source: str


VERDICTS = TableContract(
    name="verdicts",
    version="1.0.0",
    meaning={
        "en": "Decisions on who is responsible for a failed or late delivery.",
    },
    grain="one decision on one incident",
    key=("city_id", "verdict_id"),
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
            name="verdict_id",
            type=LogicalType.STRING,
            meaning={
                "en": "Identifier of the decision.",
            },
            required=True,
            max_length=128,
        ),
        Column(
            name="case_id",
            type=LogicalType.STRING,
            meaning={
                "en": "Case in which it was decided.",
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
            required=True,
            max_length=128,
            references="orders.order_id",
        ),
        Column(
            name="decided_at",
            type=LogicalType.TIMESTAMP,
            meaning={
                "en": "When it was decided.",
            },
            required=True,
        ),
        Column(
            name="incident",
            type=LogicalType.STRING,
            meaning={
                "en": "What went wrong.",
            },
            required=True,
            values=(
                "late",
                "not_delivered",
                "wrong_item",
                "missing_item",
                "damaged",
                "wrong_address",
                "unsafe",
                "fraud",
                "other",
            ),
        ),
        Column(
            name="liable",
            type=LogicalType.STRING,
            meaning={
                "en": "Who is responsible.",
            },
            required=True,
            values=("customer", "merchant", "rider", "platform", "nobody", "shared", "undecided"),
        ),
        Column(
            name="share",
            type=LogicalType.NUMBER,
            meaning={
                "en": "Share of the responsibility that the named party bears.",
            },
            required=True,
            unit="share",
            minimum=0,
            maximum=1,
        ),
        Column(
            name="reason",
            type=LogicalType.STRING,
            meaning={
                "en": "Reason of the decision, as a code of the policy.",
            },
            required=True,
            max_length=200,
        ),
        Column(
            name="policy",
            type=LogicalType.STRING,
            meaning={
                "en": "Policy that decided.",
            },
            max_length=200,
        ),
        Column(
            name="policy_version",
            type=LogicalType.STRING,
            meaning={
                "en": "Version of that policy.",
            },
            max_length=64,
        ),
        Column(
            name="decided_by",
            type=LogicalType.STRING,
            meaning={
                "en": "Whether a policy or a person decided.",
            },
            required=True,
            values=("policy", "person"),
        ),
        Column(
            name="decider_id",
            type=LogicalType.STRING,
            meaning={
                "en": "Pseudonym of the employee who decided.",
            },
            max_length=128,
            classification=Classification.PERSONAL,
            references="employees.employee_id",
        ),
        Column(
            name="supersedes",
            type=LogicalType.STRING,
            meaning={
                "en": "Earlier decision that this one replaces, as after an appeal.",
            },
            max_length=128,
            references="verdicts.verdict_id",
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
    rules=(
        Rule(
            name="person_is_named",
            expression="decided_by <> 'person' OR decider_id IS NOT NULL",
            meaning={
                "en": "A person decided, and who is not said.",
            },
        ),
    ),
    event_at=("decided_at",),
    owner="liability",
    retention_months=84,
)
"""Contract of the table verdicts."""
