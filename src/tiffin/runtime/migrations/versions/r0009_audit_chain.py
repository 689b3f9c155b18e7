"""The hash chain of the audit trail; the entries of before are chained as they stand."""

import sqlalchemy as sa
from alembic import op

from tiffin.runtime.audit_chain import FIRST_DIGEST, HEAD_ID, digest_of
from tiffin.runtime.audit_reading import LINKS, raw_entries
from tiffin.runtime.migrations.versions.r0001_accounts import AUDIT_GUARD

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

CHAIN = ("previous_digest", "digest")

HEAD_GUARD = {
    "sqlite": (
        (
            "create trigger audit_head_stays before delete on audit_head "
            "begin select raise(abort, 'the head of the audit trail only moves on'); end"
        ),
        (
            "create trigger audit_head_grows before update on audit_head when new.entries < old.entries "
            "begin select raise(abort, 'the head of the audit trail only moves on'); end"
        ),
    ),
    "postgresql": (
        "create trigger audit_head_stays before delete on audit_head for each row execute function refuse_change()",
        (
            "create trigger audit_head_grows before update on audit_head for each row "
            "when (new.entries < old.entries) execute function refuse_change()"
        ),
        "create trigger audit_head_is_kept before truncate on audit_head execute function refuse_change()",
        "create trigger audit_entries_are_kept before truncate on audit_entries execute function refuse_change()",
    ),
}
"""Per database: what makes it refuse to remove the head, to move it back, or to empty a table at once."""


def upgrade() -> None:
    """Move the schema on by one revision."""
    op.create_table(
        "audit_head",
        sa.Column("head_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("entries", sa.Integer(), nullable=False),
        sa.Column("last_entry_id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("head_id", name=op.f("pk_audit_head")),
    )
    _let_change()
    for name in CHAIN:
        op.add_column("audit_entries", sa.Column(name, sa.String(length=64), nullable=True))
    _chain(op.get_bind())
    with op.batch_alter_table("audit_entries") as entries:
        for name in CHAIN:
            entries.alter_column(name, existing_type=sa.String(length=64), nullable=False)
    _guard()
    for statement in HEAD_GUARD[op.get_bind().dialect.name]:
        op.execute(statement)


def downgrade() -> None:
    """Take the revision back."""
    _let_change()
    if op.get_bind().dialect.name == "postgresql":
        op.execute("drop trigger audit_entries_are_kept on audit_entries")
    with op.batch_alter_table("audit_entries") as entries:
        for name in CHAIN:
            entries.drop_column(name)
    _guard()
    op.drop_table("audit_head")


def _chain(bind: sa.Connection) -> None:
    chained = sa.text("update audit_entries set previous_digest = :previous, digest = :digest where entry_id = :number")
    count, number, digest = 0, 0, FIRST_DIGEST
    for batch in raw_entries(bind, columns=LINKS):
        steps = []
        for number, *values, _, _ in batch:
            previous, digest = digest, digest_of(digest.encode(), number, values)
            steps.append({"previous": previous, "digest": digest, "number": number})
        bind.execute(chained, steps)
        count += len(batch)
    if count:
        head = sa.text("insert into audit_head values (:head, :count, :number, :digest)")
        bind.execute(head, {"head": HEAD_ID, "count": count, "number": number, "digest": digest})


def _let_change() -> None:
    where = "" if op.get_bind().dialect.name == "sqlite" else " on audit_entries"
    for verb in ("update", "delete"):
        op.execute(f"drop trigger audit_entries_stay_{verb}{where}")


def _guard() -> None:
    *_, trigger = AUDIT_GUARD[op.get_bind().dialect.name]
    for verb in ("update", "delete"):
        op.execute(trigger.format(verb=verb))
