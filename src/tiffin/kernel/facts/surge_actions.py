"""What was done in a surge of orders, and when it was released.

Generated from the contract, never edited by hand.
"""

from datetime import date, datetime
from enum import StrEnum
from typing import TypedDict

from tiffin.kernel.contract import Classification, Column, LogicalType, Rule, TableContract


class Kind(StrEnum):
    """What was done."""

    LONGER_PROMISE = "longer_promise"
    SMALLER_RADIUS = "smaller_radius"
    THROTTLE = "throttle"
    PAUSE = "pause"
    BONUS = "bonus"
    CALL_RIDERS = "call_riders"
    OTHER = "other"


class DecidedBy(StrEnum):
    """Whether a policy or a person decided."""

    POLICY = "policy"
    PERSON = "person"


class SurgeActionsRow(TypedDict, total=False):
    """One row: one action in one episode."""

    city_id: str
    action_id: str
    episode_id: str
    zone_id: str | None
    merchant_id: str | None
    kind: str
    starts_at: datetime
    ends_at: datetime | None
    expires_at: datetime
    strength: float | None
    decided_by: str
    decider_id: str | None
    command_id: str | None
    business_date: date
    source: str


SURGE_ACTIONS = TableContract(
    name="surge_actions",
    version="1.0.0",
    meaning={
        "en": "What was done in a surge of orders, and when it was released.",
    },
    grain="one action in one episode",
    key=("city_id", "action_id"),
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
            name="action_id",
            type=LogicalType.STRING,
            meaning={
                "en": "Identifier of the action.",
            },
            required=True,
            max_length=128,
        ),
        Column(
            name="episode_id",
            type=LogicalType.STRING,
            meaning={
                "en": "Episode of the surge to which it belongs.",
            },
            required=True,
            max_length=128,
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
            name="kind",
            type=LogicalType.STRING,
            meaning={
                "en": "What was done.",
            },
            required=True,
            values=("longer_promise", "smaller_radius", "throttle", "pause", "bonus", "call_riders", "other"),
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
                "en": "When it ends.",
            },
        ),
        Column(
            name="expires_at",
            type=LogicalType.TIMESTAMP,
            meaning={
                "en": "When it ends by itself at the latest.",
            },
            required=True,
        ),
        Column(
            name="strength",
            type=LogicalType.NUMBER,
            meaning={
                "en": "How strong it is, in the unit of its kind.",
            },
            minimum=0,
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
            name="command_id",
            type=LogicalType.STRING,
            meaning={
                "en": "Command that carried it out.",
            },
            max_length=128,
            references="commands.command_id",
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
            name="action_ends_after_start",
            expression="ends_at >= starts_at",
            meaning={
                "en": "The action ends before it begins.",
            },
        ),
        Rule(
            name="action_expires_after_start",
            expression="expires_at > starts_at",
            meaning={
                "en": "The action expires before it begins.",
            },
        ),
    ),
    event_at=("starts_at",),
    owner="city-operations",
    retention_months=36,
)
"""Contract of the table surge_actions."""
