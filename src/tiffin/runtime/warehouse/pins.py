"""Which version of each table one warehouse reads: decided at first use, then kept."""

import os
import re
import threading
from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from datetime import datetime
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

from tiffin.kernel.errors import NotFound
from tiffin.runtime.as_of import AsOf
from tiffin.runtime.warehouse.rollup_names import PREFIX, version_read
from tiffin.runtime.warehouse.store import DeltaStore

if TYPE_CHECKING:
    from sqlglot import exp

_WORD = re.compile(r"(?<!\bAS )(?<!\bAS \")\b[A-Za-z_][A-Za-z0-9_]*")
"""A name that may be a table's; not the one that a compiler gives to a column."""


KEPT_WORDS = 256
"""Texts whose words a process remembers."""


class Pins:
    """The versions that one warehouse has settled on; None for a table that was never loaded.

    Parameters
    ----------
    as_of : AsOf
        The newest, an instant, or a version: every table counts its own, so a table that has not got that far stands at
        its newest. An instant means the same for all tables; a version is for looking back at one of them. A mapping
        names the version of each table, as a receipt does.
    """

    def __init__(self, store: DeltaStore, contracts: Iterable[str], as_of: AsOf) -> None:
        self.as_of = as_of
        self._store = store
        self._contracts = frozenset(contracts)
        self._versions: dict[str, int | None] = {}
        self._loaded: Mapping[str, int] | None = None
        self._lock = threading.Lock()

    def named_in(self, statement: "exp.Query") -> frozenset[str]:
        """Tell which tables of the warehouse a query names."""
        return self._known({node.name for node in statement.walk() if node.key == "table"})

    def named_in_text(self, sql: str) -> frozenset[str]:
        """Tell which tables of the warehouse a text may name; a column called like a table does no harm."""
        return self._known(_words(sql))

    def take(self, tables: Iterable[str]) -> Mapping[str, int | None]:
        """Settle the versions of some tables; the name of a roll-up says its version.

        Raises
        ------
        NotFound
            A version was asked for that no table has reached.
        """
        names = sorted(tables)
        stated = {name: version_read(name) for name in names}
        with self._lock:
            for name in names:
                if name not in self._versions and stated[name] is None:
                    self._versions[name] = self._version(name)
            return stated | {name: self._versions[name] for name in names if stated[name] is None}

    def loaded(self) -> Mapping[str, int]:
        """Give the version of every table that holds one at the first time of asking."""
        if self._loaded is None:
            self.take(self._known(set(self._store.tables())))
            found = sorted(self._versions.items())
            self._loaded = {name: version for name, version in found if version is not None}
        return self._loaded

    def _known(self, names: AbstractSet[str]) -> frozenset[str]:
        rollups = {name for name in names if name.startswith(PREFIX) and version_read(name) is not None}
        others = {name for name in names & self._folders() if name not in self._contracts and self._store.has(name)}
        return frozenset((names & self._contracts) | rollups | others)

    def _folders(self) -> set[str]:
        # One listing instead of a look for every word of a statement.
        try:
            return set(os.listdir(self._store.root))  # noqa: PTH208 - names, not paths
        except FileNotFoundError:
            return set()

    def _version(self, table: str) -> int | None:
        if isinstance(self.as_of, datetime):
            return self._store.version_at(table, self.as_of)
        newest = self._store.version(table)
        if isinstance(self.as_of, Mapping):
            return _stated(table, self.as_of[table], newest) if table in self.as_of else newest
        if self.as_of is None or newest is None:
            return newest
        if not self._is_reached:
            raise NotFound(
                f"Version {self.as_of} was asked for; no table has got that far. The history of a table lists its "
                "versions, and an instant (2026-03-01T00:00:00Z) means the same for every table."
            )
        return min(self.as_of, newest)

    @cached_property
    def _is_reached(self) -> bool:
        wanted = self.as_of if isinstance(self.as_of, int) else 0
        newest = [self._store.version(table) for table in self._store.tables()]
        return any(version is not None and version >= wanted for version in newest)


@lru_cache(maxsize=KEPT_WORDS)
def _words(sql: str) -> frozenset[str]:
    """Give the words of a text; the same few statements are asked again and again."""
    return frozenset(_WORD.findall(sql))


def _stated(table: str, version: int | None, newest: int | None) -> int | None:
    """Give the version that a mapping states, if the table has got that far."""
    if version is not None and (newest is None or version > newest):
        found = "was never loaded" if newest is None else f"stands at version {newest}"
        raise NotFound(
            f"Version {version} of the table {table} was expected, and it {found} here. "
            "Ask in the workspace in which those versions were written."
        )
    return version
