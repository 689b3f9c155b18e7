"""A checked expression at rest: its text and its columns, with the tree for whoever takes it apart.

The library that reads and writes SQL takes a tenth of a second to start, and a request needs neither: it lays ready
texts together. So what was checked once is kept as text, and its tree grows again when somebody asks for it.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from types import ModuleType

    from sqlglot import exp

KEPT_IN = "duckdb"
"""Dialect whose text is kept; another engine's is written from the tree."""


class Column(NamedTuple):
    """A column that an expression reads: its name after that of the relation, which may be empty."""

    table: str
    name: str


class Told(NamedTuple):
    """What is told of an expression without its tree.

    Parameters
    ----------
    words : str
        As a definition would say it.
    sql : str
        As the engine of `KEPT_IN` reads it.
    columns : tuple of Column
        Every column that it reads, as often as it does.
    is_column : bool
        Whether it is one column and nothing else.
    conditional : (Told, Told) or None
        Condition and value, where it is a value that is empty elsewhere: ``case when condition then value end``.
    """

    words: str
    sql: str
    columns: tuple[Column, ...]
    is_column: bool
    conditional: "tuple[Told, Told] | None" = None


class Parsed:
    """An expression of the vocabulary, as a tree or as what is told of it. Two are equal where their words are."""

    __slots__ = ("_told", "_tree")

    def __init__(self, tree: "exp.Expr | None", told: Told | None = None) -> None:
        self._tree = tree
        self._told = told

    @property
    def tree(self) -> "exp.Expr":
        """The tree; it is shared, so copy it before changing it."""
        if self._tree is None:
            self._tree = _parsing().parse(self._about.words)
        return self._tree

    @property
    def columns(self) -> tuple[Column, ...]:
        """Every column that it reads, as often as it does."""
        return self._about.columns

    @property
    def column(self) -> Column | None:
        """The column that it is; None where it is anything else."""
        return self.columns[0] if self._about.is_column else None

    @property
    def conditional(self) -> "tuple[Parsed, Parsed] | None":
        """Condition and value of a value that is empty elsewhere; None where it is anything else."""
        found = self._about.conditional
        return (Parsed(None, found[0]), Parsed(None, found[1])) if found else None

    def sql(self, dialect: str) -> str:
        """Write it in a dialect."""
        return self._about.sql if dialect == KEPT_IN else _parsing().text_of(self.tree, dialect)

    @property
    def _about(self) -> Told:
        if self._told is None:
            self._told = _parsing().told_of(self.tree)
        return self._told

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Parsed) and self._about.words == other._about.words

    def __hash__(self) -> int:
        return hash(self._about.words)

    def __repr__(self) -> str:
        return f"Parsed({self._about.words!r})"

    def __reduce__(self) -> tuple[Callable[..., "Parsed"], tuple[None, Told]]:
        return Parsed, (None, self._about)


def column_at_rest(name: str) -> Parsed:
    """Give an expression that is one column of no relation in particular; its name must need no quotes."""
    return Parsed(None, Told(name, name, (Column("", name),), is_column=True))


def _parsing() -> "ModuleType":
    # Whoever takes a tree apart, or has one, needs the library; whoever only asks does without it.
    from tiffin.engines.metrics import parsing  # noqa: PLC0415 - for the reason above

    return parsing
