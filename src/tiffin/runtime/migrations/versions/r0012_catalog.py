"""What people say of data assets, waivers of standards, who used what, and how assets stood day by day."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Move the schema on by one revision."""
    op.create_table(
        "asset_changes",
        sa.Column("change_id", sa.Integer(), nullable=False),
        sa.Column("asset", sa.String(length=255), nullable=False),
        sa.Column("field", sa.String(length=32), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("before", sa.Text(), nullable=True),
        sa.Column("after", sa.Text(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(length=80), nullable=False),
        sa.Column("undoes", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("change_id", name=op.f("pk_asset_changes")),
    )
    op.create_index("ix_asset_changes_asset", "asset_changes", ["asset", "change_id"], unique=False)
    op.create_table(
        "asset_sayings",
        sa.Column("asset", sa.String(length=255), nullable=False),
        sa.Column("field", sa.String(length=32), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by", sa.String(length=80), nullable=False),
        sa.PrimaryKeyConstraint("asset", "field", "language", name=op.f("pk_asset_sayings")),
    )
    op.create_table(
        "asset_uses",
        sa.Column("asset", sa.String(length=255), nullable=False),
        sa.Column("actor", sa.String(length=80), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("uses", sa.Integer(), nullable=False),
        sa.Column("milliseconds", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("asset", "actor", "day", name=op.f("pk_asset_uses")),
    )
    op.create_table(
        "catalog_days",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("scope", sa.String(length=16), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("assets", sa.Integer(), nullable=False),
        sa.Column("score", sa.Float(), nullable=False),
        sa.Column("checked", sa.Integer(), nullable=False),
        sa.Column("findings", sa.Integer(), nullable=False),
        sa.Column("waived", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("day", "scope", "name", name=op.f("pk_catalog_days")),
    )
    op.create_table(
        "standard_waivers",
        sa.Column("waiver_id", sa.Integer(), nullable=False),
        sa.Column("rule", sa.String(length=80), nullable=False),
        sa.Column("asset", sa.String(length=255), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("owner", sa.String(length=80), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.String(length=80), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by", sa.String(length=80), nullable=True),
        sa.PrimaryKeyConstraint("waiver_id", name=op.f("pk_standard_waivers")),
    )
    op.create_index(op.f("ix_standard_waivers_asset"), "standard_waivers", ["asset"], unique=False)


def downgrade() -> None:
    """Take the revision back."""
    op.drop_index(op.f("ix_standard_waivers_asset"), table_name="standard_waivers")
    op.drop_table("standard_waivers")
    op.drop_table("catalog_days")
    op.drop_table("asset_uses")
    op.drop_table("asset_sayings")
    op.drop_index("ix_asset_changes_asset", table_name="asset_changes")
    op.drop_table("asset_changes")
