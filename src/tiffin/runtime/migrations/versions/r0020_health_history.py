"""Health of assets over time."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Move the schema on by one revision."""
    op.create_table(
        "asset_days",
        sa.Column("asset", sa.String(length=255), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("score", sa.Float(), nullable=False),
        sa.Column("findings", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("asset", "day", name=op.f("pk_asset_days")),
    )


def downgrade() -> None:
    """Move the schema back by one revision."""
    op.drop_table("asset_days")
