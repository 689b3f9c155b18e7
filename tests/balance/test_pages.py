"""Day-books in the console and over HTTP."""

from collections.abc import Iterator
from email import message_from_bytes, policy
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from tiffin.app import create_app
from tiffin.capabilities.access import service as access
from tiffin.runtime.edge import open_context
from tiffin.runtime.workspace import Workspace

DAY = "/daybooks/dubai/2026-02-25"


def signed_in(workspace: Workspace) -> TestClient:
    browser = TestClient(create_app(workspace), follow_redirects=False)
    with open_context(workspace.root) as context:
        token = access.make_sign_in_link(context, context.actor.name)
    browser.get(f"/sign-in/{token}")
    return browser


@pytest.fixture(scope="module")
def browser(simulated: Workspace) -> Iterator[TestClient]:
    """A browser in which the owner of the simulated workspace is signed in."""
    with signed_in(simulated) as client:
        yield client


def test_the_shelf_leads_to_every_day(browser: TestClient) -> None:
    page = browser.get("/daybooks").text

    assert page.count('href="/daybooks/dubai/2026-') == 14
    assert "Simulated facts" in page


def test_a_workspace_without_facts_says_what_to_do(empty: Workspace) -> None:
    with signed_in(empty) as client:
        assert "No city has facts yet" in client.get("/daybooks").text


def test_a_day_shows_causes_and_leads_to_its_neighbours(browser: TestClient) -> None:
    page = browser.get(DAY).text

    assert "Longer travel" in page
    assert 'href="/daybooks/dubai/2026-02-24"' in page
    assert 'href="/daybooks/dubai/2026-02-26"' in page
    assert f'href="{DAY}/file"' in page


def test_the_page_speaks_arabic_from_right_to_left(browser: TestClient) -> None:
    page = browser.get(DAY, headers={"accept-language": "ar"}).text

    assert 'dir="rtl"' in page
    assert "تنقل أطول" in page


def test_the_file_needs_nothing_from_outside(browser: TestClient) -> None:
    page = browser.get(f"{DAY}/file").text

    assert "<script" not in page
    assert "<link" not in page


def test_the_api_gives_the_same_day(browser: TestClient) -> None:
    book = browser.get("/api/daybook/dubai/2026-02-25").json()

    assert book["episodes"][0]["causes"][0]["cause"] == "longer_travel"
    assert "2026-02-25" in browser.get("/api/daybook").json()["dubai"]


def test_the_short_address_leads_to_the_long_one(browser: TestClient) -> None:
    assert browser.get("/daybook").headers["location"] == "/daybooks"
    assert browser.get("/daybook/dubai/2026-02-25").headers["location"] == DAY


def test_an_unknown_day_is_not_found(browser: TestClient) -> None:
    assert browser.get("/daybooks/dubai/2020-01-01").status_code == 404
    assert browser.get("/api/daybook/nowhere/2026-02-25").status_code == 404


def test_the_citys_page_tells_what_was_decided_tried_and_asked(browser: TestClient) -> None:
    page = browser.get(DAY).text

    for part in ("decisions", "running", "gates", "open"):
        assert f'data-part="{part}"' in page
    assert "/strategies/new?city=dubai&amp;day=2026-02-25&amp;episode=1" in page


def test_a_reader_sends_himself_the_page_once_with_both_parts(browser: TestClient, simulated: Workspace) -> None:
    leads = [browser.post(f"{DAY}/email").headers["location"] for _ in range(2)]

    mail = message_from_bytes(newest(simulated).read_bytes(), policy=policy.default)
    assert leads[0].startswith(f"{DAY}?sent=")
    assert leads[1] == leads[0]
    assert [part.get_content_type() for part in mail.walk()][1:] == ["text/plain", "text/html"]
    assert "Longer travel" in mail.get_body(("plain",)).get_content()
    assert "<script" not in mail.get_body(("html",)).get_content()


def test_the_mail_speaks_arabic_from_right_to_left(browser: TestClient, simulated: Workspace) -> None:
    browser.post(f"{DAY}/email", headers={"accept-language": "ar"})

    mail = message_from_bytes(newest(simulated).read_bytes(), policy=policy.default)
    assert 'dir="rtl"' in mail.get_body(("html",)).get_content()
    assert "تنقل أطول" in mail.get_body(("plain",)).get_content()
    assert "Decisions" not in mail.get_body(("plain",)).get_content()


def test_an_episode_becomes_a_case_once_and_earlier_days_are_looked_through(browser: TestClient) -> None:
    opened = [browser.post(f"{DAY}/cases", data={"episode": "0"}).headers["location"] for _ in range(2)]
    assert opened[0] == opened[1]
    assert f'href="{opened[0]}"' in browser.get(DAY).text
    assert browser.post(f"{DAY}/cases", data={"episode": "99"}).status_code == 404

    assert "Look through earlier days" in browser.get(DAY).text
    assert browser.post(f"{DAY}/earlier").headers["location"] == DAY
    assert "9 of 9 earlier days" in browser.get(DAY).text


def newest(workspace: Workspace) -> Path:
    """Give the mail that was written last."""
    return max((workspace.state / "outbox").glob("*.eml"), key=lambda path: path.stat().st_mtime_ns)
