"""What is read of a real file for the calibration: plain columns, and which file they come from."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tiffin.engines.simulation.tables import Floats

HOURS = 24


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file as it was read."""

    name: str
    sha256: str
    rows: int


@dataclass(frozen=True, slots=True)
class Source:
    """A real source.

    Parameters
    ----------
    columns : Mapping
        Columns by name; those of one table have one length, nan where a value is missing.
    """

    name: str
    files: tuple[SourceFile, ...]
    columns: Mapping[str, Floats]

    def where(self, which: NDArray[np.bool_]) -> "Source":
        """Keep the rows of the table of that length where something holds."""
        kept = {name: column[which] for name, column in self.columns.items() if len(column) == len(which)}
        return Source(self.name, self.files, kept)

    def known(self, *names: str) -> tuple[Floats, ...]:
        """Give columns of one table where all of them are known."""
        columns = [self.columns[name] for name in names]
        here = ~np.isnan(np.array(columns)).any(axis=0)
        return tuple(column[here] for column in columns)

    def hours(self, name: str = "hour") -> Floats:
        """Count rows by hour since the business day began."""
        return np.bincount(self.known(name)[0].astype(np.int64), minlength=HOURS).astype(np.float64)

    def days(self) -> tuple[Floats, NDArray[np.int64]]:
        """Count rows by whole day; gives the counts and the ISO weekdays of days in their order."""
        day, weekday = self.known("day", "weekday")
        numbers, first, counts = np.unique(day, return_index=True, return_counts=True)
        # The first and the last day of a file may be cut.
        inner = slice(1, -1) if len(numbers) > 2 else slice(None)  # noqa: PLR2004 - the two that may be cut
        return counts[inner].astype(np.float64), weekday[first][inner].astype(np.int64)
