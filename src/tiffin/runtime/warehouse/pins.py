"""Which version of each table one warehouse reads: decided at first use, then kept."""

import re
import threading
from collections.abc import Iterable, Mapping
from datetime import datetime

from sqlglot import exp

from tiffin.kernel.errors import WrongUse
from tiffin.runtime.warehouse.store import DeltaStore

_WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


class Pins:
    """The versions that one warehouse has settled on; None for a table that was never loaded.

    Parameters
    ----------
    as_of : int, datetime or None
        A version (of the one table that a query may then name), an instant, or the newest.
    """

    def __init__(self, store: DeltaStore, contracts: Iterable[str], as_of: int | datetime | None) -> None:
        self.as_of = as_of
        self._store = store
        self._contracts = frozenset(contracts)
        self._versions: dict[str, int | None] = {}
        self._lock = threading.Lock()

    def named_in(self, statement: exp.Query) -> frozenset[str]:
        """Tell which tables of the warehouse a query names."""
        return self._known({table.name for table in statement.find_all(exp.Table)})

    def named_in_text(self, sql: str) -> frozenset[str]:
        """Tell which tables of the warehouse a text may name; a column called like a table does no harm."""
        return self._known(set(_WORD.findall(sql)))

    def take(self, tables: Iterable[str]) -> Mapping[str, int | None]:
        """Settle the versions of some tables.

        Raises
        ------
        WrongUse
            A version was asked for and the query names several tables.
        """
        names = sorted(tables)
        if isinstance(self.as_of, int) and len(names) > 1:
            raise WrongUse(
                f"Version {self.as_of} was asked for, and the query reads {', '.join(names)}: every table counts its "
                "own versions. Ask for an instant (--as-of 2026-03-01T00:00:00Z), which means the same for all of them."
            )
        with self._lock:
            for name in names:
                if name not in self._versions:
                    self._versions[name] = self._version(name)
            return {name: self._versions[name] for name in names}

    def loaded(self) -> Mapping[str, int]:
        """Give the version of every table that holds one; with a version asked for, of those read so far."""
        if not isinstance(self.as_of, int):
            self.take(self._known(set(self._store.tables())))
        return {name: version for name, version in sorted(self._versions.items()) if version is not None}

    def _known(self, names: set[str]) -> frozenset[str]:
        return frozenset(name for name in names if name in self._contracts or self._store.has(name))

    def _version(self, table: str) -> int | None:
        if self.as_of is None:
            return self._store.version(table)
        return self._store.version_as_of(table, self.as_of)
