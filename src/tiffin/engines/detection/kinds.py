"""Kinds of values that a column may hold, and how far each may travel."""

from collections.abc import Mapping
from enum import StrEnum

from tiffin.kernel.contract import Classification


class Kind(StrEnum):
    """What the values of a column are, as far as it matters for who may see them."""

    PHONE = "phone"
    EMAIL = "email"
    PERSON_NAME = "person_name"
    NATIONAL_ID = "national_id"
    COMPANY_ID = "company_id"
    PASSPORT = "passport"
    IBAN = "iban"
    PAYMENT_CARD = "payment_card"
    COORDINATES = "coordinates"
    ADDRESS = "address"
    BIRTH_DATE = "birth_date"
    IP_ADDRESS = "ip_address"
    PLATE = "plate"
    PERSON_KEY = "person_key"
    TRAIT = "trait"
    OPINION = "opinion"
    FREE_TEXT = "free_text"
    HEALTH = "health"
    BELIEF = "belief"
    MISCONDUCT = "misconduct"
    MONEY = "money"
    OPEN_FACT = "open_fact"


CLASS_OF: Mapping[Kind, Classification] = {
    **dict.fromkeys(Kind, Classification.PERSONAL),
    Kind.HEALTH: Classification.SPECIAL,
    Kind.BELIEF: Classification.SPECIAL,
    Kind.MISCONDUCT: Classification.SPECIAL,
    Kind.COMPANY_ID: Classification.CONFIDENTIAL,
    Kind.MONEY: Classification.CONFIDENTIAL,
    Kind.OPEN_FACT: Classification.PUBLIC,
}
"""Class that a kind has unless the column speaks of a place of business."""

CLASS_OF_BUSINESS: Mapping[Kind, Classification] = {
    Kind.COORDINATES: Classification.INTERNAL,
    Kind.ADDRESS: Classification.INTERNAL,
    Kind.PERSON_NAME: Classification.INTERNAL,
    Kind.PHONE: Classification.CONFIDENTIAL,
    Kind.EMAIL: Classification.CONFIDENTIAL,
    Kind.IBAN: Classification.CONFIDENTIAL,
}
"""Class of what belongs to a merchant, a shop or a city by the name of its column or table."""

ORDER = tuple(Classification)
"""Classes from the least to the most guarded."""


def stricter(one: Classification, other: Classification) -> Classification:
    """Give the more guarded of two classes.

    Examples
    --------
    >>> stricter(Classification.PUBLIC, Classification.PERSONAL).value
    'personal'
    """
    return max(one, other, key=ORDER.index)


def is_stricter(one: Classification, than: Classification) -> bool:
    """Tell whether a class is more guarded than another."""
    return ORDER.index(one) > ORDER.index(than)


def class_of(kind: Kind, *, is_business: bool) -> Classification:
    """Give the class of a kind of values, for people or for a place of business."""
    return CLASS_OF_BUSINESS.get(kind, CLASS_OF[kind]) if is_business else CLASS_OF[kind]
