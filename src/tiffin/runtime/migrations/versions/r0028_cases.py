"""Chained events of cases, timers, effects, evidence and queues.

The events of before are chained as they stand; one entry of the audit trail tells how many they were and the digest of
all of them, since none of them was told there with a digest of its own.
"""

import json
import secrets
from collections.abc import Iterator
from datetime import UTC, datetime
from hashlib import sha256
from itertools import groupby
from typing import Any

import sqlalchemy as sa
from alembic import op

from tiffin.engines.cases.chain import FIRST_DIGEST, Link, case_name, digest_of, said_in, whole_of
from tiffin.runtime.actor_codes import coded
from tiffin.runtime.audit_chain import Entry, append
from tiffin.runtime.pieces import SALT_BYTES, pieces_of, sealed_root
from tiffin.runtime.tables import Instant

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

CHAINED = "cases_chained"
"""The entry of the audit trail that tells of the events of before."""

EVENT: dict[str, Any] = {"opening": sa.JSON(), "salt": sa.String(length=32), "remainder": sa.Text()}
CHAIN: dict[str, Any] = {name: sa.String(length=64) for name in ("pieces", "previous_digest", "digest")}
CASE: dict[str, Any] = {"timezone": sa.String(length=64), "language": sa.String(length=16)}
KEPT = (
    "event_id",
    "case_id",
    "sequence",
    "at",
    "actor",
    "action",
    "is_platform",
    "pieces",
    "previous_digest",
    "digest",
)
"""What nobody may change of an event, also not to remove a text from it."""

GUARD = {
    "sqlite": (
        (
            "create trigger case_events_stay_update before update on case_events when new.salt is not null "
            "or new.remainder is null or {changed} begin select raise(abort, 'events of cases are only ever added'); "
            "end"
        ),
        (
            "create trigger case_events_stay_delete before delete on case_events "
            "begin select raise(abort, 'events of cases are only ever added'); end"
        ),
    ),
    "postgresql": (
        (
            "create or replace function refuse_event_change() returns trigger language plpgsql as "
            "$$ begin raise exception 'events of cases are only ever added'; end $$"
        ),
        (
            "create trigger case_events_stay_update before update on case_events for each row "
            "when (new.salt is not null or new.remainder is null or {changed}) execute function refuse_event_change()"
        ),
        (
            "create trigger case_events_stay_delete before delete on case_events for each row "
            "execute function refuse_event_change()"
        ),
        "create trigger case_events_are_kept before truncate on case_events execute function refuse_event_change()",
    ),
}
"""Per database: what makes it refuse every change of an event but the removal of a text with its salt."""


def upgrade() -> None:
    """Move the schema on by one revision."""
    for name, kind in {**EVENT, **CHAIN}.items():
        op.add_column("case_events", sa.Column(name, kind, nullable=True))
    for name, kind in {**CASE, "skill": sa.String(length=64)}.items():
        op.add_column("cases", sa.Column(name, kind, nullable=True))
    _chain(op.get_bind())
    with op.batch_alter_table("case_events") as events:
        for name, kind in CHAIN.items():
            events.alter_column(name, existing_type=kind, nullable=False)
    op.create_index(op.f("ix_cases_assignee"), "cases", ["assignee"])
    dialect = op.get_bind().dialect.name
    differs = "new.{0} is not old.{0}" if dialect == "sqlite" else "new.{0} is distinct from old.{0}"
    changed = " or ".join(differs.format(name) for name in KEPT)
    for statement in GUARD[dialect]:
        op.execute(statement.replace("{changed}", changed))
    _create_work()
    _create_evidence()


def downgrade() -> None:
    """Take it back."""
    for table in ("case_evidence", "case_workers", "case_timers", "case_effects"):
        op.drop_table(table)
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    triggers = ("stay_update", "stay_delete") if is_sqlite else ("stay_update", "stay_delete", "are_kept")
    for name in triggers:
        op.execute(f"drop trigger case_events_{name}" + ("" if is_sqlite else " on case_events"))
    if not is_sqlite:
        op.execute("drop function refuse_event_change")
    named = "(select name from actor_codes where code = case_events.actor)"
    op.execute(f"update case_events set actor = coalesce({named}, actor)")  # noqa: S608 - texts of our own
    op.drop_index(op.f("ix_cases_assignee"), table_name="cases")
    for name in (*CASE, "skill"):
        op.drop_column("cases", name)
    for name in (*EVENT, *CHAIN):
        op.drop_column("case_events", name)


