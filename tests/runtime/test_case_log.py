"""The log of cases on either kind of database: whatever is done to it is found, and the queues follow from it."""

import os
import shutil
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from alembic import command, config
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, text

from tiffin.capabilities.cases import service
from tiffin.capabilities.cases.domain.case import NewCase
from tiffin.capabilities.cases.service.log import sealed_row
from tiffin.capabilities.cases.service.log_checking import LogCheck, check_log
from tiffin.capabilities.cases.service.projecting import logs, rebuild_all
from tiffin.engines.cases.chain import Damage
from tiffin.engines.cases.folding import Event
from tiffin.runtime.database import engine_for
from tiffin.runtime.edge import open_context
from tiffin.runtime.schema import MIGRATIONS, migrate
from tiffin.runtime.workspace import Workspace, open_workspace

NOW = datetime(2026, 2, 16, 8, tzinfo=UTC)


def an_incident(key: str) -> NewCase:
    values = {"country": {"country": "SA"}, "what": f"orders of {key}", "days": [1, 2]}
    return NewCase("data_incident", key, "{what}", values, country="SA", subject="orders")


@pytest.fixture
def filled(workspace: Workspace) -> Workspace:
    """Three cases: 1 was taken and repaired, 2 only opened, 3 was taken."""
    with open_context(workspace.root, now=NOW) as context:
        first, _, third = service.open_cases(context, [an_incident(key) for key in "abc"])
        service.act(context, first, "take")
    with open_context(workspace.root, now=NOW + timedelta(hours=1)) as context:
        service.act(context, third, "take")
        service.act(context, first, "repair", {"cause": "late_feed", "done": "loaded again"})
    return workspace


def tamper(workspace: Workspace, *statements: str) -> None:
    """Do something to the database that only its owner can."""
    engine = engine_for(workspace.database_url)
    with engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            connection.exec_driver_sql("pragma foreign_keys=off")
        with connection.begin_nested() if connection.in_transaction() else connection.begin():
            _let_change(connection)
            for statement in statements:
                connection.execute(text(statement.replace(":", "\\:")))
        connection.commit()
        if engine.dialect.name == "sqlite":
            connection.exec_driver_sql("pragma foreign_keys=on")


