"""What is kept about policies beside their files: drafts with every save, and what was published when.

Tables without objects that are mapped to them: whoever decides a case reads the publications, and must start fast.
"""

from sqlalchemy import (
    JSON,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from tiffin.runtime.tables import METADATA, Instant

DRAFTS = Table(
    "policy_drafts",
    METADATA,
    Column("draft_id", Integer, primary_key=True),
    Column("policy", String(120), nullable=False, index=True),
    Column("title", String(200), nullable=False),
    Column("state", String(16), nullable=False),
    Column("authors", JSON, nullable=False),
    Column("base", JSON, nullable=False),
    Column("head", Integer, nullable=False),
    Column("from_date", Date),
    Column("late_reason", Text, nullable=False),
    Column("case_id", Integer),
    Column("created_at", Instant, nullable=False),
    Column("changed_at", Instant, nullable=False),
    Index("ix_policy_drafts_state", "state", "changed_at"),
)
"""A branch of a policy: who writes on it, the texts by place that it began from, the save that holds now (0: none), and
the day from which it is proposed to hold."""

SAVES = Table(
    "policy_draft_saves",
    METADATA,
    Column("draft_id", ForeignKey("policy_drafts.draft_id"), primary_key=True, autoincrement=False),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("follows", Integer, nullable=False),
    Column("at", Instant, nullable=False),
    Column("actor", String(80), nullable=False),
    Column("note", String(200), nullable=False),
    Column("files", JSON, nullable=False),
)
"""One save of a draft: the texts by place that differ from its base, and the save that it was made upon."""

EVENTS = Table(
    "policy_draft_events",
    METADATA,
    Column("event_id", Integer, primary_key=True),
    Column("draft_id", ForeignKey("policy_drafts.draft_id"), nullable=False, index=True),
    Column("at", Instant, nullable=False),
    Column("actor", String(80), nullable=False),
    Column("act", String(16), nullable=False),
    Column("comment", Text, nullable=False),
)
"""One act upon a draft other than a save, with what was said about it."""

PUBLICATIONS = Table(
    "policy_publications",
    METADATA,
    Column("publication_id", Integer, primary_key=True),
    Column("policy", String(120), nullable=False),
    Column("number", Integer, nullable=False),
    Column("from_date", Date, nullable=False),
    Column("draft_id", ForeignKey("policy_drafts.draft_id"), nullable=False),
    Column("authors", JSON, nullable=False),
    Column("published_at", Instant, nullable=False),
    Column("published_by", String(80), nullable=False),
    Column("comment", Text, nullable=False),
    Column("late_reason", Text, nullable=False),
    Column("taken_back_at", Instant),
    Column("taken_back_by", String(80)),
    Column("taken_back_reason", Text, nullable=False),
    UniqueConstraint("policy", "number"),
)
"""One publication of a policy, in order; only its taking back is ever added to it."""

PUBLISHED_TEXTS = Table(
    "policy_published_texts",
    METADATA,
    Column("publication_id", ForeignKey("policy_publications.publication_id"), primary_key=True, autoincrement=False),
    Column("place", String(128), primary_key=True),
    Column("digest", String(64), nullable=False),
    Column("text", Text, nullable=False),
)
"""A file that a publication brought, kept for ever; ``digest`` is the SHA-256 of what was published."""

ANSWERS = Table(
    "policy_answers",
    METADATA,
    Column("idempotency_key", String(128), primary_key=True),
    Column("actor", String(80), primary_key=True),
    Column("asked_sha256", String(64), nullable=False),
    Column("asked_at", Instant, nullable=False, index=True),
    Column("answer", Text, nullable=False),
)
"""What was answered over HTTP to a request under its sender's own key; ``asked_sha256`` is of address and body."""
