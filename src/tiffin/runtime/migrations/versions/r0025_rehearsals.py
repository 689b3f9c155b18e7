"""Rehearsals of days under policies and rosters, and what they came to."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Move the schema on by one revision."""
    op.create_table(
        "rehearsals",
        sa.Column("rehearsal_id", sa.Integer(), nullable=False),
        sa.Column("scenario", sa.String(length=160), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("city_id", sa.String(length=128), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("plan", sa.JSON(), nullable=False),
        sa.Column("asked_by", sa.String(length=80), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("runner", sa.String(length=64), nullable=True),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("heard_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failure", sa.Text(), nullable=True),
        sa.Column("figures", sa.JSON(), nullable=True),
        sa.Column("receipt", sa.JSON(), nullable=True),
        sa.PrimaryKeyConstraint("rehearsal_id", name=op.f("pk_rehearsals")),
    )
    op.create_index(op.f("ix_rehearsals_city_id"), "rehearsals", ["city_id"])
    op.create_index(op.f("ix_rehearsals_state"), "rehearsals", ["state"])


def downgrade() -> None:
    """Take the revision back; what rehearsals came to stays in the facts."""
    op.drop_index(op.f("ix_rehearsals_state"), table_name="rehearsals")
    op.drop_index(op.f("ix_rehearsals_city_id"), table_name="rehearsals")
    op.drop_table("rehearsals")
