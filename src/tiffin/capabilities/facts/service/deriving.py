"""The columns that the platform computes at load: business date, local hour, slot, part of the day, zone, country."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import pyarrow as pa
import pyarrow.compute as pc

from tiffin.capabilities.facts.domain.mapping import EVENT
from tiffin.kernel.contract import TableContract
from tiffin.kernel.places import City
from tiffin.runtime.calendar import LocalDays, zone_of
from tiffin.runtime.markets import Market

CITY_KNOWN = "_city_known"
"""Column of a derived row: whether its city is among the known ones."""

LOCAL = ("business_date", "local_hour", "slot_at", "day_part")
PLACES = {
    "zone_id": ("pickup_latitude", "pickup_longitude"),
    "dropoff_zone_id": ("dropoff_latitude", "dropoff_longitude"),
}
_INSTANT = pa.timestamp("us", tz="UTC")


@dataclass(frozen=True, slots=True)
class Deriver:
    """Adds to the rows of one table what its contract marks as derived and the rows do not bring.

    Parameters
    ----------
    cities : mapping of str to City
        Every known city.
    markets : mapping of str to Market or None
        By country, for the parts of the day; None for the shipped ones.
    """

    contract: TableContract
    cities: Mapping[str, City]
    markets: Mapping[str, Market] | None = None
    days: LocalDays = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "days", LocalDays(self.cities, self.markets))

    def schema(self, given: pa.Schema) -> pa.Schema:
        """Tell the schema of derived batches."""
        return self.derived(pa.RecordBatch.from_pylist([], schema=given)).schema

    def batches(self, reader: pa.RecordBatchReader) -> pa.RecordBatchReader:
        """Derive a stream."""
        return pa.RecordBatchReader.from_batches(self.schema(reader.schema), self._stream(reader))

    def derived(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        """Derive one batch."""
        columns = {name: batch.column(name) for name in batch.schema.names if name != EVENT}
        known = self._known_city(batch)
        columns[CITY_KNOWN] = pc.is_valid(known)
        for name, column in (*self._local(batch, known), *self._zones(batch), *self._country(batch, known)):
            columns.setdefault(name, column)
        return pa.RecordBatch.from_pydict(columns)

    def _stream(self, reader: pa.RecordBatchReader) -> Iterator[pa.RecordBatch]:
        return (self.derived(batch) for batch in reader)

    def _missing(self, batch: pa.RecordBatch, names: Sequence[str]) -> list[str]:
        return [name for name in names if name in self.contract.derived_columns and name not in batch.schema.names]

    def _known_city(self, batch: pa.RecordBatch) -> pa.Array:
        """Give each row's city where it is known, else nothing."""
        city = pc.cast(batch.column("city_id"), pa.string())
        return pc.if_else(pc.is_in(city, value_set=pa.array(list(self.cities), pa.string())), city, None)

    def _local(self, batch: pa.RecordBatch, city: pa.Array) -> Iterator[tuple[str, pa.Array]]:
        wanted = self._missing(batch, LOCAL)
        if wanted:
            found = self.days.columns(self._event(batch), city)
            yield from ((name, found[name]) for name in wanted)

    def _event(self, batch: pa.RecordBatch) -> pa.Array:
        names = (
            [EVENT] if EVENT in batch.schema.names else [n for n in self.contract.event_at if n in batch.schema.names]
        )
        instants = [pc.cast(batch.column(name), _INSTANT, safe=False) for name in names]
        if not instants:
            return pa.nulls(batch.num_rows, _INSTANT)
        return pc.coalesce(*instants)

    def _zones(self, batch: pa.RecordBatch) -> Iterator[tuple[str, pa.Array]]:
        for name in self._missing(batch, tuple(PLACES)):
            latitude, longitude = PLACES[name]
            if {latitude, longitude} <= set(batch.schema.names):
                yield name, zone_of(batch.column(latitude), batch.column(longitude))

    def _country(self, batch: pa.RecordBatch, city: pa.Array) -> Iterator[tuple[str, pa.Array]]:
        if self._missing(batch, ("country",)):
            names = list(self.cities)
            index = pc.index_in(city, value_set=pa.array(names, pa.string()))
            yield "country", pa.array([self.cities[name].country for name in names], pa.string()).take(index)
