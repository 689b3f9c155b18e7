"""Appeals on both databases: lodged once however many lodge, decided once however many decide, stayed with it."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from datetime import timedelta

import pytest
from sqlalchemy import func, select
from tests.liability.appeals.conftest import NOW, RIDER, a_posted_verdict, add_account

from tiffin.capabilities.cases.service import guided_case
from tiffin.capabilities.cases.service.workers import run_once
from tiffin.capabilities.liability.domain.parties import Party
from tiffin.capabilities.liability.jobs import HANDLERS
from tiffin.capabilities.liability.models.appeals import AppealRecord
from tiffin.capabilities.liability.service import ledger
from tiffin.capabilities.liability.service.appeal_acting import act
from tiffin.capabilities.liability.service.appeals import lodge, show_appeal
from tiffin.kernel.errors import TiffinError
from tiffin.runtime.actor import Actor, Grant, Role
from tiffin.runtime.context import Context
from tiffin.runtime.edge import open_unit
from tiffin.runtime.workspace import Workspace


def entering(
    workspace: Workspace, name: str, role: Role | None = None, days: float = 0
) -> AbstractContextManager[Context]:
    actor = Actor(name, (Grant(role, ("*",), ()),)) if role else Actor(name, party=RIDER)
    return open_unit(workspace, lambda _: actor, now=NOW + timedelta(days=days))


@pytest.fixture
def verdict_id(workspace: Workspace) -> str:
    with entering(workspace, "admin", Role.ADMIN) as context:
        for name in ("rita", "saad"):
            add_account(context, name, Role.REVIEWER)
        return a_posted_verdict(context, "o-1").verdict_id


def test_of_many_who_lodge_at_once_there_is_one_appeal_and_one_stay(workspace: Workspace, verdict_id: str) -> None:
    def lodged(_number: int) -> int | None:
        try:
            with entering(workspace, "rider-account") as context:
                return lodge(context, verdict_id, "It was the kitchen.").case_id
        except TiffinError:  # told that another window does it right now
            return None

    with ThreadPoolExecutor(4) as pool:
        found = {one for one in pool.map(lodged, range(8)) if one is not None}

    assert len(found) == 1
    with entering(workspace, "admin", Role.ADMIN) as context:
        assert context.session.scalar(select(func.count()).select_from(AppealRecord)) == 1
        actions = [one.action for one in guided_case(context, found.pop()).trail]
        assert actions == ["opened", "acknowledge"]
        points = ledger.balance(context, Party.RIDER, "rider-7", "riyadh").of("points")
        assert (points.counted, points.stayed) == (0, 4)


def test_of_two_reviewers_who_decide_at_once_one_does(workspace: Workspace, verdict_id: str) -> None:
    with entering(workspace, "rider-account") as context:
        case_id = lodge(context, verdict_id, "It was the kitchen.").case_id
        act(context, case_id, "no_more_evidence")
    with entering(workspace, "rita", Role.REVIEWER) as context:
        act(context, case_id, "take_appeal")

    def decided(said: tuple[str, str]) -> str | None:
        name, action = said
        try:
            with entering(workspace, name, Role.REVIEWER) as context:
                return act(context, case_id, action, {"reason": "As the trail shows."}, version=4).state
        except TiffinError:
            return None

    with ThreadPoolExecutor(2) as pool:
        found = [one for one in pool.map(decided, (("rita", "uphold"), ("saad", "overturn"))) if one]

    assert len(found) == 1
    with entering(workspace, "admin", Role.ADMIN) as context:
        assert show_appeal(context, case_id).state == found[0]


def test_workers_end_the_stay_when_the_decision_is_final(workspace: Workspace, verdict_id: str) -> None:
    with entering(workspace, "rider-account") as context:
        case_id = lodge(context, verdict_id, "It was the kitchen.").case_id
        act(context, case_id, "no_more_evidence")
    with entering(workspace, "rita", Role.REVIEWER) as context:
        act(context, case_id, "take_appeal")
        act(context, case_id, "uphold", {"reason": "As the trail shows."})

    with entering(workspace, "admin", Role.ADMIN, days=14.1) as context:
        assert run_once(context, HANDLERS).failed == 0

    with entering(workspace, "admin", Role.ADMIN, days=15) as context:
        assert show_appeal(context, case_id).state == "final"
        assert ledger.balance(context, Party.RIDER, "rider-7", "riyadh").of("points").counted == 4
