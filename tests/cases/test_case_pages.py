"""A case in a browser: taken, handed over, commented, with evidence that does no harm, and drawn in all languages."""

from collections.abc import Callable, Iterator

import pytest
from fastapi.testclient import TestClient

from tiffin.app import create_app
from tiffin.capabilities.access import service as access
from tiffin.capabilities.cases import service
from tiffin.capabilities.cases.domain.case import NewCase
from tiffin.capabilities.cases.domain.registry import CASE_TYPES
from tiffin.runtime.edge import open_context
from tiffin.runtime.workspace import Workspace

PHOTO = ("../../<b>box</b>.jpg", b"\xff\xd8\xff\xe0 a box", "text/html")


@pytest.fixture
def opened(entering: Callable, an_incident: Callable[..., NewCase]) -> int:
    with entering() as context:
        return service.open_case(context, an_incident()).case_id


@pytest.fixture
def browser(workspace: Workspace) -> Iterator[TestClient]:
    with open_context(workspace.root) as context:
        link = access.make_sign_in_link(context, context.actor.name)
    with TestClient(create_app(workspace)) as made:
        made.get(f"/sign-in/{link}")
        yield made


def test_the_next_case_is_taken_and_then_none_is_left(browser: TestClient, opened: int) -> None:
    taken = browser.post("/cases/next", follow_redirects=False)
    empty = browser.post("/cases/next")

    assert taken.headers["location"] == f"/cases/{opened}"
    assert 'role="alert"' in empty.text


def test_a_case_goes_back_into_the_queue_and_to_nobody_who_is_no_colleague(browser: TestClient, opened: int) -> None:
    browser.post("/cases/next")
    refused = browser.post(f"/cases/{opened}/hand-over", data={"to": "stranger", "reason": "his"})
    back = browser.post(f"/cases/{opened}/hand-over", data={"to": "", "reason": "end of shift"})

    assert (refused.status_code, back.status_code) == (404, 200)
    assert "end of shift" in back.text


def test_what_is_written_stands_in_the_trail_as_text(browser: TestClient, opened: int) -> None:
    page = browser.post(f"/cases/{opened}/comments", data={"text": "<script>alert(1)</script>"}).text

    assert "&lt;script&gt;" in page
    assert "<script>alert" not in page
    assert browser.post(f"/cases/{opened}/comments", data={"text": " "}).status_code == 400


def test_evidence_is_attached_and_shown_so_that_it_can_do_no_harm(browser: TestClient, opened: int) -> None:
    page = browser.post(f"/cases/{opened}/evidence", files={"file": PHOTO}).text
    shown = browser.get("/cases/evidence/1")
    refused = browser.post(f"/cases/{opened}/evidence", files={"file": ("a.exe", b"MZ\x00", "image/png")})

    assert "&lt;b&gt;box" in page
    assert (shown.content, shown.headers["content-type"]) == (PHOTO[1], "image/jpeg")
    assert "sandbox" in shown.headers["content-security-policy"]
    assert shown.headers["x-content-type-options"] == "nosniff"
    assert shown.headers["content-disposition"] == 'inline; filename="evidence-1.jpg"'
    assert refused.status_code == 400
    assert browser.get("/cases/evidence/99").status_code == 404


def test_readers_see_a_redacted_copy(browser: TestClient, opened: int) -> None:
    browser.post(f"/cases/{opened}/evidence", files={"file": ("note.txt", b"Call 0501234567", "text/plain")})
    copy = {"file": ("note.txt", b"Call ...", "text/plain")}
    page = browser.post("/cases/evidence/1/redact", files=copy, data={"reason": "a telephone number"})

    assert page.status_code == 200
    assert browser.get("/cases/evidence/1").text == "Call ..."
    assert browser.get("/cases/evidence/1?reason=appeal").text == "Call 0501234567"


@pytest.mark.parametrize("locale", ["en", "ar", "zh_Hans", "zh_Hant", "pt_BR"])
def test_every_sort_of_case_is_drawn_with_the_present_state(browser: TestClient, locale: str) -> None:
    browser.cookies.set("tiffin_locale", locale)

    for one in CASE_TYPES.values():
        page = browser.get(f"/cases/types/{one.name}?state={one.first}")
        assert page.status_code == 200
        assert page.text.count("<rect") == len(one.states)
        assert 'aria-current="true"' in page.text
    assert browser.get("/cases/types/lost_sock").status_code == 404
