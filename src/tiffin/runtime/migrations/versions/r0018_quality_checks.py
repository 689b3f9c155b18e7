"""Checks of tables and what follows."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Move the schema on by one revision."""
    op.create_table(
        "quality_results",
        sa.Column("result_id", sa.Integer(), nullable=False),
        sa.Column("check_name", sa.String(length=160), nullable=False),
        sa.Column("table_name", sa.String(length=80), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("city_id", sa.String(length=128), nullable=False),
        sa.Column("day", sa.Date(), nullable=True),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("value", sa.Double(), nullable=True),
        sa.Column("threshold", sa.Double(), nullable=True),
        sa.Column("rows_checked", sa.BigInteger(), nullable=False),
        sa.Column("rows_broken", sa.BigInteger(), nullable=False),
        sa.Column("sample", sa.JSON(), nullable=False),
        sa.Column("table_version", sa.Integer(), nullable=True),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("result_id", name=op.f("pk_quality_results")),
    )
    op.create_index("ix_quality_results_check", "quality_results", ["table_name", "check_name", "day"])
    op.create_index("ix_quality_results_checked", "quality_results", ["checked_at"])
    op.create_table(
        "checked_tables",
        sa.Column("table_name", sa.String(length=80), nullable=False),
        sa.Column("stamp", sa.String(length=64), nullable=False),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("table_name", name=op.f("pk_checked_tables")),
    )
    op.create_table(
        "data_incidents",
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("table_name", sa.String(length=80), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("owner", sa.String(length=80), nullable=False),
        sa.Column("failures", sa.JSON(), nullable=False),
        sa.Column("metrics", sa.JSON(), nullable=False),
        sa.Column("passes_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("is_open", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.case_id"], name=op.f("fk_data_incidents_case_id_cases")),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_data_incidents")),
    )
    op.create_index(op.f("ix_data_incidents_table_name"), "data_incidents", ["table_name"])
    op.create_table(
        "post_mortems",
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("cause", sa.Text(), nullable=False),
        sa.Column("done", sa.Text(), nullable=False),
        sa.Column("prevention", sa.Text(), nullable=False),
        sa.Column("prevention_owner", sa.String(length=120), nullable=False),
        sa.Column("prevention_due", sa.Date(), nullable=False),
        sa.Column("written_by", sa.String(length=80), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.case_id"], name=op.f("fk_post_mortems_case_id_cases")),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_post_mortems")),
    )
    op.create_table(
        "known_faults",
        sa.Column("case_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("table_name", sa.String(length=80), nullable=False),
        sa.Column("column_name", sa.String(length=80), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("city_id", sa.String(length=128), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=True),
        sa.Column("last_day", sa.Date(), nullable=True),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("is_certain", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("case_id", "number", name=op.f("pk_known_faults")),
    )


def downgrade() -> None:
    """Move the schema back by one revision."""
    op.drop_table("known_faults")
    op.drop_table("post_mortems")
    op.drop_index(op.f("ix_data_incidents_table_name"), table_name="data_incidents")
    op.drop_table("data_incidents")
    op.drop_table("checked_tables")
    op.drop_index("ix_quality_results_checked", table_name="quality_results")
    op.drop_index("ix_quality_results_check", table_name="quality_results")
    op.drop_table("quality_results")
