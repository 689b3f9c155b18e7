"""The ledger of published numbers, receipts that are kept, and whether metrics keep their targets."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Move the schema on by one revision."""
    op.create_table(
        "published_numbers",
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("reference", sa.String(length=24), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_by", sa.String(length=80), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("previous_hash", sa.String(length=64), nullable=False),
        sa.Column("entry_hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("position", name=op.f("pk_published_numbers")),
        sa.UniqueConstraint("entry_hash", name=op.f("uq_published_numbers_entry_hash")),
        sa.UniqueConstraint("reference", name=op.f("uq_published_numbers_reference")),
    )
    op.create_table(
        "kept_receipts",
        sa.Column("rerun_hash", sa.String(length=64), nullable=False),
        sa.Column("receipt", sa.Text(), nullable=False),
        sa.Column("kept_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kept_by", sa.String(length=80), nullable=False),
        sa.PrimaryKeyConstraint("rerun_hash", name=op.f("pk_kept_receipts")),
    )
    op.create_table(
        "metric_promises",
        sa.Column("metric", sa.String(length=120), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("metric", "country", name=op.f("pk_metric_promises")),
    )


def downgrade() -> None:
    """Take the revision back."""
    op.drop_table("metric_promises")
    op.drop_table("kept_receipts")
    op.drop_table("published_numbers")
