"""The chain of the audit trail: whatever is done to it behind Tiffin's back is found, and told where."""

import hashlib
import json
from collections.abc import Callable
from datetime import UTC, datetime
from itertools import combinations, pairwise
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, delete, insert, select, text, update

from tiffin.kernel.errors import Conflict
from tiffin.runtime.audit_chain import FIRST_DIGEST, HASHED, Anchor, Entry, append, digest_of, whole_of
from tiffin.runtime.audit_checking import FAULTS_TOLD, FaultKind, TrailCheck, check_trail
from tiffin.runtime.database import unit_of
from tiffin.runtime.models import AuditEntry, AuditHead
from tiffin.runtime.schema import ready_engine

AT = datetime(2026, 2, 20, 10, 0, 0, 123456, tzinfo=UTC)
ENTRIES = AuditEntry.__table__
HEAD = AuditHead.__table__
LENGTH = 6
CONTENT = ("at", "actor", "action", "subject", "outcome", "details")


def entry(number: int, **changes: Any) -> Entry:
    values = {"at": AT, "actor": "nora", "action": "rows_seen", "subject": f"orders {number}", "outcome": "read"}
    return Entry(**{**values, "details": {"rows": number, "why": "شكوى 投诉"}, **changes})


def write(engine: Engine, *entries: Entry) -> None:
    with unit_of(engine) as unit:
        for one in entries:
            unit.lastly(append, one)


def unguard(engine: Engine) -> None:
    """Take away what makes the database refuse to change the trail, as whoever owns it can."""
    where = {"sqlite": ("", "")}.get(engine.dialect.name, (" on audit_entries", " on audit_head"))
    with engine.begin() as connection:
        for name in ("audit_entries_stay_update", "audit_entries_stay_delete"):
            connection.execute(text(f"drop trigger {name}{where[0]}"))
        for name in ("audit_head_stays", "audit_head_grows"):
            connection.execute(text(f"drop trigger {name}{where[1]}"))


@pytest.fixture
def engine(database_url: str) -> Engine:
    return ready_engine(database_url)


@pytest.fixture
def trail(engine: Engine) -> Engine:
    """Six entries of which two came at once, without the database's own guards."""
    write(engine, entry(1), entry(2))
    for number in range(3, LENGTH + 1):
        write(engine, entry(number))
    unguard(engine)
    return engine


