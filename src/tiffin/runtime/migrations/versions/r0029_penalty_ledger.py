"""The ledger of points and money."""

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Move the schema on by one revision."""


def downgrade() -> None:
    """Take it back."""
