"""Answers to surveys of customers, merchants and riders.

Generated from the contract, never edited by hand.
"""

from datetime import date, datetime
from enum import StrEnum
from typing import TypedDict

from tiffin.kernel.contract import Classification, Column, LogicalType, TableContract


class Respondent(StrEnum):
    """What kind of person answered."""

    CUSTOMER = "customer"
    MERCHANT = "merchant"
    RIDER = "rider"
    PUBLIC = "public"
    EMPLOYEE = "employee"


class SurveyAnswersRow(TypedDict, total=False):
    """One row: one answer to one question."""

    survey_id: str
    response_id: str
    question: str
    repeat: int
    city_id: str | None
    answered_at: datetime
    respondent: str
    respondent_id: str | None
    locale: str | None
    answer: str | None
    answer_number: float | None
    weight: float | None
    collector_id: str | None
    is_accepted: bool | None
    business_date: date
    source: str


SURVEY_ANSWERS = TableContract(
    name="survey_answers",
    version="1.0.0",
    meaning={
        "en": "Answers to surveys of customers, merchants and riders.",
    },
    grain="one answer to one question",
    key=("survey_id", "response_id", "question", "repeat"),
    columns=(
        Column(
            name="survey_id",
            type=LogicalType.STRING,
            meaning={
                "en": "Identifier of the survey.",
            },
            required=True,
            max_length=128,
        ),
        Column(
            name="response_id",
            type=LogicalType.STRING,
            meaning={
                "en": "Identifier of one person's set of answers.",
            },
            required=True,
            max_length=128,
        ),
        Column(
            name="question",
            type=LogicalType.STRING,
            meaning={
                "en": "Name of the question in the questionnaire.",
            },
            required=True,
            max_length=128,
        ),
        Column(
            name="repeat",
            type=LogicalType.INTEGER,
            meaning={
                "en": "Position within a repeated group of questions; 0 outside one.",
            },
            required=True,
            minimum=0,
            maximum=100000,
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
            name="answered_at",
            type=LogicalType.TIMESTAMP,
            meaning={
                "en": "When it was answered.",
            },
            required=True,
        ),
        Column(
            name="respondent",
            type=LogicalType.STRING,
            meaning={
                "en": "What kind of person answered.",
            },
            required=True,
            values=("customer", "merchant", "rider", "public", "employee"),
        ),
        Column(
            name="respondent_id",
            type=LogicalType.STRING,
            meaning={
                "en": "Pseudonym of the person who answered.",
            },
            max_length=128,
            classification=Classification.PERSONAL,
        ),
        Column(
            name="locale",
            type=LogicalType.STRING,
            meaning={
                "en": "Language in which it was asked.",
            },
            max_length=16,
        ),
        Column(
            name="answer",
            type=LogicalType.STRING,
            meaning={
                "en": "The answer as given.",
            },
            max_length=10000,
            classification=Classification.PERSONAL,
        ),
        Column(
            name="answer_number",
            type=LogicalType.NUMBER,
            meaning={
                "en": "The answer as a number, where it is one.",
            },
        ),
        Column(
            name="weight",
            type=LogicalType.NUMBER,
            meaning={
                "en": "Weight of the person in the sample.",
            },
            minimum=0,
        ),
        Column(
            name="collector_id",
            type=LogicalType.STRING,
            meaning={
                "en": "Pseudonym of the person who collected it.",
            },
            max_length=128,
            classification=Classification.PERSONAL,
        ),
        Column(
            name="is_accepted",
            type=LogicalType.BOOLEAN,
            meaning={
                "en": "Whether quality control kept it.",
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
    event_at=("answered_at",),
    owner="market-research",
    retention_months=36,
)
"""Contract of the table survey_answers."""
