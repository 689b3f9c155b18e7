"""Reviewers read an appeal with both sides and decide it by its page; rows show how they stand."""

from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient
from tests.liability.appeals.conftest import Entering, Posting
from tests.liability.appeals.test_row_standing import settled

from tiffin.app import create_app
from tiffin.capabilities.access import service as access
from tiffin.capabilities.cases.service.evidence import attach
from tiffin.capabilities.liability.domain.appeals import Appeal
from tiffin.capabilities.liability.service.appeal_acting import act
from tiffin.capabilities.liability.service.appeals import lodge
from tiffin.runtime.edge import open_context
from tiffin.runtime.workspace import Workspace

pytestmark = pytest.mark.usefixtures("reviewers")


@pytest.fixture
def waiting(as_rider: Entering, posted: Posting) -> Appeal:
    verdict = posted()
    with as_rider() as context:
        appeal = lodge(context, verdict.verdict_id, "المطبخ تأخر، وانتظرت في الخارج.")
        return act(context, appeal.case_id, "no_more_evidence")


@pytest.fixture
def browser(workspace: Workspace) -> Iterator[TestClient]:
    """Sign rita in, who reviews."""
    with open_context(workspace.root) as context:
        link = access.make_sign_in_link(context, "rita")
    with TestClient(create_app(workspace)) as client:
        client.get(f"/sign-in/{link}")
        yield client


@pytest.mark.parametrize("locale", ["en", "ar", "zh_Hans", "zh_Hant", "pt_BR"])
def test_an_appeal_is_taken_and_decided_by_its_page(browser: TestClient, waiting: Appeal, locale: str) -> None:
    browser.cookies.set("tiffin_locale", locale)
    path = f"/liability/appeals/{waiting.case_id}"
    assert f'href="{path}"' in browser.get("/liability/appeals").text
    assert browser.get("/liability/appeals?show=overdue").status_code == 200
    shown = browser.get(path).text
    assert "المطبخ تأخر" in shown
    assert 'value="overturn"' not in shown

    browser.post(path, data={"action": "take_appeal", "version": "3"})
    assert f'href="{path}"' in browser.get("/liability/appeals?show=mine").text
    drafted = browser.get(f"{path}?draft=overturn&share=10").text
    assert 'value="overturn" required checked' in drafted

    gap = {"action": "decide", "version": "4", "said_decision": "overturn", "said_reason": "It shows that … so."}
    assert browser.post(path, data=gap).status_code == 400
    assert browser.post(path, data=gap | {"said_reason": ""}).status_code == 400
    assert browser.post(path, data={"action": "decide", "version": "4", "said_reason": "Why"}).status_code == 400
    done = browser.post(path, data=gap | {"said_reason": "The photo shows the late hand-over."}, follow_redirects=False)
    assert done.status_code == 303
    assert browser.post(path, data=gap | {"said_reason": "Again."}).status_code == 409
    assert "The photo shows the late hand-over." in browser.get(path).text
    assert f'href="{path}"' in browser.get("/liability/appeals?show=closed").text


def test_varying_by_the_page_takes_the_share(browser: TestClient, waiting: Appeal) -> None:
    path = f"/liability/appeals/{waiting.case_id}"
    browser.post(path, data={"action": "take_appeal", "version": "3"})
    said = {"action": "decide", "version": "4", "said_decision": "vary", "said_reason": "Half.", "said_share": "30"}

    assert browser.post(path, data=said | {"said_share": "90"}).status_code == 400
    assert browser.post(path, data=said, follow_redirects=False).status_code == 303
    assert "30.0%" in browser.get(path).text.replace("\u2068", "")


def test_who_had_a_part_sees_the_appeal_and_no_decision(
    browser: TestClient, as_rider: Entering, posted: Posting
) -> None:
    verdict = posted(decider="rita")
    with as_rider() as context:
        appeal = lodge(context, verdict.verdict_id, "No.")
        act(context, appeal.case_id, "no_more_evidence")

    shown = browser.get(f"/liability/appeals/{appeal.case_id}").text

    assert "You had a part in what was decided" in shown
    assert "Take in hand" not in shown


def test_the_partys_file_is_shown_with_the_appeal_and_with_no_other(
    browser: TestClient, waiting: Appeal, as_rider: Entering, posted: Posting
) -> None:
    other = posted("o-2")
    with as_rider() as context:
        found = attach(context, waiting.case_id, b"It was late at the counter.", "note", person="rider-7")
        second = lodge(context, other.verdict_id, "No.")

    shown = browser.get(f"/liability/appeals/{waiting.case_id}").text
    path = f"/liability/appeals/{waiting.case_id}/evidence/{found.evidence_id}"
    assert f'href="{path}"' in shown
    assert browser.get(path).content == b"It was late at the counter."
    assert browser.get(f"/liability/appeals/{second.case_id}/evidence/{found.evidence_id}").status_code == 404


def test_no_appeal_of_nobody(browser: TestClient) -> None:
    assert browser.get("/liability/appeals/999").status_code == 404
    assert "No appeal here" in browser.get("/liability/appeals").text
    assert "No row was appealed yet" in browser.get("/liability/rows").text


@pytest.mark.parametrize("locale", ["en", "ar"])
def test_a_row_handed_to_people_is_shown_with_its_sequence(
    browser: TestClient, entering: Entering, as_rider: Entering, posted: Posting, locale: str
) -> None:
    settled(entering, as_rider, posted, decisions="ooo")
    browser.cookies.set("tiffin_locale", locale)

    listed = browser.get("/liability/rows").text
    assert "late.rider" in listed
    path = listed.split('href="/liability/rows/')[1].split('"')[0]
    shown = browser.get(f"/liability/rows/{path}").text
    assert "<svg" in shown
    refused = browser.post(f"/liability/rows/{path}", data={"action": "restore", "version": "1", "said_reason": "So"})
    assert refused.status_code == 403
