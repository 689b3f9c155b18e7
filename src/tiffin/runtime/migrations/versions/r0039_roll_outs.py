"""Roll-outs of remedies over cities."""

import sqlalchemy as sa
from alembic import op

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Move the schema on by one revision."""
    op.create_table(
        "roll_outs",
        sa.Column("roll_out_id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("remedy", sa.String(length=120), nullable=False),
        sa.Column("state", sa.String(length=24), nullable=False),
        sa.Column("plan", sa.JSON(), nullable=False),
        sa.Column("places", sa.JSON(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("wave", sa.Integer(), nullable=False),
        sa.Column("wave_first_day", sa.Date(), nullable=True),
        sa.Column("due_day", sa.Date(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.String(length=80), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.case_id"], name=op.f("fk_roll_outs_case_id_cases")),
        sa.PrimaryKeyConstraint("roll_out_id", name=op.f("pk_roll_outs")),
        sa.UniqueConstraint("case_id", name=op.f("uq_roll_outs_case_id")),
        sa.UniqueConstraint("name", name=op.f("uq_roll_outs_name")),
    )
    op.create_index("ix_roll_outs_state", "roll_outs", ["state"])
    _create_parts()
    _create_effects()


def downgrade() -> None:
    """Take the revision back; roll-outs, what their gates said and what was found by city are forgotten."""
    op.drop_index("ix_remedy_effects_of", table_name="remedy_effects")
    op.drop_table("remedy_effects")
    op.drop_index("ix_roll_out_gates_of", table_name="roll_out_gates")
    op.drop_table("roll_out_gates")
    op.drop_table("roll_out_cities")
    op.drop_index("ix_roll_outs_state", table_name="roll_outs")
    op.drop_table("roll_outs")


def _create_parts() -> None:
    op.create_table(
        "roll_out_cities",
        sa.Column("roll_out_id", sa.Integer(), nullable=False),
        sa.Column("city_id", sa.String(length=128), nullable=False),
        sa.Column("wave", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=24), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("spells", sa.JSON(), nullable=False),
        sa.Column("zones", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["roll_out_id"], ["roll_outs.roll_out_id"], name=op.f("fk_roll_out_cities_roll_out_id_roll_outs")
        ),
        sa.PrimaryKeyConstraint("roll_out_id", "city_id", name=op.f("pk_roll_out_cities")),
    )
    op.create_table(
        "roll_out_gates",
        sa.Column("gate_id", sa.Integer(), nullable=False),
        sa.Column("roll_out_id", sa.Integer(), nullable=False),
        sa.Column("wave", sa.Integer(), nullable=False),
        sa.Column("through_day", sa.Date(), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("verdict", sa.String(length=16), nullable=False),
        sa.Column("because", sa.JSON(), nullable=False),
        sa.Column("readings", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["roll_out_id"], ["roll_outs.roll_out_id"], name=op.f("fk_roll_out_gates_roll_out_id_roll_outs")
        ),
        sa.PrimaryKeyConstraint("gate_id", name=op.f("pk_roll_out_gates")),
    )
    op.create_index("ix_roll_out_gates_of", "roll_out_gates", ["roll_out_id", "wave", "through_day"], unique=True)


def _create_effects() -> None:
    op.create_table(
        "remedy_effects",
        sa.Column("trial_case", sa.Integer(), nullable=False),
        sa.Column("arm", sa.String(length=80), nullable=False),
        sa.Column("city_id", sa.String(length=128), nullable=False),
        sa.Column("remedy", sa.String(length=120), nullable=False),
        sa.Column("trial", sa.String(length=80), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("city", sa.String(length=128), nullable=False),
        sa.Column("metric", sa.String(length=120), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("effect", sa.Float(), nullable=True),
        sa.Column("se", sa.Float(), nullable=True),
        sa.Column("low", sa.Float(), nullable=True),
        sa.Column("high", sa.Float(), nullable=True),
        sa.Column("units", sa.Integer(), nullable=False),
        sa.Column("size", sa.Float(), nullable=False),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["trial_case"], ["cases.case_id"], name=op.f("fk_remedy_effects_trial_case_cases")),
        sa.PrimaryKeyConstraint("trial_case", "arm", "city_id", name=op.f("pk_remedy_effects")),
    )
    op.create_index("ix_remedy_effects_of", "remedy_effects", ["remedy", "metric"])
