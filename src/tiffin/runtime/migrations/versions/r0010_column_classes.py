"""Classes of columns as people confirmed them."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Move the schema on by one revision."""
    op.create_table(
        "column_classes",
        sa.Column("column_class_id", sa.Integer(), nullable=False),
        sa.Column("holder", sa.String(length=400), nullable=False),
        sa.Column("is_file", sa.Boolean(), nullable=False),
        sa.Column("column_name", sa.String(length=400), nullable=False),
        sa.Column("proposed", sa.String(length=20), nullable=False),
        sa.Column("findings", sa.JSON(), nullable=False),
        sa.Column("filled", sa.Integer(), nullable=False),
        sa.Column("detected_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("detected_by", sa.String(length=80), nullable=False),
        sa.Column("confirmed", sa.String(length=20), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("confirmed_by", sa.String(length=80), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("looser", sa.String(length=20), nullable=True),
        sa.Column("looser_asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("looser_asked_by", sa.String(length=80), nullable=True),
        sa.Column("looser_reason", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("column_class_id", name=op.f("pk_column_classes")),
        sa.UniqueConstraint("holder", "is_file", "column_name", name="uq_column_classes_column"),
    )


def downgrade() -> None:
    """Take the revision back."""
    op.drop_table("column_classes")
