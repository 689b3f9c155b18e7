"""Where pseudonyms and keys of people are kept. No identifier stands here as the source wrote it, only a digest of it.

The digests are keyed with a secret of the workspace's own, so that nobody who holds a copy of facts finds out by trying
identifiers who is meant.
"""

from sqlalchemy import Column, Index, Integer, String, Table

from tiffin.runtime.tables import METADATA, Instant

PEOPLE = Table(
    "people",
    METADATA,
    Column("digest", String(24), primary_key=True),
    Column("kind", String(16), nullable=False),
    Column("pseudonym", String(16)),
    Column("data_key", String(64)),
    Column("forgotten_at", Instant),
    # Millions of rows come at once, and nearly all are only ever looked up by their digest.
    sqlite_with_rowid=False,
)
"""Everybody whom facts name or named.

``data_key`` seals a person's values, from the first one on. Whoever was forgotten has neither pseudonym nor key.
"""

Index(
    "ix_people_sealed",
    PEOPLE.c.pseudonym,
    unique=True,
    sqlite_where=PEOPLE.c.data_key.is_not(None),
    postgresql_where=PEOPLE.c.data_key.is_not(None),
)

Index(
    "ix_people_forgotten",
    PEOPLE.c.forgotten_at,
    sqlite_where=PEOPLE.c.forgotten_at.is_not(None),
    postgresql_where=PEOPLE.c.forgotten_at.is_not(None),
)

PEOPLE_SECRETS = Table(
    "people_secrets",
    METADATA,
    Column("secret_id", Integer, primary_key=True, autoincrement=False),
    Column("secret", String(64), nullable=False),
)
"""What keys the digests; one row."""
