"""The chain of the audit trail: one, whoever writes, gives up or is killed, and on whichever database."""

import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import Engine, create_engine, event, select, text, update
from sqlalchemy.exc import DBAPIError

from tiffin.cli.rows import read_rows, write_rows
from tiffin.kernel.errors import WrongUse
from tiffin.runtime import audit
from tiffin.runtime.actor_codes import names_of
from tiffin.runtime.audit_chain import Anchor, Entry, append, read_anchor
from tiffin.runtime.audit_checking import TrailCheck, check_trail
from tiffin.runtime.context import Context
from tiffin.runtime.database import engine_for, unit_of
from tiffin.runtime.edge import open_context
from tiffin.runtime.models import AuditEntry, Setting
from tiffin.runtime.schema import migrate, migrate_to, ready_engine
from tiffin.runtime.workspace import Workspace

AT = datetime(2026, 2, 20, 10, 0, 0, 123456, tzinfo=UTC)
ENTRIES = AuditEntry.__table__

WRITER = """
import sys
from datetime import UTC, datetime
from tiffin.runtime.audit_chain import Entry, append
from tiffin.runtime.database import unit_of
from tiffin.runtime.schema import ready_engine
url, name, count = sys.argv[1], sys.argv[2], int(sys.argv[3])
for number in range(count):
    try:
        with unit_of(ready_engine(url)) as unit:
            unit.lastly(append, Entry(datetime.now(UTC), name, "written", str(number), "done", {"n": number}))
            if number % 5 == 4:
                append(unit.session.connection(), [Entry(datetime.now(UTC), name, "undone", "x", "done", {})])
                raise KeyError(number)
    except KeyError:
        pass
"""

DYING = """
import sys, time
from datetime import UTC, datetime
from tiffin.runtime.audit_chain import Entry, append
from tiffin.runtime.database import unit_of
from tiffin.runtime.schema import ready_engine
with unit_of(ready_engine(sys.argv[1])) as unit:
    append(unit.session.connection(), [Entry(datetime.now(UTC), "dying", "written", "s", "done", {})])
    print("written", flush=True)
    time.sleep(60)
"""


def entry(number: int, **changes: Any) -> Entry:
    values = {"at": AT, "actor": "nora", "action": "rows_seen", "subject": f"orders {number}", "outcome": "read"}
    return Entry(**{**values, "details": {"rows": number, "why": "شكوى 投诉"}, **changes})


def write(engine: Engine, *entries: Entry) -> None:
    with unit_of(engine) as unit:
        for one in entries:
            unit.lastly(append, one)


@pytest.fixture
def engine(database_url: str) -> Engine:
    return ready_engine(database_url)


def test_processes_that_write_and_give_up_at_once_keep_one_chain(database_url: str, engine: Engine) -> None:
    names, count = ("ana", "ben"), 30
    writers = [
        subprocess.Popen([sys.executable, "-c", WRITER, database_url, name, str(count)], stderr=subprocess.PIPE)
        for name in names
    ]

    said = [writer.communicate(timeout=60)[1].decode() for writer in writers]

    assert said == ["", ""]
    check = check_trail(engine)
    assert check.is_whole
    assert check.entries == len(names) * count * 4 // 5
    with engine.connect() as connection:
        rows = connection.execute(select(ENTRIES.c.entry_id, ENTRIES.c.actor).order_by("entry_id")).all()
        known = names_of(connection.execute)
    assert [row.entry_id for row in rows] == [*range(1, check.entries + 1)]
    assert {known[row.actor] for row in rows} == {*names}
    assert len(known) == len(names)


def test_a_writer_that_is_killed_leaves_the_trail_whole_and_open(database_url: str, engine: Engine) -> None:
    write(engine, entry(1))
    dying = subprocess.Popen([sys.executable, "-c", DYING, database_url], stdout=subprocess.PIPE)
    assert dying.stdout
    assert dying.stdout.readline() == b"written\n"

    dying.send_signal(signal.SIGKILL)
    dying.wait(timeout=30)
    write(engine, entry(2))

    check = check_trail(engine)
    assert check.is_whole
    assert check.entries == 2


def test_units_that_need_the_same_row_and_the_trail_never_wait_for_each_other(
    workspace: Workspace, database_url: str
) -> None:
    """One records and then writes a row, the other writes it and then records: an entry kept for last cannot clash."""
    with open_context(workspace.root) as context:
        context.session.add(Setting(name="a", value=0, changed_at=AT, changed_by="nora"))
    meeting = Barrier(2)

    def touch(context: Context) -> None:
        context.unit.execute(update(Setting).where(Setting.name == "a").values(value=1))

    def note(context: Context) -> None:
        audit.record(context, action="setting_changed", subject="a")

    def work(steps: Sequence[Callable[[Context], None]]) -> None:
        for _ in range(10):
            meeting.wait(timeout=20)
            with open_context(workspace.root) as context:
                for step in steps:
                    step(context)

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(work, [(note, touch), (touch, note)]))

    check = check_trail(engine_for(database_url))
    assert check.is_whole
    assert check.entries == 20


