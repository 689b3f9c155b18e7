"""Day-books in the console and over HTTP."""

from collections.abc import Iterator

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
