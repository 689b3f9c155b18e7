"""FEEL's expressions as frozen trees: what was written, without any meaning of a particular engine.

Every node knows its place in the text. Boxed expressions of DMN become the same nodes, so that whoever evaluates,
translates or proves reads one kind of tree.
"""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from typing import Any

from tiffin.engines.decisions.feel.faults import NOWHERE, Span
from tiffin.engines.decisions.feel.types import ANY, Type


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """Any part of an expression."""

    span: Span = NOWHERE


@dataclass(frozen=True, slots=True)
class Constant(Node):
    """A value that was written out."""

    value: Any


@dataclass(frozen=True, slots=True)
class Name(Node):
    """A variable or function, by its declared name."""

    name: str


@dataclass(frozen=True, slots=True)
class Path(Node):
    """A member of a value: ``source.member``."""

    source: Node
    member: str


@dataclass(frozen=True, slots=True)
class Filter(Node):
    """Those items of a list for which a condition holds, or the one at a position: ``source[condition]``."""

    source: Node
    condition: Node


@dataclass(frozen=True, slots=True)
class Call(Node):
    """A function called; ``names`` is empty where arguments are given by position."""

    function: Node
    arguments: tuple[Node, ...]
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Negation(Node):
    """Minus a value."""

    value: Node


@dataclass(frozen=True, slots=True)
class Arithmetic(Node):
    """Two values by one of ``+ - * / **``."""

    operator: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Comparison(Node):
    """Two values by one of ``= != < <= > >=``."""

    operator: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Logic(Node):
    """``and`` or ``or`` of three-valued logic."""

    operator: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Between(Node):
    """Whether a value lies between two others, both included."""

    value: Node
    low: Node
    high: Node


@dataclass(frozen=True, slots=True)
class In(Node):
    """Whether a value passes one of several tests."""

    value: Node
    tests: "tuple[Bound | Test, ...]"


@dataclass(frozen=True, slots=True)
class Test(Node):
    """An expression as a unary test; ``asks`` tells whether it speaks of the tested value by ``?``."""

    value: Node
    asks: bool


@dataclass(frozen=True, slots=True)
class Tests(Node):
    """Unary tests of a cell: passed when one is passed, or, negated, none. No test at all (``-``) is always passed."""

    tests: "tuple[Bound | Test, ...]"
    negated: bool = False


@dataclass(frozen=True, slots=True)
class If(Node):
    """One of two values; a ``strict`` condition has to be a boolean or null."""

    condition: Node
    then: Node
    otherwise: Node
    strict: bool = False


@dataclass(frozen=True, slots=True)
class Iteration(Node):
    """A variable that takes each value of a list, or each whole number from ``values`` to ``until``."""

    variable: str
    values: Node
    until: Node | None = None


@dataclass(frozen=True, slots=True)
class For(Node):
    """A list of one result for each combination; ``partial`` tells whether it speaks of the results so far."""

    iterations: tuple[Iteration, ...]
    result: Node
    partial: bool = False


@dataclass(frozen=True, slots=True)
class Quantified(Node):
    """Whether ``some`` or ``every`` combination satisfies a condition."""

    every: bool
    iterations: tuple[Iteration, ...]
    condition: Node


@dataclass(frozen=True, slots=True)
class InstanceOf(Node):
    """Whether a value is of a type."""

    value: Node
    type: Type


@dataclass(frozen=True, slots=True)
class ListOf(Node):
    """A list written out."""

    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class ContextOf(Node):
    """A context written out; later entries see earlier ones. With ``result``, that value is all that remains."""

    entries: tuple[tuple[str, Node], ...]
    result: Node | None = None


@dataclass(frozen=True, slots=True)
class RangeOf(Node):
    """A range between two endpoints."""

    low: Node
    high: Node
    low_included: bool
    high_included: bool


@dataclass(frozen=True, slots=True)
class Bound(Node):
    """A range of all that stands in one relation to an endpoint: ``< 10``, ``= 3``, ``!= "a"``."""

    operator: str
    endpoint: Node


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter of a function."""

    name: str
    type: Type = ANY


@dataclass(frozen=True, slots=True)
class FunctionOf(Node):
    """A function written out; ``external`` ones have no body that is run here."""

    parameters: tuple[Parameter, ...]
    body: Node
    result: Type = ANY
    external: bool = False


@dataclass(frozen=True, slots=True)
class Typed(Node):
    """A value that has to be of a type; ``what`` names it to people."""

    value: Node
    type: Type
    what: str = ""


@dataclass(frozen=True, slots=True)
class Faulty(Node):
    """What could not be read; evaluated it is null, with the reason noted."""

    said: str


def mentions(node: Node, name: str) -> bool:
    """Tell whether an expression speaks of a name, wherever in it."""
    return any(isinstance(one, Name) and one.name == name for one in all_of(node))


def all_of(node: Node) -> Iterator[Node]:
    """Give a node and all nodes inside it, however deep."""
    waiting = [node]
    while waiting:
        one = waiting.pop()
        yield one
        waiting.extend(parts_of(one))


def parts_of(node: Node) -> list[Node]:
    """Give the nodes directly inside a node, iterations included."""
    found: list[Node] = []
    queue: list[object] = [getattr(node, one.name) for one in reversed(fields(node))]
    while queue:
        one = queue.pop()
        if isinstance(one, Node):
            found.append(one)
        elif isinstance(one, tuple):
            queue.extend(reversed(one))
    return found
