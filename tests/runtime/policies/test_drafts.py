"""Drafts of policies on either kind of database: saved, proposed, reviewed."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from tests.runtime.policies.conftest import NOW, POLICY, TODAY, a_policy, an_overlay, entering, proposed, published

from tiffin.capabilities.cases import service as cases
from tiffin.capabilities.policies.service.drafting import begin_draft, find_draft, list_drafts
from tiffin.capabilities.policies.service.drafting_cases import draft_of_case
from tiffin.capabilities.policies.service.drafting_merging import differences, moved_places, rebase
from tiffin.capabilities.policies.service.drafting_proposing import propose, send_back, withdraw
from tiffin.capabilities.policies.service.drafting_saving import redo_save, restore_save, save_draft, undo_save
from tiffin.capabilities.policies.service.library import in_force
from tiffin.capabilities.policies.service.publishing import publish_draft
from tiffin.kernel.drafts import DraftState
from tiffin.kernel.errors import Conflict, Forbidden, InvalidData, WrongUse
from tiffin.runtime.actor import Role
from tiffin.runtime.workspace import Workspace


def test_every_save_of_a_draft_is_kept_and_undoing_loses_nothing(workspace: Workspace) -> None:
    with entering(workspace, "ana", role=Role.ANALYST) as context:
        number = begin_draft(context, POLICY, title="Cheaper").draft_id
        for seen, amount in enumerate((100, 200, 300)):
            save_draft(context, number, {"": a_policy(amount)}, seen=seen)
    with entering(workspace, "ana", role=Role.ANALYST) as context:
        back = undo_save(context, number, seen=3)
        first = undo_save(context, number, seen=2)
        nothing = undo_save(context, number, seen=1)
        again = redo_save(context, number, seen=0)
        other = save_draft(context, number, {"": a_policy(400)}, seen=1)
        with pytest.raises(Conflict, match="undone"):
            redo_save(context, number, seen=4)
        whole = restore_save(context, number, 3, seen=4)

    assert (back.files[""], first.files[""]) == (a_policy(200), a_policy(100))
    assert (nothing.files, again.head, other.head) == ({}, 1, 4)
    assert whole.files == {"": a_policy(300)}
    assert [(one.number, one.follows) for one in whole.saves] == [(1, 0), (2, 1), (3, 2), (4, 1)]


def test_of_two_who_save_at_once_one_is_told_and_neither_loses_his_text(workspace: Workspace) -> None:
    with entering(workspace, "ana") as context:
        number = begin_draft(context, POLICY).draft_id

    def save(name: str) -> str:
        try:
            with entering(workspace, name) as context:
                save_draft(context, number, {"": f"text of {name}\n"}, seen=0)
        except Conflict as refusal:
            return str(refusal)
        return ""

    with ThreadPoolExecutor(2) as pool:
        told = sorted(pool.map(save, ("ana", "ben")))
    with entering(workspace, "ana") as context:
        found = find_draft(context, number)

    assert told[0] == ""
    assert "Your text was not lost" in told[1]
    assert {one.files[""] for one in found.saves} == {"text of ana\n", "text of ben\n"}
    assert (found.head, [one.follows for one in found.saves]) == (1, [0, 0])
    assert found.saves[0].actor in told[1]


def test_a_save_that_changes_nothing_is_none(workspace: Workspace) -> None:
    published(workspace, {"": a_policy()})
    with entering(workspace, "ana", at=NOW + timedelta(days=1)) as context:
        begun = begin_draft(context, POLICY)
        same = save_draft(context, begun.draft_id, {"": a_policy().replace("\n", "\r\n")}, seen=0)
        with pytest.raises(Conflict, match="changes nothing"):
            propose(context, begun.draft_id, from_date=TODAY + timedelta(days=1))

    assert (same.head, same.saves, same.texts) == (0, (), {"": a_policy()})


def test_a_text_that_no_file_can_hold_is_refused(workspace: Workspace) -> None:
    with entering(workspace, "ana") as context:
        number = begin_draft(context, POLICY).draft_id
        for text in ("a\0b", "a\ud800b", "a" * 1_000_001):
            with pytest.raises(InvalidData):
                save_draft(context, number, {"": text}, seen=0)
        with pytest.raises(WrongUse, match="no market and no city"):
            save_draft(context, number, {"../KW": "a"}, seen=0)
        with pytest.raises(WrongUse, match="small letters"):
            begin_draft(context, "../late")


def test_whoever_wrote_on_a_draft_does_not_publish_it(workspace: Workspace) -> None:
    draft = proposed(workspace, {"": a_policy()})
    with entering(workspace, "ben") as context:
        save_draft(context, draft.draft_id, {"": a_policy(600)}, seen=1)
        back = propose(context, draft.draft_id, from_date=TODAY)
    with entering(workspace, "ben") as context, pytest.raises(Forbidden, match="somebody else"):
        publish_draft(context, draft.draft_id)

    assert back.authors == ("ana", "ben")


@pytest.mark.parametrize(
    ("role", "countries", "place", "may"),
    [
        (Role.STEWARD, ("KW",), "KW", True),
        (Role.STEWARD, ("SA",), "KW", False),
        (Role.STEWARD, ("KW",), "", False),
        (Role.ANALYST, ("*",), "KW", False),
        (Role.ADMIN, ("*",), "", True),
    ],
)
def test_a_steward_publishes_where_his_grant_reaches(
    workspace: Workspace, *, role: Role, countries: tuple[str, ...], place: str, may: bool
) -> None:
    if place:
        published(workspace, {"": a_policy()})
    draft = proposed(workspace, {place: an_overlay(place, 700) if place else a_policy()})
    with entering(workspace, "ben", role=role, countries=countries) as context:
        if may:
            assert publish_draft(context, draft.draft_id).digests.keys() == {place}
        else:
            with pytest.raises(Forbidden, match="stewards over the places"):
                publish_draft(context, draft.draft_id)


def test_whoever_may_not_write_policies_sees_no_draft(workspace: Workspace) -> None:
    draft = proposed(workspace, {"": a_policy()})
    with entering(workspace, "eve", role=Role.CITY_MANAGER) as context:
        for act in (
            lambda: list_drafts(context),
            lambda: find_draft(context, draft.draft_id),
            lambda: begin_draft(context, POLICY),
            lambda: draft_of_case(context, draft.case_id or 0),
        ):
            with pytest.raises(Forbidden):
                act()
    with entering(workspace, "kim", role=Role.ANALYST, countries=("KW",)) as context:
        with pytest.raises(Forbidden, match="all markets"):
            save_draft(context, draft.draft_id, {"": a_policy(1)}, seen=1)
        with pytest.raises(Forbidden, match="given up by those who wrote"):
            withdraw(context, draft.draft_id)


def test_a_proposal_waits_as_a_case_for_stewards_of_its_place(workspace: Workspace) -> None:
    published(workspace, {"": a_policy()})
    draft = proposed(workspace, {"KW": an_overlay("KW", 700)})
    with entering(workspace, "ben", countries=("KW",)) as context:
        waiting = [one for one in cases.list_cases(context) if one.case_type == "policy_proposal"]
        assert draft_of_case(context, waiting[0].case_id).draft_id == draft.draft_id
        sent = send_back(context, draft.draft_id, "Too much.")
        left = cases.list_cases(context)
    with entering(workspace, "ana", role=Role.ANALYST) as context:
        save_draft(context, draft.draft_id, {"KW": an_overlay("KW", 600)}, seen=1)
        again = propose(context, draft.draft_id, from_date=TODAY)
        withdraw(context, draft.draft_id)
        closed = {one.summary.state for one in cases.guided_cases(context, "policy_proposal", is_closed=True)}

    assert (waiting[0].case_id, waiting[0].country, waiting[0].subject) == (draft.case_id, "KW", POLICY)
    assert (sent.state, sent.case_id, sent.events[-1].comment) == (DraftState.SENT_BACK, None, "Too much.")
    assert left == ()
    assert again.case_id not in (None, draft.case_id)
    assert closed == {"published", "sent_back", "withdrawn"}


def test_a_changed_proposal_has_to_be_proposed_again(workspace: Workspace) -> None:
    draft = proposed(workspace, {"": a_policy()})
    with entering(workspace, "ana") as context:
        changed = save_draft(context, draft.draft_id, {"": a_policy(600)}, seen=1)
    with entering(workspace, "ben") as context, pytest.raises(Conflict):
        publish_draft(context, draft.draft_id)
    with entering(workspace, "ana") as context:
        propose(context, draft.draft_id, from_date=TODAY)
    with entering(workspace, "ben") as context, pytest.raises(Conflict, match="after you had opened it"):
        publish_draft(context, draft.draft_id, seen=draft.head)

    assert (changed.state, changed.case_id) == (DraftState.DRAFT, None)


def test_of_two_drafts_upon_one_version_the_second_has_to_be_put_upon_the_first(workspace: Workspace) -> None:
    published(workspace, {"": a_policy()})
    mine = proposed(workspace, {"": a_policy(late_from=15).replace("{en: Late fee}", "{en: Fee}")}, at=NOW)
    published(workspace, {"": a_policy(800)}, at=NOW + timedelta(hours=1))
    with entering(workspace, "ben", at=NOW + timedelta(hours=2)) as context:
        assert moved_places(context, find_draft(context, mine.draft_id)) == ("",)
        with pytest.raises(Conflict, match="when this draft began"):
            publish_draft(context, mine.draft_id)
    with entering(workspace, "ana", at=NOW + timedelta(hours=2)) as context:
        shown = differences(context, find_draft(context, mine.draft_id))[""]
        done = rebase(context, mine.draft_id, mine={}, seen=mine.head)
        propose(context, mine.draft_id, from_date=TODAY)
    with entering(workspace, "ben", at=NOW + timedelta(hours=3)) as context:
        publish_draft(context, mine.draft_id)
        held = in_force(context, POLICY, TODAY)

    assert {one.path: (one.base, one.theirs, one.mine) for one in shown if one.path.startswith("rows")} == {
        "rows.late.yes.then.amount_minor": (500, 800, 500)
    }
    assert not any(one.is_conflict for one in shown if one.path != "worked_cases")
    assert held.stated.title["en"] == "Fee"
    assert done.state is DraftState.DRAFT
