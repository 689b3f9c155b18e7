"""What a grant masks, single assets that it is for, and how the people of the personnel file are employed."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Move the schema on by one revision; grants that stand mask nothing and are for everything in their scope."""
    with op.batch_alter_table("grants") as table:
        table.add_column(sa.Column("masks", sa.JSON(), nullable=True))
        table.add_column(sa.Column("assets", sa.JSON(), nullable=True))
    grants = sa.table("grants", sa.column("masks", sa.JSON), sa.column("assets", sa.JSON))
    op.execute(sa.update(grants).values(masks={}, assets=[]))
    with op.batch_alter_table("grants") as table:
        table.alter_column("masks", existing_type=sa.JSON(), nullable=False)
        table.alter_column("assets", existing_type=sa.JSON(), nullable=False)
    with op.batch_alter_table("access_employees") as table:
        table.add_column(sa.Column("employment", sa.String(40), nullable=True))
    op.execute(sa.update(sa.table("access_employees", sa.column("employment", sa.String))).values(employment=""))
    with op.batch_alter_table("access_employees") as table:
        table.alter_column("employment", existing_type=sa.String(40), nullable=False)


def downgrade() -> None:
    """Take the revision back; grants for single assets end with it, since they would open their whole scope."""
    grants = sa.table("grants", *(sa.column(name) for name in ("revoked_at", "revoked_by", "granted_by")))
    single = sa.cast(sa.column("assets"), sa.Text) != "[]"
    ended = {"revoked_at": sa.func.now(), "revoked_by": grants.c.granted_by}
    op.execute(sa.update(grants).where(single, grants.c.revoked_at.is_(None)).values(**ended))
    with op.batch_alter_table("access_employees") as table:
        table.drop_column("employment")
    with op.batch_alter_table("grants") as table:
        table.drop_column("assets")
        table.drop_column("masks")
