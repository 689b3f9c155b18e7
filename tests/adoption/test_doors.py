"""The same through pages, commands and HTTP."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select

from tiffin.app import create_app
from tiffin.capabilities.access import service as access
from tiffin.cli import main
from tiffin.runtime.edge import open_context
from tiffin.runtime.uses import ASSET_USES, write_gathered
from tiffin.runtime.workspace import create_workspace


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return create_workspace(tmp_path_factory.mktemp("doors") / "workspace").root


@pytest.fixture(scope="module")
def browser(root: Path) -> TestClient:
    """A browser without scripts in which the owner is signed in."""
    with open_context(root) as context:
        token = access.make_sign_in_link(context, context.actor.name)
    client = TestClient(create_app(root), raise_server_exceptions=False)
    client.get(f"/sign-in/{token}")
    return client


@pytest.fixture
def command(root: Path, capsys: pytest.CaptureFixture[str]) -> Callable[..., dict]:
    def run(*words: str, code: int = 0) -> dict:
        capsys.readouterr()
        assert main(["adoption", *words, "--workspace", str(root), "--json"]) == code
        out = capsys.readouterr().out
        return json.loads(out) if out else {}

    return run


PAGES = ("", "/ask", "/board", "/new", "/unused", "/feedback", "/survey")


@pytest.mark.parametrize("path", PAGES)
def test_an_empty_workspace_shows_every_page_and_what_to_do_first(browser: TestClient, path: str) -> None:
    answer = browser.get(f"/adoption{path}")

    assert answer.status_code == 200
    assert path == "/ask" or 'class="empty"' in answer.text
    assert 'id="say-form"' in answer.text


def test_what_search_did_not_find_stands_in_the_form(browser: TestClient) -> None:
    page = browser.get("/adoption/ask", params={"q": "<b>late orders"}).text

    assert "&lt;b&gt;late orders</textarea>" in page
    assert 'value="metric:late_share"' in page


def test_a_requirement_goes_its_way_by_forms_alone(browser: TestClient) -> None:
    asked = {"decision": "Which kitchens to call", "rhythm": "daily", "people": "12", "minutes_saved": "10"}
    page = browser.post("/adoption/ask", data=asked)
    address = page.url.path
    estimate = {"action": "estimate", "version": "1", "said_effort_days": "4", "said_needs": "late_share orders"}
    estimated = browser.post(address, data=estimate)
    refused = browser.post(address, data={"action": "accept", "version": "2", "said_reason": ""})
    stale = browser.post(address, data={"action": "accept", "version": "1", "said_reason": "yes"})
    wrong = browser.post(address, data=estimate | {"version": "2", "said_needs": "no_such_thing"})

    assert "metric:late_share" not in page.text
    assert "4 of 5" in estimated.text
    assert [one.status_code for one in (refused, stale, wrong)] == [400, 409, 400]
    assert "no_such_thing" in wrong.text


def test_a_mistake_in_the_form_loses_nothing(browser: TestClient) -> None:
    page = browser.post("/adoption/ask", data={"decision": "Kept words", "people": "many"})

    assert page.status_code == 400
    assert "Kept words" in page.text


def test_this_solves_it_ends_the_request_by_one_click(browser: TestClient) -> None:
    page = browser.post("/adoption/ask", data={"decision": "How many come late", "solved_by": "metric:late_share"})

    assert "Answered" in page.text


def test_feedback_is_thanked_with_and_without_scripts(browser: TestClient) -> None:
    given = {"sort": "idea", "text": "A map of zones", "page": "/metrics/late_share"}
    plain = browser.post("/adoption/feedback", data=given)
    part = browser.post("/adoption/feedback", data=given, headers={"hx-request": "true"})
    wordless = browser.post("/adoption/feedback", data=given | {"text": ""})

    assert "Back to the page" in plain.text
    assert part.headers["hx-retarget"] == "#say-form"
    assert "<html" not in part.text
    assert wordless.status_code == 400


def test_a_page_that_was_seen_is_counted_once_and_a_refused_one_never(browser: TestClient, root: Path) -> None:
    for path in ("/metrics/late_share", "/metrics/no_such_metric", "/data/orders", "/static/icon.svg"):
        browser.get(path)
    with open_context(root) as context:
        write_gathered(context)
    with open_context(root) as context:
        seen = {row.asset: row.uses for row in context.unit.execute(select(ASSET_USES))}

    assert (seen["metric:late_share"], seen["table:orders"]) == (1, 1)
    assert not [one for one in seen if "no_such" in one or "static" in one or "sign-in" in one]


def test_requirements_over_commands(
    command: Callable[..., dict], capsys: pytest.CaptureFixture[str], root: Path
) -> None:
    made = command("ask", "Where do riders wait", "--rhythm", "weekly", "--minutes", "30", "--people", "8")
    number = str(made["requirement"]["requirement"]["item"]["item_id"])
    decided = command("decide", number, "accept", "--say", "reason=worth a week")
    listed = command("list", "--state", "accepted")["requirements"]
    command("decide", number, "accept", "--say", "reason=again", code=1)
    command("decide", number, "estimate", "--say", "effort", code=2)
    command("launch", number, "--notes", "n", "--owner", "x", "--target", "3", "--role", "viewer", code=2)
    command("show", "99999", code=4)
    command("usage", number, code=4)

    assert decided["requirement"]["requirement"]["item"]["state"] == "accepted"
    assert [str(one["item"]["item_id"]) for one in listed] == [number]
    assert command("usage", "metric:late_share")["usage"]["weeks"]
    assert command("unused")["unused"]["is_long_enough"] is False
    assert command("survey")["waves"] == []
    assert "feedback" in command("feedback")
    for words in (["list"], ["show", number], ["usage", "metric:late_share"], ["unused"], ["survey"], ["feedback"]):
        assert main(["adoption", *words, "--workspace", str(root)]) == 0
        assert capsys.readouterr().out.strip()


def test_requirements_and_feedback_over_http(browser: TestClient) -> None:
    made = browser.post("/api/adoption/requirements", json={"decision": "Share of late orders by kitchen"})
    number = made.json()["requirement"]["requirement"]["item"]["item_id"]
    said = browser.post("/api/adoption/feedback", json={"sort": "wrong", "text": "Too high", "page": "/quality"})

    assert made.status_code == said.status_code == 201
    assert any("late" in one["asset"] for one in made.json()["near"])
    assert browser.get(f"/api/adoption/requirements/{number}").json()["requirement"]["ask"]["rhythm"] == "weekly"
    assert browser.get("/api/adoption/requirements").json()["requirements"]
    assert browser.get(f"/api/adoption/requirements/{number}/usage").status_code == 404
    assert browser.post("/api/adoption/requirements", json={"decision": "x", "people": 0}).status_code == 400
    assert TestClient(browser.app).get("/api/adoption/requirements").status_code == 401
