"""Cases with their events; settled days, outcomes of targets, standings of metrics and findings about facts."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Move the schema on by one revision."""
    op.create_table(
        "cases",
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("case_type", sa.String(length=64), nullable=False),
        sa.Column("dedup_key", sa.String(length=255), nullable=False),
        sa.Column("headline", sa.Text(), nullable=False),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.Column("subject", sa.String(length=128), nullable=False),
        sa.Column("severity", sa.String(length=16), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=True),
        sa.Column("city_id", sa.String(length=80), nullable=True),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("assignee", sa.String(length=80), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_cases")),
        sa.UniqueConstraint("case_type", "dedup_key", name="uq_cases_type_key"),
    )
    op.create_index(op.f("ix_cases_country"), "cases", ["country"], unique=False)
    op.create_index("ix_cases_queue", "cases", ["closed_at", "due_at"], unique=False)
    op.create_index(op.f("ix_cases_subject"), "cases", ["subject"], unique=False)
    op.create_table(
        "metric_standings",
        sa.Column("metric", sa.String(length=128), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("measured", sa.Integer(), nullable=False),
        sa.Column("missed", sa.Integer(), nullable=False),
        sa.Column("budget", sa.Double(), nullable=False),
        sa.Column("is_fallen", sa.Boolean(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("metric", "country", name=op.f("pk_metric_standings")),
    )
    op.create_table(
        "quality_findings",
        sa.Column("finding_key", sa.String(length=255), nullable=False),
        sa.Column("found_by", sa.String(length=40), nullable=False),
        sa.Column("metric", sa.String(length=128), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("city_id", sa.String(length=80), nullable=True),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("score", sa.Double(), nullable=False),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.Column("found_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("finding_key", name=op.f("pk_quality_findings")),
    )
    op.create_index(op.f("ix_quality_findings_day"), "quality_findings", ["day"], unique=False)
    op.create_index(op.f("ix_quality_findings_metric"), "quality_findings", ["metric"], unique=False)
    op.create_table(
        "settled_days",
        sa.Column("metric", sa.String(length=128), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("definition", sa.Integer(), nullable=False),
        sa.Column("value", sa.Double(), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tables", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("metric", "country", "day", name=op.f("pk_settled_days")),
    )
    op.create_table(
        "target_outcomes",
        sa.Column("metric", sa.String(length=128), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("target", sa.String(length=16), nullable=False),
        sa.Column("outcome", sa.String(length=16), nullable=False),
        sa.Column("measured", sa.Double(), nullable=True),
        sa.Column("allowed", sa.Double(), nullable=True),
        sa.Column("evidence", sa.String(length=128), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("metric", "country", "day", "target", name=op.f("pk_target_outcomes")),
    )
    op.create_index("ix_target_outcomes_day", "target_outcomes", ["day"], unique=False)
    op.create_table(
        "case_events",
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(length=80), nullable=False),
        sa.Column("action", sa.String(length=40), nullable=False),
        sa.Column("is_platform", sa.Boolean(), nullable=False),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.case_id"], name=op.f("fk_case_events_case_id_cases")),
        sa.PrimaryKeyConstraint("event_id", name=op.f("pk_case_events")),
        sa.UniqueConstraint("case_id", "sequence", name="uq_case_events_case_sequence"),
    )


def downgrade() -> None:
    """Take the revision back."""
    op.drop_table("case_events")
    op.drop_index("ix_target_outcomes_day", table_name="target_outcomes")
    op.drop_table("target_outcomes")
    op.drop_table("settled_days")
    op.drop_index(op.f("ix_quality_findings_metric"), table_name="quality_findings")
    op.drop_index(op.f("ix_quality_findings_day"), table_name="quality_findings")
    op.drop_table("quality_findings")
    op.drop_table("metric_standings")
    op.drop_index(op.f("ix_cases_subject"), table_name="cases")
    op.drop_index("ix_cases_queue", table_name="cases")
    op.drop_index(op.f("ix_cases_country"), table_name="cases")
    op.drop_table("cases")