def _create_work() -> None:
    op.create_table(
        "case_effects",
        sa.Column("effect_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("case_type", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("created_at", Instant(timezone=True), nullable=False),
        *_taking(),
        sa.Column("done_at", Instant(timezone=True), nullable=True),
        sa.Column("dead_at", Instant(timezone=True), nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["cases.case_id"], name=op.f("fk_case_effects_case_id_cases")),
        sa.PrimaryKeyConstraint("effect_id", name=op.f("pk_case_effects")),
        sa.UniqueConstraint("key", name=op.f("uq_case_effects_key")),
    )
    op.create_index(op.f("ix_case_effects_case_id"), "case_effects", ["case_id"])
    op.create_index("ix_case_effects_waiting", "case_effects", ["done_at", "dead_at", "due_at"])
    op.create_table(
        "case_timers",
        sa.Column("timer_id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("clock", sa.String(length=64), nullable=False),
        sa.Column("runs_out_at", Instant(timezone=True), nullable=False),
        *_taking(),
        sa.Column("fired_at", Instant(timezone=True), nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["cases.case_id"], name=op.f("fk_case_timers_case_id_cases")),
        sa.PrimaryKeyConstraint("timer_id", name=op.f("pk_case_timers")),
        sa.UniqueConstraint("case_id", "clock", name="uq_case_timers_case_clock"),
    )
    op.create_index("ix_case_timers_waiting", "case_timers", ["fired_at", "due_at"])
    op.create_table(
        "case_workers",
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("skills", sa.JSON(), nullable=False),
        sa.Column("languages", sa.JSON(), nullable=False),
        sa.Column("countries", sa.JSON(), nullable=False),
        sa.Column("most", sa.Integer(), nullable=False),
        sa.Column("is_on_duty", sa.Boolean(), nullable=False),
        sa.Column("changed_at", Instant(timezone=True), nullable=False),
        sa.Column("changed_by", sa.String(length=80), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_case_workers")),
    )


def _taking() -> tuple["sa.Column[Any]", ...]:
    return (
        sa.Column("due_at", Instant(timezone=True), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("leased_by", sa.String(length=64), nullable=True),
        sa.Column("leased_until", Instant(timezone=True), nullable=True),
    )


def _create_evidence() -> None:
    op.create_table(
        "case_evidence",
        sa.Column("evidence_id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("media_type", sa.String(length=64), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("person", sa.String(length=128), nullable=True),
        sa.Column("added_at", Instant(timezone=True), nullable=False),
        sa.Column("added_by", sa.String(length=80), nullable=False),
        sa.Column("keep_until", Instant(timezone=True), nullable=False),
        sa.Column("redacted_by", sa.Integer(), nullable=True),
        sa.Column("gone_at", Instant(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["cases.case_id"], name=op.f("fk_case_evidence_case_id_cases")),
        sa.ForeignKeyConstraint(
            ["redacted_by"], ["case_evidence.evidence_id"], name=op.f("fk_case_evidence_redacted_by_case_evidence")
        ),
        sa.PrimaryKeyConstraint("evidence_id", name=op.f("pk_case_evidence")),
    )
    for name in ("case_id", "digest", "keep_until"):
        op.create_index(op.f(f"ix_case_evidence_{name}"), "case_evidence", [name])


def _chain(bind: sa.Connection) -> None:
    """Chain the events of each case, and tell on the trail what there was."""
    bind.execute(sa.text("update cases set skill = case_type"))
    names = {name for (name,) in bind.execute(sa.text("select distinct actor from case_events"))}
    if not names:
        return
    codes = {row.name: row.code for row in bind.execute(sa.text("select code, name from actor_codes"))}
    fresh = [coded(name) for name in sorted(names - codes.keys())]
    if fresh:
        bind.execute(sa.text("insert into actor_codes (code, name, salt) values (:code, :name, :salt)"), fresh)
    codes |= {row["name"]: row["code"] for row in fresh}
    count, last, everything = 0, 0, sha256()
    cases = bind.execute(sa.text("select * from cases order by case_id")).mappings().all()
    events = groupby(_events(bind), key=lambda one: one["case_id"])
    logs = {case_id: list(log) for case_id, log in events}
    for case in cases:
        log = logs.get(case["case_id"], [])
        rows = list(_linked(case, log, codes))
        bind.execute(_EVENT, rows)
        count, last = count + len(rows), max(last, *(row["id"] for row in rows))
        for row in rows:
            everything.update(row["new_digest"].encode())
    told = {"events": count, "last": last, "digest": everything.hexdigest()}
    append(bind, [Entry(datetime.now(UTC), "platform", CHAINED, "all", "done", told)])


_EVENT = sa.text(
    "update case_events set actor = :new_actor, opening = :new_opening, salt = :new_salt, pieces = :new_pieces, "
    "previous_digest = :new_previous, digest = :new_digest where event_id = :id"
).bindparams(sa.bindparam("new_opening", type_=sa.JSON(none_as_null=True)))


def _events(bind: sa.Connection) -> Iterator[dict[str, Any]]:
    stated = sa.text(
        "select event_id, case_id, sequence, at, actor, action, is_platform, details from case_events "
        "order by case_id, sequence"
    ).columns(at=Instant(), details=sa.JSON(), is_platform=sa.Boolean())
    for row in bind.execute(stated).mappings():
        yield dict(row)


def _linked(case: Any, log: list[dict[str, Any]], codes: dict[str, str]) -> Iterator[dict[str, Any]]:
    previous = FIRST_DIGEST
    first = next((one["details"]["was"] for one in log if one["details"].get("was")), case["severity"])
    for event in log:
        opening = _opening(case, first) if event["sequence"] == 1 else None
        said = said_in(event["details"], opening)
        salt = secrets.token_hex(SALT_BYTES)
        sealed = whole_of(salt, said), sealed_root(salt, list(pieces_of(said)))
        name = case_name(case["case_type"], case["case_id"])
        placed = name, event["sequence"], event["at"], codes[event["actor"]], event["action"], event["is_platform"]
        digest = digest_of(Link(*placed, *sealed, previous, ""))
        links = {"new_previous": previous, "new_digest": digest, "new_pieces": sealed[1], "new_salt": salt}
        yield {**links, "new_actor": codes[event["actor"]], "new_opening": opening, "id": event["event_id"]}
        previous = digest


def _opening(case: Any, severity: str) -> dict[str, Any]:
    said = {name: case[name] for name in ("headline", "subject", "country", "city_id")}
    more = {"key": case["dedup_key"], "severity": severity, "skill": case["case_type"]}
    return dict(json.loads(json.dumps({**said, **more, "timezone": None, "language": None})))
