"""Texts go from the trail on request and the chain stays whole; nothing else passes for such a removal."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from hashlib import sha256

import pytest
from sqlalchemy import Connection, Engine, select, text, update
from sqlalchemy.exc import DBAPIError

from tiffin.kernel.errors import Conflict
from tiffin.runtime.actor_codes import ACTOR_CODES
from tiffin.runtime.audit_chain import FIRST_DIGEST, Anchor, Entry, append, digest_of
from tiffin.runtime.audit_checking import FaultKind, check_trail
from tiffin.runtime.audit_marks import REMOVAL, mark_of
from tiffin.runtime.audit_removing import forget_actors, remove_texts, remove_unsalted
from tiffin.runtime.database import engine_for, unit_of
from tiffin.runtime.schema import migrate, migrate_to, ready_engine
from tiffin.runtime.tables import AUDIT_ENTRIES

AT = datetime(2026, 2, 20, 10, 0, 0, 123456, tzinfo=UTC)
MARK = mark_of(7)
OLD_HASHED = ("at", "actor", "action", "subject", "outcome", "details")

Tamper = Callable[[Connection], object]


def entry(number: int, actor: str = "nora", **more: object) -> Entry:
    details = {"rows": number, "why": f"Omar asked {number}", "scope": ["SA"], **more}
    return Entry(AT, actor, "rows_seen", f"orders of Omar {number}", "read", details)


def write(engine: Engine, *entries: Entry) -> None:
    with unit_of(engine) as unit:
        for one in entries:
            unit.lastly(append, one)


def names_omar(value: object) -> bool:
    return "Omar" in str(value)


def removed(engine: Engine, numbers: list[int], *, request: int = 7, actor: str = "") -> None:
    """Remove what names Omar, and tell it."""
    with unit_of(engine) as unit:
        texts = remove_texts(unit, numbers, names_omar, mark_of(request))
        actors = forget_actors(unit, lambda name: name == actor, mark_of(request))
        texts += remove_unsalted(unit, mark_of(request)) if actors else []
        told = {"request": request, "texts": texts, "actors": actors}
        unit.lastly(append, Entry(AT, "ana", REMOVAL, f"request {request}", "done", told))


def unguarded(engine: Engine) -> Engine:
    where = "" if engine.dialect.name == "sqlite" else " on audit_entries"
    with engine.begin() as connection:
        connection.execute(text(f"drop trigger audit_entries_stay_update{where}"))
    return engine


def at(number: int) -> object:
    return AUDIT_ENTRIES.c.entry_id == number


@pytest.fixture
def trail(database_url: str) -> Engine:
    engine = ready_engine(database_url)
    write(engine, *(entry(number) for number in range(1, 5)))
    return engine


def test_removed_texts_are_told_as_removed_and_the_anchor_of_before_still_holds(trail: Engine) -> None:
    before = check_trail(trail).anchor

    removed(trail, [2, 3], actor="nora")

    check = check_trail(trail, anchors=[before])
    assert (check.faults, check.removed, dict(check.removals)) == ((), 4, {7: 4})
    with trail.connect() as connection:
        row = connection.execute(select(AUDIT_ENTRIES).where(at(2))).one()
        assert (row.subject, row.details) == (MARK, {"rows": 2, "why": MARK, "scope": ["SA"]})
        assert row.salt is None
        assert connection.scalar(select(ACTOR_CODES.c.name).where(ACTOR_CODES.c.code == row.actor)) == MARK


def test_a_second_person_is_removed_from_the_same_entry(trail: Engine) -> None:
    removed(trail, [2])
    with unit_of(trail) as unit:
        texts = remove_texts(unit, [2], lambda value: value == ["SA"], mark_of(8))
        told = {"request": 8, "texts": texts}
        unit.lastly(append, Entry(AT, "ana", REMOVAL, "request 8", "done", told))

    check = check_trail(trail)

    assert (check.faults, dict(check.removals)) == ((), {7: 2, 8: 1})


def other_text(connection: Connection) -> None:
    connection.execute(update(AUDIT_ENTRIES).where(at(2)).values(subject="orders of nobody"))


def other_detail_beside_a_gap(connection: Connection) -> None:
    details = {"rows": 9, "why": MARK, "scope": ["SA"]}
    connection.execute(update(AUDIT_ENTRIES).where(at(2)).values(details=details))


def another_mark(connection: Connection) -> None:
    connection.execute(update(AUDIT_ENTRIES).where(at(2)).values(subject=mark_of(8)))


def a_detail_more(connection: Connection) -> None:
    details = {"rows": 2, "why": MARK, "scope": ["SA"], "more": 1}
    connection.execute(update(AUDIT_ENTRIES).where(at(2)).values(details=details))


def a_gap_more(connection: Connection) -> None:
    """Take out one more piece with its salt, as whoever knows the way may."""
    row = connection.execute(select(AUDIT_ENTRIES).where(at(2))).one()
    kept = json.loads(row.remainder)
    kept["gone"]["1"] = sha256(f"{kept['salts'][1]}{json.dumps(2)}".encode()).hexdigest()
    kept["salts"][1] = None
    values = {"remainder": json.dumps(kept), "details": row.details | {"rows": MARK}}
    connection.execute(update(AUDIT_ENTRIES).where(at(2)).values(values))


@pytest.mark.parametrize(
    ("tamper", "kind"),
    [
        (other_text, FaultKind.REMOVED),
        (another_mark, FaultKind.REMOVED),
        (a_gap_more, FaultKind.REMOVED),
        (other_detail_beside_a_gap, FaultKind.EDITED),
        (a_detail_more, FaultKind.EDITED),
    ],
)
def test_an_edit_does_not_pass_for_a_removal(trail: Engine, tamper: Tamper, kind: FaultKind) -> None:
    removed(trail, [2, 3])
    with unguarded(trail).begin() as connection:
        tamper(connection)

    assert {(fault.kind, fault.entry_id) for fault in check_trail(trail).faults} == {(kind, 2)}


def test_a_removal_that_no_later_entry_tells_is_found(trail: Engine) -> None:
    with unit_of(trail) as unit:
        remove_texts(unit, [2], names_omar, MARK)

    assert [(fault.kind, fault.entry_id) for fault in check_trail(trail).faults] == [(FaultKind.REMOVED, 2)]


def test_taking_back_what_was_told_of_a_removal_is_found(trail: Engine) -> None:
    removed(trail, [2, 3])
    told = {"request": 7, "texts": [[2, 0, 2]], "actors": []}
    with unguarded(trail).begin() as connection:
        connection.execute(update(AUDIT_ENTRIES).where(at(5)).values(details=told))

    assert {(fault.kind, fault.entry_id) for fault in check_trail(trail).faults} == {
        (FaultKind.EDITED, 5),
        (FaultKind.REMOVED, 3),
    }


def test_another_name_for_who_acted_is_found(trail: Engine) -> None:
    with trail.begin() as connection:
        connection.execute(update(ACTOR_CODES).values(name="eve"))
    edited = check_trail(trail)
    with trail.begin() as connection:
        connection.execute(update(ACTOR_CODES).values(name=MARK, salt=None))

    assert [(fault.kind, fault.entry_id) for fault in edited.faults] == [(FaultKind.RENAMED, 1)]
    assert [fault.kind for fault in check_trail(trail).faults] == [FaultKind.RENAMED]


def test_nothing_is_removed_from_an_entry_that_was_edited(trail: Engine) -> None:
    with unguarded(trail).begin() as connection:
        other_text(connection)

    with pytest.raises(Conflict, match="Entry 2"):
        removed(trail, [2])


@pytest.mark.parametrize("change", ["salt = null, remainder = '{}', at = '2020-01-01'", "salt = null", "digest = ''"])
def test_the_database_itself_lets_texts_go_and_nothing_else(trail: Engine, change: str) -> None:
    with pytest.raises(DBAPIError, match="only ever added"), trail.begin() as connection:
        connection.execute(text(f"update audit_entries set {change} where entry_id = 2"))  # noqa: S608 - the test's own


def test_of_two_people_of_one_name_the_second_gets_a_code_of_his_own(trail: Engine) -> None:
    removed(trail, [], actor="nora")

    write(trail, entry(6), entry(7))

    with trail.connect() as connection:
        codes = list(connection.scalars(select(AUDIT_ENTRIES.c.actor).order_by("entry_id")))
    assert codes[0] == codes[3] != codes[5] == codes[6]
    assert check_trail(trail).is_whole


@pytest.fixture
def former(new_database_url: str) -> tuple[Engine, list[str]]:
    """A trail as it was chained before, and its digests."""
    engine, digest, digests = engine_for(new_database_url), FIRST_DIGEST, []
    migrate_to(engine, "0021")
    row = text(
        "insert into audit_entries values (:n, :at, :actor, :action, :subject, :outcome, :details, :previous, :digest)"
    )
    with engine.begin() as connection:
        for number in range(1, 4):
            told = ["2026-02-20 10:00:00.500000", "nora", "a", f"Omar {number}", "done", json.dumps({"n": number})]
            previous, digest = digest, digest_of(digest.encode(), number, [one.encode() for one in told])
            values = dict(zip(OLD_HASHED, told, strict=True))
            at_utc = values["at"] if engine.dialect.name == "sqlite" else f"{values['at']}+00"
            connection.execute(row, {**values, "at": at_utc, "n": number, "previous": previous, "digest": digest})
            digests.append(digest)
        connection.execute(text("insert into audit_head values (1, 3, 3, :digest)"), {"digest": digest})
    return engine, digests


def test_an_old_trail_is_carried_over_with_its_last_digest_and_its_anchors(former: tuple[Engine, list[str]]) -> None:
    engine, digests = former

    migrate(engine)

    anchors = [Anchor(number, digest) for number, digest in enumerate(digests, 1)]
    assert check_trail(engine, anchors=anchors).faults == ()
    wrong = check_trail(engine, anchors=[Anchor(2, digests[0])])
    assert [fault.kind for fault in wrong.faults] == [FaultKind.ANCHOR_LOST]
    with engine.connect() as connection:
        told = connection.scalar(select(AUDIT_ENTRIES.c.details).where(at(4)))
    assert told == {"entries": 3, "digest": digests[-1], "faults": 0}


def test_what_would_let_a_name_be_guessed_goes_with_the_first_who_is_erased(former: tuple[Engine, list[str]]) -> None:
    engine, digests = former
    migrate(engine)

    removed(engine, [1, 2, 3], actor="nora")

    check = check_trail(engine, anchors=[Anchor(2, digests[1])])
    assert (check.faults, check.untold) == ((), (Anchor(2, digests[1]),))
    with engine.connect() as connection:
        rows = connection.execute(select(AUDIT_ENTRIES)).all()
    assert not [digest for digest in digests if digest in str(rows)]


def test_an_old_trail_that_was_edited_is_carried_over_as_such(former: tuple[Engine, list[str]]) -> None:
    engine, _ = former
    where = "" if engine.dialect.name == "sqlite" else " on audit_entries"
    with engine.begin() as connection:
        connection.execute(text(f"drop trigger audit_entries_stay_update{where}"))
        connection.execute(text("update audit_entries set subject = 'x' where entry_id = 2"))
        guard = "create trigger audit_entries_stay_update before update on audit_entries "
        does = "begin select raise(abort, 'no'); end" if not where else "for each row execute function refuse_change()"
        connection.execute(text(guard + does))
    migrate(engine)

    assert [(fault.kind, fault.found) for fault in check_trail(engine).faults] == [(FaultKind.CARRIED, "1")]
