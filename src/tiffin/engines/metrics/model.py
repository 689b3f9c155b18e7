"""Checked definitions, parsed once and ready to compile.

A model is built at load (`tiffin.engines.metrics.building`); requests only look things up in it.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlglot import exp

from tiffin.engines.metrics.definitions import Aggregation, ColumnType, Dimension, Grain, Join, Metric, Source
from tiffin.kernel.errors import Place

BASE = "base"
"""Alias of a source's own table in every statement."""

MONEY_ENDING = "_minor"
"""How columns end that hold money in minor units of the row's currency."""

AGGREGATE = "__agg_{}__"
"""Column name under which the formula of a metric refers to an aggregate, until the compiler names it."""


@dataclass(frozen=True, slots=True)
class Expression:
    """A parsed expression over one source: columns qualified, type known, joins named in the order they are needed."""

    tree: exp.Expr
    type: ColumnType
    joins: tuple[str, ...]
    grain: Grain | None = None


@dataclass(frozen=True, slots=True)
class PreparedJoin:
    """A join with its left sides parsed."""

    join: Join
    on: tuple[tuple[Expression, str], ...]


@dataclass(frozen=True, slots=True)
class PreparedSource:
    """A source with its dimensions and joins parsed."""

    source: Source
    dimensions: Mapping[str, Expression]
    joins: Mapping[str, PreparedJoin]


@dataclass(frozen=True, slots=True)
class Aggregate:
    """One distinct aggregate of the model; metrics that mean the same aggregate share it."""

    number: int
    source: str
    aggregation: Aggregation
    of: tuple[Expression, ...]
    where: Expression | None
    quantile: float | None
    type: ColumnType
    is_zero_when_empty: bool


@dataclass(frozen=True, slots=True)
class Resolved:
    """A metric reduced to arithmetic over aggregates."""

    tree: exp.Expr
    type: ColumnType
    aggregates: tuple[int, ...]
    sources: tuple[str, ...]
    dimensions: frozenset[str]
    is_money: bool


@dataclass(frozen=True, slots=True)
class Model:
    """Checked definitions: what a request may name, and what it means."""

    dimensions: Mapping[str, Dimension]
    sources: Mapping[str, PreparedSource]
    metrics: Mapping[str, Metric]
    aggregates: tuple[Aggregate, ...]
    resolved: Mapping[str, Resolved]


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong in a definition, where it stands, and what to do."""

    message: str
    place: Place | None

    def __str__(self) -> str:
        return self.message if self.place is None else f"{self.place}: {self.message}"
