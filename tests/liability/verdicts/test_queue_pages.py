"""The adjudicator's pages and addresses: what waits, deciding by a form, and reporting over HTTP."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from tests.liability.verdicts.conftest import Entering, an_incident

from tiffin.app import create_app
from tiffin.capabilities.access import service as access
from tiffin.capabilities.access.service import tokens
from tiffin.capabilities.liability.service.incidents import report
from tiffin.capabilities.liability.service.verdicts import verdicts_of_order
from tiffin.runtime.edge import open_context
from tiffin.runtime.workspace import Workspace

OPEN = {"is_confirmed": True, "seal": "open", "at_stake_minor": 9000}
REPORT = {"city_id": "riyadh", "order_id": "o5", "type": "spilled", "known": {"is_confirmed": True, "packing": "poor"}}


@pytest.fixture
def browser(workspace: Workspace) -> TestClient:
    """Open a browser in which the owner is signed in."""
    client = TestClient(create_app(workspace.root), follow_redirects=False)
    with open_context(workspace.root) as context:
        token = access.make_sign_in_link(context, context.actor.name)
    client.get(f"/sign-in/{token}")
    return client


@pytest.fixture
def case_id(entering: Entering) -> int:
    with entering() as context:
        return report(context, an_incident(**OPEN))


@pytest.mark.parametrize(
    ("locale", "question"),
    [("en", "Where was the bag opened?"), ("ar", "أين فُتح الكيس؟"), ("zh_Hant", "餐袋在何處被打開")],
)
def test_the_queue_and_a_case_ask_the_question_in_the_readers_language(
    browser: TestClient, case_id: int, locale: str, question: str
) -> None:
    browser.get(f"/preferences?lang={locale}&next=/")
    pages = [browser.get(one) for one in ("/liability", f"/liability/cases/{case_id}", "/liability/verdicts")]

    assert [one.status_code for one in pages] == [200, 200, 200]
    assert question in pages[0].text
    assert question in pages[1].text
    assert (f'dir="{"rtl" if locale == "ar" else "ltr"}"') in pages[1].text


def test_a_form_decides_and_leads_to_the_next_one(browser: TestClient, case_id: int, entering: Entering) -> None:
    page = browser.get(f"/liability/cases/{case_id}").text
    version = re.search(r'name="version" value="(\d+)"', page)
    assert version
    said = {"action": "decide", "version": version[1], "said_option": "merchant", "said_then": "next"}
    refused = browser.post(f"/liability/cases/{case_id}", data=said)
    done = browser.post(f"/liability/cases/{case_id}", data=said | {"said_reason_code": "party_admitted"})
    last = browser.get(done.headers["location"])
    with entering() as context:
        [verdict] = verdicts_of_order(context, "riyadh", "o1")

    assert refused.status_code == 400
    assert "says why" in refused.text
    assert (done.status_code, last.status_code, last.headers["location"]) == (303, 303, "/liability")
    assert verdict.shares == {"merchant": 10_000}
    assert "Undo this decision" in browser.get(f"/liability/cases/{case_id}").text


def test_the_panel_and_the_explanation_are_loaded_by_address(browser: TestClient, case_id: int) -> None:
    panel, why = (browser.get(f"/liability/cases/{case_id}/{part}") for part in ("panel", "why"))

    assert "<html" not in panel.text
    assert "As proposed" in panel.text
    assert "What would have led elsewhere" in why.text


def test_an_incident_is_reported_over_http_once(workspace: Workspace, token_of: Callable[[Path], str]) -> None:
    headers = {"Authorization": f"Bearer {token_of(workspace.root)}"}
    client = TestClient(create_app(workspace.root))
    first = client.post("/api/liability/incidents", json=REPORT, headers=headers)
    again = client.post("/api/liability/incidents", json=REPORT | {"known": {}}, headers=headers)
    listed = client.get("/api/liability/verdicts?city_id=riyadh", headers=headers).json()["verdicts"]
    one = client.get(f"/api/liability/verdicts/{listed[0]['verdict_id']}", headers=headers).json()

    assert (first.status_code, again.json()["case_id"]) == (200, first.json()["case_id"])
    assert [one["row"] for one in listed] == ["condition.packing"]
    assert one["shares"] == {"merchant": 10_000}
    assert client.post("/api/liability/incidents", json=REPORT).status_code == 401
    assert client.post("/api/liability/incidents", json=REPORT | {"order_id": "x"}, headers=headers).status_code == 404


@pytest.fixture
def token_of() -> Callable[[Path], str]:
    """Make a token of the owner."""

    def made(root: Path) -> str:
        with open_context(root) as context:
            return tokens.make_token(context, "tests", days=30)[0]

    return made
