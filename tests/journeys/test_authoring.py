"""Two people bring a definition from a form to its publication; a third number is explained."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tiffin.capabilities.access import service as access
from tiffin.runtime.actor import Role
from tiffin.runtime.edge import open_context

pytestmark = pytest.mark.browser
SHOTS = os.environ.get("TIFFIN_SCREENSHOTS")


def shot(page: Page, name: str) -> None:
    """Keep a picture where somebody wants to look at it."""
    if SHOTS:
        page.screenshot(path=f"{SHOTS}/{name}.png", full_page=True)


@pytest.fixture
def second(a_browser: Callable[..., BrowserContext], workspace: Path) -> Page:
    """A browser in which another steward is signed in."""
    with open_context(workspace) as context:
        access.add_account(context, "reviewer", password="a long password")  # noqa: S106 - of a test
        access.grant(context, "reviewer", Role.STEWARD, countries=["*"], terms=access.Terms("tests"))
        token = access.make_sign_in_link(context, "reviewer")
    page = a_browser().new_page()
    page.goto(f"/sign-in/{token}")
    return page


def test_a_definition_is_changed_in_the_form_and_published_by_a_second_person(
    visit: Callable[..., Page], second: Page
) -> None:
    page = visit("/metrics/drafts")
    page.get_by_label("Metric, new or published").fill("delivered_orders")
    page.get_by_role("button", name="Begin a draft").click()
    page.locator("#f-where").fill("status in ('delivered', 'returned')")
    page.get_by_role("button", name="Save the form").click()
    expect(page.locator("#text")).to_contain_text("returned")
    expect(page.get_by_role("img", name="Old beside new, by day").first).to_be_visible()
    shot(page, "draft-en")
    page.get_by_role("button", name="Submit for review").click()
    expect(page.get_by_text("Somebody else reads and publishes it")).to_be_visible()
    address = page.url
    second.goto(address)
    second.get_by_role("button", name="Approve and publish").click()
    expect(second.get_by_text("Published", exact=True).first).to_be_visible()
    second.goto("/metrics/drafts")
    second.get_by_role("button", name="Take back").first.click()
    expect(second.get_by_role("row", name="delivered_orders")).to_have_count(2)
    arabic = visit(address.partition(":")[2].partition("/metrics")[1] + address.partition("/metrics")[2], lang="ar")
    expect(arabic.locator("html")).to_have_attribute("dir", "rtl")
    shot(arabic, "draft-ar")


@pytest.mark.parametrize("lang", ["en", "ar"])
def test_a_pasted_query_is_explained(visit: Callable[..., Page], lang: str) -> None:
    page = visit("/metrics/differ?metric=completion_rate", lang=lang)
    page.locator("#sql").fill(
        "select avg(rate) from (select date(created_at) d, sum(case when status = 'completed' then 1.0 else 0 end) "
        "/ count(*) as rate from fct_orders where created_at >= '2026-02-17' "
        "and created_at < '2026-02-21' group by 1) x"
    )
    page.locator("main form.card button").click()
    expect(page.locator("#parts")).to_be_visible()
    guessed = page.locator("#mapping").input_value().splitlines()
    assert sorted(guessed)[:2] == ["fct_orders = orders", "fct_orders.created_at = placed_at"]
    assert "orders.status: completed = delivered" in guessed
    shot(page, f"differ-{lang}")


def test_standards_are_read(visit: Callable[..., Page]) -> None:
    page = visit("/metrics/standards", lang="ar")
    expect(page.locator("h1")).to_be_visible()
    shot(page, "standards-ar")