class Tampering:
    """Does something to the trail, looks what is found, and puts everything back."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        with engine.connect() as connection:
            self.rows = [dict(row._mapping) for row in connection.execute(select(ENTRIES).order_by("entry_id"))]
            self._head = dict(connection.execute(select(HEAD)).one()._mapping)
        self.anchor = Anchor(self._head["entries"], self._head["digest"])

    def found(self, tamper: Callable[[Connection], object], *anchors: Anchor) -> TrailCheck:
        with self._engine.begin() as connection:
            tamper(connection)
        check = check_trail(self._engine, anchors=anchors)
        with self._engine.begin() as connection:
            for table, rows in ((ENTRIES, self.rows), (HEAD, [self._head])):
                connection.execute(delete(table))
                connection.execute(insert(table), rows)
        return check

    def rewritten(self, rows: list[dict[str, Any]], *, head: bool) -> Callable[[Connection], None]:
        """Write these rows as a trail of their own, with digests that fit."""

        def tamper(connection: Connection) -> None:
            connection.execute(delete(ENTRIES))
            digest = FIRST_DIGEST
            for number, row in enumerate(rows, 1):
                written = [*hashed(row).values()]
                previous, digest = digest, digest_of(digest.encode(), number, [one.encode() for one in written])
                links = {"entry_id": number, "previous_digest": previous, "digest": digest}
                connection.execute(insert(ENTRIES), [row | links])
            if head:
                ended = {"entries": len(rows), "last_entry_id": len(rows), "digest": digest}
                connection.execute(update(HEAD).values(ended))

        return tamper


@pytest.fixture
def tampering(trail: Engine) -> Tampering:
    return Tampering(trail)


def hashed(row: dict[str, Any]) -> dict[str, str]:
    """Give what a digest covers of an entry, by its name."""
    texts = [row["subject"].encode(), json.dumps(row["details"]).encode()]
    whole = whole_of(row["salt"].encode(), *texts).decode()
    plain = {name: row[name] for name in ("actor", "action", "outcome", "pieces")}
    values = {"at": row["at"].strftime("%Y-%m-%d %H:%M:%S.%f"), "whole": whole, **plain}
    return {name: values[name] for name in HASHED}


def at(number: int) -> Any:
    return ENTRIES.c.entry_id == number


def test_a_trail_that_nobody_touched_is_whole(tampering: Tampering) -> None:
    check = tampering.found(lambda _: None, tampering.anchor, Anchor(0, FIRST_DIGEST))

    assert check.is_whole
    assert check.anchor == tampering.anchor
    assert check.entries == LENGTH
    assert [row["entry_id"] for row in tampering.rows] == [*range(1, LENGTH + 1)]
    assert all(later["previous_digest"] == sooner["digest"] for sooner, later in pairwise(tampering.rows))


def test_a_digest_is_what_is_written_about_it(tampering: Tampering) -> None:
    third = tampering.rows[2]
    texts = "".join(f"{len(one.encode())}:{one}" for one in ("orders 3", json.dumps(third["details"])))
    whole = hashlib.sha256(f"{third['salt']}\n{texts}".encode()).hexdigest()
    values = ["2026-02-20 10:00:00.123456", third["actor"], "rows_seen", "read", whole, third["pieces"]]
    told = "".join(f"{len(one.encode())}:{one}" for one in values)

    by_hand = hashlib.sha256(f"{tampering.rows[1]['digest']}\n3\n{told}".encode()).hexdigest()

    assert third["digest"] == by_hand


def test_editing_any_value_of_any_entry_is_found_at_that_entry(tampering: Tampering) -> None:
    changes = dict.fromkeys(("actor", "action", "subject", "outcome"), "x")
    edits: dict[str, Any] = {**changes, "at": AT.replace(microsecond=1), "details": {"rows": 0}, "entry_id": 99}
    edits |= {"digest": "f" * 64, "previous_digest": "f" * 64, "salt": "f" * 32, "pieces": "f" * 64}
    edits |= {"remainder": json.dumps({"whole": "f" * 64, "gone": {}, "salts": []})}
    assert set(edits) == set(ENTRIES.columns.keys())
    for name, value in edits.items():
        for number in range(1, LENGTH + 1):
            edit = update(ENTRIES).where(at(number)).values({name: value})
            check = tampering.found(lambda connection, edit=edit: connection.execute(edit))
            wanted = 99 if name == "entry_id" else number
            assert (FaultKind.EDITED, wanted) in {(fault.kind, fault.entry_id) for fault in check.faults}, (
                name,
                number,
            )


def test_removing_any_entry_is_found_where_it_was(tampering: Tampering) -> None:
    for number in range(1, LENGTH + 1):
        removal = delete(ENTRIES).where(at(number))
        check = tampering.found(lambda connection, removal=removal: connection.execute(removal))
        places = [(fault.kind, fault.entry_id, fault.after) for fault in check.faults]
        if number == LENGTH:
            assert places == [(FaultKind.CUT_OFF, None, LENGTH - 1)]
        else:
            assert places[0] == (FaultKind.UNLINKED, number + 1, number - 1 or None)


def test_swapping_any_two_entries_is_found(tampering: Tampering) -> None:
    for one, other in combinations(range(1, LENGTH + 1), 2):
        contents = {number: tampering.rows[number - 1] for number in (one, other)}

        def swap_numbers(connection: Connection, one: int = one, other: int = other) -> None:
            for old, new in ((one, 1000), (other, one), (1000, other)):
                connection.execute(update(ENTRIES).where(at(old)).values(entry_id=new))

        def swap_contents(connection: Connection, contents: dict[int, dict] = contents) -> None:
            for number, source in zip(contents, reversed([*contents.values()]), strict=True):
                values = {name: source[name] for name in (*CONTENT, "salt", "pieces")}
                connection.execute(update(ENTRIES).where(at(number)).values(values))

        for swap in (swap_numbers, swap_contents):
            found = {fault.entry_id for fault in tampering.found(swap).faults}
            assert {one, other} <= found, (one, other, swap.__name__)


@pytest.mark.parametrize("number", [-1, 1000])
def test_inserting_before_or_after_all_is_found_even_with_a_digest_that_fits(tampering: Tampering, number: int) -> None:
    after = FIRST_DIGEST if number < 0 else tampering.anchor.digest
    row = tampering.rows[0] | {"entry_id": number, "action": "a", "subject": "s", "previous_digest": after}
    values = [one.encode() for one in hashed(row).values()]
    row |= {"digest": digest_of(after.encode(), number, values)}

    check = tampering.found(lambda connection: connection.execute(insert(ENTRIES), [row]))

    assert FaultKind.ADDED in {fault.kind for fault in check.faults}


def test_inserting_between_and_rewriting_all_that_follows_is_found(tampering: Tampering) -> None:
    for place in range(LENGTH + 1):
        rows = [*tampering.rows[:place], tampering.rows[0] | {"subject": "else"}, *tampering.rows[place:]]
        check = tampering.found(tampering.rewritten(rows, head=False))
        assert [fault.kind for fault in check.faults] == [FaultKind.ADDED]


def test_cutting_off_any_end_is_found(tampering: Tampering) -> None:
    for kept in range(LENGTH):
        cut = delete(ENTRIES).where(ENTRIES.c.entry_id > kept)
        check = tampering.found(lambda connection, cut=cut: connection.execute(cut))
        (fault,) = check.faults
        assert (fault.kind, fault.after, fault.expected, fault.found) == (
            FaultKind.CUT_OFF,
            kept or None,
            str(LENGTH),
            str(kept),
        )


def test_rewriting_the_last_entry_or_removing_the_head_is_found(tampering: Tampering) -> None:
    changed = [*tampering.rows[:-1], tampering.rows[-1] | {"subject": "else"}]

    rewritten = tampering.found(tampering.rewritten(changed, head=False))
    headless = tampering.found(lambda connection: connection.execute(delete(HEAD)))

    assert [(fault.kind, fault.entry_id) for fault in rewritten.faults] == [(FaultKind.OTHER_END, LENGTH)]
    assert [fault.kind for fault in headless.faults] == [FaultKind.HEADLESS]


def test_a_trail_rewritten_with_its_head_fits_itself_but_not_the_anchor_that_an_auditor_carried_away(
    tampering: Tampering,
) -> None:
    for rows in (tampering.rows[:-2], [], [tampering.rows[0] | {"subject": "else"}, *tampering.rows[1:]]):
        tamper = tampering.rewritten(rows, head=True)

        assert tampering.found(tamper).is_whole
        check = tampering.found(tamper, tampering.anchor)
        assert [(fault.kind, fault.expected) for fault in check.faults] == [
            (FaultKind.ANCHOR_LOST, tampering.anchor.text)
        ]


def test_an_anchor_holds_after_the_trail_has_grown(trail: Engine, tampering: Tampering) -> None:
    write(trail, entry(7), entry(8))

    assert check_trail(trail, anchors=[tampering.anchor, Anchor(3, tampering.rows[2]["digest"])]).is_whole
    assert not check_trail(trail, anchors=[Anchor(3, tampering.anchor.digest)]).is_whole


def test_a_trail_rewritten_everywhere_tells_the_first_faults_and_counts_all(engine: Engine) -> None:
    write(engine, *(entry(number) for number in range(FAULTS_TOLD + 50)))
    unguard(engine)
    with engine.begin() as connection:
        connection.execute(update(ENTRIES).values(actor="eve"))

    check = check_trail(engine)

    assert (len(check.faults), check.fault_count) == (FAULTS_TOLD, FAULTS_TOLD + 50)


@pytest.mark.parametrize("value", [b"\xff\x00", None, 7])
def test_what_is_no_text_at_all_is_told_as_edited(tmp_path: Path, value: object) -> None:
    engine = ready_engine(f"sqlite:///{tmp_path / 'a.db'}")
    write(engine, entry(1), entry(2))
    unguard(engine)
    with engine.begin() as connection:
        connection.execute(text("pragma ignore_check_constraints = on"))
        connection.execute(text("pragma writable_schema = on"))
        forget = "update sqlite_master set sql = replace(sql, ' NOT NULL', '') where name = 'audit_entries'"
        connection.execute(text(forget))
    engine.dispose()
    with engine.begin() as connection:
        connection.execute(text("update audit_entries set details = :value where entry_id = 1"), {"value": value})

    (fault,) = check_trail(engine).faults

    assert (fault.kind, fault.entry_id) == (FaultKind.EDITED, 1)


def test_nothing_is_written_after_a_head_that_is_gone(trail: Engine) -> None:
    with trail.begin() as connection:
        connection.execute(delete(HEAD))

    with pytest.raises(Conflict, match="no head"):
        write(trail, entry(7))
