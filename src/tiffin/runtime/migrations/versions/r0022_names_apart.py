"""Names and texts of the trail and the ledger under salts, so that they can be removed; old entries are carried over.

Both chains are verified as they were, then written anew: actors as codes, subjects, details and bodies under salts. One
entry of the trail tells how the former chains ended and what was wrong with them.
"""

import json
import secrets
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

import sqlalchemy as sa
from alembic import op

from tiffin.kernel.errors import Conflict
from tiffin.runtime.actor_codes import coded, drawn_mark
from tiffin.runtime.audit_chain import (
    FIRST_DIGEST,
    HEAD_ID,
    INSTANT_FORMAT,
    digest_of,
    entry_pieces,
    whole_of,
)
from tiffin.runtime.audit_former import CARRIED_OVER
from tiffin.runtime.audit_reading import LINKS, raw_entries
from tiffin.runtime.migrations.versions.r0001_accounts import AUDIT_GUARD
from tiffin.runtime.migrations.versions.r0009_audit_chain import HEAD_GUARD
from tiffin.runtime.pieces import SALT_BYTES, pieces_of, sealed_root
from tiffin.runtime.tables import Instant

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

TABLES = ("audit_entries", "published_numbers")
KEPT = ("entry_id", "at", "actor", "action", "outcome", "pieces", "previous_digest", "digest")
"""What nobody may change of an entry, also not to remove a text from it."""

GUARD = {
    "sqlite": (
        "create trigger audit_entries_stay_update before update on audit_entries when new.salt is not null "
        "or new.remainder is null or {changed} begin select raise(abort, 'audit entries are only ever added'); end"
    ),
    "postgresql": (
        "create trigger audit_entries_stay_update before update on audit_entries for each row "
        "when (new.salt is not null or new.remainder is null or {changed}) execute function refuse_change()"
    ),
}
"""Per database: what makes it refuse every change of an entry but the removal of a text with its salt."""