def _let_change(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        for verb in ("update", "delete"):
            connection.execute(text(f"drop trigger if exists case_events_stay_{verb}"))
    else:
        connection.execute(text("set local session_replication_role = replica"))


def checked(workspace: Workspace) -> LogCheck:
    with open_context(workspace.root, now=NOW) as context:
        return check_log(context)


def found(workspace: Workspace) -> set[tuple[int | None, Damage]]:
    return {(one.case_id, one.fault.kind) for one in checked(workspace).faults}


def test_a_log_that_nobody_touched_is_whole_and_rebuilding_changes_nothing(filled: Workspace) -> None:
    check = checked(filled)
    with open_context(filled.root, now=NOW) as context:
        changed = rebuild_all(context)

    assert (check.cases, check.events, check.faults) == (3, 6, ())
    assert changed == 0


@pytest.mark.parametrize(
    ("statement", "told"),
    [
        ("update case_events set action = 'dismiss' where case_id = 3 and sequence = 2", {(3, Damage.CHANGED)}),
        ("update case_events set digest = '{zeros}' where case_id = 2", {(2, Damage.CHANGED)}),
        ("update case_events set details = '{{}}' where case_id = 2", {(2, Damage.CHANGED)}),
        ("update case_events set is_platform = not is_platform where case_id = 2", {(2, Damage.CHANGED)}),
        ("delete from case_events where case_id = 1 and sequence = 2", {(1, Damage.MISSING)}),
        ("delete from case_events where case_id = 1 and sequence = 3", {(1, Damage.TAIL_REMOVED)}),
        ("delete from case_events where case_id = 2; delete from cases where case_id = 2", {(2, Damage.CASE_REMOVED)}),
        ("delete from cases where case_id = 2", {(2, Damage.CHANGED)}),
        ("update cases set state = 'resolved' where case_id = 3", {(3, Damage.PROJECTION)}),
        ("update cases set severity = 'minor', due_at = null where case_id = 3", {(3, Damage.PROJECTION)}),
        ("update cases set headline = 'All well' where case_id = 2", {(2, Damage.PROJECTION)}),
        (
            (
                "update case_events set sequence = 99 where case_id = 2; update case_events set case_id = 2 where "
                "case_id = 3 and sequence = 1; update case_events set case_id = 3, sequence = 1 where sequence = 99"
            ),
            {(2, Damage.CHANGED), (3, Damage.CHANGED)},
        ),
        (
            (
                "insert into case_events (case_id, sequence, at, actor, action, is_platform, details, pieces, salt, "
                "previous_digest, digest) select case_id, 3, at, actor, 'note', is_platform, details, pieces, salt, "
                "digest, digest from case_events where case_id = 3 and sequence = 2"
            ),
            {(3, Damage.UNTOLD)},
        ),
        ("update actor_codes set name = 'somebody' where name = 'platform'", {(2, Damage.RENAMED)}),
    ],
)
def test_whatever_is_done_to_the_log_is_found_and_named(
    filled: Workspace, statement: str, told: set[tuple[int, Damage]]
) -> None:
    tamper(filled, *statement.format(zeros="0" * 64).split(";"))

    assert told <= found(filled)


def test_a_chain_that_was_written_anew_is_other_than_the_trail_tells(filled: Workspace) -> None:
    with open_context(filled.root, now=NOW) as context:
        one = service.open_cases(context, [an_incident("d")])[0]
    with open_context(filled.root, now=NOW) as context:
        [(_, log)] = logs(context, [one])
    event, first = Event(1, NOW, "platform", "opened", {"what": "nothing"}, is_platform=True), log[0]
    chained = {"code": first.actor, "previous": first.previous_digest, "opening": first.opening}
    row = sealed_row("data_incident", one, event, **chained)
    changed = {"details": '{"what": "nothing"}', **{name: row[name] for name in ("salt", "pieces", "digest")}}
    tamper(filled, *(_set(name, f"'{value}'", f"case_id = {one}") for name, value in changed.items()))

    assert (one, Damage.OTHER_THAN_TOLD) in found(filled)
    assert (one, Damage.CHANGED) not in found(filled)


def test_what_the_queues_hold_is_written_anew_from_the_events(filled: Workspace) -> None:
    tamper(
        filled,
        "update cases set state = 'resolved', assignee = 'nobody', due_at = null, headline = '' where case_id = 3",
        "update cases set dedup_key = 'other', subject = 'x', country = 'KW', version = 9 where case_id = 1",
    )
    with open_context(filled.root, now=NOW) as context:
        assert rebuild_all(context) == 2

    assert checked(filled).faults == ()
    with open_context(filled.root, now=NOW) as context:
        assert service.act(context, 1, "reopen", {"reason": "not yet"}).summary.version == 4


def test_the_database_itself_refuses_to_change_events(filled: Workspace) -> None:
    for statement in ("update case_events set action = 'x'", "delete from case_events"):
        with pytest.raises(Exception, match="only ever added"), engine_for(filled.database_url).begin() as connection:
            connection.execute(text(statement))


def test_events_of_before_are_chained_and_told_on_the_trail(filled: Workspace) -> None:
    engine = engine_for(filled.database_url)
    engine.dispose()
    with engine.begin() as connection:
        chained = config.Config(attributes={"connection": connection})
        chained.set_main_option("script_location", str(MIGRATIONS))
        command.downgrade(chained, "0027")
    migrate(engine)

    # What the trail told of each before is still told; the entry of the chaining tells of all together.
    with open_context(filled.root, now=NOW) as context:
        service.act(context, 2, "take")
    kinds = {one.fault.kind for one in checked(filled).faults}
    assert kinds == {Damage.OTHER_THAN_TOLD}  # the digests of before were those of another chain
    tamper(filled, "delete from case_events where case_id = 1 and sequence = 3")
    assert (None, Damage.OTHER_THAN_TOLD) in found(filled)


@pytest.fixture
def plain_filled(tmp_path: Path, new_workspace: Callable[[Path], Workspace]) -> Callable[[], Workspace]:
    """Give workspaces with one case of three events, on SQLite."""
    numbers = count()
    whole = new_workspace(tmp_path / "whole")
    with open_context(whole.root, now=NOW) as context:
        first, second = service.open_cases(context, [an_incident(key) for key in "ab"])
        service.act(context, first, "take")
        service.act(context, second, "take")
        service.act(context, first, "repair", {"cause": "late_feed", "done": "loaded again"})
    engine_for(whole.database_url).dispose()

    def made() -> Workspace:
        root = tmp_path / f"copy{next(numbers)}"
        shutil.copytree(whole.root, root)
        return open_workspace(root)

    return made


COLUMNS = ("at", "actor", "action", "is_platform", "details", "opening", "salt", "pieces", "previous_digest", "digest",
           "sequence")  # fmt: skip


@given(column=st.sampled_from(COLUMNS), one=st.integers(0, 5), other=st.integers(0, 5), is_removed=st.booleans())
@settings(
    max_examples=int(os.environ.get("TIFFIN_TAMPERINGS", "25")),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_no_value_of_any_event_can_be_exchanged_for_anothers(
    plain_filled: Callable[[], Workspace], *, column: str, one: int, other: int, is_removed: bool
) -> None:
    workspace = plain_filled()
    mine, theirs = _values(workspace, column)[one % 5], _values(workspace, column)[other % 5]
    if is_removed:
        tamper(workspace, f"delete from case_events where event_id = {mine.event_id}")  # noqa: S608 - ours
    elif mine.v == theirs.v:
        return
    else:
        of_theirs = f"(select {column} from case_events where event_id = {theirs.event_id})"  # noqa: S608 - ours
        more = " + 10" if column == "sequence" else ""
        tamper(workspace, _set(column, of_theirs + more, f"event_id = {mine.event_id}"))

    assert checked(workspace).faults


def _values(workspace: Workspace, column: str) -> Sequence[Any]:
    with engine_for(workspace.database_url).connect() as connection:
        asked = f"select event_id, {column} as v from case_events order by event_id"  # noqa: S608 - ours
        return connection.execute(text(asked)).all()


def _set(column: str, value: str, where: str) -> str:
    return f"update case_events set {column} = {value} where {where}"  # noqa: S608 - ours
