"""People employed to run the marketplace, under a pseudonym.

Generated from the contract, never edited by hand.
"""

from datetime import date
from typing import TypedDict

from tiffin.kernel.contract import Classification, Column, LogicalType, Rule, TableContract


class EmployeesRow(TypedDict, total=False):
    """One row: one employee."""

    employee_id: str
    team_id: str | None
    role: str
    city_id: str | None
    country: str | None
    since: date | None
    until: date | None
    source: str


EMPLOYEES = TableContract(
    name="employees",
    version="1.0.0",
    meaning={
        "en": "People employed to run the marketplace, under a pseudonym.",
    },
    grain="one employee",
    key=("employee_id",),
    columns=(
        Column(
            name="employee_id",
            type=LogicalType.STRING,
            meaning={
                "en": "Pseudonym of the employee.",
            },
            required=True,
            max_length=128,
            classification=Classification.PERSONAL,
        ),
        Column(
            name="team_id",
            type=LogicalType.STRING,
            meaning={
                "en": "Team the employee belongs to.",
            },
            max_length=128,
            references="teams.team_id",
        ),
        Column(
            name="role",
            type=LogicalType.STRING,
            meaning={
                "en": "What the employee does.",
            },
            required=True,
            max_length=200,
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
            name="country",
            type=LogicalType.STRING,
            meaning={
                "en": "ISO 3166-1 code of the country of work.",
            },
            pattern="^[A-Z]{2}$",
        ),
        Column(
            name="since",
            type=LogicalType.DATE,
            meaning={
                "en": "First day in the role.",
            },
            classification=Classification.PERSONAL,
        ),
        Column(
            name="until",
            type=LogicalType.DATE,
            meaning={
                "en": "Last day in the role; empty while it lasts.",
            },
            classification=Classification.PERSONAL,
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
            name="employee_until_after_since",
            expression="until >= since",
            meaning={
                "en": "The role ends before it begins.",
            },
        ),
    ),
    owner="people-operations",
    retention_months=84,
    limitations="Names and addresses are kept elsewhere, under a key per person.",
)
"""Contract of the table employees."""
