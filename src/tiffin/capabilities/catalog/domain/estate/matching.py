"""Which table outside is which table here: by its name, and by the columns that both have."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from tiffin.capabilities.catalog.domain.estate.found import Estate, OutsideAsset, OutsideKind

SURE, LIKELY = 0.75, 0.45
"""A match at least so good counts until somebody says otherwise; one at least so good is offered to people."""

_PREFIXES = ("stg", "raw", "src", "base", "int", "fct", "fact", "dim", "mart", "dwh", "ods", "tbl", "vw", "v")
_WORD = re.compile(r"[a-z0-9]+")
_TABLES = (OutsideKind.TABLE, OutsideKind.VIEW, OutsideKind.MODEL)


@dataclass(frozen=True, slots=True)
class Match:
    """A table outside and the table here that it is likely the same as.

    Parameters
    ----------
    likeness : float
        From 0 to 1.
    shared : tuple of str
        Columns that both have.
    """

    key: str
    table: str
    likeness: float
    shared: tuple[str, ...]

    @property
    def is_sure(self) -> bool:
        """Tell whether it counts without anybody's word."""
        return self.likeness >= SURE


def matches(estate: Estate, tables: Mapping[str, Iterable[str]]) -> tuple[Match, ...]:
    """Give the best match of each table outside, best first.

    Parameters
    ----------
    tables : mapping of str to iterable of str
        Columns of each table here.
    """
    own = {table: frozenset(map(_plain, columns)) for table, columns in tables.items()}
    found = [best for asset in estate.assets if asset.kind in _TABLES and (best := _best(asset, own))]
    return tuple(sorted(found, key=lambda one: (-one.likeness, one.key)))


def _best(asset: OutsideAsset, own: Mapping[str, frozenset[str]]) -> Match | None:
    columns = {_plain(column.name): column.name for column in asset.columns}
    found = [_match(asset, columns, table, names) for table, names in own.items()]
    best = max(found, key=lambda one: one.likeness, default=None)
    return best if best and best.likeness >= LIKELY else None


def _match(asset: OutsideAsset, columns: Mapping[str, str], table: str, names: frozenset[str]) -> Match:
    shared = columns.keys() & names
    named = _named_alike(asset.relation.rpartition(".")[2] or asset.name, table)
    if not columns:
        return Match(asset.key, table, SURE if named == 1 else 0.6 * named, ())
    # Of the smaller side, since a copy keeps some columns and adds its own.
    likeness = 0.5 * named + 0.5 * len(shared) / min(len(columns), len(names))
    return Match(asset.key, table, likeness, tuple(sorted(columns[name] for name in shared)))


def _named_alike(one: str, other: str) -> float:
    left, right = _words(one), _words(other)
    return len(left & right) / len(left | right) if left and right else 0.0


def _words(name: str) -> frozenset[str]:
    words = [_singular(word) for word in _WORD.findall(name.casefold())]
    kept = [word for word in words if word not in _PREFIXES]
    return frozenset(kept or words)


def _plain(name: str) -> str:
    return "".join(_WORD.findall(name.casefold()))


def _singular(word: str) -> str:
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word  # noqa: PLR2004 - "gas" is no plural
