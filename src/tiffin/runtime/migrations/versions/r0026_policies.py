"""Drafts of policies with every save, and what was published when."""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Move the schema on by one revision."""
    _create_drafts()
    _create_publications()
    _create_answers()


def _create_drafts() -> None:
    op.create_table(
        "policy_drafts",
        sa.Column("draft_id", sa.Integer(), nullable=False),
        sa.Column("policy", sa.String(length=120), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("authors", sa.JSON(), nullable=False),
        sa.Column("base", sa.JSON(), nullable=False),
        sa.Column("head", sa.Integer(), nullable=False),
        sa.Column("from_date", sa.Date(), nullable=True),
        sa.Column("late_reason", sa.Text(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("draft_id", name=op.f("pk_policy_drafts")),
    )
    op.create_index(op.f("ix_policy_drafts_policy"), "policy_drafts", ["policy"])
    op.create_index("ix_policy_drafts_state", "policy_drafts", ["state", "changed_at"])
    drafts = "policy_drafts.draft_id"
    op.create_table(
        "policy_draft_saves",
        sa.Column("draft_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("follows", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(length=80), nullable=False),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.Column("files", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["draft_id"], [drafts], name=op.f("fk_policy_draft_saves_draft_id_policy_drafts")),
        sa.PrimaryKeyConstraint("draft_id", "number", name=op.f("pk_policy_draft_saves")),
    )
    op.create_table(
        "policy_draft_events",
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("draft_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(length=80), nullable=False),
        sa.Column("act", sa.String(length=16), nullable=False),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["draft_id"], [drafts], name=op.f("fk_policy_draft_events_draft_id_policy_drafts")),
        sa.PrimaryKeyConstraint("event_id", name=op.f("pk_policy_draft_events")),
    )
    op.create_index(op.f("ix_policy_draft_events_draft_id"), "policy_draft_events", ["draft_id"])


def _create_publications() -> None:
    op.create_table(
        "policy_publications",
        sa.Column("publication_id", sa.Integer(), nullable=False),
        sa.Column("policy", sa.String(length=120), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("from_date", sa.Date(), nullable=False),
        sa.Column("draft_id", sa.Integer(), nullable=False),
        sa.Column("authors", sa.JSON(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_by", sa.String(length=80), nullable=False),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("late_reason", sa.Text(), nullable=False),
        sa.Column("taken_back_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("taken_back_by", sa.String(length=80), nullable=True),
        sa.Column("taken_back_reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["draft_id"], ["policy_drafts.draft_id"], name=op.f("fk_policy_publications_draft_id_policy_drafts")
        ),
        sa.PrimaryKeyConstraint("publication_id", name=op.f("pk_policy_publications")),
        sa.UniqueConstraint("policy", "number", name=op.f("uq_policy_publications_policy")),
    )
    op.create_table(
        "policy_published_texts",
        sa.Column("publication_id", sa.Integer(), nullable=False),
        sa.Column("place", sa.String(length=128), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["publication_id"],
            ["policy_publications.publication_id"],
            name=op.f("fk_policy_published_texts_publication_id_policy_publications"),
        ),
        sa.PrimaryKeyConstraint("publication_id", "place", name=op.f("pk_policy_published_texts")),
    )


def _create_answers() -> None:
    op.create_table(
        "policy_answers",
        sa.Column("idempotency_key", sa.String(length=128), nullable=False),
        sa.Column("actor", sa.String(length=80), nullable=False),
        sa.Column("asked_sha256", sa.String(length=64), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("idempotency_key", "actor", name=op.f("pk_policy_answers")),
    )
    op.create_index(op.f("ix_policy_answers_asked_at"), "policy_answers", ["asked_at"])


def downgrade() -> None:
    """Take the revision back; the files of published versions stay in the workspace."""
    op.drop_index(op.f("ix_policy_answers_asked_at"), table_name="policy_answers")
    op.drop_table("policy_answers")
    op.drop_table("policy_published_texts")
    op.drop_table("policy_publications")
    op.drop_index(op.f("ix_policy_draft_events_draft_id"), table_name="policy_draft_events")
    op.drop_table("policy_draft_events")
    op.drop_table("policy_draft_saves")
    op.drop_index("ix_policy_drafts_state", table_name="policy_drafts")
    op.drop_index(op.f("ix_policy_drafts_policy"), table_name="policy_drafts")
    op.drop_table("policy_drafts")
