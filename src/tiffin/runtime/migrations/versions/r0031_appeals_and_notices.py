"""Appeals of verdicts, how rows stand by them, and notices as they were sent."""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Move the schema on by one revision."""
    _add_appeals()
    _add_row_standings()
    _add_notices()


def downgrade() -> None:
    """Take it back."""
    op.drop_table("notice_reads")
    for name in ("ix_notices_subject", "ix_notices_party"):
        op.drop_index(name, table_name="notices")
    op.drop_table("notices")
    op.drop_table("notice_texts")
    op.drop_table("row_standings")
    for name in ("ix_appeals_row", "ix_appeals_party"):
        op.drop_index(name, table_name="appeals")
    op.drop_table("appeals")


def _add_appeals() -> None:
    op.create_table(
        "appeals",
        sa.Column("appeal_id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("verdict_id", sa.String(length=255), nullable=False),
        sa.Column("current_verdict_id", sa.String(length=255), nullable=False),
        sa.Column("party_kind", sa.String(length=16), nullable=False),
        sa.Column("party_id", sa.String(length=128), nullable=False),
        sa.Column("city_id", sa.String(length=128), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("policy", sa.String(length=128), nullable=False),
        sa.Column("policy_version", sa.String(length=128), nullable=False),
        sa.Column("row_name", sa.String(length=128), nullable=False),
        sa.Column("lodged_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lodged_by", sa.String(length=80), nullable=False),
        sa.Column("outcome", sa.String(length=24), nullable=True),
        sa.Column("decided_by", sa.String(length=80), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["cases.case_id"], name=op.f("fk_appeals_case_id_cases")),
        sa.PrimaryKeyConstraint("appeal_id", name=op.f("pk_appeals")),
        sa.UniqueConstraint("case_id", name=op.f("uq_appeals_case_id")),
        sa.UniqueConstraint("verdict_id", "party_kind", "party_id", name="uq_appeals_verdict_party"),
    )
    op.create_index("ix_appeals_party", "appeals", ["city_id", "party_kind", "party_id"])
    op.create_index("ix_appeals_row", "appeals", ["policy", "row_name"])


def _add_row_standings() -> None:
    op.create_table(
        "row_standings",
        sa.Column("row_standing_id", sa.Integer(), nullable=False),
        sa.Column("policy", sa.String(length=128), nullable=False),
        sa.Column("row_name", sa.String(length=128), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("row_digest", sa.String(length=64), nullable=False),
        sa.Column("counted_from", sa.DateTime(timezone=True), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by", sa.String(length=80), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["cases.case_id"], name=op.f("fk_row_standings_case_id_cases")),
        sa.PrimaryKeyConstraint("row_standing_id", name=op.f("pk_row_standings")),
        sa.UniqueConstraint("policy", "row_name", name="uq_row_standings_row"),
    )


def _add_notices() -> None:
    op.create_table(
        "notice_texts",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("since", sa.String(length=10), nullable=False),
        sa.Column("audience", sa.String(length=16), nullable=False),
        sa.Column("locale", sa.String(length=16), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_notice_texts")),
    )
    op.create_table(
        "notices",
        sa.Column("notice_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("subject", sa.String(length=255), nullable=False),
        sa.Column("occasion", sa.String(length=64), nullable=False),
        sa.Column("order_id", sa.String(length=128), nullable=False),
        sa.Column("city_id", sa.String(length=128), nullable=False),
        sa.Column("party_kind", sa.String(length=16), nullable=False),
        sa.Column("party_id", sa.String(length=128), nullable=False),
        sa.Column("locale", sa.String(length=16), nullable=False),
        sa.Column("version", sa.String(length=64), nullable=False),
        sa.Column("pieces", sa.JSON(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_by", sa.String(length=80), nullable=False),
        sa.ForeignKeyConstraint(["version"], ["notice_texts.digest"], name=op.f("fk_notices_version_notice_texts")),
        sa.PrimaryKeyConstraint("notice_id", name=op.f("pk_notices")),
        sa.UniqueConstraint("kind", "subject", "party_kind", "party_id", "occasion", name="uq_notices_occasion"),
    )
    op.create_index("ix_notices_party", "notices", ["city_id", "party_kind", "party_id", "notice_id"])
    op.create_index(op.f("ix_notices_subject"), "notices", ["subject"])
    op.create_table(
        "notice_reads",
        sa.Column("notice_id", sa.Integer(), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["notice_id"], ["notices.notice_id"], name=op.f("fk_notice_reads_notice_id_notices")),
        sa.PrimaryKeyConstraint("notice_id", name=op.f("pk_notice_reads")),
    )
