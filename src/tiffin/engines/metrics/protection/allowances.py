"""What one grant opens: some rows, some classes of columns, perhaps some of them masked or some assets alone."""

from dataclasses import dataclass

from tiffin.engines.metrics.request import Condition, MetricRequest, Operator
from tiffin.engines.metrics.sensitivity import Sensitivity
from tiffin.kernel.contract import Classification
from tiffin.kernel.masks import Mask, Shape

CITY, COUNTRY = "city_id", "country"

Classes = frozenset[Classification]

EVERY_COLUMN = "*"
"""Stands for every column of a table."""


@dataclass(frozen=True, slots=True)
class Only:
    """Single assets that an allowance is for.

    Parameters
    ----------
    metrics : frozenset of str
        Metrics by name, whatever their version.
    columns : frozenset of (str, str)
        Columns by table and name: metrics that read nothing else, but for keys, days and places.
    """

    metrics: frozenset[str] = frozenset()
    columns: frozenset[tuple[str, str]] = frozenset()

    def holds(self, metric: str, request: MetricRequest, sensitivity: Sensitivity) -> bool:
        """Tell whether a metric, split and filtered as requested, is among them."""
        if metric.partition("@")[0] in self.metrics:
            return True
        if not self.columns or metric not in sensitivity.model.resolved:
            return False
        read = sensitivity.columns_of(metric, request)
        return all({(table, column), (table, EVERY_COLUMN)} & self.columns for table, column in read)


Masking = tuple[tuple[Classification, Shape, Mask], ...]
"""How values of guarded classes are masked, by what they are."""


@dataclass(frozen=True, slots=True)
class Allowance:
    """Rows and classes of columns that are opened together.

    Parameters
    ----------
    countries, cities : tuple of str or None
        Rows of either are opened; None for both opens every row.
    within : tuple of (str, tuple of str)
        Only those with one of these values in each of these dimensions.
    opens : frozenset of Classification
        Guarded classes; public and internal columns are always open.
    minimum_size : int
        Groups of fewer rows are not told.
    masks : tuple of (Classification, Shape, Mask)
        Guarded classes that it opens masked: dimensions of them are told so.
    only : Only or None
        Set where it is for single assets.
    """

    countries: tuple[str, ...] | None = None
    cities: tuple[str, ...] | None = None
    within: tuple[tuple[str, tuple[str, ...]], ...] = ()
    opens: Classes = frozenset(Classification)
    minimum_size: int = 1
    masks: Masking = ()
    only: Only | None = None

    @property
    def is_everywhere(self) -> bool:
        """Tell whether no country or city is left out."""
        return self.countries is None and self.cities is None


Policy = tuple[Allowance, ...]
"""All that one asker is allowed at a moment; empty for nothing."""


def covers_request(allowance: Allowance, where: tuple[Condition, ...]) -> bool:
    """Tell whether conditions leave no rows but those of an allowance."""
    asked = {item.dimension: set(item.values) for item in where if item.operator in (Operator.EQ, Operator.IN)}

    def is_asked_within(name: str, values: tuple[str, ...] | None) -> bool:
        return name in asked and asked[name] <= {*(values or ())}

    places = is_asked_within(COUNTRY, allowance.countries) or is_asked_within(CITY, allowance.cities)
    return (allowance.is_everywhere or places) and all(is_asked_within(*item) for item in allowance.within)


def covers(larger: Allowance, smaller: Allowance) -> bool:
    """Tell whether all rows of an allowance are among those of another one, whatever the rows are."""
    wider = all(
        any(name == other and {*within} <= {*values} for other, within in smaller.within)
        for name, values in larger.within
    )
    if larger.is_everywhere or not wider:
        return wider
    countries, cities = {*(larger.countries or ())}, {*(larger.cities or ())}
    return (
        not smaller.is_everywhere and {*(smaller.countries or ())} <= countries and {*(smaller.cities or ())} <= cities
    )
