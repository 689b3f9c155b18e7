"""Requirements, feedback and surveys."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Move the schema on by one revision."""
    op.create_table(
        "adoption_items",
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("headline", sa.Text(), nullable=False),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.Column("author", sa.String(length=80), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("assignee", sa.String(length=80), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("item_id", name=op.f("pk_adoption_items")),
    )
    op.create_index(op.f("ix_adoption_items_author"), "adoption_items", ["author"], unique=False)
    op.create_index("ix_adoption_items_kind_state", "adoption_items", ["kind", "state"], unique=False)
    op.create_index(op.f("ix_adoption_items_subject"), "adoption_items", ["subject"], unique=False)
    op.create_table(
        "adoption_events",
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(length=80), nullable=False),
        sa.Column("action", sa.String(length=40), nullable=False),
        sa.Column("is_platform", sa.Boolean(), nullable=False),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["item_id"], ["adoption_items.item_id"], name=op.f("fk_adoption_events_item_id_adoption_items")
        ),
        sa.PrimaryKeyConstraint("event_id", name=op.f("pk_adoption_events")),
        sa.UniqueConstraint("item_id", "sequence", name="uq_adoption_events_item_sequence"),
    )
    op.create_table(
        "adoption_views",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("account", sa.String(length=80), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("views", sa.Integer(), nullable=False),
        sa.Column("total_ms", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("day", "account", "subject", name=op.f("pk_adoption_views")),
    )
    op.create_index("ix_adoption_views_subject_day", "adoption_views", ["subject", "day"], unique=False)
    op.create_table(
        "adoption_survey_answers",
        sa.Column("answer_id", sa.Integer(), nullable=False),
        sa.Column("wave", sa.String(length=10), nullable=False),
        sa.Column("pseudonym", sa.String(length=64), nullable=False),
        sa.Column("role", sa.String(length=40), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("scores", sa.JSON(), nullable=False),
        sa.Column("remark", sa.Text(), nullable=False),
        sa.Column("locale", sa.String(length=16), nullable=False),
        sa.Column("answered_on", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("answer_id", name=op.f("pk_adoption_survey_answers")),
        sa.UniqueConstraint("wave", "pseudonym", name="uq_adoption_survey_answers_wave_pseudonym"),
    )
    op.create_table(
        "adoption_survey_pauses",
        sa.Column("pseudonym", sa.String(length=64), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("pseudonym", name=op.f("pk_adoption_survey_pauses")),
    )


def downgrade() -> None:
    """Take the revision back."""
    op.drop_table("adoption_survey_pauses")
    op.drop_table("adoption_survey_answers")
    op.drop_index("ix_adoption_views_subject_day", table_name="adoption_views")
    op.drop_table("adoption_views")
    op.drop_table("adoption_events")
    op.drop_index(op.f("ix_adoption_items_subject"), table_name="adoption_items")
    op.drop_index("ix_adoption_items_kind_state", table_name="adoption_items")
    op.drop_index(op.f("ix_adoption_items_author"), table_name="adoption_items")
    op.drop_table("adoption_items")
