"""People whom facts name: which kinds of them there are."""

from enum import StrEnum

SIMULATED = "simulated:"
"""With this begins the source of rows that name nobody real: whom they name has no pseudonym."""


class PersonKind(StrEnum):
    """In which part somebody is named. Whoever orders and also delivers is two people here, since two systems name him.

    ``RESPONDENT`` is whoever answered a survey and is none of the others.
    """

    CUSTOMER = "customer"
    RIDER = "rider"
    EMPLOYEE = "employee"
    RESPONDENT = "respondent"
