"""A draft in shadow decides what is new and nothing else, and people are handed some of the differences."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

import pytest
from click.testing import CliRunner
from tests.policies.replaying.conftest import LATE, NOW, an_order, entering, write

from tiffin.capabilities.cases import service as cases
from tiffin.capabilities.cases.domain.case import CaseFilter, CaseSummary, NewCase
from tiffin.capabilities.policies.domain.versions import BASE
from tiffin.capabilities.policies.service import shadow
from tiffin.capabilities.policies.service.drafting import begin_draft, find_draft
from tiffin.capabilities.policies.service.drafting_proposing import withdraw
from tiffin.capabilities.policies.service.drafting_saving import save_draft
from tiffin.capabilities.policies.service.history import gather
from tiffin.capabilities.policies.service.shadow import Ran
from tiffin.cli.composition import compose
from tiffin.kernel.errors import Forbidden, InvalidDefinition, NotFound
from tiffin.runtime.actor import Grant, Role
from tiffin.runtime.context import Context
from tiffin.runtime.workspace import Workspace

LATER = NOW + timedelta(days=1)
DISAGREEMENTS = CaseFilter(is_closed=None, case_type="policy_disagreement")


@contextmanager
def at(workspace: Workspace, now: datetime) -> Iterator[Context]:
    with entering(workspace, now=now) as context:
        yield context


@pytest.fixture
def drafted(gathered: Workspace) -> Workspace:
    """Draft 1 gives the delivery fee back from 25 minutes on."""
    with at(gathered, NOW) as context:
        draft = begin_draft(context, LATE)
        text = draft.texts[BASE].replace("(tolerance_min..30)", "(tolerance_min..25)").replace("[30..60)", "[25..60)")
        save_draft(context, draft.draft_id, {BASE: text}, seen=draft.head)
        assert draft.draft_id == 1
    return gathered


def new_orders(workspace: Workspace, *minutes: int, first: int = 900, at_time: datetime = LATER) -> None:
    """Let orders come in that are so many minutes late, and take them up, a day later unless said."""
    write(workspace, "orders", *(an_order(first + n * 2, late_min=late) for n, late in enumerate(minutes)))
    with at(workspace, at_time) as context:
        gather(context, LATE)


def ran(workspace: Workspace, now: datetime = LATER) -> Ran:
    with at(workspace, now) as context:
        (found,) = shadow.run_shadows(context)
    return found


def handed(workspace: Workspace) -> tuple[CaseSummary, ...]:
    with at(workspace, LATER) as context:
        return cases.list_cases(context, DISAGREEMENTS)


def begun(workspace: Workspace) -> int:
    with at(workspace, NOW) as context:
        return shadow.begin_shadow(context, 1)


def test_only_cases_that_became_known_since_are_decided(drafted: Workspace) -> None:
    begun(drafted)
    before = ran(drafted, NOW + timedelta(hours=1))
    new_orders(drafted, 20, 26, 27, 40)

    first, second = ran(drafted), ran(drafted, LATER + timedelta(hours=1))

    assert (before.cases, before.changed) == (0, 0)
    assert (first.cases, first.changed, first.handed) == (4, 2, 2)
    assert second.cases == 0


def test_people_are_handed_the_differences_with_what_either_version_says(drafted: Workspace) -> None:
    begun(drafted)
    new_orders(drafted, 20, 26)
    ran(drafted)

    (case,) = handed(drafted)

    assert (case.state, case.country, case.city_id, case.subject) == ("open", "SA", "riyadh", LATE)
    assert "riyadh/o902" in case.headline
    assert "late.little" in case.headline
    assert "late.much" in case.headline
    assert "One of 1 drawn from 1" in case.headline


def test_no_more_differences_are_handed_over_than_people_can_judge(
    drafted: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shadow, "HANDED", 3)
    begun(drafted)
    new_orders(drafted, *[26] * 8)

    found = ran(drafted)

    assert (found.changed, found.handed) == (8, 3)
    assert all("One of 3 drawn from 8" in case.headline for case in handed(drafted))


def test_what_people_judge_is_counted_for_the_draft(drafted: Workspace) -> None:
    number = begun(drafted)
    new_orders(drafted, 26, 27, 28)
    ran(drafted)
    for case, right in zip(handed(drafted), ("draft", "draft", "in_force"), strict=True):
        with at(drafted, LATER) as context:
            cases.act(context, case.case_id, "judge", {"right": right, "reason": "looked at the order"})

    with at(drafted, LATER) as context:
        (found,) = shadow.list_shadows(context, LATE)

    assert (found.case_id, found.draft, found.is_running, found.until) == (number, 1, True, LATER)
    assert (found.cases, found.changed, found.handed) == (3, 3, 3)
    assert found.judged == {"draft": 2, "in_force": 1}


def test_a_shadow_ends_and_decides_nothing_more(drafted: Workspace) -> None:
    number = begun(drafted)
    with at(drafted, NOW) as context:
        shadow.end_shadow(context, number, "tried long enough")
    new_orders(drafted, 26)
    with at(drafted, LATER) as context:
        assert shadow.run_shadows(context) == ()
        (found,) = shadow.list_shadows(context)

    assert not found.is_running
    assert handed(drafted) == ()


def test_a_shadow_ends_by_itself_when_its_draft_is_finished(drafted: Workspace) -> None:
    begun(drafted)
    new_orders(drafted, 26)
    with at(drafted, LATER) as context:
        withdraw(context, 1)

    found = ran(drafted)
    with at(drafted, LATER) as context:
        (listed,) = shadow.list_shadows(context)

    assert (found.cases, found.why) == (0, shadow.OVER)
    assert (listed.is_running, handed(drafted)) == (False, ())


def test_cases_of_a_gathering_that_ends_after_a_later_one_was_seen_are_decided_once(drafted: Workspace) -> None:
    begun(drafted)
    slow = NOW + timedelta(hours=2)
    new_orders(drafted, 26)
    first = ran(drafted)
    new_orders(drafted, 27, 28, first=950, at_time=slow)

    second, third = ran(drafted), ran(drafted, LATER + timedelta(hours=1))

    assert [one.cases for one in (first, second, third)] == [1, 2, 0]


def test_more_shadows_are_listed_than_one_page_of_cases_holds(drafted: Workspace) -> None:
    values = {"policy": LATE, "draft": 1, "begun_at": NOW.isoformat()}
    with at(drafted, NOW) as context:
        for number in range(201):
            new = NewCase("policy_shadow", f"shadow|1|{number}", shadow.RUNS, values, subject=LATE)
            cases.open_case(context, new)
        assert len(shadow.list_shadows(context)) == 201


def test_a_draft_runs_in_shadow_once_at_a_time(drafted: Workspace) -> None:
    assert begun(drafted) == begun(drafted)


def test_a_draft_that_no_longer_fits_says_why_and_keeps_no_other_from_running(drafted: Workspace) -> None:
    begun(drafted)
    new_orders(drafted, 26)
    with at(drafted, LATER) as context:
        save_draft(context, 1, {BASE: "policy: late-compensation\n"}, seen=1)

    found = ran(drafted)

    assert found.why
    assert (found.cases, handed(drafted)) == (0, ())


def test_a_shadow_singles_no_person_out(drafted: Workspace) -> None:
    with at(drafted, NOW) as context:
        text = find_draft(context, 1).texts[BASE]
        wanted = "inputs:\n  - {name: customer_id, label: {en: Customer}, type: string}"
        save_draft(context, 1, {BASE: text.replace("inputs:", wanted, 1)}, seen=1)
        with pytest.raises(InvalidDefinition, match="customer_id, which tells people apart"):
            shadow.begin_shadow(context, 1)


def test_only_authors_begin_a_shadow_and_only_shadows_end_as_one(drafted: Workspace) -> None:
    with entering(drafted, (Grant(Role.VIEWER, ("*",), ("*",)),)) as context, pytest.raises(Forbidden):
        shadow.begin_shadow(context, 1)
    begun(drafted)
    new_orders(drafted, 26)
    ran(drafted)
    (case,) = handed(drafted)
    with at(drafted, LATER) as context, pytest.raises(NotFound):
        shadow.end_shadow(context, case.case_id, "no shadow")


def test_the_commands_begin_run_list_and_end(drafted: Workspace) -> None:
    def told(*words: str) -> Any:
        where = ["--workspace", str(drafted.root), "--json"]
        done = CliRunner().invoke(compose(), ["policies", "shadow", *words, *where])
        assert done.exit_code == 0, done.output
        return json.loads(done.stdout)

    number = told("begin", "1")["case"]
    assert [one["cases"] for one in told("run")["ran"]] == [0]
    assert [one["case_id"] for one in told("list")["shadows"]] == [number]
    told("end", str(number), "--reason", "enough")
    assert [one["is_running"] for one in told("list")["shadows"]] == [False]
