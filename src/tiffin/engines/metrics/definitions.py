"""What a metric is: sources, dimensions, measures and the formulas over them, as plain values.

A definition says what a number means; it knows neither files nor engines. Texts of expressions are SQL of the small
vocabulary in `tiffin.engines.metrics.vocabulary`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from tiffin.engines.metrics.formulas import Formula, Kind
from tiffin.kernel.errors import Place
from tiffin.kernel.time import Days


class ColumnType(StrEnum):
    """What a column or an expression holds, as far as the compiler must know."""

    TEXT = "text"
    INTEGER = "integer"
    DOUBLE = "double"
    BOOLEAN = "boolean"
    DATE = "date"
    INSTANT = "instant"


@dataclass(frozen=True, slots=True)
class Table:
    """A table that definitions may name: its columns with their types, and the columns that together are unique."""

    columns: Mapping[str, ColumnType]
    key: tuple[str, ...]


Tables = Mapping[str, Table]


@dataclass(frozen=True, slots=True)
class Wording:
    """One text in several languages; English is always there."""

    texts: Mapping[str, str]

    def text(self, locale: str) -> str:
        """Give the text of a language, or the English one."""
        return self.texts.get(locale) or self.texts["en"]


class Grain(StrEnum):
    """A coarser period that is computed from a business date."""

    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"
    WEEKDAY = "weekday"


@dataclass(frozen=True, slots=True)
class Dimension:
    """Something by which numbers are split and filtered; it means the same in every source that has it.

    Parameters
    ----------
    grain : Grain or None
        Set where the value is computed from the dimension named by ``grain_of``.
    """

    name: str
    type: ColumnType
    label: Wording
    grain_of: str | None = None
    grain: Grain | None = None


class Cardinality(StrEnum):
    """How many rows of a joined table one row of a source meets; more than one would inflate sums and is refused."""

    MANY_TO_ONE = "many_to_one"
    ONE_TO_ONE = "one_to_one"


@dataclass(frozen=True, slots=True)
class Join:
    """A to-one join from a source to another table.

    Parameters
    ----------
    on : tuple of (str, str)
        Pairs of an expression over the source (or over an earlier join) and a column of the joined table; together the
        columns are the joined table's key, so that no row can meet two.
    valid : Validity or None
        Set where the joined table holds spans of time of which the one at the row's own moment is met.
    """

    name: str
    table: str
    on: tuple[tuple[str, str], ...]
    cardinality: Cardinality
    valid: "Validity | None" = None


@dataclass(frozen=True, slots=True)
class Validity:
    """Which of the rows of a slowly changing dimension holds: ``start <= at < end``, an empty end is open.

    Parameters
    ----------
    start, end : str
        Columns of the joined table; the start belongs to its key.
    at : str
        Expression over the source, of the columns' type.
    """

    start: str
    end: str
    at: str


@dataclass(frozen=True, slots=True)
class Source:
    """A fact table as metrics see it.

    Parameters
    ----------
    time : str
        Dimension that a request's days select.
    dimensions : mapping of str to str
        Expression of each dimension that the source has.
    """

    name: str
    table: str
    key: tuple[str, ...]
    time: str
    dimensions: Mapping[str, str]
    joins: tuple[Join, ...] = ()
    place: Place | None = field(default=None, compare=False)
    places: Mapping[str, Place] = field(default_factory=dict, compare=False)


class Direction(StrEnum):
    """Which way is better."""

    UP = "up"
    DOWN = "down"
    NEITHER = "neither"


class Level(StrEnum):
    """Whose metric it is: of the business operation, of its management, of a team."""

    OPERATIONS = "operations"
    MANAGEMENT = "management"
    TEAM = "team"


class Tier(StrEnum):
    """How far a definition may be relied on."""

    DRAFT = "draft"
    CERTIFIED = "certified"
    DEPRECATED = "deprecated"


class Unit(StrEnum):
    """What a value counts; money is in minor units of one currency."""

    ORDERS = "orders"
    RIDERS = "riders"
    MERCHANTS = "merchants"
    CUSTOMERS = "customers"
    PEOPLE = "people"
    SLOTS = "slots"
    CONTACTS = "contacts"
    REFUNDS = "refunds"
    RATINGS = "ratings"
    SHARE = "share"
    MINUTES = "minutes"
    HOURS = "hours"
    METERS = "meters"
    STARS = "stars"
    ITEMS = "items"
    MONEY = "money"
    RATIO = "ratio"


class Combination(StrEnum):
    """How a metric enters its parent in the metric tree."""

    ADDS = "adds"
    SUBTRACTS = "subtracts"
    MULTIPLIES = "multiplies"
    DIVIDES = "divides"
    INFLUENCES = "influences"


@dataclass(frozen=True, slots=True)
class Parent:
    """The metric above in the metric tree, and how this one enters it."""

    metric: str
    combination: Combination


@dataclass(frozen=True, slots=True)
class Targets:
    """What a certified metric promises to its readers.

    Parameters
    ----------
    ready_by : str or None
        Local clock time of the next morning, ``HH:MM``.
    agrees_within : float or None
        Largest relative difference from an independent reconciliation.
    settled_within : float or None
        Largest relative move of a settled day.
    """

    ready_by: str | None = None
    agrees_within: float | None = None
    settled_within: float | None = None


@dataclass(frozen=True, slots=True)
class Example:
    """Tiny rows and the value that a metric must give for them.

    Parameters
    ----------
    rows : mapping of str to tuple
        Rows of each table; a column left out is empty.
    by : tuple of str
        Dimensions of the expected groups.
    gives : tuple of tuples
        Expected rows, dimensions first, then the value.
    days : Days or None
        Business days that are asked; None for all of which there are rows.
    """

    rows: Mapping[str, tuple[Mapping[str, object], ...]]
    gives: tuple[tuple[object, ...], ...]
    by: tuple[str, ...] = ()
    days: Days | None = None


@dataclass(frozen=True, slots=True)
class Version:
    """One dated state of a metric's formula."""

    number: int
    since: date
    formula: Formula
    kind: Kind


class Additivity(StrEnum):
    """Over what the values of a metric may be added up: everything, everything except time, nothing."""

    ADDITIVE = "additive"
    SEMI_ADDITIVE = "semi_additive"
    NON_ADDITIVE = "non_additive"


@dataclass(frozen=True, slots=True)
class Metric:
    """One governed number.

    Parameters
    ----------
    successor : str or None
        The metric that replaces a deprecated one.
    """

    name: str
    label: Wording
    meaning: Wording
    unit: Unit
    direction: Direction
    level: Level
    owner: str
    tier: Tier
    version: Version
    earlier: tuple[Version, ...] = ()
    parents: tuple[Parent, ...] = ()
    targets: Targets | None = None
    examples: tuple[Example, ...] = ()
    never_by: tuple[str, ...] = ()
    additivity: Additivity | None = None
    successor: str | None = None
    place: Place | None = field(default=None, compare=False)

    @property
    def formula(self) -> Formula:
        """Formula of the current version."""
        return self.version.formula

    @property
    def kind(self) -> Kind:
        """Sort of the current formula."""
        return self.version.kind


@dataclass(frozen=True, slots=True)
class Definitions:
    """Everything that definition files said, before it is checked against the tables."""

    dimensions: tuple[Dimension, ...] = ()
    sources: tuple[Source, ...] = ()
    metrics: tuple[Metric, ...] = ()
