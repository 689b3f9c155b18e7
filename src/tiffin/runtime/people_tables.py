"""Where pseudonyms and keys of people are kept. No identifier stands here as the source wrote it, only a digest of it.

The digests are keyed with a secret of the workspace's own, so that nobody who holds a copy of facts finds out by trying
identifiers who is meant.
"""

from sqlalchemy import Column, Integer, LargeBinary, String, Table

from tiffin.runtime.tables import METADATA, Instant

PEOPLE_PAGES = Table(
    "people_pages",
    METADATA,
    Column("page", Integer, primary_key=True, autoincrement=False),
    Column("entries", LargeBinary, nullable=False),
)
"""Everybody whom facts name, many in one row: millions of rows of their own would take most of the time of a load.

``page`` is the first two bytes of the digests that stand there. ``entries`` are digests with their pseudonyms, one
after the other in the order of the digests (`tiffin.runtime.people_pages.ENTRY`).
"""

PEOPLE_KEYS = Table(
    "people_keys",
    METADATA,
    Column("pseudonym", String(16), primary_key=True),
    Column("data_key", String(64), nullable=False),
)
"""What seals the values of a person, from the first one on."""

FORGOTTEN_PEOPLE = Table(
    "forgotten_people",
    METADATA,
    Column("digest", String(24), primary_key=True),
    Column("kind", String(16), nullable=False),
    Column("forgotten_at", Instant, nullable=False),
)
"""Whoever was forgotten: he stands on no page any more, and no load brings him back."""

PEOPLE_SECRETS = Table(
    "people_secrets",
    METADATA,
    Column("secret_id", Integer, primary_key=True, autoincrement=False),
    Column("secret", String(64), nullable=False),
)
"""What keys the digests; one row."""
