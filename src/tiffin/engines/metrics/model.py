"""Checked definitions, parsed once and ready to compile.

A model is built at load (`tiffin.engines.metrics.building`); requests only look things up in it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tiffin.engines.metrics.compiling.spans import Frame
from tiffin.engines.metrics.definitions import ColumnType, Dimension, Grain, Join, Metric, Source
from tiffin.engines.metrics.formulas import Aggregation, Take
from tiffin.engines.metrics.parsed import Parsed
from tiffin.kernel.errors import Place

if TYPE_CHECKING:
    from sqlglot import exp

BASE = "base"
"""Alias of a source's own table in every statement."""

MONEY_ENDING = "_minor"
"""How columns end that hold money in minor units of the row's currency."""

AGGREGATE = "__agg_{}__"
"""Column name under which the formula of a metric refers to an aggregate, until the compiler names it."""


def number_of(column: str) -> int:
    """Tell the number of the aggregate that a column of a formula stands for."""
    return int(column.removeprefix("__agg_").removesuffix("__"))


@dataclass(frozen=True, slots=True)
class Expression:
    """A parsed expression over one source: columns qualified, type known, joins named in the order they are needed."""

    parsed: Parsed
    type: ColumnType
    joins: tuple[str, ...]
    grain: Grain | None = None

    @property
    def tree(self) -> "exp.Expr":
        """The expression, taken apart."""
        return self.parsed.tree


@dataclass(frozen=True, slots=True)
class PreparedJoin:
    """A join with its left sides parsed; ``at`` is the moment at which a dated row must hold."""

    join: Join
    on: tuple[tuple[Expression, str], ...]
    at: Expression | None = None


@dataclass(frozen=True, slots=True)
class PreparedSource:
    """A source with its dimensions and joins parsed."""

    source: Source
    dimensions: Mapping[str, Expression]
    joins: Mapping[str, PreparedJoin]


@dataclass(frozen=True, slots=True)
class PreparedSnapshot:
    """Which rows of a period a snapshot counts: those at the first or last moment for each value of some dimensions."""

    take: Take
    at: Expression
    per: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PreparedEvent:
    """Rows of a source as moments in the life of an entity; ``key`` tells one row from another."""

    source: str
    at: Expression
    entity: tuple[Expression, ...]
    key: tuple[Expression, ...]
    where: Expression | None


@dataclass(frozen=True, slots=True)
class Followed:
    """Counts the events ``by`` which rows of ``base`` are followed in less than ``within`` seconds."""

    base: PreparedEvent
    by: PreparedEvent
    within: int


@dataclass(frozen=True, slots=True)
class Aggregate:
    """One distinct aggregate of the model; metrics that mean the same aggregate share it.

    Parameters
    ----------
    frame : Frame or None
        Days whose rows stand for a period; None for its own.
    snapshot : PreparedSnapshot or None
        Set where only the rows at one moment count.
    followed : Followed or None
        Set where what is counted are conversions of the source's rows.
    """

    number: int
    source: str
    aggregation: Aggregation
    of: tuple[Expression, ...]
    where: Expression | None
    quantile: float | None
    type: ColumnType
    frame: Frame | None = None
    snapshot: PreparedSnapshot | None = None
    followed: Followed | None = None

    @property
    def is_zero_when_empty(self) -> bool:
        """Tell whether no rows mean nought."""
        return self.aggregation.is_zero_when_empty

    @property
    def is_plain(self) -> bool:
        """Tell whether it is taken over the rows of its own period."""
        return self.frame is None and self.snapshot is None and self.followed is None


VALUE = "value"
"""How the condition of a nested metric names the value."""


@dataclass(frozen=True, slots=True)
class NestedAggregate:
    """An aggregate over the values that a metric has for each value of some dimensions."""

    number: int
    metric: "Resolved"
    per: tuple[str, ...]
    aggregation: Aggregation
    having: Parsed | None
    quantile: float | None
    type: ColumnType

    @property
    def is_zero_when_empty(self) -> bool:
        """Tell whether no values mean nought."""
        return self.aggregation.is_zero_when_empty


Leaf = Aggregate | NestedAggregate
"""What the formulas of metrics are made of."""


@dataclass(frozen=True, slots=True)
class Resolved:
    """A metric reduced to arithmetic over aggregates.

    Parameters
    ----------
    sources : tuple of str
        Every source that is read, those inside nested aggregates included.
    is_framed : bool
        Whether days of another period than the asked one count: then it is split by one period at most.
    """

    parsed: Parsed
    type: ColumnType
    aggregates: tuple[int, ...]
    sources: tuple[str, ...]
    dimensions: frozenset[str]
    is_money: bool
    is_framed: bool = False

    @property
    def tree(self) -> "exp.Expr":
        """The arithmetic, taken apart; its columns stand for aggregates."""
        return self.parsed.tree


@dataclass(frozen=True, slots=True)
class Model:
    """Checked definitions: what a request may name, and what it means."""

    dimensions: Mapping[str, Dimension]
    sources: Mapping[str, PreparedSource]
    metrics: Mapping[str, Metric]
    aggregates: Sequence[Leaf]
    resolved: Mapping[str, Resolved]


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong in a definition, where it stands, and what to do."""

    message: str
    place: Place | None

    def __str__(self) -> str:
        return self.message if self.place is None else f"{self.place}: {self.message}"
