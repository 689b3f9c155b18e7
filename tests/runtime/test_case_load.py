"""Two processes take in incidents on PostgreSQL, and one is killed amid its work: nothing is lost, nothing repeated."""

import signal
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import func, select
from tests.liability.verdicts.conftest import CITY, NOW, RULES, an_order, write

from tiffin.capabilities.cases.service import workers
from tiffin.capabilities.cases.service.leasing import LEASE
from tiffin.capabilities.cases.service.log_checking import check_log
from tiffin.capabilities.liability.models.ledger import LedgerEvent
from tiffin.capabilities.liability.models.notices import Notice
from tiffin.capabilities.liability.models.verdicts import IncidentRecord, VerdictRecord
from tiffin.capabilities.liability.service.incidents_keeping import known_keys
from tiffin.capabilities.liability.service.judging import incidents_of, judge_part
from tiffin.capabilities.liability.service.judging_effects import HANDLERS
from tiffin.capabilities.liability.service.judging_facts import files_of_days
from tiffin.capabilities.liability.service.ledger_checking import check_ledger
from tiffin.kernel.time import Days
from tiffin.runtime.audit_checking import check_trail
from tiffin.runtime.context import Context
from tiffin.runtime.database import engine_for
from tiffin.runtime.edge import open_context
from tiffin.runtime.workspace import Workspace, create_workspace

INCIDENTS, AT_ONCE = 60, 6
KILLED_AFTER = 2
"""Batches that the other process has committed when it is killed, of five."""

OTHER = """
import sys
from pathlib import Path
from tests.runtime.test_case_load import take_in
take_in(Path(sys.argv[1]), 0, tell=lambda keys: print(*keys, flush=True))
"""


def take_in(root: Path, share: int, tell: Callable[[list[str]], object] = list) -> list[str]:
    """Take in every second incident that nobody has taken in; gives which, and tells them as soon as they are kept."""
    opening, day, kept = partial(open_context, root, now=NOW), date(2026, 2, 20), []
    with opening() as context:
        files = files_of_days(context, "riyadh", Days(day, day))
        found = sorted(incidents_of(files, "riyadh", context), key=lambda one: one.key)
        known = known_keys(context, "riyadh", found)
    mine = [one for one in found[share::2] if one.key not in known]
    for start in range(0, len(mine), AT_ONCE):
        part = mine[start : start + AT_ONCE]
        with opening() as context:
            judge_part(context, files, part)
        kept += [one.key for one in part]
        tell(kept[-len(part) :])
        workers.work(opening, HANDLERS)
    return kept


@pytest.fixture
def city(tmp_path: Path, request: pytest.FixtureRequest, environment: Callable[..., None]) -> Workspace:
    """A city with sixty orders that their merchants cancelled, on PostgreSQL."""
    server = request.getfixturevalue("postgres")
    environment(TIFFIN_DATABASE_URL=server.new_database(server.migrated))
    made = create_workspace(tmp_path / "workspace")
    ended = datetime(2026, 2, 20, 10, 20, tzinfo=UTC)
    gone = {"status": "cancelled", "delivered_at": None, "cancelled_at": ended, "cancelled_by": "merchant"}
    numbers = range(1, INCIDENTS + 1)
    people = {number: {"rider_id": f"rider-{number % 7}", "customer_id": f"customer-{number}"} for number in numbers}
    with open_context(made.root, now=NOW) as context:
        write(context, "cities", [CITY | RULES])
        closed = gone | {"cancel_reason": "merchant_closed"}
        write(context, "orders", [an_order(number, **closed, **people[number]) for number in numbers])
    return made


@pytest.mark.postgres
def test_of_two_processes_that_take_in_incidents_one_is_killed_and_nothing_is_lost_or_repeated(
    city: Workspace, project_root: Path
) -> None:
    command = [sys.executable, "-c", OTHER, str(city.root)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=project_root) as other:
        assert other.stdout is not None
        kept = other.stdout.readline().split()
        with ThreadPoolExecutor(1) as pool:
            own = pool.submit(take_in, city.root, 1)
            kept += [key for _ in range(KILLED_AFTER - 1) for key in other.stdout.readline().split()]
            other.send_signal(signal.SIGKILL)
            kept += other.stdout.read().split() + own.result()
    kept += take_in(city.root, 0)
    workers.work(partial(open_context, city.root, now=NOW + LEASE + timedelta(seconds=1)), HANDLERS)

    assert sorted(kept) == sorted(set(kept))
    with open_context(city.root, now=NOW) as context:
        records = context.session.scalars(select(IncidentRecord)).all()
        assert set(kept) <= {one.incident_key for one in records}
        assert len({one.case_id for one in records}) == len(records) == INCIDENTS
        assert_each_is_judged_posted_and_told_once(context)
        assert check_log(context).faults == ()
    engine = engine_for(city.database_url)
    assert check_ledger(engine).faults == ()
    assert check_trail(engine).faults == ()


def assert_each_is_judged_posted_and_told_once(context: Context) -> None:
    asked = set(context.session.scalars(select(IncidentRecord.incident_key).where(IncidentRecord.is_waiting)))
    verdicts = context.session.scalars(select(VerdictRecord)).all()
    booked = {one.verdict_id for one in verdicts if one.compensation_minor or one.points or one.recovery_minor}
    posted = context.session.scalars(select(LedgerEvent.verdict_id)).all()
    same = (Notice.kind, Notice.subject, Notice.party_kind)
    doubled = context.session.execute(select(*same).group_by(*same).having(func.count() > 1)).all()

    assert len(verdicts) == INCIDENTS - len(asked)
    assert not asked & {one.incident_key for one in verdicts}
    assert sorted(posted) == sorted(booked)
    assert booked
    assert not doubled
