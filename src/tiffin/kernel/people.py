"""People whom facts name: which kinds of them there are."""

from enum import StrEnum


class PersonKind(StrEnum):
    """In which part somebody is named. Whoever orders and also delivers is two people here, since two systems name him.

    ``RESPONDENT`` is whoever answered a survey and is none of the others.
    """

    CUSTOMER = "customer"
    RIDER = "rider"
    EMPLOYEE = "employee"
    RESPONDENT = "respondent"
