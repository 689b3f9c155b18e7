"""Two people's changes of one policy, told apart row by row and cell by cell."""

from collections.abc import Callable, Mapping
from typing import Any

from tiffin.kernel import merging
from tiffin.kernel.merging import Difference

KEYED: Mapping[str, str] = {"rows": "id", "inputs": "name", "outputs": "name"}
"""Lists whose entries have names of their own, and by which key."""

WHOLE = ("sums", "monotone", "law", "people", "money", "points", "cases", "worked_cases")
"""Entries that a draft changes as a whole."""

Plain = Mapping[str, Any]


def differences(base: Plain, theirs: Plain, mine: Plain) -> tuple[Difference, ...]:
    """List what differs between a draft's text, the one that it began from, and the one that is in force now."""
    return merging.three_way(*(_keyed(one) for one in (base, theirs, mine)), whole=WHOLE)


def merged(base: Plain, theirs: Plain, mine: Plain, choose_mine: Callable[[Difference], bool]) -> dict[str, Any]:
    """Put a draft's changes upon the text in force; ``choose_mine`` decides where both changed the same entry.

    Rows and columns stand as they do in the text in force; those that the draft added come after the one that they
    follow there.
    """
    found = merging.merged(_keyed(base), _keyed(theirs), _keyed(mine), choose_mine, whole=WHOLE)
    result = {key: found[key] for key in _in_order(theirs, mine) if key in found}
    for key, name in KEYED.items():
        held = result.get(key)
        if isinstance(held, Mapping):
            order = _in_order(_keyed(theirs).get(key, {}), _keyed(mine).get(key, {}))
            result[key] = [{name: one} | _completed(held[one]) for one in order if one in held]
    return result


def _keyed(plain: Plain) -> dict[str, Any]:
    """Give a text with its rows and columns by their names; a list without sound names stays as it is."""
    return {key: _by_name(value, KEYED[key]) if key in KEYED else value for key, value in plain.items()}


def _by_name(value: Any, name: str) -> Any:
    if not isinstance(value, list) or not all(isinstance(one, Mapping) and name in one for one in value):
        return value
    found = {str(one[name]): {key: held for key, held in one.items() if key != name} for one in value}
    return found if len(found) == len(value) else value


def _completed(entry: Any) -> dict[str, Any]:
    return dict(entry) if isinstance(entry, Mapping) else {}


def _in_order(theirs: Any, mine: Any) -> list[str]:
    """Give the names of both in their order: theirs first, each of mine after the one that it follows."""
    order = list(theirs) if isinstance(theirs, Mapping) else []
    before: str | None = None
    for name in mine if isinstance(mine, Mapping) else ():
        if name not in order:
            order.insert(order.index(before) + 1 if before is not None else 0, name)
        before = name
    return order
