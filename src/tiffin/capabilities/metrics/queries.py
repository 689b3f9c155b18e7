"""Tables that every answer reads, without objects that are mapped to them (see `tiffin.runtime.tables`)."""

from sqlalchemy import Column, String, Table, Text

from tiffin.runtime.tables import METADATA, Instant

PROMISES = Table(
    "metric_promises",
    METADATA,
    Column("metric", String(120), primary_key=True),
    Column("country", String(2), primary_key=True),
    Column("status", String(16), nullable=False),
    Column("reason", Text, nullable=False),
    Column("settled_at", Instant, nullable=False),
)
"""Whether a metric keeps its targets in a country, or in all where the country is empty."""
