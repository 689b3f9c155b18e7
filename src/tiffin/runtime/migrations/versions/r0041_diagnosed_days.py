"""Days that were diagnosed, with their episodes."""

import sqlalchemy as sa
from alembic import op

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Move the schema on by one revision."""
    op.create_table(
        "diagnosed_days",
        sa.Column("city_id", sa.String(length=128), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("is_weekend", sa.Boolean(), nullable=False),
        sa.Column("is_ramadan", sa.Boolean(), nullable=False),
        sa.Column("holiday", sa.String(length=80), nullable=True),
        sa.Column("wanted", sa.Float(), nullable=False),
        sa.Column("zones", sa.Integer(), nullable=False),
        sa.Column("tables", sa.JSON(), nullable=False),
        sa.Column("kept_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("city_id", "day", name=op.f("pk_diagnosed_days")),
    )
    op.create_table(
        "diagnosed_episodes",
        sa.Column("city_id", sa.String(length=128), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("from_hour", sa.Integer(), nullable=False),
        sa.Column("to_hour", sa.Integer(), nullable=False),
        sa.Column("zone_ids", sa.JSON(), nullable=False),
        sa.Column("causes", sa.JSON(), nullable=False),
        sa.Column("first_cause", sa.String(length=40), nullable=True),
        sa.Column("miss_min", sa.Float(), nullable=False),
        sa.Column("late_orders", sa.Integer(), nullable=True),
        sa.Column("lost_orders", sa.Float(), nullable=True),
        sa.Column("rain_mm", sa.Float(), nullable=True),
        sa.Column("case_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["cases.case_id"], name=op.f("fk_diagnosed_episodes_case_id_cases")),
        sa.PrimaryKeyConstraint("city_id", "day", "number", name=op.f("pk_diagnosed_episodes")),
    )


def downgrade() -> None:
    """Take the revision back."""
    op.drop_table("diagnosed_episodes")
    op.drop_table("diagnosed_days")
