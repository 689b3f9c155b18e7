"""Incidents on either kind of database: reported by two at once, decided by two at once, judged over days."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import pytest
from tests.liability.verdicts.conftest import DAY, NOW, an_incident, fill

from tiffin.capabilities.access.service import Terms, add_account, grant
from tiffin.capabilities.liability.domain.routing import Decision
from tiffin.capabilities.liability.service.incidents import report
from tiffin.capabilities.liability.service.judging import judge_day
from tiffin.capabilities.liability.service.judging_people import decide, undo
from tiffin.capabilities.liability.service.routing import list_incidents, take_next
from tiffin.capabilities.liability.service.verdicts import list_verdicts, verdicts_of_order
from tiffin.kernel.errors import Conflict
from tiffin.kernel.time import Days
from tiffin.runtime.actor import Role
from tiffin.runtime.edge import open_context
from tiffin.runtime.workspace import Workspace

OPEN = {"is_confirmed": True, "seal": "open", "at_stake_minor": 9000}


@pytest.fixture
def city(workspace: Workspace) -> Workspace:
    fill(workspace.root)
    return workspace


def test_of_two_who_report_the_same_at_once_there_is_one_case_and_one_verdict(city: Workspace) -> None:
    def told(_: int) -> int:
        with open_context(city.root, now=NOW) as context:
            return report(context, an_incident(at_stake_minor=1500))

    with ThreadPoolExecutor(4) as pool:
        numbers = set(pool.map(attempt(told), range(4))) - {None}
    with open_context(city.root, now=NOW) as context:
        incidents, verdicts = list_incidents(context), verdicts_of_order(context, "riyadh", "o1")

    assert len(numbers) == len(incidents) == len(verdicts) == 1


def test_of_two_who_decide_at_once_one_does(city: Workspace) -> None:
    with open_context(city.root, now=NOW) as context:
        case_id = report(context, an_incident(**OPEN))

    def decided(option: str) -> bool:
        with open_context(city.root, now=NOW) as context:
            return decide(context, case_id, Decision(option, "goodwill")) is not None

    with ThreadPoolExecutor(2) as pool:
        done = list(pool.map(attempt(decided), ("merchant", "platform")))
    with open_context(city.root, now=NOW) as context:
        assert sorted(map(bool, done)) == [False, True]
        assert len(verdicts_of_order(context, "riyadh", "o1")) == 1


def test_those_who_take_the_next_at_once_get_different_ones(city: Workspace) -> None:
    orders, people = ("o1", "o2", "o3"), ("nora", "omar", "lena")
    with open_context(city.root, now=NOW) as context:
        cases = {report(context, an_incident(order, **OPEN)) for order in orders}
        for name in people:
            add_account(context, name)
            grant(context, name, Role.ADJUDICATOR, countries=["*"], terms=Terms("the queue"))

    def taken(name: str) -> int | None:
        for _ in people:
            with suppress(Conflict), open_context(city.root, user=name, now=NOW) as context:
                return take_next(context)
        return None

    with ThreadPoolExecutor(3) as pool:
        found = list(pool.map(taken, people))
    with open_context(city.root, user="nora", now=NOW) as context:
        again = take_next(context)

    assert set(found) == cases
    assert again == found[0]


def test_a_day_is_judged_decided_undone_and_decided_anew(city: Workspace) -> None:
    with open_context(city.root, now=NOW) as context:
        judged = judge_day(context, "riyadh", Days(DAY, DAY))
        case_id = report(context, an_incident("o4", **OPEN))
        decide(context, case_id, Decision("merchant", "party_admitted"))
        undo(context, case_id)
        decide(context, case_id, Decision("proposal"))
        held = {one.verdict_id for one in list_verdicts(context)}

    assert (judged.found, judged.closed + judged.asked) == (2, 2)
    assert "riyadh|o4|missing_item|2" in held
    assert "riyadh|o4|missing_item|1" not in held


def attempt(act):  # noqa: ANN001, ANN201 - a function of any kind
    """Let whoever comes second be told, without failing the test."""

    def tried(value):  # noqa: ANN001, ANN202 - the same
        try:
            return act(value)
        except Conflict:
            return None

    return tried
