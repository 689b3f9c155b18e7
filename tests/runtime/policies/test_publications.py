"""Publications of policies on either kind of database: by two people, and taken back by one."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from tests.runtime.policies.conftest import NOW, POLICY, TODAY, a_policy, an_overlay, entering, proposed, published

from tiffin.capabilities.access.domain.auditing import AuditSearch
from tiffin.capabilities.access.service.auditing import search_audit
from tiffin.capabilities.access.service.wording import ACTIONS
from tiffin.capabilities.cases import service as cases
from tiffin.capabilities.policies.service.drafting import begin_draft, find_draft, list_drafts
from tiffin.capabilities.policies.service.drafting_proposing import propose, propose_files, send_back, withdraw
from tiffin.capabilities.policies.service.drafting_saving import restore_save, save_draft
from tiffin.capabilities.policies.service.ledger import (
    altered,
    find_publication,
    publications,
    texts_in_force,
    texts_of,
    version_of,
    versions_known,
)
from tiffin.capabilities.policies.service.library import in_force
from tiffin.capabilities.policies.service.publishing import draft_again, publish_draft, take_back
from tiffin.kernel.drafts import DraftState
from tiffin.kernel.errors import Conflict, FailedCheck, Forbidden, InvalidDefinition, NotFound, Unavailable, WrongUse
from tiffin.runtime.actor import Actor, Role
from tiffin.runtime.database import Unit
from tiffin.runtime.edge import open_unit
from tiffin.runtime.workspace import Workspace


def test_a_policy_is_published_by_a_second_person_and_holds_from_its_day(workspace: Workspace) -> None:
    tomorrow = TODAY + timedelta(days=1)
    draft = proposed(workspace, {"": a_policy(), "KW": an_overlay("KW", 700)}, on=tomorrow)
    with entering(workspace, "ana") as context, pytest.raises(Forbidden, match="somebody else"):
        publish_draft(context, draft.draft_id)
    with entering(workspace, "ben") as context:
        made = publish_draft(context, draft.draft_id, comment="Good", seen=draft.head)
        assert texts_in_force(context, POLICY) == {}
        held = in_force(context, POLICY, tomorrow)
        finished = find_draft(context, draft.draft_id)
        closed = cases.guided_cases(context, "policy_proposal", is_closed=True)
        waiting = list_drafts(context)

    assert (made.number, made.authors, made.published_by) == (1, ("ana",), "ben")
    assert held.digest
    assert finished.state is DraftState.PUBLISHED
    assert [one.summary.state for one in closed] == ["published"]
    assert waiting == ()


@pytest.mark.parametrize(("text", "why"), [(a_policy(expected=900), "900"), (a_policy(late_from=17), "16")])
def test_what_is_not_sound_is_not_published_and_leaves_nothing(workspace: Workspace, text: str, why: str) -> None:
    draft = proposed(workspace, {"": text})
    with entering(workspace, "ben") as context, pytest.raises(FailedCheck, match=why):
        publish_draft(context, draft.draft_id)
    with entering(workspace, "ben") as context:
        assert publications(context) == ()
        assert find_draft(context, draft.draft_id).state is DraftState.REVIEW

    assert not [*workspace.overlay("policies").rglob("*.yaml")]


@pytest.mark.parametrize(
    ("files", "why"),
    [
        ({"": a_policy().replace("policy: late-fee", "policy: another")}, "another"),
        ({"": "rows: ["}, "YAML"),
        ({"KW": an_overlay("KW", 1)}, "No version"),
        ({"": a_policy(), "KW": an_overlay("KW", 1).replace("late.yes", "late.none")}, r"late\.none"),
    ],
)
def test_what_cannot_be_read_is_not_proposed(workspace: Workspace, files: dict[str, str], why: str) -> None:
    with pytest.raises(FailedCheck, match=why):
        proposed(workspace, files)


def test_what_is_in_force_later_has_to_be_sound_with_it_too(workspace: Workspace) -> None:
    later = TODAY + timedelta(days=30)
    published(workspace, {"": a_policy()})
    published(workspace, {"KW": an_overlay("KW", 700)}, on=later)
    renamed = proposed(workspace, {"": a_policy(600).replace("late.yes", "late.very")})
    with entering(workspace, "ben") as context, pytest.raises(Exception, match=r"late\.yes"):
        publish_draft(context, renamed.draft_id)


def test_a_policy_holds_from_a_day_that_is_over_only_where_it_is_said_why(workspace: Workspace) -> None:
    yesterday = TODAY - timedelta(days=1)
    with pytest.raises(WrongUse, match="is over"):
        proposed(workspace, {"": a_policy()}, on=yesterday)
    with entering(workspace, "ana") as context:
        number = propose_files(
            context, POLICY, {f"{yesterday}.yaml": a_policy()}, late_reason="Agreed by word."
        ).draft_id
    with entering(workspace, "ben") as context:
        made = publish_draft(context, number)
        assert texts_in_force(context, POLICY, on=yesterday)[""].publication == 1
        assert texts_in_force(context, POLICY, on=yesterday, known_at=NOW - timedelta(hours=1)) == {}

    assert made.late_reason == "Agreed by word."


def test_a_proposal_whose_day_ends_while_it_waits_needs_a_reason(workspace: Workspace) -> None:
    draft = proposed(workspace, {"": a_policy()})
    late = NOW + timedelta(days=2)
    with entering(workspace, "ben", at=late) as context, pytest.raises(WrongUse, match="is over"):
        publish_draft(context, draft.draft_id)
    with entering(workspace, "ben", at=late) as context:
        made = publish_draft(context, draft.draft_id, late_reason="I was away.")

    assert (made.from_date, made.late_reason) == (TODAY, "I was away.")


def test_taking_back_lets_the_version_before_hold_at_once_and_keeps_what_was_known(workspace: Workspace) -> None:
    first = published(workspace, {"": a_policy(100)})
    second = published(workspace, {"": a_policy(200)}, at=NOW + timedelta(hours=1))
    undone_at = NOW + timedelta(hours=2)
    with entering(workspace, "cleo", at=undone_at) as context:
        with pytest.raises(WrongUse, match="Say why"):
            take_back(context, second.publication_id, " ")
        made = take_back(context, second.publication_id, "Too dear.")
        assert texts_in_force(context, POLICY)[""].digest == first.digests[""]
    with entering(workspace, "cleo", at=NOW + timedelta(days=1)) as context:
        assert altered(context) == ()
        before = texts_in_force(context, POLICY, known_at=undone_at - timedelta(seconds=1))[""]
        with pytest.raises(Conflict, match="already"):
            take_back(context, second.publication_id, "Again.")
        known = versions_known(context, POLICY)
        still = version_of(context, POLICY, second.digests[""])

    assert (made.is_taken_back, made.taken_back_by, made.taken_back_reason) == (True, "cleo", "Too dear.")
    assert before.digest == second.digests[""]
    assert [one.publication for one in known] == [1]
    assert still.text == a_policy(200)


def test_what_was_taken_back_is_published_again_by_two_people(workspace: Workspace) -> None:
    made = published(workspace, {"": a_policy(100)})
    with entering(workspace, "ben", at=NOW + timedelta(hours=1)) as context:
        take_back(context, made.publication_id, "Too early.")
        draft = draft_again(context, made.publication_id)
        propose(context, draft.draft_id, from_date=TODAY)
    with entering(workspace, "ben") as context, pytest.raises(Forbidden):
        publish_draft(context, draft.draft_id)
    with entering(workspace, "cleo", at=NOW + timedelta(hours=2)) as context:
        again = publish_draft(context, draft.draft_id)
        assert texts_in_force(context, POLICY)[""].publication == 2
    with entering(workspace, "cleo", at=NOW + timedelta(hours=2)) as context:
        assert altered(context) == ()

    assert again.digests == made.digests


def test_of_two_who_publish_at_once_one_is_refused(workspace: Workspace) -> None:
    drafts = [proposed(workspace, {"": a_policy(amount)}).draft_id for amount in (100, 200)]

    def publish(number: int) -> bool:
        try:
            with entering(workspace, "ben") as context:
                publish_draft(context, number)
        except Conflict:
            return False
        return True

    with ThreadPoolExecutor(2) as pool:
        done = [*pool.map(publish, drafts)]
    with entering(workspace, "ben") as context:
        held = publications(context, POLICY)
        told = altered(context)

    assert sorted(done) == [False, True]
    assert [one.draft_id for one in held] == [drafts[done.index(True)]]
    assert told == ()


def test_taking_back_and_publishing_upon_it_at_once_leaves_what_can_be_read(workspace: Workspace) -> None:
    published(workspace, {"": a_policy()})
    base = published(workspace, {"": a_policy().replace("late.yes", "late.very")}, at=NOW + timedelta(hours=1))
    overlay = an_overlay("KW", 700).replace("late.yes", "late.very")
    draft = proposed(workspace, {"KW": overlay}, at=NOW + timedelta(hours=2))

    def act(name: str) -> bool:
        try:
            with entering(workspace, name, at=NOW + timedelta(hours=3)) as context:
                if name == "ben":
                    take_back(context, base.publication_id, "Wrong.")
                else:
                    publish_draft(context, draft.draft_id)
        except (Conflict, InvalidDefinition):
            return False
        return True

    with ThreadPoolExecutor(2) as pool:
        done = [*pool.map(act, ("ben", "cleo"))]
    with entering(workspace, "ben", at=NOW + timedelta(hours=4)) as context:
        held = in_force(context, POLICY, TODAY)

    assert sorted(done) == [False, True]
    assert set(held.table.row_ids) in ({"late.not", "late.yes"}, {"late.not", "late.very", "here.yes"})


def test_a_published_file_that_was_altered_is_told_and_decides_nothing(workspace: Workspace) -> None:
    made = published(workspace, {"": a_policy(100)})
    file = workspace.overlay("policies") / POLICY / f"{TODAY}.yaml"
    copied = file.read_text(encoding="utf-8")
    file.write_text(a_policy(999), encoding="utf-8")
    with entering(workspace, "ben") as context:
        told, held = altered(context), texts_in_force(context, POLICY)[""]
    file.unlink()
    with entering(workspace, "ben") as context:
        gone = altered(context, POLICY)

    assert copied == a_policy(100)
    assert "was changed in the workspace" in told[0]
    assert held.digest == made.digests[""]
    assert "is gone" in gone[0]


def test_what_others_rest_on_is_not_taken_back_alone(workspace: Workspace) -> None:
    published(workspace, {"": a_policy()})
    rows = a_policy().replace("late.yes", "late.very")
    base = published(workspace, {"": rows}, at=NOW + timedelta(hours=1))
    overlay = an_overlay("KW", 700).replace("late.yes", "late.very")
    upon = published(workspace, {"KW": overlay}, at=NOW + timedelta(hours=2))
    with entering(workspace, "ben", at=NOW + timedelta(hours=3)) as context:
        with pytest.raises(Conflict, match=r"late\.very.*Take those back first"):
            take_back(context, base.publication_id, "Wrong.")
        assert not find_publication(context, base.publication_id).is_taken_back
        take_back(context, upon.publication_id, "It rests on the other.")
        take_back(context, base.publication_id, "Wrong.")
        assert in_force(context, POLICY, TODAY).table.row_ids[-1] == "late.yes"


def test_a_copy_that_cannot_be_taken_away_keeps_no_way_back_shut(workspace: Workspace) -> None:
    made = published(workspace, {"": a_policy()})
    folder = workspace.overlay("policies") / POLICY
    copy, kept = folder / f"{TODAY}.yaml", folder.with_name("kept")
    folder.rename(kept)
    folder.write_text("a file where the folder was", encoding="utf-8")
    with entering(workspace, "ben", at=NOW + timedelta(hours=1)) as context:
        take_back(context, made.publication_id, "Wrong.")
    folder.unlink()
    kept.rename(folder)
    with entering(workspace, "ben", at=NOW + timedelta(hours=1)) as context:
        told = altered(context)
        assert texts_in_force(context, POLICY) == {}

    assert copy.is_file()
    assert "was taken back, and its copy" in told[0]


def test_a_file_that_was_put_there_by_hand_is_not_written_over(workspace: Workspace) -> None:
    file = workspace.overlay("policies") / POLICY / f"{TODAY}.yaml"
    file.parent.mkdir(parents=True)
    file.write_text(a_policy(100), encoding="utf-8")
    draft = proposed(workspace, {"": a_policy(200)})
    with entering(workspace, "ben") as context, pytest.raises(Conflict, match="not published here"):
        publish_draft(context, draft.draft_id)

    assert file.read_text(encoding="utf-8") == a_policy(100)


def test_published_texts_are_kept_for_ever(workspace: Workspace) -> None:
    made = published(workspace, {"": a_policy(100), "KW": an_overlay("KW", 300)})
    with entering(workspace, "ben", at=NOW + timedelta(days=400)) as context:
        take_back(context, made.publication_id, "Over.")
        assert texts_of(context, made.publication_id) == {"": a_policy(100), "KW": an_overlay("KW", 300)}
        assert find_publication(context, made.publication_id).digests == made.digests
        with pytest.raises(NotFound):
            version_of(context, POLICY, "0" * 64)


def test_whoever_has_no_grant_is_told_of_no_publication(workspace: Workspace) -> None:
    made = published(workspace, {"": a_policy()})
    with open_unit(workspace, lambda _: Actor("eve"), now=NOW) as context:
        for read in (
            lambda: publications(context),
            lambda: find_publication(context, made.publication_id),
            lambda: texts_of(context, made.publication_id),
            lambda: version_of(context, POLICY, made.digests[""]),
            lambda: altered(context),
        ):
            with pytest.raises(Forbidden):
                read()


def test_every_step_stands_in_the_audit_trail_in_words(workspace: Workspace) -> None:
    made = published(workspace, {"": a_policy(100)})
    draft = proposed(workspace, {"": a_policy(200)})
    with entering(workspace, "ben") as context:
        send_back(context, draft.draft_id, "No.")
        withdraw(context, draft.draft_id)
        take_back(context, made.publication_id, "Wrong.")
    with entering(workspace, "ada", role=Role.ADMIN) as context:
        found = [one.action for one in reversed(search_audit(context, AuditSearch()))]

    assert [one for one in found if one.startswith("policy")] == [
        "policy_draft_begun",
        "policy_draft_saved",
        "policy_draft_proposed",
        "policy_published",
        "policy_draft_begun",
        "policy_draft_saved",
        "policy_draft_proposed",
        "policy_draft_sent_back",
        "policy_draft_withdrawn",
        "policy_publication_taken_back",
    ]
    assert set(found) <= ACTIONS.keys()


def test_a_publication_that_was_not_kept_for_good_leaves_nothing_in_force(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    draft = proposed(workspace, {"": a_policy()})
    seen: list[Path] = []

    def die(_: Unit) -> None:
        seen.extend(workspace.overlay("policies").rglob("*.yaml"))
        raise Unavailable("The power is gone.")

    with monkeypatch.context() as patched:
        patched.setattr(Unit, "commit", die)
        with pytest.raises(Unavailable, match="power"), entering(workspace, "ben") as context:
            publish_draft(context, draft.draft_id)
    with entering(workspace, "ben") as context:
        assert (seen, texts_in_force(context, POLICY), altered(context)) == ([], {}, ())
        publish_draft(context, draft.draft_id)
    with entering(workspace, "ben") as context:
        assert texts_in_force(context, POLICY)[""].publication == 1
        assert altered(context) == ()


def test_whoever_proposes_the_draft_of_another_does_not_publish_it(workspace: Workspace) -> None:
    with entering(workspace, "ana", role=Role.ANALYST) as context:
        number = begin_draft(context, POLICY, title="Not done yet").draft_id
        save_draft(context, number, {"": a_policy()}, seen=0)
    with entering(workspace, "ben") as context:
        propose(context, number, from_date=TODAY - timedelta(days=30), late_reason="I want it so.")
    with entering(workspace, "ben") as context, pytest.raises(Forbidden, match="ben proposed this draft"):
        publish_draft(context, number)
    with entering(workspace, "cleo") as context:
        assert publish_draft(context, number).published_by == "cleo"


def test_whoever_wrote_a_save_that_was_kept_aside_and_then_taken_does_not_publish_it(workspace: Workspace) -> None:
    with entering(workspace, "ana", role=Role.ANALYST) as context:
        number = begin_draft(context, POLICY).draft_id
        save_draft(context, number, {"": a_policy()}, seen=0)
    with pytest.raises(Conflict, match="not lost"), entering(workspace, "ben") as context:
        save_draft(context, number, {"": a_policy(999)}, seen=0)
    with entering(workspace, "ana", role=Role.ANALYST) as context:
        assert restore_save(context, number, 2, seen=1).authors == ("ana", "ben")
        save_draft(context, number, {"": a_policy(998)}, seen=2)
        propose(context, number, from_date=TODAY)
    with entering(workspace, "ben") as context, pytest.raises(Forbidden, match="ben wrote on this draft"):
        publish_draft(context, number)
