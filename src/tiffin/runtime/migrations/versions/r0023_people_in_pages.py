"""Pseudonyms of people, many in one row."""

from collections import defaultdict

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

DIGEST_BYTES, NAME_BYTES = 12, 16


def upgrade() -> None:
    """Move the schema on by one revision."""
    pages, keys, forgotten = _new_tables()
    bind = op.get_bind()
    rows = bind.execute(
        sa.text("SELECT digest, kind, pseudonym, data_key, forgotten_at FROM people ORDER BY digest").columns(
            forgotten_at=sa.DateTime(timezone=True)
        )
    ).all()
    entries: defaultdict[int, bytearray] = defaultdict(bytearray)
    for row in rows:
        if row.pseudonym is not None:
            digest = bytes.fromhex(row.digest)
            entries[int.from_bytes(digest[:2], "big")] += digest + row.pseudonym.encode().ljust(NAME_BYTES, b"\0")
    _put(pages, [{"page": page, "entries": bytes(found)} for page, found in entries.items()])
    _put(keys, [{"pseudonym": row.pseudonym, "data_key": row.data_key} for row in rows if row.data_key is not None])
    gone = [row for row in rows if row.forgotten_at is not None]
    _put(forgotten, [{"digest": row.digest, "kind": row.kind, "forgotten_at": row.forgotten_at} for row in gone])
    op.drop_index("ix_people_forgotten", table_name="people")
    op.drop_index("ix_people_sealed", table_name="people")
    op.drop_table("people")


def downgrade() -> None:
    """Move the schema back by one revision.

    Of which kind somebody is was only told beside those who were forgotten; of others it says so.
    """
    people = op.create_table(
        "people",
        sa.Column("digest", sa.String(length=24), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("pseudonym", sa.String(length=16), nullable=True),
        sa.Column("data_key", sa.String(length=64), nullable=True),
        sa.Column("forgotten_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_people")),
        sqlite_with_rowid=False,
    )
    for name, column in (("ix_people_sealed", "data_key"), ("ix_people_forgotten", "forgotten_at")):
        there = sa.text(f"{column} IS NOT NULL")
        on = ["pseudonym"] if column == "data_key" else [column]
        op.create_index(name, "people", on, unique=column == "data_key", sqlite_where=there, postgresql_where=there)
    bind = op.get_bind()
    keys: dict[str, str] = dict(bind.execute(sa.text("SELECT pseudonym, data_key FROM people_keys")).all())
    rows = []
    for entries in bind.execute(sa.text("SELECT entries FROM people_pages")).scalars():
        for begin in range(0, len(entries), DIGEST_BYTES + NAME_BYTES):
            digest = bytes(entries[begin : begin + DIGEST_BYTES]).hex()
            name = bytes(entries[begin + DIGEST_BYTES : begin + DIGEST_BYTES + NAME_BYTES]).rstrip(b"\0").decode()
            rows.append({"digest": digest, "kind": "unknown", "pseudonym": name, "data_key": keys.get(name)})
    _put(people, [{**row, "forgotten_at": None} for row in rows])
    gone = bind.execute(
        sa.text("SELECT digest, kind, forgotten_at FROM forgotten_people").columns(
            forgotten_at=sa.DateTime(timezone=True)
        )
    ).mappings()
    _put(people, [{**row, "pseudonym": None, "data_key": None} for row in gone])
    for name in ("people_pages", "people_keys", "forgotten_people"):
        op.drop_table(name)


def _new_tables() -> tuple[sa.Table, sa.Table, sa.Table]:
    pages = op.create_table(
        "people_pages",
        sa.Column("page", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("entries", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("page", name=op.f("pk_people_pages")),
    )
    keys = op.create_table(
        "people_keys",
        sa.Column("pseudonym", sa.String(length=16), nullable=False),
        sa.Column("data_key", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("pseudonym", name=op.f("pk_people_keys")),
    )
    forgotten = op.create_table(
        "forgotten_people",
        sa.Column("digest", sa.String(length=24), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("forgotten_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_forgotten_people")),
    )
    return pages, keys, forgotten


def _put(table: sa.Table, rows: list[dict[str, object]]) -> None:
    if rows:
        op.bulk_insert(table, rows)
