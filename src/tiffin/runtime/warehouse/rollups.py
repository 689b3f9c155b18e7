"""The roll-ups of a store: which there are, and for which version of the facts each of them stands.

A roll-up is a Delta table of its own under ``.rollups`` beside the fact tables. Each of its commits says what it holds
and for which version of its facts' table it stands; so rows and that statement appear together or not at all.
"""

import os
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tiffin.engines.metrics.rollups import Rollup, Standing, from_plain
from tiffin.runtime.warehouse import log
from tiffin.runtime.warehouse.rollup_names import FOLDER, PREFIX
from tiffin.runtime.warehouse.store import DeltaStore

LOOKED_BACK = 60
"""So many earlier versions of a roll-up are looked at for one that stands for an earlier version of the facts."""

TOLERANCE = 1e-9
"""How near, relatively, fractions of a roll-up are to the facts' own: a sum of them depends on the order of its parts.
Whole numbers must be equal."""

ROLLUP, STANDS_FOR, ROWS, COUNTRIES, QUARANTINED = "rollup", "stands_for", "rows", "countries", "quarantined"
"""Keys of a commit's note."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A roll-up at one of its versions.

    Parameters
    ----------
    stands_for : int or None
        Version of the facts' table; None where the roll-up may not be used.
    countries : frozenset of str or None
        At least all countries that its rows name; None where it has no such column, or its note does not tell.
    quarantined : str
        Why it may not be used until it is built anew; empty otherwise.
    """

    rollup: Rollup
    version: int
    stands_for: int | None
    rows: int
    quarantined: str
    at: datetime | None
    countries: frozenset[str] | None = None


_KEPT: dict[tuple[str, int], Kept | None] = {}
_NAMES: dict[str, tuple[int, tuple[str, ...]]] = {}
_TABLES: dict[str, str] = {}
_LOCK = threading.Lock()
_MOST = 4096


class Shelf:
    """The roll-ups beside the fact tables of one store."""

    def __init__(self, facts: DeltaStore) -> None:
        self.facts = facts
        self.store = DeltaStore(facts.root / FOLDER)
        self._root = str(self.store.root)

    def names(self) -> tuple[str, ...]:
        """Names of all roll-ups, those included that are being built."""
        try:
            stamp = os.stat(self._root).st_mtime_ns  # noqa: PTH116 - every answer asks it, and a path takes longer
        except FileNotFoundError:
            return ()
        key = self._root
        found = _NAMES.get(key)
        if found is None or found[0] != stamp:
            # Folders, whether their first version is there yet or not: it would come without another stamp.
            folders = sorted(path.name for path in self.store.root.glob(f"{PREFIX}*"))
            found = _NAMES[key] = (stamp, tuple(folders))
        return found[1]

    def newest(self, name: str) -> Kept | None:
        """Give a roll-up as it is now; None where there is none."""
        version = log.latest_version(f"{self._root}/{name}")
        return None if version is None else self.at(name, version)

    def at(self, name: str, version: int) -> Kept | None:
        """Give a roll-up at one of its versions; None where that version's note is gone or another tool wrote it."""
        key = (f"{self._root}/{name}", version)
        if key not in _KEPT:
            found = _read(name, version, log.read_note(self.store.location(name), version))
            with _LOCK:
                if len(_KEPT) >= _MOST:
                    _KEPT.clear()
                    _TABLES.clear()
                _KEPT[key] = found
                if found is not None:
                    _TABLES[name] = found.rollup.table
        return _KEPT[key]

    def kept(self) -> Iterator[Kept]:
        """Go through all roll-ups as they are now."""
        for name in self.names():
            found = self.newest(name)
            if found is not None:
                yield found

    def lacking(self, rows: int) -> frozenset[str]:
        """Name the fact tables of at least so many rows of which there is no roll-up."""
        rolled = {kept.rollup.table for kept in self.kept()}
        others = [self.facts.snapshot(name) for name in self.facts.tables() if name not in rolled]
        return frozenset(found.table for found in others if found and (found.rows or 0) >= rows)

    def standing(self, versions: Mapping[str, int]) -> tuple[Standing, ...]:
        """List the roll-ups that stand for exactly these versions of the fact tables."""
        found = []
        for name in self.names():
            # A name ends with a digest of what it holds: its table never changes.
            if _TABLES.get(name) in versions or name not in _TABLES:
                newest = self.newest(name)
                standing = self._standing(newest, versions.get(newest.rollup.table)) if newest else None
                found += [standing] if standing else []
        return tuple(found)

    def _standing(self, newest: Kept, wanted: int | None) -> Standing | None:
        if wanted is None:
            return None
        name, version = newest.rollup.name, newest.version
        oldest = max(0, version - LOOKED_BACK)
        kept: Kept | None = newest
        while kept is not None and not kept.quarantined:
            if kept.stands_for == wanted:
                return Standing(kept.rollup, kept.version, kept.rows, kept.countries)
            is_earlier = kept.stands_for is None or kept.stands_for > wanted
            kept = self.at(name, kept.version - 1) if is_earlier and kept.version > oldest else None
        return None


def _read(name: str, version: int, note: Mapping[str, Any] | None) -> Kept | None:
    if note is None or ROLLUP not in note or note[ROLLUP].get("name") != name:
        return None
    rollup = from_plain(note[ROLLUP])
    stands_for = note.get(STANDS_FOR, {}).get(rollup.table)
    at = datetime.fromisoformat(note["at"]) if "at" in note else None
    countries = frozenset(note[COUNTRIES]) if note.get(COUNTRIES) is not None else None
    return Kept(rollup, version, stands_for, int(note.get(ROWS, 0)), str(note.get(QUARANTINED, "")), at, countries)
