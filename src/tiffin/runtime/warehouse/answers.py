"""Columns of a small answer, from which Python's own values are taken on the shortest way that each engine has."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import pyarrow as pa

Counts = np.ndarray[Any, np.dtype[np.int64]]


class Column(Protocol):
    """One column of an answer; each has as many values as the answer has rows."""

    def values(self) -> list[Any]:
        """Give the values in Python's own types, None where there is none."""

    def counts(self) -> Counts:
        """Give whole numbers, nought where there is none."""


Columns = Sequence[Column]


@dataclass(frozen=True, slots=True)
class ArrowColumn:
    """A column in Arrow's canonical types."""

    column: pa.ChunkedArray

    def values(self) -> list[Any]:
        """Give the values in Python's own types, None where there is none."""
        found: list[Any] = self.column.to_pylist()
        return found

    def counts(self) -> Counts:
        """Give whole numbers, nought where there is none."""
        found: Counts = (self.column.fill_null(0) if self.column.null_count else self.column).to_numpy()
        return found


@dataclass(frozen=True, slots=True)
class NumpyColumn:
    """A column as an array, masked where values are missing: its values are listed many times faster than Arrow's."""

    column: np.ndarray[Any, Any]

    def values(self) -> list[Any]:
        """Give the values in Python's own types, None where there is none."""
        found: list[Any] = (self.column.astype(_DAY) if self.column.dtype.kind == "M" else self.column).tolist()
        return found

    def counts(self) -> Counts:
        """Give whole numbers, nought where there is none."""
        found: Counts = self.column.filled(0) if isinstance(self.column, np.ma.MaskedArray) else self.column
        return found


_DAY = np.dtype("datetime64[D]")


def columns_of(table: pa.Table) -> Columns:
    """Give the columns of a table in the canonical types."""
    return tuple(ArrowColumn(column) for column in table.columns)
