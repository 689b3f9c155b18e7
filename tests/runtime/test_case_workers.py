"""Effects and clocks of cases on either kind of database: each done once, whoever dies, fails or works beside."""

import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
from sqlalchemy import select

from tiffin.capabilities.cases import service
from tiffin.capabilities.cases.domain import registry
from tiffin.capabilities.cases.domain.case import NewCase
from tiffin.capabilities.cases.models import CaseEffect, CaseTimer
from tiffin.capabilities.cases.service import words, workers
from tiffin.capabilities.cases.service.effects import Effect
from tiffin.capabilities.cases.service.leasing import LEASE, MOST_ATTEMPTS
from tiffin.capabilities.cases.service.workers import Worked
from tiffin.engines.cases.declaration import CaseType, Clock, State, Transition
from tiffin.runtime.context import Context
from tiffin.runtime.database import engine_for
from tiffin.runtime.edge import open_context
from tiffin.runtime.models import Setting
from tiffin.runtime.workspace import Workspace

NOW = datetime(2026, 2, 16, 8, tzinfo=UTC)
PARCEL = CaseType(
    "lost_parcel",
    "open",
    (State("open"), State("found"), State("closed", is_closed=True)),
    (
        Transition("find", ("open",), "found", frozenset({"admin"}), effects=("pay", "tell")),
        Transition("close", ("found",), "closed", frozenset({"admin"}), effects=("tell",)),
        Transition("lapse", ("open", "found"), "closed", frozenset(), effects=("tell",)),
        Transition("escalated", ("open", "found"), None, frozenset()),
    ),
    (
        Clock("search", ("open",), hours=2, in_business_hours=False, on_expiry="lapse"),
        Clock("look", ("found",), hours=1, in_business_hours=False),
    ),
)


@pytest.fixture(autouse=True)
def _parcels(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(registry.CASE_TYPES, PARCEL.name, PARCEL)  # type: ignore[arg-type]
    monkeypatch.setitem(words.CLOCKS, "look", "It is reviewed")


def opening(workspace: Workspace, now: datetime = NOW) -> Callable[[], object]:
    return partial(open_context, workspace.root, now=now)


def opened(workspace: Workspace, key: str = "p1", *actions: str) -> int:
    with open_context(workspace.root, now=NOW) as context:
        number = service.open_case(context, NewCase(PARCEL.name, key, "A parcel", country="SA")).case_id
        for action in actions:
            service.act(context, number, action)
    return number


def noting(context: Context, effect: Effect) -> None:
    """Write down that an effect was brought about; a second time is refused by the database."""
    context.session.add(Setting(name=f"did {effect.key}", value=effect.sequence, changed_at=NOW, changed_by="test"))
    context.session.flush()


def noted(workspace: Workspace) -> list[str]:
    with open_context(workspace.root, now=NOW) as context:
        found = context.session.scalars(select(Setting.name).where(Setting.name.startswith("did ")))
        return sorted(name.removeprefix("did ") for name in found)


def actions_of(workspace: Workspace, number: int) -> list[str]:
    with open_context(workspace.root, now=NOW) as context:
        return [one.action for one in service.show_case(context, number).trail]


BOTH = {"pay": noting, "tell": noting}


def test_each_effect_is_done_once_in_the_order_of_its_case(workspace: Workspace) -> None:
    number = opened(workspace, "p1", "find", "close")
    order: list[str] = []

    def remembering(context: Context, effect: Effect) -> None:
        order.append(effect.key)
        noting(context, effect)

    found = workers.work(opening(workspace), dict.fromkeys(BOTH, remembering))

    assert order == [f"{number}.2.pay", f"{number}.2.tell", f"{number}.3.tell"]
    assert found == Worked(done=3)
    assert workers.work(opening(workspace), BOTH).is_nothing


def test_what_nobody_can_do_waits_and_keeps_nothing_else_waiting(workspace: Workspace) -> None:
    number = opened(workspace, "p1", "find")

    assert workers.work(opening(workspace), {"tell": noting}) == Worked(done=1)
    assert workers.work(opening(workspace), {f"{PARCEL.name}.pay": noting}) == Worked(done=1)

    assert noted(workspace) == [f"{number}.2.pay", f"{number}.2.tell"]


def test_an_effect_of_work_that_was_undone_never_was(workspace: Workspace) -> None:
    number = opened(workspace)

    def die() -> None:
        with open_context(workspace.root, now=NOW) as context:
            service.act(context, number, "find")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        die()

    assert workers.work(opening(workspace), BOTH).is_nothing


def test_what_fails_writes_nothing_waits_longer_each_time_and_is_dead_in_the_end(workspace: Workspace) -> None:
    opened(workspace, "p1", "find")

    def failing(context: Context, effect: Effect) -> None:
        noting(context, effect)
        message = "no such account"
        raise LookupError(message)

    now, results, waits = NOW, [], []
    for _ in range(MOST_ATTEMPTS):
        results.append(workers.work(opening(workspace, now), {"pay": failing}))
        with open_context(workspace.root, now=now) as context:
            row = context.session.scalars(select(CaseEffect).where(CaseEffect.name == "pay")).one()
        waits.append((row.due_at - now).total_seconds())
        now = row.due_at

    assert noted(workspace) == []
    assert results == [Worked(failed=1)] * (MOST_ATTEMPTS - 1) + [Worked(failed=1, dead=1)]
    assert waits == sorted(set(waits))
    assert row.error == "LookupError: no such account"
    assert row.dead_at is not None
    assert workers.work(opening(workspace, now + timedelta(days=9)), {"pay": noting}).done == 0


def test_in_one_unit_what_fails_is_undone_alone(workspace: Workspace) -> None:
    number = opened(workspace, "p1", "find")

    def failing(context: Context, effect: Effect) -> None:
        noting(context, effect)
        raise LookupError

    with open_context(workspace.root, now=NOW) as context:
        found = workers.run_once(context, {"pay": failing, "tell": noting})

    assert found == Worked(failed=1)  # what comes after it in its case waits for it
    with open_context(workspace.root, now=NOW + timedelta(minutes=1)) as context:
        assert workers.run_once(context, BOTH) == Worked(done=2)
    assert noted(workspace) == [f"{number}.2.pay", f"{number}.2.tell"]


def test_several_workers_at_once_do_each_thing_once(workspace: Workspace) -> None:
    numbers = [opened(workspace, f"p{n}", "find") for n in range(8)]

    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda _: workers.work(opening(workspace), BOTH), range(4)))

    assert sum(found, Worked()) == Worked(done=16)
    assert noted(workspace) == sorted(f"{n}.2.{name}" for n in numbers for name in BOTH)


