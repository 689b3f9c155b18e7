"""Incidents of orders and their verdicts."""

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Move the schema on by one revision."""


def downgrade() -> None:
    """Take it back."""
