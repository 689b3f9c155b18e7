"""How bad a case can be."""

from enum import StrEnum


class Severity(StrEnum):
    """How much it matters; the queue shows the worst first."""

    CRITICAL = "critical"
    MAJOR = "major"
    MINOR = "minor"


SEVERITIES = tuple(one.value for one in Severity)
"""How bad a case can be, the worst first."""
