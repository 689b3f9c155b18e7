"""What a version of a metric is, and how a draft of it differs from what is published.

A version is what decides the value: kind, formula, unit, and the dimensions that are shut. Label, meaning, owner,
targets and place in the tree may be mended without a new version; anything else makes one, dated, and keeps the former.
"""

import hashlib
import json
from collections.abc import Callable
from datetime import date
from typing import Any

from tiffin.kernel import merging
from tiffin.kernel.errors import WrongUse
from tiffin.kernel.merging import Difference, Plain

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

WHOLE = ("example", "parents")
"""Entries that a draft changes as a whole."""


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


def three_way(base: Plain, theirs: Plain, mine: Plain) -> tuple[Difference, ...]:
    """List what differs between a draft, the definition that it began from, and what is published now."""
    return merging.three_way(_stated(base), _stated(theirs), _stated(mine), whole=WHOLE)


def merged(base: Plain, theirs: Plain, mine: Plain, choose_mine: Callable[[Difference], bool]) -> dict[str, Any]:
    """Put a draft upon what is published now; ``choose_mine`` decides where both changed the same entry."""
    result = merging.merged(_stated(base), _stated(theirs), _stated(mine), choose_mine, whole=WHOLE)
    return in_order(result | {key: mine[key] for key in ("since",) if key in mine})


def _stated(plain: Plain) -> dict[str, Any]:
    return value_part(plain) | {key: plain[key] for key in DESCRIPTION_KEYS if key in plain}
