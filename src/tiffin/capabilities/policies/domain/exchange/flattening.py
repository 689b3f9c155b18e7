"""Base and overlays as one flat table of texts, for tools that know neither markets nor tiers.

A row of an overlay holds where its own cells and those of the row that it overrides do; whatever overrides deeper comes
first, so that a table whose first row wins says the same as our tiers.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tiffin.capabilities.policies.domain.exchange.files import PolicyFile, PolicyFiles, cell_text, is_market
from tiffin.capabilities.policies.domain.policy import CITY, MARKET
from tiffin.capabilities.policies.domain.versions import BASE

ANYTHING = "-"
NEGATED = "not("


@dataclass(frozen=True, slots=True)
class FlatRow:
    """A row as it stands in the one table.

    Parameters
    ----------
    tier : int
        How deep it overrides: none for the base.
    when, then : Mapping
        FEEL's texts by input and output; what is not tested is left out.
    """

    id: str
    tier: int
    when: Mapping[str, str]
    then: Mapping[str, str]
    reason: Mapping[str, str]


def flat_rows(files: PolicyFiles) -> tuple[FlatRow, ...]:
    """Give all rows, the deepest first, those of one tier as they stand in their files."""
    found: dict[str, list[FlatRow]] = {}
    waiting = list(files.rows())
    while waiting:
        left = [one for one in waiting if not _laid(found, *one)]
        if len(left) == len(waiting):  # overrides what nobody has, which reading the files tells better
            break
        waiting = left
    rows = [row for flat in found.values() for row in flat]
    return tuple(sorted(rows, key=lambda row: -row.tier))


def both(one: str, other: str) -> str:
    """Write a cell that holds where two do.

    Examples
    --------
    >>> both("> 3", "-")
    '> 3'
    >>> both("> 3", "< 9")
    '? in (> 3) and ? in (< 9)'
    """
    one, other = one.strip() or ANYTHING, other.strip() or ANYTHING
    if ANYTHING in (one, other) or one == other:
        return one if other == ANYTHING else other
    return f"{_asked(one)} and {_asked(other)}"


def _asked(cell: str) -> str:
    if cell.startswith(NEGATED) and cell.endswith(")"):
        return f"not(? in ({cell.removeprefix(NEGATED)[:-1]}))"
    return f"? in ({cell})"


def _laid(found: dict[str, list[FlatRow]], file: PolicyFile, row: Mapping[str, Any]) -> bool:
    """Lay a row whose overridden rows are there; tell whether it could be."""
    overridden = row.get("overrides") or ()
    if any(one not in found for one in overridden):
        return False
    tier = 1 + max(under.tier for one in overridden for under in found[one]) if overridden else 0
    unders: list[FlatRow | None] = [under for one in overridden for under in found[one]] or [None]
    found.setdefault(str(row["id"]), []).extend(_over(file, row, under, tier) for under in unders)
    return True


def _over(file: PolicyFile, row: Mapping[str, Any], under: FlatRow | None, tier: int) -> FlatRow:
    when = {**_place(file.place), **{key: cell_text(cell) for key, cell in (row.get("when") or {}).items()}}
    then = {key: cell_text(cell) for key, cell in (row.get("then") or {}).items()}
    reason = row.get("reason") or {}
    if under is not None:
        when = {name: both(when.get(name, ""), under.when.get(name, "")) for name in {**under.when, **when}}
        then, reason = {**under.then, **then}, reason or under.reason
    tested = {name: cell for name, cell in when.items() if cell not in ("", ANYTHING)}
    return FlatRow(str(row["id"]), tier, tested, then, reason)


def _place(place: str) -> dict[str, str]:
    if place == BASE:
        return {}
    return {MARKET if is_market(place) else CITY: f'"{place}"'}