@pytest.mark.postgres
@pytest.mark.parametrize("own_server", ["postgres"], indirect=True)
def test_of_two_first_writers_the_second_takes_the_head_that_the_other_made(engine: Engine) -> None:
    other = create_engine(engine.url)
    with engine.connect() as first, other.connect() as second:
        begun = iter((first.commit,))

        @event.listens_for(second, "after_execute")
        def end_the_first(*_: object) -> None:
            next(begun, lambda: None)()  # between the second one's look for a head and its look for entries

        append(first, [entry(1)])
        append(second, [entry(2)])
        second.commit()
    other.dispose()

    check = check_trail(engine)
    assert check.is_whole
    assert check.entries == 2


def test_what_a_savepoint_takes_back_is_not_on_the_trail(workspace: Workspace, database_url: str) -> None:
    with open_context(workspace.root) as context:
        audit.record(context, action="kept", subject="before")
        outer = context.session.begin_nested()
        audit.record(context, action="lost", subject="outer")
        with context.session.begin_nested():
            audit.record(context, action="lost", subject="inner")
        outer.rollback()
        with context.session.begin_nested():
            audit.record(context, action="kept", subject="after")

    with open_context(workspace.root) as context:
        kept = [(row.action, row.subject) for row in context.session.scalars(select(AuditEntry).order_by("entry_id"))]
    assert kept == [("kept", "before"), ("kept", "after")]
    assert check_trail(engine_for(database_url)).is_whole


def test_verifying_while_others_write_sees_one_moment(database_url: str, engine: Engine) -> None:
    write(engine, entry(1))
    writer = subprocess.Popen([sys.executable, "-c", WRITER, database_url, "ana", "100"])

    checks = list(iter_while(writer, lambda: check_trail(engine)))

    assert checks
    assert all(check.is_whole for check in checks)
    assert check_trail(engine).entries == 81


def iter_while(process: subprocess.Popen, look: Callable[[], TrailCheck]) -> Iterator[TrailCheck]:
    while process.poll() is None:
        yield look()


def test_the_entries_of_before_the_chain_are_chained_as_they_stand(new_database_url: str) -> None:
    engine = engine_for(new_database_url)
    migrate_to(engine, "0008")
    with engine.begin() as connection:
        for number in (1, 2, 5):  # PostgreSQL leaves numbers out where a transaction was undone
            connection.execute(
                text(
                    "insert into audit_entries (entry_id, at, actor, action, subject, outcome, details) "
                    "values (:n, :at, 'nora', 'a', 'شيء', 'done', :d)"
                ),
                {"n": number, "at": "2026-02-20 10:00:00.5", "d": '{"k":  1.50}'},
            )

    migrate(engine)
    old = check_trail(engine)
    write(engine, entry(1))
    new = check_trail(engine, anchors=[old.anchor])

    assert old.is_whole
    assert new.is_whole
    assert (old.entries, new.entries) == (4, 5)  # that they were carried over is one of them
    with engine.connect() as connection:
        assert list(connection.scalars(select(ENTRIES.c.entry_id).order_by("entry_id"))) == [1, 2, 5, 6, 7]
    with pytest.raises(DBAPIError, match="only ever added"), engine.begin() as connection:
        connection.execute(text("delete from audit_entries"))


def test_a_backup_carries_the_chain_into_either_kind_of_database(tmp_path: Path, engine: Engine) -> None:
    here = ready_engine(f"sqlite:///{tmp_path / 'other.db'}")
    write(engine, entry(1, details={"share": 0.1, "none": None, "text": "投诉 \u0000"}), entry(2))

    write_rows(engine, tmp_path / "rows")
    read_rows(here, tmp_path / "rows")

    assert check_trail(here).is_whole
    assert check_trail(here).anchor == check_trail(engine).anchor
    write(here, entry(3))
    assert check_trail(here, anchors=[check_trail(engine).anchor]).is_whole


def test_a_refusal_is_noted_whatever_its_text_holds(engine: Engine) -> None:
    audit.record_refusal(engine, actor="eve", action="a", subject="nul \0 and half \ud83d", now=AT)

    with engine.connect() as connection:
        assert connection.scalar(select(ENTRIES.c.subject)) == "nul \N{REPLACEMENT CHARACTER} and half ?"
    assert check_trail(engine).is_whole


@pytest.mark.parametrize("written", ["", "7", "7:", "7:xyz", f"-1:{'a' * 64}", f"7:{'g' * 64}", f"7:{'a' * 63}"])
def test_what_is_no_anchor_is_refused(written: str) -> None:
    with pytest.raises(WrongUse, match="anchor"):
        read_anchor(written)


def test_an_anchor_is_read_as_it_is_printed() -> None:
    assert read_anchor(f" 7:{'AB' * 32}\n") == Anchor(7, "ab" * 32)
    assert read_anchor(Anchor(7, "ab" * 32).text) == Anchor(7, "ab" * 32)
