"""The ledger of points and money, which refuses to be changed."""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

TABLES = ("ledger_entries", "ledger_events", "ledger_heads", "ledger_parties", "ledger_terms")
REMOVABLE = ("reason", "reason_salt")
SEALED = ("number", "previous_digest", "digest")
FIXED = (
    "event_id",
    "city_id",
    "incident_key",
    "sequence",
    "kind",
    "verdict_id",
    "follows",
    "decision",
    "at",
    "actor",
    "country",
    "zone_id",
    "order_id",
    "incident",
    "business_date",
    "policy",
    "policy_version",
    "row_name",
    "terms",
    "reason_digest",
)
"""What nobody may change of an event."""


def upgrade() -> None:
    """Move the schema on by one revision."""
    _create_events()
    _create_rest()
    for statement in _guards(op.get_bind().dialect.name):
        op.execute(statement)


def _create_events() -> None:
    op.create_table(
        "ledger_events",
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("city_id", sa.String(length=128), nullable=False),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.Column("incident_key", sa.String(length=255), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("verdict_id", sa.String(length=255), nullable=False),
        sa.Column("follows", sa.String(length=255), nullable=False),
        sa.Column("decision", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(length=26), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("zone_id", sa.String(length=128), nullable=True),
        sa.Column("order_id", sa.String(length=128), nullable=False),
        sa.Column("incident", sa.String(length=32), nullable=False),
        sa.Column("business_date", sa.Date(), nullable=False),
        sa.Column("policy", sa.String(length=128), nullable=False),
        sa.Column("policy_version", sa.String(length=128), nullable=False),
        sa.Column("row_name", sa.String(length=128), nullable=False),
        sa.Column("terms", sa.String(length=64), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("reason_salt", sa.String(length=32), nullable=True),
        sa.Column("reason_digest", sa.String(length=64), nullable=False),
        sa.Column("previous_digest", sa.String(length=64), nullable=True),
        sa.Column("digest", sa.String(length=64), nullable=True),
        sa.PrimaryKeyConstraint("event_id", name=op.f("pk_ledger_events")),
        sa.UniqueConstraint("incident_key", "sequence", name="uq_ledger_events_incident"),
        sa.UniqueConstraint("city_id", "number", name="uq_ledger_events_chain"),
    )
    op.create_index("ix_ledger_events_city_day", "ledger_events", ["city_id", "business_date"])
    op.create_index("ix_ledger_events_verdict", "ledger_events", ["verdict_id"])


def _create_rest() -> None:
    op.create_table(
        "ledger_entries",
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("account", sa.String(length=64), nullable=False),
        sa.Column("unit", sa.String(length=8), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("once", sa.String(length=64), nullable=True),
        sa.ForeignKeyConstraint(
            ["event_id"], ["ledger_events.event_id"], name=op.f("fk_ledger_entries_event_id_ledger_events")
        ),
        sa.PrimaryKeyConstraint("event_id", "line", name=op.f("pk_ledger_entries")),
        sa.UniqueConstraint("once", name=op.f("uq_ledger_entries_once")),
    )
    op.create_index("ix_ledger_entries_account", "ledger_entries", ["account"])
    op.create_table(
        "ledger_heads",
        sa.Column("city_id", sa.String(length=128), nullable=False),
        sa.Column("events", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("city_id", name=op.f("pk_ledger_heads")),
    )
    op.create_table(
        "ledger_parties",
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("city_id", sa.String(length=128), nullable=False),
        sa.Column("party_id", sa.String(length=128), nullable=False),
        sa.Column("salt", sa.String(length=32), nullable=True),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_ledger_parties")),
        sa.UniqueConstraint("kind", "city_id", "party_id", name="uq_ledger_parties_party"),
    )
    op.create_table(
        "ledger_terms",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_ledger_terms")),
    )


def _guards(kind: str) -> list[str]:
    """Give what makes a database refuse every change of the ledger but three.

    An event is sealed once, in the transaction that wrote it. A reason goes together with its salt. A party's name goes
    together with its salt.
    """
    differs = "new.{0} is not old.{0}" if kind == "sqlite" else "new.{0} is distinct from old.{0}"
    told = "the ledger is only ever added to"

    def changed(names: tuple[str, ...]) -> str:
        return " or ".join(differs.format(name) for name in names)

    unsealing = f"(old.digest is not null and ({changed(SEALED)}))"
    rewriting = f"(new.reason_salt is not null and ({changed(REMOVABLE)}))"
    renaming = f"new.salt is not null or {changed(('code', 'kind', 'city_id'))}"
    stops = [
        ("ledger_events_stay_update", "update", "ledger_events", f"{changed(FIXED)} or {unsealing} or {rewriting}"),
        ("ledger_events_stay_delete", "delete", "ledger_events", ""),
        ("ledger_entries_stay_update", "update", "ledger_entries", ""),
        ("ledger_entries_stay_delete", "delete", "ledger_entries", ""),
        ("ledger_heads_grow", "update", "ledger_heads", "new.events < old.events"),
        ("ledger_heads_stay_delete", "delete", "ledger_heads", ""),
        ("ledger_parties_stay_update", "update", "ledger_parties", renaming),
        ("ledger_parties_stay_delete", "delete", "ledger_parties", ""),
        ("ledger_terms_stay_update", "update", "ledger_terms", ""),
        ("ledger_terms_stay_delete", "delete", "ledger_terms", ""),
    ]
    if kind == "sqlite":
        return [
            f"create trigger {name} before {verb} on {table} {f'when {when} ' if when else ''}"
            f"begin select raise(abort, '{told}'); end"
            for name, verb, table, when in stops
        ]
    function = (
        "create or replace function refuse_ledger_change() returns trigger language plpgsql as "
        f"$$ begin raise exception '{told}'; end $$"
    )
    rows = [
        f"create trigger {name} before {verb} on {table} for each row {f'when ({when}) ' if when else ''}"
        "execute function refuse_ledger_change()"
        for name, verb, table, when in stops
    ]
    whole = [
        f"create trigger {table}_is_kept before truncate on {table} execute function refuse_ledger_change()"
        for table in TABLES
    ]
    return [function, *rows, *whole]


def downgrade() -> None:
    """Take the revision back; nothing of the ledger is left."""
    for table in TABLES:
        op.drop_table(table)
    if op.get_bind().dialect.name == "postgresql":
        op.execute("drop function refuse_ledger_change()")
