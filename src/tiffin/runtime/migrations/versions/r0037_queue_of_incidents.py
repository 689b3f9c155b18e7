"""The queue of incidents in its own order, so that the next one is found without looking at all that wait."""

from alembic import op

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None

_NAME, _TABLE = "ix_incidents_queue", "incidents"
_BEFORE = ["is_waiting", "city_id", "priority"]


def upgrade() -> None:
    """Move the schema on by one revision."""
    op.drop_index(_NAME, table_name=_TABLE)
    op.create_index(_NAME, _TABLE, [*_BEFORE, "happened_at", "case_id"])


def downgrade() -> None:
    """Take the revision back."""
    op.drop_index(_NAME, table_name=_TABLE)
    op.create_index(_NAME, _TABLE, _BEFORE)
