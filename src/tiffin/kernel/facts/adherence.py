"""How far riders kept to their shifts.

Generated from the contract, never edited by hand.
"""

from datetime import date, datetime
from enum import StrEnum
from typing import TypedDict

from tiffin.kernel.contract import Classification, Column, LogicalType, Rule, TableContract


class Status(StrEnum):
    """How the shift was kept."""

    KEPT = "kept"
    LATE = "late"
    LEFT_EARLY = "left_early"
    ABSENT = "absent"
    EXCUSED = "excused"


class Excuse(StrEnum):
    """Why an absence is excused."""

    ILLNESS = "illness"
    ACCIDENT = "accident"
    HEAT = "heat"
    VEHICLE = "vehicle"
    PLATFORM = "platform"
    OTHER = "other"


class AdherenceRow(TypedDict, total=False):
    """One row: one shift of one rider, as worked."""

    city_id: str
    rider_id: str
    shift_id: str
    starts_at: datetime
    planned_min: float
    worked_min: float
    late_min: float | None
    early_leave_min: float | None
    outside_zone_min: float | None
    status: str
    excuse: str | None
    zone_id: str | None
    business_date: date
    source: str


ADHERENCE = TableContract(
    name="adherence",
    version="1.0.0",
    meaning={
        "en": "How far riders kept to their shifts.",
    },
    grain="one shift of one rider, as worked",
    key=("city_id", "rider_id", "starts_at"),
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
            name="rider_id",
            type=LogicalType.STRING,
            meaning={
                "en": "Pseudonym of the rider it concerns.",
            },
            required=True,
            max_length=128,
            classification=Classification.PERSONAL,
            references="riders.rider_id",
        ),
        Column(
            name="shift_id",
            type=LogicalType.STRING,
            meaning={
                "en": "Shift that was planned.",
            },
            required=True,
            max_length=128,
        ),
        Column(
            name="starts_at",
            type=LogicalType.TIMESTAMP,
            meaning={
                "en": "When it was to begin.",
            },
            required=True,
        ),
        Column(
            name="planned_min",
            type=LogicalType.NUMBER,
            meaning={
                "en": "Minutes planned.",
            },
            required=True,
            unit="min",
            minimum=0,
            maximum=2880,
            classification=Classification.PERSONAL,
        ),
        Column(
            name="worked_min",
            type=LogicalType.NUMBER,
            meaning={
                "en": "Minutes on shift within the plan.",
            },
            required=True,
            unit="min",
            minimum=0,
            maximum=2880,
            classification=Classification.PERSONAL,
        ),
        Column(
            name="late_min",
            type=LogicalType.NUMBER,
            meaning={
                "en": "Minutes from the planned start until the rider was on shift.",
            },
            unit="min",
            minimum=0,
            maximum=2880,
            classification=Classification.PERSONAL,
        ),
        Column(
            name="early_leave_min",
            type=LogicalType.NUMBER,
            meaning={
                "en": "Minutes from the last going off shift to the planned end.",
            },
            unit="min",
            minimum=0,
            maximum=2880,
            classification=Classification.PERSONAL,
        ),
        Column(
            name="outside_zone_min",
            type=LogicalType.NUMBER,
            meaning={
                "en": "Minutes on shift outside the planned zone.",
            },
            unit="min",
            minimum=0,
            maximum=2880,
            classification=Classification.PERSONAL,
        ),
        Column(
            name="status",
            type=LogicalType.STRING,
            meaning={
                "en": "How the shift was kept.",
            },
            required=True,
            values=("kept", "late", "left_early", "absent", "excused"),
        ),
        Column(
            name="excuse",
            type=LogicalType.STRING,
            meaning={
                "en": "Why an absence is excused.",
            },
            values=("illness", "accident", "heat", "vehicle", "platform", "other"),
            classification=Classification.SPECIAL,
        ),
        Column(
            name="zone_id",
            type=LogicalType.STRING,
            meaning={
                "en": "Zone in which the rider was to work.",
            },
            max_length=128,
            references="zones.zone_id",
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
            name="worked_within_planned",
            expression="worked_min <= planned_min + 0.5",
            meaning={
                "en": "More minutes were worked within the plan than planned.",
            },
        ),
    ),
    event_at=("starts_at",),
    owner="shift-planning",
    retention_months=36,
)
"""Contract of the table adherence."""
