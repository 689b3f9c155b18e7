"""What Parquet files state of their columns: the least and the greatest value, and whether some are missing."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import pyarrow as pa
from pyarrow import parquet

_MICROSECONDS = {"s": 1_000_000, "ms": 1_000, "us": 1}

LONGEST = 60
"""Longer texts may have been cut."""


@dataclass(frozen=True, slots=True)
class Extremes:
    """The bounds of a column's values.

    Parameters
    ----------
    least, most : int or str
        Instants in microseconds since 1970, UTC.
    """

    least: int | str
    most: int | str
    has_nulls: bool

    def covers(self, other: "Extremes") -> bool:
        """Tell whether another column's bounds lie within these."""
        if not isinstance(other.least, type(self.least)) or (other.has_nulls and not self.has_nulls):
            return False
        return self.least <= other.least and other.most <= self.most  # type: ignore[operator]  # both have one type


def extremes_of(files: Sequence[parquet.ParquetFile]) -> dict[str, Extremes]:
    """Read the bounds of whole numbers, instants and texts; columns of which some part states none are left out.

    What a file states is a hint: nobody keeps a file from stating what is not so.
    """
    parts: dict[str, list[Extremes | None]] = {}
    empty: set[str] = set()
    for file in files:
        scales = _scales(file.schema_arrow)
        for name, part in _parts(file.metadata):
            if _is_empty(part):
                empty.add(name)
            else:
                parts.setdefault(name, []).append(_stated(part.statistics, scales.get(name)))
    known = {name: [one for one in found if one is not None] for name, found in parts.items()}
    return {
        name: _joined(found, has_empty=name in empty) for name, found in known.items() if len(found) == len(parts[name])
    }


def _scales(schema: pa.Schema) -> Mapping[str, int]:
    """Tell of each column of whole numbers or instants with how much its values are multiplied; 0 stands for texts."""
    found = {}
    for field in schema:
        kind = field.type.value_type if pa.types.is_dictionary(field.type) else field.type
        if pa.types.is_signed_integer(kind):
            found[field.name] = 1
        elif pa.types.is_timestamp(kind) and kind.unit in _MICROSECONDS:
            found[field.name] = _MICROSECONDS[kind.unit]
        elif pa.types.is_string(kind) or pa.types.is_large_string(kind):
            found[field.name] = 0
    return found


def _parts(metadata: parquet.FileMetaData) -> Iterator[tuple[str, parquet.ColumnChunkMetaData]]:
    for group in range(metadata.num_row_groups):
        columns = metadata.row_group(group)
        for number in range(columns.num_columns):
            part = columns.column(number)
            yield part.path_in_schema, part


def _is_empty(part: parquet.ColumnChunkMetaData) -> bool:
    return part.statistics is not None and part.statistics.null_count == part.num_values


def _stated(found: parquet.Statistics | None, scale: int | None) -> Extremes | None:
    if found is None or scale is None or not found.has_min_max or not found.has_null_count:
        return None
    if scale:
        return Extremes(int(found.min_raw) * scale, int(found.max_raw) * scale, found.null_count > 0)
    least, most = found.min, found.max
    is_whole = isinstance(least, str) and isinstance(most, str) and max(len(least), len(most)) <= LONGEST
    return Extremes(least, most, found.null_count > 0) if is_whole else None


def _joined(parts: Sequence[Extremes], *, has_empty: bool) -> Extremes:
    return Extremes(
        min(part.least for part in parts),
        max(part.most for part in parts),
        has_empty or any(part.has_nulls for part in parts),
    )
