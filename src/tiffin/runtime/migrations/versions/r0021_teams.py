"""One count of who used what: views of pages are uses like all others."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

_VIEWS = sa.table(
    "adoption_views",
    sa.column("day", sa.Date),
    sa.column("account", sa.String),
    sa.column("subject", sa.String),
    sa.column("views", sa.Integer),
    sa.column("total_ms", sa.Integer),
)
_USES = sa.table(
    "asset_uses",
    sa.column("asset", sa.String),
    sa.column("actor", sa.String),
    sa.column("day", sa.Date),
    sa.column("uses", sa.Integer),
    sa.column("milliseconds", sa.Float),
)
_LONGEST_SUBJECT = 200


def upgrade() -> None:
    """Move the schema on by one revision."""
    view, use = _VIEWS.c, _USES.c
    # What both had counted is one use and stays as it was counted there.
    known = sa.exists().where(use.asset == view.subject, use.actor == view.account, use.day == view.day)
    found = sa.select(view.subject, view.account, view.day, view.views, view.total_ms).where(~known)
    op.execute(sa.insert(_USES).from_select(["asset", "actor", "day", "uses", "milliseconds"], found))
    op.drop_index("ix_adoption_views_subject_day", table_name="adoption_views")
    op.drop_table("adoption_views")
    op.create_index("ix_asset_uses_day", "asset_uses", ["day"], unique=False)


def downgrade() -> None:
    """Take the revision back."""
    op.drop_index("ix_asset_uses_day", table_name="asset_uses")
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
    use = _USES.c
    rounded = sa.cast(use.milliseconds, sa.Integer)
    found = sa.select(use.day, use.actor, use.asset, use.uses, rounded).where(
        sa.func.length(use.asset) <= _LONGEST_SUBJECT
    )
    op.execute(sa.insert(_VIEWS).from_select(["day", "account", "subject", "views", "total_ms"], found))
    # Pages were counted there alone.
    op.execute(sa.delete(_USES).where(use.asset.like("page:%")))
