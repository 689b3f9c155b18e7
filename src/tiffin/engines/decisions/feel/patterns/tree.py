"""A pattern as a tree."""

from dataclasses import dataclass

from tiffin.engines.decisions.feel.patterns.characters import CharacterSet


@dataclass(frozen=True, slots=True)
class Single:
    """One character of a set."""

    characters: CharacterSet


@dataclass(frozen=True, slots=True)
class Edge:
    """The start (``^``) or the end (``$``)."""

    sign: str


@dataclass(frozen=True, slots=True)
class Again:
    """The text that a group matched, once more."""

    group: int


@dataclass(frozen=True, slots=True)
class Group:
    """A part in parentheses; ``number`` is None where it is not remembered."""

    inner: "Part"
    number: int | None


@dataclass(frozen=True, slots=True)
class Repeated:
    """A part several times; ``most`` None has no end, ``lazy`` takes as few as will do."""

    inner: "Part"
    least: int
    most: int | None
    lazy: bool


@dataclass(frozen=True, slots=True)
class Sequence:
    """Parts after each other."""

    parts: tuple["Part", ...]


@dataclass(frozen=True, slots=True)
class Either:
    """One of several, the first that will do."""

    choices: tuple["Part", ...]


Part = Single | Edge | Again | Group | Repeated | Sequence | Either
