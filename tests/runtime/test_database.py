"""Units of work: whole or not at all, whatever the database suffers."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from sqlalchemy import event, func, insert, select
from sqlalchemy.exc import IntegrityError, StatementError

from tiffin.kernel.errors import Unavailable
from tiffin.runtime.database import Unit, engine_for, transaction, unit_of
from tiffin.runtime.models import Account, Setting
from tiffin.runtime.schema import ready_engine
from tiffin.runtime.tables import ACCOUNTS


def a_setting(name: str, value: object = 1, *, now: datetime) -> Setting:
    return Setting(name=name, value=value, changed_at=now, changed_by="nora")


def names(url: str) -> list[str]:
    with transaction(engine_for(url)) as session:
        return list(session.scalars(select(Setting.name).order_by(Setting.name)))


def test_a_statement_over_tables_sees_what_the_session_changed_and_both_are_committed(
    database_url: str, now: datetime
) -> None:
    with unit_of(ready_engine(database_url)) as unit:
        unit.session.add(Account(name="nora", created_at=now))
        assert unit.execute(select(ACCOUNTS.c.name)).scalars().all() == ["nora"]
        unit.execute(insert(ACCOUNTS).values(name="omar", created_at=now))
        unit.session.add(a_setting("a", now=now))

    with unit_of(engine_for(database_url)) as unit:
        assert unit.execute(select(ACCOUNTS.c.name, ACCOUNTS.c.locale)).all() == [("nora", "en"), ("omar", "en")]
    assert names(database_url) == ["a"]


def test_a_unit_that_raises_writes_nothing(database_url: str, now: datetime) -> None:
    engine = ready_engine(database_url)

    def fail() -> None:
        with transaction(engine) as session:
            session.add(a_setting("a", now=now))
            session.flush()
            raise LookupError

    with pytest.raises(LookupError):
        fail()

    assert names(database_url) == []


def test_what_was_written_within_a_savepoint_stands_or_falls_with_its_unit(database_url: str, now: datetime) -> None:
    engine = ready_engine(database_url)

    def fail() -> None:
        with transaction(engine) as session:
            with session.begin_nested():
                session.add(a_setting("a", now=now))
            raise LookupError

    with pytest.raises(LookupError):
        fail()

    assert names(database_url) == []


def test_a_part_that_raises_is_undone_alone(database_url: str, now: datetime) -> None:
    def fail(unit: Unit) -> None:
        with unit.part():
            unit.execute(insert(ACCOUNTS).values(name="omar", created_at=now))
            raise LookupError

    with unit_of(ready_engine(database_url)) as unit:
        unit.execute(insert(ACCOUNTS).values(name="nora", created_at=now))
        with pytest.raises(LookupError):
            fail(unit)

    with unit_of(engine_for(database_url)) as unit:
        assert unit.execute(select(ACCOUNTS.c.name)).scalars().all() == ["nora"]


def test_instants_come_back_as_utc_whatever_zone_they_were_given_in(database_url: str, now: datetime) -> None:
    engine = ready_engine(database_url)
    riyadh = now.astimezone(timezone(timedelta(hours=3)))
    with transaction(engine) as session:
        session.add(a_setting("a", now=riyadh))

    with transaction(engine) as session:
        found = session.get_one(Setting, "a").changed_at

    assert found == now
    assert found.tzinfo is UTC


def test_an_instant_without_a_zone_is_not_stored(database_url: str, now: datetime) -> None:
    engine = ready_engine(database_url)

    with pytest.raises(StatementError, match="needs a time zone"), transaction(engine) as session:
        session.add(a_setting("a", now=now.replace(tzinfo=None)))


def test_many_writers_at_once_all_get_their_turn(database_url: str, now: datetime) -> None:
    engine = ready_engine(database_url)
    with transaction(engine) as session:
        session.add(a_setting("counter", 0, now=now))

    def count(_: int) -> None:
        with transaction(engine) as session:
            # Read first, write later: what SQLite refuses when a read holds a snapshot.
            session.scalar(select(func.count()).select_from(Setting))
            counter = session.get_one(Setting, "counter", with_for_update=True)
            session.add(a_setting(f"n{_}", now=now))
            session.flush()
            session.refresh(counter, with_for_update=True)
            counter.value += 1

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(count, range(40)))

    with transaction(engine) as session:
        assert session.get_one(Setting, "counter").value == 40
    assert len(names(database_url)) == 41


def test_a_breach_of_a_constraint_is_no_outage(database_url: str, now: datetime) -> None:
    engine = ready_engine(database_url)

    with pytest.raises(IntegrityError), transaction(engine) as session:
        session.add_all([a_setting("a", now=now), *(Account(name="x", created_at=now) for _ in range(2))])

    assert names(database_url) == []


def test_a_workspace_has_one_owner(database_url: str, now: datetime) -> None:
    engine = ready_engine(database_url)

    with pytest.raises(IntegrityError), transaction(engine) as session:
        session.add_all([Account(name=name, created_at=now, is_owner=True) for name in ("x", "y")])


@pytest.mark.postgres
def test_a_server_that_dies_in_the_middle_leaves_nothing_half_written(postgres, now: datetime) -> None:  # noqa: ANN001 - the fixture's class lives in conftest
    url = postgres.new_database()
    engine = ready_engine(url)

    def die() -> None:
        with transaction(engine) as session:
            session.add(a_setting("a", now=now))
            session.flush()
            postgres.kill()
            session.add(a_setting("b", now=now))

    with pytest.raises(Unavailable, match="Nothing of it was written"):
        die()
    with pytest.raises(Unavailable, match="could not finish"), transaction(engine) as session:
        session.add(a_setting("c", now=now))
    postgres.start()

    assert names(url) == []
    with transaction(engine) as session:
        session.add(a_setting("d", now=now))
    assert names(url) == ["d"]


def test_a_password_in_an_address_is_not_shown() -> None:
    engine = engine_for("postgresql://tiffin:secret@127.0.0.1:1/none")

    with pytest.raises(Unavailable) as failure, transaction(engine) as session:
        session.scalar(select(1))

    assert "secret" not in str(failure.value)


def test_a_full_disk_stops_the_unit_and_keeps_what_stood(tmp_path: Path, now: datetime) -> None:
    url = f"sqlite:///{tmp_path / 'tiffin.db'}"
    engine = ready_engine(url)
    with transaction(engine) as session:
        session.add(a_setting("before", now=now))
    engine.dispose()

    def no_room(connection, _record) -> None:  # noqa: ANN001 - the driver's own objects
        connection.execute("pragma max_page_count = 1")  # SQLite raises it to the present size and no further

    event.listen(engine, "connect", no_room)
    with pytest.raises(Unavailable, match="full"), transaction(engine) as session:
        session.add_all([a_setting(f"n{i}", "x" * 4000, now=now) for i in range(200)])
    event.remove(engine, "connect", no_room)
    engine.dispose()

    assert names(url) == ["before"]


def test_a_writer_that_never_ends_makes_the_next_one_give_up(
    tmp_path: Path, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tiffin.runtime.database.BUSY_TIMEOUT_MS", 200)
    url = f"sqlite:///{tmp_path / 'tiffin.db'}"
    engine = ready_engine(url)

    with transaction(engine) as first:
        first.add(a_setting("a", now=now))
        first.flush()
        with pytest.raises(Unavailable, match="locked"), transaction(engine) as second:
            second.add(a_setting("b", now=now))

    assert names(url) == ["a"]


def test_a_database_that_cannot_be_opened_is_unavailable(tmp_path: Path) -> None:
    (tmp_path / "tiffin.db").mkdir()

    with pytest.raises(Unavailable, match="unable to open"):
        ready_engine(f"sqlite:///{tmp_path / 'tiffin.db'}")


def test_a_file_that_is_no_database_is_unavailable(tmp_path: Path) -> None:
    (tmp_path / "tiffin.db").write_text("these are somebody's notes, and no database at all" * 40)

    with pytest.raises(Unavailable, match="not a database"):
        ready_engine(f"sqlite:///{tmp_path / 'tiffin.db'}")
