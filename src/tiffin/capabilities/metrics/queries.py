"""Tables that every answer reads, without objects that are mapped to them (see `tiffin.runtime.tables`)."""

from sqlalchemy import Boolean, Column, Date, Integer, String, Table, Text

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

KNOWN_FAULTS = Table(
    "known_faults",
    METADATA,
    Column("case_id", Integer, primary_key=True, autoincrement=False),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("table_name", String(80), nullable=False),
    Column("column_name", String(80), nullable=False),
    Column("country", String(2), nullable=False),
    Column("city_id", String(128), nullable=False),
    Column("first_day", Date),
    Column("last_day", Date),
    Column("since", Instant, nullable=False),
    Column("is_certain", Boolean, nullable=False),
)
"""What is wrong with the facts while an incident about it is open."""
