"""What a day-book says: figures only, no words; pages and messages are made from it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from tiffin.capabilities.balance.domain.cause import Cause, Detail, Lack
from tiffin.capabilities.balance.domain.sureness import Sureness
from tiffin.capabilities.scorecards.domain import Baseline, HeadlineFigure


@dataclass(frozen=True, slots=True)
class CityFacts:
    """The city as its facts name it; ``timezone_known`` is false where the source does not state it."""

    city_id: str
    name: str
    country: str
    timezone: str
    timezone_known: bool
    cutoff_min: int
    currency: str
    is_simulated: bool


@dataclass(frozen=True, slots=True)
class CauseShare:
    """One cause of an episode with the part of the miss that it explains.

    Parameters
    ----------
    weighed_min : float
        Minutes of delay, orders nobody carried weighed in; negative where it eased the miss.
    share : float
        Of the episode's miss; the shares of an episode add up to 1.
    details : mapping
        What it consists of, in weighed minutes, where facts tell.
    """

    cause: Cause
    weighed_min: float
    share: float
    details: Mapping[Detail, float]


@dataclass(frozen=True, slots=True)
class StageTime:
    """Mean minutes of one stage of an order, as usual and in the episode."""

    stage: str
    usual_min: float
    actual_min: float


@dataclass(frozen=True, slots=True)
class Factor:
    """Something measured in the episode against usual: orders wanted an hour, riders on shift, millimetres of rain."""

    name: str
    unit: str
    usual: float
    actual: float


@dataclass(frozen=True, slots=True)
class Cost:
    """What a miss cost.

    Parameters
    ----------
    late_orders : int or None
        Delivered after the promise; None where nothing was promised.
    late_min : float or None
        Minutes by which these orders came after the promise, added up.
    lost_orders, cancelled_orders : float or None
        Orders nobody carried, and those that riders cancelled; None where facts do not tell.
    turned_away_orders : float or None
        Orders that merchants refused and customers withdrew at once.
    refund_minor : int or None
        Refunds of these orders; None where no refunds are known.
    """

    delay_min: float | None
    late_orders: int | None
    late_min: float | None
    lost_orders: float | None
    cancelled_orders: float | None
    turned_away_orders: float | None
    refund_minor: int | None
    currency: str | None


@dataclass(frozen=True, slots=True)
class EpisodeStory:
    """One connected miss: where, when, how much, why, at which cost.

    Parameters
    ----------
    zones : tuple of str
        Zone identifiers, the one that missed most first.
    from_hour, to_hour : int
        First and last local hour, the last one included.
    miss_min : float
        Minutes of delay beyond usual, with each order nobody carried weighed in.
    causes : tuple of CauseShare
        Causes of the day by part, largest first; then what is usual and what stays unexplained.
    likely : mapping
        Each cause's likely share, what may be chance in the other causes given to the first; they add up to 1.
    confidence : float
        Chance, from 0 to 1, that the first cause is the first; 0 where none explains anything.
    """

    zones: tuple[str, ...]
    from_hour: int
    to_hour: int
    cells: tuple[tuple[str, int], ...]
    delivered: int
    wanted: float
    usual_wanted: float
    miss_min: float
    door_min: float | None
    usual_door_min: float | None
    causes: tuple[CauseShare, ...]
    likely: Mapping[Cause, float]
    stages: tuple[StageTime, ...]
    factors: tuple[Factor, ...]
    cost: Cost
    confidence: float
    sureness: Sureness

    @property
    def first_cause(self) -> Cause | None:
        """The largest cause of the day, or None where none explains anything."""
        return next((c.cause for c in self.causes if c.cause.is_of_the_day and c.weighed_min > 0), None)


@dataclass(frozen=True, slots=True)
class ZonePlace:
    """A zone for the map."""

    zone_id: str
    name: str
    h3_cell: str | None
    polygon: str | None


@dataclass(frozen=True, slots=True)
class HourProfile:
    """The day by local hour, in the order of the business day; a series that facts do not support is None."""

    hours: tuple[int, ...]
    orders: tuple[float, ...]
    usual_orders: tuple[float, ...] | None
    riders: tuple[float | None, ...] | None
    usual_riders: tuple[float | None, ...] | None
    door_min: tuple[float | None, ...] | None
    usual_door_min: tuple[float | None, ...] | None


@dataclass(frozen=True, slots=True)
class MissMap:
    """Weighed minutes missed beyond usual by zone and hour, (n_zones, n_hours); None where nothing was wanted."""

    zones: tuple[str, ...]
    hours: tuple[int, ...]
    weighed_min: tuple[tuple[float | None, ...], ...]


@dataclass(frozen=True, slots=True)
class Advice:
    """One thing to do, told by its code and what it follows from."""

    code: str
    cause: Cause
    episode: int


@dataclass(frozen=True, slots=True)
class Daybook:
    """A city's business day: what happened, where supply missed demand and why, what it cost, what to do."""

    city: CityFacts
    day: date
    baseline: Baseline
    headline: tuple[HeadlineFigure, ...]
    cost: Cost
    episodes: tuple[EpisodeStory, ...]
    advice: tuple[Advice, ...]
    lacks: tuple[Lack, ...]
    profile: HourProfile | None
    miss_map: MissMap | None
    zones: tuple[ZonePlace, ...]
    lost_order_min: float
    made_at: datetime
    table_versions: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Month:
    """The days of one month that have a day-book."""

    first: date
    days: tuple[date, ...]


@dataclass(frozen=True, slots=True)
class Shelf:
    """All day-books of one city."""

    city: CityFacts
    months: tuple[Month, ...]


def by_month(days: Sequence[date]) -> tuple[Month, ...]:
    """Group days by month, newest month first and days in order.

    Examples
    --------
    >>> [month.first.isoformat() for month in by_month([date(2026, 1, 31), date(2026, 2, 1)])]
    ['2026-02-01', '2026-01-01']
    """
    months: dict[date, list[date]] = {}
    for day in sorted(days):
        months.setdefault(day.replace(day=1), []).append(day)
    return tuple(Month(first, tuple(listed)) for first, listed in sorted(months.items(), reverse=True))
