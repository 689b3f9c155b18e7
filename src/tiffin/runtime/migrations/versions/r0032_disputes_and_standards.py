"""Disputes, and riders' service standards."""

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Move the schema on by one revision."""


def downgrade() -> None:
    """Take it back."""