def test_whoever_lost_his_lease_does_nothing(workspace: Workspace) -> None:
    opened(workspace, "p1", "find")
    later = opening(workspace, NOW + LEASE)

    def slow(context: Context, effect: Effect) -> None:
        noting(context, effect)

    with open_context(workspace.root, now=NOW) as context:
        [taken] = workers.take_effects(context, "slow", {"pay"}, 5)
    assert workers.work(later, {"pay": noting}) == Worked(done=1)
    with open_context(workspace.root, now=NOW + LEASE) as context:
        assert workers._done_in(context, taken, "slow", {"pay": slow}).is_nothing

    assert len(noted(workspace)) == 1


def test_a_clock_that_runs_out_acts_once_and_one_that_was_left_does_not(workspace: Workspace) -> None:
    number, found = opened(workspace, "p1"), opened(workspace, "p2", "find")
    late = NOW + timedelta(hours=2)

    assert workers.work(opening(workspace, late - timedelta(seconds=1)), {"pay": noting}) == Worked(fired=1, done=1)
    with ThreadPoolExecutor(3) as pool:
        done = list(pool.map(lambda _: workers.work(opening(workspace, late), BOTH), range(3)))

    assert sum(done, Worked()).fired == 1
    assert actions_of(workspace, number) == ["opened", "lapse"]
    assert actions_of(workspace, found) == ["opened", "find", "escalated"]


def test_a_deadline_is_escalated_step_by_step_and_no_further(workspace: Workspace) -> None:
    number = opened(workspace, "p1", "find")

    for hours in (1, 2, 9, 10, 33, 60, 200):
        workers.work(opening(workspace, NOW + timedelta(hours=hours)), {})

    assert actions_of(workspace, number) == ["opened", "find", *["escalated"] * 3]
    with open_context(workspace.root, now=NOW) as context:
        assert context.session.scalars(select(CaseTimer.fired_at).where(CaseTimer.case_id == number)).one() is not None


KILLED = """
import sys, time
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from tiffin.capabilities.cases.service import workers
from tiffin.runtime.edge import open_context
from tiffin.runtime.models import Setting

def hanging(context, effect):
    context.session.add(Setting(name="did " + effect.key, value=1, changed_at=context.now, changed_by="test"))
    context.session.flush()
    print("at it", flush=True)
    time.sleep(120)

opening = partial(open_context, Path(sys.argv[1]), now=datetime(2026, 2, 16, 8, tzinfo=UTC))
workers.work(opening, {"pay": hanging})
"""


@pytest.fixture
def killed(workspace: Workspace) -> Iterator[int]:
    """A worker that was killed amid an effect, after it had written what the effect writes."""
    number = opened(workspace, "p1", "find")
    worker = subprocess.Popen([sys.executable, "-c", KILLED, str(workspace.root)], stdout=subprocess.PIPE, text=True)
    assert worker.stdout is not None
    assert worker.stdout.readline() == "at it\n"
    worker.send_signal(signal.SIGKILL)
    worker.wait(timeout=30)
    yield number
    worker.stdout.close()


def test_a_killed_worker_loses_nothing_and_repeats_nothing(workspace: Workspace, killed: int) -> None:
    engine_for(workspace.database_url).dispose()
    assert noted(workspace) == []
    assert workers.work(opening(workspace), {"pay": noting}).is_nothing  # his lease has not ended

    done = workers.work(opening(workspace, NOW + LEASE), {"pay": noting})

    assert done == Worked(done=1)
    assert noted(workspace) == [f"{killed}.2.pay"]
    assert workers.work(opening(workspace, NOW + 2 * LEASE), {"pay": noting}).is_nothing
