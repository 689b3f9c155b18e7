"""Which names an expression may use: FEEL's hold spaces and signs, so that only the scope tells where one ends."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

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
        Fields that some context or type is known to have; they follow a dot.
    filtering : bool
        Whether this is inside a filter, where the item's fields are variables.
    """

    variables: Index = field(default_factory=dict)
    members: Index = field(default_factory=dict)
    filtering: bool = False

    def with_variables(self, names: Iterable[str]) -> "Names":
        """Add variables."""
        return replace(self, variables=_joined(self.variables, names))

    def with_members(self, names: Iterable[str]) -> "Names":
        """Add fields."""
        return replace(self, members=_joined(self.members, names))

    def with_members_of(self, other: "Names") -> "Names":
        """Take over the fields that others know."""
        return replace(self, members=other.members)

    def inside_filter(self) -> "Names":
        """Let fields be variables, as they are of the item that a filter looks at."""
        return replace(self, filtering=True)

    def longest_here(self, tokens: tuple[Token, ...], at: int) -> tuple[str, int] | None:
        """Find the longest variable that begins at a token; give it and the number of tokens it takes."""
        found = longest(self.variables, tokens, at)
        field_found = longest(self.members, tokens, at) if self.filtering else None
        return max((one for one in (found, field_found) if one), key=lambda one: one[1], default=None)


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
