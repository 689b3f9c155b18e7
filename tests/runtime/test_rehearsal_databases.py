"""Rehearsals on either kind of database: kept whole, cancelled, interrupted, and never run by two."""

from datetime import UTC, date, datetime, timedelta

import pytest

from tiffin.capabilities.access import service as access
from tiffin.capabilities.access.domain.auditing import AuditSearch
from tiffin.capabilities.access.service.auditing import search_audit
from tiffin.capabilities.metrics import service as metrics
from tiffin.capabilities.rehearsals.cli.running import run_kept
from tiffin.capabilities.rehearsals.domain.rehearsal import MOST_AT_ONCE, Plan, Standing
from tiffin.capabilities.rehearsals.domain.rosters import OWN_ROSTER, Roster
from tiffin.capabilities.rehearsals.service import runs
from tiffin.capabilities.rehearsals.service.run_views import find_rehearsal, list_rehearsals
from tiffin.engines.metrics.request import MetricRequest
from tiffin.kernel.errors import Conflict, Forbidden, NotFound
from tiffin.runtime.actor import Role
from tiffin.runtime.edge import open_context
from tiffin.runtime.workspace import Workspace

NOW = datetime(2026, 3, 2, 8, tzinfo=UTC)
LATER = NOW + timedelta(minutes=5)


def a_plan(replications: int = 2, roster: Roster = OWN_ROSTER) -> Plan:
    return Plan(
        scenario="doha/2026-02-24",
        city_id="doha",
        day=date(2026, 2, 24),
        policies=("nearest",),
        roster=roster,
        is_undisturbed=False,
        replications=replications,
        seed=7,
    )


def asked(workspace: Workspace, *, at: datetime = NOW, roster: Roster = OWN_ROSTER) -> int:
    with open_context(workspace.root, now=at) as context:
        return runs.ask(context, a_plan(roster=roster))


def test_what_a_rehearsal_comes_to_is_kept_as_figures_and_as_facts_that_metrics_tell_alike(
    workspace: Workspace,
) -> None:
    number = asked(workspace, at=datetime.now(UTC), roster=Roster(riders_factor=1.5))
    run_kept(workspace.root, number, user=None)
    with open_context(workspace.root) as context:
        found = find_rehearsal(context, number)
        told = metrics.query(context, MetricRequest(("rehearsed_days", "rehearsed_orders"), ("rehearsed_variant",)))
        late = metrics.query(context, MetricRequest(("rehearsed_late_share",), ("rehearsed_variant", "source")))
        acts = [one.action for one in search_audit(context, AuditSearch()) if one.action.startswith("rehearsal_")]

    assert found.standing is Standing.DONE
    assert found.figures is not None
    assert found.receipt["seed"] == 7
    assert [row[:2] for row in told.rows] == [("a", 2), ("b", 2)]
    assert {row[1] for row in late.rows} == {"simulated:doha/2026-02-24"}
    # Of two days the mean of shares is near the share of all; more riders make fewer orders late either way.
    assert late.rows[1][2] < late.rows[0][2] == pytest.approx(found.figures.arms["a"]["late_share"].mean, abs=0.02)
    assert sorted(acts) == ["rehearsal_asked", "rehearsal_begun", "rehearsal_finished"]


def test_a_deleted_rehearsal_leaves_the_list_and_the_metrics(workspace: Workspace) -> None:
    number = asked(workspace, at=datetime.now(UTC))
    run_kept(workspace.root, number, user=None)
    with open_context(workspace.root) as context:
        runs.delete(context, number)
    with open_context(workspace.root) as context:
        told = metrics.query(context, MetricRequest(("rehearsed_days",)))
        assert list_rehearsals(context) == ()
        with pytest.raises(NotFound):
            find_rehearsal(context, number)

    assert told.rows == ((0,),)


def test_a_rehearsal_that_is_cancelled_meanwhile_keeps_nothing_and_can_be_run_again(workspace: Workspace) -> None:
    number = asked(workspace, at=datetime.now(UTC))

    def cancel(_done: float) -> None:
        with open_context(workspace.root) as context:
            if find_rehearsal(context, number).standing is Standing.RUNNING:
                runs.cancel(context, number)

    with pytest.raises(Conflict, match="cancelled or deleted meanwhile"):
        run_kept(workspace.root, number, user=None, told=cancel)
    with open_context(workspace.root) as context:
        cancelled = find_rehearsal(context, number)
    run_kept(workspace.root, number, user=None)
    with open_context(workspace.root) as context:
        again = find_rehearsal(context, number)

    assert (cancelled.standing, cancelled.figures) == (Standing.CANCELLED, None)
    assert again.standing is Standing.DONE


def test_a_run_of_which_nothing_is_heard_was_interrupted_and_another_may_take_over(workspace: Workspace) -> None:
    number = asked(workspace)
    with open_context(workspace.root, now=NOW) as context:
        runs.begin(context, number, runner="first")
    with open_context(workspace.root, now=NOW) as context, pytest.raises(Conflict, match="cannot be run"):
        runs.begin(context, number, runner="second")
    with open_context(workspace.root, now=LATER) as context:
        assert find_rehearsal(context, number).standing is Standing.INTERRUPTED
        runs.begin(context, number, runner="second")
    with open_context(workspace.root, now=LATER) as context:
        assert not runs.advance(context, number, runner="first", done=1)
        assert runs.advance(context, number, runner="second", done=1)
        assert not runs.finish(context, number, runner="first", days=())
        found = find_rehearsal(context, number)

    assert (found.standing, found.done) == (Standing.RUNNING, 1)


def test_no_more_rehearsals_are_under_way_than_may_be(workspace: Workspace) -> None:
    for _ in range(MOST_AT_ONCE):
        asked(workspace)
    with pytest.raises(Conflict, match="as many as may be"):
        asked(workspace)
    # Those that were never begun do not stand in the way for ever.
    assert asked(workspace, at=LATER)


def test_whoever_may_not_rehearse_a_city_neither_asks_nor_acts_and_who_may_not_see_it_finds_nothing(
    workspace: Workspace,
) -> None:
    number = asked(workspace)
    with open_context(workspace.root, now=NOW) as context:
        for name, role, country in (("reader", Role.VIEWER, "QA"), ("abroad", Role.ANALYST, "SA")):
            access.add_account(context, name)
            access.grant(context, name, role, countries=[country], terms=access.Terms("tests"))
    with open_context(workspace.root, user="reader", now=NOW) as context:
        assert not find_rehearsal(context, number).may_act
    for act in (runs.cancel, runs.delete, runs.wait_again):
        with open_context(workspace.root, user="abroad", now=NOW) as context, pytest.raises(NotFound):
            act(context, number)
        with pytest.raises(Forbidden), open_context(workspace.root, user="reader", now=NOW) as context:
            act(context, number)
    with pytest.raises(Forbidden), open_context(workspace.root, user="reader", now=NOW) as context:
        runs.ask(context, a_plan())
