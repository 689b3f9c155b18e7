"""Commands to the systems outside: sent, acknowledged or failed, expired, released.

Generated from the contract, never edited by hand.
"""

from datetime import date, datetime
from enum import StrEnum
from typing import TypedDict

from tiffin.kernel.contract import Classification, Column, LogicalType, Rule, TableContract


class System(StrEnum):
    """System that it was sent to."""

    DISPATCH = "dispatch"
    MERCHANT = "merchant"
    PROMISE = "promise"
    INCENTIVE = "incentive"
    CUSTOMER_SERVICE = "customer_service"
    OTHER = "other"


class Status(StrEnum):
    """State of the command."""

    ISSUED = "issued"
    ACKNOWLEDGED = "acknowledged"
    FAILED = "failed"
    EXPIRED = "expired"
    RELEASED = "released"


class CommandsRow(TypedDict, total=False):
    """One row: one command."""

    command_id: str
    city_id: str | None
    issued_at: datetime
    system: str
    kind: str
    target: str | None
    payload: str | None
    status: str
    acknowledged_at: datetime | None
    expires_at: datetime
    released_at: datetime | None
    idempotency_key: str
    issued_by: str | None
    business_date: date
    source: str


COMMANDS = TableContract(
    name="commands",
    version="1.0.0",
    meaning={
        "en": "Commands to the systems outside: sent, acknowledged or failed, expired, released.",
    },
    grain="one command",
    key=("command_id",),
    columns=(
        Column(
            name="command_id",
            type=LogicalType.STRING,
            meaning={
                "en": "Identifier of the command.",
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
            name="issued_at",
            type=LogicalType.TIMESTAMP,
            meaning={
                "en": "When it was issued.",
            },
            required=True,
        ),
        Column(
            name="system",
            type=LogicalType.STRING,
            meaning={
                "en": "System that it was sent to.",
            },
            required=True,
            values=("dispatch", "merchant", "promise", "incentive", "customer_service", "other"),
        ),
        Column(
            name="kind",
            type=LogicalType.STRING,
            meaning={
                "en": "What it asks for.",
            },
            required=True,
            max_length=200,
        ),
        Column(
            name="target",
            type=LogicalType.STRING,
            meaning={
                "en": "What it applies to: a zone, a merchant, an order.",
            },
            max_length=200,
        ),
        Column(
            name="payload",
            type=LogicalType.STRING,
            meaning={
                "en": "Its content as JSON.",
            },
            max_length=20000,
            classification=Classification.CONFIDENTIAL,
        ),
        Column(
            name="status",
            type=LogicalType.STRING,
            meaning={
                "en": "State of the command.",
            },
            required=True,
            values=("issued", "acknowledged", "failed", "expired", "released"),
        ),
        Column(
            name="acknowledged_at",
            type=LogicalType.TIMESTAMP,
            meaning={
                "en": "When the system acknowledged it.",
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
            name="released_at",
            type=LogicalType.TIMESTAMP,
            meaning={
                "en": "When it was taken back.",
            },
        ),
        Column(
            name="idempotency_key",
            type=LogicalType.STRING,
            meaning={
                "en": "Key under which the system takes it only once.",
            },
            required=True,
            max_length=200,
        ),
        Column(
            name="issued_by",
            type=LogicalType.STRING,
            meaning={
                "en": "Pseudonym of the employee who issued it.",
            },
            max_length=128,
            classification=Classification.PERSONAL,
            references="employees.employee_id",
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
            name="acknowledged_after_issued",
            expression="acknowledged_at >= issued_at",
            meaning={
                "en": "It was acknowledged before it was issued.",
            },
        ),
        Rule(
            name="released_after_issued",
            expression="released_at >= issued_at",
            meaning={
                "en": "It was taken back before it was issued.",
            },
        ),
        Rule(
            name="expires_after_issued",
            expression="expires_at > issued_at",
            meaning={
                "en": "It expires before it was issued.",
            },
        ),
    ),
    event_at=("issued_at",),
    owner="city-operations",
    retention_months=36,
)
"""Contract of the table commands."""
