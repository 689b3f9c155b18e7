"""Two people's changes of one text, told apart entry by entry and put together."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

Plain = Mapping[str, Any]
Steps = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """One entry that three texts give differently; None where it is missing.

    Parameters
    ----------
    steps : tuple of str
        Keys that lead to it.
    """

    steps: Steps
    base: Any
    theirs: Any
    mine: Any

    @property
    def path(self) -> str:
        """Give its keys with dots between."""
        return ".".join(self.steps)

    @property
    def is_conflict(self) -> bool:
        """Tell whether both changed it, and not alike."""
        return self.base not in (self.theirs, self.mine) and self.theirs != self.mine


def three_way(base: Plain, theirs: Plain, mine: Plain, *, whole: Collection[str] = ()) -> tuple[Difference, ...]:
    """List what differs between a text, the one that it began from, and what somebody else made of that meanwhile.

    Parameters
    ----------
    whole : collection of str
        Keys at the top whose values are taken as one entry each.
    """
    flat = [_leaves(one, whole) for one in (base, theirs, mine)]
    steps = dict.fromkeys(step for one in flat for step in one)
    found = (Difference(step, *(one.get(step) for one in flat)) for step in steps)
    return tuple(item for item in found if not item.base == item.theirs == item.mine)


def merged(
    base: Plain, theirs: Plain, mine: Plain, choose_mine: Callable[[Difference], bool], *, whole: Collection[str] = ()
) -> dict[str, Any]:
    """Put one's own changes upon somebody else's; ``choose_mine`` decides where both changed the same entry."""
    result = _leaves(theirs, whole)
    for item in three_way(base, theirs, mine, whole=whole):
        takes_mine = choose_mine(item) if item.is_conflict else item.mine != item.base
        value = item.mine if takes_mine else item.theirs
        if value is None:
            result.pop(item.steps, None)
        else:
            result[item.steps] = value
    return _nested(result)


def _leaves(plain: Plain, whole: Collection[str], above: Steps = ()) -> dict[Steps, Any]:
    found: dict[Steps, Any] = {}
    for key, value in plain.items():
        steps = (*above, str(key))
        if isinstance(value, Mapping) and value and steps[0] not in whole:
            found |= _leaves(value, whole, steps)
        else:
            found[steps] = value
    return found


def _nested(leaves: Mapping[Steps, Any]) -> dict[str, Any]:
    result: dict[str, Any] = {}
    for steps, value in leaves.items():
        level = result
        for key in steps[:-1]:
            level = level.setdefault(key, {})
        level[steps[-1]] = value
    return result
