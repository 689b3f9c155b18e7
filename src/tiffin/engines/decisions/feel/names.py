"""Which names an expression may use: FEEL's hold spaces and signs, so that only the scope tells where one ends."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from tiffin.engines.decisions.feel.lexing import Token, name_parts

Index = Mapping[str, tuple[tuple[tuple[str, ...], str], ...]]


@dataclass(frozen=True, slots=True)
class Names:
    """The names that can be seen from a place.

    Parameters
    ----------
    variables : Index
        Variables and functions by the first token of their names, the longest first.
    members : Index
        Fields that some context or type is known to have; they follow a dot, and are variables inside a filter.
    """

    variables: Index = field(default_factory=dict)
    members: Index = field(default_factory=dict)

    def with_variables(self, names: Iterable[str]) -> "Names":
        """Add variables."""
        return Names(_joined(self.variables, names), self.members)

    def with_members(self, names: Iterable[str]) -> "Names":
        """Add fields."""
        return Names(self.variables, _joined(self.members, names))

    def inside_filter(self) -> "Names":
        """Let fields be variables, as they are of the item that a filter looks at."""
        fields = [name for found in self.members.values() for _, name in found]
        return Names(_joined(self.variables, (*fields, "item")), self.members)


def longest(index: Index, tokens: tuple[Token, ...], at: int) -> tuple[str, int] | None:
    """Find the longest known name that begins at a token; give it and the number of tokens it takes."""
    for parts, name in index.get(tokens[at].text, ()):
        if all(at + n < len(tokens) and tokens[at + n].text == part for n, part in enumerate(parts)):
            return name, len(parts)
    return None


def _joined(index: Index, names: Iterable[str]) -> Index:
    found = dict(index)
    for name in names:
        parts = name_parts(name)
        if parts and all(name != known for _, known in found.get(parts[0], ())):
            found[parts[0]] = tuple(sorted(((parts, name), *found.get(parts[0], ())), key=lambda one: -len(one[0])))
    return found
