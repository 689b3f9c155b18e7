"""How alike two episodes are: their causes, zones, hours, size, kind of day and weather, each from 0 to 1."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from math import log10

from tiffin.capabilities.balance.domain.cause import Cause

HOURS = 24
LEAST_MISS_MIN = 1.0
"""Sizes are compared as ratios, which need something to divide by."""


@dataclass(frozen=True, slots=True)
class Traits:
    """What is kept of one episode, as much as likeness needs.

    Parameters
    ----------
    number : int
        Of the day's episodes, from 0, the costliest first.
    zones : tuple of str
        The one that missed most first.
    zones_share : float
        Of the city's zones; by it episodes of two cities are compared, whose zones have nothing in common.
    from_hour, to_hour : int
        Local, the last one included; past midnight where the second is smaller.
    wanted_of_day : float
        Orders wanted in the city all day: sizes of two cities are compared as minutes missed an order.
    causes : mapping
        Share of the miss by cause.
    rain_mm : float or None
        An hour; None where it is not told.
    """

    city_id: str
    day: date
    number: int
    zones: tuple[str, ...]
    zones_share: float
    from_hour: int
    to_hour: int
    miss_min: float
    wanted_of_day: float
    causes: Mapping[str, float]
    is_weekend: bool
    is_ramadan: bool
    holiday: str | None
    rain_mm: float | None

    @property
    def first_cause(self) -> str | None:
        """The largest cause of the day; None where none explains anything."""
        told = {cause: share for cause, share in self.causes.items() if Cause(cause).is_of_the_day and share > 0}
        return max(told, key=lambda cause: (told[cause], cause), default=None)

    @property
    def hours(self) -> frozenset[int]:
        """Local hours in which it was."""
        return hours_between(self.from_hour, self.to_hour)


@dataclass(frozen=True, slots=True)
class Weights:
    """How much each part of likeness counts, and from how many millimetres of rain apart weather counts in full."""

    causes: float
    zones: float
    hours: float
    size: float
    calendar: float
    weather: float
    rain_apart_mm: float


@dataclass(frozen=True, slots=True)
class Similar:
    """A past episode with how alike it is, 0 to 1, and how far apart it is in each part, 0 to 1."""

    traits: Traits
    alike: float
    apart: Mapping[str, float]


def most_similar(
    one: Traits, others: Iterable[Traits], weights: Weights, *, least: float, most: int
) -> tuple[Similar, ...]:
    """List the episodes of earlier days that are most like one, the likest first; of a tie the latest.

    Parameters
    ----------
    least : float
        What is less alike is not told.
    """
    compared = (likeness(one, other, weights) for other in others if other.day < one.day)
    found = [similar for similar in compared if similar.alike >= least]
    found.sort(key=lambda s: (-s.alike, -s.traits.day.toordinal(), s.traits.city_id, s.traits.number))
    return tuple(found[:most])


def likeness(one: Traits, other: Traits, weights: Weights) -> Similar:
    """Compare two episodes; the weights of what either does not tell go to the other parts.

    Notes
    -----
    A weighted mean of distances, symmetric, 0 of an episode with itself. It knows nothing of what helped.
    """
    apart = {
        "causes": causes_apart(one.causes, other.causes),
        "zones": _zones_apart(one, other),
        "hours": jaccard(one.hours, other.hours),
        "size": _size_apart(one, other),
        "calendar": _calendar_apart(one, other),
    }
    if one.rain_mm is not None and other.rain_mm is not None:
        apart["weather"] = min(abs(one.rain_mm - other.rain_mm) / weights.rain_apart_mm, 1.0)
    weighed = {name: float(getattr(weights, name)) for name in apart}
    whole = sum(weighed.values())
    distance = sum(weighed[name] * value for name, value in apart.items()) / whole if whole else 1.0
    return Similar(other, 1.0 - distance, apart)


def causes_apart(one: Mapping[str, float], other: Mapping[str, float]) -> float:
    """Give the total variation between two splits of a miss; what eased a miss is left out.

    Examples
    --------
    >>> causes_apart({"more_demand": 1.0}, {"more_demand": 0.75, "unexplained": 0.25})
    0.25
    """
    first, second = _positive(one), _positive(other)
    return sum(abs(first.get(c, 0.0) - second.get(c, 0.0)) for c in sorted({*first, *second})) / 2


def jaccard(one: frozenset[object], other: frozenset[object]) -> float:
    """Give the share of two sets' members that only one of them has."""
    union = one | other
    return 1.0 - len(one & other) / len(union) if union else 0.0


def hours_between(first: int, last: int) -> frozenset[int]:
    """Give the hours of the clock from one to another, both included.

    Examples
    --------
    >>> sorted(hours_between(22, 1))
    [0, 1, 22, 23]
    """
    return frozenset((first + step) % HOURS for step in range((last - first) % HOURS + 1))


def follow_ups(day: date, kept: Sequence[date], types: Mapping[date, str], *, most: int) -> tuple[date, ...]:
    """Choose the comparable days after a day: the same weekday where any follows, else days of the same type."""
    after = sorted(other for other in kept if other > day)
    weekday = [other for other in after if other.weekday() == day.weekday() and types.get(other) == types.get(day)]
    return tuple((weekday or [other for other in after if types.get(other) == types.get(day)])[:most])


def _positive(shares: Mapping[str, float]) -> dict[str, float]:
    kept = {cause: share for cause, share in shares.items() if share > 0}
    whole = sum(kept.values())
    return {cause: share / whole for cause, share in kept.items()} if whole else {}


def _zones_apart(one: Traits, other: Traits) -> float:
    if one.city_id == other.city_id:
        return jaccard(frozenset(one.zones), frozenset(other.zones))
    return abs(one.zones_share - other.zones_share)


def _size_apart(one: Traits, other: Traits) -> float:
    sizes = [max(each.miss_min, LEAST_MISS_MIN) for each in (one, other)]
    if one.city_id != other.city_id:
        sizes = [size / max(each.wanted_of_day, 1.0) for size, each in zip(sizes, (one, other), strict=True)]
    return min(abs(log10(sizes[0] / sizes[1])), 1.0)


def _calendar_apart(one: Traits, other: Traits) -> float:
    """Give 0 for the same weekday, half for another day of the same kind, and 1 for another kind of day."""
    kinds = [(bool(each.holiday) or each.is_weekend, each.is_ramadan, each.holiday) for each in (one, other)]
    if kinds[0] != kinds[1]:
        return 1.0
    return 0.0 if one.day.weekday() == other.day.weekday() else 0.5
