"""Dated parameters on either kind of database: drafted, published by two people, and taken back like tables."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from tests.runtime.policies.conftest import NOW, POLICY, TODAY, a_policy, entering, proposed, published

from tiffin.capabilities.policies.domain.versions import PARAMETERS
from tiffin.capabilities.policies.service.drafting import Draft, begin_draft, find_draft
from tiffin.capabilities.policies.service.drafting_merging import rebase
from tiffin.capabilities.policies.service.drafting_proposing import propose, propose_files
from tiffin.capabilities.policies.service.drafting_saving import save_draft, undo_save
from tiffin.capabilities.policies.service.ledger import altered, publications, texts_in_force
from tiffin.capabilities.policies.service.library import find, in_force
from tiffin.capabilities.policies.service.parameter_checks import changed_entries, stated_in
from tiffin.capabilities.policies.service.publishing import draft_again, publish_draft, take_back
from tiffin.kernel.errors import Conflict, FailedCheck, Forbidden, WrongUse
from tiffin.runtime.actor import Role
from tiffin.runtime.workspace import Workspace

BEGAN, LATER = TODAY - timedelta(days=5), TODAY + timedelta(days=10)
TABLE = a_policy().replace("amount_minor: 500", "amount_minor: fee", 1)
"""The policy with a parameter for what a late order pays back; its worked case expects 500."""


def a_text(*entries: tuple[date, int]) -> str:
    lines = "".join(
        f"  - {{name: fee, from: {day}, value: {value}, unit: u, source: A test.}}\n" for day, value in entries
    )
    return f"parameters:\n{lines}"


OLD = a_text((date(2026, 1, 1), 500))


@pytest.fixture
def filed(workspace: Workspace) -> Path:
    """The policy published, its parameters put into the workspace by hand."""
    path = workspace.overlay("policies") / POLICY / "parameters.yaml"
    path.parent.mkdir(parents=True)
    path.write_text(f"# By hand.\n{OLD}", encoding="utf-8")
    published(workspace, {"": TABLE}, on=BEGAN, at=NOW - timedelta(days=5))
    return path


def fee(workspace: Workspace, on: date = LATER, *, known_days_ago: int = 0) -> object:
    with entering(workspace, "ana") as context:
        found = in_force(context, POLICY, on, known_at=NOW - timedelta(days=known_days_ago))
        return found.table.parameters["fee"]


def drafted(workspace: Workspace, text: str) -> Draft:
    with entering(workspace, "ana", role=Role.ANALYST) as context:
        begun = begin_draft(context, POLICY)
        return save_draft(context, begun.draft_id, {PARAMETERS: text}, seen=0)


def test_published_parameters_replace_the_files_from_their_publication_on_until_taken_back(
    workspace: Workspace, filed: Path
) -> None:
    text = a_text((date(2026, 1, 1), 500), (LATER, 500))
    draft = proposed(workspace, {PARAMETERS: text})
    with entering(workspace, "ana") as context, pytest.raises(Forbidden, match="somebody else"):
        publish_draft(context, draft.draft_id)
    with entering(workspace, "ben") as context:
        made = publish_draft(context, draft.draft_id)
    filed.write_text(a_text((date(2026, 1, 1), 900)), encoding="utf-8")

    assert (fee(workspace), fee(workspace, known_days_ago=1)) == (500, 900)
    with entering(workspace, "ben") as context:
        assert texts_in_force(context, POLICY)[PARAMETERS].text == text
        assert {one.since for one in find(context, POLICY).parameters} == {date(2026, 1, 1), LATER}
    filed.write_text(OLD, encoding="utf-8")
    with entering(workspace, "ben", at=NOW + timedelta(hours=1)) as context:
        take_back(context, made.publication_id, "Not agreed.")
        assert PARAMETERS not in texts_in_force(context, POLICY)
        assert texts_in_force(context, POLICY, known_at=NOW)[PARAMETERS].publication == made.number
        assert dict(draft_again(context, made.publication_id).files) == {PARAMETERS: text}


def test_a_draft_begins_with_the_parameters_that_count_and_is_undone_as_one_of_tables(
    workspace: Workspace, filed: Path
) -> None:
    draft = drafted(workspace, a_text((date(2026, 1, 1), 500), (LATER, 800)))
    gone, added = changed_entries(draft)
    with entering(workspace, "ana", role=Role.ANALYST) as context:
        undone = undo_save(context, draft.draft_id, seen=draft.head)
        held = in_force(context, POLICY, LATER, draft=draft.draft_id)

    assert draft.base[PARAMETERS] == filed.read_text(encoding="utf-8")
    assert ([one.value for one in gone], [(one.since, int(str(one.value))) for one in added]) == ([], [(LATER, 800)])
    assert (dict(undone.files), held.table.parameters["fee"]) == ({}, 500)


def test_shipped_and_own_parameters_are_drafted_as_one_text(workspace: Workspace) -> None:
    own = workspace.overlay("policies") / "surge-actions" / "parameters.yaml"
    own.parent.mkdir(parents=True)
    own.write_text(OLD, encoding="utf-8")
    with entering(workspace, "ana") as context:
        counted = find(context, "surge-actions").parameters
        draft = begin_draft(context, "surge-actions")
        begun = stated_in("surge-actions", draft.base[PARAMETERS])

    assert begun == counted
    assert {one.name for one in begun} > {"fee"}


@pytest.mark.usefixtures("filed")
@pytest.mark.parametrize("countries", [("KW",), (PARAMETERS,)])
def test_who_has_no_grant_over_everything_neither_writes_nor_publishes_nor_takes_back(
    workspace: Workspace, countries: tuple[str, ...]
) -> None:
    draft = proposed(workspace, {PARAMETERS: OLD})
    with entering(workspace, "kim", countries=countries) as context:
        begun = begin_draft(context, POLICY)
        with pytest.raises(Forbidden, match="the parameters"):
            save_draft(context, begun.draft_id, {PARAMETERS: OLD}, seen=0)
        with pytest.raises(Forbidden, match="the parameters"):
            publish_draft(context, draft.draft_id)
    with entering(workspace, "ben") as context:
        made = publish_draft(context, draft.draft_id)
    with entering(workspace, "kim", countries=countries) as context, pytest.raises(Forbidden, match="the parameters"):
        take_back(context, made.publication_id, "No.")


@pytest.mark.usefixtures("filed")
def test_worked_cases_run_on_every_later_day_on_which_a_parameter_begins(workspace: Workspace) -> None:
    draft = proposed(workspace, {PARAMETERS: a_text((date(2026, 1, 1), 500), (LATER, 800))})
    with entering(workspace, "ben") as context, pytest.raises(FailedCheck, match=f"{LATER}.*800"):
        publish_draft(context, draft.draft_id)
    with entering(workspace, "ben") as context:
        assert len(publications(context)) == 1


@pytest.mark.usefixtures("filed")
def test_parameters_change_nothing_before_the_day_of_their_draft_without_a_reason(workspace: Workspace) -> None:
    yesterday = TODAY - timedelta(days=1)
    draft = drafted(workspace, OLD.replace("500", "800"))
    with entering(workspace, "ana", role=Role.ANALYST) as context:
        for day in (TODAY, LATER):
            with pytest.raises(WrongUse, match="fee"):
                propose(context, draft.draft_id, from_date=day)
        with pytest.raises(WrongUse, match="say why"):
            propose(context, draft.draft_id, from_date=yesterday)
        waiting = propose(context, draft.draft_id, from_date=BEGAN, late_reason="Agreed last week.")

    assert waiting.from_date == BEGAN


@pytest.mark.usefixtures("filed")
def test_of_two_drafts_of_parameters_the_second_is_put_upon_the_first(workspace: Workspace) -> None:
    second = drafted(workspace, OLD.replace("A test.", "Another source."))
    published(workspace, {PARAMETERS: OLD.replace("unit: u", "unit: v").replace("2026-01-01", str(TODAY)) + OLD[12:]})
    with entering(workspace, "ana", role=Role.ANALYST) as context:
        with pytest.raises(Conflict, match="the parameters"):
            propose(context, second.draft_id, from_date=TODAY)
        put = rebase(context, second.draft_id, mine={PARAMETERS: ["parameters"]}, seen=second.head)
        waiting = propose(context, put.draft_id, from_date=TODAY, late_reason="")

    assert "Another source." in put.files[PARAMETERS]
    assert waiting.case_id is not None


def test_the_copy_of_parameters_bears_day_and_place_and_decides_nothing(workspace: Workspace, filed: Path) -> None:
    with entering(workspace, "ana", role=Role.ANALYST) as context:
        draft = propose_files(context, POLICY, {"parameters.yaml": OLD})
    with entering(workspace, "ben") as context:
        publish_draft(context, draft.draft_id)
        assert find_draft(context, draft.draft_id).from_date == TODAY
    copy = filed.parent / f"{TODAY}.parameters.yaml"
    assert copy.read_text(encoding="utf-8") == OLD

    copy.write_text(OLD.replace("500", "900"), encoding="utf-8")

    assert fee(workspace) == 500
    with entering(workspace, "ben") as context:
        assert [one for one in altered(context) if str(copy) in one]
