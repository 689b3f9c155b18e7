"""What a version of a metric is, and how a draft of it differs from what is published.

A version is what decides the value: kind, formula, unit, and the dimensions that are shut. Label, meaning, owner,
targets and place in the tree may be mended without a new version; anything else makes one, dated, and keeps the former.
"""

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from tiffin.kernel.errors import WrongUse

DESCRIPTION_KEYS = (
    "label",
    "meaning",
    "direction",
    "level",
    "owner",
    "tier",
    "parents",
    "targets",
    "example",
    "examples",
    "successor",
    "additivity",
)
"""Keys that say something of a metric and do not decide its value."""

NUMBERING_KEYS = ("version", "since", "earlier")

KEY_ORDER = ("label", "meaning", "kind")
"""Keys that stand first in a written definition; the formula follows, then what describes it."""

Plain = Mapping[str, Any]


def value_part(plain: Plain) -> dict[str, Any]:
    """Give what decides the value of a definition."""
    return {key: plain[key] for key in plain if key not in DESCRIPTION_KEYS and key not in NUMBERING_KEYS}


def formula_part(plain: Plain) -> dict[str, Any]:
    """Give the formula alone, as earlier versions keep it."""
    return {key: value for key, value in value_part(plain).items() if key not in ("unit", "never_by")}


def digest_of(plain: Any) -> str:
    """Give the SHA-256 of plain values, whatever the order of their keys."""
    written = json.dumps(plain, sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(written.encode()).hexdigest()


def formula_digests(plain: Plain) -> dict[int, str]:
    """Give the digest of each version that a definition holds, the present one and the earlier ones."""
    every = [plain, *(plain.get("earlier") or ())]
    return {int(one["version"]): digest_of(formula_part(one)) for one in every if "version" in one}


def numbered(plain: Plain, base: Plain | None, *, today: date) -> dict[str, Any]:
    """Give a definition its number and date: the present version where the value stays, else the one that follows.

    Parameters
    ----------
    base : mapping or None
        The published definition; None for a new metric.

    Raises
    ------
    WrongUse
        The new version would begin after today, or before the one that it follows.
    """
    body = {key: value for key, value in plain.items() if key not in NUMBERING_KEYS}
    since = plain.get("since")
    if base is not None and value_part(plain) == value_part(base):
        numbering = {key: base[key] for key in NUMBERING_KEYS if key in base}
        return in_order(body | numbering)
    number, earlier = 1, []
    if base is not None:
        number = int(base["version"]) + 1
        former = {"version": base["version"], "since": base["since"], **formula_part(base)}
        earlier = [*(base.get("earlier") or ()), former]
        since = today if since == base.get("since") else since
    since = since if isinstance(since, date) else today
    _check_date(since, base, today)
    numbering = {"version": number, "since": since, **({"earlier": earlier} if earlier else {})}
    return in_order(body | numbering)


def _check_date(since: date, base: Plain | None, today: date) -> None:
    if since > today:
        raise WrongUse(
            f"A version takes effect on the day on which it is published, or earlier; {since} lies ahead. "
            "Publish it on that day."
        )
    former = base.get("since") if base else None
    if isinstance(former, date) and since < former:
        raise WrongUse(f"The present version holds since {former}; a new one cannot begin before it, on {since}.")


def in_order(plain: Plain) -> dict[str, Any]:
    """Put the keys of a definition in the order in which people read them."""
    formula = [key for key in value_part(plain) if key not in KEY_ORDER]
    described = [key for key in DESCRIPTION_KEYS if key not in KEY_ORDER]
    last = ("version", "since", "earlier")
    examples = [key for key in described if key.startswith("example")]
    rest = [key for key in described if not key.startswith("example")]
    order = [*KEY_ORDER, *formula, *rest, *last[:2], *examples, "earlier"]
    return {key: plain[key] for key in order if key in plain and plain[key] not in (None, "", [], {})}


@dataclass(frozen=True, slots=True)
class Difference:
    """One entry of a definition that texts give differently: a dotted path, and None where it is missing."""

    path: str
    base: Any
    theirs: Any
    mine: Any

    @property
    def is_conflict(self) -> bool:
        """Tell whether both changed it, and not alike."""
        return self.base not in (self.theirs, self.mine) and self.theirs != self.mine


def three_way(base: Plain, theirs: Plain, mine: Plain) -> tuple[Difference, ...]:
    """List what differs between a draft, the definition that it began from, and what is published now."""
    flat = [dict(_leaves(value_part(one) | _described(one))) for one in (base, theirs, mine)]
    paths = dict.fromkeys(path for one in flat for path in one)
    found = (Difference(".".join(path), *(one.get(path) for one in flat)) for path in paths)
    return tuple(item for item in found if not item.base == item.theirs == item.mine)


def merged(base: Plain, theirs: Plain, mine: Plain, choose_mine: Callable[[Difference], bool]) -> dict[str, Any]:
    """Put a draft upon what is published now; ``choose_mine`` decides where both changed the same entry."""
    result = {path: value for path, value in _leaves(value_part(theirs) | _described(theirs))}  # noqa: C416 - pairs of a generator
    for item in three_way(base, theirs, mine):
        path = tuple(item.path.split("."))
        takes_mine = choose_mine(item) if item.is_conflict else item.mine != item.base
        value = item.mine if takes_mine else item.theirs
        result.pop(path, None)
        if value is not None:
            result[path] = value
    numbering = {key: mine[key] for key in ("since",) if key in mine}
    return in_order(_nested(result) | numbering)


def _described(plain: Plain) -> dict[str, Any]:
    return {key: plain[key] for key in DESCRIPTION_KEYS if key in plain}


def _leaves(plain: Plain, above: tuple[str, ...] = ()) -> Sequence[tuple[tuple[str, ...], Any]]:
    found: list[tuple[tuple[str, ...], Any]] = []
    for key, value in plain.items():
        path = (*above, str(key))
        if isinstance(value, Mapping) and value and path[0] not in ("example", "parents"):
            found.extend(_leaves(value, path))
        else:
            found.append((path, value))
    return found


def _nested(leaves: Mapping[tuple[str, ...], Any]) -> dict[str, Any]:
    result: dict[str, Any] = {}
    for path, value in leaves.items():
        level = result
        for key in path[:-1]:
            level = level.setdefault(key, {})
        level[path[-1]] = value
    return result
