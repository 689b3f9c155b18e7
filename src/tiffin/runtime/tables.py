"""Operational tables that every command reads, without the objects that are mapped to them.

Mapping rows to objects takes a library that doubles the start of SQLAlchemy. Whoever only asks a question signs in and
reads over these; `tiffin.runtime.models` maps them with all the others.
"""

from datetime import UTC, datetime

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
)

from tiffin.kernel.errors import InvalidData

METADATA = MetaData(
    naming_convention={
        "ix": "ix_%(column_0_label)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)
"""Every operational table; the names of constraints are fixed so that migrations can speak of them."""


class Instant(TypeDecorator[datetime]):
    """An instant: time-zone aware in Python, ``timestamptz`` in PostgreSQL, UTC text in SQLite."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse an instant without a zone; hand the others over as UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise InvalidData(f"An instant needs a time zone before it is stored; found {value}. Add +00:00 for UTC.")
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - not ours
        """Give the instant back as UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


ACCOUNTS = Table(
    "accounts",
    METADATA,
    Column("account_id", Integer, primary_key=True),
    Column("name", String(80), unique=True, nullable=False),
    Column("locale", String(16), default="en", nullable=False),
    Column("password_hash", String(255)),
    Column("is_owner", Boolean, default=False, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("disabled_at", Instant),
    Column("party_kind", String(16)),
    Column("party_city", String(128)),
    Column("party_id", String(128)),
    Index("ix_accounts_party", "party_id"),
)

GRANTS = Table(
    "grants",
    METADATA,
    Column("grant_id", Integer, primary_key=True),
    Column("account_id", ForeignKey("accounts.account_id"), index=True, nullable=False),
    Column("role", String(40), nullable=False),
    Column("countries", JSON, nullable=False),
    Column("cities", JSON, nullable=False),
    Column("row_filters", JSON, nullable=False),
    Column("opens", JSON, nullable=False),
    Column("minimum_size", Integer, nullable=False),
    Column("masks", JSON, nullable=False),
    Column("assets", JSON, nullable=False),
    Column("granted_at", Instant, nullable=False),
    Column("granted_by", String(80), nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("purpose", Text, nullable=False),
    Column("owner", String(80), nullable=False),
    Column("source", String(80), nullable=False),
    Column("revoked_at", Instant),
    Column("revoked_by", String(80)),
)

COLUMN_CLASSES = Table(
    "column_classes",
    METADATA,
    Column("column_class_id", Integer, primary_key=True),
    Column("holder", String(400), nullable=False),
    Column("is_file", Boolean, nullable=False),
    Column("column_name", String(400), nullable=False),
    Column("proposed", String(20), nullable=False),
    Column("findings", JSON, nullable=False),
    Column("filled", Integer, nullable=False),
    Column("detected_at", Instant, nullable=False),
    Column("detected_by", String(80), nullable=False),
    Column("confirmed", String(20)),
    Column("confirmed_at", Instant),
    Column("confirmed_by", String(80)),
    Column("reason", Text),
    Column("looser", String(20)),
    Column("looser_asked_at", Instant),
    Column("looser_asked_by", String(80)),
    Column("looser_reason", Text),
    UniqueConstraint("holder", "is_file", "column_name", name="uq_column_classes_column"),
)
"""Classes of columns as detectors proposed and people confirmed them; ``looser`` waits for a second person."""

MASK_CHANGES = Table(
    "mask_changes",
    METADATA,
    Column("mask_change_id", Integer, primary_key=True),
    Column("role", String(20), nullable=False),
    Column("class_name", String(20), nullable=False),
    Column("shape", String(20), nullable=False),
    Column("mask", String(20)),
    Column("former", String(20)),
    Column("reason", Text, nullable=False),
    Column("asked_at", Instant, nullable=False),
    Column("asked_by", String(80), nullable=False),
    Column("state", String(20), nullable=False),
    Column("decided_at", Instant),
    Column("decided_by", String(80)),
)
"""Changes of how a class is told masked to a role; one that waits is looser and needs a second person."""

AUDIT_ENTRIES = Table(
    "audit_entries",
    METADATA,
    Column("entry_id", Integer, primary_key=True),
    Column("at", Instant, index=True, nullable=False),
    Column("actor", String(80), nullable=False),
    Column("action", String(80), nullable=False),
    Column("subject", Text, nullable=False),
    Column("outcome", String(16), nullable=False),
    Column("details", JSON, nullable=False),
    Column("salt", String(32)),
    Column("pieces", String(64), nullable=False),
    Column("remainder", Text),
    Column("previous_digest", String(64), nullable=False),
    Column("digest", String(64), nullable=False),
    Index("ix_audit_entries_actor_at", "actor", "at"),
)

AUDIT_HEAD = Table(
    "audit_head",
    METADATA,
    Column("head_id", Integer, primary_key=True, autoincrement=False),
    Column("entries", Integer, nullable=False),
    Column("last_entry_id", Integer, nullable=False),
    Column("digest", String(64), nullable=False),
    Column("names_mark", String(16), nullable=False),
)
