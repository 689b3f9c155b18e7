"""Systems outside as they were last read, and what people said of matches."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Move the schema on by one revision."""
    op.create_table(
        "estate_readings",
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("system", sa.String(length=16), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("read_by", sa.String(length=80), nullable=False),
        sa.Column("found", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_estate_readings")),
    )
    op.create_table(
        "estate_matches",
        sa.Column("estate", sa.String(length=80), nullable=False),
        sa.Column("key", sa.String(length=255), nullable=False),
        sa.Column("own_table", sa.String(length=80), nullable=False),
        sa.Column("is_same", sa.Boolean(), nullable=False),
        sa.Column("decided_by", sa.String(length=80), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("estate", "key", name=op.f("pk_estate_matches")),
    )


def downgrade() -> None:
    """Take the revision back."""
    op.drop_table("estate_matches")
    op.drop_table("estate_readings")
