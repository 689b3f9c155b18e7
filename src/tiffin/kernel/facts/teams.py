"""Teams of employees, what they manage and what they aim at.

Generated from the contract, never edited by hand.
"""

from datetime import date
from typing import TypedDict

from tiffin.kernel.contract import Classification, Column, LogicalType, TableContract


class TeamsRow(TypedDict, total=False):
    """One row: one team."""

    team_id: str
    name: str
    parent_team_id: str | None
    lead_id: str | None
    city_id: str | None
    target_metric: str | None
    target_value: float | None
    since: date | None
    source: str


TEAMS = TableContract(
    name="teams",
    version="1.0.0",
    meaning={
        "en": "Teams of employees, what they manage and what they aim at.",
    },
    grain="one team",
    key=("team_id",),
    columns=(
        Column(
            name="team_id",
            type=LogicalType.STRING,
            meaning={
                "en": "Identifier of the team.",
            },
            required=True,
            max_length=128,
        ),
        Column(
            name="name",
            type=LogicalType.STRING,
            meaning={
                "en": "Name of the team.",
            },
            required=True,
            max_length=200,
        ),
        Column(
            name="parent_team_id",
            type=LogicalType.STRING,
            meaning={
                "en": "Team above it.",
            },
            max_length=128,
            references="teams.team_id",
        ),
        Column(
            name="lead_id",
            type=LogicalType.STRING,
            meaning={
                "en": "Pseudonym of the employee who leads it.",
            },
            max_length=128,
            classification=Classification.PERSONAL,
            references="employees.employee_id",
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
            name="target_metric",
            type=LogicalType.STRING,
            meaning={
                "en": "Metric that the team aims at.",
            },
            max_length=200,
        ),
        Column(
            name="target_value",
            type=LogicalType.NUMBER,
            meaning={
                "en": "Value that the team aims at, in the metric's unit.",
            },
            classification=Classification.CONFIDENTIAL,
        ),
        Column(
            name="since",
            type=LogicalType.DATE,
            meaning={
                "en": "First day of the target.",
            },
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
    owner="people-operations",
    retention_months=84,
)
"""Contract of the table teams."""