def upgrade() -> None:
    """Move the schema on by one revision."""
    op.create_table(
        "actor_codes",
        sa.Column("code", sa.String(length=26), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("salt", sa.String(length=32), nullable=True),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_actor_codes")),
        sa.UniqueConstraint("name", name=op.f("uq_actor_codes_name")),
    )
    op.add_column("access_erasures", sa.Column("left_out", sa.JSON(), nullable=True))
    op.add_column("audit_head", sa.Column("names_mark", sa.String(length=16), nullable=True))
    _let_change(("update", "delete"))
    for table in TABLES:
        op.add_column(table, sa.Column("salt", sa.String(length=32), nullable=True))
        op.add_column(table, sa.Column("pieces", sa.String(length=64), nullable=True))
        op.add_column(table, sa.Column("remainder", sa.Text(), nullable=True))
    _carry_over(op.get_bind())
    for table in TABLES:
        with op.batch_alter_table(table) as changed:
            changed.alter_column("pieces", existing_type=sa.String(length=64), nullable=False)
    with op.batch_alter_table("audit_head") as head:
        head.alter_column("names_mark", existing_type=sa.String(length=16), nullable=False)
    _guard_head()
    kind = op.get_bind().dialect.name
    differs = "new.{0} is not old.{0}" if kind == "sqlite" else "new.{0} is distinct from old.{0}"
    op.execute(GUARD[kind].format(changed=" or ".join(differs.format(name) for name in KEPT)))
    op.execute(AUDIT_GUARD[kind][-1].format(verb="delete"))


def downgrade() -> None:
    """Take the revision back."""
    _let_change(("update", "delete"))
    _carry_back(op.get_bind())
    for table in TABLES:
        with op.batch_alter_table(table) as changed:
            for name in ("remainder", "pieces", "salt"):
                changed.drop_column(name)
    with op.batch_alter_table("audit_head") as head:
        head.drop_column("names_mark")
    _guard_head()
    with op.batch_alter_table("access_erasures") as erasures:
        erasures.drop_column("left_out")
    op.drop_table("actor_codes")
    for verb in ("update", "delete"):
        op.execute(AUDIT_GUARD[op.get_bind().dialect.name][-1].format(verb=verb))


def _carry_over(bind: sa.Connection) -> None:
    names = {name for (name,) in bind.execute(sa.text("select distinct actor from audit_entries"))}
    names |= {name for (name,) in bind.execute(sa.text("select distinct published_by from published_numbers"))}
    names |= {"platform"} if names else set()
    rows = [coded(name) for name in sorted(names)]
    codes = {row["name"]: row["code"] for row in rows}
    if rows:
        bind.execute(sa.text("insert into actor_codes (code, name, salt) values (:code, :name, :salt)"), rows)
    ledger = _carry_ledger(bind, codes)
    count, number, ends, faults = _carry_trail(bind, codes)
    if count:
        details = {"entries": count, "digest": ends[0], "faults": faults, **ledger}
        _tell(bind, number + 1, ends[1], codes["platform"], details)
    head = sa.text("update audit_head set names_mark = :mark")
    bind.execute(head, {"mark": drawn_mark()})


def _carry_trail(bind: sa.Connection, codes: dict[str, str]) -> tuple[int, int, tuple[str, str], int]:
    """Verify and write anew every entry; gives count, last number, the former and the new last digest, faults."""
    changed = sa.text(
        "update audit_entries set actor = :actor, salt = :salt, pieces = :pieces, previous_digest = :previous, "
        "digest = :digest where entry_id = :number"
    )
    count, number, former, digest, faults = 0, 0, FIRST_DIGEST.encode(), FIRST_DIGEST, 0
    for batch in raw_entries(bind, columns=LINKS):
        rows = []
        for number, *values, previous, said in batch:
            faults += previous != former or digest_of(previous, number, values).encode() != said
            former, count = said, count + 1
            row = _entry(number, values, codes[values[1].decode()], digest)
            digest = row["digest"]
            rows.append(row)
        bind.execute(changed, rows)
    if count:
        head = bind.execute(sa.text("select entries, digest from audit_head")).one_or_none()
        faults += head is None or (head.entries, head.digest.encode()) != (count, former)
    return count, number, (former.decode(), digest), faults


def _entry(number: int, values: list[bytes], code: str, previous: str) -> dict[str, Any]:
    at, _, action, subject, outcome, details = values
    salt = secrets.token_hex(SALT_BYTES)
    try:
        pieces = sealed_root(salt, entry_pieces(subject.decode(), json.loads(details)))
    except (ValueError, AttributeError) as error:
        raise Conflict(
            f"Entry {number} of the audit trail was expected to hold a text and JSON; it holds something else, which "
            "Tiffin never wrote. Find out who changed it, and restore the database from a backup."
        ) from error
    whole = whole_of(salt.encode(), subject, details)
    digest = digest_of(previous.encode(), number, [at, code.encode(), action, outcome, whole, pieces.encode()])
    links = {"previous": previous, "digest": digest}
    return {"actor": code, "salt": salt, "pieces": pieces, "number": number, **links}


def _tell(bind: sa.Connection, number: int, previous: str, code: str, details: dict[str, Any]) -> None:
    """Add the entry that says how the former chains ended."""
    at = datetime.now(UTC)
    told = [at.strftime(INSTANT_FORMAT), "platform", CARRIED_OVER, "all", "done", json.dumps(details)]
    row = _entry(number, [one.encode() for one in told], code, previous)
    values = {name: row[name] for name in ("actor", "salt", "pieces", "digest")}
    values |= {"entry_id": number, "action": CARRIED_OVER, "subject": "all", "outcome": "done", "previous": previous}
    plain = sa.text(
        "insert into audit_entries (entry_id, at, actor, action, subject, outcome, details, salt, pieces, "
        "previous_digest, digest) values (:entry_id, :at, :actor, :action, :subject, :outcome, :details, :salt, "
        ":pieces, :previous, :digest)"
    ).bindparams(sa.bindparam("details", type_=sa.JSON()), sa.bindparam("at", type_=Instant()))
    bind.execute(plain, {**values, "at": at, "details": details})
    count = bind.execute(sa.text("select count(*) from audit_entries")).scalar_one()
    head = {"count": count, "number": number, "digest": row["digest"], "head": HEAD_ID}
    moved = sa.text("update audit_head set entries = :count, last_entry_id = :number, digest = :digest")
    if not bind.execute(moved, head).rowcount:
        begun = (
            "insert into audit_head (head_id, entries, last_entry_id, digest) values (:head, :count, :number, :digest)"
        )
        bind.execute(sa.text(begun), head)


def _carry_ledger(bind: sa.Connection, codes: dict[str, str]) -> dict[str, Any]:
    """Verify and write anew every published number; gives what the trail tells of it."""
    changed = sa.text(
        "update published_numbers set published_by = :by, body = :body, salt = :salt, pieces = :pieces, "
        "previous_hash = :previous, entry_hash = :hash where position = :position"
    )
    former, link, faults, count = FIRST_DIGEST, FIRST_DIGEST, 0, 0
    for row in _published(bind):
        true = sha256(f"{row.previous_hash}\n{row.body}".encode()).hexdigest()
        faults += row.previous_hash != former or row.entry_hash != true
        former, count, salt = row.entry_hash, count + 1, secrets.token_hex(SALT_BYTES)
        said = json.loads(row.body)
        said["published_by"] = codes[row.published_by]
        said["receipt"]["asked_by"] = codes[row.published_by]
        body, pieces = _canonical(said), sealed_root(salt, list(pieces_of(said)))
        whole = sha256(f"{salt}\n{body}".encode()).hexdigest()
        previous, link = link, sha256(f"{link}\n{whole}\n{pieces}".encode()).hexdigest()
        fresh = {"by": codes[row.published_by], "body": body, "salt": salt, "pieces": pieces}
        bind.execute(changed, {**fresh, "previous": previous, "hash": link, "position": row.position})
    if not count:
        return {}
    return {"ledger": count, "ledger_digest": former, "ledger_faults": faults, "ledger_head": link}


def _carry_back(bind: sa.Connection) -> None:
    """Write both chains as they were; what was removed stays removed."""
    names = {row.code: row.name for row in bind.execute(sa.text("select code, name from actor_codes"))}
    link = FIRST_DIGEST
    for row in _published(bind):
        said = json.loads(row.body)
        said["published_by"] = said["receipt"]["asked_by"] = names[row.published_by]
        body = _canonical(said)
        previous, link = link, sha256(f"{link}\n{body}".encode()).hexdigest()
        values = {"by": names[row.published_by], "body": body, "previous": previous, "hash": link, "n": row.position}
        told = "published_by = :by, body = :body, previous_hash = :previous, entry_hash = :hash"
        bind.execute(sa.text(f"update published_numbers set {told} where position = :n"), values)  # noqa: S608 - ours
    count, digest = 0, FIRST_DIGEST
    changed = sa.text(
        "update audit_entries set actor = :actor, previous_digest = :previous, digest = :digest where entry_id = :n"
    )
    for batch in raw_entries(bind, columns=LINKS):
        steps = []
        for number, at, code, *others, _, _ in batch:
            name, previous, count = names[code.decode()], digest, count + 1
            texts = [at, name.encode(), *others]
            digest = digest_of(digest.encode(), int(number), texts)
            steps.append({"actor": name, "previous": previous, "digest": digest, "n": number})
        bind.execute(changed, steps)
    if count:
        bind.execute(sa.text("update audit_head set digest = :digest"), {"digest": digest})


def _published(bind: sa.Connection) -> Iterator[Any]:
    columns = "position, published_by, body, previous_hash, entry_hash"
    rows: Iterable[Any] = bind.execute(
        sa.text(f"select {columns} from published_numbers order by position")  # noqa: S608 - columns of our own
    ).all()
    yield from rows


def _canonical(plain: Any) -> str:
    return json.dumps(plain, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def _let_change(verbs: tuple[str, ...]) -> None:
    where = "" if op.get_bind().dialect.name == "sqlite" else " on audit_entries"
    for verb in verbs:
        op.execute(f"drop trigger audit_entries_stay_{verb}{where}")


def _guard_head() -> None:
    # SQLite makes a changed table anew, without its triggers.
    for statement in HEAD_GUARD["sqlite"] if op.get_bind().dialect.name == "sqlite" else ():
        op.execute(statement)
