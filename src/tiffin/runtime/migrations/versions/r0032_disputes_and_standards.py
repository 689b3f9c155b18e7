"""Disputes, and riders' service standards."""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Move the schema on by one revision."""
    op.create_table(
        "disputes",
        sa.Column("dispute_id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("incident_key", sa.String(length=240), nullable=False),
        sa.Column("city_id", sa.String(length=128), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("order_id", sa.String(length=128), nullable=False),
        sa.Column("opened_by", sa.String(length=16), nullable=False),
        sa.Column("parties", sa.JSON(), nullable=False),
        sa.Column("most_minor", sa.Integer(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("verdict_id", sa.String(length=255), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["cases.case_id"], name=op.f("fk_disputes_case_id_cases")),
        sa.PrimaryKeyConstraint("dispute_id", name=op.f("pk_disputes")),
        sa.UniqueConstraint("case_id", name=op.f("uq_disputes_case_id")),
    )
    op.create_index("ix_disputes_incident", "disputes", ["incident_key"])
    op.create_index("ix_disputes_order", "disputes", ["city_id", "order_id"])


def downgrade() -> None:
    """Take it back."""
    op.drop_table("disputes")
