"""Appeals of verdicts, and notices as they were sent."""

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Move the schema on by one revision."""


def downgrade() -> None:
    """Take it back."""
