"""Second looks at verdicts, what was judged blind, and gold cases."""

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Move the schema on by one revision."""
    _add_gold_cases()
    _add_second_looks()
    _add_second_judgements()


def downgrade() -> None:
    """Take it back."""
    op.drop_table("second_judgements")
    op.drop_index("ix_second_looks_city", table_name="second_looks")
    op.drop_table("second_looks")
    op.drop_table("gold_cases")


def _add_gold_cases() -> None:
    op.create_table(
        "gold_cases",
        sa.Column("gold_id", sa.Integer(), nullable=False),
        sa.Column("verdict_id", sa.String(length=255), nullable=False),
        sa.Column("city_id", sa.String(length=128), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("incident", sa.String(length=32), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("liable", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.String(length=80), nullable=False),
        sa.Column("agreed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("agreed_by", sa.String(length=80), nullable=True),
        sa.PrimaryKeyConstraint("gold_id", name=op.f("pk_gold_cases")),
        sa.UniqueConstraint("verdict_id", name="uq_gold_cases_verdict"),
    )


def _add_second_looks() -> None:
    op.create_table(
        "second_looks",
        sa.Column("look_id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("verdict_id", sa.String(length=255), nullable=True),
        sa.Column("gold_id", sa.Integer(), nullable=True),
        sa.Column("city_id", sa.String(length=128), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("incident", sa.String(length=32), nullable=False),
        sa.Column("share", sa.Float(), nullable=False),
        sa.Column("plan", sa.String(length=10), nullable=False),
        sa.Column("drawn_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.case_id"], name=op.f("fk_second_looks_case_id_cases")),
        sa.ForeignKeyConstraint(["gold_id"], ["gold_cases.gold_id"], name=op.f("fk_second_looks_gold_id_gold_cases")),
        sa.PrimaryKeyConstraint("look_id", name=op.f("pk_second_looks")),
        sa.UniqueConstraint("case_id", name=op.f("uq_second_looks_case_id")),
        sa.UniqueConstraint("verdict_id", name="uq_second_looks_verdict"),
    )
    op.create_index("ix_second_looks_city", "second_looks", ["city_id", "drawn_at"])


def _add_second_judgements() -> None:
    op.create_table(
        "second_judgements",
        sa.Column("look_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("judge", sa.String(length=80), nullable=False),
        sa.Column("liable", sa.String(length=16), nullable=False),
        sa.Column("confidence", sa.Float(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("judged_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["look_id"], ["second_looks.look_id"], name=op.f("fk_second_judgements_look_id_second_looks")
        ),
        sa.PrimaryKeyConstraint("look_id", "number", name=op.f("pk_second_judgements")),
        sa.UniqueConstraint("look_id", "judge", name="uq_second_judgements_judge"),
    )
