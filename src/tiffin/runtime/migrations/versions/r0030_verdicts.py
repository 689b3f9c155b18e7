"""Incidents of orders and their verdicts."""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Move the schema on by one revision."""
    _create_incidents()
    _create_verdicts()
    _create_exemptions()


def _create_incidents() -> None:
    op.create_table(
        "incidents",
        sa.Column("incident_key", sa.String(length=240), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("city_id", sa.String(length=128), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("order_id", sa.String(length=128), nullable=False),
        sa.Column("incident", sa.String(length=32), nullable=False),
        sa.Column("happened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("business_date", sa.Date(), nullable=False),
        sa.Column("reported_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reported_by", sa.String(length=16), nullable=False),
        sa.Column("rider_id", sa.String(length=128), nullable=True),
        sa.Column("merchant_id", sa.String(length=128), nullable=True),
        sa.Column("customer_id", sa.String(length=128), nullable=True),
        sa.Column("said", sa.JSON(), nullable=False),
        sa.Column("is_waiting", sa.Boolean(), nullable=False),
        sa.Column("question", sa.String(length=64), nullable=False),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("skill", sa.String(length=32), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("proposal", sa.JSON(), nullable=False),
        sa.Column("handling_s", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.case_id"], name=op.f("fk_incidents_case_id_cases")),
        sa.PrimaryKeyConstraint("incident_key", name=op.f("pk_incidents")),
        sa.UniqueConstraint("case_id", name=op.f("uq_incidents_case_id")),
    )
    op.create_index("ix_incidents_queue", "incidents", ["is_waiting", "city_id", "priority"])
    op.create_index("ix_incidents_order", "incidents", ["city_id", "order_id"])


def _create_verdicts() -> None:
    op.create_table(
        "verdicts",
        sa.Column("verdict_id", sa.String(length=255), nullable=False),
        sa.Column("incident_key", sa.String(length=240), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("city_id", sa.String(length=128), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("order_id", sa.String(length=128), nullable=False),
        sa.Column("incident", sa.String(length=32), nullable=False),
        sa.Column("happened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("rider_id", sa.String(length=128), nullable=True),
        sa.Column("merchant_id", sa.String(length=128), nullable=True),
        sa.Column("liable", sa.String(length=16), nullable=False),
        sa.Column("shares", sa.JSON(), nullable=False),
        sa.Column("points", sa.JSON(), nullable=False),
        sa.Column("recovery_minor", sa.JSON(), nullable=False),
        sa.Column("compensation_minor", sa.Integer(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("policy", sa.String(length=120), nullable=False),
        sa.Column("policy_version", sa.String(length=64), nullable=False),
        sa.Column("row", sa.String(length=128), nullable=False),
        sa.Column("reason", sa.JSON(), nullable=False),
        sa.Column("confidence", sa.Float(), nullable=False),
        sa.Column("exemption", sa.String(length=32), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("decided_by", sa.String(length=8), nullable=False),
        sa.Column("decider", sa.String(length=80), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("supersedes", sa.String(length=255), nullable=True),
        sa.ForeignKeyConstraint(
            ["incident_key"], ["incidents.incident_key"], name=op.f("fk_verdicts_incident_key_incidents")
        ),
        sa.ForeignKeyConstraint(["case_id"], ["cases.case_id"], name=op.f("fk_verdicts_case_id_cases")),
        sa.PrimaryKeyConstraint("verdict_id", name=op.f("pk_verdicts")),
        sa.UniqueConstraint("incident_key", "number", name="uq_verdicts_incident_number"),
    )
    op.create_index("ix_verdicts_order", "verdicts", ["city_id", "order_id"])
    op.create_index("ix_verdicts_rider", "verdicts", ["city_id", "rider_id", "happened_at"])
    op.create_index("ix_verdicts_merchant", "verdicts", ["city_id", "merchant_id", "happened_at"])
    op.create_index("ix_verdicts_decided", "verdicts", ["city_id", "decided_at"])


def _create_exemptions() -> None:
    op.create_table(
        "exemptions",
        sa.Column("exemption_id", sa.Integer(), nullable=False),
        sa.Column("city_id", sa.String(length=128), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("circumstance", sa.String(length=32), nullable=False),
        sa.Column("scope", sa.String(length=16), nullable=False),
        sa.Column("scope_id", sa.String(length=128), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reference", sa.String(length=128), nullable=False),
        sa.Column("declared_by", sa.String(length=80), nullable=False),
        sa.Column("declared_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_by", sa.String(length=80), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("exemption_id", name=op.f("pk_exemptions")),
    )
    op.create_index("ix_exemptions_city", "exemptions", ["city_id", "starts_at"])


def downgrade() -> None:
    """Take it back."""
    op.drop_index("ix_exemptions_city", table_name="exemptions")
    op.drop_table("exemptions")
    op.drop_table("verdicts")
    op.drop_table("incidents")
