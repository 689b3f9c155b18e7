"""What somebody asks of the metrics: which, by what, over which rows and days."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from tiffin.kernel.time import Days

Value = str | int | float | bool | date | datetime


class Operator(StrEnum):
    """How a dimension is compared with values."""

    EQ = "="
    NE = "!="
    LT = "<"
    LE = "<="
    GT = ">"
    GE = ">="
    IN = "in"
    NOT_IN = "not in"
    BETWEEN = "between"
    IS_NULL = "is null"
    IS_NOT_NULL = "is not null"


@dataclass(frozen=True, slots=True)
class Condition:
    """One comparison of one declared dimension with values; a request's conditions all hold.

    Examples
    --------
    >>> Condition("local_hour", Operator.GE, (18,))
    Condition(dimension='local_hour', operator=<Operator.GE: '>='>, values=(18,))
    """

    dimension: str
    operator: Operator
    values: tuple[Value, ...] = ()


@dataclass(frozen=True, slots=True)
class Order:
    """A column of the result to sort by; empty values come last."""

    column: str
    is_descending: bool = False


@dataclass(frozen=True, slots=True)
class MetricRequest:
    """Metrics split by dimensions over the rows that meet all conditions on the given business days.

    A row of the answer stands for each group in which any of the sources has a row. Without ``order_by`` rows come in
    the order of their dimensions.

    Parameters
    ----------
    fill : bool
        Show every period of the asked days for each combination of the other dimensions that occurs.
    is_approximate : bool
        Estimate distinct counts and percentiles by sketches, which is faster on very many rows.
    under : date or None
        Take each metric as it was defined on that day; None for the definitions in force.
    currency : str or None
        Convert money into this currency (ISO 4217); None leaves each amount in its own.
    rates_on : date or None
        Day whose exchange rates hold for the whole request; None for its last day, or the present.
    """

    metrics: tuple[str, ...]
    by: tuple[str, ...] = ()
    where: tuple[Condition, ...] = ()
    days: Days | None = None
    order_by: tuple[Order, ...] = ()
    limit: int | None = None
    fill: bool = False
    is_approximate: bool = False
    under: date | None = None
    currency: str | None = None
    rates_on: date | None = None


@dataclass(frozen=True, slots=True)
class RowLimit:
    """Rows of some countries or cities, None for both means of all, that have one of some values in each dimension.

    Parameters
    ----------
    within : tuple of (str, tuple of str)
        Declared dimensions of text, each with its values; they all hold.
    """

    countries: tuple[str, ...] | None
    cities: tuple[str, ...] | None
    within: tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True, slots=True)
class RowScope:
    """The rows that an actor may see: those of the countries or of the cities; None for both means every row.

    Parameters
    ----------
    narrower : tuple of RowLimit
        Further rows that he may see.
    """

    countries: tuple[str, ...] | None = None
    cities: tuple[str, ...] | None = None
    narrower: tuple[RowLimit, ...] = ()

    @property
    def is_everything(self) -> bool:
        """Tell whether nothing is held back."""
        return self.countries is None and self.cities is None


EVERYTHING = RowScope()
