"""What an imported semantic layer declares: tables with entities, dimensions and measures, and metrics over them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

GRAINS = (
    "nanosecond",
    "microsecond",
    "millisecond",
    "second",
    "minute",
    "hour",
    "day",
    "week",
    "month",
    "quarter",
    "year",
)
"""Grains of time, finest first."""

METRIC_TIME = "metric_time"
"""The name under which each metric's own time is asked for."""


class Kind(StrEnum):
    """How the value of an imported metric comes about."""

    SIMPLE = "simple"
    RATIO = "ratio"
    DERIVED = "derived"
    CUMULATIVE = "cumulative"
    CONVERSION = "conversion"


@dataclass(frozen=True, slots=True)
class Dimension:
    """A column or expression to split by; ``grain`` is set for times, ``validity`` for the ends of a dated row."""

    name: str
    expr: str
    grain: str | None = None
    is_partition: bool = False
    validity: str | None = None


@dataclass(frozen=True, slots=True)
class Entity:
    """A key by which rows meet those of other tables: primary, unique, natural or foreign."""

    name: str
    type: str
    expr: str


@dataclass(frozen=True, slots=True)
class SemiAdditive:
    """A snapshot that may be summed over everything but one time, of which the first or last in each group counts."""

    dimension: str
    choice: str
    groupings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Measure:
    """An aggregation of one table's rows."""

    name: str
    agg: str
    expr: str
    time: str | None
    percentile: float | None = None
    is_discrete: bool = False
    is_approximate: bool = False
    semi_additive: SemiAdditive | None = None


@dataclass(frozen=True, slots=True)
class SemanticModel:
    """A table and what it declares."""

    name: str
    table: str
    primary: str | None
    dimensions: Mapping[str, Dimension]
    entities: Mapping[str, Entity]
    measures: Mapping[str, Measure]

    @property
    def validity(self) -> tuple[Dimension, Dimension] | None:
        """Give the dimensions between which a row holds, where rows are dated."""
        ends = {found.validity: found for found in self.dimensions.values() if found.validity}
        return (ends["start"], ends["end"]) if len(ends) > 1 else None


@dataclass(frozen=True, slots=True)
class MeasureUse:
    """A measure as a metric takes it: with filters, empty values filled, empty periods shown."""

    name: str
    filters: tuple[str, ...] = ()
    fill: float | None = None
    is_on_spine: bool = False


@dataclass(frozen=True, slots=True)
class Input:
    """A metric as another metric takes it: filtered, renamed, moved back in time."""

    name: str
    alias: str
    filters: tuple[str, ...] = ()
    offset_window: str | None = None
    offset_to_grain: str | None = None


@dataclass(frozen=True, slots=True)
class Window:
    """The past rows that count for a moment: a length back, since a grain began, or all; no field is all."""

    length: str | None = None
    to_grain: str | None = None
    period: str = "first"


@dataclass(frozen=True, slots=True)
class Conversion:
    """Events that follow others of the same entity within a time."""

    base: MeasureUse
    conversion: MeasureUse
    entity: str
    window: str | None
    is_rate: bool
    constants: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class SemanticMetric:
    """One imported metric."""

    name: str
    kind: Kind
    filters: tuple[str, ...] = ()
    grain: str | None = None
    measure: MeasureUse | None = None
    inputs: tuple[Input, ...] = ()
    expr: str | None = None
    window: Window | None = None
    conversion: Conversion | None = None


@dataclass(frozen=True, slots=True)
class Spine:
    """A table with a row for each moment of a grain."""

    table: str
    column: str
    grain: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """All that one semantic layer declares.

    Parameters
    ----------
    custom_grains : mapping of str to (Spine, column)
        Periods of somebody's own calendar, as columns of a spine.
    owners : mapping of str to str
        Model of each measure.
    """

    models: Mapping[str, SemanticModel]
    metrics: Mapping[str, SemanticMetric]
    spines: tuple[Spine, ...]
    custom_grains: Mapping[str, tuple[Spine, str]] = field(default_factory=dict)
    owners: Mapping[str, str] = field(default_factory=dict)

    def spine_for(self, grain: str) -> Spine:
        """Give the coarsest spine in which each period of a grain begins."""
        fit = [spine for spine in self.spines if GRAINS.index(spine.grain) <= GRAINS.index(grain)]
        return max(fit, key=lambda spine: GRAINS.index(spine.grain))
