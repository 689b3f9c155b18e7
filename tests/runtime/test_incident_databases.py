"""Incidents on either kind of database: rated, escalated, acted on by two at once, and whole after a killed run."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta

import pyarrow as pa
import pytest
from sqlalchemy import func, select

from tiffin.capabilities.access import service as access
from tiffin.capabilities.cases.models import CaseEvent
from tiffin.capabilities.quality import service
from tiffin.capabilities.quality.service import incident_acts
from tiffin.capabilities.quality.service.incident_views import show_incident
from tiffin.capabilities.scorecards.service.outbox import list_outbox
from tiffin.capabilities.scorecards.service.overdue import tell_overdue
from tiffin.kernel.errors import Conflict, Forbidden
from tiffin.kernel.facts.registry import TABLES
from tiffin.runtime.actor import Role
from tiffin.runtime.edge import open_context
from tiffin.runtime.warehouse.columns import arrow_schema
from tiffin.runtime.warehouse.opening import open_store
from tiffin.runtime.workspace import Workspace

DAY = date(2026, 2, 10)
NOW = datetime(2026, 2, 11, 8, tzinfo=UTC)
LEARNED = {
    "cause": "A slip",
    "done": "Loaded again",
    "prevention": "Refuse it",
    "prevention_owner": "Feeds",
    "prevention_due": "2026-03-31",
}


def load_baskets(workspace: Workspace, value: int, *, at: datetime) -> None:
    placed = datetime(DAY.year, DAY.month, DAY.day, 9, tzinfo=UTC)
    rows = [
        {
            "city_id": "riyadh", "order_id": f"o{number}", "country": "SA", "currency": "SAR", "status": "delivered",
            "placed_at": placed, "delivered_at": placed + timedelta(minutes=30), "basket_minor": value,
            "business_date": DAY, "local_hour": 12, "slot_at": placed, "source": "test",
        }
        for number in range(8)
    ]  # fmt: skip
    found = pa.Table.from_pylist(rows, schema=arrow_schema(TABLES["orders"]))
    open_store(workspace).upsert(TABLES["orders"], found.to_reader(), now=at, source="test")


@pytest.fixture
def broken(workspace: Workspace) -> int:
    """Load baskets below nought, let two stewards be there, and give the number of the incident that follows."""
    city = {
        "city_id": "riyadh", "name": "Riyadh", "country": "SA", "currency": "SAR", "timezone": "Asia/Riyadh",
        "timezone_known": True, "cutoff_min": 240, "weekend": "5,6", "is_simulated": False, "source": "test",
    }  # fmt: skip
    cities = pa.Table.from_pylist([city], schema=arrow_schema(TABLES["cities"]))
    open_store(workspace).upsert(TABLES["cities"], cities.to_reader(), now=NOW, source="test")
    load_baskets(workspace, -5, at=NOW)
    with open_context(workspace.root, now=NOW) as context:
        for name in ("ana", "ben"):
            access.add_account(context, name)
            access.grant(context, name, Role.STEWARD, countries=["*"], terms=access.Terms("tests"))
        [number] = service.check_tables(context, tables=("orders",)).incidents
    return number


def test_an_overdue_incident_is_escalated_once_for_each_deadline_and_its_people_are_told(
    workspace: Workspace, broken: int
) -> None:
    with open_context(workspace.root, now=NOW) as context:
        assert service.escalate(context) == ()
    late = NOW + timedelta(hours=2)  # of a critical incident somebody must have taken care within an hour
    for _ in range(2):
        with open_context(workspace.root, now=late) as context:
            told = tell_overdue(context)
            found = show_incident(context, broken).case
    with open_context(workspace.root, now=late + timedelta(hours=4)) as context:
        again = service.escalate(context)
    with open_context(workspace.root, user="ana", now=late) as context:
        [message] = list_outbox(context)

    escalated = [one for one in found.trail if one.action == "escalated"]
    assert [one.values["to"] for one in escalated] == [
        ", ".join(sorted({"ana", "ben", escalated[0].values["to"].split(", ")[-1]}))
    ]
    assert told == ()
    assert again == (broken,)
    assert "Overdue, Critical" in message.subject


def test_a_severity_that_a_person_changes_is_kept_with_its_reason_and_moves_the_deadline(
    workspace: Workspace, broken: int
) -> None:
    with open_context(workspace.root, user="ana", now=NOW) as context:
        before = show_incident(context, broken).case.summary
        incident_acts.act(context, broken, "rate", {"severity": "minor", "reason": "Only a test city"})
    with open_context(workspace.root, user="ben", now=NOW) as context:
        found = show_incident(context, broken).case

    assert (before.severity, found.summary.severity) == ("critical", "minor")
    assert found.trail[-1].values == {"was": "critical", "severity": "minor", "reason": "Only a test city"}
    assert before.due_at is not None
    assert found.summary.due_at is not None
    assert found.summary.due_at > before.due_at


def test_of_two_people_who_confirm_at_once_one_does_and_the_incident_closes_once(
    workspace: Workspace, broken: int
) -> None:
    with open_context(workspace.root, user="ana", now=NOW) as context:
        incident_acts.act(context, broken, "take")
        incident_acts.act(context, broken, "repair", {"cause": "other", "done": "Loaded again"})
        incident_acts.write_post_mortem(context, broken, LEARNED)
    load_baskets(workspace, 1000, at=NOW + timedelta(hours=1))
    with open_context(workspace.root, now=NOW + timedelta(hours=1)) as context:
        assert service.check_tables(context, tables=("orders",)).passed_again == (broken,)
        version = show_incident(context, broken).case.summary.version
        access.add_account(context, "cai")
        access.grant(context, "cai", Role.STEWARD, countries=["*"], terms=access.Terms("tests"))

    def confirm(name: str) -> str:
        try:
            with open_context(workspace.root, user=name, now=NOW + timedelta(hours=2)) as context:
                incident_acts.act(context, broken, "confirm", version=version)
        except (Conflict, Forbidden) as refusal:
            return type(refusal).__name__
        return "done"

    with ThreadPoolExecutor(3) as pool:
        ends = dict(zip(("ana", "ben", "cai"), pool.map(confirm, ("ana", "ben", "cai")), strict=True))

    assert ends["ana"] in ("Forbidden", "Conflict")
    assert sorted((ends["ben"], ends["cai"])) == ["Conflict", "done"]
    with open_context(workspace.root, now=NOW + timedelta(hours=3)) as context:
        closings = select(func.count()).where(CaseEvent.case_id == broken, CaseEvent.action == "close")
        assert context.session.scalar(closings) == 1
        assert show_incident(context, broken).case.summary.state == "resolved"


def test_two_runs_at_once_open_one_incident(workspace: Workspace, broken: int) -> None:
    load_baskets(workspace, -7, at=NOW + timedelta(hours=1))

    def run(minute: int) -> tuple[int, ...]:
        try:
            with open_context(workspace.root, now=NOW + timedelta(hours=1, minutes=minute)) as context:
                return service.check_tables(context, tables=("orders",), is_forced=True).incidents
        except Conflict:
            return ()

    with ThreadPoolExecutor(3) as pool:
        found = set().union(*pool.map(run, range(3)))

    assert found == {broken}


def test_a_run_that_dies_before_its_end_leaves_no_half_incident_and_the_next_finds_the_same(
    workspace: Workspace, broken: int
) -> None:
    load_baskets(workspace, 1000, at=NOW + timedelta(hours=1))
    later = NOW + timedelta(hours=1)

    def die() -> None:
        with open_context(workspace.root, now=later) as context:
            service.check_tables(context, tables=("orders",))
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        die()
    with open_context(workspace.root, now=later) as context:
        assert show_incident(context, broken).passes_since is None
        run = service.check_tables(context, tables=("orders",))
        counts = context.warehouse.query_text("SELECT count(*), count(DISTINCT result_id) FROM check_results")

    assert run.passed_again == (broken,)
    assert len(set(counts.to_pylist()[0].values())) == 1
