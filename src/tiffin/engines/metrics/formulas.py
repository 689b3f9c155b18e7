"""The formulas that a metric can have; what each means is told in ``docs/metric-semantics.md``."""

from dataclasses import dataclass, field
from enum import StrEnum

from tiffin.engines.metrics.compiling.spans import Span, Window
from tiffin.kernel.errors import Place


class Aggregation(StrEnum):
    """How the values of many rows become one."""

    COUNT = "count"
    COUNT_DISTINCT = "count_distinct"
    SUM = "sum"
    MEAN = "mean"
    MINIMUM = "minimum"
    MAXIMUM = "maximum"
    PERCENTILE = "percentile"

    @property
    def is_zero_when_empty(self) -> bool:
        """Tell whether no rows mean nought; a mean or a percentile of no rows is unknown instead."""
        return self in (Aggregation.COUNT, Aggregation.COUNT_DISTINCT, Aggregation.SUM)


class Take(StrEnum):
    """Which moment of a period a snapshot stands for."""

    FIRST = "first"
    LAST = "last"


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Marks a quantity that may be added over everything except time.

    Parameters
    ----------
    at : str or None
        Expression of the moment; None for the source's own time.
    per : tuple of str
        Dimensions of which each value has a last moment of its own.
    """

    take: Take
    at: str | None = None
    per: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Measure:
    """One aggregate over one source.

    Parameters
    ----------
    of : tuple of str
        Expressions; none for a count, several only for a distinct count.
    where : str or None
        Rows that count.
    quantile : float or None
        Share in 0..1, for percentiles (continuous, interpolated).
    snapshot : Snapshot or None
        Set where only the rows at one moment of a period count.
    """

    source: str
    aggregation: Aggregation
    of: tuple[str, ...] = ()
    where: str | None = None
    quantile: float | None = None
    snapshot: Snapshot | None = None
    place: Place | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Ratio:
    """A ratio of two aggregates, each summed over all rows first; unknown where the denominator is nought.

    Parameters
    ----------
    numerator, denominator : Measure or str
        A string names another metric.
    times : float
        Factor of the result, such as 10000 for contacts per 10,000 orders.
    """

    numerator: Measure | str
    denominator: Measure | str
    times: float = 1.0
    place: Place | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Derived:
    """Arithmetic over other metrics, each computed apart on the same groups."""

    expression: str
    place: Place | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Cumulative:
    """A metric over a window that ends with each period, in place of the period itself."""

    metric: Measure | str
    window: Window
    place: Place | None = field(default=None, compare=False)


class Comparison(StrEnum):
    """What is told of an earlier period."""

    VALUE = "value"
    DIFFERENCE = "difference"
    CHANGE = "change"


@dataclass(frozen=True, slots=True)
class Compared:
    """A metric as it was some time before, or how far it has moved since."""

    metric: Measure | str
    offset: Span
    gives: Comparison
    place: Place | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Event:
    """Rows of a source as moments in the life of an entity.

    Parameters
    ----------
    at : str
        Expression of the instant.
    entity : tuple of str
        Expressions that together name whose event it is.
    """

    source: str
    at: str
    entity: tuple[str, ...]
    where: str | None = None


class Calculation(StrEnum):
    """What a conversion tells."""

    RATE = "rate"
    COUNT = "count"


@dataclass(frozen=True, slots=True)
class Conversion:
    """How many events are followed by another of the same entity in time.

    Parameters
    ----------
    within : int
        Seconds; the end is excluded.
    """

    base: Event
    conversion: Event
    within: int
    calculation: Calculation
    place: Place | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Nested:
    """A metric computed for each value of some dimensions, and those values aggregated.

    Parameters
    ----------
    having : str or None
        Condition over ``value``: only the values that meet it count.
    """

    metric: Measure | str
    per: tuple[str, ...]
    aggregation: Aggregation
    having: str | None = None
    quantile: float | None = None
    place: Place | None = field(default=None, compare=False)


Formula = Measure | Ratio | Derived | Cumulative | Compared | Conversion | Nested


class Kind(StrEnum):
    """What sort of formula a metric has."""

    SIMPLE = "simple"
    RATIO = "ratio"
    DERIVED = "derived"
    PERCENTILE = "percentile"
    CUMULATIVE = "cumulative"
    PERIOD_OVER_PERIOD = "period_over_period"
    CONVERSION = "conversion"
    SNAPSHOT = "snapshot"
    NESTED = "nested"
