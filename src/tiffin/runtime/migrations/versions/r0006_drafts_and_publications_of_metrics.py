"""Drafts and publications of metrics."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Move the schema on by one revision."""
    op.create_table(
        "metric_drafts",
        sa.Column("draft_id", sa.Integer(), nullable=False),
        sa.Column("metric", sa.String(length=120), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("authors", sa.JSON(), nullable=False),
        sa.Column("base_text", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("draft_id", name=op.f("pk_metric_drafts")),
    )
    op.create_index(op.f("ix_metric_drafts_metric"), "metric_drafts", ["metric"], unique=False)
    op.create_index("ix_metric_drafts_state", "metric_drafts", ["state", "changed_at"], unique=False)
    op.create_table(
        "metric_draft_events",
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("draft_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(length=80), nullable=False),
        sa.Column("act", sa.String(length=16), nullable=False),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["draft_id"], ["metric_drafts.draft_id"], name=op.f("fk_metric_draft_events_draft_id_metric_drafts")
        ),
        sa.PrimaryKeyConstraint("event_id", name=op.f("pk_metric_draft_events")),
    )
    op.create_index(op.f("ix_metric_draft_events_draft_id"), "metric_draft_events", ["draft_id"], unique=False)
    op.create_table(
        "metric_publications",
        sa.Column("publication_id", sa.Integer(), nullable=False),
        sa.Column("metric", sa.String(length=120), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("formula_sha256", sa.String(length=64), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("former_text", sa.Text(), nullable=False),
        sa.Column("draft_id", sa.Integer(), nullable=True),
        sa.Column("authors", sa.JSON(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_by", sa.String(length=80), nullable=False),
        sa.Column("takes_back", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["draft_id"], ["metric_drafts.draft_id"], name=op.f("fk_metric_publications_draft_id_metric_drafts")
        ),
        sa.ForeignKeyConstraint(
            ["takes_back"],
            ["metric_publications.publication_id"],
            name=op.f("fk_metric_publications_takes_back_metric_publications"),
        ),
        sa.PrimaryKeyConstraint("publication_id", name=op.f("pk_metric_publications")),
        sa.UniqueConstraint("metric", "number", name=op.f("uq_metric_publications_metric")),
    )


def downgrade() -> None:
    """Take the revision back."""
    op.drop_table("metric_publications")
    op.drop_index(op.f("ix_metric_draft_events_draft_id"), table_name="metric_draft_events")
    op.drop_table("metric_draft_events")
    op.drop_index("ix_metric_drafts_state", table_name="metric_drafts")
    op.drop_index(op.f("ix_metric_drafts_metric"), table_name="metric_drafts")
    op.drop_table("metric_drafts")
