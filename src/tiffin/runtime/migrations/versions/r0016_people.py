"""Pseudonyms and keys of people."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Move the schema on by one revision."""
    op.create_table(
        "people",
        sa.Column("digest", sa.String(length=24), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("pseudonym", sa.String(length=16), nullable=True),
        sa.Column("data_key", sa.String(length=64), nullable=True),
        sa.Column("forgotten_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_people")),
        sqlite_with_rowid=False,
    )
    op.create_index(
        "ix_people_sealed",
        "people",
        ["pseudonym"],
        unique=True,
        sqlite_where=sa.text("data_key IS NOT NULL"),
        postgresql_where=sa.text("data_key IS NOT NULL"),
    )
    op.create_index(
        "ix_people_forgotten",
        "people",
        ["forgotten_at"],
        sqlite_where=sa.text("forgotten_at IS NOT NULL"),
        postgresql_where=sa.text("forgotten_at IS NOT NULL"),
    )
    op.create_table(
        "people_secrets",
        sa.Column("secret_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("secret", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("secret_id", name=op.f("pk_people_secrets")),
    )


def downgrade() -> None:
    """Move the schema back by one revision."""
    op.drop_table("people_secrets")
    op.drop_index("ix_people_forgotten", table_name="people")
    op.drop_index("ix_people_sealed", table_name="people")
    op.drop_table("people")
