"""Where a metric of a city's day differs from what is usual: combinations of dimensions with their effects."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

WHOLE = "city_id"
"""Dimension that has one value alone: a combination of nothing else is the whole city."""

MOST_CHOSEN = 3
PREFERRED = ("zone_id", "day_part", "category", "vehicle", "is_first_order", "cancelled_by", "local_hour")
"""Dimensions along which somebody can act, looked along when none is asked for: the first three that the metric has."""


class Reading(StrEnum):
    """How a metric's numbers are to be read: counts, amounts, shares of events, or means."""

    COUNT = "count"
    AMOUNT = "amount"
    SHARE = "share"
    MEAN = "mean"


@dataclass(frozen=True, slots=True)
class Carrier:
    """A combination that carries a part of the change.

    Parameters
    ----------
    where : dimension to value, without the city; empty is the whole city.
    actual, usual : the metric there on the day, and what would have been usual.
    effect : of a sum, what there is more than usual; of a ratio, by how much more its numerator is than usual.
    share : of the whole change in this direction, what it explains beside those before it.
    confidence : how often it stays ahead of every other candidate when the leaves are drawn anew, 0 to 1.
    """

    where: Mapping[str, str]
    actual: float
    usual: float
    effect: float
    share: float
    confidence: float


@dataclass(frozen=True, slots=True)
class Localised:
    """What carries the change of a metric in a city on a day.

    Parameters
    ----------
    compared_with : days that tell what is usual.
    actual, usual : of the whole city.
    carriers : beyond chance, the strongest first; empty when nothing is.
    likeliest : the likeliest explanations in order, each as the combinations that it names.
    """

    metric: str
    city_id: str
    day: date
    dimensions: tuple[str, ...]
    reading: Reading
    compared_with: tuple[date, ...]
    actual: float
    usual: float
    carriers: tuple[Carrier, ...]
    likeliest: tuple[tuple[Mapping[str, str], ...], ...]
