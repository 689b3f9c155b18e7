"""What a grant opens: rows of some merchants, fleets and the like, classes of columns, and the least size of groups."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Move the schema on by one revision; grants that stand keep what they opened until now, which was every column."""
    with op.batch_alter_table("grants") as table:
        table.add_column(sa.Column("row_filters", sa.JSON(), nullable=True))
        table.add_column(sa.Column("opens", sa.JSON(), nullable=True))
        table.add_column(sa.Column("minimum_size", sa.Integer(), nullable=True))
    grants = sa.table(
        "grants", sa.column("row_filters", sa.JSON), sa.column("opens", sa.JSON), sa.column("minimum_size")
    )
    everything = {"row_filters": {}, "opens": ["confidential", "personal", "special"], "minimum_size": 1}
    op.execute(sa.update(grants).values(**everything))
    with op.batch_alter_table("grants") as table:
        table.alter_column("row_filters", existing_type=sa.JSON(), nullable=False)
        table.alter_column("opens", existing_type=sa.JSON(), nullable=False)
        table.alter_column("minimum_size", existing_type=sa.Integer(), nullable=False)


def downgrade() -> None:
    """Take the revision back; narrower grants end with it, since the schema before could not hold them back."""
    grants = sa.table(
        "grants", *(sa.column(name) for name in ("minimum_size", "revoked_at", "revoked_by", "granted_by"))
    )
    narrow = sa.or_(grants.c.minimum_size > 1, sa.cast(sa.column("row_filters"), sa.Text) != "{}")
    ended = {"revoked_at": sa.func.now(), "revoked_by": grants.c.granted_by}
    op.execute(sa.update(grants).where(narrow, grants.c.revoked_at.is_(None)).values(**ended))
    with op.batch_alter_table("grants") as table:
        table.drop_column("minimum_size")
        table.drop_column("opens")
        table.drop_column("row_filters")
