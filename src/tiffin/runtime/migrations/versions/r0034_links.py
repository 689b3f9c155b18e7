"""Webhooks and what outside systems sent."""

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Move the schema on by one revision."""


def downgrade() -> None:
    """Take it back."""
