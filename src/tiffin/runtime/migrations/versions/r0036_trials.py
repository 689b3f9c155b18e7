"""Trials, who was given which arm, and what was read out."""

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Move the schema on by one revision."""
    op.create_table(
        "trials",
        sa.Column("trial_id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("state", sa.String(length=24), nullable=False),
        sa.Column("design", sa.JSON(), nullable=False),
        sa.Column("places", sa.JSON(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.String(length=80), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.case_id"], name=op.f("fk_trials_case_id_cases")),
        sa.PrimaryKeyConstraint("trial_id", name=op.f("pk_trials")),
        sa.UniqueConstraint("case_id", name=op.f("uq_trials_case_id")),
        sa.UniqueConstraint("name", name=op.f("uq_trials_name")),
    )
    op.create_index("ix_trials_state", "trials", ["state", "first_day"])
    op.create_table(
        "trial_exposures",
        sa.Column("trial_id", sa.Integer(), nullable=False),
        sa.Column("unit", sa.String(length=128), nullable=False),
        sa.Column("arm", sa.String(length=80), nullable=False),
        sa.Column("first_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["trial_id"], ["trials.trial_id"], name=op.f("fk_trial_exposures_trial_id_trials")),
        sa.PrimaryKeyConstraint("trial_id", "unit", name=op.f("pk_trial_exposures")),
    )
    op.create_table(
        "trial_readings",
        sa.Column("reading_id", sa.Integer(), nullable=False),
        sa.Column("trial_id", sa.Integer(), nullable=False),
        sa.Column("metric", sa.String(length=120), nullable=False),
        sa.Column("arm", sa.String(length=80), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("through_day", sa.Date(), nullable=False),
        sa.Column("is_final", sa.Boolean(), nullable=False),
        sa.Column("effect", sa.Float(), nullable=True),
        sa.Column("se", sa.Float(), nullable=True),
        sa.Column("low", sa.Float(), nullable=True),
        sa.Column("high", sa.Float(), nullable=True),
        sa.Column("p", sa.Float(), nullable=True),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["trial_id"], ["trials.trial_id"], name=op.f("fk_trial_readings_trial_id_trials")),
        sa.PrimaryKeyConstraint("reading_id", name=op.f("pk_trial_readings")),
    )
    op.create_index("ix_trial_readings_of", "trial_readings", ["trial_id", "metric", "arm", "read_at"])


def downgrade() -> None:
    """Take the revision back; trials and what they said are forgotten."""
    op.drop_index("ix_trial_readings_of", table_name="trial_readings")
    op.drop_table("trial_readings")
    op.drop_table("trial_exposures")
    op.drop_index("ix_trials_state", table_name="trials")
    op.drop_table("trials")
