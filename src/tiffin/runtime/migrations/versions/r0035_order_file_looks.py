"""How long people looked at order files, and what they decided there."""

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Move the schema on by one revision."""
    op.create_table(
        "order_file_looks",
        sa.Column("look_id", sa.Integer(), nullable=False),
        sa.Column("looked_by", sa.String(length=80), nullable=False),
        sa.Column("city_id", sa.String(length=128), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("order_id", sa.String(length=128), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=True),
        sa.Column("case_type", sa.String(length=64), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("heard_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("active_s", sa.Integer(), nullable=False),
        sa.Column("is_measured", sa.Boolean(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decision", sa.String(length=64), nullable=True),
        sa.Column("handling_s", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("look_id", name=op.f("pk_order_file_looks")),
    )
    op.create_index("ix_order_file_looks_person", "order_file_looks", ["looked_by", "opened_at"])
    op.create_index("ix_order_file_looks_case", "order_file_looks", ["case_id", "looked_by"])
    op.create_index("ix_order_file_looks_decided", "order_file_looks", ["decided_at"])


def downgrade() -> None:
    """Take the revision back; how long anybody looked is forgotten."""
    op.drop_index("ix_order_file_looks_decided", table_name="order_file_looks")
    op.drop_index("ix_order_file_looks_case", table_name="order_file_looks")
    op.drop_index("ix_order_file_looks_person", table_name="order_file_looks")
    op.drop_table("order_file_looks")
