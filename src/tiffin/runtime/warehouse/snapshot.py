"""One table at one version, and the history that leads to it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pyarrow as pa


@dataclass(frozen=True, slots=True)
class Commit:
    """One entry of a table's history.

    Parameters
    ----------
    at : datetime
        UTC; the moment the writer gave as its ``now``, or the clock of the machine where another tool wrote.
    operation : str
        ``upsert``, ``append``, ``compact``, or another tool's word.
    source : str
        Feed or other origin of the rows; empty where unknown.
    counts : mapping of str to int
        What happened to rows: ``inserted``, ``updated``, ``identical``, ``appended``.
    """

    version: int
    at: datetime
    operation: str
    source: str
    counts: Mapping[str, int]
    note: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class DataFile:
    """One Parquet file of a snapshot.

    Parameters
    ----------
    path : str
        Absolute.
    name : str
        As the table's log writes it.
    size : int
        Bytes.
    rows : int or None
        None where the writer left no count.
    lacks : frozenset of str or None
        Columns of the table's schema that the file does not have: its rows hold null there. None where that is not
        known.
    """

    path: str
    name: str
    size: int
    rows: int | None
    lacks: frozenset[str] | None = frozenset()


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A table as one version holds it; its files never change."""

    table: str
    version: int
    location: str
    files: tuple[DataFile, ...]
    schema: pa.Schema
    partitions: tuple[str, ...] = ()

    @property
    def paths(self) -> tuple[str, ...]:
        """Absolute paths of the data files."""
        return tuple(file.path for file in self.files)

    @property
    def partition_types(self) -> Mapping[str, pa.DataType]:
        """Columns whose values are in the folders' names, as another tool may have written them, with their types."""
        return {name: self.schema.field(name).type for name in self.partitions}

    @property
    def rows(self) -> int | None:
        """Rows of the table, or None where a writer left no counts."""
        counts = [file.rows for file in self.files]
        return None if None in counts else sum(count for count in counts if count is not None)


@dataclass(frozen=True, slots=True)
class Upsert:
    """What a load did to a table.

    Parameters
    ----------
    version : int or None
        Version that holds the rows; None where the table still does not exist.
    changed : bool
        A new version was made.
    """

    inserted: int
    updated: int
    identical: int
    version: int | None
    changed: bool
