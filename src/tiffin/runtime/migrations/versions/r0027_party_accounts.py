"""Accounts of riders, merchants and customers."""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

COLUMNS = {"party_kind": 16, "party_city": 128, "party_id": 128}


def upgrade() -> None:
    """Move the schema on by one revision."""
    for name, length in COLUMNS.items():
        op.add_column("accounts", sa.Column(name, sa.String(length=length), nullable=True))
    op.create_index(op.f("ix_accounts_party"), "accounts", ["party_id"])


def downgrade() -> None:
    """Take it back."""
    op.drop_index(op.f("ix_accounts_party"), table_name="accounts")
    for name in COLUMNS:
        op.drop_column("accounts", name)
