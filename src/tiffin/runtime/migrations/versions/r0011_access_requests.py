"""Terms of grants (purpose, owner, source, end), campaigns of review, and people of the personnel file."""

from datetime import UTC, datetime, timedelta

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

YEAR = timedelta(days=365)


def upgrade() -> None:
    """Move the schema on by one revision; a grant that stands without an end gets one a year from now."""
    with op.batch_alter_table("grants") as table:
        for name, kind in (("purpose", sa.Text()), ("owner", sa.String(80)), ("source", sa.String(80))):
            table.add_column(sa.Column(name, kind, nullable=True))
    grants = sa.table(
        "grants",
        *(sa.column(name, sa.Text) for name in ("purpose", "owner", "source", "granted_by")),
        sa.column("expires_at", sa.DateTime(timezone=True)),
    )
    before = {"purpose": "Granted before purposes were asked for", "owner": grants.c.granted_by, "source": "hand"}
    op.execute(sa.update(grants).values(**before))
    # SQLite keeps UTC without saying so.
    year = datetime.now(UTC) + YEAR
    end = year.replace(tzinfo=None) if op.get_bind().dialect.name == "sqlite" else year
    op.execute(sa.update(grants).where(grants.c.expires_at.is_(None)).values(expires_at=end))
    with op.batch_alter_table("grants") as table:
        for name, kind in (("purpose", sa.Text()), ("owner", sa.String(80)), ("source", sa.String(80))):
            table.alter_column(name, existing_type=kind, nullable=False)
        table.alter_column("expires_at", existing_type=sa.DateTime(timezone=True), nullable=False)
    op.create_table(
        "access_campaigns",
        sa.Column("campaign_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("countries", sa.JSON(), nullable=False),
        sa.Column("cities", sa.JSON(), nullable=False),
        sa.Column("reviewer", sa.String(length=80), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.String(length=80), nullable=False),
        sa.PrimaryKeyConstraint("campaign_id", name=op.f("pk_access_campaigns")),
    )
    op.create_index(op.f("ix_access_campaigns_reviewer"), "access_campaigns", ["reviewer"], unique=False)
    op.create_table(
        "access_employees",
        sa.Column("employee_id", sa.String(length=80), nullable=False),
        sa.Column("account", sa.String(length=80), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("job", sa.String(length=80), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("city", sa.String(length=80), nullable=False),
        sa.Column("team", sa.String(length=80), nullable=False),
        sa.Column("manager", sa.String(length=80), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("applied_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("employee_id", name=op.f("pk_access_employees")),
        sa.UniqueConstraint("account", name=op.f("uq_access_employees_account")),
    )
    op.create_table(
        "access_reviews",
        sa.Column("review_id", sa.Integer(), nullable=False),
        sa.Column("campaign_id", sa.Integer(), nullable=False),
        sa.Column("grant_id", sa.Integer(), nullable=False),
        sa.Column("would_end_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decision", sa.String(length=16), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.String(length=80), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["campaign_id"],
            ["access_campaigns.campaign_id"],
            name=op.f("fk_access_reviews_campaign_id_access_campaigns"),
        ),
        sa.ForeignKeyConstraint(["grant_id"], ["grants.grant_id"], name=op.f("fk_access_reviews_grant_id_grants")),
        sa.PrimaryKeyConstraint("review_id", name=op.f("pk_access_reviews")),
        sa.UniqueConstraint("campaign_id", "grant_id", name="uq_access_reviews_campaign_grant"),
    )
    op.create_index(op.f("ix_access_reviews_grant_id"), "access_reviews", ["grant_id"], unique=False)


def downgrade() -> None:
    """Take the revision back; grants keep their ends."""
    op.drop_index(op.f("ix_access_reviews_grant_id"), table_name="access_reviews")
    op.drop_table("access_reviews")
    op.drop_table("access_employees")
    op.drop_index(op.f("ix_access_campaigns_reviewer"), table_name="access_campaigns")
    op.drop_table("access_campaigns")
    with op.batch_alter_table("grants") as table:
        table.alter_column("expires_at", existing_type=sa.DateTime(timezone=True), nullable=True)
        table.drop_column("source")
        table.drop_column("owner")
        table.drop_column("purpose")
