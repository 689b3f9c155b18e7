"""The log of loads, and the receipts of facts taken over HTTP."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Move the schema on by one revision."""
    op.create_table(
        "fact_loads",
        sa.Column("load_id", sa.String(length=32), nullable=False),
        sa.Column("feed", sa.String(length=128), nullable=False),
        sa.Column("fact_table", sa.String(length=64), nullable=False),
        sa.Column("loaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("loaded_by", sa.String(length=80), nullable=False),
        sa.Column("rows_read", sa.BigInteger(), nullable=False),
        sa.Column("rows_loaded", sa.BigInteger(), nullable=False),
        sa.Column("rows_collapsed", sa.BigInteger(), nullable=False),
        sa.Column("rows_quarantined", sa.BigInteger(), nullable=False),
        sa.Column("is_unchanged", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=True),
        sa.Column("feed_digest", sa.String(length=64), nullable=False),
        sa.Column("seconds", sa.Float(), nullable=False),
        sa.Column("report", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("load_id", name=op.f("pk_fact_loads")),
    )
    op.create_index("ix_fact_loads_feed_at", "fact_loads", ["feed", "loaded_at"], unique=False)
    op.create_index(op.f("ix_fact_loads_loaded_at"), "fact_loads", ["loaded_at"], unique=False)
    op.create_table(
        "fact_receipts",
        sa.Column("idempotency_key", sa.String(length=128), nullable=False),
        sa.Column("actor", sa.String(length=80), nullable=False),
        sa.Column("fact_table", sa.String(length=64), nullable=False),
        sa.Column("body_sha256", sa.String(length=64), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("receipt", sa.JSON(), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("idempotency_key", "actor", name=op.f("pk_fact_receipts")),
    )


def downgrade() -> None:
    """Take the revision back."""
    op.drop_table("fact_receipts")
    op.drop_index(op.f("ix_fact_loads_loaded_at"), table_name="fact_loads")
    op.drop_index("ix_fact_loads_feed_at", table_name="fact_loads")
    op.drop_table("fact_loads")
