"""How sure a diagnosis is of a first cause, in a word."""

from enum import StrEnum


class Sureness(StrEnum):
    """How sure a first cause is, in a word."""

    SURE = "sure"
    LIKELY = "likely"
    OPEN = "open"


SURE, LIKELY = 0.95, 0.75
"""Chance of being the first cause from which on it is called sure, and likely."""


def sureness_of(confidence: float) -> Sureness:
    """Put a chance into a word.

    Examples
    --------
    >>> [str(sureness_of(chance)) for chance in (0.99, 0.8, 0.5)]
    ['sure', 'likely', 'open']
    """
    if confidence >= SURE:
        return Sureness.SURE
    return Sureness.LIKELY if confidence >= LIKELY else Sureness.OPEN
